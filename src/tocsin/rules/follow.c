/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin rules follow|unfollow: a topic that emerged becomes a topic of the rules in force, or stops being one, in one step and
 * without reading YAML. It is a pack of its own, suivi-N.yaml, N the number of its alarm: checked, signed and kept as any
 * other, and whoever writes rules may go on with it. It quotes no comment, for nobody has read them again: its own name is its
 * only example. Its id is the pack's name: by it everybody knows that
 * its title may be made of citizens' words, which the cabinet does not read in an election period. The main courante of the alarm says
 * which number is followed, not as what. */
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>
#include <tocsin/record/followed.h>
#include <tocsin/yaml/yaml.h>
#include "../adopt/draft.h"
#include "author.h"
#include "copy.h"

#define NAME_MAX_ 80u /* bytes */

struct following {
	struct context *x;
	struct arena arena;
	struct signature signature;
	const char *name; /* that people give it; NULL: its own */
	int64_t alarm;
	struct draft draft;
	char active[65], pack[FOLLOWED_PACK_MAX];
	char *bundle;
	struct folder folder; /* what is to be published */
};

/* --- which */

static int take_alarm(void *user, const struct incident *i)
{
	struct following *f = user;
	struct slice label = followed_label(i);
	f->draft.label = arena_copy(&f->arena, label);
	return 0;
}

static int read_words(struct following *f, int *argc, char **argv)
{
	struct context *x = f->x;
	const struct option_spec options[] = {{"who", "qui", NULL, &f->signature.who},
		{"name", "nom", NULL, &f->name}, {"reason", "motif", NULL, &f->signature.reason}};
	int r = options_parse(x, options, sizeof(options) / sizeof(*options), argc, argv);
	if (r == 0)
		r = options_words(x, "rules", *argc, 1, 1);
	if (r == 0)
		r = option_number(x, "N", argv[0], 1, INT64_MAX, &f->alarm);
	if (r == 0 && (!f->signature.who || !*f->signature.who))
		r = complain(x, EXIT_MISUSE, _w(x, "--who NOM manque : qui publie ?"));
	if (r == 0)
		followed_pack(f->alarm, f->pack);
	return r;
}

static int read_alarm(struct following *f)
{
	struct context *x = f->x;
	struct error e = {0};
	int r = need_reader(x);
	if (r)
		return r;
	if (reader_incident(x->reader, f->alarm, take_alarm, f, &e) < 0 ||
		reader_bundle(x->reader, f->active, &e) < 0)
		return complain(x, EXIT_PROBLEMS, "%s", e.text);
	if (!*f->active)
		return complain(x, EXIT_PROBLEMS, _w(x, "rien n'est encore publié"));
	f->signature.over = f->active;
	f->bundle = xasprintf("%s/bundles/%s", x->config.state_dir, f->active);
	return 0;
}

/* --- the packs as they would be */

static char *path_of(const char *folder, const char *pack)
{
	return xasprintf("%s/%s.yaml", folder, pack);
}

/* All that is in force, but for this pack. */
static int copy_others(struct following *f)
{
	struct error e = {0};
	_free_ char *ours = xasprintf("%s.yaml", f->pack);
	return packs_copy(f->bundle, ours, &f->folder, &e) < 0
		? complain(f->x, EXIT_PROBLEMS, "%s", e.text)
		: 0;
}

/* Who answers for the topics. */
static int find_owner(struct following *f)
{
	struct problems p = {0};
	struct ruleset *rules = NULL;
	struct draft *d = &f->draft;
	int r = ruleset_load_names(f->bundle, &rules, &p);
	report(f->x, &p, REPORT_TEXT);
	problems_release(&p);
	if (r < 0)
		return EXIT_PROBLEMS;
	for (size_t i = 0; i < ruleset_count(rules); i++) {
		const struct rule_info info = ruleset_info(rules, i);
		if (info.topic && info.owner.n)
			d->owner = arena_copy(&f->arena, info.owner);
	}
	ruleset_free(rules);
	return 0;
}

