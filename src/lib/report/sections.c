/* SPDX-License-Identifier: GPL-3.0-or-later
 * What was said, who was told, what was done: from the comments, the outbox and the main courante. */
#include "parts.h"
#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/db/rumours.h>
#include <tocsin/phrase/curve.h>
#include <tocsin/phrase/facts.h>
#include <tocsin/phrase/phrase.h>
#include <tocsin/record/mask.h>
#include <tocsin/record/position.h>

enum { VERBATIM_BYTES = 400, NOTABLE_MS = 2 * CLOCK_MINUTE };

static void head(struct report *r, const char *title)
{
	buf_add_string(r->out, "<section><h2>");
	html_string(r->out, title);
	buf_add_string(r->out, "</h2>\n");
}

static void cell(struct report *r, const char *text)
{
	buf_add_string(r->out, "<td>");
	html_string(r->out, text);
	buf_add_string(r->out, "</td>");
}

static void names(struct report *r, const char *const *list)
{
	buf_add_string(r->out, "<table><thead><tr>");
	for (; *list; list++) {
		buf_add_string(r->out, "<th scope=\"col\">");
		html_string(r->out, *list);
		buf_add_string(r->out, "</th>");
	}
	buf_add_string(r->out, "</tr></thead><tbody>\n");
}

static void occulted(struct report *r)
{
	buf_add_string(r->out, "<span class=\"occulted\">");
	html_string(r->out, words(r->q->lang, "occulté"));
	buf_add_string(r->out, "</span>");
}

/* --- why it rang */

int report_facts(struct report *r, struct error *e)
{
	struct incident_questions questions;
	const struct facts_words w = {r->q->lang, config_source_title, r->q->config, &questions};
	int code = reader_incident_questions(r->q->reader, &r->incident, &questions, e);
	if (code < 0)
		return code;
	head(r, words(r->q->lang, "Ce qui a été entendu"));
	facts_html(r->out, &r->incident, &w);
	curve_html(r->out, &r->incident, r->q->lang, "courbe");
	buf_add_string(r->out, "</section>\n");
	return 0;
}

/* --- what was said */

static int put_verbatim(void *user, const struct stored_comment *c)
{
	struct report *r = user;
	_buf_ struct buf text = {0};
	if (c->gone || !c->comment.text.n)
		return 1;
	buf_add_string(r->out, "<li><q>");
	mask_text(&text, c->comment.text, VERBATIM_BYTES);
	html_text(r->out, buf_slice(&text));
	buf_add_string(r->out, "</q></li>\n");
	return 1;
}

int report_verbatims(struct report *r, struct error *e)
{
	const struct incident_facts *f = &r->incident.facts;
	int code = 0;
	if (!f->n_examples)
		return 0;
	head(r, words(r->q->lang, "Ce qui s'est dit"));
	if (r->q->occulted) {
		buf_add_string(r->out, "<p>");
		occulted(r);
		buf_add_string(r->out, "</p></section>\n");
		return 0;
	}
	buf_add_string(r->out, "<ul>\n");
	for (uint32_t i = 0; i < f->n_examples && (code >= 0 || code == -ENOENT); i++)
		code = reader_comment(r->q->reader, f->examples[i], put_verbatim, r, e);
	buf_add_string(r->out, "</ul></section>\n");
	return code < 0 && code != -ENOENT ? code : 0;
}

static void put_rumour(struct report *r, const struct alarm_rumour *o)
{
	char at[CLOCK_TEXT];
	buf_add_string(r->out, "<li><q>");
	html_text(r->out, o->text);
	buf_add_string(r->out, "</q> · ");
	html_string(r->out, phrase_rumour(r->q->lang, o->outcome));
	if (o->outcome != RUMOUR_OPEN) {
		buf_add_string(r->out, " · ");
		report_person(r, o->who);
		buf_printf(r->out, ", %s", clock_format_dhm(o->at, at));
	}
	buf_add_string(r->out, "</li>\n");
}

int report_rumours(struct report *r, struct error *e)
{
	struct rumours u;
	int code = rumours_read(r->q->reader, &r->incident, r->q->config->clock_event, &u, e);
	if (code == 0 && u.n) {
		head(r, words(r->q->lang, "Rumeurs à vérifier"));
		buf_add_string(r->out, r->q->occulted ? "<p>" : "<ul>\n");
		if (r->q->occulted)
			occulted(r);
		for (size_t i = 0; i < u.n && !r->q->occulted; i++)
			put_rumour(r, &u.list[i]);
		buf_add_string(r->out, r->q->occulted ? "</p></section>\n" : "</ul></section>\n");
	}
	rumours_release(&u);
	return code;
}

/* --- what the town hall says, and what its teams are to do */

static int take_position(void *user, const struct incident_entry *e)
{
	position_take(user, e);
	return 0;
}

static void put_position(struct report *r, const struct incident_entry *e, const char *title)
{
	char at[CLOCK_TEXT];
	struct slice rest = e->text, line;
	if (!rest.n)
		return;
	head(r, title);
	while (position_line(&rest, &line)) {
		buf_add_string(r->out, "<p>");
		html_text(r->out, line);
		buf_add_string(r->out, "</p>\n");
	}
	buf_add_string(r->out, "<p>");
	report_person(r, e->who);
	buf_printf(r->out, ", %s</p></section>\n", clock_format_dhm(e->at, at));
}

