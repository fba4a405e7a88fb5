/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rung.h"
#include <errno.h>
#include <tocsin/base/arena.h>
#include <tocsin/html/html.h>
#include "../access/limit.h"
#include "../route.h"
#include "../situation/alarm.h"

#define SEE (ROLE_MODERATION | ROLE_DIRCOM | ROLE_CABINET | ROLE_DGS | ROUTE_DUTY)
enum { CLOSED_MAX = 200 };

struct search {
	int64_t seq;
	struct arena arena;
	struct incident found; /* id 0: none */
};

static int look_at(void *user, const struct incident *i)
{
	struct search *s = user;
	if (i->kind != INCIDENT_P1)
		return 0;
	for (uint32_t n = 0; n < i->facts.n_examples; n++)
		if (i->facts.examples[n] == s->seq)
			return incident_copy(i, &s->arena, &s->found) < 0 ? -EPROTO : 1;
	return 0;
}

/* The open one, else the one that was closed last. Its slices live as long as the arena. */
static bool find(struct visit *v, struct search *s)
{
	struct error e = {""};
	if (!(v->session->roles & SEE) || limit_is(v) || visit_reader(v) < 0)
		return false;
	int r = reader_incidents(v->c->reader, false, look_at, s, &e);
	if (r == 0)
		r = reader_incidents_closed(v->c->reader, 0, CLOSED_MAX, look_at, s, &e);
	return r >= 0 && s->found.id;
}

static void put_alarm(struct visit *v, int64_t id)
{
	buf_printf(&v->out, "<a href=\"/situation/%lld\">", (long long)id);
	buf_printf(&v->out, words(v->l, "l'alerte n° %lld"), (long long)id);
	buf_add_string(&v->out, "</a>");
}

void rung_put_link(struct visit *v, int64_t seq)
{
	struct search s = {.seq = seq};
	arena_init(&s.arena, 0);
	if (find(v, &s)) {
		buf_add_string(&v->out, "<p class=\"rung\">");
		page_word(v, words(v->l, "Ce commentaire a fait sonner"));
		buf_add_char(&v->out, ' ');
		put_alarm(v, s.found.id);
		buf_add_string(&v->out, " · ");
		if (s.found.state == INCIDENT_ACKED) {
			page_word(v, words(v->l, "Prise en charge :"));
			buf_add_char(&v->out, ' ');
			page_person(v, s.found.acked_by);
		} else {
			page_word(v,
				s.found.state == INCIDENT_CLOSED
					? words(v->l, "Alerte close.")
					: words(v->l, "Personne n'en est chargé."));
		}
		buf_add_string(&v->out, "</p>\n");
	}
	arena_release(&s.arena);
}

static int is_there(void *user, const struct queue_item *q)
{
	(void)user, (void)q;
	return 0;
}

/* Whether another comment of it waits in the queue; one that cannot be asked about does. */
static bool others_wait(struct visit *v, const struct search *s)
{
	struct error e = {""};
	for (uint32_t n = 0; n < s->found.facts.n_examples; n++)
		if (s->found.facts.examples[n] != s->seq &&
			reader_queue_item(v->c->reader, s->found.facts.examples[n], is_there, NULL,
				&e) != READER_END)
			return true;
	return false;
}

void rung_decided(struct visit *v, int64_t seq)
{
	struct search s = {.seq = seq};
	arena_init(&s.arena, 0);
	v->session->decided = seq;
	if (find(v, &s) && s.found.state != INCIDENT_CLOSED && !others_wait(v, &s)) {
		v->session->alarm = s.found.id;
		v->session->alarm_free = s.found.state == INCIDENT_OPEN;
	}
	arena_release(&s.arena);
}

void rung_put_told(struct visit *v)
{
	struct session *s = v->session;
	if (s->decided) {
		buf_printf(&v->out, "<p><a href=\"/moderation/%lld\">", (long long)s->decided);
		buf_printf(&v->out, words(v->l, "Commentaire n° %lld"), (long long)s->decided);
		buf_add_string(&v->out, "</a></p>");
	}
	if (s->alarm) {
		buf_add_string(&v->out, "<p>");
		page_word(v, words(v->l, "Encore ouverte :"));
		buf_add_char(&v->out, ' ');
		put_alarm(v, s->alarm);
		if (s->alarm_free) {
			buf_add_string(&v->out, " · ");
			page_word(v, words(v->l, "Personne n'en est chargé."));
		}
		buf_add_string(&v->out, "</p>");
	}
	if (s->alarm && s->alarm_free && alarm_may_charge(v)) {
		page_form(v, "undo", "/situation/%lld/prendre", (long long)s->alarm);
		buf_add_string(&v->out, "<input type=\"hidden\" name=\"ici\" value=\"1\"><button>");
		page_word(v, words(v->l, "Prendre en charge l'alerte"));
		buf_add_string(&v->out, "</button></form>");
	}
	s->decided = s->alarm = 0;
}