static int write_pack(struct following *f)
{
	_buf_ struct buf text = {0};
	_free_ char *path = path_of(f->folder.path, f->pack);
	struct error e = {0};
	struct draft *d = &f->draft;
	int r = find_owner(f);
	if (r)
		return r;
	d->title = slice_of(f->name && *f->name ? f->name : "");
	d->pack = f->pack;
	snprintf(d->id, sizeof(d->id), "%s", f->pack);
	d->yes[d->n_yes++] = d->label;
	draft_write(d, &text);
	return file_write_atomic(path, buf_slice(&text), 0600, &e) < 0
		? complain(f->x, EXIT_PROBLEMS, "%s", e.text)
		: 0;
}

/* --- published, and said */

static int note(struct following *f, const char *text)
{
	_buf_ struct buf body = {0}, reply = {0};
	note_encode(&body,
		&(struct note_request){.incident = f->alarm,
			.who = slice_of(f->signature.who),
			.text = slice_of(text)});
	return ask_store(f->x, REQUEST_NOTE, buf_slice(&body), &reply);
}

/* said: why, unless there is another reason; noted: in the main courante, which all read. */
static int publish(struct following *f, const char *said, const char *noted)
{
	if (!f->signature.reason || !*f->signature.reason)
		f->signature.reason = said;
	int r = rules_publish(f->x, f->folder.path, &f->signature);
	return r ? r : note(f, noted);
}

static void release(struct following *f)
{
	(void)!folder_remove(&f->folder);
	free(f->bundle);
	arena_release(&f->arena);
}

static bool is_followed(const struct following *f)
{
	_free_ char *path = path_of(f->bundle, f->pack);
	return access(path, F_OK) == 0;
}

/* As it is called in the rules in force. */
static void find_title(struct following *f)
{
	struct problems p = {0};
	struct ruleset *rules = NULL;
	f->draft.title = f->draft.label;
	if (ruleset_load_names(f->bundle, &rules, &p) == 0)
		for (size_t i = 0; i < ruleset_count(rules); i++) {
			const struct rule_info info = ruleset_info(rules, i);
			if (followed_alarm(info.path) == f->alarm)
				f->draft.title = arena_copy(&f->arena, info.title);
		}
	problems_release(&p);
	ruleset_free(rules);
}

static int follow(struct following *f)
{
	struct context *x = f->x;
	struct draft *d = &f->draft;
	if (!d->label.n)
		return complain(x, EXIT_PROBLEMS,
			_w(x, "l'alerte %lld n'est pas un sujet émergent"), (long long)f->alarm);
	if (f->name && strlen(f->name) > NAME_MAX_)
		return complain(x, EXIT_MISUSE, _w(x, "un nom de %u octets au plus est attendu"),
			NAME_MAX_);
	if (is_followed(f)) {
		printf("%s\n", _w(x, "ce sujet est déjà suivi"));
		return 0;
	}
	int r = copy_others(f);
	if (r == 0)
		r = write_pack(f);
	if (r)
		return r;
	const struct slice title = d->title.n ? d->title : d->label;
	_free_ char *said =
		xasprintf(words(x->config.lang, "sujet suivi : %.*s"), (int)title.n, title.p);
	_free_ char *noted =
		xasprintf(words(x->config.lang, "sujet suivi n° %lld"), (long long)f->alarm);
	return publish(f, said, noted);
}

static int unfollow(struct following *f)
{
	struct context *x = f->x;
	if (!is_followed(f)) {
		printf("%s\n", _w(x, "ce sujet n'est pas suivi"));
		return 0;
	}
	f->signature.force = true; /* it was asked for, and nothing else goes */
	find_title(f);
	_free_ char *said = xasprintf(words(x->config.lang, "sujet plus suivi : %.*s"),
		(int)f->draft.title.n, f->draft.title.p);
	_free_ char *noted =
		xasprintf(words(x->config.lang, "sujet n° %lld plus suivi"), (long long)f->alarm);
	int r = copy_others(f);
	return r ? r : publish(f, said, noted);
}

static int run(struct context *x, int argc, char **argv, int (*what)(struct following *f))
{
	struct following f = {.x = x};
	arena_init(&f.arena, 0);
	int r = read_words(&f, &argc, argv);
	if (r == 0)
		r = read_alarm(&f);
	if (r == 0)
		r = what(&f);
	release(&f);
	return r;
}

int rules_follow(struct context *x, int argc, char **argv)
{
	return run(x, argc, argv, follow);
}

int rules_unfollow(struct context *x, int argc, char **argv)
{
	return run(x, argc, argv, unfollow);
}
