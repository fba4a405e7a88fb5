/* SPDX-License-Identifier: GPL-3.0-or-later
 * Many messages that are few voices: a raid (few accounts, many messages), a campaign (one text, many
 * accounts). Both stay at jaune: they are named, they do not wake the cabinet; what they say is judged
 * with the topics, less what they explain. */
#include "state.h"
#include <inttypes.h>
#include <stdio.h>

#define RAID_WINDOW (60 * MINUTE)
#define RAID_EACH 4u /* an account with so many messages in the window takes part … */
#define RAID_MESSAGES 12u /* … in a raid, if together they wrote so many … */
#define RAID_OFFENCES 3u /* … and so many of these are possible offences */
#define RAID_END (2 * 60 * MINUTE)
#define COPY_WINDOW (24 * 60 * MINUTE)
#define CAMPAIGN_END (12 * 60 * MINUTE)

static struct campaign *campaign_of(struct trend *t, uint64_t text)
{
	for (uint32_t i = 0; i < CAMPAIGNS; i++)
		if (t->campaigns[i].text == text)
			return &t->campaigns[i];
	return NULL;
}

static void campaign_start(struct trend *t, uint64_t text, int64_t at)
{
	struct campaign *c = campaign_of(t, 0);
	if (!c)
		return;
	c->text = text;
	c->fresh = true;
	c->until = at / MINUTE;
	snprintf(c->id, sizeof(c->id), "texte:%016" PRIx64, text);
}

/* True when enough accounts wrote it within the window. */
static bool copy_heard(struct copy *c, const struct event *e)
{
	uint32_t place = 0, within = 0;
	for (uint32_t i = 0; i < COPY_AUTHORS; i++) {
		if (c->authors[i] == e->author) {
			place = i;
			break;
		}
		if (c->at[i] < c->at[place])
			place = i;
	}
	c->authors[place] = e->author;
	c->at[place] = e->at;
	for (uint32_t i = 0; i < COPY_AUTHORS; i++)
		within += c->authors[i] != 0 && c->at[i] > e->at - COPY_WINDOW;
	return within == COPY_AUTHORS;
}

void groups_hear(struct trend *t, const struct event *e)
{
	if (e->text == 0 || e->author == 0)
		return;
	struct copy *set = t->copies[e->text % COPY_SETS], *c = &set[0];
	for (uint32_t i = 0; i < COPY_WAYS; i++) {
		if (set[i].text == e->text) {
			c = &set[i];
			break;
		}
		if (set[i].last < c->last)
			c = &set[i];
	}
	struct campaign *open = campaign_of(t, e->text);
	if (open)
		open->fresh = true;
	if (c->text != e->text)
		*c = (struct copy){.text = e->text};
	c->last = e->at > c->last ? e->at : c->last;
	if (copy_heard(c, e) && !open)
		campaign_start(t, e->text, e->at);
}

/* Time of the last event, 0 none; the first's, and how many authors. */
static int64_t newest(
	struct trend *t, const struct hits *h, int64_t *ret_first, uint32_t *ret_authors)
{
	int64_t last = 0;
	*ret_first = INT64_MAX;
	tally_clear(&t->authors);
	for (size_t i = 0; i < h->n; i++) {
		const struct event *e = h->list[i];
		last = e->at > last ? e->at : last;
		*ret_first = e->at < *ret_first ? e->at : *ret_first;
		tally_add(&t->authors, e->author);
	}
	*ret_authors = t->authors.n;
	return last;
}

/* A raid or one text, with its incident. */
struct group {
	enum incident_kind kind;
	const char *id;
	struct opened *open;
};

static void group_say(struct trend *t, int64_t m, enum observe_action action, const struct group *g,
	const struct hits *h)
{
	struct incident_facts facts;
	facts_curve(g->open, h);
	facts_of(t, h, g->open, m, g->kind == INCIDENT_RAID ? "raid" : "copied", &facts);
	say(t, action, g->kind, g->open->level, g->id, "", &facts);
}

/* Says what a group's incident is now: opened, news, or closed after `quiet` without a message. h: its messages, since it
 * is open or within the window in which it may open. */
static void group_tell(struct trend *t, int64_t m, const struct group *g, const struct hits *h,
	bool fresh, int64_t quiet)
{
	uint32_t authors;
	struct opened *o = g->open;
	int64_t end = (m + 1) * MINUTE, first, last = newest(t, h, &first, &authors);
	enum observe_action action = OBSERVE_UPDATE;
	if (o->level == LEVEL_VERT) {
		if (last == 0 || (g->kind == INCIDENT_CAMPAIGN && authors < COPY_AUTHORS))
			return; /* the rest lies in minutes that are still open */
		*o = (struct opened){.level = LEVEL_JAUNE,
			.since = first,
			.curve = o->curve,
			.n_curve = o->n_curve};
		action = OBSERVE_OPEN;
	} else if (last < end - quiet && o->rung < end - quiet) {
		o->level = LEVEL_VERT;
		action = OBSERVE_CLOSE;
	} else if (!fresh) {
		return;
	}
	group_say(t, m, action, g, h);
}

