/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an erasure takes out of the account of what people did: who looked, when and why stays, the words do not. A search goes when
 * every word of it stands in what is erased, without regard to case and accents: it was, or may have been, for that. */
#include "st.h"

#define BLANKS(column) "replace(hex(zeroblob(length(CAST(" column " AS BLOB)))), '00', ' ')"
#define WORD_MIN 2u

/* U+00C0 … U+00FF without their accents; the rest is left as it is. */
static const char latin[] = "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty";

static void fold(struct slice s, struct buf *out)
{
	for (size_t i = 0; i < s.n; i++) {
		const unsigned char c = (unsigned char)s.p[i];
		const unsigned char next = i + 1 < s.n ? (unsigned char)s.p[i + 1] : 0;

		if (c == 0xc3 && next >= 0x80 && next < 0xc0) {
			buf_add_char(out, latin[next - 0x80]);
			i++;
		} else if (c == 0xc5 && (next == 0x92 || next == 0x93)) {
			buf_add_string(out, "oe");
			i++;
		} else {
			buf_add_char(out, (char)(c >= 'A' && c <= 'Z' ? c + 32 : c));
		}
	}
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

int audit_forget_name(struct store *st, struct slice name, struct error *e)
{
	int r = sq_do(&st->q, e, "UPDATE audit SET what = " BLANKS("what") " WHERE instr(what, ?)",
		"t", name);

	return r < 0
		? r
		: sq_do(&st->q, e, "UPDATE audit SET why = " BLANKS("why") " WHERE instr(why, ?)",
			  "t", name);
}
