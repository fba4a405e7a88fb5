/* SPDX-License-Identifier: GPL-3.0-or-later
 * Incidents as the observers report them, and those that a single P1 comment opens. */
#include <errno.h>
#include <tocsin/base/alloc.h>

#include "st.h"

#define P1_TOGETHER CLOCK_HOUR
#define P1_EXAMPLES 5u
#define WHO_MACHINE SLICE("tocsin")

void incident_changed(struct store *st, int64_t id)
{
	struct store_changes *c = &st->changes;

	for (size_t i = 0; i < c->n_incidents; i++)
		if (c->incidents[i] == id)
			return;
	if (c->n_incidents == c->cap_incidents) {
		c->cap_incidents = c->cap_incidents ? 2 * c->cap_incidents : 8;
		c->incidents = xreallocarray(c->incidents, c->cap_incidents, sizeof(*c->incidents));
	}
	c->incidents[c->n_incidents++] = id;
}

int incident_entry_add(struct store *st, int64_t incident, int64_t at, enum entry_kind kind,
	int64_t level, struct slice who, struct slice text, struct error *e)
{
	incident_changed(st, incident);
	return sq_do(&st->q, e,
		"INSERT INTO entry(incident, at, written_at, kind, level, who, text)"
		" VALUES(?, ?, ?, ?, ?, ?, ?)",
		"iiiiitt", incident, at, st->wall, (int64_t)kind, level, who, text);
}

/* An open incident as far as changing it needs. */
struct current {
	int64_t id, level, state, ack_level, ack_messages;
	bool anybody; /* no author is known: each message may be another person's */
};

static int find_open(
	struct store *st, const struct observation *o, struct current *ret, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s,
		"SELECT id, level, state, ack_level, ack_messages FROM incident"
		" WHERE topic = ? AND kind = ? AND state < 2 ORDER BY id DESC LIMIT 1",
		"ti", o->topic, (int64_t)o->kind);

	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r;
	*ret = (struct current){sq_col_int(s, 0), sq_col_int(s, 1), sq_col_int(s, 2),
		sq_col_int(s, 3), sq_col_int(s, 4)};
	sqlite3_reset(s);
	return 0;
}

static struct slice encoded(struct store *st, const struct incident_facts *f)
{
	buf_clear(&st->facts);
	incident_facts_encode(&st->facts, f);
	return buf_slice(&st->facts);
}

static int open_new(struct store *st, const struct observation *o, struct slice author,
	int64_t *ret_id, struct error *e)
{
	int r = sq_do(&st->q, e,
		"INSERT INTO incident(kind, state, level, peak, topic, title, author, opened_at,"
		" raised_at, facts) VALUES(?, 0, ?, ?, ?, ?, ?, ?, ?, ?)",
		"iiittBiib", (int64_t)o->kind, (int64_t)o->level, (int64_t)o->level, o->topic,
		o->title, author, o->facts.at, o->facts.at, encoded(st, &o->facts));

	if (r < 0)
		return r;
	*ret_id = sqlite3_last_insert_rowid(st->q.db);
	return incident_entry_add(
		st, *ret_id, o->facts.at, ENTRY_OPENED, o->level, WHO_MACHINE, o->facts.trigger, e);
}

/* A higher level or twice the volume is not what was acknowledged. */
static int break_ack(
	struct store *st, const struct current *c, const struct observation *o, struct error *e)
{
	int r;

	if (c->state != INCIDENT_ACKED ||
		((int64_t)o->level <= c->ack_level && !c->anybody &&
			(!c->ack_messages || (int64_t)o->facts.messages < 2 * c->ack_messages)))
		return 0;
	r = sq_do(&st->q, e,
		"UPDATE incident SET state = 0, acked_at = 0, ack_expires_at = 0, acked_by = ''"
		" WHERE id = ?",
		"i", c->id);
	return r < 0 ? r
		     : incident_entry_add(st, c->id, o->facts.at, ENTRY_ACK_BROKEN, o->level,
			       WHO_MACHINE, (struct slice){0}, e);
}

static int change(
	struct store *st, const struct current *c, const struct observation *o, struct error *e)
{
	int64_t level = o->level;
	bool up = level > c->level, down = level < c->level;
	int r = sq_do(&st->q, e,
		"UPDATE incident SET level = ?1, peak = max(peak, ?1), title = ?2, facts = ?3,"
		" raised_at = iif(?4, ?5, raised_at) WHERE id = ?6",
		"itbiii", level, o->title, encoded(st, &o->facts), (int64_t)up, o->facts.at, c->id);

