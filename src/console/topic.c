/* SPDX-License-Identifier: GPL-3.0-or-later
 * The names of the active bundle, read when it changes. */
#include "topic.h"
#include <tocsin/base/alloc.h>
#include <tocsin/rules/nominative.h>

/* A bundle that cannot be read leaves the names of the last one. */
void topics_refresh(struct visit *v)
{
	struct console *c = v->c;
	char hash[65];
	struct error e = {""};
	struct problems p = {0};
	struct ruleset *names = NULL;
	if (reader_bundle(c->reader, hash, &e) < 0 || !*hash || strcmp(hash, c->names_hash) == 0)
		return;
	_free_ char *path = xasprintf("%s/bundles/%s", c->s->config.state_dir, hash);
	memcpy(c->names_hash, hash, sizeof(hash));
	if (ruleset_load_persons(path, &names, &p) == 0) {
		ruleset_free(c->names);
		c->names = names;
	}
	problems_release(&p);
}

bool topic_find(struct visit *v, struct slice id, struct rule_info *ret)
{
	const struct console *c = v->c;
	for (size_t i = 0; c->names && i < ruleset_count(c->names); i++) {
		*ret = ruleset_info(c->names, i);
		if (ret->topic && slice_equal(ret->id, id))
			return true;
	}
	return false;
}

struct slice rule_title(struct visit *v, struct slice id)
{
	const struct console *c = v->c;
	for (size_t i = 0; c->names && i < ruleset_count(c->names); i++) {
		const struct rule_info rule = ruleset_info(c->names, i);
		if (slice_equal(rule.id, id))
			return rule.title;
	}
	return (struct slice){0};
}
