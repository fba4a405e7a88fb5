/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "merging.h"
#include <stdlib.h>
#include <unistd.h>
#include <tocsin/base/alloc.h>

static char *bundle_path(const struct merging *m, struct slice hash)
{
	return xasprintf("%s/bundles/%.*s", m->state_dir, (int)hash.n, hash.p);
}

/* What the last merge made, and what others published since. */
static int add_since(void *user, const struct publication *p)
{
	struct merging *m = user;
	m->since[m->sides.n_since++] = bundle_path(m, p->hash);
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
		buf_printf(names, " (%s)", words(m->lang, "retiré"));
	if (outcome == PACK_DISPUTED)
		buf_printf(&m->disputed_files, "%s\n", file);
}

int merging_make(struct merging *m, const char *into, struct error *e)
{
	m->ours = bundle_path(m, slice_of(m->active));
	m->base = bundle_path(m, slice_of(m->last));
	m->sides = (struct pack_sides){.folder = m->folder,
		.active = m->ours,
		.base = *m->last && access(m->base, F_OK) == 0 ? m->base : NULL,
		.since = (const char *const *)m->since};
	int r = reader_disputed_packs(m->reader, &m->before, e);
	if (r == 0)
		r = reader_publications(m->reader, MERGING_SINCE_MAX, add_since, m, e);
	return r < 0 ? r : packs_merge(&m->sides, into, take, m, e);
}

void merging_release(struct merging *m)
{
	for (size_t i = 0; i < m->sides.n_since; i++)
		free(m->since[i]);
	free(m->base);
	free(m->ours);
	buf_release(&m->before);
	buf_release(&m->kept);
	buf_release(&m->disputed);
	buf_release(&m->disputed_files);
}
