/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin incidents, tocsin incident N: the alarms, and one of them with its main courante. */
#include "incident.h"
#include <tocsin/base/clock.h>
#include <tocsin/phrase/phrase.h>
#include "table.h"

/* 0 is "not known". */
static void put_known(struct json_writer *w, const char *key, double v)
{
	json_w_key(w, key);
	if (v > 0)
		json_w_double(w, v);
	else
		json_w_null(w);
}

static void put_facts(struct json_writer *w, const struct incident_facts *f)
{
	json_w_key(w, "facts");
	json_w_begin(w, '{');
	json_w_time(w, "at", f->at);
	json_w_time(w, "since", f->since);
	json_w_number(w, "messages", f->messages);
	json_w_number(w, "authors", f->authors);
	json_w_number(w, "sources", f->sources);
	json_w_number(w, "recent", f->recent);
	json_w_key(w, "usual_low");
	json_w_double(w, f->usual_low);
	json_w_key(w, "usual_high");
	json_w_double(w, f->usual_high);
	put_known(w, "once_in_days", f->once_in);
	put_known(w, "threshold", f->threshold);
	json_w_number(w, "max_before", f->max_before);
	json_w_time(w, "listening_since", f->listening_since);
	json_w_number(w, "top5_share", f->top5_share);
	json_w_number(w, "copied", f->copied);
	json_w_number(w, "questions", f->questions);
	json_w_number(w, "offences", f->offences);
	json_w_number(w, "engagement", f->engagement);
	json_w_number(w, "echoed", f->echoed);
	json_w_key(w, "examples");
	json_w_begin(w, '[');
	for (uint32_t i = 0; i < f->n_examples; i++)
		json_w_int(w, f->examples[i]);
	json_w_end(w, ']');
	json_w_strings(w, "deaf", f->deaf, f->n_deaf);
	json_w_text(w, "trigger", f->trigger);
	if (f->n_terms)
		json_w_strings(w, "terms", f->terms, f->n_terms);
	json_w_end(w, '}');
}

void incident_json(struct json_writer *w, const struct incident *i)
{
	json_w_number(w, "id", i->id);
	json_w_text(w, "kind", slice_of(incident_kind_names[i->kind]));
	json_w_text(w, "state", slice_of(incident_state_names[i->state]));
	json_w_text(w, "level", slice_of(town_level_names[i->level]));
	json_w_text(w, "peak", slice_of(town_level_names[i->peak]));
	json_w_text(w, "topic", i->topic);
	json_w_text(w, "title", i->title);
	json_w_time(w, "opened_at", i->opened_at);
	json_w_time(w, "raised_at", i->raised_at);
	json_w_time(w, "closed_at", i->closed_at);
	json_w_time(w, "acked_at", i->acked_at);
	json_w_time(w, "ack_expires_at", i->ack_expires_at);
	json_w_text(w, "acked_by", i->acked_by);
	json_w_time(w, "silenced_until", i->silenced_until);
	json_w_time(w, "next_point_at", i->next_at);
	put_facts(w, &i->facts);
}

struct list_view {
	struct context *x;
	struct table table;
	struct buf json;
	uint64_t shown, drills;
};

static int print_json(struct list_view *l, const struct incident *i)
{
	struct json_writer w = {.out = &l->json};
	buf_clear(&l->json);
	json_w_begin(&w, '{');
	incident_json(&w, i);
	json_w_end(&w, '}');
	buf_add_char(&l->json, '\n');
	put_text(buf_slice(&l->json), stdout);
	return 0;
}

static int show(void *user, const struct incident *i)
{
	struct list_view *l = user;
	char at[CLOCK_TEXT];
	l->shown++;
	l->drills += i->kind == INCIDENT_DRILL;
	if (l->x->json)
		return print_json(l, i);
	table_printf(&l->table, "%lld", (long long)i->id);
	table_add(&l->table, slice_of(phrase_level(i->level)));
	table_add(&l->table, i->title.n ? i->title : i->topic);
	table_add(&l->table, slice_of(clock_format_dhm(i->opened_at, at)));
	table_printf(&l->table, "%u", i->facts.messages);
	table_printf(&l->table, "%u", i->facts.authors);
	_buf_ struct buf state = {0};
	buf_add_string(&state, phrase_state(l->x->lang, i->state));
	if (i->state == INCIDENT_ACKED) {
		buf_printf(&state, " (%.*s", (int)i->acked_by.n, i->acked_by.p);
		if (i->ack_expires_at > 0)
			buf_printf(&state, _w(l->x, " jusqu'à %s"),
				clock_format_hm(i->ack_expires_at, at));
		buf_add_char(&state, ')');
	}
	table_add(&l->table, buf_slice(&state));
	return 0;
}

int command_incidents(struct context *x, int argc, char **argv)
{
	bool all = false;
	const struct option_spec specs[] = {{"all", "tout", &all, NULL}};
	int r = options_parse(x, specs, 1, &argc, argv);
	if (r == 0)
		r = options_words(x, "incidents", argc, 0, 0);
	if (r == 0)
		r = need_reader(x);
	if (r)
		return r;
	struct list_view l = {.x = x};
	const char *const names[] = {_w(x, ">n°"), _w(x, "niveau"), _w(x, "sujet"), _w(x, "depuis"),
		_w(x, ">messages"), _w(x, ">auteurs"), _w(x, "état"), NULL};
	table_init(&l.table, names);
	l.table.limit[2] = 44;
	struct error e = {0};
	_buf_ struct buf out = {0};
	if (reader_incidents(x->reader, all, show, &l, &e) < 0)
		r = complain(x, EXIT_PROBLEMS, "%s", e.text);
	else if (!x->json && l.shown == 0)
		buf_printf(&out, "%s\n",
			all ? _w(x, "aucune alarme")
			    : _w(x, "aucune alarme ouverte : tocsin VERT"));
	else if (!x->json)
		table_print(&l.table, x->terminal, &out);
	if (!x->json && !all && l.shown && l.shown == l.drills)
		buf_printf(&out, "%s\n", _w(x, "hors exercice : tocsin VERT"));
	put_text(buf_slice(&out), stdout);
	table_release(&l.table);
	buf_release(&l.json);
	return r;
}
