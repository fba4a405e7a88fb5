/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "named.h"
#include <tocsin/base/clock.h>
#include "rules.h"

void named_persons(const struct visit *v, const struct rule_nominative *n, struct buf *out)
{
	for (size_t i = 0; i < n->n; i++) {
		const struct named_person *one = &n->persons[i];
		buf_printf(out, "%s%.*s (%.*s)", i ? ", " : "", (int)one->name.n, one->name.p,
			(int)one->mandate.n, one->mandate.n ? one->mandate.p : "");
	}
	if (!n->n)
		buf_add_string(out,
			n->elected ? words(v->l, "les élus, par leur nom")
				   : words(v->l, "une personne"));
}

void named_signature(const struct visit *v, const struct rule_nominative *n, struct buf *out)
{
	if (nominative_lacks(n, clock_now()))
		buf_add_string(out,
			words(v->l, "aucune signature d'un juriste ne vaut pour cette condition"));
	else if (n->jurist.n)
		buf_printf(out, words(v->l, "%.*s, le %.*s"), (int)n->jurist.n, n->jurist.p,
			(int)n->signed_on.n, n->signed_on.p);
}

void named_facts(struct visit *v, struct slice id)
{
	const struct ruleset *rules = v->c->names;
	for (size_t i = 0; rules && i < ruleset_count(rules); i++) {
		const struct rule_nominative *n = ruleset_nominative(rules, i);
		_buf_ struct buf persons = {0}, signature = {0};
		if (!n || !slice_equal(ruleset_info(rules, i).id, id))
			continue;
		named_persons(v, n, &persons);
		named_signature(v, n, &signature);
		page_row(v, words(v->l, "Personne nommée, et son mandat"), buf_slice(&persons));
		page_row(v, words(v->l, "Pourquoi elle est nommée"), n->reason);
		page_row(v, words(v->l, "Signé par un juriste"), buf_slice(&signature));
	}
}

void named_warn(struct visit *v)
{
	_buf_ struct buf ids = {0}, text = {0};
	if (v->c->names)
		nominative_unsigned(v->c->names, clock_now(), &ids);
	if (!ids.n)
		return;
	buf_add_string(&text,
		words(v->l,
			"En vigueur, mais nomme une personne sans mandat, motif ou signature d'un juriste : "));
	buf_add_slice(&text, buf_slice(&ids));
	rules_say(v, true, buf_string(&text));
}
