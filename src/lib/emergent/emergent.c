/* SPDX-License-Identifier: GPL-3.0-or-later
 * A comment's way: is it the very text again; its words; is it a copy; its terms remembered; what rises; is that new, and
 * improbable enough. */
#include <tocsin/emergent/emergent.h>

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/wordhash.h>
#include "state.h"

#define WINDOW CLOCK_DAY
#define LEAST_AUTHORS 3u
#define CAMPAIGN_AUTHORS 4u
#define SLOGAN_AUTHORS \
	5u /* so many of the latest eight with one passage have joined, not read, something */
#define BAR \
	3.6 /* the lowest score that is told to who wants one topic a day: one chance in four thousand */
#define BAR_STEP \
	0.3 /* by which a topic raises the bar, twofold; topics_a_day of them come off in a day */
#define QUIET_DAYS 7 /* a term that was told is not told again */
#define WITH_MAX 3u

struct emergent_config emergent_config_default(void)
{
	return (struct emergent_config){.topics_a_day = 1.25, .key = UINT64_C(0x746f6373696e)};
}

struct emergent *emergent_new(const struct emergent_config *config)
{
	struct emergent *e = xcalloc(1, sizeof(*e));

	assert(config->topics_a_day > 0);
	e->config = *config;
	terms_empty_words(&e->empty, config->key);
	e->views = text_views_new();
	e->label_views = text_views_new();
	e->memory = memory_new();
	e->copies = copies_new();
	e->recent = xcalloc(RECENT, sizeof(*e->recent));
	e->moment.first = 1;
	return e;
}

struct emergent *emergent_free(struct emergent *e)
{
	if (!e)
		return NULL;
	text_views_free(e->views);
	text_views_free(e->label_views);
	memory_free(e->memory);
	copies_free(e->copies);
	free(e->recent);
	free(e);
	return NULL;
}

/* --- time */

static void age(struct emergent *e)
{
	if (e->now - e->all_at >= CLOCK_DAY) {
		e->all *= memory_fade((uint32_t)((e->now - e->all_at) / CLOCK_MINUTE));
		e->all_at = e->now;
	}
	e->bar = fmax(0,
		e->bar -
			BAR_STEP * e->config.topics_a_day * (double)(e->now - e->bar_at) /
				(double)CLOCK_DAY);
	e->bar_at = e->now;
}

/* A leap of more than a day, as the first date is, may be one wrong date: it is believed when the next comment is as far
 * ahead; then what both say. */
static void advance(struct emergent *e, int64_t at)
{
	bool leaps = at - e->now > CLOCK_DAY;

	if (!leaps || (e->leap && llabs(at - e->leap) < CLOCK_DAY))
		e->now = at > e->now ? at : e->now;
	else if (e->leap && at > e->leap)
		e->now = e->leap;
	e->leap = leaps ? at : 0;
}

/* What the minute of event time at hand has had, this comment with it. */
static void count_minute(struct emergent *e)
{
	uint32_t minute = (uint32_t)(e->now / CLOCK_MINUTE);

	if (minute != e->minute.number)
		e->minute = (struct minute){.number = minute};
	e->minute.heard++;
}

/* More than people write in a minute, or more of one author than anybody writes: what it would cost to remember is spared.
 * Copies cost nothing and are not counted. */
static bool is_flood(struct emergent *e)
{
	uint8_t *of_author = &e->minute.authors[e->moment.author % MINUTE_AUTHORS];

	if (*of_author >= EMERGENT_AUTHOR_MOST || e->minute.remembered >= EMERGENT_MINUTE_MOST)
		return true;
	++*of_author;
	e->minute.remembered++;
	return false;
}

