/* SPDX-License-Identifier: GPL-3.0-or-later
 * Incidents that a single P1 comment opens: a threat, a divulged address, distress.
 *
 * Each rings by itself. Within an hour, and in one category, a comment joins an incident that is still open instead
 *   - when it is a new version of a comment of that incident: the same message, edited. It rings again
 *     when somebody took charge of what it said before;
 *   - when it has the same author: it is noted, and rings when the number doubles what somebody took charge of;
 *   - when neither has a known author and both stand in the same thread;
 *   - when SINGLES others were opened within that hour already: then it goes to the series.
 * In a thread of unknown authors and in a series each message may be another person's: they ring again at 2, 4, 8 …
 * messages, and show the newest. Two hundred threats of two hundred people in an hour ring SINGLES + 8 times.
 *
 * The hour is event time, for opening and joining. By the wall clock a flood is counted by when it was heard, so that
 * months of old comments, read when a source is connected, are one. */
#include "incident.h"

#include <errno.h>

#define TOGETHER CLOCK_HOUR
#define EXAMPLES 5u
#define SINGLES 5
#define AUTHOR_SIZE 16u

struct found {
	struct current c;
	struct incident_facts facts;
	int64_t heard; /* when the newest entry was written */
};

enum joined { BY_AUTHOR, BY_THREAD, BY_SERIES };

/* The author column of a series. */
static const unsigned char series_mark[AUTHOR_SIZE] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
#define SERIES ((struct slice){(const char *)series_mark, AUTHOR_SIZE})

/* The newest open incident of this topic and author, or SQ_DONE. */
static int newest(struct store *st, struct slice topic, struct slice author, struct found *ret,
	struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s,
		"SELECT id, level, state, ack_level, ack_messages, facts,"
		" (SELECT max(written_at) FROM entry WHERE incident = incident.id) FROM incident"
		" WHERE topic = ? AND kind = ? AND state < 2 AND author = ? ORDER BY id DESC LIMIT 1",
		"tib", topic, (int64_t)INCIDENT_P1, author);

	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r;
	*ret = (struct found){.c = {sq_col_int(s, 0), sq_col_int(s, 1), sq_col_int(s, 2),
				      sq_col_int(s, 3), sq_col_int(s, 4), false},
		.heard = sq_col_int(s, 6)};
	r = incident_facts_decode(arena_copy(&st->arena, sq_col(s, 5)), &st->arena, &ret->facts);
	sqlite3_reset(s);
	return r < 0 ? error_set(e, -EPROTO, "incident %lld illisible", (long long)ret->c.id) : 0;
}

static bool within(int64_t a, int64_t b)
{
	return a <= b + TOGETHER && b <= a + TOGETHER;
}

/* Whether SINGLES incidents of this topic were opened within the hour. */
static int flooded(struct store *st, struct slice topic, int64_t at, bool *ret, struct error *e)
{
	bool event = st->spec.clock_event;
	int64_t near = event ? at : st->wall, n = 0;
	int r = sq_get(&st->q, e, &n,
		"SELECT count(*) FROM (SELECT iif(?, opened_at,"
		" (SELECT min(written_at) FROM entry WHERE incident = i.id)) AS t FROM incident i"
		" WHERE topic = ? AND kind = ? AND state < 2 AND author IS NOT ?"
		" ORDER BY id DESC LIMIT ?) WHERE t BETWEEN ? AND ?",
		"itibiii", (int64_t)event, topic, (int64_t)INCIDENT_P1, SERIES, (int64_t)SINGLES,
		near - TOGETHER, near + TOGETHER);

	*ret = n >= SINGLES;
	return r < 0 ? r : 0;
}

/* The newest examples, or the first ones of one author: they tell what he is about. */
static void add_example(struct incident_facts *f, int64_t *examples, int64_t seq, bool newest_wins)
{
	uint32_t n = f->n_examples < EXAMPLES ? f->n_examples : EXAMPLES;

	if (newest_wins) {
		n = n < EXAMPLES - 1 ? n : EXAMPLES - 1;
		memcpy(examples + 1, f->examples, n * sizeof(*examples));
		examples[0] = seq;
		n++;
	} else {
		memcpy(examples, f->examples, n * sizeof(*examples));
		if (n < EXAMPLES)
			examples[n++] = seq;
	}
	f->examples = examples;
	f->n_examples = n;
}

