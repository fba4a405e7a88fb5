/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin replay: what would have rung, when and for whom, under these rules and this policy.
 *
 * Hears a file of comments, or the stored history, in its order, in a town of its own (town.h); nothing of the running
 * town is read but its configuration and history, nothing is written, nobody is told. With --if the same comments are heard
 * in a second town, in which one setting is another, and what differs is shown (differ.c). */
#include "replay.h"
#include <tocsin/base/clock.h>
#include "../comments.h"
#include "../history.h"
#include "../packs.h"

enum { PROGRESS_MS = 200 };
#define TRIAL_MS (91 * CLOCK_DAY) /* as long as a trial may be */

static void show_progress(struct replay *p)
{
	const int64_t now = clock_monotonic();
	const bool terminal = isatty(2);
	const unsigned long long heard = town_heard(p->now.town);
	if ((!terminal && !p->progress) || now - p->shown_at < PROGRESS_MS)
		return;
	p->shown_at = now;
	if (p->progress)
		fprintf(stderr, "%llu/%lld\n", heard, (long long)p->newest);
	else
		fprintf(stderr, "\r\033[K%s %llu", _w(p->x, "commentaires rejoués :"), heard);
	fflush(stderr);
}

/* Whether the change makes another town, or only tells other people. */
static bool has_two(const struct replay *p)
{
	return p->then.town && p->then.town != p->now.town;
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
	int r = town_hear(p->now.town, c, accepted_at, &p->e);
	if (r == 0 && has_two(p))
		r = town_hear(p->then.town, c, accepted_at, &p->e);
	return r < 0 ? complain(p->x, EXIT_PROBLEMS, "%s", p->e.text) : 0;
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
	if (p->shown_at && !p->progress)
		fputs("\r\033[K", stderr);
	if (r == 0 &&
		(town_end(p->now.town, &p->e) < 0 ||
			(has_two(p) && town_end(p->then.town, &p->e) < 0)))
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

/* Those of the console, and the one that the change adds. */
static int add_absences(struct replay *p, bool history)
{
	struct absence *list = NULL, more;
	struct arena arena;
	size_t n = 0;
	arena_init(&arena, 0);
	int r = 0;
	if (history && reader_absences(p->x->reader, &arena, &list, &n, &p->e) < 0)
		r = complain(p->x, EXIT_PROBLEMS, "%s", p->e.text);
	if (r == 0) {
		struct absence *all = arena_alloc(&arena, (n + 1) * sizeof(*all));
		if (n)
			memcpy(all, list, n * sizeof(*all));
		policy_away(&p->now.policy, all, n);
		if (change_absence(&p->change, &more))
			all[n++] = more;
		policy_away(&p->then.policy, all, n);
	}
	arena_release(&arena);
	return r;
}

/* Of the file that is given, else of the configuration; as it is, and with the change. */
static int read_policies(struct replay *p, const char *path, bool history)
{
	static const struct change none = {CHANGE_NONE};
	struct problems problems = {0};
	struct yaml_file given = {0};
	const struct yaml_file *file = path ? &given : &p->x->config.file;
	int64_t from = p->from;
	int r = history ? need_reader(p->x) : 0;
	if (r || (!path && !p->x->loaded))
		return r;
	if (path && yaml_read(path, &given, &problems) < 0) {
		print_problems(p->x, &problems);
		problems_release(&problems);
		return EXIT_PROBLEMS;
	}
	if (from == INT64_MIN)
		from = (history ? town_clock(p->x) : p->wall) - TRIAL_MS;
	r = change_policy(p->x, &none, file, from, &p->now.policy);
	if (r == 0)
		r = change_policy(p->x, &p->change, file, from, &p->then.policy);
	if (r == 0)
		r = add_absences(p, history);
	problems_release(&problems);
	yaml_release(&given);
	p->has_policy = r == 0 && !p->now.policy.empty;
	return r;
}

/* What a replay goes by while it lasts. */
struct means {
	struct ruleset *rules, *rated[2]; /* rated: becomes a town's */
	struct config changed;
	struct arena arena;
};

static int load_rules(struct replay *p, const char *folder, struct means *m)
{
	const bool two = p->change.kind && !change_is_of_policy(&p->change);
	int r = packs_load(p->x, folder, &m->rules);
	if (r == 0)
		r = packs_load(p->x, folder, &m->rated[0]);
	return r == 0 && two ? packs_load(p->x, folder, &m->rated[1]) : r;
}

static int open_town(
	struct replay *p, struct town_spec *spec, struct ruleset **rated, struct side *s)
{
	spec->holidays = &s->policy.holidays;
	spec->rated = *rated;
	*rated = NULL;
	return town_open(spec, &s->town, &p->e) < 0 ? complain(p->x, EXIT_PROBLEMS, "%s", p->e.text)
						    : 0;
}

static int open_towns(struct replay *p, bool file, struct means *m)
{
	struct town_spec spec = {.lang = p->x->lang,
		.rules = m->rules,
		.config = p->x->loaded ? &p->x->config : NULL,
		.clock_event = file || p->x->config.clock_event};
	int r = open_town(p, &spec, &m->rated[0], &p->now);
	if (r == 0 && m->rated[1]) {
		r = change_config(p->x, &p->change, &m->arena, &m->changed);
		spec.config = &m->changed;
		if (r == 0)
			r = change_rules(p->x, &p->change, &spec);
		if (r == 0)
			r = open_town(p, &spec, &m->rated[1], &p->then);
	} else {
		p->then.town = p->now.town;
	}
	return r;
}

static int read_told(struct replay *p)
{
	int r = 0;
	if (!p->has_policy)
		return 0;
	r = told_read(p->now.town, &p->now.policy, &p->now.told, &p->e);
	if (r == 0 && p->change.kind)
		r = told_read(p->then.town, &p->then.policy, &p->then.told, &p->e);
	return r < 0 ? complain(p->x, EXIT_PROBLEMS, "%s", p->e.text) : 0;
}

static int replay(struct replay *p, const char *input, const char *folder)
{
	struct means m = {0};
	uint64_t refused = 0;
	arena_init(&m.arena, 0);
	int r = load_rules(p, folder, &m);
	if (r == 0)
		r = open_towns(p, input, &m);
	if (r == 0)
		r = hear_all(p, input, &refused);
	if (r == 0)
		r = read_told(p);
	if (r == 0) {
		if (p->change.kind)
			replay_print_differences(p);
		else
			replay_print(p);
		r = comments_refused(p->x, refused);
	}
	if (has_two(p))
		town_free(p->then.town);
	town_free(p->now.town);
	ruleset_free(m.rated[0]);
	ruleset_free(m.rated[1]);
	ruleset_free(m.rules);
	arena_release(&m.arena);
	return r;
}

/* How many comments are to be heard, for who waits. */
static int look_ahead(struct replay *p)
{
	int r = need_reader(p->x);
	if (r == 0 && reader_last_seq(p->x->reader, &p->newest, &p->e) < 0)
		r = complain(p->x, EXIT_PROBLEMS, "%s", p->e.text);
	return r;
}

int command_replay(struct context *x, int argc, char **argv)
{
	const char *from = NULL, *to = NULL, *rules = NULL, *policy = NULL, *change = NULL;
	struct replay p = {.x = x, .wall = clock_now()};
	const struct option_spec options[] = {{"from", "du", NULL, &from}, {"to", "au", NULL, &to},
		{"rules", "règles", NULL, &rules}, {"policy", "politique", NULL, &policy},
		{"if", "si", NULL, &change}, {"progress", "progression", &p.progress, NULL}};
	int r = options_parse(x, options, 6, &argc, argv);
	if (r == 0)
		r = options_words(x, "replay", argc, 0, 1);
	if (r == 0 && change)
		r = change_parse(x, change, &p.change);
	if (r == 0)
		r = argc ? need_zone(x) : need_config(x);
	if (r == 0)
		r = option_date(x, from, INT64_MIN, &p.from);
	if (r == 0)
		r = option_date(x, to, INT64_MAX, &p.to);
	if (r == 0)
		r = read_policies(&p, policy, argc == 0);
	if (r == 0 && argc == 0)
		r = look_ahead(&p);
	if (r == 0)
		r = replay(&p, argc ? argv[0] : NULL, rules);
	told_release(&p.now.told);
	told_release(&p.then.told);
	policy_release(&p.now.policy);
	policy_release(&p.then.policy);
	return r;
}
