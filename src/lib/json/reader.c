/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/json/json.h>
#include "node.h"
#include "scan.h"
#include <tocsin/base/alloc.h>
#include <tocsin/base/utf8.h>
#include <errno.h>

struct json_reader {
	struct json_shim *shim;
	size_t max_bytes;
	const struct json_node *nodes;
	struct buf source; /* the document, as it came */
	struct buf widened; /* the same with integers beyond int64_t made floating-point */
	struct slice *keys; /* scratch for large objects */
	size_t keys_cap;
};

#define PAIRWISE 24u /* below, comparing each pair beats sorting */

struct json_reader *json_reader_new(size_t max_bytes)
{
	struct json_reader *r = xcalloc(1, sizeof(*r));
	r->max_bytes = max_bytes;
	/* A widened document is longer: by two bytes for each integer of 19 digits or more. */
	r->shim = json_shim_new(max_bytes + max_bytes / 8 + 64, JSON_DEPTH);
	return r;
}

struct json_reader *json_reader_free(struct json_reader *r)
{
	if (r) {
		json_shim_free(r->shim);
		buf_release(&r->source);
		buf_release(&r->widened);
		free(r->keys);
		free(r);
	}
	return NULL;
}

static struct slice slice_from(struct json_text t)
{
	return (struct slice){t.p, t.n};
}

static int compare_slices(const void *a, const void *b)
{
	return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

/* The key that an object names twice, if any. */
static bool twice(struct json_reader *r, uint32_t object, struct slice *ret)
{
	const struct json_node *n = r->nodes;
	if (n[object].count <= PAIRWISE) {
		for (uint32_t i = object + 1; i < n[object].next; i = n[i].next) {
			*ret = slice_from(n[i].key);
			for (uint32_t j = n[i].next; j < n[object].next; j = n[j].next)
				if (slice_equal(*ret, slice_from(n[j].key)))
					return true;
		}
		return false;
	}
	if (r->keys_cap < n[object].count) {
		r->keys_cap = n[object].count;
		r->keys = xreallocarray(r->keys, r->keys_cap, sizeof(*r->keys));
	}
	size_t count = 0;
	for (uint32_t i = object + 1; i < n[object].next; i = n[i].next)
		r->keys[count++] = slice_from(n[i].key);
	qsort(r->keys, count, sizeof(*r->keys), compare_slices);
	for (size_t i = 1; i < count; i++) {
		*ret = r->keys[i];
		if (slice_equal(r->keys[i - 1], r->keys[i]))
			return true;
	}
	return false;
}

static bool has_nul(struct json_text t)
{
	return t.n && memchr(t.p, '\0', t.n);
}

/* What the library lets pass and we do not. */
static int check(struct json_reader *r, struct slice document, struct error *e)
{
	static const char escaped_nul[] = "\\u0000";
	const struct json_node *n = r->nodes;
	const char *slash = document.n ? memchr(document.p, '\\', document.n) : NULL;
	bool nul = slash &&
		memmem(slash, document.n - (size_t)(slash - document.p), escaped_nul,
			sizeof(escaped_nul) - 1);
	for (uint32_t i = 0; i < n[0].next; i++) {
		struct slice key;
		if (nul &&
			(has_nul(n[i].key) || (n[i].type == JSON_STRING && has_nul(n[i].as.text))))
			return error_set(e, -EINVAL,
				"JSON refusé : caractère nul (\\u0000) dans une chaîne");
		if (n[i].type == JSON_OBJECT && n[i].count > 1 && twice(r, i, &key)) {
			key = utf8_cut(key, 64);
			return error_set(e, -EINVAL, "JSON refusé : clé « %.*s » en double",
				(int)key.n, key.p);
		}
	}
	return 0;
}

static int explain(struct slice document, struct error *e)
{
	size_t at;
	const char *fault = json_scan_fault(document, JSON_DEPTH, &at);
	if (!fault)
		return error_set(e, -EINVAL, "JSON refusé : nombre hors limites");
	return error_set(e, -EINVAL, "JSON mal formé, octet %zu : %s", at + 1, fault);
}

static struct json_value value_at(const struct json_reader *r, uint32_t at)
{
	return (struct json_value){r, at, r->nodes[at].type};
}

/* The parser reads past the end of its input, in whole vectors. */
static struct slice pad(struct buf *b)
{
	size_t n = b->n;
	memset(buf_reserve(b, JSON_PADDING), 0, JSON_PADDING);
	return (struct slice){b->p, n};
}

int json_parse(
	struct json_reader *r, struct slice document, struct json_value *ret, struct error *e)
{
	if (document.n > r->max_bytes)
		return error_set(e, -EFBIG, "JSON refusé : %zu octets, %zu au plus", document.n,
			r->max_bytes);
	buf_clear(&r->source);
	buf_add_slice(&r->source, document);
	document = pad(&r->source);
	r->nodes = json_shim_parse(r->shim, document.p, document.n);
	size_t at;
	if (!r->nodes && !json_scan_fault(document, JSON_DEPTH, &at)) {
		/* well written, so it is a number that is too long */
		buf_clear(&r->widened);
		json_scan_widen(&r->widened, document);
		struct slice wide = pad(&r->widened);
		r->nodes = json_shim_parse(r->shim, wide.p, wide.n);
	}
	if (!r->nodes)
		return explain(document, e);
	int code = check(r, document, e);
	if (code == 0)
		*ret = value_at(r, 0);
	return code;
}

struct slice json_string(struct json_value v)
{
	return v.type == JSON_STRING ? slice_from(v.reader->nodes[v.at].as.text)
				     : (struct slice){0};
}

int64_t json_int(struct json_value v)
{
	return v.type == JSON_INT ? v.reader->nodes[v.at].as.integer : 0;
}

double json_double(struct json_value v)
{
	if (v.type == JSON_INT)
		return (double)v.reader->nodes[v.at].as.integer;
	return v.type == JSON_DOUBLE ? v.reader->nodes[v.at].as.number : 0;
}

bool json_bool(struct json_value v)
{
	return v.type == JSON_BOOL && v.reader->nodes[v.at].as.truth;
}

bool json_each(struct json_value v, uint32_t *it, struct slice *ret_key, struct json_value *ret)
{
	const struct json_node *n = v.reader->nodes;
	if (v.type != JSON_ARRAY && v.type != JSON_OBJECT)
		return false;
	uint32_t at = *it ? *it : v.at + 1;
	if (at >= n[v.at].next)
		return false;
	if (ret_key)
		*ret_key = slice_from(n[at].key);
	*ret = value_at(v.reader, at);
	*it = n[at].next;
	return true;
}

bool json_get(struct json_value object, struct slice key, struct json_value *ret)
{
	struct slice k;
	for (uint32_t it = 0; json_each(object, &it, &k, ret);)
		if (slice_equal(k, key))
			return true;
	return false;
}

void json_print(struct buf *out, struct json_value v)
{
	json_scan_print(out, buf_slice(&v.reader->source), v.at);
}
