/* SPDX-License-Identifier: GPL-3.0-or-later
 * JSON, strictly (RFC 8259): UTF-8 only, no duplicate keys, no NUL in strings, no lone surrogates,
 * depth ≤ JSON_DEPTH, one value and nothing behind it. Sole user of the JSON library.
 *
 * A reader is reused; values and slices live until its next json_parse. Strings are unescaped UTF-8. */
#ifndef TOCSIN_JSON_JSON_H
#define TOCSIN_JSON_JSON_H
#include <stdint.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>

#define JSON_DEPTH 32

/* Integers beyond int64_t are JSON_DOUBLE. */
enum json_type {
	JSON_NULL,
	JSON_BOOL,
	JSON_INT,
	JSON_DOUBLE,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
};

struct json_reader;
struct json_value { /* by value; opaque but for type */
	const struct json_reader *reader;
	uint32_t at;
	uint8_t type; /* enum json_type */
};

struct json_reader *json_reader_new(size_t max_bytes /* longest document */);
struct json_reader *json_reader_free(struct json_reader *r);
/* Returns 0, -EINVAL (malformed; the text says what and at which byte, from 1) or -EFBIG. */
int json_parse(struct json_reader *r, struct slice document, struct json_value *ret,
	struct error *e) _must_check_;

struct slice json_string(struct json_value v); /* JSON_STRING */
int64_t json_int(struct json_value v); /* JSON_INT */
double json_double(struct json_value v); /* JSON_INT or JSON_DOUBLE */
bool json_bool(struct json_value v); /* JSON_BOOL */
/* A value as its source wrote it, without the blanks between tokens, for keeping what we do not know. */
void json_print(struct buf *out, struct json_value v);
/* *it starts at 0; false at the end. For arrays ret_key is empty. */
bool json_each(struct json_value v, uint32_t *it, struct slice *ret_key, struct json_value *ret);
bool json_get(struct json_value object, struct slice key, struct json_value *ret);

/* Writing: commas are put by the writer. json_w_* between begin and end must balance. */
struct json_writer {
	struct buf *out;
	bool comma;
};
void json_w_begin(struct json_writer *w, char bracket /* '{' or '[' */);
void json_w_end(struct json_writer *w, char bracket /* '}' or ']' */);
void json_w_key(struct json_writer *w, const char *key); /* one of ours: it needs no escape */
void json_w_name(struct json_writer *w, struct slice key); /* a key that is not ours */
void json_w_string(struct json_writer *w, struct slice s); /* invalid UTF-8 becomes U+FFFD */
/* Members of an object: the key and its value. */
void json_w_text(struct json_writer *w, const char *key, struct slice s);
void json_w_number(struct json_writer *w, const char *key, int64_t v);
void json_w_time(struct json_writer *w, const char *key,
	int64_t ms); /* RFC 3339, UTC; null when 0 or before */
void json_w_strings(struct json_writer *w, const char *key, const struct slice *list, size_t n);
void json_w_int(struct json_writer *w, int64_t v);
void json_w_double(struct json_writer *w, double v); /* shortest round trip; NaN, inf: null */
void json_w_bool(struct json_writer *w, bool v);
void json_w_null(struct json_writer *w);
void json_w_raw(struct json_writer *w, struct slice json); /* already JSON */
#endif
