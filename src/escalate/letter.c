/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who has been called, who has taken charge, who is next. */
#include "letter.h"
#include <tocsin/calendar/day.h>

enum policy_chain letter_chain(const struct letter *j)
{
	return j->state.chain == CHAIN_NONE ? j->n->chain : j->state.chain;
}

const char *letter_time(const struct letter *j, int64_t ms, char out[CLOCK_TEXT])
{
	return writer_time(ms, j->c->now, out);
}

const char *letter_at(const struct letter *j, int64_t ms, char out[static CLOCK_TEXT])
{
	return writer_at(j->l, ms, j->c->now, out);
}

bool letter_over(const struct letter *j)
{
	return j->state.quiet == QUIET_CLOSED || j->state.quiet == QUIET_VERT;
}

/* The policy by which this one rings. */
static const struct policy *rings_by(const struct letter *j)
{
	return policy_for(j->c->policy, j->i);
}

static bool unreached(const struct letter *j, const struct policy_target *t)
{
	for (size_t i = 0; i < j->c->n_unreached; i++)
		if (slice_is(j->c->unreached[i], t->person))
			return true;
	return false;
}

/* Whether a receiver of a step (from 1) has been told by then. */
static bool told_by(
	const struct letter *j, uint32_t step, const struct policy_target *t, int64_t ms)
{
	return policy_first(rings_by(j), letter_chain(j), j->state.base, step, t, ms) <= ms;
}

/* Of those who are told by then. missed: who could not be reached, else the others. */
static void say_names(struct letter *j, uint32_t step, int64_t ms, bool missed, bool *first)
{
	const struct policy_step *s = &rings_by(j)->chains[letter_chain(j)].list[step - 1];
	for (size_t i = 0; i < s->n_targets; i++) {
		bool said = unreached(j, &s->targets[i]) != missed ||
			!told_by(j, step, &s->targets[i], ms);
		for (size_t k = 0; k < i; k++)
			said |= strcmp(s->targets[k].person, s->targets[i].person) == 0;
		if (said)
			continue;
		writer_comma(&j->w, first);
		buf_add_string(&j->w.text, s->targets[i].name);
	}
}

/* Who has been called by now: reached, or not. */
static void say_called(struct letter *j, bool missed, const char *label)
{
	const struct policy_steps *steps = &rings_by(j)->chains[letter_chain(j)];
	size_t start = j->w.text.n;
	bool first = true;
	buf_add_string(&j->w.text, label);
	for (uint32_t i = 1; i <= steps->n; i++)
		say_names(j, i, j->c->now, missed, &first);
	const struct policy_target *relief =
		policy_relief(rings_by(j), letter_chain(j), j->state.base, j->c->now);
	if (relief && unreached(j, relief) == missed) {
		writer_comma(&j->w, &first);
		buf_printf(&j->w.text, words(j->l, "%s (secours)"), relief->name);
	}
	if (first)
		j->w.text.n = start;
	else
		buf_add_string(&j->w.text, ". ");
}

/* Nobody is asked for anything. False: somebody is. */
static bool say_quiet(struct letter *j)
{
	struct buf *b = &j->w.text;
	char from[CLOCK_TEXT], until[CLOCK_TEXT];
	if (j->state.quiet == QUIET_ACKED)
		buf_printf(b,
			words(j->l,
				"%.*s, depuis %s. Sans nouvelle prise en charge %s, "
				"l'alerte sonne à nouveau."),
			(int)j->i->acked_by.n, j->i->acked_by.p,
			letter_time(j, j->i->acked_at, from),
			letter_at(j, j->i->ack_expires_at, until));
	else if (letter_over(j))
		buf_add_string(b, words(j->l, "plus rien à prendre en charge."));
	else
		return false;
	writer_block(&j->w, BLOCK_TEXT, words(j->l, "En charge :"));
	return true;
}

void letter_charge(struct letter *j)
{
	struct buf *b = &j->w.text;
	char time[CLOCK_TEXT];
	bool first = true;
	if (say_quiet(j))
		return;
	buf_add_string(b, words(j->l, "personne. "));
	say_called(j, false, words(j->l, "Prévenus : "));
	say_called(j, true, words(j->l, "Pas encore joints : "));
	if (j->state.next_at) {
		buf_printf(
			b, words(j->l, "Sans réponse %s : "), letter_at(j, j->state.next_at, time));
		if (j->state.next_step)
			say_names(j, j->state.next_step, j->state.next_at, false, &first);
		if (first)
			buf_add_string(b, words(j->l, "rappel à tous"));
		buf_add_string(b, ". ");
	}
	buf_printf(b, words(j->l, "Pour prendre en charge, au poste de veille : tocsin ack %lld"),
		(long long)j->i->id);
	/* ready to be typed: an id has no character that a shell takes for another */
	buf_printf(b, " --who %s", j->n->target->who ? j->n->target->person : words(j->l, "NOM"));
	writer_block(&j->w, BLOCK_TEXT, words(j->l, "En charge :"));
}

void letter_next(struct letter *j)
{
	const int64_t at = j->i->next_at;
	char time[CLOCK_TEXT];
	if (!at || letter_over(j))
		return;
	buf_add_string(&j->w.text, letter_at(j, at, time));
	buf_add_string(
		&j->w.text, at <= j->c->now ? words(j->l, " ; il n'est pas encore fait.") : ".");
	writer_block(&j->w, BLOCK_TEXT, words(j->l, "Prochain point :"));
}

void letter_trial(struct letter *j)
{
	const struct policy_trial *trial = &j->c->policy->trial;
	char until[DAY_TEXT];
	if (!policy_trial_at(j->c->policy, j->c->now))
		return;
	day_format(trial->to, j->l == WORDS_EN, until);
	if (rings_by(j) == j->c->policy)
		buf_printf(&j->w.text, words(j->l, "jusqu'au %s, les alertes ne vont qu'à %s."),
			until, trial->names);
	else
		buf_printf(&j->w.text,
			words(j->l,
				"jusqu'au %s, les alertes ne vont qu'à %s ; celle-ci va à tous, comme après le rodage."),
			until, trial->names);
	writer_block(&j->w, BLOCK_TEXT, words(j->l, "Rodage :"));
}

void letter_election(struct letter *j)
{
	if (policy_election_at(j->c->policy, j->c->now))
		buf_printf(&j->w.text, "%s ",
			words(j->l,
				"ne vanter ni les réalisations ni la gestion de la commune (code électoral, L. 52-1), ne servir aucun candidat (L. 52-8) ; faire relire toute publication par une deuxième personne."));
	if (j->counts_only)
		compose_left_out(&j->w, j->l);
	writer_block(&j->w, BLOCK_TEXT, words(j->l, "Période électorale :"));
}
