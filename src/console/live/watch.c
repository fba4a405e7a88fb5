/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch.h"
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/json/json.h>
#include <tocsin/phrase/phrase.h>
#include <tocsin/record/mask.h>
#include "remind.h"

#define READS (ROLE_MODERATION | ROLE_DIRCOM)

enum { ARRIVALS_MOST = 200, DEPARTURES_MOST = 500, TITLE_BYTES = 200 };

struct look {
	struct watch *w;
	struct console *c;
	watch_say_fn *say;
	void *user;
	struct buf data;
	struct json_writer json;
	size_t n; /* what the list being written holds */
	struct watch_claim *claims;
	size_t n_claims, cap_claims;
	struct watch_alarm *alarms;
	size_t n_alarms, cap_alarms;
};

void watch_release(struct watch *w)
{
	free(w->claims);
	free(w->alarms);
	*w = (struct watch){0};
}

static void begin(struct look *l)
{
	buf_clear(&l->data);
	l->json = (struct json_writer){.out = &l->data};
	json_w_begin(&l->json, '{');
}

static void end(struct look *l, const char *event, uint16_t roles)
{
	json_w_end(&l->json, '}');
	if (l->w->begun)
		l->say(l->user, event, roles, buf_slice(&l->data));
}

/* The id, for whoever it is himself, and the name for the others. */
static void put_person(struct look *l, struct slice id)
{
	const struct policy_person *who = policy_person(&l->c->policy, id);
	json_w_text(&l->json, "id", id);
	json_w_text(&l->json, "who", who ? slice_of(who->name) : id);
}

/* --- what came */

static int arrived(void *user, const struct queue_arrival *a)
{
	struct look *l = user;
	json_w_begin(&l->json, '[');
	json_w_int(&l->json, a->seq);
	json_w_int(&l->json, a->lanes);
	json_w_int(&l->json, a->priority);
	json_w_end(&l->json, ']');
	l->w->seq = a->seq;
	l->n++;
	return 0;
}

static int count(struct reader *reader, enum verdict_lane lane, uint64_t *ret, struct error *e)
{
	uint64_t by[5];
	int r = reader_file_count(reader, lane, by, e);
	*ret = by[0] + by[1] + by[2] + by[3] + by[4];
	return r;
}

/* More than a page can use at once: the rest is in the numbers alone. */
static int look_at_files(struct look *l, struct error *e)
{
	struct watch *w = l->w;
	struct reader *reader = l->c->reader;
	uint64_t waiting[2] = {0};
	int r = count(reader, LANE_MODERATION, &waiting[0], e);
	if (r == 0)
		r = count(reader, LANE_REPONSE, &waiting[1], e);
	if (r < 0)
		return r;
	begin(l);
	json_w_number(&l->json, "moderation", (int64_t)waiting[0]);
	json_w_number(&l->json, "reponse", (int64_t)waiting[1]);
	json_w_key(&l->json, "new");
	json_w_begin(&l->json, '[');
	l->n = 0;
	r = w->begun ? reader_arrivals(reader, w->seq, ARRIVALS_MOST, arrived, l, e) : 0;
	json_w_end(&l->json, ']');
	if (r == 0 && (!w->begun || l->n == ARRIVALS_MOST))
		r = reader_last_seq(reader, &w->seq, e);
	if (l->n || memcmp(waiting, w->waiting, sizeof(waiting)) != 0)
		end(l, "file", READS);
	memcpy(w->waiting, waiting, sizeof(waiting));
	return r;
}

/* --- what was decided */

static int departed(void *user, const struct queue_departure *d)
{
	struct look *l = user;
	begin(l);
	json_w_number(&l->json, "seq", d->seq);
	json_w_number(&l->json, "row", d->row);
	json_w_number(&l->json, "n", d->number);
	json_w_text(&l->json, "what", d->decision);
	put_person(l, d->who);
	end(l, "decision", READS);
	l->w->decision = d->number;
	return 0;
}

static int look_at_decisions(struct look *l, struct error *e)
{
	struct watch *w = l->w;
	if (!w->begun)
		return reader_last_decision(l->c->reader, &w->decision, e);
	return reader_departures(l->c->reader, w->decision, DEPARTURES_MOST, departed, l, e);
}

/* --- what is gone at its source */

static int gone(void *user, const struct queue_departure *d)
{
	struct look *l = user;
	begin(l);
	json_w_number(&l->json, "seq", d->seq);
	json_w_number(&l->json, "row", d->row);
	end(l, "parti", READS);
	l->w->gone = d->number;
	return 0;
}

static int look_at_gone(struct look *l, struct error *e)
{
	struct watch *w = l->w;
	if (!w->begun)
		return reader_last_gone(l->c->reader, &w->gone, e);
	return reader_gone(l->c->reader, w->gone, DEPARTURES_MOST, gone, l, e);
}

