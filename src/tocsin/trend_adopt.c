/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin trend adopt: a topic that emerged becomes a pack for the rule author: what it is called, what it is recognised by,
 * and comments of the history as examples. Nothing is published. The pack is loaded before it is shown, and each example
 * is one that it recognises. */
#include "trend.h"
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>
#include "adopt/draft.h"
#include "history.h"
#include "packs.h"
#include "replay/folder.h"

#define LOOK_BACK (35 * CLOCK_DAY) /* as long as ordinary texts are kept */
#define OWNER "communication@ville.example"
#define EMERGENT "emergent:"
#define LABEL_MAX 80u /* bytes */

struct adopting {
	struct context *x;
	struct arena arena;
	struct draft draft;
	struct ruleset *declared, *own; /* rules that there are; the draft alone */
	struct scorer *scorer, *own_scorer;
	int64_t from; /* of the history */
	size_t known; /* examples that a live topic recognises already … */
	struct slice by; /* … the last of these */
};

/* --- what is adopted */

static int on_incident(void *user, const struct incident *i)
{
	struct adopting *a = user;
	size_t n = strlen(EMERGENT);
	if (i->kind != INCIDENT_EMERGENT || i->topic.n <= n)
		return 0;
	a->draft.label = arena_copy(&a->arena, (struct slice){i->topic.p + n, i->topic.n - n});
	struct slice *beside = arena_alloc(&a->arena, sizeof(*beside) * (i->facts.n_terms + 1));
	for (uint32_t k = 0; k < i->facts.n_terms; k++)
		beside[k] = arena_copy(&a->arena, i->facts.terms[k]);
	a->draft.beside = beside;
	a->draft.n_beside = i->facts.n_terms;
	a->from = i->facts.since ? i->facts.since : i->opened_at;
	return 0;
}

static bool is_number(const char *word)
{
	return *word && word[strspn(word, "0123456789")] == '\0';
}

/* An incident by its number, else a term as people write it. */
static int read_subject(struct adopting *a, const char *word)
{
	struct context *x = a->x;
	struct error e = {0};
	int r = need_reader(x);
	if (r)
		return r;
	a->from = town_clock(x) - LOOK_BACK;
	if (!is_number(word)) {
		a->draft.label = slice_of(word);
		if (strncmp(word, EMERGENT, strlen(EMERGENT)) == 0)
			a->draft.label = slice_of(word + strlen(EMERGENT));
	} else if (reader_incident(x->reader, atoll(word), on_incident, a, &e) < 0) {
		return complain(x, EXIT_PROBLEMS, "%s", e.text);
	} else if (!a->draft.label.n) {
		return complain(x, EXIT_PROBLEMS,
			_w(x, "l'alerte %s n'est pas un sujet émergent : donnez un terme"), word);
	}
	if (!a->draft.label.n || a->draft.label.n > LABEL_MAX)
		return complain(
			x, EXIT_MISUSE, _w(x, "un terme de 1 à %u octets est attendu"), LABEL_MAX);
	draft_id(a->draft.label, a->draft.id);
	return 0;
}

/* --- the rules that there are, and the draft's own */

static int read_rules(struct adopting *a, const char *folder)
{
	int r = packs_load(a->x, folder, &a->declared);
	if (r)
		return r;
	a->scorer = scorer_new(a->declared);
	a->draft.owner = SLICE(OWNER);
	for (size_t i = 0; i < ruleset_count(a->declared); i++) {
		struct rule_info info = ruleset_info(a->declared, i);
		if (slice_is(info.id, a->draft.id))
			return complain(a->x, EXIT_PROBLEMS, _w(a->x, "« %s » existe déjà : %s:%u"),
				a->draft.id, info.path, info.line);
		if (info.topic && info.owner.n)
			a->draft.owner = info.owner;
	}
	return 0;
}

/* Loads the draft from a folder that goes again. */
static int load_draft(struct adopting *a)
{
	_buf_ struct buf text = {0};
	struct folder folder;
	struct problems p = {0};
	struct error e = {0};
	int r = folder_make(&folder, &e);
	if (r < 0)
		return complain(a->x, EXIT_PROBLEMS, "%s", e.text);
	draft_write(&a->draft, &text);
	_free_ char *path = xasprintf("%s/%s.yaml", folder.path, a->draft.id);
	ruleset_free(a->own);
	a->own = NULL;
	r = file_write_atomic(path, buf_slice(&text), 0600, &e);
	if (r < 0)
		complain(a->x, EXIT_PROBLEMS, "%s", e.text);
	else if ((r = ruleset_load(folder.path, &a->own, &p)) < 0)
		print_problems(a->x, &p);
	problems_release(&p);
	if (folder_remove(&folder) < 0 && r == 0)
		r = complain(a->x, EXIT_PROBLEMS, "%s", strerror(EIO));
	return r ? EXIT_PROBLEMS : 0;
}

