/* SPDX-License-Identifier: GPL-3.0-or-later
 * The folder of rules has changed, and so may have what was published elsewhere since it was taken last: in the console, by « Suivre ce
 * sujet », by a push. Neither undoes the other; what was merged is in the history. */
#include "run.h"
#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>
#include <tocsin/rules/merge.h>
#include "packs.h"

enum { SINCE_MAX = 100 };

struct merging {
	struct run *r;
	char *folder; /* what is to be in force */
	const char *
		last; /* what the folder said, by its hash: whatever was published before that is no news */
	struct pack_sides sides;
	char *since[SINCE_MAX];
	struct buf kept, disputed; /* as people call them */
	struct buf before; /* files that were disputed at the last merge */
};

/* What the last merge made, and what others published since. */
static int add_since(void *user, const struct publication *p)
{
	struct merging *m = user;
	_free_ char *hash = xasprintf("%.*s", (int)p->hash.n, p->hash.p);
	m->since[m->sides.n_since++] = run_bundle_path(m->r, hash);
	return slice_is(p->who, "tocsin run") || slice_is(p->hash, m->last);
}

/* The folder says what it said when that was disputed: it is no less now. */
static bool still_disputed(struct merging *m, const char *file)
{
	_buf_ struct buf line = {0}, lines = {0};
	buf_printf(&line, "\n%s\n", file);
	buf_printf(&lines, "\n%s", buf_string(&m->before));
	return strstr(buf_string(&lines), buf_string(&line)) && m->sides.base &&
		packs_agree(file, m->sides.base, m->sides.folder);
}

static void take(void *user, const char *file, enum pack_outcome outcome, bool there)
{
	struct merging *m = user;
	if (outcome == PACK_KEPT && still_disputed(m, file))
		outcome = PACK_DISPUTED;
	struct buf *names = outcome == PACK_DISPUTED ? &m->disputed : &m->kept;
	if (outcome != PACK_KEPT && outcome != PACK_DISPUTED)
		return;
	pack_add_name(names, slice_of(file));
	if (!there)
		buf_printf(names, " (%s)", words(m->r->s.config.lang, "retiré"));
	if (outcome == PACK_DISPUTED)
		buf_printf(&m->r->choice.disputed, "%s\n", file);
}

static int merge(struct merging *m, struct error *e)
{
	m->sides.since = (const char *const *)m->since;
	int r = file_remove_tree(m->folder);
	if (r == 0)
		r = file_make_folder(m->folder, 0700, e);
	if (r == 0)
		r = reader_disputed_packs(run_reader(m->r), &m->before, e);
	if (r == 0)
		r = reader_publications(run_reader(m->r), SINCE_MAX, add_since, m, e);
	return r < 0 ? r : packs_merge(&m->sides, m->folder, take, m, e);
}

/* The hash of what was merged: one that is there, or a new one. */
static int settle(struct merging *m, const char *renewed, char ret[static DIGEST_HEX])
{
	struct run *r = m->r;
	struct problems p = {0};
	_free_ char *bundles = run_bundle_path(r, "");
	int status = 0;
	if (ruleset_same_sources(m->folder, m->sides.folder))
		memcpy(ret, r->bundle, DIGEST_HEX);
	else if (ruleset_same_sources(m->folder, m->sides.active))
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

static void say(struct merging *m, bool same)
{
	struct run *r = m->r;
	const enum words_lang lang = r->s.config.lang;
	struct buf *reason = &r->choice.reason;
	if (same) {
		buf_clear(reason);
		buf_add_string(reason,
			words(lang,
				"tocsin a changé : les mêmes règles, sous une autre empreinte"));
	} else if (m->kept.n) {
		buf_add_string(reason, " ; ");
		buf_printf(reason, words(lang, "restent, publiés ailleurs : %s"),
			buf_string(&m->kept));
	}
	if (m->kept.n)
		service_log(&r->s, LOG_INFO_,
			words(lang,
				"règles publiées ailleurs que dans le dossier, qui restent : %s"),
			buf_string(&m->kept));
	if (!m->disputed.n)
		return;
	if (!same) {
		buf_add_string(reason, " ; ");
		buf_printf(reason,
			words(lang, "changés des deux côtés, restent comme en vigueur : %s"),
			buf_string(&m->disputed));
	}
	service_log(&r->s, LOG_WARNING_, DISPUTED_PACKS(lang), buf_string(&m->disputed));
}

static void release(struct merging *m)
{
	(void)!file_remove_tree(m->folder);
	for (size_t i = 0; i < m->sides.n_since; i++)
		free(m->since[i]);
	buf_release(&m->kept);
	buf_release(&m->disputed);
	buf_release(&m->before);
	free(m->folder);
}

static int run_merging(struct merging *m, const char *renewed)
{
	struct run *r = m->r;
	struct error e = {""};
	int status = merge(m, &e);
	if (status < 0) {
		service_log(&r->s, LOG_ERROR_, "%s", *e.text ? e.text : strerror(-status));
		return 1;
	}
	if (settle(m, renewed, r->choice.hash) < 0)
		return 1;
	const bool same = ruleset_same_sources(m->folder, m->sides.active);
	if (!same && !run_may_replace(r, m->folder))
		return 1;
	prune_touch(r, r->choice.hash);
	say(m, same);
	return 0;
}

int run_merge(struct run *r, const char *active, const char *renewed, const char *last)
{
	_free_ char *base = run_bundle_path(r, last), *ours = run_bundle_path(r, active);
	_free_ char *theirs = run_bundle_path(r, r->bundle);
	struct merging m = {.r = r,
		.last = last,
		.folder = xasprintf("%s/fusion", r->s.config.run_dir),
		.sides = {.base = *last && access(base, F_OK) == 0 ? base : NULL,
			.folder = theirs,
			.active = ours}};
	int status = run_merging(&m, renewed);
	release(&m);
	return status;
}
