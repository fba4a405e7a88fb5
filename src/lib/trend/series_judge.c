/* SPDX-License-Identifier: GPL-3.0-or-later
 * Levels of topics, categories and the whole. */
#include "state.h"
#include <math.h>
#include <stdlib.h>

#define YOUNG_DAYS 3u /* a town's own size takes some days to know */
#define YOUNG_SHARE 0.25 /* until then a topic must also be so much of all the rest */
#define KNOWN_DAYS 7u /* before that, how rare something is would be said of the prior (rarity.c) */
#define PATIENCE \
	30 /* minutes that a volume waits: what is said may get its own name first, and then rings once */
#define AHEAD 8u /* events of which the counts are asked for before their turn */
#define COPIED_LEAST 4u /* messages with one text in a window are copies */
static const double rise[] = {[LEVEL_JAUNE] = 1, [LEVEL_ORANGE] = 1.5, [LEVEL_ROUGE] = 3};
/* What takes longer asks for more people: so many times the authors, for a level above jaune in the long window, and
 * for jaune in the day's. A slow rise goes no higher: it is for tomorrow's working hours. */
static const uint32_t long_floor = 3;

/* As a level counts them. */
static double weighed(const struct measure *c)
{
	return c->messages + (double)c->echo / ECHO_PARTS;
}

/* An incident told of it before it closed. What was said then and heard later, of a source that was out of reach, is news. */
static bool was_told(const struct series *s, const struct event *e)
{
	return e->at < s->told_to && e->seq <= s->told_seq;
}

void series_told(struct series *s, int64_t end, int64_t seq)
{
	s->told_to = end;
	s->told_seq = seq;
}

/* An incident of the series is open, or told of it before it closed. */
static bool tells_of(const struct series *s, const struct event *e)
{
	return s->open.level || was_told(s, e);
}

/* … or will, when it has risen for long enough. */
static bool tells_soon(const struct trend *t, const struct series *s, const struct event *e)
{
	return tells_of(s, e) || (s->over && t->next - s->over <= PATIENCE);
}

bool has_subject(const struct trend *t, const struct event *e)
{
	for (uint32_t i = 0; i < EVENT_TOPICS && e->topics[i] != NO_SERIES; i++)
		if (tells_of(t->series[e->topics[i]], e))
			return true;
	return e->category != NO_SERIES && tells_of(t->series[e->category], e);
}

/* For what says nothing of its subject: by a copied text, a topic, a category, a post, a source. */
static bool has_name(const struct trend *t, const struct series *s, const struct event *e)
{
	for (uint32_t i = 0; e->text && i < CAMPAIGNS; i++)
		if (t->campaigns[i].open.level && t->campaigns[i].text == e->text)
			return true;
	if (has_subject(t, e))
		return true;
	const struct series *thread =
		s->type > SERIES_THREAD ? threads_find(t, threads_key(t, e)) : NULL;
	if (thread && (tells_soon(t, thread, e) || thread->beside > e->at / MINUTE))
		return true;
	const struct series *source = t->sources[e->source].series;
	return s->type == SERIES_WHOLE && source && tells_soon(t, source, e);
}

bool is_explained(const struct trend *t, const struct series *s, const struct event *e)
{
	for (uint32_t i = 0; i < EVENT_TOPICS && e->topics[i] != NO_SERIES; i++)
		if (e->topics[i] != s->index && t->series[e->topics[i]]->open.level >= LEVEL_JAUNE)
			return true;
	for (uint32_t i = 0; t->raid.open.level && i < t->raid.n_authors; i++)
		if (t->raid.authors[i] == e->author)
			return true;
	return s->type >= SERIES_THREAD && has_name(t, s, e);
}

/* True when the last measure holds for the window too: the same events, all of them in it. */
static bool is_measured(const struct measured *last, const struct measured *now)
{
	return last->whole && last->series == now->series && last->total == now->total &&
		last->minute == now->minute && last->open == now->open &&
		last->looked == now->looked;
}

/* Of the window that ends with minute number m. Windows are asked for from the shortest on. */
static void measure(
	struct trend *t, const struct series *s, enum window w, int64_t m, struct measure *ret)
{
	int64_t from = window_from(w, m) * MINUTE, end = (m + 1) * MINUTE;
	uint64_t heard[TREND_SOURCES_MAX / 64] = {0};
	struct measured now = {.series = s,
		.total = s->total,
		.minute = m,
		.open = s->open.level != LEVEL_VERT,
		.whole = true,
		.looked = events_since(&s->events, from)};
	*ret = t->measured.what;
	if (is_measured(&t->measured, &now))
		return;
	*ret = (struct measure){0};
	tally_clear(&t->authors);
	tally_clear(&t->texts);
	for (uint32_t i = 0; i < now.looked; i++) {
		const struct event *e = events_back(&s->events, i);
		const struct event *soon =
			events_back(&s->events, i + AHEAD < now.looked ? i + AHEAD : i);
		tally_expect(&t->authors, soon->author);
		tally_expect(&t->texts, soon->text);
		now.whole &= e->at >= from;
		if (e->at >= end || e->at < from ||
			(!now.open && (was_told(s, e) || is_explained(t, s, e))))
			continue;
		if (tally_add(&t->authors, e->author)->count <= PER_AUTHOR) {
			ret->messages++;
			ret->echo += e->echo;
		}
		if (e->text) {
			uint32_t c = tally_add(&t->texts, e->text)->count;
			ret->copied += c == COPIED_LEAST ? COPIED_LEAST : c > COPIED_LEAST;
		}
		heard[e->source / 64] |= UINT64_C(1) << (e->source % 64);
	}
	ret->authors = t->authors.n;
	for (uint32_t i = 0; i < TREND_SOURCES_MAX / 64; i++)
		ret->sources += (uint32_t)__builtin_popcountll(heard[i]);
	now.what = *ret;
	t->measured = now;
}

