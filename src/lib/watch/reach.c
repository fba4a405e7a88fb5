/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/watch/reach.h>

#include <stdlib.h>
#include <tocsin/base/alloc.h>

struct reach {
	struct ruleset *rules; /* NULL: none of them has a rate */
	struct scorer *scorer;
	struct rated_rule {
		struct slice id;
		struct rule_rate rate;
	} * list; /* its place is the limit's number */
	size_t n;
	struct rate *rate;
	struct slice holding[VERDICT_LIST_MAX];
	struct buf key;
};

struct reach *reach_new(void)
{
	return xcalloc(1, sizeof(struct reach));
}

struct reach *reach_free(struct reach *r)
{
	if (!r)
		return NULL;
	scorer_free(r->scorer);
	ruleset_free(r->rules);
	rate_free(r->rate);
	free(r->list);
	buf_release(&r->key);
	free(r);
	return NULL;
}

static bool is_counted(const struct rule_info *info)
{
	return info->rate.at_least && info->status == RULE_LIVE;
}

static bool is_same(const struct rated_rule *a, const struct rated_rule *b)
{
	return slice_equal(a->id, b->id) && a->rate.by == b->rate.by &&
		a->rate.at_least == b->rate.at_least && a->rate.within_ms == b->rate.within_ms;
}

static void start_anew(struct reach *r)
{
	_free_ struct rate_limit *limits = xcalloc(r->n + 1, sizeof(*limits));

	for (size_t i = 0; i < r->n; i++)
		limits[i] =
			(struct rate_limit){r->list[i].rate.at_least, r->list[i].rate.within_ms};
	rate_free(r->rate);
	r->rate = r->n ? rate_new(limits, r->n, 0) : NULL;
}

bool reach_needs_all(const struct ruleset *names)
{
	for (size_t i = 0; i < ruleset_count(names); i++) {
		struct rule_info info = ruleset_info(names, i);

		if (is_counted(&info))
			return true;
	}
	return false;
}

int reach_rules(struct reach *r, struct ruleset *rules)
{
	struct rated_rule *list = xcalloc(ruleset_count(rules) + 1, sizeof(*list));
	bool same;
	size_t n = 0;

	for (size_t i = 0; i < ruleset_count(rules); i++) {
		struct rule_info info = ruleset_info(rules, i);

		if (is_counted(&info))
			list[n++] = (struct rated_rule){info.id, info.rate};
	}
	same = n == r->n;
	for (size_t i = 0; same && i < n; i++)
		same = is_same(&list[i], &r->list[i]);
	free(r->list);
	scorer_free(r->scorer);
	ruleset_free(r->rules);
	r->list = list;
	r->n = n;
	r->rules = n ? rules : ruleset_free(rules);
	r->scorer = n ? scorer_new(rules) : NULL;
	if (!same)
		start_anew(r);
	return same || !n ? 0 : REACH_RECOUNT;
}

/* 0 when nobody knows whom or where. */
static uint64_t key_of(struct reach *r, const struct stored_comment *c, enum rule_rate_by by)
{
	unsigned char digest[DIGEST_SIZE];
	uint64_t key = 0;

	if (by == RULE_RATE_AUTHOR) {
		memcpy(&key, c->author_key, sizeof(key));
		return key;
	}
	if (!c->comment.thread.n)
		return 0;
	buf_clear(&r->key);
	buf_add_slice(&r->key, c->comment.source);
	buf_add_char(&r->key, 0);
	buf_add_slice(&r->key, c->comment.thread);
	digest_sha256(buf_slice(&r->key), digest);
	memcpy(&key, digest, sizeof(key));
	return key ? key : 1;
}

/* Whether this hit reaches its rule's rate. The id that it holds by is the rules' own. */
static bool reaches(struct reach *r, const struct stored_comment *c, int64_t at, size_t i)
{
	const struct rated_rule *rule = &r->list[i];
	const struct rate_hit hit = {
		.limit = (uint32_t)i, .key = key_of(r, c, rule->rate.by), .row = c->row, .at = at};

	return rate_count(r->rate, &hit) >= rule->rate.at_least;
}

static bool is_rated(const struct verdict *v, struct slice id)
{
	for (uint32_t i = 0; i < v->n_rated; i++)
		if (slice_equal(v->rated[i], id))
			return true;
	return false;
}

int reach_count(struct reach *r, const struct stored_comment *c, int64_t at, struct reached *ret)
{
	struct reached found = {.rules = r->holding};

	if (comment_is_reported(&c->comment))
		return 0;
	for (size_t i = 0; c->verdict.n_rated && i < r->n; i++)
		if (is_rated(&c->verdict, r->list[i].id) && reaches(r, c, at, i) &&
			found.n_rules < VERDICT_LIST_MAX)
			r->holding[found.n_rules++] = r->list[i].id;
	if (!found.n_rules || c->gone)
		return 0;
	scorer_score_rated(r->scorer, &c->comment, found.rules, found.n_rules, &found.verdict);
	for (uint32_t i = 0; i < found.n_rules;) /* these rules may be others than those it had */
		if (is_rated(&found.verdict, found.rules[i]))
			i++;
		else
			found.rules[i] = found.rules[--found.n_rules];
	if (!found.n_rules || !verdict_raises(&c->verdict, &found.verdict))
		return 0;
	*ret = found;
	return REACH_REACHED;
}

struct rate_status reach_status(const struct reach *r)
{
	return r->rate ? rate_status(r->rate) : (struct rate_status){0};
}
