/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wording.h"
#include <tocsin/html/html.h>
#include <tocsin/record/mask.h>
#include "../situation/alarm.h"
#include "reply.h"

enum { TITLE_BYTES = 200 };

void wordings_about(struct wordings *w, const struct verdict *verdict)
{
	w->n_topics = 0;
	for (uint32_t i = 0; i < verdict->n_topics && i < VERDICT_LIST_MAX; i++)
		w->topics[w->n_topics++] = arena_copy(&w->arena, verdict->topics[i]);
}

static int take(void *user, const struct incident *i)
{
	struct wordings *w = user;
	_buf_ struct buf title = {0};
	if (i->kind != INCIDENT_TOPIC)
		return 0;
	for (size_t k = 0; k < w->n_topics; k++) {
		if (!slice_equal(i->topic, w->topics[k]))
			continue;
		mask_text(&title, i->title.n ? i->title : i->topic, TITLE_BYTES);
		w->list[w->n++] = (struct wording){
			.incident = i->id, .title = arena_copy(&w->arena, buf_slice(&title))};
		break;
	}
	return w->n == WORDINGS_MAX;
}

/* An alarm on which nothing is validated nor asked has nothing to offer. */
int wordings_read(struct wordings *w, struct visit *v, struct error *e)
{
	size_t kept = 0, n;
	int r = w->n_topics ? reader_incidents(v->c->reader, false, take, w, e) : 0;
	for (n = w->n, w->n = 0; r >= 0 && kept < n; kept++) {
		struct wording one = w->list[kept];
		r = alarm_position(v, one.incident, &one.position, e);
		if (r >= 0 && (one.position.wording.text.n || one.position.instruction.text.n))
			w->list[w->n++] = one;
		else
			arena_release(&one.position.arena);
	}
	return r < 0 ? r : 0;
}

static void put_one(struct visit *v, const struct wording *w)
{
	char id[40];
	snprintf(id, sizeof(id), "elements%lld", (long long)w->incident);
	buf_printf(&v->out, "<h3><a href=\"/situation/%lld\">", (long long)w->incident);
	html_shown(&v->out, w->title);
	buf_printf(&v->out, "</a></h3>\n<div class=\"in-force\"><div id=\"%s\">\n", id);
	alarm_lines(v, w->position.wording.text);
	buf_add_string(&v->out, "</div>\n");
	alarm_signed(v, &w->position.wording, w->position.wordings);
	buf_add_string(&v->out, "</div>\n<p class=\"choices\">");
	reply_put_copy(v, id);
	buf_add_string(&v->out, "</p>\n");
}

void wordings_put_instructions(struct visit *v, const struct wordings *w)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct incident_entry *asked = &w->list[i].position.instruction;
		if (!asked->text.n)
			continue;
		buf_add_string(&v->out, "<div class=\"second\" role=\"note\"><p><strong>");
		page_word(v, words(v->l, "Consigne"));
		buf_printf(&v->out, "</strong> · <a href=\"/situation/%lld\">",
			(long long)w->list[i].incident);
		html_shown(&v->out, w->list[i].title);
		buf_add_string(&v->out, "</a></p>\n");
		alarm_lines(v, asked->text);
		alarm_signed(v, asked, 0);
		buf_add_string(&v->out, "</div>\n");
	}
}

void wordings_put(struct visit *v, const struct wordings *w)
{
	bool any = false;
	for (size_t i = 0; i < w->n; i++) {
		if (!w->list[i].position.wording.text.n)
			continue;
		if (!any) {
			buf_add_string(&v->out, "<section class=\"wordings\">\n");
			page_element(v, "h2", words(v->l, "Éléments de langage validés"));
		}
		any = true;
		put_one(v, &w->list[i]);
	}
	buf_add_string(&v->out, any ? "</section>\n" : "");
}

void wordings_release(struct wordings *w)
{
	for (size_t i = 0; i < w->n; i++)
		arena_release(&w->list[i].position.arena);
	arena_release(&w->arena);
}
