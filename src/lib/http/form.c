/* SPDX-License-Identifier: GPL-3.0-or-later
 * One field of a form, or of the query of an address, by libmicrohttpd's own reader. */
#include <errno.h>
#include "guard.h"
#include "private.h"

#define FORM_TYPE "application/x-www-form-urlencoded"

struct wanted {
	const char *name;
	size_t max;
	struct buf *value;
	size_t start;
	bool open; /* the value may go on */
	int outcome;
};

/* A value comes in pieces; off is where in it this one stands. */
static enum MHD_Result on_piece(void *user, enum MHD_ValueKind kind, const char *key,
	const char *filename, const char *type, const char *encoding, const char *data,
	uint64_t off, size_t size)
{
	struct wanted *w = user;
	(void)kind, (void)filename, (void)type, (void)encoding;
	if (!key || strcmp(key, w->name) != 0)
		return MHD_YES;
	if (off == 0) {
		if (w->open)
			w->outcome = -EEXIST;
		else
			w->outcome = 0;
		w->open = true;
	}
	if (w->outcome < 0)
		return MHD_NO;
	if (w->value->n - w->start + size > w->max) {
		w->outcome = -EMSGSIZE;
		return MHD_NO;
	}
	buf_add(w->value, data, size);
	return MHD_YES;
}

/* The type, and perhaps a charset behind it: the reader looks at no more either. */
static bool is_form(struct http_request *r)
{
	struct slice type;
	if (http_header(r, "Content-Type", &type) != 0)
		return false;
	const char *semicolon = memchr(type.p, ';', type.n);
	if (semicolon)
		type.n = (size_t)(semicolon - type.p);
	while (type.n && type.p[type.n - 1] == ' ')
		type.n--;
	return guard_same(type, FORM_TYPE);
}

int http_form(struct http_request *r, const char *name, size_t max, struct buf *ret)
{
	const struct connection *c = (const struct connection *)r;
	struct wanted w = {
		.name = name, .max = max, .value = ret, .start = ret->n, .outcome = -ENOENT};
	if (!is_form(r))
		return -EBADMSG;
	struct MHD_PostProcessor *p = MHD_create_post_processor(c->mhd, 1024, on_piece, &w);
	if (!p)
		return -EBADMSG;
	bool read = !r->body.n || MHD_post_process(p, r->body.p, r->body.n) == MHD_YES;
	bool ended = MHD_destroy_post_processor(p) == MHD_YES;
	if (w.outcome >= 0 && (!read || !ended))
		w.outcome = -EBADMSG;
	if (w.outcome < 0)
		ret->n = w.start;
	return w.outcome;
}

static enum MHD_Result on_argument(void *user, enum MHD_ValueKind kind, const char *key,
	size_t key_size, const char *value, size_t size)
{
	struct wanted *w = user;
	(void)kind;
	if (key_size != strlen(w->name) || memcmp(key, w->name, key_size) != 0)
		return MHD_YES;
	if (w->outcome != -ENOENT)
		w->outcome = -EEXIST;
	else if (size > w->max)
		w->outcome = -EMSGSIZE;
	else if (size && memchr(value, 0, size))
		w->outcome = -EBADMSG;
	else
		w->outcome = 0;
	if (w->outcome < 0)
		return MHD_NO;
	buf_add(w->value, size ? value : "", size);
	return MHD_YES;
}

int http_query(struct http_request *r, const char *name, size_t max, struct buf *ret)
{
	const struct connection *c = (const struct connection *)r;
	struct wanted w = {
		.name = name, .max = max, .value = ret, .start = ret->n, .outcome = -ENOENT};
	MHD_get_connection_values_n(c->mhd, MHD_GET_ARGUMENT_KIND, on_argument, &w);
	if (w.outcome < 0)
		ret->n = w.start;
	return w.outcome;
}
