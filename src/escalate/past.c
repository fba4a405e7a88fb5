/* SPDX-License-Identifier: GPL-3.0-or-later
 * Messages about messages: one that was not delivered, and alarms that were over before they could be told. */
#include <stdlib.h>
#include <tocsin/base/clock.h>
#include <tocsin/phrase/phrase.h>
#include <tocsin/policy/dispatch.h>
#include <tocsin/record/mask.h>
#include "compose.h"
#include "write.h"

#define LINES_SHOWN 20u

void compose_undelivered(const struct message *lost, const struct compose_undelivered *u,
	int64_t wall, struct arena *arena, struct message *ret)
{
	struct writer w = {.arena = arena, .m = ret};
	enum words_lang l = lost->lang;
	const struct slice about = message_about(lost);
	*ret = *lost;
	ret->key = arena_copy(arena, u->key);
	ret->name = slice_of(u->to->name);
	ret->person = slice_of(u->to->person);
	ret->written_at = wall;
	ret->n_blocks = 0;
	buf_printf(&w.text,
		u->stuck ? words(l, "tocsin SECOURS · non remis à %.*s : %.*s")
			 : words(l, "tocsin SECOURS · jamais remis à %.*s : %.*s"),
		(int)u->person.n, u->person.p, (int)about.n, about.p);
	ret->subject = writer_take(&w);
	buf_printf(&w.text,
		u->stuck ? words(l,
				   "Ce message n'arrive pas à %.*s ; l'envoi est encore tenté. "
				   "Prévenez cette personne autrement, ou prenez en charge.")
			 : words(l,
				   "Ce message n'est pas arrivé à %.*s et n'est plus tenté. "
				   "Prévenez cette personne autrement, ou prenez en charge."),
		(int)u->person.n, u->person.p);
	ret->head = writer_take(&w);
	buf_add_slice(&w.text, u->reason);
	writer_block(&w, BLOCK_TEXT, words(l, "Pourquoi :"));
	buf_add_slice(&w.text, lost->head);
	writer_block(&w, BLOCK_TEXT, words(l, "Le message :"));
	ret->curve_after = lost->curve_after + ret->n_blocks;
	for (uint32_t i = 0; i < lost->n_blocks && ret->n_blocks < MESSAGE_BLOCKS_MAX; i++)
		ret->blocks[ret->n_blocks++] = lost->blocks[i];
	buf_release(&w.text);
}

/* Danger first, then how high, then when. */
static int by_weight(const void *a, const void *b)
{
	const struct compose_past *x = a, *y = b;
	if (x->chain != y->chain)
		return policy_weight(y->chain) - policy_weight(x->chain);
	return x->from < y->from ? -1 : x->from > y->from;
}

/* "ROUGE, Peupliers (démolition)" */
static void say_name(struct buf *b, const struct compose_summary *s, const struct compose_past *p)
{
	const enum words_lang l = s->lang;
	_buf_ struct buf title = {0}, bare = {0};
	const bool cut = s->counts_only && phrase_bare_title(l, p->incident, &bare);
	/* it may quote a citizen */
	mask_text(&title, cut ? buf_slice(&bare) : p->incident->title, COMPOSE_TITLE_BYTES);
	buf_printf(b, "%s · ", compose_level(l, p->chain));
	compose_title(l, p->incident, buf_slice(&title), b);
}

static void say_end(struct buf *b, const struct compose_summary *s, const struct compose_past *p)
{
	char from[CLOCK_TEXT], to[CLOCK_TEXT];
	enum words_lang l = s->lang;
	writer_time(p->from, s->now, from);
	writer_at(l, p->to, s->now, to);
	if (p->acked)
		buf_printf(b, words(l, " : %s, prise en charge %s par %.*s"), from, to,
			(int)p->who.n, p->who.p);
	else if (!slice_is(p->who, "tocsin"))
		buf_printf(
			b, words(l, " : %s, close %s par %.*s"), from, to, (int)p->who.n, p->who.p);
	else if (p->incident->kind == INCIDENT_GREY)
		buf_printf(b, words(l, " : %s, de nouveau entendue %s"), from, to);
	else
		buf_printf(b, words(l, " : %s, retombée %s"), from, to);
}

