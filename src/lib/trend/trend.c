/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/trend/trend.h>
#include "state.h"
#include <stdio.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/wordhash.h>

#define LATE_MAX (2 * 60 * MINUTE)
#define JUMP_DAYS \
	70 /* a clock that jumps further does not walk through every minute: no day is remembered so long */

struct trend_config trend_config_default(void)
{
	return (struct trend_config){.late_ms = 2 * MINUTE,
		.jaune_authors = 5,
		.orange_authors = 8,
		.rouge_authors = 25,
		.rouge_sources = 2,
		.hold_ms = 60 * MINUTE,
		.close_ms = 4 * 60 * MINUTE};
}

void trend_floors(struct trend_config *c, const int64_t floors[static 3])
{
	uint32_t *const at[] = {&c->jaune_authors, &c->orange_authors, &c->rouge_authors};
	for (size_t i = 0; i < 3; i++) {
		if (floors[i] > 0)
			*at[i] = (uint32_t)floors[i];
		if (i && *at[i] < *at[i - 1])
			*at[i] = *at[i - 1];
	}
}

enum trend_sensitivity trend_sensitivity_of(struct slice word)
{
	return slice_is(word, "off")     ? TREND_OFF
		: slice_is(word, "low")  ? TREND_LOW
		: slice_is(word, "high") ? TREND_HIGH
					 : TREND_NORMAL;
}

struct trend *trend_new(const struct trend_config *config)
{
	struct trend *t = xcalloc(1, sizeof(*t));
	t->config = *config;
	if (t->config.late_ms > LATE_MAX)
		t->config.late_ms = LATE_MAX;
	if (t->config.late_ms < 0)
		t->config.late_ms = 0;
	t->series_ids = map_new();
	t->source_ids = map_new();
	t->copies = xcalloc(COPY_SETS, sizeof(*t->copies));
	t->said = xcalloc(OBSERVATIONS_MAX, sizeof(*t->said));
	t->quarter = -1;
	arena_init(&t->arena, 0);
	rhythm_init(&t->rhythm);
	threads_init(&t->threads, rhythm_peak(&t->rhythm));
	t->whole = trend_series(t, "", SLICE("whole"), SERIES_WHOLE);
	return t;
}

struct trend *trend_free(struct trend *t)
{
	if (!t)
		return NULL;
	for (uint32_t i = 0; i < t->n_series; i++)
		series_free(t->series[i]);
	for (uint32_t i = 0; i < t->n_sources; i++)
		free(t->sources[i].id);
	for (uint32_t i = 0; i < CAMPAIGNS; i++)
		opened_clear(&t->campaigns[i].open);
	opened_clear(&t->raid.open);
	emergences_release(t);
	map_free(t->series_ids);
	map_free(t->source_ids);
	tally_release(&t->authors);
	tally_release(&t->texts);
	free(t->hits.list);
	arena_release(&t->arena);
	free(t->copies);
	free(t->said);
	free(t->rows);
	free(t);
	return NULL;
}

struct series *trend_series_add(struct trend *t, struct slice id, enum series_type type)
{
	uint32_t events = type == SERIES_WHOLE ? WHOLE_EVENTS
		: type == SERIES_THREAD        ? THREAD_EVENTS
					       : TOPIC_EVENTS;
	struct series *s = series_new(id, id, type, events);
	s->index = (uint16_t)t->n_series;
	series_past(s, t->whole ? t->whole->days : 0, rhythm_peak(&t->rhythm));
	t->series[t->n_series++] = s;
	return s;
}

/* The series of that name, made when it is new; NULL when there are too many. */
struct series *trend_series(
	struct trend *t, const char *prefix, struct slice id, enum series_type type)
{
	char name[320];
	int n = snprintf(
		name, sizeof(name), "%s%.*s", prefix, (int)(id.n < 256 ? id.n : 256), id.p);
	struct slice key = {name, (size_t)n};
	uint64_t *at = map_find(t->series_ids, key);
	if (at)
		return t->series[*at];
	if (t->n_series == TREND_SERIES_MAX)
		return NULL;
	*map_at(t->series_ids, key, NULL) = t->n_series;
	return trend_series_add(t, key, type);
}

