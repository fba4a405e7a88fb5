/* SPDX-License-Identifier: GPL-3.0-or-later
 * One item heard from a source: a comment, its edit, its deletion, or a line that could not be read. */
#ifndef TOCSIN_RECORD_COMMENT_H
#define TOCSIN_RECORD_COMMENT_H
#include <stdint.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>
#include <tocsin/json/json.h>

enum comment_type {
	COMMENT_ITEM, /* a comment or a new version of one */
	COMMENT_TOMBSTONE, /* deleted at the source: only source, id and times count */
	COMMENT_QUARANTINE /* an input that is no comment: id = "path:line" or a request id, text = the
	                      raw input (repaired UTF-8, at most COMMENT_RAW_MAX bytes), extra = reason key */
};

#define COMMENT_TEXT_MAX (1u << 20) /* bytes of a JSON line by default */
#define COMMENT_ID_MAX 512u /* id, source (64), author, thread, parent, channel: bytes */
#define COMMENT_RAW_MAX 4096u

struct comment { /* slices are borrowed and valid UTF-8 without NUL; absent = empty */
	enum comment_type type;
	struct slice source, id;
	struct slice text, author, author_name, url, thread, parent, channel, lang, kind;
	struct slice extra; /* unknown fields as one JSON object text; or the quarantine reason */
	int64_t created_at; /* ms; event time. 0 = not given: acceptance time is used */
	int64_t edited_at; /* ms or 0 */
	uint64_t likes, shares;
};

/* The source of what people tell the town hall of by telephone or with a capture, and somebody there writes down: it waits for a
 * human whatever the rules say of it, and counts in no series. */
#define COMMENT_REPORTED "signalements"
bool comment_is_reported(const struct comment *c);

/* Why an input was refused; the key goes into the ledger, the sentence (French) to people. */
enum comment_refusal {
	COMMENT_OK,
	COMMENT_MALFORMED, /* not JSON, or hostile JSON */
	COMMENT_TOO_LONG,
	COMMENT_NOT_OBJECT,
	COMMENT_MISSING_FIELD, /* id or text */
	COMMENT_WRONG_TYPE,
	COMMENT_BAD_DATE,
	COMMENT_BAD_UTF8,
	COMMENT_BAD_VALUE, /* empty id, id too long, control characters in id … */
};
const char *comment_refusal_key(enum comment_refusal r); /* "malformed", "too_long", … */

/* Reads the JSON contract of DESIGN section 9 (`ts` is accepted for created_at, also as seconds
 * since 1970; created_at is RFC 3339).
 * c borrows from the reader and from extra (cleared and filled). default_source serves when the object has none;
 * when force_source is set, the object's own source is kept in extra and default_source is used.
 * Returns COMMENT_OK, or a refusal with its text in e. */
enum comment_refusal comment_from_json(struct json_value v, struct slice default_source,
	bool force_source, struct comment *c, struct buf *extra, struct error *e);
/* The inverse, for exports: one JSON object without newline. */
void comment_to_json(struct buf *out, const struct comment *c);

/* Wire form, version 1. comment_decode returns 0 or -EBADMSG (also for an unknown version). */
void comment_encode(struct buf *out, const struct comment *c);
int comment_decode(struct slice s, struct comment *ret) _must_check_;
#endif
