/* SPDX-License-Identifier: GPL-3.0-or-later
 * For what the town listens: the topics of the rules in force. */
#include <errno.h>
#include <tocsin/html/html.h>
#include "../conformity/conformity.h"
#include "../rules/named.h"
#include "../topic.h"
#include "drafts.h"
#include "since.h"

static void put_topic(struct visit *v, const struct rule_info *i, const struct since *since)
{
	sheet_row(v, i->title);
	buf_add_string(&v->out, "<td>");
	html_shown(&v->out, i->owner);
	buf_add_string(&v->out, "</td><td>");
	conformity_day(v, since->at);
	if (since->earlier)
		buf_printf(&v->out, " %s", words(v->l, "ou avant"));
	buf_add_string(&v->out, "</td>");
	sheet_cell(v,
		i->status == RULE_LIVE ? words(v->l, "écouté")
				       : words(v->l, "en observation : sans effet"));
	sheet_row_end(v);
}

/* Those that name a person: whom, under which mandate, why, who signed. */
static void put_named(struct visit *v)
{
	const char *const heads[] = {words(v->l, "sujet"), words(v->l, "personne et mandat"),
		words(v->l, "pourquoi"), words(v->l, "signé par un juriste"), NULL};
	const struct ruleset *rules = v->c->names;
	bool any = false;
	for (size_t i = 0; rules && i < ruleset_count(rules); i++) {
		const struct rule_info info = ruleset_info(rules, i);
		const struct rule_nominative *n = ruleset_nominative(rules, i);
		_buf_ struct buf persons = {0}, signature = {0};
		if (!n || !since_counts(&info, v->town))
			continue;
		if (!any)
			conformity_table(v, words(v->l, "Sujets qui nomment une personne"), heads);
		any = true;
		named_persons(v, n, &persons);
		named_signature(v, n, &signature);
		sheet_row(v, info.title);
		buf_add_string(&v->out, "<td>");
		html_shown(&v->out, buf_slice(&persons));
		buf_add_string(&v->out, "</td><td>");
		html_shown(&v->out, n->reason);
		buf_add_string(&v->out, "</td><td>");
		html_shown(&v->out, buf_slice(&signature));
		buf_add_string(&v->out, "</td>");
		sheet_row_end(v);
	}
	if (any)
		conformity_table_end(v);
}

int draft_topics(struct visit *v, struct error *e)
{
	const char *const heads[] = {words(v->l, "sujet"), words(v->l, "qui en répond"),
		words(v->l, "depuis"), words(v->l, "état"), NULL};
	const struct ruleset *rules = v->c->names;
	const struct since *since = since_all(v, e);
	if (!since)
		return -EIO;
	page_element(v, "p",
		words(v->l,
			"Pour répondre et pour être prévenue quand un sujet monte, la collectivité compte les commentaires publics qui parlent de ceci. Elle ne note pas qui est pour ou contre."));
	conformity_table(v, words(v->l, "Registre des sujets"), heads);
	for (size_t i = 0; rules && i < ruleset_count(rules); i++) {
		const struct rule_info info = ruleset_info(rules, i);
		if (since_counts(&info, v->town))
			put_topic(v, &info, &since[i]);
	}
	conformity_table_end(v);
	put_named(v);
	if (v->c->s->config.emergent_a_day)
		page_element(v, "p",
			words(v->l,
				"Un sujet nouveau, dont plusieurs personnes parlent soudain, peut aussi être remarqué sans être dans ce registre."));
	return 0;
}