void trend_topic(
	struct trend *t, struct slice id, struct slice title, enum trend_sensitivity sensitivity)
{
	struct series *s = trend_series(t, "", id, SERIES_TOPIC);
	if (!s || s->type != SERIES_TOPIC)
		return;
	free(s->title);
	s->title = xstrndup(title.p, title.n);
	s->sensitivity = sensitivity;
	s->rarity.hour_ended = true; /* the thresholds are other ones */
}

/* Number of the source, the last one for all that are too many. */
static uint16_t source_of(struct trend *t, struct slice id)
{
	uint64_t *at = map_find(t->source_ids, id);
	if (at)
		return (uint16_t)*at;
	if (t->n_sources == TREND_SOURCES_MAX)
		return TREND_SOURCES_MAX - 1;
	struct source *s = &t->sources[t->n_sources];
	s->id = xstrndup(id.p, id.n);
	s->series = trend_series(t, INCIDENT_SOURCE_TOPIC, id, SERIES_SOURCE);
	s->salt = (uint32_t)wordhash(id);
	*map_at(t->source_ids, id, NULL) = t->n_sources++;
	for (uint32_t i = 0; i < t->n_sources; i++)
		if (t->sources[i].series) {
			t->sources[i].series->chances = t->n_sources;
			t->sources[i].series->rarity.hour_ended = true; /* other thresholds */
		}
	return (uint16_t)(t->n_sources - 1);
}

void trend_source(struct trend *t, struct slice id, int64_t silence_ms)
{
	t->sources[source_of(t, id)].silence_ms = silence_ms;
}

/* True when the row was counted before; else marks it. */
static bool row_counted(struct trend *t, int64_t row)
{
	if (row < 0 || row > INT64_C(1) << 36)
		return false;
	size_t word = (size_t)row / 64;
	uint64_t bit = UINT64_C(1) << (row % 64);
	if (word >= t->n_rows) {
		size_t n = t->n_rows ? t->n_rows : 1024;
		while (n <= word)
			n *= 2;
		t->rows = xreallocarray(t->rows, n, sizeof(*t->rows));
		memset(t->rows + t->n_rows, 0, (n - t->n_rows) * sizeof(*t->rows));
		t->n_rows = n;
	}
	bool was = t->rows[word] & bit;
	t->rows[word] |= bit;
	return was;
}

/* 0 = Monday. A public holiday is a Sunday. */
static int weekday_of(const struct trend *t, struct local_time l)
{
	const struct holidays *h = t->config.holidays;
	return h && holiday_is(h, clock_days_of(l.year, l.month, l.day)) ? 6 : l.weekday;
}

static void local_hour(struct trend *t, int64_t at, int *ret_hour, bool *ret_weekend)
{
	int64_t quarter = at / (15 * MINUTE);
	if (quarter != t->quarter) {
		struct local_time l = clock_local(at);
		t->quarter = quarter;
		t->quarter_hour = l.hour;
		t->quarter_weekend = weekday_of(t, l) >= 5;
	}
	*ret_hour = t->quarter_hour;
	*ret_weekend = t->quarter_weekend;
}

void series_due(struct trend *t, struct series *s)
{
	if (s->dirty || s->sensitivity == TREND_OFF)
		return;
	s->dirty = true;
	t->dirty[t->n_dirty++] = s->index;
}

static void count(struct trend *t, struct series *s, int64_t m, const struct event *e)
{
	if (!series_count(s, m, e, m >= t->day_from))
		return;
	if (s->open.level)
		opened_count(&s->open, e->at);
	series_due(t, s);
}

