/* SPDX-License-Identifier: GPL-3.0-or-later
 * A rehearsal of the chain, from the console: who will really be called is said before it begins; who was reached and who took
 * charge is followed here, also by the administration, which sees no other alarm; it is ended here. Store opens it, escalate walks
 * the plan's steps as for any other, and every message says EXERCICE. */
#include <errno.h>
#include <tocsin/base/clock.h>
#include <tocsin/html/html.h>
#include <tocsin/phrase/phrase.h>
#include "../team/team.h"
#include "alarm.h"
#include "called.h"
#include "log.h"

#define PATH "/situation/exercice"
#define SHOWN_MS CLOCK_DAY /* one that has ended */
enum { DRILLS = 8, SUBJECT_MAX = 250 /* bytes */, NAME_MAX_ = 10 };

/* What is asked for. */
struct wish {
	enum policy_chain chain; /* CHAIN_NONE: not yet */
	struct buf subject;
	bool despite; /* a real alarm that is open */
};

static void wish_release(struct wish *w)
{
	buf_release(&w->subject);
}

static enum policy_chain chain_of(struct slice name)
{
	for (int chain = 0; chain < CHAINS; chain++)
		if (slice_is(name, policy_chain_names[chain]))
			return (enum policy_chain)chain;
	return CHAIN_NONE;
}

/* --- what is open, and what has been rehearsed */

struct seen {
	struct arena arena;
	struct incident list[DRILLS]; /* drills, those that run first */
	size_t n;
	uint64_t real; /* P1 and ROUGE that are open */
	int fault;
};

static int look_at(void *user, const struct incident *i)
{
	struct seen *s = user;
	if (i->kind != INCIDENT_DRILL) {
		s->real += i->state != INCIDENT_CLOSED &&
			(i->kind == INCIDENT_P1 || i->level == LEVEL_ROUGE);
		return 0;
	}
	if (s->n < DRILLS) {
		s->fault = incident_copy(i, &s->arena, &s->list[s->n]);
		s->n += s->fault == 0;
	}
	return 0;
}

/* 0 or -errno; the arena is to be released either way. */
static int look(struct visit *v, struct seen *s)
{
	struct error e = {""};
	*s = (struct seen){.n = 0};
	arena_init(&s->arena, 0);
	int r = visit_reader(v);
	if (r == 0)
		r = reader_incidents(v->c->reader, false, look_at, s, &e);
	if (r == 0)
		r = reader_incidents_closed(
			v->c->reader, v->town - SHOWN_MS, INCIDENTS_LATEST, look_at, s, &e);
	return r < 0 ? r : 0;
}

static void put_state(struct visit *v, const struct incident *i)
{
	buf_add_string(&v->out, "<p>");
	if (i->acked_by.n) {
		page_word(v, words(v->l, "Pris en charge par "));
		page_person(v, i->acked_by);
		buf_add_string(&v->out, ", ");
		page_time(v, i->acked_at);
	} else {
		page_word(v, words(v->l, "Personne ne l'a pris en charge."));
	}
	if (i->state == INCIDENT_CLOSED) {
		buf_add_string(&v->out, " · ");
		page_word(v, words(v->l, "terminé "));
		page_time(v, i->closed_at);
	}
	buf_add_string(&v->out, "</p>\n");
}

static int put_drill(struct visit *v, const struct incident *i, struct error *e)
{
	const bool running = i->state != INCIDENT_CLOSED;
	buf_add_string(&v->out, "<section><h2>");
	alarm_level(v, i->level);
	buf_add_char(&v->out, ' ');
	html_shown(&v->out, i->title);
	buf_add_string(&v->out, "</h2>\n");
	put_state(v, i);
	int r = log_put_table(v, i->id, e);
	if (running) {
		page_form(v, "noting", PATH "/arreter");
		buf_printf(&v->out,
			"<input type=\"hidden\" name=\"numero\" value=\"%lld\"><p><button>",
			(long long)i->id);
		page_word(v, words(v->l, "Arrêter l'exercice"));
		buf_add_string(&v->out, "</button> <a href=\"" PATH "\">");
		page_word(v, words(v->l, "Relire cette page"));
		buf_add_string(&v->out, "</a></p></form>\n");
	}
	buf_add_string(&v->out, "</section>\n");
	return r;
}

/* --- the page */

