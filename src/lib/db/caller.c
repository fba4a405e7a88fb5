/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "caller.h"
#include <stdlib.h>
#include "name.h"

#define NUMBER_MIN 6u /* digits: less is a date, a street's number */
#define NUMBER_MAX 20u
#define WORDS_MAX 16u /* of one caller */
#define NAME_WORDS 4u
#define NAME_MIN 3u /* bytes: less, by itself, is an initial */
#define FIELD "\"rappeler\":\"" /* as the console writes it, last of all */

struct said { /* slices of the folded text */
	struct slice words[WORDS_MAX];
	size_t n;
	char numbers[WORDS_MAX][NUMBER_MAX + 1];
	size_t n_numbers;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "0612345678": the next digit is of another one. */
static bool is_whole(const char *digits, size_t n)
{
	return (n == 10 && digits[0] == '0' && digits[1] != '0') ||
		(n == 11 && !strncmp(digits, "33", 2) && digits[2] != '0') ||
		(n == 12 && !strncmp(digits, "330", 3)) ||
		(n == 13 && !strncmp(digits, "0033", 4) && digits[4] != '0') ||
		(n == 14 && !strncmp(digits, "00330", 5));
}

/* A number that begins at i, by the digits of the country; 0: it is none. Else where it ends. */
static size_t number_at(struct slice s, size_t i, char digits[static NUMBER_MAX + 1])
{
	size_t n = 0, end = i;

	for (; i < s.n && n < NUMBER_MAX && !is_whole(digits, n) &&
		(is_digit(s.p[i]) || strchr(" .-/()+", s.p[i]));
		i++)
		if (is_digit(s.p[i])) {
			digits[n++] = s.p[i];
			end = i + 1;
		}
	digits[n] = 0;
	if (n < NUMBER_MIN)
		return 0;
	size_t country = !strncmp(digits, "0033", 4)                                      ? 4
		: !strncmp(digits, "33", 2) && (n == 11 || (n == 12 && digits[2] == '0')) ? 2
											  : 0;
	if (country) {
		country += digits[country] == '0'; /* "+33 (0)6" */
		memmove(digits + 1, digits + country, n - country + 1);
		digits[0] = '0';
	}
	return end;
}

static bool is_courtesy(struct slice word)
{
	static const char *const words[] = {
		"m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (slice_is(word, words[i]))
			return true;
	return false;
}

static void read_said(struct slice folded, struct said *ret)
{
	*ret = (struct said){.n = 0};
	for (size_t i = 0; i < folded.n;) {
		size_t end = is_digit(folded.p[i]) && ret->n_numbers < WORDS_MAX
			? number_at(folded, i, ret->numbers[ret->n_numbers])
			: 0;
		if (end) {
			ret->n_numbers++;
			i = end;
			continue;
		}
		for (end = i; end < folded.n && name_letter(folded.p[end]);)
			end++;
		const struct slice word = {folded.p + i, end - i};
		if (word.n && ret->n < WORDS_MAX && !is_courtesy(word))
			ret->words[ret->n++] = word;
		i = end > i ? end : i + 1;
	}
}

static int by_letters(const void *a, const void *b)
{
	const struct slice *x = a, *y = b;
	const int order = memcmp(x->p, y->p, x->n < y->n ? x->n : y->n);

	return order ? order : (x->n > y->n) - (x->n < y->n);
}

/* Words in a row, in no order: who is asked says the family's name first, or last. False: it is no name. */
static bool put_name(const struct slice *words, size_t n, struct buf *out)
{
	struct slice sorted[NAME_WORDS];

	if (n == 0 || n > NAME_WORDS || (n == 1 && words->n < NAME_MIN))
		return false;
	memcpy(sorted, words, n * sizeof(*words));
	qsort(sorted, n, sizeof(*sorted), by_letters);
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_add_char(out, ' ');
		buf_add_slice(out, sorted[i]);
	}
	return true;
}

void caller_form(struct slice asked, struct buf *out)
{
	_buf_ struct buf folded = {0};
	struct said s;

	name_fold(asked, &folded);
	read_said(buf_slice(&folded), &s);
	if (s.n_numbers)
		buf_add_string(out, s.numbers[0]);
	else if (!put_name(s.words, s.n < NAME_WORDS ? s.n : NAME_WORDS, out))
		buf_add_slice(out, buf_slice(&folded));
}

static int add_mark(struct store *st, int64_t seq, struct slice form, struct error *e)
{
	unsigned char mark[16];

	author_pseudonym(st, SLICE(COMMENT_REPORTED), form, mark);
	return sq_do(&st->q, e, "INSERT OR IGNORE INTO caller(seq, mark) VALUES(?, ?)", "ib", seq,
		(struct slice){(const char *)mark, sizeof(mark)});
}

static int add_names(struct store *st, int64_t seq, const struct said *s, struct error *e)
{
	_buf_ struct buf name = {0};
	int r = 0;

	for (size_t i = 0; i < s->n; i++)
		for (size_t n = 1; r == 0 && n <= NAME_WORDS && i + n <= s->n; n++) {
			buf_clear(&name);
			if (put_name(&s->words[i], n, &name))
				r = add_mark(st, seq, buf_slice(&name), e);
		}
	return r;
}

int caller_add(struct store *st, int64_t seq, struct slice extra, struct error *e)
{
	const size_t n = sizeof(FIELD) - 1;
	const char *at = extra.n ? memmem(extra.p, extra.n, FIELD, n) : NULL;
	_buf_ struct buf plain = {0}, folded = {0};
	struct said s;
	int r;

	if (!at)
		return 0;
	name_unescape((struct slice){at + n, (size_t)(extra.p + extra.n - at) - n}, &plain);
	name_fold(buf_slice(&plain), &folded);
	read_said(buf_slice(&folded), &s);
	r = add_names(st, seq, &s, e);
	for (size_t i = 0; r == 0 && i < s.n_numbers; i++)
		r = add_mark(st, seq, slice_of(s.numbers[i]), e);
	return r;
}

int caller_forget(struct store *st, int64_t seq, struct error *e)
{
	return sq_do(&st->q, e, "DELETE FROM caller WHERE seq = ?", "i", seq);
}

/* The next report behind *seq: 0, or SQ_DONE. */
static int next_report(struct store *st, int64_t *seq, struct buf *body, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s,
		"SELECT seq, body FROM item WHERE seq > ? AND state & 6 = 0"
		" AND source = (SELECT id FROM source WHERE name = '" COMMENT_REPORTED "')"
		" ORDER BY seq LIMIT 1",
		"i", *seq);

	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r;
	*seq = sq_col_int(s, 0);
	buf_clear(body);
	buf_add_slice(body, sq_col(s, 1));
	sqlite3_reset(s);
	return 0;
}

int caller_fill(struct store *st, struct error *e)
{
	_buf_ struct buf body = {0};
	int64_t done = 0, seq = 0;
	struct comment c;
	int r = note_get_int(st, "callers", 0, &done, e);

	if (r < 0 || done)
		return r;
	r = sq_do(&st->q, e, "BEGIN IMMEDIATE", "");
	while (r == 0) {
		r = next_report(st, &seq, &body, e);
		if (r == 0 && comment_decode(buf_slice(&body), &c) == 0)
			r = caller_add(st, seq, c.extra, e);
	}
	if (r >= 0)
		r = note_set_int(st, "callers", 1, e);
	if (r == 0)
		r = sq_do(&st->q, e, "COMMIT", "");
	if (r < 0)
		sq_rollback(st->q.db);
	return r;
}
