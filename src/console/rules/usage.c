/* SPDX-License-Identifier: GPL-3.0-or-later
 * What each rule found in 30 days, as `tocsin rules list` counts it over the history, which may be long: pages show the last
 * answer and its time, and another one is asked for behind them, after a minute or when another bundle is in force; never for
 * more than a twentieth of the time. */
#include "rules.h"
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>

enum { FRESH_MS = 60000, PAUSES = 20, LINE_MAX_ = 64 << 10 };

static void take_count(void *user, const struct work_result *r)
{
	struct counted *c = user;
	const int64_t now = clock_monotonic(), pause = PAUSES * (now - c->began);
	c->going = false;
	c->failed = r->code != 0;
	c->next = now + (pause > FRESH_MS ? pause : FRESH_MS);
	if (c->failed)
		return;
	c->town = c->asked;
	buf_clear(&c->said);
	buf_add_slice(&c->said, r->out);
}

void usage_renew(struct visit *v)
{
	struct counted *c = &v->c->rules->counted;
	const char *const argv[] = {
		"tocsin", "rules", "list", "--json", "--config", v->c->s->config.file.path, NULL};
	const int64_t now = clock_monotonic();
	if (c->going || (now < c->next && strcmp(c->hash, v->c->names_hash) == 0))
		return;
	c->going = true;
	c->began = now;
	c->asked = v->town;
	memcpy(c->hash, v->c->names_hash, sizeof(c->hash));
	work_start(v->c->rules->works,
		&(struct work){.who = WORK_OWN,
			.argv = (char *const *)(uintptr_t)argv, /* only read */
			.deadline_ms = WORK_LONG_MS,
			.done = take_count,
			.user = c});
}

void usage_put_when(struct visit *v)
{
	const struct counted *c = &v->c->rules->counted;
	if (c->failed)
		rules_say(v, true,
			words(v->l,
				"Ce que les règles ont trouvé n'a pas pu être compté cette fois-ci."));
	if (c->town)
		page_counted(v, c->town);
	else if (!c->failed)
		page_element(v, "p",
			words(v->l,
				"Ce que les règles ont trouvé est en train d'être compté : rechargez cette page dans un instant."));
}

static struct rule_found found_of(struct json_value judged, uint64_t hits)
{
	return (struct rule_found){hits, (uint64_t)rules_number(judged, "upheld"),
		(uint64_t)rules_number(judged, "other"), (uint64_t)rules_number(judged, "left")};
}

static void take(struct usage *u, struct json_value one)
{
	struct slice id = rules_text(one, "rule");
	struct json_value judged;
	const size_t i = map_count(u->ids);
	*map_at(u->ids, id, NULL) = i;
	if (!json_get(one, SLICE("shadow_judged"), &judged))
		judged = (struct json_value){0};
	u->list[i] = (struct rule_usage){found_of(one, (uint64_t)rules_number(one, "hits")),
		found_of(judged, (uint64_t)rules_number(one, "shadow"))};
}

void usage_read(const struct visit *v, struct usage *ret)
{
	const struct counted *c = &v->c->rules->counted;
	struct slice left = buf_slice(&c->said);
	struct json_reader *json;
	struct json_value one;
	struct error e = {""};
	size_t lines = 0;
	*ret = (struct usage){.ids = map_new()};
	if (!c->town)
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

static void put_judged(struct visit *v, const struct rule_found *f, uint64_t all)
{
	char number[40];
	buf_printf(&v->out, words(v->l, "%llu sur %llu"), (unsigned long long)f->upheld,
		(unsigned long long)all);
	if (f->other)
		buf_printf(&v->out, words(v->l, " ; autre catégorie : %s"),
			words_number(v->l, (int64_t)f->other, number));
	if (f->left)
		buf_printf(&v->out, words(v->l, " ; laissés : %s"),
			words_number(v->l, (int64_t)f->left, number));
}

void usage_put_upheld(struct visit *v, const struct rule_usage *u)
{
	const uint64_t live = u->live.upheld + u->live.other + u->live.left,
		       shadow = u->shadow.upheld + u->shadow.other + u->shadow.left;
	if (live)
		put_judged(v, &u->live, live);
	if (live && shadow)
		buf_add_string(&v->out, "<br>");
	if (shadow) {
		page_word(v, words(v->l, "à blanc :"));
		buf_add_char(&v->out, ' ');
		put_judged(v, &u->shadow, shadow);
	}
	if (!live && !shadow)
		buf_add_string(&v->out, "–");
}

void usage_put_hits(struct visit *v, const struct rule_usage *u)
{
	const uint64_t hits = u->live.hits, shadow = u->shadow.hits;
	char number[40];
	if (hits || !shadow)
		buf_add_string(&v->out, words_number(v->l, (int64_t)hits, number));
	if (hits && shadow)
		buf_add_string(&v->out, ", ");
	if (shadow)
		buf_printf(&v->out, words(v->l, "%s à blanc"),
			words_number(v->l, (int64_t)shadow, number));
}
