/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/rules/nominative.h>

#include <errno.h>

#include "lint.h"
#include "persons.h"

/* A date is there from its first hour on, wherever that is: UTC+14. */
#define EARLIEST_MS (INT64_C(14) * 3600 * 1000)

/* « admis: {personne: la rue Leclerc} » */
static bool is_admitted(struct loader *l, const struct yaml_node *map, const struct key_table *keys)
{
	const struct yaml_node *accepted = get(map, "accepted", keys), *value = NULL;
	struct slice why;

	if (accepted && accepted->type == YAML_MAP)
		value = get(accepted, "person", &accept_keys);
	if (!value)
		return false;
	why = read_text(l, accepted, "person", &accept_keys);
	if (!why.n)
		complain(l, value, "admis: {personne: pourquoi elle n'est pas visée}",
			"la raison manque");
	return why.n;
}

static void read_signature(
	struct loader *l, const struct yaml_node *node, struct rule_nominative *ret)
{
	if (node->type != YAML_MAP) {
		complain(l, node,
			"par exemple : nominatif: {motif: …, juriste: martin, signé_le: 2027-01-15, sceau: …}",
			"« nominatif » est une table : un motif, une signature");
		return;
	}
	check_keys(l, node, &nominative_keys);
	ret->reason = read_text(l, node, "reason", &nominative_keys);
	ret->jurist = read_text(l, node, "jurist", &nominative_keys);
	ret->seal = read_text(l, node, "seal", &nominative_keys);
	ret->signed_at = read_date(l, get(node, "signed_on", &nominative_keys), &ret->signed_on);
	ret->line = node->line;
	ret->column = node->column;
}

/* What is said of all elected officials by their names names them where nothing protects them. */
static bool follows_elected(const struct loader *l, const struct rule *rule)
{
	return persons_elected(l) &&
		(rule->topic ? rule->status == RULE_LIVE
			     : slice_is(slice_of(categories[rule->category]), CATEGORY_PROTECTED));
}

void read_nominative(struct loader *l, const struct yaml_node *map, const struct key_table *keys)
{
	const struct yaml_node *node = get(map, "nominative", keys);
	struct rule *rule = &l->r->rules[l->rule];
	struct rule_nominative n = {.path = rule->path, .line = rule->line, .column = rule->column};

	persons_note(l, rule->title);
	if (is_admitted(l, map, keys))
		n.n = 0;
	else
		n.persons = persons_named(l, &n.n);
	n.elected = follows_elected(l, rule);
	n.heard = rule->status == RULE_LIVE || rule->status == RULE_SHADOW;
	if (node)
		read_signature(l, node, &n);
	if (l->seals || n.n || n.elected || node)
		seal_of(l, map, keys, rule->seal);
	if (!n.n && !n.elected && !node)
		return;
	memcpy(n.due, rule->seal, sizeof(n.due));
	rule->nominative = arena_alloc(&l->r->arena, sizeof(n));
	*rule->nominative = n;
}

const struct rule_nominative *ruleset_nominative(const struct ruleset *r, size_t i)
{
	return r->rules[i].nominative;
}

const char *ruleset_seal(const struct ruleset *r, size_t i)
{
	return r->rules[i].seal;
}

unsigned nominative_lacks(const struct rule_nominative *n, int64_t now)
{
	unsigned lacks = 0;

	if (!n || !n->heard)
		return 0;
	for (size_t i = 0; i < n->n; i++)
		lacks |= n->persons[i].mandate.n ? 0 : LACKS_MANDATE;
	lacks |= n->reason.n ? 0 : LACKS_REASON;
	lacks |= n->jurist.n ? 0 : LACKS_JURIST;
	lacks |= n->signed_on.n ? 0 : LACKS_DATE;
	if (n->signed_at > now + EARLIEST_MS)
		lacks |= LACKS_PAST;
	if (!slice_is(n->seal, n->due))
		lacks |= LACKS_SEAL;
	return lacks;
}