static void say_line(struct buf *b, const struct compose_summary *s, const struct compose_past *p)
{
	const struct incident_facts *f = &p->incident->facts;
	enum words_lang l = s->lang;
	say_name(b, s, p);
	say_end(b, s, p);
	if (f->messages && p->incident->kind != INCIDENT_GREY && p->incident->kind != INCIDENT_P1) {
		buf_printf(
			b, words_n(l, " ; %u message", " ; %u messages", f->messages), f->messages);
		buf_printf(b, words_n(l, " de %u personne", " de %u personnes", f->authors),
			f->authors);
	}
	buf_printf(b, words(l, " (n° %lld)"), (long long)p->incident->id);
	buf_add_char(b, '\n');
}

static void say_lines(struct writer *w, const struct compose_summary *s)
{
	size_t shown = s->n_lines < LINES_SHOWN ? s->n_lines : LINES_SHOWN;
	for (size_t i = 0; i < shown; i++)
		say_line(&w->text, s, &s->lines[i]);
	if (shown < s->n_lines)
		buf_printf(&w->text, words(s->lang, "et %zu autres, de même niveau ou moindre"),
			s->n_lines - shown);
	writer_block(w, BLOCK_LIST, words(s->lang, "Ce qui est passé :"));
}

static void say_what_to_do(struct writer *w, const struct compose_summary *s)
{
	/* sorted: an emergency comes first */
	if (s->lines[0].chain == CHAIN_P1)
		buf_add_string(&w->text,
			words(s->lang,
				"vérifier auprès de qui l'a traitée que l'urgence a eu ses suites."));
	else
		buf_add_string(
			&w->text, words(s->lang, "rien dans l'immédiat ; pour information."));
	writer_block(w, BLOCK_TEXT, words(s->lang, "À faire :"));
	buf_add_string(&w->text, words(s->lang, "au poste de veille, tocsin incidents --all"));
	writer_block(w, BLOCK_TEXT, words(s->lang, "Détail :"));
}

static void say_summary_subject(struct writer *w, const struct compose_summary *s)
{
	const struct compose_past *first = &s->lines[0];
	struct buf *b = &w->text;
	buf_add_string(b, "tocsin · ");
	if (s->n_lines == 1) {
		buf_add_string(b,
			first->acked ? words(s->lang, "déjà prise en charge : ")
				     : words(s->lang, "déjà passée : "));
		say_name(b, s, first);
	} else {
		buf_printf(b, words(s->lang, "%zu alertes déjà passées, dont "), s->n_lines);
		say_name(b, s, first);
	}
	w->m->subject = writer_take(w);
}

void compose_summary(const struct compose_summary *s, struct arena *arena, struct message *ret)
{
	struct writer w = {.arena = arena, .m = ret};
	char time[CLOCK_TEXT];
	qsort(s->lines, s->n_lines, sizeof(*s->lines), by_weight);
	*ret = (struct message){.lang = s->lang,
		.key = arena_copy(arena, s->key),
		.thread = arena_copy(arena, s->key),
		.town = s->town,
		.name = slice_of(s->to->name),
		.person = slice_of(s->to->person),
		.level = slice_of(policy_chain_names[s->lines[0].chain]),
		.kind = slice_of(MESSAGE_PAST),
		.bare = s->counts_only,
		.incident = s->lines[0].incident->id,
		.at = s->now,
		.since = s->lines[0].from,
		.written_at = s->wall};
	say_summary_subject(&w, s);
	buf_printf(&w.text, "%s. ", clock_format_hm(s->now, time));
	if (s->n_lines == 1)
		buf_printf(&w.text, "%s",
			s->lines[0].acked
				? words(s->lang,
					  "Cette alerte n'a pas pu vous être dite avant que "
					  "quelqu'un s'en occupe.")
				: words(s->lang,
					  "Cette alerte n'a pas pu vous être dite à temps : "
					  "elle est déjà passée."));
	else
		buf_add_string(&w.text,
			words(s->lang,
				"Ces alertes n'ont pas pu vous être dites à temps : elles "
				"sont déjà retombées, closes ou prises en charge."));
	ret->head = writer_take(&w);
	say_lines(&w, s);
	say_what_to_do(&w, s);
	if (s->counts_only) {
		compose_left_out(&w, s->lang);
		writer_block(&w, BLOCK_TEXT, words(s->lang, "Période électorale :"));
	}
	buf_release(&w.text);
}