	incident_changed(st, c->id);
	if (r == 0 && up)
		r = incident_entry_add(st, c->id, o->facts.at, ENTRY_RAISED, level, WHO_MACHINE,
			o->facts.trigger, e);
	if (r == 0 && down)
		r = incident_entry_add(st, c->id, o->facts.at, ENTRY_LOWERED, level, WHO_MACHINE,
			(struct slice){0}, e);
	return r < 0 ? r : break_ack(st, c, o, e);
}

static int close_one(
	struct store *st, const struct current *c, const struct observation *o, struct error *e)
{
	int r = sq_do(&st->q, e,
		"UPDATE incident SET state = 2, closed_at = ?, level = ?, facts = ? WHERE id = ?",
		"iibi", o->facts.at, (int64_t)o->level, encoded(st, &o->facts), c->id);

	return r < 0 ? r
		     : incident_entry_add(st, c->id, o->facts.at, ENTRY_CLOSED, o->level,
			       WHO_MACHINE, (struct slice){0}, e);
}

static int observe_one(struct store *st, const struct observation *o, struct error *e)
{
	struct current c = {0};
	int64_t id;
	int r = find_open(st, o, &c, e);

	if (r < 0)
		return r;
	if (r == SQ_DONE)
		return o->action == OBSERVE_OPEN || o->action == OBSERVE_RAISE
			? open_new(st, o, (struct slice){0}, &id, e)
			: 0;
	return o->action == OBSERVE_CLOSE ? close_one(st, &c, o, e) : change(st, &c, o, e);
}

/* The minute that nothing is told twice before. After the clock was put back it says nothing any more, and whoever took
 * charge under the other clock keeps it for as long as was meant, from now. */
static int told_before(struct store *st, int64_t *ret, struct error *e)
{
	int r = note_get_int(st, "observed_minute", INT64_MIN, ret, e);

	if (r < 0 || st->spec.clock_event || !observe_outlived(*ret, st->wall))
		return r;
	*ret = INT64_MIN;
	return sq_do(&st->q, e,
		"UPDATE incident SET ack_expires_at = ?1 + ack_expires_at - acked_at, acked_at = ?1"
		" WHERE state = 1 AND acked_at > ?1",
		"i", st->wall);
}

int incident_observe(struct store *st, struct slice body, struct error *e)
{
	struct observe_request q;
	int64_t last;
	int r;

	arena_clear(&st->arena);
	if (observe_decode(body, &st->arena, &q) < 0)
		return error_set(e, -EBADMSG, "observation illisible");
	r = told_before(st, &last, e);
	if (r < 0 || q.minute <= last)
		return r;
	for (uint32_t i = 0; r == 0 && i < q.n; i++)
		r = observe_one(st, &q.list[i], e);
	if (r == 0)
		r = note_set_int(st, "observed_minute", q.minute, e);
	return r < 0 ? r : note_set_int(st, "observed_seq", q.through_seq, e);
}

