/* SPDX-License-Identifier: GPL-3.0-or-later
 * Raw inputs that are about an erased comment or account though they hold none of its names: by the pseudonym of each value in
 * them. So an erasure that was cut off, or is done again and knows no name, finds them too. */
#include "erasures.h"
#include "name.h"
#include "purge.h"

#define SHORT \
	6u /* bytes: a shorter value is one only behind a key that says so; "12" is many things */

/* What stands between values: of JSON, of a table, of a form or a page. A value may have in it what parts others. */
static const char *const between[] = {"\"\t\r\n", "\",;\t\r\n", "\"'&=,;<>[]{}() \t\r\n"};
#define KINDS (sizeof(between) / sizeof(*between))

struct looked_for {
	struct store *st;
	struct slice source, key; /* key: of the account, or nothing */
};

static bool is_whom(const struct looked_for *l, struct slice value)
{
	unsigned char whom[16];
	const struct slice mark = {(const char *)whom, sizeof(whom)};

	author_pseudonym(l->st, l->source, value, whom);
	return map_find(l->st->erasures.gone, mark) || slice_equal(mark, l->key);
}

/* "id", "comment_id", "author" */
static bool names_one(struct slice key)
{
	_buf_ struct buf folded = {0};

	name_fold(key, &folded);
	return slice_ends(buf_slice(&folded), "id") || slice_ends(buf_slice(&folded), "author");
}

/* Without the colon of JSON and its blanks. */
static struct slice trim(struct slice s)
{
	while (s.n && (s.p[0] == ':' || s.p[0] == ' ')) {
		s.p++;
		s.n--;
	}
	while (s.n && (s.p[s.n - 1] == ':' || s.p[s.n - 1] == ' '))
		s.n--;
	return s;
}

static bool values_say(const struct looked_for *l, struct slice raw, const char *signs)
{
	struct slice before = {0};

	for (size_t i = 0, n; i < raw.n; i += n + 1) {
		struct slice value;

		n = 0;
		while (i + n < raw.n && (!raw.p[i + n] || !strchr(signs, raw.p[i + n])))
			n++;
		value = trim((struct slice){raw.p + i, n});
		if (!value.n)
			continue;
		if (value.n <= COMMENT_ID_MAX && (value.n >= SHORT || names_one(before)) &&
			is_whom(l, value))
			return true;
		before = value;
	}
	return false;
}

static bool comment_says(const struct looked_for *l, const struct comment *c)
{
	return (c->id.n && is_whom(l, c->id)) || (c->author.n && is_whom(l, c->author)) ||
		(c->parent.n && is_whom(l, c->parent));
}

/* is_of(raw, source, key) */
static void is_of(sqlite3_context *x, int n, sqlite3_value **values)
{
	const struct looked_for l = {sqlite3_user_data(x),
		{sqlite3_value_blob(values[1]), (size_t)sqlite3_value_bytes(values[1])},
		{sqlite3_value_blob(values[2]), (size_t)sqlite3_value_bytes(values[2])}};
	const struct slice raw = {
		sqlite3_value_blob(values[0]), (size_t)sqlite3_value_bytes(values[0])};
	_buf_ struct buf plain = {0};
	struct comment c;
	bool found = false;

	(void)n;
	if (raw.n && comment_decode(raw, &c) == 0) {
		sqlite3_result_int(x, comment_says(&l, &c));
		return;
	}
	name_unescape(raw, &plain);
	for (size_t i = 0; i < KINDS && !found; i++)
		found = values_say(&l, raw, between[i]) ||
			values_say(&l, buf_slice(&plain), between[i]);
	sqlite3_result_int(x, found);
}

int purge_functions(struct store *st, struct error *e)
{
	const int rc =
		sqlite3_create_function(st->q.db, "is_of", 3, SQLITE_UTF8, st, is_of, NULL, NULL);

	return rc == SQLITE_OK ? 0 : sq_fail(st->q.db, rc, e);
}