/* A topic's lane sends all that it matches to whoever answers; a question is what asks. */
static uint8_t lanes_of(const struct trend_fact *f)
{
	uint8_t lanes = f->verdict->lanes;
	bool asks = f->text.n && memchr(f->text.p, '?', f->text.n);
	for (uint32_t i = 0; i < f->verdict->n_categories && !asks; i++)
		asks = slice_is(f->verdict->categories[i], "demande_usager");
	if (!asks)
		lanes &= (uint8_t)~LANE_REPONSE;
	return f->text.n >= 20 && f->text.n <= 160 ? lanes | EVENT_QUOTABLE : lanes;
}

void trend_add(struct trend *t, const struct trend_fact *f)
{
	const struct verdict *v = f->verdict;
	struct series *in[2 * VERDICT_LIST_MAX + 2];
	uint32_t n = 0, topics = 0;
	if (f->seq > t->through_seq)
		t->through_seq = f->seq;
	if (row_counted(t, f->row))
		return;
	struct event e = {.at = t->clock && f->at > t->clock ? t->clock : f->at,
		.seq = f->seq,
		.text = trend_fingerprint(f->text),
		.weight = f->weight,
		.thread = (uint32_t)(f->thread ^ f->thread >> 32),
		.source = source_of(t, f->source),
		.lanes = lanes_of(f),
		.category = NO_SERIES,
		.priority = v->priority};
	e.echo = source_echo(&t->sources[e.source], f->weight);
	e.author = f->author ? f->author : UINT64_C(0xa5a5a5a500000000) | e.source;
	int64_t m = e.at / MINUTE;
	if (t->next == 0) {
		t->next = m;
		t->first_at = e.at;
	}
	t->late += m < t->next;
	for (uint32_t i = 0; i < v->n_topics && i < VERDICT_LIST_MAX; i++) {
		struct series *s = trend_series(t, "", v->topics[i], SERIES_TOPIC);
		if (s && s->type == SERIES_TOPIC)
			in[n++] = s;
	}
	for (uint32_t i = 0; i < EVENT_TOPICS; i++)
		e.topics[i] = topics < n ? in[topics++]->index : NO_SERIES;
	for (uint32_t i = 0;
		(v->lanes & LANE_MODERATION) && i < v->n_categories && i < VERDICT_LIST_MAX; i++) {
		struct series *s =
			trend_series(t, INCIDENT_CATEGORY_TOPIC, v->categories[i], SERIES_CATEGORY);
		if (!s)
			continue;
		if (e.category == NO_SERIES)
			e.category = s->index;
		in[n++] = s;
	}
	uint32_t post = threads_key(t, &e);
	struct series *thread = post ? threads_series(t, post, e.at) : NULL;
	if (thread)
		in[n++] = thread;
	if (t->sources[e.source].series)
		in[n++] = t->sources[e.source].series;
	for (uint32_t i = 0; i < n; i++)
		count(t, in[i], m, &e);
	count(t, t->whole, m, &e);
	groups_hear(t, &e);
	emergences_hear(t, f->emergent, &e);
	int hour;
	bool weekend;
	local_hour(t, e.at, &hour, &weekend);
	if (m < t->day_from)
		return; /* what was told days later says nothing of today */
	if (t->whole->days == 0 || t->whole->today_total < 1.5 * t->usual_day + 5)
		rhythm_count(&t->rhythm, weekend, hour);
	source_hear(&t->sources[e.source], e.at, hour);
}

static void say_source(struct trend *t, struct source *s, int64_t end)
{
	char topic[80];
	snprintf(topic, sizeof(topic), "source:%.70s", s->id);
	struct slice *deaf = arena_alloc(&t->arena, sizeof(*deaf));
	deaf[0] = slice_of(s->id);
	struct incident_facts facts = {.at = end + t->config.late_ms,
		.since = s->last,
		.usual_low = -1,
		.usual_high = -1,
		.deaf = deaf,
		.n_deaf = s->grey,
		.trigger = SLICE("silent")};
	say(t, s->grey ? OBSERVE_OPEN : OBSERVE_CLOSE, INCIDENT_GREY,
		s->grey ? LEVEL_GRIS : LEVEL_VERT, topic, "", &facts);
}

