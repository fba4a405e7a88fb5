/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin replay: what would have rung, when and for whom, under these rules and this policy.
 *
 * Hears a file of comments, or the stored history, in its order, in a town of its own (town.h); nothing of the running
 * town is read but its configuration and history, nothing is written, nobody is told. */
#include "replay.h"
#include <tocsin/base/clock.h>
#include "../comments.h"
#include "../history.h"
#include "../packs.h"

enum { PROGRESS_MS = 200 };

static void show_progress(struct replay *p)
{
	int64_t now = clock_monotonic();
	if (!isatty(2) || now - p->shown_at < PROGRESS_MS)
		return;
	p->shown_at = now;
	fprintf(stderr, "\r\033[K%s %llu", _w(p->x, "commentaires rejoués :"),
		(unsigned long long)town_heard(p->town));
	fflush(stderr);
}

static int hear(struct replay *p, const struct comment *c, int64_t at, int64_t accepted_at)
{
	if (at >= p->to)
		return 0;
	if (at >= p->from) {
		p->first_at = !p->first_at || at < p->first_at ? at : p->first_at;
		p->last_at = at > p->last_at ? at : p->last_at;
	}
	show_progress(p);
	return town_hear(p->town, c, accepted_at, &p->e) < 0
		? complain(p->x, EXIT_PROBLEMS, "%s", p->e.text)
		: 0;
}

/* Of a file. A comment without a date is of the time of the one before. */
static int hear_line(void *user, const struct comment *c)
{
	struct replay *p = user;
	struct comment dated = *c;
	if (!dated.created_at)
		dated.created_at = p->last_at;
	if (!dated.created_at) {
		p->undated++;
		return 0;
	}
	return hear(p, &dated, dated.created_at, p->wall);
}

/* Of the history. Authors are known by their pseudonyms only. */
static int hear_stored(void *user, const struct history_item *h)
{
	static const unsigned char nobody[sizeof(h->stored->author_key)] = {0};
	struct replay *p = user;
	const struct stored_comment *s = h->stored;
	struct comment c = s->comment;
	_buf_ struct buf author = {0};
	for (size_t i = 0; i < sizeof(nobody); i++)
		buf_printf(&author, "%02x", s->author_key[i]);
	c.author = memcmp(s->author_key, nobody, sizeof(nobody)) ? buf_slice(&author)
								 : (struct slice){0};
	c.author_name = (struct slice){0};
	return hear(p, &c, h->at, s->accepted_at);
}

static int hear_all(struct replay *p, const char *input, uint64_t *refused)
{
	int r = input ? comments_each(p->x, input, hear_line, p, refused)
		      : history_each(p->x, INT64_MIN, p->to, true, hear_stored, p);
	if (p->shown_at)
		fputs("\r\033[K", stderr);
	if (r == 0 && town_end(p->town, &p->e) < 0)
		r = complain(p->x, EXIT_PROBLEMS, "%s", p->e.text);
	if (r == 0 && p->undated)
		fprintf(stderr,
			words_n(p->x->lang,
				"tocsin: %llu commentaire sans date au début du fichier, laissé de côté\n",
				"tocsin: %llu commentaires sans date au début du fichier, laissés de côté\n",
				p->undated),
			(unsigned long long)p->undated);
	return r;
}

/* --- what it goes by */

static int read_policy(struct replay *p, const char *path)
{
	struct problems problems = {0};
	struct yaml_file file = {0};
	int r = 0;
	if (path) {
		r = yaml_read(path, &file, &problems);
		if (r == 0)
			r = policy_load(&file, ".", &p->policy, &problems);
	} else if (p->x->loaded) {
		r = policy_load(&p->x->config.file, p->x->config.folder, &p->policy, &problems);
	}
	if (r < 0)
		print_problems(p->x, &problems);
	problems_release(&problems);
	yaml_release(&file);
	p->has_policy = r == 0 && (path || p->x->loaded) && !p->policy.empty;
	return r < 0 ? EXIT_PROBLEMS : 0;
}

static int load_rules(
	struct context *x, const char *folder, struct ruleset **rules, struct ruleset **rated)
{
	int r = packs_load(x, folder, rules);
	return r ? r : packs_load(x, folder, rated);
}

static int open_town(
	struct replay *p, const struct ruleset *rules, struct ruleset *rated, bool file)
{
	const struct town_spec spec = {.lang = p->x->lang,
		.rules = rules,
		.rated = rated,
		.config = p->x->loaded ? &p->x->config : NULL,
		.holidays = &p->policy.holidays,
		.clock_event = file || p->x->config.clock_event};
	return town_open(&spec, &p->town, &p->e) < 0
		? complain(p->x, EXIT_PROBLEMS, "%s", p->e.text)
		: 0;
}

static int replay(struct replay *p, const char *input, const char *folder)
{
	struct ruleset *rules = NULL, *rated = NULL;
	uint64_t refused = 0;
	int r = load_rules(p->x, folder, &rules, &rated);
	if (r == 0)
		r = open_town(p, rules, rated, input);
	else
		ruleset_free(rated);
	if (r == 0)
		r = hear_all(p, input, &refused);
	if (r == 0 && p->has_policy && told_read(p->town, &p->policy, &p->told, &p->e) < 0)
		r = complain(p->x, EXIT_PROBLEMS, "%s", p->e.text);
	if (r == 0) {
		replay_print(p);
		r = comments_refused(p->x, refused);
	}
	town_free(p->town);
	ruleset_free(rules);
	return r;
}

int command_replay(struct context *x, int argc, char **argv)
{
	const char *from = NULL, *to = NULL, *rules = NULL, *policy = NULL;
	const struct option_spec options[] = {{"from", "du", NULL, &from}, {"to", "au", NULL, &to},
		{"rules", "règles", NULL, &rules}, {"policy", "politique", NULL, &policy}};
	struct replay p = {.x = x, .wall = clock_now()};
	int r = options_parse(x, options, 4, &argc, argv);
	if (r == 0)
		r = options_words(x, "replay", argc, 0, 1);
	if (r == 0)
		r = argc ? need_zone(x) : need_config(x);
	if (r == 0)
		r = option_date(x, from, INT64_MIN, &p.from);
	if (r == 0)
		r = option_date(x, to, INT64_MAX, &p.to);
	if (r == 0)
		r = read_policy(&p, policy);
	if (r == 0)
		r = replay(&p, argc ? argv[0] : NULL, rules);
	told_release(&p.told);
	policy_release(&p.policy);
	return r;
}
