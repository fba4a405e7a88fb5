/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an erasure takes out of the account of what people did: who looked, when and why stays, the words do not. A search goes when
 * every word of it stands in what is erased, without regard to case and accents: it was, or may have been, for that. A name goes
 * from among the words of people alone: the account says the rest as before, whatever name is typed. */
#include "st.h"

#define WORD_MIN 2u
#define NAME_MIN 3u /* less is a word of any sentence */

/* U+00C0 … U+00FF without their accents; the rest is left as it is. */
static const char latin[] = "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty";

/* Adds the character at i; how many bytes it has in s. */
static size_t fold_one(struct slice s, size_t i, struct buf *out)
{
	const unsigned char c = (unsigned char)s.p[i];
	const unsigned char next = i + 1 < s.n ? (unsigned char)s.p[i + 1] : 0;

	if (c == 0xc3 && next >= 0x80 && next < 0xc0)
		buf_add_char(out, latin[next - 0x80]);
	else if (c == 0xc5 && (next == 0x92 || next == 0x93))
		buf_add_string(out, "oe");
	else {
		buf_add_char(out, (char)(c >= 'A' && c <= 'Z' ? c + 32 : c));
		return 1;
	}
	return 2;
}

static void fold(struct slice s, struct buf *out)
{
	for (size_t i = 0; i < s.n;)
		i += fold_one(s, i, out);
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* Both folded. False also when there is no word to look for. */
static bool answers(struct slice query, struct slice text)
{
	size_t words = 0;

	for (size_t i = 0; i < query.n;) {
		size_t n = 0;

		while (i + n < query.n && is_word(query.p[i + n]))
			n++;
		if (n >= WORD_MIN) {
			if (!memmem(text.p, text.n, query.p + i, n))
				return false;
			words++;
		}
		i += n ? n : 1;
	}
	return words > 0;
}

static int blank(struct store *st, int64_t id, struct error *e)
{
	return sq_do(&st->q, e, "UPDATE audit SET what = " BLANKS("what") " WHERE id = ?", "i", id);
}

int audit_forget_found(struct store *st, struct slice text, struct slice handle, struct error *e)
{
	_buf_ struct buf said = {0}, query = {0};
	int64_t id = 0;
	int r = 0;

	fold(text, &said);
	buf_add_char(&said, ' ');
	fold(handle, &said);
	while (r == 0) { /* one at a time: what is read must not be written meanwhile */
		bool found = false;
		sqlite3_stmt *s;

		r = sq_query(&st->q, e, &s,
			"SELECT id, what FROM audit WHERE verb = 'search' AND id > ? ORDER BY id",
			"i", id);
		while (r == 0 && !found) {
			r = sq_step(s, e);
			if (r)
				break;
			id = sq_col_int(s, 0);
			buf_clear(&query);
			fold(sq_col(s, 1), &query);
			found = answers(buf_slice(&query), buf_slice(&said));
		}
		if (found) {
			sqlite3_reset(s);
			r = blank(st, id, e);
		}
	}
	return r < 0 ? r : 0;
}

/* --- a name */

/* The character that has a byte at i; neither punctuation (« ’ …) nor a blank, of whatever width. */
static bool is_letter(struct slice s, size_t i)
{
	while (i && ((unsigned char)s.p[i] & 0xc0) == 0x80)
		i--;
	const unsigned char c = (unsigned char)s.p[i];
	const unsigned char next = i + 1 < s.n ? (unsigned char)s.p[i + 1] : 0;

	return c < 0x80 ? (c >= 'A' && c <= 'Z') || is_word((char)c)
			: c != 0xc2 && !(c == 0xe2 && next == 0x80);
}

static bool joins(char c)
{
	return c == '-' || c == '.' || c == '_' || c == '@';
}

/* What stands at i goes on from the name beside it: a letter, or a letter behind what joins two (Saint-Paul, paul.durand). */
static bool goes_on(struct slice s, size_t i, int step)
{
	const size_t beyond = i + (size_t)step;

	if (i >= s.n)
		return false;
	return is_letter(s, i) || (joins(s.p[i]) && beyond < s.n && is_letter(s, beyond));
}

/* Where the folded name that stands at i as a word ends; 0: it does not. */
static size_t name_end(struct slice text, size_t i, struct slice name, struct buf *piece)
{
	size_t end = i;

	buf_clear(piece);
	while (end < text.n && piece->n < name.n) {
		end += fold_one(text, end, piece);
		if (piece->n > name.n || memcmp(piece->p, name.p, piece->n))
			return 0;
	}
	return piece->n == name.n && !goes_on(text, i - 1, -1) && !goes_on(text, end, 1) ? end : 0;
}

/* without_name(text, name) */
static void without_name(sqlite3_context *x, int n, sqlite3_value **values)
{
	_buf_ struct buf text = {0}, name = {0}, piece = {0};

	(void)n;
	buf_add(&text, (const char *)sqlite3_value_text(values[0]),
		(size_t)sqlite3_value_bytes(values[0]));
	fold((struct slice){(const char *)sqlite3_value_text(values[1]),
		     (size_t)sqlite3_value_bytes(values[1])},
		&name);
	for (size_t i = 0, end; name.n >= NAME_MIN && i < text.n; i = end ? end : i + 1) {
		end = name_end(buf_slice(&text), i, buf_slice(&name), &piece);
		if (end)
			memset(text.p + i, ' ', end - i);
	}
	sqlite3_result_text(x, text.p, (int)text.n, SQLITE_TRANSIENT);
}

int audit_forget_functions(sqlite3 *db, struct error *e)
{
	int rc = sqlite3_create_function(
		db, "without_name", 2, SQLITE_UTF8, NULL, without_name, NULL, NULL);

	return rc == SQLITE_OK ? 0 : sq_fail(db, rc, e);
}

/* What was looked for is free words, and so is the reason for most of what people do; nothing else can hold the name. */
int audit_forget_name(struct store *st, struct slice name, struct error *e)
{
	int r;

	if (name.n && name.p[0] == '@')
		name = (struct slice){name.p + 1, name.n - 1};
	r = sq_do(&st->q, e,
		"UPDATE audit SET what = without_name(what, ?1) WHERE verb = 'search'"
		" AND what <> without_name(what, ?1)",
		"t", name);
	return r < 0
		? r
		: sq_do(&st->q, e,
			  "UPDATE audit SET why = without_name(why, ?1)"
			  " WHERE verb NOT IN ('account', 'token', 'absence', 'sign-in', 'drill', 'revise')"
			  " AND why <> without_name(why, ?1)",
			  "t", name);
}
