/* SPDX-License-Identifier: GPL-3.0-or-later
 * The API's numbers (of the town, never of an agent or a citizen), the rules that are loaded, and its own description. */
#include <errno.h>
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>
#include "api.h"
#include "assets.h"
#include "../team/figures.h"
#include "../topic.h"

enum { PUBLICATIONS = 20 };

/* --- numbers */

struct open_incidents {
	int64_t by_level[5], acked;
};

static int count_incident(void *user, const struct incident *i)
{
	struct open_incidents *o = user;
	o->by_level[i->level]++;
	o->acked += i->state == INCIDENT_ACKED;
	return 0;
}

static int put_file(struct json_writer *w, struct reader *r, enum verdict_lane lane,
	const char *name, struct error *e)
{
	static const char *const priorities[] = {"none", "P1", "P2", "P3", "P4"};
	uint64_t by[5];
	int code = reader_file_count(r, lane, by, e);
	json_w_key(w, name);
	json_w_begin(w, '{');
	for (size_t i = 0; code == 0 && i < 5; i++)
		json_w_number(w, priorities[i], (int64_t)by[i]);
	json_w_end(w, '}');
	return code;
}

static int put_waiting(struct json_writer *w, struct reader *r, struct error *e)
{
	json_w_key(w, "waiting");
	json_w_begin(w, '{');
	int code = put_file(w, r, LANE_MODERATION, "moderation", e);
	if (code == 0)
		code = put_file(w, r, LANE_REPONSE, "reponse", e);
	json_w_end(w, '}');
	return code;
}

static int put_incidents(struct json_writer *w, struct reader *r, struct error *e)
{
	struct open_incidents open = {{0}, 0};
	int code = reader_incidents(r, false, count_incident, &open, e);
	json_w_key(w, "incidents");
	json_w_begin(w, '{');
	for (size_t i = 0; i < 5; i++)
		json_w_number(w, town_level_names[i], open.by_level[i]);
	json_w_number(w, "acked", open.acked);
	json_w_end(w, '}');
	return code;
}

static void put_median(struct json_writer *w, const char *key, const struct tally_times *t)
{
	const int64_t ms = t->median;
	if (ms >= 0) {
		json_w_number(w, key, ms / CLOCK_SECOND);
		return;
	}
	json_w_key(w, key);
	json_w_null(w);
}

static void put_week(struct json_writer *w, int64_t week)
{
	const struct local_time t = clock_local(day_instant(week, 0));
	char day[40];
	snprintf(day, sizeof(day), "%04d-%02d-%02d", t.year, t.month, t.day);
	json_w_text(w, "week", slice_of(day));
}

static void put_cell(struct json_writer *w, const struct tally_cell *c)
{
	json_w_begin(w, '{');
	put_week(w, c->week);
	json_w_key(w, "category");
	if (strcmp(c->category, "-") == 0)
		json_w_null(w);
	else
		json_w_string(w, slice_of(c->category));
	json_w_number(w, "flagged", (int64_t)c->flagged);
	json_w_number(w, "late", (int64_t)c->late);
	json_w_number(w, "promises_late", (int64_t)c->promises);
	json_w_number(w, "services_late", (int64_t)c->services);
	put_median(w, "first_look_seconds", &c->waits[WAIT_LOOK]);
	put_median(w, "decision_seconds", &c->waits[WAIT_DECISION]);
	put_median(w, "answer_seconds", &c->waits[WAIT_ANSWER]);
	json_w_end(w, '}');
}

/* What came, per week and source. */
static void put_received(struct json_writer *w, const struct tally *t)
{
	json_w_key(w, "received");
	if (!t->has_received) {
		json_w_null(w);
		return;
	}
	json_w_begin(w, '[');
	for (size_t i = 0; i < t->n_sources; i++) {
		json_w_begin(w, '{');
		put_week(w, t->sources[i].week);
		json_w_text(w, "source", slice_of(t->sources[i].source));
		json_w_number(w, "received", (int64_t)t->sources[i].received);
		json_w_end(w, '}');
	}
	json_w_end(w, ']');
}

/* Of the team, per week and category, as counted last. */
static int put_weeks(struct json_writer *w, struct visit *v)
{
	const struct tally *t = figures_now(v);
	if (!t)
		return -EAGAIN;
	json_w_time(w, "counted_at", t->town);
	json_w_key(w, "weeks");
	json_w_begin(w, '[');
	for (size_t i = 0; i < t->n; i++)
		put_cell(w, &t->cells[i]);
	json_w_end(w, ']');
	put_received(w, t);
	return 0;
}

void api_statistics_get(struct call *c)
{
	struct json_writer w = {.out = &c->v->out};
	struct reader *reader = c->v->c->reader;
	struct error e = {""};
	int64_t seq = 0;
	json_w_begin(&w, '{');
	json_w_time(&w, "at", c->v->town);
	int r = reader_last_seq(reader, &seq, &e);
	json_w_number(&w, "last_seq", seq);
	if (r == 0)
		r = put_waiting(&w, reader, &e);
	if (r == 0)
		r = put_incidents(&w, reader, &e);
	if (r == 0)
		r = put_weeks(&w, c->v);
	json_w_end(&w, '}');
	call_read(c, r, &e);
}

/* --- rules */

static int take_publication(void *user, const struct publication *p)
{
	struct json_writer *w = user;
	json_w_begin(w, '{');
	json_w_time(w, "at", p->at);
	json_w_text(w, "hash", p->hash);
	json_w_text(w, "who", p->who);
	json_w_text(w, "reason", p->reason);
	json_w_end(w, '}');
	return 0;
}

static void put_rule(struct json_writer *w, const struct rule_info *i)
{
	static const char *const statuses[] = {"draft", "shadow", "live", "retired"};
	json_w_begin(w, '{');
	json_w_text(w, "id", i->id);
	json_w_text(w, "title", i->title);
	json_w_text(w, "kind", i->topic ? SLICE("topic") : SLICE("rule"));
	json_w_text(w, "pack", i->pack);
	json_w_text(w, "category", i->category);
	json_w_text(w, "status", slice_of(statuses[i->status]));
	json_w_number(w, "priority", i->priority);
	json_w_text(w, "owner", i->owner);
	json_w_text(w, "review_by", i->review_by);
	json_w_end(w, '}');
}

void api_rules_get(struct call *c)
{
	const struct console *console = c->v->c;
	struct json_writer w = {.out = &c->v->out};
	struct error e = {""};
	char hash[65] = "";
	int r = reader_bundle(console->reader, hash, &e);
	topics_refresh(c->v);
	json_w_begin(&w, '{');
	json_w_text(&w, "bundle", slice_of(hash));
	json_w_key(&w, "rules");
	json_w_begin(&w, '[');
	for (size_t i = 0; console->names && i < ruleset_count(console->names); i++) {
		const struct rule_info info = ruleset_info(console->names, i);
		put_rule(&w, &info);
	}
	json_w_end(&w, ']');
	json_w_key(&w, "publications");
	json_w_begin(&w, '[');
	if (r == 0)
		r = reader_publications(console->reader, PUBLICATIONS, take_publication, &w, &e);
	json_w_end(&w, ']');
	json_w_end(&w, '}');
	call_read(c, r, &e);
}

/* --- itself */

void api_openapi_get(struct call *c)
{
	buf_add_slice(&c->v->out, assets_openapi_json);
	call_answer(c);
}
