/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "since.h"
#include <tocsin/base/alloc.h>

enum { VERSIONS_MAX = 30 };

struct version {
	char hash[65];
	int64_t at;
};
struct sinces {
	char hash[65]; /* of c->names */
	int64_t at; /* of the newest version */
	struct since *list;
};
struct versions {
	struct version list[VERSIONS_MAX + 1];
	size_t n;
};

bool since_counts(const struct rule_info *i, int64_t now)
{
	return i->topic && (i->status == RULE_LIVE || i->status == RULE_SHADOW) &&
		(!i->expires || i->expires > now);
}

static int take_version(void *user, const struct publication *p)
{
	struct versions *all = user;
	struct version *to = &all->list[all->n++];
	snprintf(to->hash, sizeof(to->hash), "%.*s", (int)p->hash.n, p->hash.p);
	to->at = p->at;
	return 0;
}

static bool has(const struct ruleset *rules, const struct rule_info *wanted)
{
	for (size_t i = 0; i < ruleset_count(rules); i++) {
		const struct rule_info info = ruleset_info(rules, i);
		if (info.topic && info.status == wanted->status && slice_equal(info.id, wanted->id))
			return true;
	}
	return false;
}

/* Those that were open so far and stand in this version too; how many. */
static size_t walk(const struct ruleset *now, const struct ruleset *then, int64_t at, bool *open,
	struct since *list)
{
	size_t n = 0;
	for (size_t i = 0; i < ruleset_count(now); i++) {
		const struct rule_info info = ruleset_info(now, i);
		open[i] = open[i] && has(then, &info);
		if (open[i])
			list[i].at = at;
		n += open[i];
	}
	return n;
}

static void look_back(struct visit *v, const struct versions *all, struct since *list)
{
	const struct console *c = v->c;
	const size_t n = ruleset_count(c->names);
	_free_ bool *open = xcalloc(n + 1, sizeof(*open));
	size_t left = 0, k = 0;
	for (size_t i = 0; i < n; i++)
		left += open[i] = ruleset_info(c->names, i).topic;
	for (; k < all->n && k < VERSIONS_MAX && left; k++) {
		_free_ char *path =
			xasprintf("%s/bundles/%s", c->s->config.state_dir, all->list[k].hash);
		struct problems p = {0};
		struct ruleset *then = NULL;
		const int r = ruleset_load_names(path, &then, &p);
		problems_release(&p);
		if (r < 0)
			break;
		left = walk(c->names, then, all->list[k].at, open, list);
		ruleset_free(then);
	}
	for (size_t i = 0; i < n; i++)
		list[i].earlier = open[i] && k < all->n;
}

const struct since *since_all(struct visit *v, struct error *e)
{
	struct console *c = v->c;
	struct versions all = {0};
	if (reader_publications(c->reader, VERSIONS_MAX + 1, take_version, &all, e) < 0)
		return NULL;
	const int64_t at = all.n ? all.list[0].at : 0;
	if (c->sinces && c->sinces->at == at && strcmp(c->sinces->hash, c->names_hash) == 0)
		return c->sinces->list;
	since_end(c);
	c->sinces = xcalloc(1, sizeof(*c->sinces));
	memcpy(c->sinces->hash, c->names_hash, sizeof(c->sinces->hash));
	c->sinces->at = at;
	c->sinces->list =
		xcalloc((c->names ? ruleset_count(c->names) : 0) + 1, sizeof(*c->sinces->list));
	if (c->names)
		look_back(v, &all, c->sinces->list);
	return c->sinces->list;
}

void since_end(struct console *c)
{
	if (c->sinces)
		free(c->sinces->list);
	free(c->sinces);
	c->sinces = NULL;
}
