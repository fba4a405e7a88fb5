/* SPDX-License-Identifier: GPL-3.0-or-later
 * Cookies that browsers send, and the address of who sends. */
#include <errno.h>
#include "private.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct slice trim(struct slice s)
{
	while (s.n && is_blank(*s.p))
		s = (struct slice){s.p + 1, s.n - 1};
	while (s.n && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

/* cookie-octet of RFC 6265. */
static bool is_value(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c <= 0x20 || c >= 0x7f || c == '"' || c == ',' || c == ';' || c == '\\')
			return false;
	}
	return true;
}

int cookie_find(struct slice header, const char *name, struct slice *ret)
{
	struct slice found = {0};
	bool seen = false;
	while (header.n) {
		const char *end = memchr(header.p, ';', header.n);
		size_t n = end ? (size_t)(end - header.p) : header.n;
		struct slice pair = trim((struct slice){header.p, n});
		const char *equals = pair.n ? memchr(pair.p, '=', pair.n) : NULL;
		n += end != NULL;
		header = (struct slice){header.p + n, header.n - n};
		if (!equals || !slice_is((struct slice){pair.p, (size_t)(equals - pair.p)}, name))
			continue;
		if (seen)
			return -EEXIST;
		seen = true;
		found = (struct slice){equals + 1, (size_t)(pair.p + pair.n - equals - 1)};
	}
	if (!seen)
		return -ENOENT;
	if (!is_value(found))
		return -EBADMSG;
	*ret = found;
	return 0;
}

int http_cookie(struct http_request *r, const char *name, struct slice *ret)
{
	struct slice header;
	int code = http_header(r, "Cookie", &header);
	return code < 0 ? code : cookie_find(header, name, ret);
}

struct slice http_sender(struct http_request *r)
{
	struct slice chain;
	struct address_key key;
	if (!r->by_socket && (!http_address_key(r->peer, &key) || !key.local))
		return r->peer;
	if (http_header(r, "X-Forwarded-For", &chain) != 0)
		return (struct slice){0};
	const char *comma = memrchr(chain.p, ',', chain.n);
	if (comma)
		chain = (struct slice){comma + 1, (size_t)(chain.p + chain.n - comma - 1)};
	chain = trim(chain);
	return http_address_key(chain, &key) && !key.local ? chain : (struct slice){0};
}
