/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an erasure takes out of the account of what people did: who looked, when and why stays, the words do not. A search goes when
 * every word of it stands in what is erased, without regard to case and accents: it was, or may have been, for that. A name goes
 * from among the words of people alone: the account says the rest as before, whatever name is typed. */
#include "name.h"
#include "st.h"

#define WORD_MIN 2u

/* A word that was looked for may be the beginning of the one that was found. */
static bool begins_a_word(struct slice text, struct slice word)
{
	for (size_t i = 0; i + word.n <= text.n; i++)
		if ((!i || !name_letter(text.p[i - 1])) && !memcmp(text.p + i, word.p, word.n))
			return true;
	return false;
}

/* Both folded. False also when there is no word to look for. */
static bool answers(struct slice query, struct slice text)
{
	size_t words = 0;

	for (size_t i = 0; i < query.n;) {
		size_t n = 0;

		while (i + n < query.n && name_letter(query.p[i + n]))
			n++;
		if (n >= WORD_MIN) {
			if (!begins_a_word(text, (struct slice){query.p + i, n}))
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

	name_fold(text, &said);
	buf_add_char(&said, ' ');
	name_fold(handle, &said);
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
			name_fold(sq_col(s, 1), &query);
			found = answers(buf_slice(&query), buf_slice(&said));
		}
		if (found) {
			sqlite3_reset(s);
			r = blank(st, id, e);
		}
	}
	return r < 0 ? r : 0;
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

int decision_forget_name(struct store *st, int64_t row, struct slice name, struct error *e)
{
	if (name.n && name.p[0] == '@')
		name = (struct slice){name.p + 1, name.n - 1};
	return sq_do(&st->q, e,
		"UPDATE decision SET reason = without_name(reason, ?1)"
		" WHERE row = ?2 AND reason <> without_name(reason, ?1)",
		"ti", name, row);
}