static void begin(struct emergent *e, const struct emergent_message *m)
{
	struct moment *t = &e->moment;
	struct heard *h;

	age(e);
	t->ordinal++;
	t->minute = (uint32_t)(e->now / CLOCK_MINUTE);
	t->author = (uint16_t)(m->author ^ m->author >> 16 ^ m->author >> 32 ^ m->author >> 48);
	if (t->ordinal - t->first >= RECENT)
		t->first = t->ordinal - RECENT + 1;
	while (t->first != t->ordinal && e->now - heard_at(e, t->first)->at > WINDOW)
		t->first++;
	h = heard_at(e, t->ordinal);
	h->at = e->now;
	h->told = false;
	h->declared = m->declared;
	h->id_n = (uint8_t)(m->id.n < EMERGENT_ID_MAX ? m->id.n : EMERGENT_ID_MAX);
	memcpy(h->id, m->id.p, h->id_n);
	h->text_n = (uint16_t)terms_read(m->text).n;
	memcpy(h->text, m->text.p, h->text_n);
}

/* --- terms */

static unsigned today(const struct emergent *e)
{
	return (unsigned)(e->now / CLOCK_DAY);
}

static bool is_told(const struct emergent *e, const struct entry *entry)
{
	return entry->told_day && today(e) - entry->told_day < QUIET_DAYS;
}

static void touch(struct emergent *e, struct term *t, bool pair)
{
	t->entry = memory_touch(e->memory, t->hash, pair, &e->moment);
	if (is_told(e, t->entry))
		heard_at(e, e->moment.ordinal)->told = true;
}

/* Words first; which of them mean something decides about the pairs. Returns how many terms stand in e->terms. */
static size_t remember(struct emergent *e, size_t n_words, const struct past *past)
{
	const struct word *plain[WORDS_MAX];
	size_t n = 0, n_plain = 0, n_touched;

	for (size_t i = 0; i < n_words; i++)
		if (!e->words[i].empty)
			memory_prefetch(e->memory, e->words[i].hash);
	for (size_t i = 0; i < n_words; i++) {
		const struct word *w = &e->words[i];
		struct term *t = &e->terms[n];
		if (w->empty)
			continue;
		*t = (struct term){.hash = w->hash, .a = w, .b = w};
		touch(e, t, false);
		if (!rise_is_common(t->entry, past)) {
			plain[n_plain++] = w;
			n++;
		}
	}
	n_touched = n;
	for (size_t i = 0; i < n_plain; i++)
		for (size_t k = i + 1; k <= i + PAIR_REACH && k < n_plain; k++) {
			uint64_t hash = terms_pair(plain[i]->hash, plain[k]->hash);
			e->terms[n++] = (struct term){.hash = hash, .a = plain[i], .b = plain[k]};
			memory_prefetch(e->memory, hash);
		}
	for (; n_touched < n; n_touched++)
		touch(e, &e->terms[n_touched], true);
	return n;
}

/* --- topics */

static bool is_known(const struct emergent *e, const struct riser *seed)
{
	unsigned told = 0;

	for (unsigned i = 0; i < seed->n; i++)
		told += heard_at(e, seed->hits[i])->told;
	return 2 * told >= seed->n;
}

/* Half of its comments are of a topic that rules watch. */
static bool is_declared(const struct emergent *e, const struct riser *seed)
{
	unsigned declared = 0;

	for (unsigned i = 0; i < seed->n; i++)
		declared += heard_at(e, seed->hits[i])->declared;
	return 2 * declared >= seed->n;
}

static void mark(struct emergent *e, const struct riser *x)
{
	struct entry *entry = x->said_together ? memory_touch(e->memory, x->hash, true, &e->moment)
					       : memory_find(e->memory, x->hash);

	if (entry)
		entry->told_day = (uint16_t)today(e);
	for (unsigned i = 0; i < x->n; i++)
		heard_at(e, x->hits[i])->told = true;
}

static void tell(
	struct emergent *e, const struct riser *seed, double score, emergent_fn *fn, void *user)
{
	const struct riser *with[WITH_MAX];
	unsigned n;
	struct emergent_topic topic = {
		.at = e->now, .score = score, .authors = seed->n, .messages = seed->n};

