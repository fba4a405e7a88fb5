/* SPDX-License-Identifier: GPL-3.0-or-later
 * What every unit test of this room includes. */
#ifndef TESTING_H
#define TESTING_H
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <tocsin/base/buf.h>
#include <tocsin/inflect/inflect.h>

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

/* The system's dictionary, once for the group. */
static inline int open_system(void **state)
{
	struct error e;
	struct inflect *i;
	int r = inflect_open(NULL, &i, &e);

	if (r != 0) {
		print_message(
			"# the French dictionary is missing: apt install hunspell-fr-comprehensive\n");
		if (r > 0)
			inflect_close(i);
		return -1;
	}
	*state = i;
	return 0;
}

static inline int close_handle(void **state)
{
	*state = inflect_close(*state);
	return 0;
}

static inline void join_form(void *arg, struct slice form)
{
	struct buf *b = arg;

	if (b->n)
		buf_add_string(b, "|");
	buf_add_slice(b, form);
}

/* « a|b|c » */
static inline void join_forms(struct buf *out, struct inflect_forms f)
{
	for (size_t n = 0; n < f.n; n++)
		join_form(out, f.list[n]);
}

static inline void assert_joined(const char *asked, const struct buf *got, const char *expected)
{
	if (!slice_is(buf_slice(got), expected))
		fail_msg(
			"« %s »: « %.*s » instead of « %s »", asked, (int)got->n, got->p, expected);
}

/* The whole answer: outcome and forms, in byte order. */
static inline void assert_words(
	struct inflect *i, const char *term, int outcome, const char *expected)
{
	_buf_ struct buf got = {0};
	struct inflect_forms f;
	int r = inflect_words(i, slice_of(term), &f);

	join_forms(&got, f);
	assert_joined(term, &got, expected);
	if (r != outcome)
		fail_msg("« %s »: outcome %d instead of %d", term, r, outcome);
}

static inline void assert_verb(
	struct inflect *i, const char *term, int outcome, const char *expected)
{
	_buf_ struct buf got = {0};
	struct inflect_forms f;
	int r = inflect_verb(i, slice_of(term), &f);

	join_forms(&got, f);
	assert_joined(term, &got, expected);
	if (r != outcome)
		fail_msg("« %s »: outcome %d instead of %d", term, r, outcome);
}

static inline bool among(struct inflect_forms f, struct slice form)
{
	for (size_t n = 0; n < f.n; n++)
		if (slice_equal(f.list[n], form))
			return true;
	return false;
}

/* Each word of a list « a b c ». */
static inline bool next_word(const char **list, struct slice *ret)
{
	size_t n;

	*list += strspn(*list, " ");
	n = strcspn(*list, " ");
	*ret = (struct slice){*list, n};
	*list += n;
	return n > 0;
}
#endif