static uint32_t floor_of(const struct trend *t, enum town_level level)
{
	return level == LEVEL_ROUGE     ? t->config.rouge_authors
		: level == LEVEL_ORANGE ? t->config.orange_authors
					: t->config.jaune_authors;
}

static bool reaches(const struct trend *t, const struct series *s, const struct measure *c,
	enum window w, enum town_level level)
{
	bool more = w == WINDOW_DAY || (w == WINDOW_LONG && level > LEVEL_JAUNE);
	uint32_t authors = floor_of(t, level) * (more ? long_floor : 1);
	if (w == WINDOW_DAY && level > LEVEL_JAUNE)
		return false;
	if (s->sensitivity == TREND_OFF || c->authors < authors ||
		weighed(c) < rise[level] * s->q[w])
		return false;
	if (level == LEVEL_ROUGE && c->sources < t->config.rouge_sources)
		return false;
	return s->type < SERIES_THREAD || (level == LEVEL_JAUNE && s->days >= YOUNG_DAYS);
}

static enum town_level wanted(struct trend *t, struct series *s, int64_t m, enum window *ret_window)
{
	enum town_level best = LEVEL_VERT;
	for (int w = 0; w < WINDOWS; w++) {
		struct measure c;
		uint32_t all = series_window(s, w, m);
		uint32_t most = s->echoed >= window_from(w, m) ? 2 * all : all;
		if (all < t->config.jaune_authors || most < s->q[w])
			continue; /* nobody needs to be counted */
		if (s->type == SERIES_THREAD && s->open.level == LEVEL_VERT &&
			threads_beside(t, s, m))
			break;
		measure(t, s, w, m, &c);
		if (s->open.level == LEVEL_VERT && c.copied * 2 > c.messages)
			continue; /* a copied text is named as one */
		uint32_t rest = series_window(t->whole, w, m) - all;
		if (s->days < YOUNG_DAYS && (w != WINDOW_SHORT || c.messages < YOUNG_SHARE * rest))
			continue;
		for (int level = LEVEL_ROUGE; level > (int)best; level--)
			if (reaches(t, s, &c, w, level)) {
				best = level;
				*ret_window = w;
			}
	}
	return best;
}

/* Half of what raised it, over the long window. */
static bool stays(struct trend *t, const struct series *s, int64_t m)
{
	struct measure c;
	measure(t, s, WINDOW_LONG, m, &c);
	return c.authors * 2 >= floor_of(t, s->open.level) &&
		weighed(&c) * 2 >= rise[s->open.level] * s->q[WINDOW_SHORT];
}

void series_look_at(struct trend *t, struct series *s)
{
	if (s->type == SERIES_THREAD)
		threads_at(t, s);
	else
		series_at(s, t->hour_of_week);
}

static const struct rarity *law_of(const struct trend *t, const struct series *s)
{
	return s->type == SERIES_THREAD ? &t->threads.loudest : &s->rarity;
}

/* How rare it is, by the windows that end with minute number m and as people count for a level; it keeps its height. A
 * young series knows only what is usual for others. */
static void note_rarity(struct trend *t, struct series *s, int64_t m)
{
	struct opened *o = &s->open;
	series_look_at(t, s);
	for (int w = 0; s->days >= KNOWN_DAYS && w < WINDOWS; w++) {
		struct measure c;
		if (rarity_period(law_of(t, s), w, series_window(s, w, m)) <= o->once_in)
			continue; /* nobody needs to be counted */
		measure(t, s, w, m, &c);
		o->once_in = fmax(o->once_in, rarity_period(law_of(t, s), w, c.messages));
	}
}

/* As people are told: two figures. More would also differ by how the past was heard, at once or over a month. */
static double two_figures(double days)
{
	double unit = days > 0 ? pow(10, floor(log10(days)) - 1) : 1;
	return round(days / unit) * unit;
}

static void tell(struct trend *t, struct series *s, int64_t m, enum observe_action action)
{
	static const char *const trigger[] = {"rise", "offences", "thread", "source", "volume"};
	struct filter f = {.from = s->open.since, .to = (m + 1) * MINUTE};
	struct incident_facts facts;
	facts_make(t, &s->events, &f, &s->open, m, trigger[s->type], &facts);
	facts_usual(t, s, &facts);
	note_rarity(t, s, m);
	facts.once_in = two_figures(s->open.once_in);
	facts.threshold = s->days >= KNOWN_DAYS ? s->q[WINDOW_SHORT] : 0;
	say(t, action, s->type >= SERIES_THREAD ? INCIDENT_WHOLE : INCIDENT_TOPIC, s->open.level,
		s->id, s->title, &facts);
}