/* --- who is on what */

static const struct watch_claim *claim_of(const struct watch *w, int64_t row)
{
	for (size_t i = 0; i < w->n_claims; i++)
		if (w->claims[i].row == row)
			return &w->claims[i];
	return NULL;
}

static int claimed(void *user, const struct queue_claim *c)
{
	struct look *l = user;
	const struct watch_claim *before = claim_of(l->w, c->row);
	l->claims = xgrow(l->claims, l->n_claims, &l->cap_claims, sizeof(*l->claims));
	l->claims[l->n_claims++] = (struct watch_claim){c->row, c->seq, c->until};
	if (before && before->until == c->until)
		return 0;
	begin(l);
	json_w_number(&l->json, "seq", c->seq);
	json_w_number(&l->json, "row", c->row);
	put_person(l, c->who);
	remind_write(l->c, &l->json, c, console_town(l->c, clock_now()));
	end(l, "pris", READS);
	return 0;
}

static void say_left(struct look *l, const struct watch_claim *c)
{
	for (size_t i = 0; i < l->n_claims; i++)
		if (l->claims[i].row == c->row)
			return;
	begin(l);
	json_w_number(&l->json, "seq", c->seq);
	json_w_number(&l->json, "row", c->row);
	end(l, "libre", READS);
}

static int look_at_claims(struct look *l, struct error *e)
{
	struct watch *w = l->w;
	int r = reader_claims(l->c->reader, claimed, l, e);
	if (r < 0)
		return r;
	for (size_t i = 0; i < w->n_claims; i++)
		say_left(l, &w->claims[i]);
	free(w->claims);
	w->claims = l->claims;
	w->n_claims = l->n_claims;
	w->cap_claims = l->cap_claims;
	l->claims = NULL;
	return 0;
}

/* --- alarms */

static void say_alarm(
	struct look *l, int64_t id, const char *level, const char *state, struct slice title)
{
	begin(l);
	json_w_number(&l->json, "id", id);
	json_w_text(&l->json, "level", slice_of(level));
	json_w_text(&l->json, "state", slice_of(state));
	json_w_text(&l->json, "title", title);
	end(l, "alarme", READS | ROLE_CABINET | ROLE_DGS | ROLE_ONCALL);
}

static int rings(void *user, const struct incident *i)
{
	struct look *l = user;
	const struct watch_alarm now = {i->id, i->level, i->state};
	l->alarms = xgrow(l->alarms, l->n_alarms, &l->cap_alarms, sizeof(*l->alarms));
	l->alarms[l->n_alarms++] = now;
	for (size_t k = 0; k < l->w->n_alarms; k++)
		if (l->w->alarms[k].id == i->id && l->w->alarms[k].level == i->level &&
			l->w->alarms[k].state == i->state)
			return 0;
	_buf_ struct buf title = {0}, bare = {0};
	/* it may quote a citizen; the cabinet has the same news as the others */
	const bool cut = policy_election_at(&l->c->policy, console_town(l->c, clock_now())) &&
		phrase_bare_title(l->c->s->config.lang, i, &bare);
	mask_text(&title, cut ? buf_slice(&bare) : i->title.n ? i->title : i->topic, TITLE_BYTES);
	say_alarm(l, i->id, town_level_names[i->level], incident_state_names[i->state],
		buf_slice(&title));
	return 0;
}

static int look_at_alarms(struct look *l, struct error *e)
{
	struct watch *w = l->w;
	int r = reader_incidents(l->c->reader, false, rings, l, e);
	if (r < 0)
		return r;
	for (size_t i = 0; i < w->n_alarms; i++) {
		bool open = false;
		for (size_t k = 0; k < l->n_alarms; k++)
			open |= l->alarms[k].id == w->alarms[i].id;
		if (!open)
			say_alarm(l, w->alarms[i].id, town_level_names[LEVEL_VERT],
				incident_state_names[INCIDENT_CLOSED], (struct slice){0});
	}
	free(w->alarms);
	w->alarms = l->alarms;
	w->n_alarms = l->n_alarms;
	w->cap_alarms = l->cap_alarms;
	l->alarms = NULL;
	return 0;
}

int watch_look(struct watch *w, struct console *c, watch_say_fn *say, void *user, struct error *e)
{
	struct look l = {.w = w, .c = c, .say = say, .user = user};
	int r = look_at_files(&l, e);
	if (r == 0)
		r = look_at_decisions(&l, e);
	if (r == 0)
		r = look_at_gone(&l, e);
	if (r == 0)
		r = look_at_claims(&l, e);
	if (r == 0)
		r = look_at_alarms(&l, e);
	if (r == 0)
		w->begun = true;
	free(l.claims);
	free(l.alarms);
	buf_release(&l.data);
	return r < 0 ? r : 0;
}
