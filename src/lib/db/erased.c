/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "erased.h"
#include <tocsin/db/kept.h>

#define NAMES_MAX 4096u

void erased_release(struct erased *k)
{
	buf_release(&k->names);
}

int erased_read(struct store *st, struct erased *k, const char *kind,
	const unsigned char whom[static 16], struct error *e)
{
	char hex[33];
	sqlite3_stmt *s;
	int r;

	digest_hex(whom, 16, hex);
	snprintf(k->key, sizeof(k->key), "erasing %s %s", kind, hex);
	snprintf(k->since, sizeof(k->since), "erasing since %s %s", kind, hex);
	r = sq_query(&st->q, e, &s, "SELECT value FROM note WHERE key = ?", "t", slice_of(k->key));
	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r < 0 ? r : 0;
	buf_add_slice(&k->names, sq_col(s, 0));
	sqlite3_reset(s);
	k->found = k->noted = true;
	k->noted_names = k->names.n;
	return 0;
}

struct slice erased_shown_name(struct slice handle)
{
	const char *zero = handle.n ? memchr(handle.p, 0, handle.n) : NULL;

	return zero ? (struct slice){zero + 1, (size_t)(handle.p + handle.n - zero - 1)}
		    : (struct slice){0};
}

static void add_name(struct erased *k, struct slice shown)
{
	struct buf *names = &k->names;
	_buf_ struct buf one = {0};

	if (!shown.n || names->n > NAMES_MAX)
		return;
	buf_add_char(&one, 0);
	buf_add_slice(&one, shown);
	buf_add_char(&one, 0);
	if (!names->n)
		buf_add_char(names, 0);
	if (!memmem(names->p, names->n, one.p, one.n))
		buf_add(names, one.p + 1, one.n - 1);
}

void erased_add_name(struct erased *k, struct slice handle)
{
	const struct slice shown = erased_shown_name(handle);
	const char *at = shown.n ? memmem(shown.p, shown.n, " (@", 3) : NULL;

	add_name(k, shown);
	if (!at || shown.p[shown.n - 1] != ')')
		return;
	/* "Paul Durand (@paul.bsky.example)": each by itself */
	add_name(k, (struct slice){shown.p, (size_t)(at - shown.p)});
	add_name(k, (struct slice){at + 3, (size_t)(shown.p + shown.n - at) - 4});
}

int erased_note(struct store *st, struct erased *k, struct error *e)
{
	int r;

	if (!k->found || (k->noted && k->noted_names == k->names.n))
		return 0;
	r = sq_do(&st->q, e, "INSERT OR REPLACE INTO note(key, value) VALUES(?, ?)", "tb",
		slice_of(k->key), buf_slice(&k->names));
	if (r == 0)
		r = sq_do(&st->q, e, "INSERT OR IGNORE INTO note(key, value) VALUES(?, ?)", "ti",
			slice_of(k->since), st->wall);
	if (r < 0)
		return r;
	k->noted = true;
	k->noted_names = k->names.n;
	return 0;
}

int erased_done(struct store *st, const struct erased *k, struct error *e)
{
	return sq_do(&st->q, e, "DELETE FROM note WHERE key IN (?, ?)", "tt", slice_of(k->key),
		slice_of(k->since));
}

#define NAMES "(key GLOB 'erasing account *' OR key GLOB 'erasing comment *')"
#define SINCE "'erasing since ' || substr(key, length('erasing ') + 1)"

int erased_expire(struct store *st, struct error *e)
{
	/* one that a version before began says no time: from now on */
	int r = sq_do(&st->q, e,
		"INSERT OR IGNORE INTO note(key, value) SELECT " SINCE ", ? FROM note WHERE " NAMES,
		"i", st->wall);

	return r < 0 ? r
		     : sq_do(&st->q, e,
			       "UPDATE note SET value = x'' WHERE " NAMES " AND length(value) > 0"
			       " AND (SELECT s.value FROM note s WHERE s.key = 'erasing since ' ||"
			       " substr(note.key, length('erasing ') + 1)) < ?",
			       "i", st->wall - ERASED_NAMES_MS);
}
