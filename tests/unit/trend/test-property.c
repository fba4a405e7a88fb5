/* SPDX-License-Identifier: GPL-3.0-or-later
 * Random streams: the same answers however the clock is moved, counts as a plain loop counts them. */
#include "feed.h"

struct line {
	int64_t at;
	uint64_t author;
	int topic, source, thread;
};
static const char *const topics[] = {NULL, "eau", "neige", "ecoles"};
static const char *const sources[] = {"facebook", "instagram", "site"};

static uint32_t draw(uint32_t *seed, uint32_t n)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % n;
}

/* Nearly in order, a few late, bursts now and then. */
static size_t stream(uint32_t seed, struct line *lines, size_t max)
{
	int64_t at = MONDAY + draw(&seed, 100) * M;
	size_t n = 0;
	int burst = 0, thread = 0;
	uint32_t dumb =
		0; /* a burst of which no rule knows what it is about: 1 at one source, 2 below one post */
	while (n < max) {
		if (burst == 0 && draw(&seed, 150) == 0)
			dumb = draw(&seed, 4), burst = (dumb ? 200 : 20) + (int)draw(&seed, 60);
		dumb = burst ? dumb : 0;
		if (draw(&seed, 40) == 0) /* a post of which all speak for a while */
			thread = thread ? 0 : 1000 + (int)n;
		at += burst ? draw(&seed, 60) * CLOCK_SECOND : draw(&seed, 40) * M;
		struct line l = {at, 1 + draw(&seed, burst ? 60 : 400),
			burst ? dumb == 1 || dumb == 2 ? 0 : 1 + burst % 2 : (int)draw(&seed, 4),
			dumb == 1 ? 0 : (int)draw(&seed, 3) * (dumb != 2),
			dumb == 2                     ? 5000
				: thread && dumb != 1 ? thread
						      : (int)draw(&seed, 900)};
		if (burst)
			burst--;
		if (draw(&seed, 30) == 0)
			l.at -= draw(&seed, 300) * M;
		lines[n++] = l;
	}
	return n;
}

static void say_line(struct town *t, const struct line *l)
{
	struct slice topic = slice_of(topics[l->topic]);
	struct verdict v = {.topics = &topic, .n_topics = l->topic != 0};
	struct trend_fact f = {.seq = ++t->seq,
		.row = ++t->row,
		.at = l->at,
		.source = slice_of(sources[l->source]),
		.author = l->author,
		.thread = (uint64_t)l->thread,
		.verdict = &v};
	trend_add(t->trend, &f);
}

#define LINES 3000

/* Moving the clock in one leap or minute by minute gives the same, byte for byte. */
static void test_leaps(void **state)
{
	struct line *lines = xcalloc(LINES, sizeof(*lines));
	size_t said = 0;
	(void)state;
	for (uint32_t seed = 1; seed <= 12; seed++) {
		struct town a = town_new(), b = town_new();
		int64_t clock = 0;
		size_t n = stream(seed, lines, LINES);
		for (size_t i = 0; i < n; i++) {
			int64_t before = clock;
			clock = lines[i].at > clock ? lines[i].at : clock;
			town_wait(&a, clock);
			for (int64_t c = before ? before : clock; c < clock; c += 37 * CLOCK_SECOND)
				town_wait(&b, c);
			town_wait(&b, clock);
			say_line(&a, &lines[i]);
			say_line(&b, &lines[i]);
		}
		town_wait(&a, clock + 2 * D);
		town_wait(&b, clock + 2 * D);
		assert_int_equal(a.n, b.n);
		if (a.n)
			assert_memory_equal(a.said, b.said, a.n * sizeof(*a.said));
		said += a.n;
		town_free(&a);
		town_free(&b);
	}
	assert_true(said > 500); /* or nothing was compared */
	free(lines);
}

/* Whether the line counts in what was said. */
static bool counts_in(const struct line *lines, const struct line *l, const struct said *s)
{
	const struct line *first = &lines[s->example - 1];
	if (strncmp(s->topic, "fil:", 4) == 0)
		return l->thread == first->thread && l->source == first->source;
	if (strncmp(s->topic, "volume:", 7) == 0)
		return strcmp(sources[l->source], s->topic + 7) == 0;
	return s->kind == INCIDENT_WHOLE ||
		(topics[l->topic] && strcmp(topics[l->topic], s->topic) == 0);
}