/* One more message of the same author and category, within the hour of the last. */
static int join(struct store *st, struct slice topic, struct slice author, int64_t seq, int64_t at,
	struct error *e)
{
	struct incident_facts f;
	struct observation o;
	static const unsigned char nobody[16];
	struct current c = {.anybody = !memcmp(author.p, nobody, sizeof(nobody))};
	int64_t examples[P1_EXAMPLES];
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s,
		"SELECT id, level, state, ack_level, ack_messages, facts FROM incident WHERE topic = ? AND kind = ? AND state < 2"
		" AND author = ? ORDER BY id DESC LIMIT 1",
		"tib", topic, (int64_t)INCIDENT_P1, author);

	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r;
	c.id = sq_col_int(s, 0);
	c.level = sq_col_int(s, 1);
	c.state = sq_col_int(s, 2);
	c.ack_level = sq_col_int(s, 3);
	c.ack_messages = sq_col_int(s, 4);
	r = incident_facts_decode(arena_copy(&st->arena, sq_col(s, 5)), &st->arena, &f);
	sqlite3_reset(s);
	if (r < 0)
		return error_set(e, -EPROTO, "incident %lld illisible", (long long)c.id);
	if (at > f.at + P1_TOGETHER || at < f.at - P1_TOGETHER)
		return SQ_DONE;
	for (uint32_t i = 0; i < f.n_examples && i < P1_EXAMPLES; i++)
		examples[i] = f.examples[i];
	if (f.n_examples < P1_EXAMPLES)
		examples[f.n_examples++] = seq;
	f.examples = examples;
	f.at = at > f.at ? at : f.at;
	f.messages++;
	f.recent++;
	f.offences++;
	incident_changed(st, c.id);
	r = sq_do(&st->q, e, "UPDATE incident SET facts = ? WHERE id = ?", "bi", encoded(st, &f),
		c.id);
	/* 2nd, 4th, 8th … so that a flood does not bury the main courante */
	if (r == 0 && (f.messages & (f.messages - 1)) == 0) {
		buf_clear(&st->scratch);
		buf_printf(&st->scratch, "%u messages du même auteur", f.messages);
		r = incident_entry_add(
			st, c.id, at, ENTRY_NOTE, c.level, WHO_MACHINE, buf_slice(&st->scratch), e);
	}
	if (r < 0)
		return r;
	o = (struct observation){.level = (enum town_level)c.level, .facts = f};
	return break_ack(st, &c, &o, e);
}

/* A category's key as people write it; a key that needs no accent stands for itself. */
static struct slice category_title(struct slice key)
{
	static const struct {
		const char *key, *title;
	} titles[] = {{"detresse", "détresse"}, {"mineur_danger", "mineur en danger"},
		{"apologie_terrorisme", "apologie du terrorisme"},
		{"provocation_haine", "provocation à la haine"},
		{"harcelement_raid", "harcèlement"}, {"doxxing", "données personnelles divulguées"},
		{"vie_privee", "vie privée"}, {"injure_discriminatoire", "injure discriminatoire"}};
	for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++)
		if (slice_is(key, titles[i].key))
			return slice_of(titles[i].title);
	return key;
}

int incident_p1(struct store *st, int64_t seq, int64_t at, const struct verdict *v,
	const unsigned char author[16], struct error *e)
{
	struct slice category = v->n_categories ? v->categories[0] : SLICE("sans_categorie");
	struct slice who = {(const char *)author, 16};
	_buf_ struct buf topic = {0};
	_buf_ struct buf title = {0};
	_buf_ struct buf trigger = {0};
	struct observation o = {.kind = INCIDENT_P1, .level = LEVEL_ORANGE};
	int64_t id;
	int r;

	buf_add_string(&topic, "P1:");
	buf_add_slice(&topic, category);
	r = join(st, buf_slice(&topic), who, seq, at, e);
	if (r != SQ_DONE)
		return r;
	buf_add_string(&title, "Urgence : ");
	buf_add_slice(&title, category_title(category));
	buf_add_string(&trigger, "p1:");
	buf_add_slice(&trigger, category);
	o.topic = buf_slice(&topic);
	o.title = buf_slice(&title);
	o.facts = (struct incident_facts){.at = at,
		.since = at,
		.messages = 1,
		.authors = 1,
		.sources = 1,
		.recent = 1,
		.offences = 1,
		.top5_share = 100,
		.examples = &seq,
		.n_examples = 1,
		.trigger = buf_slice(&trigger)};
	return open_new(st, &o, who, &id, e);
}

/* Acknowledgements that ran out, by the town clock. */
int incident_expire(struct store *st, struct error *e)
{
	int64_t now = town_now(st), id, level;
	sqlite3_stmt *s;
	int r;

	for (;;) {
		r = sq_query(&st->q, e, &s,
			"SELECT id, level FROM incident WHERE state = 1 AND ack_expires_at <= ? LIMIT 1",
			"i", now);
		if (r == 0)
			r = sq_step(s, e);
		if (r)
			return r < 0 ? r : 0;
		id = sq_col_int(s, 0);
		level = sq_col_int(s, 1);
		sqlite3_reset(s);
		r = sq_do(&st->q, e,
			"UPDATE incident SET state = 0, acked_at = 0, ack_expires_at = 0, acked_by = ''"
			" WHERE id = ?",
			"i", id);
		if (r == 0)
			r = incident_entry_add(st, id, now, ENTRY_ACK_EXPIRED, level, WHO_MACHINE,
				(struct slice){0}, e);
		if (r < 0)
			return r;
	}
}
