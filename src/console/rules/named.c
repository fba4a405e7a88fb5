/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "named.h"
#include <tocsin/base/clock.h>
#include <tocsin/html/html.h>
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
	struct rule_nominative heard = *n;
	heard.heard = true; /* a draft is signed before it is heard */
	if (nominative_lacks(&heard, clock_now()))
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

bool named_waits(const struct ruleset *rules, size_t i)
{
	const struct rule_nominative *n = ruleset_nominative(rules, i);
	struct rule_nominative heard;
	if (!n || ruleset_info(rules, i).status == RULE_RETIRED)
		return false;
	heard = *n;
	heard.heard = true; /* a draft is signed before it is heard */
	const unsigned lacks = nominative_lacks(&heard, clock_now());
	return lacks && !(lacks & (LACKS_MANDATE | LACKS_REASON));
}

static bool lacks_in_force(const struct ruleset *rules, size_t i)
{
	return nominative_lacks(ruleset_nominative(rules, i), clock_now());
}

static bool waits_as_draft(const struct ruleset *rules, size_t i)
{
	return !lacks_in_force(rules, i) && named_waits(rules, i);
}

/* One message with links to the rules of which that is so; none when there is none. */
static void put_named(struct visit *v, bool bad, const char *text,
	bool (*holds)(const struct ruleset *rules, size_t i))
{
	const struct ruleset *rules = v->c->names;
	size_t n = 0;
	for (size_t i = 0; rules && i < ruleset_count(rules); i++) {
		const struct rule_info info = ruleset_info(rules, i);
		if (!holds(rules, i))
			continue;
		if (!n++) {
			buf_printf(&v->out, "<div class=\"told%s\" role=\"%s\"><p>",
				bad ? " bad" : "", bad ? "alert" : "status");
			page_word(v, text);
		}
		buf_printf(&v->out, "%s<a href=\"/regles/regle/%.*s\">", n > 1 ? ", " : "",
			(int)info.id.n, info.id.p);
		html_shown(&v->out, info.title);
		buf_add_string(&v->out, "</a>");
	}
	if (n)
		buf_add_string(&v->out, "</p></div>\n");
}

void named_warn(struct visit *v)
{
	put_named(v, true,
		words(v->l,
			"En vigueur, mais nomme une personne sans mandat, motif ou signature d'un juriste : "),
		lacks_in_force);
	put_named(v, false, words(v->l, "En brouillon, à relire et à signer par un juriste : "),
		waits_as_draft);
}