/* Counts the window's messages by account: those that offend, or the others of accounts that do. Returns how many. */
static uint32_t count_authors(struct trend *t, int64_t end, bool offending)
{
	const struct events *events = &t->whole->events;
	const int64_t from = end - RAID_WINDOW;
	uint32_t recent = events_since(events, from), n = 0;
	for (uint32_t i = 0; i < recent; i++) {
		const struct event *e = events_back(events, i);
		bool offends = e->lanes & LANE_MODERATION;
		if (offends != offending || e->author == 0 || e->at >= end || e->at < from)
			continue;
		if (offending)
			tally_add(&t->authors, e->author)->mark++;
		else
			(void)tally_add_known(&t->authors, e->author);
		n++;
	}
	return n;
}

/* The accounts that wrote much in the window; together a raid or not. */
static bool raid_seen(struct trend *t, int64_t end)
{
	uint64_t authors[RAID_AUTHORS + 1];
	uint32_t n = 0, messages = 0, offences = 0;
	tally_clear(&t->authors);
	if (count_authors(t, end, true) < RAID_OFFENCES)
		return false; /* as nearly always: nobody else needs to be counted */
	(void)count_authors(t, end, false);
	for (uint32_t i = 0; i < t->authors.n && n <= RAID_AUTHORS; i++) {
		const struct tally_count *c = &t->authors.list[i];
		if (c->count < RAID_EACH)
			continue;
		authors[n++] = c->key;
		messages += c->count;
		offences += c->mark;
	}
	if (n < 2 || n > RAID_AUTHORS || messages < RAID_MESSAGES || offences < RAID_OFFENCES)
		return false;
	for (uint32_t i = 0; i < n; i++) { /* who took part stays in it */
		bool known = false;
		for (uint32_t j = 0; j < t->raid.n_authors; j++)
			known |= t->raid.authors[j] == authors[i];
		if (!known && t->raid.n_authors < RAID_AUTHORS)
			t->raid.authors[t->raid.n_authors++] = authors[i];
	}
	return true;
}

static void judge_raid(struct trend *t, int64_t m)
{
	struct raid *r = &t->raid;
	int64_t end = (m + 1) * MINUTE;
	bool heard = t->whole->dirty && counts_sum(&t->whole->counts, m, 1) > 0;
	if (r->open.level == LEVEL_VERT && !heard)
		return;
	bool seen = heard && raid_seen(t, end);
	if (r->open.level == LEVEL_VERT && !seen)
		return;
	struct filter f = {.from = r->open.level ? r->open.since : end - RAID_WINDOW,
		.to = end,
		.authors = r->authors,
		.n_authors = r->n_authors};
	const struct group g = {INCIDENT_RAID, "raid", &r->open};
	const struct hits *h = facts_gather(t, &t->whole->events, &f);
	uint32_t told = r->open.told;
	if (heard && r->open.level)
		facts_curve(&r->open, h);
	bool fresh = heard && r->open.level && opened_messages(&r->open, m) != told;
	group_tell(t, m, &g, h, fresh, RAID_END);
	if (r->open.level == LEVEL_VERT) {
		opened_clear(&r->open);
		r->n_authors = 0;
	}
}

void judge_groups(struct trend *t, int64_t m)
{
	judge_raid(t, m);
	for (uint32_t i = 0; i < CAMPAIGNS; i++) {
		struct campaign *c = &t->campaigns[i];
		if (c->text == 0 || (!c->fresh && m % 5))
			continue;
		int64_t end = (m + 1) * MINUTE;
		struct filter f = {.from = c->open.level ? c->open.since : end - COPY_WINDOW,
			.to = end,
			.text = c->text};
		const struct group g = {INCIDENT_CAMPAIGN, c->id, &c->open};
		group_tell(
			t, m, &g, facts_gather(t, &t->whole->events, &f), c->fresh, CAMPAIGN_END);
		if (c->open.level) {
			c->fresh = false;
		} else if (m >= c->until) {
			opened_clear(&c->open); /* closed, or what started it fell apart */
			*c = (struct campaign){0};
		}
	}
}

static void tell_group(struct trend *t, int64_t m, const struct group *g, const struct filter *f)
{
	if (g->open->level)
		group_say(t, m, OBSERVE_OPEN, g, facts_gather(t, &t->whole->events, f));
}

void tell_groups(struct trend *t, int64_t m)
{
	struct raid *r = &t->raid;
	const struct group raid = {INCIDENT_RAID, "raid", &r->open};
	const struct filter f = {.from = r->open.since,
		.to = (m + 1) * MINUTE,
		.authors = r->authors,
		.n_authors = r->n_authors};
	tell_group(t, m, &raid, &f);
	for (uint32_t i = 0; i < CAMPAIGNS; i++) {
		struct campaign *c = &t->campaigns[i];
		const struct group g = {INCIDENT_CAMPAIGN, c->id, &c->open};
		const struct filter copies = {
			.from = c->open.since, .to = (m + 1) * MINUTE, .text = c->text};
		if (c->text)
			tell_group(t, m, &g, &copies);
	}
}
