/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rules that name a person (nominative.h), when others take the place of what is in force. What is heard already, under the same
 * condition, may stay as it is: it is said, and the town does not become deaf. What is new or changed needs a mandate, a reason and
 * a signature; and a signature that is not in force yet is published by the jurist who gave it (--juriste), whose account store
 * looks at and whose name it writes down. */
#include "author.h"
#include <stdlib.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/map.h>
#include <tocsin/json/json.h>
#include <tocsin/rules/nominative.h>

struct judging {
	struct context *x;
	const struct ruleset *old, *new;
	struct map *ids; /* rule id → its number in old */
	struct signature *s; /* NULL: nobody publishes, a folder is read */
	int64_t now;
	struct problems p;
};

/* The rule of the same name and condition in force; SIZE_MAX: there is none. */
static size_t former(const struct judging *j, size_t i)
{
	const uint64_t *at = j->ids ? map_find(j->ids, ruleset_info(j->new, i).id) : NULL;
	return at && strcmp(ruleset_seal(j->old, *at), ruleset_seal(j->new, i)) == 0 ? *at
										     : SIZE_MAX;
}

static bool is_heard(enum rule_status status)
{
	return status == RULE_LIVE || status == RULE_SHADOW;
}

static bool is_signed(const struct rule_nominative *n)
{
	return n->jurist.n && slice_is(n->seal, n->due);
}

/* Whether this signature is there already. */
static bool is_kept(const struct judging *j, size_t i)
{
	const size_t at = former(j, i);
	const struct rule_nominative *n = ruleset_nominative(j->new, i),
				     *old = at == SIZE_MAX ? NULL : ruleset_nominative(j->old, at);
	return old && is_signed(old) && slice_equal(old->jurist, n->jurist) &&
		slice_equal(old->signed_on, n->signed_on);
}

static void judge_signature(struct judging *j, size_t i)
{
	struct context *x = j->x;
	const struct rule_nominative *n = ruleset_nominative(j->new, i);
	const struct slice id = ruleset_info(j->new, i).id;
	_buf_ struct buf hint = {0};
	if (!is_signed(n) || (j->s && j->s->again) || is_kept(j, i))
		return;
	if (j->s && j->s->jurist && slice_is(n->jurist, j->s->jurist)) {
		buf_printf(&j->s->signs, "%s%.*s", j->s->signs.n ? ", " : "", (int)id.n, id.p);
		return;
	}
	buf_printf(&hint,
		_w(x, "ce compte publie lui-même dans la console, ou : tocsin rules push --juriste %.*s"),
		(int)n->jurist.n, n->jurist.p);
	problem_add(&j->p, PROBLEM_ERROR, n->path, n->line, n->column, buf_string(&hint),
		_w(x, "« %.*s » nomme une personne et porte une signature nouvelle, que « %.*s » ne publie pas"),
		(int)id.n, id.p, (int)n->jurist.n, n->jurist.p);
}

/* Whether it is heard like this already, and lacks nothing that it had. */
static bool stays(const struct judging *j, size_t i, unsigned lacks)
{
	const size_t at = former(j, i);
	if (at == SIZE_MAX || !is_heard(ruleset_info(j->old, at).status))
		return false;
	/* names nobody: whose name it is has become known since */
	const struct rule_nominative *old = ruleset_nominative(j->old, at);
	return !old || !(lacks & ~nominative_lacks(old, j->now));
}

static void judge(struct judging *j)
{
	for (size_t i = 0; i < ruleset_count(j->new); i++) {
		const struct rule_nominative *n = ruleset_nominative(j->new, i);
		const unsigned lacks = nominative_lacks(n, j->now);
		if (lacks)
			nominative_say(j->new, i, lacks,
				stays(j, i, lacks) ? PROBLEM_WARNING : PROBLEM_ERROR, &j->p);
		else if (n)
			judge_signature(j, i);
	}
}

static int take_roles(void *user, const struct login *a)
{
	*(uint16_t *)user = a->roles;
	return 0;
}

/* Who signs something new is a jurist. */
static int need_jurist(struct context *x, const struct signature *s)
{
	struct error e = {0};
	uint16_t roles = 0;
	if (!s || !s->signs.n)
		return 0;
	if (reader_account(x->reader, slice_of(s->jurist), take_roles, &roles, &e) < 0)
		return complain(x, EXIT_PROBLEMS, "%s", e.text);
	return roles & ROLE_JURIST
		? 0
		: complain(x, EXIT_PROBLEMS,
			  _w(x, "« %s » n'est pas le compte d'un juriste : rien n'est publié"),
			  s->jurist);
}

int rules_persons(struct context *x, const char *folder, const char *active, struct signature *s)
{
	struct judging j = {.x = x, .s = s, .now = clock_now()};
	struct ruleset *old = NULL, *new = NULL;
	struct problems unsaid = {0};
	/* what cannot be loaded any more says nothing of what is in force */
	if (active && ruleset_load_persons(active, &old, &unsaid) == 0)
		j.ids = map_new();
	for (size_t i = 0; old && i < ruleset_count(old); i++)
		*map_at(j.ids, ruleset_info(old, i).id, NULL) = i;
	j.old = old;
	int r = ruleset_load_persons(folder, &new, &j.p);
	j.new = new;
	if (r == 0)
		judge(&j);
	report(x, &j.p, REPORT_TEXT);
	r = r < 0 || j.p.errors ? complain(x, EXIT_PROBLEMS, _w(x, "rien n'est publié"))
				: need_jurist(x, s);
	map_free(j.ids);
	ruleset_free(old);
	ruleset_free(new);
	problems_release(&unsaid);
	problems_release(&j.p);
	return r;
}

/* --- what is said of them */

void nominative_print(struct context *x, const struct rule_nominative *n, struct buf *out)
{
	for (size_t i = 0; n && i < n->n; i++) {
		const struct named_person *one = &n->persons[i];
		buf_printf(out, _w(x, "    nomme %.*s, mandat : %.*s\n"), (int)one->name.n,
			one->name.p, (int)one->mandate.n, one->mandate.p);
	}
	if (!n)
		return;
	if (n->elected)
		buf_printf(out, "    %s\n", _w(x, "nomme les élus, par leur nom"));
	if (n->reason.n)
		buf_printf(out, _w(x, "    motif : %.*s\n"), (int)n->reason.n, n->reason.p);
	if (is_signed(n))
		buf_printf(out, _w(x, "    signé par %.*s le %.*s\n"), (int)n->jurist.n,
			n->jurist.p, (int)n->signed_on.n, n->signed_on.p);
	else if (n->heard)
		buf_printf(out, "    %s\n",
			_w(x, "AUCUNE SIGNATURE d'un juriste ne vaut pour cette condition"));
}

void nominative_json(struct json_writer *w, const struct rule_nominative *n)
{
	if (!n)
		return;
	json_w_key(w, "nominative");
	json_w_begin(w, '{');
	json_w_key(w, "persons");
	json_w_begin(w, '[');
	for (size_t i = 0; i < n->n; i++) {
		json_w_begin(w, '{');
		json_w_text(w, "name", n->persons[i].name);
		json_w_text(w, "mandate", n->persons[i].mandate);
		json_w_end(w, '}');
	}
	json_w_end(w, ']');
	json_w_key(w, "elected");
	json_w_bool(w, n->elected);
	json_w_text(w, "reason", n->reason);
	json_w_text(w, "jurist", n->jurist);
	json_w_text(w, "signed_on", n->signed_on);
	json_w_key(w, "valid");
	json_w_bool(w, !n->heard || !nominative_lacks(n, clock_now()));
	json_w_end(w, '}');
}