/* 2nd, 4th, 8th … so that a flood buries neither the main courante nor anybody. */
static int say_growth(struct store *st, const struct found *i, enum joined how, struct error *e)
{
	static const char *const whose[] = {
		"du même auteur", "du même fil, auteurs inconnus", "en nombre, auteurs divers"};
	const struct incident_facts *f = &i->facts;
	int r = 0;

	if (f->messages & (f->messages - 1))
		return 0;
	buf_clear(&st->scratch);
	buf_printf(&st->scratch, "%u messages %s", f->messages, whose[how]);
	if (how != BY_AUTHOR)
		r = sq_do(&st->q, e, "UPDATE incident SET raised_at = ? WHERE id = ?", "ii", f->at,
			i->c.id);
	return r < 0 ? r
		     : incident_entry_add(st, i->c.id, f->at,
			       how == BY_AUTHOR ? ENTRY_NOTE : ENTRY_RAISED, i->c.level,
			       WHO_MACHINE, buf_slice(&st->scratch), e);
}

static int join(struct store *st, struct found *i, enum joined how, const struct p1 *p,
	int64_t *ret_id, struct error *e)
{
	struct incident_facts *f = &i->facts;
	struct observation o;
	int64_t *examples = arena_alloc(&st->arena, EXAMPLES * sizeof(*examples));
	int r;

	i->c.anybody = how == BY_THREAD;
	*ret_id = i->c.id;
	add_example(f, examples, p->seq, how != BY_AUTHOR);
	f->at = p->at > f->at ? p->at : f->at;
	f->messages++;
	f->recent++;
	f->offences++;
	incident_changed(st, i->c.id);
	r = sq_do(&st->q, e, "UPDATE incident SET facts = ? WHERE id = ?", "bi",
		incident_encoded(st, f), i->c.id);
	if (r == 0)
		r = say_growth(st, i, how, e);
	if (r < 0)
		return r;
	o = (struct observation){.level = (enum town_level)i->c.level, .facts = *f};
	return incident_break_ack(st, &i->c, &o, e);
}

/* The open incident that shows a comment in this version, with its facts; SQ_DONE. */
static int showing(
	struct store *st, struct slice topic, int64_t seq, struct found *ret, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s,
		"SELECT id, level, state, ack_level, ack_messages, facts FROM incident"
		" WHERE topic = ? AND kind = ? AND state < 2 ORDER BY id DESC",
		"ti", topic, (int64_t)INCIDENT_P1);

	while (r == 0) {
		r = sq_step(s, e);
		if (r)
			return r;
		*ret = (struct found){.c = {sq_col_int(s, 0), sq_col_int(s, 1), sq_col_int(s, 2),
					      sq_col_int(s, 3), sq_col_int(s, 4), false}};
		if (incident_facts_decode(
			    arena_copy(&st->arena, sq_col(s, 5)), &st->arena, &ret->facts) < 0)
			continue;
		for (uint32_t i = 0; i < ret->facts.n_examples; i++)
			if (ret->facts.examples[i] == seq) {
				sqlite3_reset(s);
				return 0;
			}
	}
	return r;
}

/* An edited comment stands in the place of its former version, and is no further message; but what somebody took charge
 * of did not say this. SQ_DONE: no open incident shows the former version. */
static int replace(
	struct store *st, struct slice topic, const struct p1 *p, int64_t *ret_id, struct error *e)
{
	int64_t before = 0;
	struct found i;
	struct observation o;
	int r = sq_get(&st->q, e, &before, "SELECT prev FROM item WHERE seq = ?", "i", p->seq);

