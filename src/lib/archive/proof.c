/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/archive/archive.h>

#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/json/json.h>

static struct slice text_of(struct json_value object, const char *key)
{
	struct json_value v;

	return json_get(object, slice_of(key), &v) && v.type == JSON_STRING ? json_string(v)
									    : (struct slice){0};
}

static bool number_of(struct json_value object, const char *key, int64_t *ret)
{
	struct json_value v;

	if (!json_get(object, slice_of(key), &v) || v.type != JSON_INT)
		return false;
	*ret = json_int(v);
	return true;
}

static bool is_true(struct json_value object, const char *key)
{
	struct json_value v;

	return json_get(object, slice_of(key), &v) && v.type == JSON_BOOL && json_bool(v);
}

/* The bytes of a member in hex. */
static bool bytes_of(struct json_value object, const char *key, struct buf *ret)
{
	struct slice hex = text_of(object, key);
	const size_t n = hex.n / 2;

	if (digest_unhex(hex, (unsigned char *)buf_reserve(ret, n + 1), n) < 0)
		return false;
	ret->n = n;
	return true;
}

static int wrong(const struct proof *p, struct error *e, const char *what)
{
	return error_set(e, -EINVAL, "ligne %llu : %s", (unsigned long long)p->lines, what);
}

/* What people read must be what was sealed. */
static bool says_the_same(struct json_value object, struct slice handle, struct slice body)
{
	const char *nul = handle.n ? memchr(handle.p, 0, handle.n) : NULL;
	_buf_ struct buf sealed = {0}, shown = {0};
	struct json_value v;
	struct comment c;

	if (!json_get(object, SLICE("comment"), &v) || comment_decode(body, &c) < 0)
		return false;
	if (nul) {
		c.author = (struct slice){handle.p, (size_t)(nul - handle.p)};
		c.author_name = (struct slice){nul + 1, handle.n - c.author.n - 1};
	}
	comment_to_json(&sealed, &c);
	json_print(&shown, v);
	return slice_equal(buf_slice(&sealed), buf_slice(&shown));
}

static int read_head(struct proof *p, struct json_value v, struct error *e)
{
	_buf_ struct buf before = {0};
	int64_t format = 0;

	if (!slice_is(text_of(v, "tocsin"), "preuves") || !number_of(v, "format", &format) ||
		format != 1)
		return wrong(p, e, "ce n'est pas une archive de preuves");
	if (number_of(v, "dossier", &p->dossier)) {
		if (p->dossier <= 0 || !bytes_of(v, "before", &before) ||
			before.n != sizeof(p->chain))
			return wrong(p, e, "ce n'est pas l'archive d'un dossier");
		memcpy(p->chain, before.p, before.n);
	}
	p->begun = true;
	return 0;
}

static int read_end(struct proof *p, struct json_value v, int64_t links, struct error *e)
{
	_buf_ struct buf last = {0};

	if (links != (int64_t)p->links || !bytes_of(v, "last", &last) ||
		last.n != sizeof(p->chain) || memcmp(last.p, p->chain, last.n))
		return wrong(p, e, "la fin n'est pas celle de cette chaîne");
	p->ended = true;
	return 0;
}

static int read_link(struct proof *p, struct json_value v, struct error *e)
{
	_buf_ struct buf mark = {0}, hash = {0}, salt = {0}, handle = {0}, body = {0};
	const bool withheld = p->dossier && is_true(v, "withheld");
	struct evidence_item l = {.wiped = withheld || is_true(v, "wiped")};

	if (!number_of(v, "seq", &l.seq) || !number_of(v, "accepted", &l.accepted) ||
		!bytes_of(v, "mark", &mark) || !bytes_of(v, "link", &hash))
		return wrong(p, e, "maillon illisible");
	if (!l.wiped &&
		(!bytes_of(v, "salt", &salt) || !bytes_of(v, "handle", &handle) ||
			!bytes_of(v, "body", &body)))
		return wrong(p, e, "maillon illisible");
	l.mark = buf_slice(&mark);
	l.hash = buf_slice(&hash);
	l.salt = buf_slice(&salt);
	l.handle = buf_slice(&handle);
	l.body = buf_slice(&body);
	if (!evidence_holds(&l, p->chain))
		return wrong(p, e, "chaîne ROMPUE");
	if (!l.wiped && !says_the_same(v, l.handle, l.body))
		return wrong(p, e, "le texte montré n'est pas celui qui est scellé");
	p->links++;
	p->withheld += withheld;
	p->wiped += l.wiped && !withheld;
	p->proven += !l.wiped;
	return 0;
}

int proof_line(struct proof *p, struct json_reader *json, struct slice line, struct error *e)
{
	struct json_value v;
	struct error why = {""};
	int64_t links;

	p->lines++;
	if (json_parse(json, line, &v, &why) < 0 || v.type != JSON_OBJECT)
		return wrong(p, e, "ce n'est pas du JSON");
	if (!p->begun)
		return read_head(p, v, e);
	if (p->ended)
		return wrong(p, e, "quelque chose suit la fin");
	return number_of(v, "links", &links) ? read_end(p, v, links, e) : read_link(p, v, e);
}

int proof_end(const struct proof *p, struct error *e)
{
	if (p->ended)
		return 0;
	return error_set(e, -EINVAL, "l'archive s'arrête à la ligne %llu : il en manque la fin",
		(unsigned long long)p->lines);
}