static void put_choice(struct visit *v, enum policy_chain chosen)
{
	static const enum town_level levels[CHAINS] = {
		LEVEL_JAUNE, LEVEL_ORANGE, LEVEL_ROUGE, LEVEL_GRIS, LEVEL_ROUGE};
	buf_add_string(&v->out, "<form class=\"searching\" action=\"" PATH "\"><p><label>");
	page_word(v, words(v->l, "Niveau à répéter"));
	buf_add_string(&v->out, " <select name=\"niveau\">");
	for (int chain = 0; chain < CHAINS; chain++) {
		const bool here =
			chosen == CHAIN_NONE ? chain == CHAIN_ORANGE : chain == (int)chosen;
		buf_printf(&v->out, "<option value=\"%s\"%s>", policy_chain_names[chain],
			here ? " selected" : "");
		page_word(v,
			chain == CHAIN_P1
				? words(v->l, "Urgence (menace, détresse, adresse livrée)")
				: phrase_level(levels[chain]));
		buf_add_string(&v->out, "</option>");
	}
	buf_add_string(&v->out, "</select></label></p>\n<p><button>");
	page_word(v, words(v->l, "Voir qui sera appelé"));
	buf_add_string(&v->out, "</button></p></form>\n");
}

static void put_real(struct visit *v, uint64_t real)
{
	if (!real)
		return;
	buf_add_string(&v->out, "<div class=\"told bad\" role=\"alert\"><p>");
	buf_printf(&v->out,
		words_n(v->l,
			"%llu vraie alerte est ouverte (urgence ou ROUGE) : l'exercice appellerait les mêmes personnes en même temps.",
			"%llu vraies alertes sont ouvertes (urgence ou ROUGE) : l'exercice appellerait les mêmes personnes en même temps.",
			real),
		(unsigned long long)real);
	buf_add_string(&v->out, "</p></div>\n");
}

/* Who will really be called, and what begins it. */
static void put_confirm(struct visit *v, const struct wish *w, uint64_t real)
{
	const struct incident drill = {.kind = INCIDENT_DRILL};
	page_element(v, "p",
		words(v->l,
			"Ces personnes seront réellement appelées, aux moments et par les moyens que dit cette table, tant que personne ne prend en charge. Chaque message commence par EXERCICE."));
	called_put_no_relay(v);
	called_put_chain(v, policy_for(&v->c->policy, &drill), w->chain, v->town);
	page_form(v, "noting", PATH);
	buf_printf(&v->out, "<input type=\"hidden\" name=\"niveau\" value=\"%s\">\n<p><label>",
		policy_chain_names[w->chain]);
	page_word(v, words(v->l, "Sujet, après le mot EXERCICE (facultatif)"));
	buf_printf(&v->out, "<input name=\"sujet\" maxlength=\"%d\" value=\"", SUBJECT_MAX / 2);
	html_text(&v->out, buf_slice(&w->subject));
	buf_add_string(&v->out, "\"></label></p>\n");
	if (real) {
		buf_printf(&v->out,
			"<p class=\"choice\"><label><input type=\"checkbox\" name=\"malgre\" value=\"1\"%s> <span>",
			w->despite ? " checked" : "");
		page_word(v, words(v->l, "Je sais qu'une vraie alerte est ouverte"));
		buf_add_string(&v->out, "</span></label></p>\n");
	}
	buf_add_string(&v->out, "<p><button class=\"grave\">");
	page_word(v, words(v->l, "Faire sonner l'exercice"));
	buf_add_string(&v->out, "</button></p></form>\n");
}

static void put_body(struct visit *v, const struct wish *w, const struct seen *s)
{
	put_real(v, s->real);
	if (v->c->policy.empty) {
		page_element(v, "p",
			words(v->l,
				"tocsin.yaml ne nomme personne (people, levels) : aucune alerte n'atteindrait quelqu'un."));
		return;
	}
	put_choice(v, w->chain);
	if (w->chain != CHAIN_NONE)
		put_confirm(v, w, s->real);
}

static void drill_page(struct visit *v, unsigned status, const char *wrong, const struct wish *w)
{
	const char *title = words(v->l, "Exercice");
	struct error e = {""};
	struct seen s;
	int r = look(v, &s);
	if (r == 0)
		r = team_absences(v);
	buf_clear(&v->out);
	team_open(v, title, PATH);
	if (wrong) {
		buf_add_string(&v->out, "<div class=\"told bad\" role=\"alert\"><p>");
		page_word(v, wrong);
		buf_add_string(&v->out, "</p></div>\n");
	}
	page_element(v, "p",
		words(v->l,
			"Répète toute la chaîne d'appel, pour de vrai, sans incident. Un exercice ne compte dans aucun niveau ni bilan, et ne retarde aucune alerte ; qui le prend en charge le termine."));
	for (size_t i = 0; i < s.n && r == 0; i++)
		r = put_drill(v, &s.list[i], &e);
	if (r == 0)
		put_body(v, w, &s);
	arena_release(&s.arena);
	if (r < 0) {
		visit_problem(v, 503);
		return;
	}
	page_close(v);
	visit_page(v, status);
}