/* At each thing said of a topic, a post, a source, the whole: messages since `since` in closed minutes, as a plain loop counts those
 * that had been heard. */
static void test_counts(void **state)
{
	struct line *lines = xcalloc(LINES, sizeof(*lines));
	size_t compared = 0, posts = 0, volumes = 0;
	(void)state;
	for (uint32_t seed = 20; seed <= 32; seed++) {
		struct town t = town_new();
		int64_t clock = 0;
		size_t n = stream(seed, lines, LINES);
		for (size_t i = 0; i < n; i++) {
			size_t before = t.n;
			clock = lines[i].at > clock ? lines[i].at : clock;
			town_wait(&t, clock);
			for (size_t k = before; k < t.n; k++) {
				const struct said *s = &t.said[k];
				uint32_t count = 0, recent = 0;
				if ((s->kind != INCIDENT_TOPIC && s->kind != INCIDENT_WHOLE) ||
					s->messages == 0 || s->minute - s->since > 2 * D)
					continue;
				posts += strncmp(s->topic, "fil:", 4) == 0;
				volumes += strncmp(s->topic, "volume:", 7) == 0;
				for (size_t j = 0; j < i; j++)
					if (counts_in(lines, &lines[j], s) &&
						lines[j].at >= s->since &&
						lines[j].at < s->minute + M) {
						count++;
						recent += lines[j].at >= s->minute + M - 15 * M;
					}
				assert_int_equal(s->messages, count);
				assert_int_equal(s->curve, count);
				assert_int_equal(s->recent, recent);
				compared++;
			}
			say_line(&t, &lines[i]);
		}
		town_free(&t);
	}
	assert_true(compared > 300 && posts > 100 && volumes > 100);
	free(lines);
}

/* Per incident: opened once, then levels in order, closed once; never below the floors. */
static void test_sequences(void **state)
{
	struct line *lines = xcalloc(LINES, sizeof(*lines));
	(void)state;
	for (uint32_t seed = 40; seed <= 60; seed++) {
		struct town t = town_new();
		int64_t clock = 0;
		enum town_level level[4] = {LEVEL_VERT};
		size_t n = stream(seed, lines, LINES);
		for (size_t i = 0; i < n; i++) {
			clock = lines[i].at > clock ? lines[i].at : clock;
			town_wait(&t, clock);
			say_line(&t, &lines[i]);
		}
		for (size_t k = 0; k < t.n; k++) {
			const struct said *s = &t.said[k];
			if (s->kind != INCIDENT_TOPIC)
				continue;
			int topic = 1;
			while (topic < 4 && strcmp(topics[topic], s->topic) != 0)
				topic++;
			assert_int_not_equal(topic, 4);
			if (s->action == OBSERVE_OPEN)
				assert_int_equal(level[topic], LEVEL_VERT);
			if (s->action == OBSERVE_RAISE)
				assert_true(level[topic] != LEVEL_VERT && s->level > level[topic]);
			if (s->action == OBSERVE_UPDATE)
				assert_true(level[topic] != LEVEL_VERT && s->level == level[topic]);
			if (s->action == OBSERVE_LOWER)
				assert_true(
					s->level + 1 == level[topic] && s->level >= LEVEL_JAUNE);
			if (s->action == OBSERVE_CLOSE)
				assert_true(level[topic] == LEVEL_JAUNE && s->level == LEVEL_VERT);
			if (s->action == OBSERVE_OPEN || s->action == OBSERVE_RAISE)
				assert_true(s->authors >= (s->level == LEVEL_ROUGE ? 25u
									  : s->level == LEVEL_ORANGE
									  ? 8u
									  : 2u));
			level[topic] = s->level;
		}
		town_free(&t);
	}
	free(lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_leaps),
		cmocka_unit_test(test_counts), cmocka_unit_test(test_sequences)};
	return cmocka_run_group_tests_name("trend properties", tests, NULL, NULL);
}
