/* SPDX-License-Identifier: GPL-3.0-or-later
 * What each rule found in 30 days, as `tocsin rules list` counts it: asked again when another bundle is in force, or after
 * a minute. Meanwhile pages share the last answer. */
#include "rules.h"
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>

enum { FRESH_MS = 60000, LINE_MAX_ = 64 << 10 };

static void counted(struct job *j, const struct work_result *r)
{
	struct rules_desk *d = j->v->c->rules;
	if (r->code == 0) {
		buf_clear(&d->usage);
		buf_add_slice(&d->usage, r->out);
		memcpy(d->usage_hash, j->base, sizeof(d->usage_hash));
		d->usage_at = clock_monotonic();
	}
	j->page(j->v);
	job_end(j);
}

void usage_then(struct visit *v, void (*then)(struct visit *v))
{
	static const char *const words_[] = {"list", NULL};
	struct rules_desk *d = v->c->rules;
	if (d->usage_at && clock_monotonic() - d->usage_at < FRESH_MS &&
		strcmp(d->usage_hash, v->c->names_hash) == 0) {
		then(v);
		return;
	}
	struct job *j = job_new(v);
	memcpy(j->base, v->c->names_hash, sizeof(j->base));
	j->page = then;
	job_run(j, words_, (struct slice){0}, WORK_MS, counted);
}

static void take(struct usage *u, struct json_value one)
{
	struct slice id = rules_text(one, "rule");
	const size_t i = map_count(u->ids);
	*map_at(u->ids, id, NULL) = i;
	u->list[i] = (struct rule_usage){(uint64_t)rules_number(one, "hits"),
		(uint64_t)rules_number(one, "shadow"), (uint64_t)rules_number(one, "upheld"),
		(uint64_t)rules_number(one, "other"), (uint64_t)rules_number(one, "left")};
}

void usage_read(const struct visit *v, struct usage *ret)
{
	const struct rules_desk *d = v->c->rules;
	struct slice left = buf_slice(&d->usage);
	struct json_reader *json;
	struct json_value one;
	struct error e = {""};
	size_t lines = 0;
	*ret = (struct usage){.ids = map_new()};
	if (!d->usage_at || strcmp(d->usage_hash, v->c->names_hash) != 0)
		return;
	for (size_t i = 0; i < left.n; i++)
		lines += left.p[i] == '\n';
	ret->list = xcalloc(lines + 1, sizeof(*ret->list));
	json = json_reader_new(LINE_MAX_);
	for (const char *end; left.n && (end = memchr(left.p, '\n', left.n));) {
		struct slice line = {left.p, (size_t)(end - left.p)};
		left.p += line.n + 1;
		left.n -= line.n + 1;
		if (json_parse(json, line, &one, &e) == 0)
			take(ret, one);
	}
	json_reader_free(json);
}

void usage_release(struct usage *u)
{
	map_free(u->ids);
	free(u->list);
}

struct rule_usage usage_of(const struct usage *u, struct slice id)
{
	const uint64_t *at = u->list ? map_find(u->ids, id) : NULL;
	return at ? u->list[*at] : (struct rule_usage){0};
}

void usage_put_upheld(struct visit *v, const struct rule_usage *u)
{
	const uint64_t all = u->upheld + u->other + u->left;
	char number[40];
	if (!all) {
		buf_add_string(&v->out, "–");
		return;
	}
	buf_printf(&v->out, words(v->l, "%llu sur %llu"), (unsigned long long)u->upheld,
		(unsigned long long)all);
	if (u->other)
		buf_printf(&v->out, words(v->l, " ; autre catégorie : %s"),
			words_number(v->l, (int64_t)u->other, number));
	if (u->left)
		buf_printf(&v->out, words(v->l, " ; laissés : %s"),
			words_number(v->l, (int64_t)u->left, number));
}

void usage_put_hits(struct visit *v, const struct rule_usage *u)
{
	char number[40];
	if (u->hits || !u->shadow)
		buf_add_string(&v->out, words_number(v->l, (int64_t)u->hits, number));
	if (u->hits && u->shadow)
		buf_add_string(&v->out, ", ");
	if (u->shadow)
		buf_printf(&v->out, words(v->l, "%s à blanc"),
			words_number(v->l, (int64_t)u->shadow, number));
}