static void judge_sources(struct trend *t, int64_t m)
{
	int64_t end = (m + 1) * MINUTE;
	bool look =
		m % SOURCE_STEP == 0 && !(t->config.event_clock && m - t->whole->counts.last > 60);
	for (uint32_t i = 0; i < t->n_sources; i++) {
		struct source *s = &t->sources[i];
		bool silent = s->grey && s->last <= s->grey_since;
		if (!silent && look)
			silent = source_silent(s, &t->rhythm, end, t->weekend, t->hour);
		if (silent == s->grey)
			continue;
		s->grey = silent;
		s->grey_since = s->last;
		say_source(t, s, end);
	}
}

static void hour_over(struct trend *t, int64_t m)
{
	double share = rhythm_share(&t->rhythm, t->weekend, t->hour);
	for (uint32_t i = 0; i < t->n_series; i++)
		series_hour(t->series[i], t->hour_of_week, m, share);
	threads_hour(t, m, share);
}

static void day_over(struct trend *t, bool was_weekend)
{
	for (uint32_t i = 0; i < t->n_series; i++)
		series_day(t->series[i]);
	threads_day(&t->threads);
	for (uint32_t i = 0; i < t->n_sources; i++)
		source_day(&t->sources[i], was_weekend);
	rhythm_fade(&t->rhythm);
	t->usual_day = series_level(t->whole);
}

/* Local time of the minute; a new local day closes the one before. */
static void turn_clock(struct trend *t, int64_t m)
{
	int64_t quarter = m / 15;
	if (quarter == t->turned)
		return;
	t->turned = quarter;
	struct local_time l = clock_local(quarter * 15 * MINUTE);
	int64_t day = l.year * INT64_C(10000) + l.month * 100 + l.day;
	int weekday = weekday_of(t, l), hour_of_week = weekday * 24 + l.hour;
	if (t->day && hour_of_week != t->hour_of_week)
		hour_over(t, quarter * 15);
	if (t->day && day > t->day)
		day_over(t, t->weekend);
	if (day > t->day) {
		t->day_from = t->day ? quarter * 15 : 0;
		t->day = day;
	}
	t->hour = l.hour;
	t->hour_of_week = hour_of_week;
	t->weekend = weekday >= 5;
}

static void hand_over(struct trend *t, int64_t m, trend_minute_fn *fn, void *user)
{
	if (t->n_said == 0 || !fn)
		return;
	struct observe_request r = {.minute = m * MINUTE,
		.through_seq = t->through_seq,
		.list = t->said,
		.n = t->n_said};
	fn(user, &r);
}

static void close_minute(struct trend *t, int64_t m, trend_minute_fn *fn, void *user)
{
	arena_clear(&t->arena);
	t->n_said = 0;
	turn_clock(t, m);
	judge_groups(t, m);
	judge_sources(t, m);
	judge_series(t, m);
	hand_over(t, m, fn, user);
}

void trend_tell(struct trend *t, trend_minute_fn *fn, void *user)
{
	int64_t m = t->next - 1;
	if (t->next == 0)
		return;
	arena_clear(&t->arena);
	t->n_said = 0;
	tell_groups(t, m);
	for (uint32_t i = 0; i < t->n_sources; i++)
		if (t->sources[i].grey)
			say_source(t, &t->sources[i], (m + 1) * MINUTE);
	tell_series(t, m);
	tell_emergences(t, m);
	hand_over(t, m, fn, user);
}

void trend_advance(struct trend *t, int64_t clock, trend_minute_fn *fn, void *user)
{
	if (clock > t->clock)
		t->clock = clock;
	if (t->next == 0)
		return;
	int64_t through =
		(t->clock - t->config.late_ms) / MINUTE; /* minutes before this one are over */
	if (through - t->next > JUMP_DAYS * INT64_C(1440))
		t->next = through - JUMP_DAYS * INT64_C(1440);
	for (; t->next < through; t->next++)
		close_minute(t, t->next, fn, user);
}

