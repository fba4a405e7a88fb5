/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin trend topics: comments as JSON lines in time order, one JSON line for each topic when it is first told. Needs no
 * service and no database. */
#include "trend.h"
#include <tocsin/base/clock.h>
#include <tocsin/digest/digest.h>
#include <tocsin/emergent/emergent.h>
#include "comments.h"

enum { CLOSED = -1 /* nobody reads our output any more */ };

struct job {
	struct emergent *emergent;
	struct buf out;
	int64_t at; /* of the latest */
	bool closed;
};

static void write_topic(void *user, const struct emergent_topic *topic)
{
	struct job *j = user;
	struct json_writer w = {.out = &j->out};

	json_w_begin(&w, '{');
	json_w_time(&w, "at", topic->at);
	json_w_strings(&w, "terms", topic->terms, topic->n_terms);
	json_w_key(&w, "score");
	json_w_double(&w, (double)(int64_t)(topic->score * 100 + 0.5) / 100);
	json_w_number(&w, "authors", topic->authors);
	json_w_number(&w, "messages", topic->messages);
	json_w_strings(&w, "examples", topic->examples, topic->n_examples);
	if (topic->campaign) {
		json_w_key(&w, "campaign");
		json_w_bool(&w, true);
	}
	json_w_end(&w, '}');
	buf_add_char(&j->out, '\n');
	/* at once: whoever follows a live stream wants to know now */
	j->closed = fwrite(j->out.p, 1, j->out.n, stdout) != j->out.n || fflush(stdout) != 0;
	buf_clear(&j->out);
}

static uint64_t author_of(struct slice author)
{
	unsigned char digest[DIGEST_SIZE];
	uint64_t h;

	if (author.n == 0)
		return 0;
	digest_sha256(author, digest);
	memcpy(&h, digest, sizeof(h));
	return h;
}

static int hear(void *user, const struct comment *c)
{
	struct job *j = user;
	/* an undated line is of a minute of its own */
	j->at = c->created_at ? c->created_at : j->at + CLOCK_MINUTE;
	const struct emergent_message m = {
		.at = j->at, .author = author_of(c->author), .id = c->id, .text = c->text};

	if (c->type == COMMENT_ITEM)
		emergent_hear(j->emergent, &m, write_topic, j);
	return j->closed ? CLOSED : 0;
}

int command_trend_topics(struct context *x, int argc, char **argv)
{
	const char *a_day = NULL;
	const struct option_spec options[] = {{"per-day", "par-jour", NULL, &a_day}};
	struct emergent_config config = emergent_config_default();
	struct job j = {0};
	uint64_t refused = 0;
	int64_t number = 0;
	int r = options_parse(x, options, 1, &argc, argv);

	if (r == 0)
		r = options_words(x, "trend topics", argc, 0, 1);
	if (r == 0 && a_day)
		r = option_number(x, "--per-day", a_day, 1, 1000, &number);
	if (r)
		return r;
	if (number)
		config.topics_a_day = (double)number;
	j.emergent = emergent_new(&config);
	r = comments_each(x, argc ? argv[0] : "-", hear, &j, &refused);
	emergent_free(j.emergent);
	buf_release(&j.out);
	if (r == CLOSED)
		return EXIT_PROBLEMS;
	return r ? r : comments_refused(x, refused);
}
