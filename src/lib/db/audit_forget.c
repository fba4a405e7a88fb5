/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an erasure takes out of the account of what people did: who looked, when and why stays, the words do not. A search goes when
 * every word of it stands in what is erased, without regard to case and accents: it was, or may have been, for that. A name goes
 * from among the words of people alone: the account says the rest as before, whatever name is typed. */
#include "name.h"
#include <tocsin/record/category.h>
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

/* Where the reason for a change of an account begins, behind what the machine says of it (account.c); all of it: there is none. */
static size_t reason_at(struct slice why)
{
	static const char *const said[] = {
		" ; rôles : ", " ; services : ", " ; sources : ", " ; mot de passe"};
	static const char between[] = " ; ";
	const char *next = why.n ? memmem(why.p, why.n, between, strlen(between)) : NULL;
	size_t at = next ? (size_t)(next - why.p) : why.n;

	for (size_t i = 0; i < sizeof(said) / sizeof(*said); i++) {
		const struct slice rest = {why.p + at, why.n - at};

		if (!slice_begins(rest, said[i]))
			continue;
		next = memmem(rest.p + 1, rest.n - 1, between, strlen(between));
		at = next ? (size_t)(next - why.p) : why.n;
	}
	return at;
}

/* "7, transferer (habitat)": to which service, which may be written freely; not "7, masquer (menace)", which is what it was called. */
static size_t service_at(struct slice what)
{
	const char *open = what.n ? memmem(what.p, what.n, " (", 2) : NULL;
	const size_t at = open ? (size_t)(open - what.p) + 2 : what.n;

	return at < what.n && what.p[what.n - 1] == ')' &&
			!category_known((struct slice){what.p + at, what.n - at - 1})
		? at
		: what.n;
}

/* A column that is free words from some place on, in the entries of some verbs: those that hold the name. */
struct part {
	const char *list, *change;
	size_t (*begins)(struct slice text);
};
#define HOLDING(column, verbs) \
	"SELECT id, " column " FROM audit WHERE id > ?1 AND verb IN (" verbs ") AND " column \
	" <> without_name(" column ", ?2) ORDER BY id LIMIT 1"
#define WITHOUT(column) \
	"UPDATE audit SET " column " = CAST(substr(CAST(" column " AS BLOB), 1, ?2) AS TEXT) ||" \
	" without_name(CAST(substr(CAST(" column " AS BLOB), ?2 + 1) AS TEXT), ?1) WHERE id = ?3"

static int forget_part(struct store *st, const struct part *p, struct slice name, struct error *e)
{
	int64_t id = 0;
	int r = 0;

	while (r == 0) { /* one at a time: what is read must not be written meanwhile */
		sqlite3_stmt *s;
		size_t at = 0;
		bool free_words = false;

		r = sq_query(&st->q, e, &s, p->list, "it", id, name);
		if (r == 0)
			r = sq_step(s, e);
		if (r)
			break;
		id = sq_col_int(s, 0);
		at = p->begins(sq_col(s, 1));
		free_words = at < sq_col(s, 1).n;
		sqlite3_reset(s);
		if (free_words)
			r = sq_do(&st->q, e, p->change, "tii", name, (int64_t)at, id);
	}
	return r < 0 ? r : 0;
}

static int forget_parts(struct store *st, struct slice name, struct error *e)
{
	static const struct part parts[] = {
		{HOLDING("why", "'account'"), WITHOUT("why"), reason_at},
		{HOLDING("what", "'decide', 'second', 'requalify'"), WITHOUT("what"), service_at},
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < sizeof(parts) / sizeof(*parts); i++)
		r = forget_part(st, &parts[i], name, e);
	return r;
}

/* What was looked for is free words, and so is the reason for most of what people do; of a change of an account, and of the service to
 * which something was given, only what people wrote themselves. Nothing else can hold the name. */
int audit_forget_name(struct store *st, struct slice name, struct error *e)
{
	int r;

	if (name.n && name.p[0] == '@')
		name = (struct slice){name.p + 1, name.n - 1};
	r = forget_parts(st, name, e);
	if (r < 0)
		return r;
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
	int r;

	if (name.n && name.p[0] == '@')
		name = (struct slice){name.p + 1, name.n - 1};
	/* it waits for no service any more */
	r = sq_do(&st->q, e,
		"UPDATE follow SET service = without_name(service, ?1)"
		" WHERE row = ?2 AND service <> without_name(service, ?1)",
		"ti", name, row);
	if (r == 0)
		r = sq_do(&st->q, e,
			"UPDATE second SET service = without_name(service, ?1)"
			" WHERE row = ?2 AND service <> without_name(service, ?1)",
			"ti", name, row);
	if (r < 0)
		return r;
	return sq_do(&st->q, e,
		"UPDATE decision SET reason = without_name(reason, ?1)"
		" WHERE row = ?2 AND reason <> without_name(reason, ?1)",
		"ti", name, row);
}
