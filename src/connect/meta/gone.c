/* SPDX-License-Identifier: GPL-3.0-or-later
 * Comments that are not there any more. The API has one code for "gone" and for "not for you", and what is buried here is buried for
 * good. So a comment counts as deleted only when it is missing in the whole list of its post, that post has fewer comments than were
 * known, the API says twice, at two looks in a row, that the comment is not there, and other people's comments are still shown. */
#include "look.h"

static bool was_listed(const struct meta *m, const char *id)
{
	_buf_ struct buf word = {0};

	buf_printf(&word, " %s ", id);
	return m->ids.n && memmem(m->ids.p, m->ids.n, word.p, word.n) != NULL;
}

static bool is_missing(const struct meta *m, const struct watched *w, const char *post)
{
	return strcmp(w->root, post) == 0 && !was_listed(m, w->id);
}

/* False: no place for it. */
static bool note(struct meta *m, const struct watched *w, int64_t count)
{
	if (m->n_missing >= META_CHECKS)
		return false;
	m->missing[m->n_missing++] = (struct missing){.comment = *w, .count = count};
	return true;
}

/* Those first that were said to be gone before. False: not all have a place. */
static bool note_all(struct meta *m, const char *post, int64_t count)
{
	bool all = true;

	for (size_t i = 0; i < m->gone.n; i++)
		if (is_missing(m, &m->gone.list[i], post))
			all &= note(m, &m->gone.list[i], count);
	for (size_t i = 0; i < m->watch.n; i++)
		if (is_missing(m, &m->watch.list[i], post) &&
			!watch_find(&m->gone, slice_of(m->watch.list[i].id)))
			all &= note(m, &m->watch.list[i], count);
	return all;
}

bool meta_note_missing(struct meta *m, const struct post *post, int64_t count)
{
	size_t first = m->n_missing;

	if (count < post->count) {
		bool all = note_all(m, post->id, count);

		if (!all && m->n_missing > first)
			m->missing[m->n_missing - 1].waits = true;
		return !all || m->n_missing > first;
	}
	for (size_t i = 0; i < m->watch.n && m->n_strays < META_STRAYS; i++)
		if (is_missing(m, &m->watch.list[i], post->id))
			memcpy(m->strays[m->n_strays++], m->watch.list[i].id, WATCH_ID);
	return false;
}

static int is_gone(struct pass *p, struct meta *m, const char *id, bool *ret_gone, struct error *e)
{
	struct json_value v;
	enum meta_error fault;
	int r;

	buf_clear(&m->path);
	buf_printf(&m->path, "%s?fields=id", id);
	r = meta_ask(p, m, &v, &fault, e);
	*ret_gone = fault == META_GONE;
	return r;
}

/* One that is gone: for the second time, and its post has still more comments to lose? */
static void bury(struct pass *p, struct meta *m, struct missing *one, struct watch *gone)
{
	struct post *post = posts_find(&m->posts, one->comment.root);
	struct comment c = {.type = COMMENT_TOMBSTONE, .id = slice_of(one->comment.id)};

	if (!post || post->count <= one->count)
		return;
	if (!m->heard || !watch_find(&m->gone, c.id)) {
		watch_add(gone, c.id, slice_of(one->comment.root));
		one->waits = true;
		return;
	}
	pass_add(p, &c);
	watch_remove(&m->watch, c.id);
	post->count--;
}

/* What was asked for is settled: the number of comments of its post is the one that is shown now. */
static void settle(struct meta *m)
{
	for (size_t i = 0; i < m->n_missing; i++) {
		struct post *post = posts_find(&m->posts, m->missing[i].comment.root);
		bool waits = false;

		for (size_t k = 0; k < m->n_missing; k++)
			waits |= m->missing[k].waits &&
				strcmp(m->missing[k].comment.root, m->missing[i].comment.root) == 0;
		if (post && !waits)
			post->count = m->missing[i].count;
	}
}

/* Nobody's comment was listed, and those that we know are refused although no post lost one: it is not they who are gone. */
static int doubt(struct pass *p, struct meta *m, struct error *e)
{
	bool gone = m->n_strays > 0;

	if (m->heard || m->n_missing)
		return FETCH_BODY;
	for (size_t i = 0; i < m->n_strays && gone && !m->spent; i++) {
		int r = is_gone(p, m, m->strays[i], &gone, e);

		if (r == FETCH_LATER)
			return r;
	}
	if (!gone || m->spent)
		return FETCH_BODY;
	return error_set(e, FETCH_REFUSED,
		"l'API ne montre plus les commentaires : le jeton a-t-il encore le droit de les lire ?");
}

int meta_bury(struct pass *p, struct meta *m, struct error *e)
{
	struct watch gone = {0};

	for (size_t i = 0; i < m->n_missing; i++) {
		bool is = false;
		int r = is_gone(p, m, m->missing[i].comment.id, &is, e);

		if (r == FETCH_LATER)
			return r;
		if (m->spent)
			return FETCH_BODY;
		if (is)
			bury(p, m, &m->missing[i], &gone);
		else if (r != FETCH_BODY)
			m->missing[i].waits = true; /* nobody knows */
	}
	settle(m);
	m->gone = gone;
	return doubt(p, m, e);
}