void drill_get(struct visit *v)
{
	_cleanup_(wish_release) struct wish w = {.chain = CHAIN_NONE};
	_buf_ struct buf level = {0};
	int r = visit_query(v, "niveau", NAME_MAX_, &level);
	w.chain = chain_of(buf_slice(&level));
	if ((r < 0 && r != -ENOENT) || (level.n && w.chain == CHAIN_NONE))
		visit_problem(v, 400);
	else
		drill_page(v, 200, NULL, &w);
}

/* --- begun */

static void read_wish(struct visit *v, struct wish *w)
{
	_buf_ struct buf level = {0}, despite = {0};
	w->chain = visit_field(v, "niveau", NAME_MAX_, &level) ? chain_of(buf_slice(&level))
							       : CHAIN_NONE;
	w->despite = visit_field(v, "malgre", 1, &despite) && despite.n;
	if (!visit_field(v, "sujet", SUBJECT_MAX, &w->subject))
		buf_clear(&w->subject);
}

static void begun(struct visit *v, int r, struct slice reply, const struct error *e)
{
	_cleanup_(wish_release) struct wish w = {.chain = CHAIN_NONE};
	struct wire wire = wire_reader(reply);
	(void)wire_i64(&wire), (void)wire_i64(&wire);
	const bool fresh = wire_u8(&wire);
	if (r) {
		read_wish(v, &w);
		drill_page(v, 503, visit_why(v, r, e), &w);
		return;
	}
	visit_tell(v, false,
		fresh ? words(v->l, "L'exercice sonne.")
		      : words(v->l, "Un exercice de ce niveau est déjà en cours : le voici."));
	visit_go(v, PATH);
}

void drill_post(struct visit *v)
{
	_cleanup_(wish_release) struct wish w = {.chain = CHAIN_NONE};
	_buf_ struct buf body = {0};
	struct seen s;
	read_wish(v, &w);
	int r = look(v, &s);
	arena_release(&s.arena);
	if (r < 0) {
		visit_problem(v, 503);
	} else if (w.chain == CHAIN_NONE || v->c->policy.empty) {
		drill_page(v, 400, words(v->l, "Cette demande est incomplète."), &w);
	} else if (s.real && !w.despite) {
		drill_page(v, 409,
			words(v->l,
				"Une vraie alerte est ouverte, et rien n'a sonné : cochez la case si vous voulez l'exercice quand même."),
			&w);
	} else {
		drill_encode(&body,
			&(struct drill_request){slice_of(policy_chain_names[w.chain]),
				buf_slice(&w.subject), slice_of(v->session->name)});
		visit_ask_then(v, REQUEST_DRILL, &body, begun);
	}
}

/* --- ended */

static void ended(struct visit *v, int r, struct slice reply, const struct error *e)
{
	(void)reply;
	if (r == 0 || r == -EALREADY)
		visit_tell(v, false, words(v->l, "L'exercice est terminé."));
	else
		visit_tell_error(v, r, e);
	visit_go(v, PATH);
}

static int is_drill(void *user, const struct incident *i)
{
	*(bool *)user = i->kind == INCIDENT_DRILL;
	return 0;
}

/* Of a drill alone: a real alarm is closed by those who conduct it. */
void drill_end_post(struct visit *v)
{
	_buf_ struct buf number = {0}, body = {0};
	struct error e = {""};
	int64_t id = 0;
	bool drill = false;
	const bool asked = visit_field(v, "numero", 18, &number) &&
		slice_number(buf_slice(&number), &id) && id > 0;
	int r = asked ? visit_reader(v) : 0;
	if (asked && r == 0)
		r = reader_incident(v->c->reader, id, is_drill, &drill, &e);
	if (r < 0 && r != -ENOENT) {
		visit_problem(v, 503);
	} else if (!drill) {
		visit_problem(v, asked ? 404 : 400);
	} else {
		close_encode(&body,
			&(struct close_request){id, slice_of(v->session->name),
				slice_of(words(v->c->s->config.lang, "fin de l'exercice"))});
		visit_ask_then(v, REQUEST_CLOSE, &body, ended);
	}
}