static void open_series(
	struct trend *t, struct series *s, int64_t m, enum town_level level, enum window window)
{
	struct opened *o = &s->open;
	opened_clear(o);
	o->since = facts_since(t, s, m, window);
	o->level = level;
	o->max_before = s->type == SERIES_THREAD ? t->threads.hour_max : s->hour_max;
	t->n_open++;
	struct filter f = {.from = o->since, .to = INT64_MAX};
	facts_refill(t, o, &s->events, &f);
	for (int64_t i = o->since / MINUTE; i <= s->counts.head;
		i++) /* not all of a loud minute was kept */
		if (counts_sum(&s->counts, i, 1) > s->events.a_minute)
			opened_set(o, i, counts_sum(&s->counts, i, 1));
	tell(t, s, m, OBSERVE_OPEN);
}

/* True when a volume, which says of nothing what it is about, has not risen for long enough. */
static bool waits(struct series *s, int64_t m, enum town_level level)
{
	if (level == LEVEL_VERT || s->open.level || s->type < SERIES_THREAD)
		s->over = 0;
	else if (s->over == 0)
		s->over = m;
	return s->over && m - s->over < PATIENCE;
}

static void judge(struct trend *t, struct series *s, int64_t m)
{
	enum window window = WINDOW_SHORT;
	enum town_level level = wanted(t, s, m, &window);
	if (waits(s, m, level)) {
		series_due(t, s); /* when its time has come, also if nobody says anything more */
		return;
	}
	if (level > s->open.level && s->open.level == LEVEL_VERT) {
		open_series(t, s, m, level, window);
	} else if (level > s->open.level) {
		s->open.level = level;
		s->open.weak_since = 0;
		tell(t, s, m, OBSERVE_RAISE);
	} else if (s->open.level && opened_messages(&s->open, m) != s->open.told) {
		tell(t, s, m, OBSERVE_UPDATE);
	}
}

static void settle(struct trend *t, struct series *s, int64_t m)
{
	struct opened *o = &s->open;
	int64_t end = (m + 1) * MINUTE;
	series_look_at(t, s);
	if (stays(t, s, m)) {
		o->weak_since = 0;
		return;
	}
	if (o->weak_since == 0)
		o->weak_since = end;
	if (o->level > LEVEL_JAUNE && end - o->weak_since >= t->config.hold_ms) {
		o->level--;
		o->weak_since = 0;
		tell(t, s, m, OBSERVE_LOWER);
	} else if (o->level == LEVEL_JAUNE && end - o->weak_since >= t->config.close_ms) {
		o->level = LEVEL_VERT;
		tell(t, s, m, OBSERVE_CLOSE);
		series_told(s, end, t->through_seq);
		opened_clear(o);
		t->n_open--;
	}
}

/* Topics before categories before posts before sources before the whole; the loudest first, and of equals the broader one: what it
 * explains is more. */
struct turn {
	struct series *series;
	uint32_t count;
	uint64_t past;
};

static int by_turn(const void *a, const void *b)
{
	const struct turn *x = a, *y = b;
	if (x->series->type != y->series->type)
		return (int)x->series->type - (int)y->series->type;
	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	if (x->past != y->past)
		return x->past < y->past ? 1 : -1;
	return x->series->index < y->series->index ? -1 : 1;
}

static void note(struct trend *t, struct series *s, int64_t m)
{
	series_note(s, m);
	if (s->type == SERIES_THREAD)
		threads_note(t, s, m);
}

void judge_series(struct trend *t, int64_t m)
{
	struct turn *turns = arena_alloc(&t->arena, sizeof(*turns) * (t->n_dirty + 1));
	uint32_t n = 0, left = 0;
	for (uint32_t i = 0; i < t->n_dirty; i++) {
		struct series *s = t->series[t->dirty[i]];
		uint32_t count = series_window(s, WINDOW_SHORT, m);
		series_look_at(t, s);
		if (!s->over || s->counts.last >= m)
			note(t, s, m);
		turns[n++] = (struct turn){s, count, s->total};
		s->dirty = s->counts.last > m;
		if (s->dirty)
			t->dirty[left++] = t->dirty[i];
	}
	t->n_dirty = left;
	qsort(turns, n, sizeof(*turns), by_turn);
	uint32_t i = 0;
	for (; i < n && turns[i].series->type < SERIES_THREAD; i++)
		judge(t, turns[i].series, m);
	judge_emergences(t, m);
	for (; i < n; i++)
		judge(t, turns[i].series, m);
	for (i = 0; t->n_open && m % 5 == 0 && i < t->n_series; i++)
		if (t->series[i]->open.level)
			settle(t, t->series[i], m);
}

void tell_series(struct trend *t, int64_t m)
{
	for (uint32_t i = 0; i < t->n_series; i++)
		if (t->series[i]->open.level)
			tell(t, t->series[i], m, OBSERVE_OPEN);
}