/* What the town hall says may be read by all; what it asks of its teams is its own. */
int report_position(struct report *r, struct error *e)
{
	struct position p = {0};
	arena_init(&p.arena, 0);
	int code = reader_entries(r->q->reader, r->incident.id, take_position, &p, e);
	if (code >= 0)
		put_position(r, &p.wording, words(r->q->lang, "Éléments de langage"));
	if (code >= 0 && !r->q->occulted)
		put_position(r, &p.instruction, words(r->q->lang, "Consigne"));
	arena_release(&p.arena);
	return code;
}

/* --- who was told */

static const char *state_name(struct report *r, const struct outbox_view *o)
{
	switch (o->state) {
	case OUTBOX_DONE:
		return slice_begins(o->detail, OUTBOX_LEFT)
			? words(r->q->lang, "déposé, sans relais")
			: words(r->q->lang, "remis");
	case OUTBOX_DEAD_LETTER: return words(r->q->lang, "non remis");
	case OUTBOX_DROPPED: return words(r->q->lang, "devenu inutile");
	case OUTBOX_PENDING:
	case OUTBOX_SENDING:
	default: return words(r->q->lang, "en cours");
	}
}

struct delivery {
	int64_t due_at, sent_at;
	struct slice person, channel;
	const char *state;
	uint32_t attempts;
};
struct deliveries {
	struct report *r;
	struct delivery *list;
	size_t n, cap;
};

static int take_delivery(void *user, const struct outbox_view *o)
{
	struct deliveries *d = user;
	d->list = xgrow(d->list, d->n, &d->cap, sizeof(*d->list));
	d->list[d->n++] = (struct delivery){.due_at = o->row.due_at,
		.sent_at = o->sent_at,
		.person = arena_copy(&d->r->arena, o->row.person),
		.channel = arena_copy(&d->r->arena, o->row.channel),
		.state = state_name(d->r, o),
		.attempts = o->attempts};
	return 0;
}

static int by_time(const void *a, const void *b)
{
	const struct delivery *x = a, *y = b;
	return x->due_at < y->due_at ? -1 : x->due_at > y->due_at;
}

static void put_delivery(struct report *r, const struct delivery *d)
{
	char at[CLOCK_TEXT], attempts[16];
	buf_add_string(r->out, "<tr>");
	cell(r, clock_format_dhm(d->due_at, at));
	buf_add_string(r->out, "<td>");
	report_person(r, d->person);
	buf_add_string(r->out, "</td><td>");
	html_text(r->out, d->channel);
	buf_add_string(r->out, "</td>");
	cell(r, d->state);
	cell(r, d->sent_at > 0 ? clock_format_dhm(d->sent_at, at) : "");
	snprintf(attempts, sizeof(attempts), "%u", d->attempts);
	cell(r, attempts);
	buf_add_string(r->out, "</tr>\n");
}

int report_deliveries(struct report *r, struct error *e)
{
	const char *const columns[] = {words(r->q->lang, "à dire le"), words(r->q->lang, "à qui"),
		words(r->q->lang, "par"), words(r->q->lang, "devenir"),
		words(r->q->lang, "remis le"), words(r->q->lang, "essais"), NULL};
	struct deliveries d = {.r = r};
	head(r, words(r->q->lang, "Qui a été prévenu"));
	names(r, columns);
	int code = reader_outbox(r->q->reader, r->incident.id, false, take_delivery, &d, e);
	if (d.n)
		qsort(d.list, d.n, sizeof(*d.list), by_time);
	for (size_t i = 0; i < d.n; i++)
		put_delivery(r, &d.list[i]);
	free(d.list);
	buf_add_string(r->out, "</tbody></table></section>\n");
	return code;
}

/* --- what was done */

/* What the machine writes of what it heard may be read by all; what people wrote, and its notes of whom it told, not. */
static void put_words(struct report *r, const struct incident_entry *e)
{
	_buf_ struct buf text = {0};
	if (!e->text.n)
		return;
	if (r->q->occulted && (e->kind == ENTRY_NOTE || !slice_is(e->who, "tocsin"))) {
		occulted(r);
		return;
	}
	phrase_trigger(r->q->lang, e->text, &text);
	html_text(r->out, buf_slice(&text));
}

static int put_entry(void *user, const struct incident_entry *e)
{
	struct report *r = user;
	char at[CLOCK_TEXT];
	bool apart = !r->q->config->clock_event && e->written_at - e->at > NOTABLE_MS;
	if (e->kind == ENTRY_NOTIFIED || e->kind == ENTRY_FAILED)
		return 0; /* they stand in the table above */
	buf_add_string(r->out, "<tr>");
	buf_printf(r->out, "<td>%s", clock_format_dhm(e->at, at));
	if (apart)
		buf_printf(r->out, words(r->q->lang, " (écrit le %s)"),
			clock_format_dhm(e->written_at, at));
	buf_add_string(r->out, "</td>");
	cell(r, phrase_level(e->level));
	cell(r, phrase_entry(r->q->lang, e->kind));
	buf_add_string(r->out, "<td>");
	report_person(r, e->who);
	buf_add_string(r->out, "</td><td>");
	put_words(r, e);
	buf_add_string(r->out, "</td></tr>\n");
	return 0;
}

int report_entries(struct report *r, struct error *e)
{
	const char *const columns[] = {words(r->q->lang, "quand"), words(r->q->lang, "niveau"),
		words(r->q->lang, "quoi"), words(r->q->lang, "qui"), words(r->q->lang, "texte"),
		NULL};
	head(r, words(r->q->lang, "Main courante"));
	names(r, columns);
	int code = reader_log(r->q->reader, r->incident.id, put_entry, r, e);
	buf_add_string(r->out, "</tbody></table></section>\n");
	return code;
}
