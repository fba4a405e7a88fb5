/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/base/alloc.h>
#include <tocsin/base/cleanup.h>
#include "private.h"

static void add(struct MHD_Response *response, const char *name, const char *value)
{
	if (MHD_add_response_header(response, name, value) != MHD_YES)
		abort(); /* our own text, or no memory */
}

struct MHD_Response *answer_make(const struct http_response *a)
{
	struct MHD_Response *response;
#if MHD_VERSION >= 0x00097701
	response = MHD_create_response_from_buffer_copy(a->body.n, a->body.p);
#else
	/* MUST_COPY: it does not write there, though its type says so. */
	union {
		const char *given;
		void *wanted;
	} body = {a->body.n ? a->body.p : ""};
	response = MHD_create_response_from_buffer(a->body.n, body.wanted, MHD_RESPMEM_MUST_COPY);
#endif
	if (!response)
		abort(); /* no memory */
	answer_fill(response, a);
	return response;
}

void answer_fill(struct MHD_Response *response, const struct http_response *a)
{
	char number[40], file[160];
	add(response, MHD_HTTP_HEADER_CONTENT_TYPE, a->type ? a->type : "application/json");
	add(response, "X-Content-Type-Options", "nosniff");
	if (a->keep)
		snprintf(number, sizeof(number), "private, max-age=%u", a->keep);
	add(response, MHD_HTTP_HEADER_CACHE_CONTROL, a->keep ? number : "no-store");
	if (a->page) {
		add(response, "Content-Security-Policy",
			a->policy
				? a->policy
				: "default-src 'none'; style-src 'unsafe-inline'; form-action 'self';"
				  " frame-ancestors 'none'; base-uri 'none'");
		add(response, "X-Robots-Tag", "noindex, nofollow, noarchive");
		add(response, "Referrer-Policy", "no-referrer");
	}
	if (a->location)
		add(response, MHD_HTTP_HEADER_LOCATION, a->location);
	if (a->download) {
		snprintf(file, sizeof(file), "attachment; filename=\"%s\"", a->download);
		add(response, "Content-Disposition", file);
	}
	if (a->cookie)
		add(response, MHD_HTTP_HEADER_SET_COOKIE, a->cookie);
	if (a->authenticate)
		add(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, a->authenticate);
	if (a->allow)
		add(response, MHD_HTTP_HEADER_ALLOW, a->allow);
	if (a->retry_after) {
		snprintf(number, sizeof(number), "%u", a->retry_after);
		add(response, MHD_HTTP_HEADER_RETRY_AFTER, number);
	}
	add(response, MHD_HTTP_HEADER_CONNECTION, "close");
}

struct MHD_Response *answer_refusal(unsigned status, const char *allow)
{
	char body[64];
	snprintf(body, sizeof(body), "{\"error\":\"%s\"}", guard_key(status));
	const struct http_response a = {.status = status,
		.body = slice_of(body),
		.retry_after = status == 503 ? 1 : 0,
		.allow = status == 405 ? allow : NULL};
	return answer_make(&a);
}

#define RAW(line, length, key) \
	"HTTP/1.1 " line \
	"\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: " length \
	"\r\n\r\n{\"error\":\"" key "\"}"

const char *answer_raw(unsigned status)
{
	switch (status) {
	case 408: return RAW("408 Request Timeout", "19", "timeout");
	case 431: return RAW("431 Request Header Fields Too Large", "28", "header_too_large");
	case 501: return RAW("501 Not Implemented", "27", "not_implemented");
	case 505: return RAW("505 HTTP Version Not Supported", "33", "version_not_supported");
	default: return RAW("400 Bad Request", "23", "bad_request");
	}
}

char *answer_allow(const char *const *methods)
{
	struct buf out = {0};
	for (size_t i = 0; methods[i]; i++)
		buf_printf(&out, "%s%s", i ? ", " : "", methods[i]);
	buf_string(&out);
	return out.p;
}
