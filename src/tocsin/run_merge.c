/* SPDX-License-Identifier: GPL-3.0-or-later
 * The folder of rules has changed, and so may have what was published elsewhere since it was taken last: in the console, by « Suivre ce
 * sujet », by a push. Neither undoes the other; what was merged is in the history. */
#include "run.h"
#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>
#include "packs.h"
#include "rules/merging.h"

struct merge {
	struct run *r;
	char *folder; /* what is to be in force */
	struct merging m;
};

static int make(struct merge *m, struct error *e)
{
	int r = file_remove_tree(m->folder);
	if (r == 0)
		r = file_make_folder(m->folder, 0700, e);
	return r < 0 ? r : merging_make(&m->m, m->folder, e);
}

/* The hash of what was merged: one that is there, or a new one. */
static int settle(struct merge *m, const char *renewed, char ret[static DIGEST_HEX])
{
	struct run *r = m->r;
	struct problems p = {0};
	_free_ char *bundles = run_bundle_path(r, "");
	int status = 0;
	if (ruleset_same_sources(m->folder, m->m.sides.folder))
		memcpy(ret, r->bundle, DIGEST_HEX);
	else if (ruleset_same_sources(m->folder, m->m.sides.active))
		memcpy(ret, renewed, DIGEST_HEX);
	else
		status = ruleset_publish(m->folder, bundles, ret, &p);
	print_problems(r->x, &p);
	if (status < 0)
		service_log(&r->s, LOG_ERROR_, "%s",
			words(r->s.config.lang,
				"le dossier des règles ne va pas avec ce qui a été publié ailleurs : "
				"partez de « tocsin rules pull » et changez-y ce qu'il faut"));
	problems_release(&p);
	return status;
}

static void say(struct merge *m, bool same)
{
	struct run *r = m->r;
	const enum words_lang lang = r->s.config.lang;
	struct buf *reason = &r->choice.reason;
	if (same) {
		buf_clear(reason);
		buf_add_string(reason,
			words(lang,
				"tocsin a changé : les mêmes règles, sous une autre empreinte"));
	} else if (m->m.kept.n) {
		buf_add_string(reason, " ; ");
		buf_printf(reason, words(lang, "restent, publiés ailleurs : %s"),
			buf_string(&m->m.kept));
	}
	if (m->m.kept.n)
		service_log(&r->s, LOG_INFO_,
			words(lang,
				"règles publiées ailleurs que dans le dossier, qui restent : %s"),
			buf_string(&m->m.kept));
	if (!m->m.disputed.n)
		return;
	if (!same) {
		buf_add_string(reason, " ; ");
		buf_printf(reason,
			words(lang, "changés des deux côtés, restent comme en vigueur : %s"),
			buf_string(&m->m.disputed));
	}
	service_log(&r->s, LOG_WARNING_, DISPUTED_PACKS(lang), buf_string(&m->m.disputed));
}

static void release(struct merge *m)
{
	(void)!file_remove_tree(m->folder);
	merging_release(&m->m);
	free(m->folder);
}

static int run_merging(struct merge *m, const char *renewed)
{
	struct run *r = m->r;
	struct error e = {""};
	int status = make(m, &e);
	if (status < 0) {
		service_log(&r->s, LOG_ERROR_, "%s", *e.text ? e.text : strerror(-status));
		return 1;
	}
	if (settle(m, renewed, r->choice.hash) < 0)
		return 1;
	const bool same = ruleset_same_sources(m->folder, m->m.sides.active);
	if (!same && !run_may_replace(r, m->folder))
		return 1;
	buf_add_slice(&r->choice.disputed, buf_slice(&m->m.disputed_files));
	prune_touch(r, r->choice.hash);
	say(m, same);
	return 0;
}

int run_merge(struct run *r, const char *active, const char *renewed, const char *last)
{
	_free_ char *theirs = run_bundle_path(r, r->bundle);
	struct merge m = {.r = r,
		.folder = xasprintf("%s/fusion", r->s.config.run_dir),
		.m = {.reader = run_reader(r),
			.state_dir = r->s.config.state_dir,
			.lang = r->s.config.lang,
			.folder = theirs,
			.active = active,
			.last = last}};
	int status = run_merging(&m, renewed);
	release(&m);
	return status;
}