/* --- examples */

static bool recognises(struct adopting *a, struct slice text)
{
	struct verdict v;
	const struct comment c = {.text = text};
	scorer_score(a->own_scorer, &c, &v);
	return v.n_shadows > 0; /* it is in observation */
}

static void note_known(struct adopting *a, const struct comment *c)
{
	struct verdict v;
	scorer_score(a->scorer, c, &v);
	if (!v.n_topics)
		return;
	a->known++;
	a->by = arena_copy(&a->arena, v.topics[0]);
}

static bool is_there(const struct slice *list, size_t n, struct slice text)
{
	for (size_t i = 0; i < n; i++)
		if (slice_equal(list[i], text))
			return true;
	return false;
}

/* A sentence that is neither a word nor a page. */
static bool is_fit(struct slice text)
{
	return text.n >= 20 && text.n <= 300;
}

static int on_comment(void *user, const struct history_item *h)
{
	struct adopting *a = user;
	struct draft *d = &a->draft;
	const struct comment *c = &h->stored->comment;
	_buf_ struct buf hidden = {0};
	if (!is_fit(c->text))
		return 0;
	draft_hide(&hidden, c->text, c->author_name);
	struct slice text = buf_slice(&hidden);
	if (!recognises(a, text)) {
		if (d->n_no < DRAFT_NO && !h->stored->verdict.n_matches &&
			!draft_touches(d, text) && !is_there(d->no, d->n_no, text))
			d->no[d->n_no++] = arena_copy(&a->arena, text);
	} else if (d->n_yes < DRAFT_YES && !is_there(d->yes, d->n_yes, text)) {
		note_known(a, c);
		d->yes[d->n_yes++] = arena_copy(&a->arena, text);
	}
	return 0;
}

static int gather(struct adopting *a)
{
	a->own_scorer = scorer_new(a->own);
	int r = history_each(a->x, a->from, INT64_MAX, true, on_comment, a);
	a->own_scorer = scorer_free(a->own_scorer);
	if (r)
		return r;
	if (!a->draft.n_yes)
		return complain(a->x, EXIT_PROBLEMS,
			_w(a->x, "aucun commentaire enregistré ne dit « %.*s »"),
			(int)a->draft.label.n, a->draft.label.p);
	if (2 * a->known > a->draft.n_yes)
		fprintf(stderr,
			_w(a->x,
				"tocsin: le sujet « %.*s » reconnaît déjà la plupart de ces messages\n"),
			(int)a->by.n, a->by.p);
	return 0;
}

static int hand_out(struct adopting *a, const char *path)
{
	_buf_ struct buf text = {0};
	struct error e = {0};
	draft_write(&a->draft, &text);
	if (!path) {
		put_text(buf_slice(&text), stdout);
		return 0;
	}
	if (access(path, F_OK) == 0)
		return complain(a->x, EXIT_PROBLEMS,
			_w(a->x, "%s existe déjà : il reste comme il est"), path);
	return file_write_atomic(path, buf_slice(&text), 0644, &e) < 0
		? complain(a->x, EXIT_PROBLEMS, "%s", e.text)
		: 0;
}

int command_trend_adopt(struct context *x, int argc, char **argv)
{
	const char *rules = NULL, *path = NULL;
	const struct option_spec options[] = {
		{"rules", "règles", NULL, &rules}, {"write", "écrire", NULL, &path}};
	struct adopting a = {.x = x};
	int r = options_parse(x, options, 2, &argc, argv);
	if (r == 0)
		r = options_words(x, "trend adopt", argc, 1, 1);
	if (r)
		return r;
	arena_init(&a.arena, 0);
	r = read_subject(&a, argv[0]);
	if (r == 0)
		r = read_rules(&a, rules);
	if (r == 0)
		r = load_draft(&a);
	if (r == 0)
		r = gather(&a);
	if (r == 0)
		r = load_draft(&a); /* with its examples */
	if (r == 0)
		r = hand_out(&a, path);
	scorer_free(a.scorer);
	ruleset_free(a.own);
	ruleset_free(a.declared);
	arena_release(&a.arena);
	return r;
}
