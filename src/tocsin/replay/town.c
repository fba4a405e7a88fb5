/* SPDX-License-Identifier: GPL-3.0-or-later
 * Comments are stored in batches, as a scorer would send them; a comment that rings by itself ends one, so that what
 * was said before it has been counted before it. */
#include "town.h"
#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>
#include <tocsin/record/batch.h>
#include "private.h"

#define TOGETHER 256u /* comments of a batch */

/* Authors get the same pseudonyms in every replay: nothing hangs on chance. */
static int write_key(const char *folder, struct error *e)
{
	unsigned char key[DIGEST_SIZE];
	_free_ char *path = xasprintf("%s/author.key", folder);
	digest_sha256(SLICE("tocsin replay"), key);
	return file_write_atomic(path, (struct slice){(const char *)key, sizeof(key)}, 0600, e);
}

static int open_base(struct town *t, struct error *e)
{
	const struct store_spec spec = {.state_dir = t->folder.path, .clock_event = true};
	int r = write_key(t->folder.path, e);
	if (r == 0)
		r = store_open(&spec, &t->store, e);
	if (r == 0)
		r = reader_open(t->folder.path, &t->reader, e);
	return r < 0 ? r : reader_open(t->folder.path, &t->aside, e);
}

static void open_series(struct town *t)
{
	const struct config *c = t->spec.config;
	struct trend_config config = trend_config_default();
	config.event_clock = t->spec.clock_event;
	config.holidays = t->spec.holidays;
	if (c) {
		config.late_ms = c->late_ms;
		trend_floors(&config, c->floors);
	}
	t->trend = trend_new(&config);
	for (size_t i = 0; c && i < c->n_sources; i++)
		trend_source(t->trend, slice_of(c->sources[i].id), c->sources[i].silence_ms);
	fact_topics(t->trend, t->spec.rules);
	if (t->spec.topic.n)
		trend_topic(t->trend, t->spec.topic, t->spec.title, t->spec.sensitivity);
	t->emerging = emerging_new(c ? c->emergent_a_day : EMERGING_USUAL);
	t->reach = reach_new();
	reach_rules(t->reach, t->spec.rated);
	t->spec.rated = NULL;
}

int town_open(const struct town_spec *spec, struct town **ret, struct error *e)
{
	struct town *t = xcalloc(1, sizeof(*t));
	t->spec = *spec;
	arena_init(&t->scratch, 0);
	arena_init(&t->kept, 0);
	open_series(t);
	t->scorer = scorer_new(spec->rules);
	int r = folder_make(&t->folder, e);
	if (r == 0)
		r = open_base(t, e);
	if (r < 0)
		t = town_free(t);
	*ret = t;
	return r;
}

struct town *town_free(struct town *t)
{
	if (!t)
		return NULL;
	reader_close(t->reader);
	reader_close(t->aside);
	store_close(t->store);
	if (folder_remove(&t->folder) < 0)
		fputs(words(t->spec.lang,
			      "tocsin: un dossier tocsin-replay-… est resté : effacez-le\n"),
			stderr);
	scorer_free(t->scorer);
	trend_free(t->trend);
	reach_free(t->reach);
	emerging_free(t->emerging);
	buf_release(&t->items);
	buf_release(&t->verdicts);
	buf_release(&t->one);
	buf_release(&t->body);
	buf_release(&t->reply);
	arena_release(&t->scratch);
	arena_release(&t->kept);
	free(t->alarms);
	free(t);
	return NULL;
}

/* --- hearing */

static int store_batch(struct town *t, bool careful)
{
	const unsigned char none[DIGEST_SIZE] = {0};
	const struct store_result result = {.batch = t->batch,
		.count = t->waiting,
		.accepted_at = t->accepted_at,
		.bundle = none,
		.items = buf_slice(&t->items),
		.verdicts = buf_slice(&t->verdicts)};
	int r = store_begin(t->store, t->e);
	if (r == 0)
		r = store_result(t->store, &result, careful, t->e);
	if (r == 0)
		r = store_commit(t->store, t->e);
	if (r)
		store_rollback(t->store);
	return r;
}

static int flush(struct town *t)
{
	if (!t->waiting)
		return 0;
	t->batch++;
	int r = store_batch(t, false);
	if (r == STORE_ROW)
		r = store_batch(t, true);
	t->waiting = 0;
	buf_clear(&t->items);
	buf_clear(&t->verdicts);
	if (r == 0)
		r = take_alarms(t);
	return r == 0 ? count(t) : r;
}

static void add(struct town *t, const struct comment *c, const struct verdict *v)
{
	batch_add(&t->items, c);
	buf_clear(&t->one);
	verdict_encode(&t->one, v);
	batch_add_item(&t->verdicts, buf_slice(&t->one));
	t->waiting++;
	t->heard++;
}

int town_hear(struct town *t, const struct comment *c, int64_t accepted_at, struct error *e)
{
	struct verdict v = {0};
	int r = 0;
	t->e = e;
	if (c->type == COMMENT_ITEM)
		scorer_score(t->scorer, c, &v);
	if (t->waiting &&
		(v.priority == 1 || t->waiting == TOGETHER || accepted_at != t->accepted_at))
		r = flush(t);
	t->accepted_at = accepted_at;
	if (r == 0)
		add(t, c, &v);
	return r == 0 && v.priority == 1 ? flush(t) : r;
}

int town_end(struct town *t, struct error *e)
{
	t->e = e;
	int r = flush(t);
	int64_t late = t->spec.config ? t->spec.config->late_ms : trend_config_default().late_ms;
	return r == 0 && t->clock ? count_until(t, t->clock + late + CLOCK_MINUTE) : r;
}

size_t town_alarms(const struct town *t, const struct alarm **ret)
{
	*ret = t->alarms;
	return t->n;
}

struct reader *town_reader(struct town *t)
{
	return t->reader;
}

int64_t town_clock_now(const struct town *t)
{
	return t->clock;
}

uint64_t town_heard(const struct town *t)
{
	return t->heard;
}