static bool begins(struct slice s, const char *with, struct slice *ret_rest)
{
	size_t n = strlen(with);
	if (s.n <= n || memcmp(s.p, with, n) != 0)
		return false;
	*ret_rest = (struct slice){s.p + n, s.n - n};
	return true;
}

/* Of an incident's topic. */
static struct series *series_named(struct trend *t, struct slice topic, int64_t at)
{
	struct slice name;
	char hex[9] = "";
	if (begins(topic, INCIDENT_CATEGORY_TOPIC, &name))
		return trend_series(t, INCIDENT_CATEGORY_TOPIC, name, SERIES_CATEGORY);
	if (begins(topic, INCIDENT_SOURCE_TOPIC, &name))
		return t->sources[source_of(t, name)].series;
	if (!begins(topic, INCIDENT_THREAD_TOPIC, &name))
		return trend_series(t, "", topic, SERIES_TOPIC);
	snprintf(hex, sizeof(hex), "%.*s", (int)(name.n < 8 ? name.n : 8), name.p);
	uint32_t thread = (uint32_t)strtoul(hex, NULL, 16);
	return thread ? threads_series(t, thread, at) : NULL;
}

static int64_t past(const struct trend *t, int64_t at)
{
	return t->clock && at > t->clock ? t->clock : at;
}

void trend_adopt(struct trend *t, enum incident_kind kind, struct slice topic,
	enum town_level level, int64_t since, int64_t rung)
{
	struct opened taken = {.level = level, .since = past(t, since), .rung = past(t, rung)};
	if (level == LEVEL_VERT)
		return;
	if (kind == INCIDENT_RAID) {
		if (t->raid.open.level == LEVEL_VERT)
			t->raid.open = taken;
	} else if (kind == INCIDENT_CAMPAIGN) {
		char id[24];
		unsigned long long text = 0;
		snprintf(id, sizeof(id), "%.*s", (int)(topic.n < 23 ? topic.n : 23), topic.p);
		if (sscanf(id, "texte:%16llx", &text) != 1 || text == 0)
			return;
		struct campaign *free_one = NULL;
		for (uint32_t i = 0; i < CAMPAIGNS; i++) {
			if (t->campaigns[i].text == text)
				return;
			if (t->campaigns[i].text == 0)
				free_one = &t->campaigns[i];
		}
		if (!free_one)
			return;
		*free_one = (struct campaign){.text = text, .open = taken};
		memcpy(free_one->id, id, sizeof(id));
	} else if (kind == INCIDENT_EMERGENT) {
		emergences_adopt(t, topic, &taken);
	} else if (kind == INCIDENT_GREY && topic.n > 7) {
		struct source *s =
			&t->sources[source_of(t, (struct slice){topic.p + 7, topic.n - 7})];
		if (!s->grey) {
			s->grey = true;
			s->grey_since = s->last;
		}
	} else if (kind == INCIDENT_TOPIC || kind == INCIDENT_WHOLE) {
		struct series *s = series_named(t, topic, taken.since);
		if (!s || s->open.level)
			return;
		s->open = taken;
		t->n_open++;
		struct filter f = {.from = taken.since, .to = INT64_MAX};
		facts_refill(t, &s->open, &s->events, &f);
	}
}

struct trend_status trend_status(const struct trend *t)
{
	struct trend_status r = {.minute = t->next ? (t->next - 1) * MINUTE : 0,
		.through_seq = t->through_seq,
		.series = t->n_series,
		.sources = t->n_sources,
		.open = t->n_open + (t->raid.open.level != LEVEL_VERT) + emergences_open(t),
		.late = t->late};
	for (uint32_t i = 0; i < CAMPAIGNS; i++)
		r.open += t->campaigns[i].open.level != LEVEL_VERT;
	for (uint32_t i = 0; i < t->n_sources; i++)
		r.open += t->sources[i].grey;
	return r;
}
