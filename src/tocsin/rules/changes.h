/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is written otherwise in one set of packs than in another: which packs, which rules. */
#ifndef TOCSIN_RULES_CHANGES_H
#define TOCSIN_RULES_CHANGES_H
#include <tocsin/base/arena.h>
#include <tocsin/json/json.h>
#include <tocsin/rules/rules.h>
#include "../command.h"

enum change_kind { CHANGE_ADDED, CHANGE_REMOVED, CHANGE_WRITTEN, CHANGE_KINDS };
struct pack_written { /* its file */
	enum change_kind kind;
	struct slice name;
};
struct rule_written {
	enum change_kind kind;
	struct rule_info was,
		is; /* was: not of one that is added; is: not of one that is removed */
};
struct changes {
	struct arena arena;
	struct pack_written *packs; /* none when a file is compared, not a folder */
	size_t n_packs, cap_packs;
	struct rule_written *rules; /* live as long as the rulesets */
	size_t n_rules, cap_rules;
};
/* A rule whose own lines stayed while its pack's lists changed is not among them; its pack is. */
void changes_find(struct changes *ret, const char *before, const char *after,
	const struct ruleset *was, const struct ruleset *is);
void changes_release(struct changes *c);
/* Members "packs" and "written" of an object. */
void changes_json(const struct changes *c, struct json_writer *w);
void changes_print(struct context *x, const struct changes *c, struct buf *out);
#endif