	if (r || !before)
		return r < 0 ? r : SQ_DONE;
	r = showing(st, topic, before, &i, e);
	if (r)
		return r;
	for (uint32_t k = 0; k < i.facts.n_examples; k++)
		if (i.facts.examples[k] == before)
			i.facts.examples[k] = p->seq;
	i.c.anybody = true;
	*ret_id = i.c.id;
	incident_changed(st, i.c.id);
	r = sq_do(&st->q, e, "UPDATE incident SET facts = ? WHERE id = ?", "bi",
		incident_encoded(st, &i.facts), i.c.id);
	if (r == 0 && i.c.state == INCIDENT_ACKED)
		r = incident_entry_add(st, i.c.id, p->at, ENTRY_NOTE, i.c.level, WHO_MACHINE,
			SLICE("message modifié par son auteur"), e);
	if (r < 0)
		return r;
	o = (struct observation){.level = (enum town_level)i.c.level, .facts = i.facts};
	return incident_break_ack(st, &i.c, &o, e);
}

/* Whom a comment is put down to: its author; its thread when nobody knows the author; nobody. */
static struct slice author_of(struct store *st, const struct comment *c,
	const unsigned char author[AUTHOR_SIZE], unsigned char out[static AUTHOR_SIZE])
{
	if (c->author.n)
		return (struct slice){(const char *)author, AUTHOR_SIZE};
	if (!c->thread.n)
		return (struct slice){0};
	buf_clear(
		&st->scratch); /* an author's pseudonym begins with the source, which is not empty */
	buf_add_char(&st->scratch, 0);
	buf_add_slice(&st->scratch, c->source);
	buf_add_char(&st->scratch, 0);
	buf_add_slice(&st->scratch, c->thread);
	digest_pseudonym(st->author_key, buf_slice(&st->scratch), out);
	return (struct slice){(const char *)out, AUTHOR_SIZE};
}

/* SQ_DONE: it belongs to nothing that is open. *who: whom an incident of its own would be put down to. */
static int join_any(struct store *st, struct slice topic, const struct p1 *p, struct slice *who,
	int64_t *ret_id, struct error *e)
{
	struct found i;
	bool flood;
	int r = replace(st, topic, p, ret_id, e);

	if (r != SQ_DONE)
		return r;
	if (who->n) {
		r = newest(st, topic, *who, &i, e);
		if (r < 0)
			return r;
		if (r == 0 && within(p->at, i.facts.at))
			return join(
				st, &i, p->comment->author.n ? BY_AUTHOR : BY_THREAD, p, ret_id, e);
	}
	r = flooded(st, topic, p->at, &flood, e);
	if (r < 0 || !flood)
		return r < 0 ? r : SQ_DONE;
	*who = SERIES;
	r = newest(st, topic, *who, &i, e);
	if (r)
		return r;
	return within(p->at, i.facts.at) || (!st->spec.clock_event && within(st->wall, i.heard))
		? join(st, &i, BY_SERIES, p, ret_id, e)
		: SQ_DONE;
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

int incident_p1(struct store *st, const struct p1 *p, int64_t *ret_id, struct error *e)
{
	struct slice category = p->category.n ? p->category : SLICE("sans_categorie"), who;
	unsigned char thread[AUTHOR_SIZE];
	_buf_ struct buf topic = {0}, title = {0}, trigger = {0};
	int64_t id = 0, seq = p->seq;
	int r;

	buf_add_string(&topic, "P1:");
	buf_add_slice(&topic, category);
	who = author_of(st, p->comment, p->author, thread);
	if (!ret_id)
		ret_id = &id;
	r = join_any(st, buf_slice(&topic), p, &who, ret_id, e);
	if (r != SQ_DONE)
		return r;
	buf_add_string(&title, slice_equal(who, SERIES) ? "Urgences en nombre : " : "Urgence : ");
	buf_add_slice(&title, category_title(category));
	buf_add_string(&trigger, p->by.n ? INCIDENT_BY_HUMAN : INCIDENT_BY_RULE);
	buf_add_slice(&trigger, category);
	const struct observation o = {.kind = INCIDENT_P1,
		.level = LEVEL_ORANGE,
		.topic = buf_slice(&topic),
		.title = buf_slice(&title),
		.facts = {.at = p->at,
			.since = p->since,
			.messages = 1,
			.authors = 1,
			.sources = 1,
			.recent = 1,
			.offences = 1,
			.top5_share = 100,
			.examples = &seq,
			.n_examples = 1,
			.trigger = buf_slice(&trigger)}};
	return incident_open(st, &o, p->by.n ? p->by : WHO_MACHINE, who, ret_id, e);
}