void nominative_unsigned(const struct ruleset *r, int64_t now, struct buf *out)
{
	bool any = false;

	for (size_t i = 0; i < r->n_rules; i++) {
		if (!nominative_lacks(r->rules[i].nominative, now))
			continue;
		buf_add_string(out, any ? ", " : "");
		buf_add_slice(out, r->rules[i].id);
		any = true;
	}
}

/* Whom the rule names: « Jeanne Martin, Paul Petit ». */
static void put_names(struct buf *out, const struct rule_nominative *n)
{
	for (size_t i = 0; i < n->n; i++)
		buf_printf(out, "%s%.*s", i ? ", " : "", (int)n->persons[i].name.n,
			n->persons[i].name.p);
	if (!n->n)
		buf_add_string(out, n->elected ? "les élus, par leur nom" : "une personne");
}

void nominative_say(const struct ruleset *r, size_t i, unsigned lacks,
	enum problem_severity severity, struct problems *p)
{
	const struct rule *rule = &r->rules[i];
	const struct rule_nominative *n = rule->nominative;
	_buf_ struct buf names = {0}, sign = {0};

	if (!n || !lacks)
		return;
	put_names(&names, n);
	buf_printf(&sign,
		"publiez-la avec « statut: brouillon » : un juriste la relit dans la console et clique « Je signe », puis mettez-la active ; "
		"ou il publie lui-même, avec juriste: son compte, signé_le: le jour, sceau: %s",
		n->due);
	const struct {
		unsigned lack;
		const char *text, *hint;
	} said[] = {
		{LACKS_MANDATE, "sans mandat public déclaré",
			"déclarez la personne sous « personnes » : noms, mandat ; une fonction (« le maire ») ne nomme personne ; "
			"un nom de rue se dit sous « admis: {personne: …} »"},
		{LACKS_REASON, "sans motif",
			"nominatif: {motif: pourquoi cette personne, juriste: …}"},
		{LACKS_JURIST, "sans juriste qui signe", buf_string(&sign)},
		{LACKS_DATE, "sans date de signature", "signé_le: 2027-01-15"},
		{LACKS_PAST, "mais sa signature est datée de l'avenir",
			"signé_le: le jour où le juriste a signé"},
		{LACKS_SEAL,
			n->seal.n ? "mais a changé depuis la signature"
				  : "sans sceau de ce qui est signé",
			buf_string(&sign)},
	};
	for (size_t k = 0; k < sizeof(said) / sizeof(*said); k++) {
		if (!(lacks & said[k].lack) ||
			(said[k].lack & (LACKS_SEAL | LACKS_DATE) && lacks & LACKS_JURIST))
			continue;
		problem_add(p, severity, n->path, n->line, n->column, said[k].hint,
			"« %.*s » nomme %s, %s", (int)rule->id.n, rule->id.p, buf_string(&names),
			said[k].text);
	}
}

int check_nominative(struct loader *l)
{
	bool refused = false;

	for (size_t i = 0; i < l->r->n_rules; i++) {
		const unsigned lacks = nominative_lacks(l->r->rules[i].nominative, l->lint->now);

		nominative_say(l->r, i, lacks, PROBLEM_ERROR, l->p);
		refused |= lacks;
	}
	return refused ? -EINVAL : 0;
}

void lint_nominative(struct loader *l)
{
	for (size_t i = 0; i < l->r->n_rules; i++) {
		const struct rule *rule = &l->r->rules[i];
		const struct rule_nominative *n = rule->nominative;
		struct rule_nominative heard;

		if (!n)
			continue;
		heard = *n;
		heard.heard = true;
		if (!n->n && !n->elected)
			problem_add(&l->lint->found, PROBLEM_WARNING, n->path, n->line, n->column,
				"déclarez la personne sous « personnes », ou retirez « nominatif »",
				"« %.*s » ne nomme aucune personne connue", (int)rule->id.n,
				rule->id.p);
		else if (rule->status == RULE_DRAFT && nominative_lacks(&heard, l->lint->now))
			nominative_say(l->r, i, nominative_lacks(&heard, l->lint->now),
				PROBLEM_WARNING, &l->lint->found);
	}
	lint_elected(l);
}
