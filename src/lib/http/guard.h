/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a request's header must be before anything of it is believed (RFC 9110, 9112). Pure. */
#ifndef TOCSIN_HTTP_GUARD_H
#define TOCSIN_HTTP_GUARD_H
#include <stdint.h>
#include <tocsin/base/cleanup.h>
#include <tocsin/base/slice.h>

#define GUARD_FIELDS_MAX 128u

struct guard_field {
	struct slice name, value;
};
struct guard_head {
	struct slice method, target, version;
	const struct guard_field *fields;
	size_t n_fields;
};
enum guard_reading { GUARD_MORE = 1, GUARD_MALFORMED = 2, GUARD_TOO_LARGE = 3 };
/* Reads a header from the raw bytes, by the letter: CRLF only, one space between the parts of the request line, no
 * folded lines, no space before a colon, no NUL. fields has room for GUARD_FIELDS_MAX; slices point into raw.
 * Returns 0 (*ret_n: bytes of the header with its empty line), or an outcome: GUARD_MORE when raw ends inside the
 * header and nothing is wrong so far. */
int guard_read(struct slice raw, size_t max, struct guard_field *fields, struct guard_head *ret,
	size_t *ret_n) _must_check_;

struct guard_limits {
	const char *const *methods;
	size_t body_bytes;
};
struct guard_verdict {
	unsigned status; /* 0: let in */
	const char *key; /* why not */
	/* The rest is set only as far as the framing is unambiguous. */
	bool framed; /* we know where the request ends */
	bool chunked;
	bool waits; /* Expect: 100-continue: the body comes only when asked for */
	uint64_t length; /* Content-Length, 0 without */
};
/* The text of the header's refusal, for 0 NULL. */
const char *guard_key(unsigned status);
struct guard_verdict guard_check(const struct guard_head *head, const struct guard_limits *limits);
/* ASCII case only. */
bool guard_same(struct slice a, const char *b);
#endif