	n = rise_beside(&e->rise, seed, with, WITH_MAX);
	topic.number = told_add(&e->told, seed, with, n, today(e));
	label_topic(e, &topic, seed, with, n);
	for (unsigned i = 0; i < seed->n; i++) {
		const struct heard *h = heard_at(e, seed->hits[i]);
		topic.heard[topic.n_heard++] = (struct slice){h->id, h->id_n};
	}
	mark(e, seed);
	e->bar += BAR_STEP;
	fn(user, &topic);
}

/* What each of its comments adds, but for the first, is added by those alone that quote no other; 0: too few are left. Of
 * a slogan it is the mouths that count. */
static double own_share(struct emergent *e, const struct riser *x)
{
	unsigned most, own = passages_own(e, x, &most);

	if (most >= SLOGAN_AUTHORS)
		return 1;
	return own < LEAST_AUTHORS ? 0 : (own - 1.0) / (x->n - 1.0);
}

/* Who wants ten times as many topics gets what is ten times as likely. */
static double bar_of(const struct emergent *e)
{
	return BAR - log10(e->config.topics_a_day) + e->bar;
}

/* The least likely of what rises decides: what is known already needs no other name. */
static void consider(struct emergent *e, emergent_fn *fn, void *user)
{
	double bar = bar_of(e);

	for (unsigned i = 0; i < e->rise.n && e->rise.list[i].score >= bar; i++) {
		const struct riser *x = &e->rise.list[i];
		if (x->n < LEAST_AUTHORS || is_declared(e, x))
			continue;
		if (is_known(e, x)) {
			heard_at(e, e->moment.ordinal)->told = true;
			return;
		}
		double score = x->score * own_share(e, x);
		if (score >= bar) {
			tell(e, x, score, fn, user);
			return;
		}
	}
}

static void consider_campaign(struct emergent *e, struct campaign *c, emergent_fn *fn, void *user)
{
	const struct heard *root = heard_at(e, c->root);
	struct emergent_topic topic = {.at = e->now,
		.campaign = true,
		.authors = c->authors,
		.messages = c->messages,
		.n_terms = 1,
		.n_examples = 2};

	if (c->told || c->authors < CAMPAIGN_AUTHORS || e->moment.ordinal - c->root >= RECENT)
		return;
	c->told = true;
	topic.terms[0] = heard_text(root);
	topic.score = bar_of(e);
	topic.examples[0] = (struct slice){root->id, root->id_n};
	topic.examples[1] = (struct slice){
		heard_at(e, e->moment.ordinal)->id, heard_at(e, e->moment.ordinal)->id_n};
	fn(user, &topic);
}

uint32_t emergent_hear(
	struct emergent *e, const struct emergent_message *message, emergent_fn *fn, void *user)
{
	struct campaign *copied;
	struct slice text;
	struct past past;
	uint64_t hash;
	size_t n, n_words = 0;

	advance(e, message->at);
	count_minute(e);
	if (e->minute.heard > EMERGENT_FLOOD)
		return 0;
	begin(e, message);
	text = heard_text(heard_at(e, e->moment.ordinal));
	hash = wordhash(text);
	copied = copies_again(e->copies, hash, &e->moment);
	if (!copied) {
		text_views_make(e->views, text);
		n_words = terms_words(e->views, &e->empty, e->config.key, e->words);
		copied = copies_find(e->copies, e->words, n_words, hash, &e->moment);
	}
	if (copied) {
		consider_campaign(e, copied, fn, user);
		return 0;
	}
	past.heard = fmax(1, e->all - (e->moment.ordinal - e->moment.first));
	past.discount[0] = memory_discount(e->memory, false);
	past.discount[1] = memory_discount(e->memory, true);
	e->all++;
	if (!is_flood(e)) {
		n = remember(e, n_words, &past);
		rise_judge(&e->rise, e->terms, n, &past, e->moment.ordinal);
		consider(e, fn, user);
	}
	return told_find(
		&e->told, e->words, n_words, today(e) > QUIET_DAYS ? today(e) - QUIET_DAYS : 0);
}
