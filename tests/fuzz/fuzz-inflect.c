/* SPDX-License-Identifier: GPL-3.0-or-later
 * A packed file (by its magic), or a dictionary: an .aff, a line « ---- », a .dic. Whatever opens answers in order, its
 * set is what it says it is, and packing it gives the same answers again. */
#include <stdint.h>
#include <stdlib.h>
#include <tocsin/base/buf.h>
#include <tocsin/inflect/inflect.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void require(bool truth)
{
	if (!truth)
		abort();
}

struct walk {
	struct inflect *i;
	struct buf before;
	size_t n;
};

static bool each(void *arg, struct slice form)
{
	struct walk *w = arg;

	require(slice_compare(buf_slice(&w->before), form) < 0);
	buf_clear(&w->before);
	buf_add_slice(&w->before, form);
	require(inflect_is_word(w->i, form, INFLECT_PLAIN));
	(void)inflect_is_word(w->i, form, INFLECT_FOLDED);
	return ++w->n < 2000;
}

static size_t ask(struct inflect *i, const char *term)
{
	size_t sum = 0;

	for (int verb = 0; verb < 2; verb++) {
		struct inflect_forms f;
		int r = verb ? inflect_verb(i, slice_of(term), &f)
			     : inflect_words(i, slice_of(term), &f);

		require(r >= 0 && f.n > 0 && f.n <= INFLECT_FORMS_MAX);
		for (size_t n = 1; n < f.n; n++)
			require(slice_compare(f.list[n - 1], f.list[n]) < 0);
		sum = sum * 31 + f.n;
	}
	(void)inflect_kinds(i, slice_of(term));
	return sum;
}

static size_t ask_all(struct inflect *i)
{
	static const char *const terms[] = {"zoute", "zoutes", "zou", "sale zou", "zou de zoute",
		"zer", "se zer la zou", "fé", "à-zou", "ZOU", "l'été"};
	struct walk w = {.i = i};
	size_t sum = 0;

	for (size_t n = 0; n < sizeof(terms) / sizeof(*terms); n++)
		sum = sum * 31 + ask(i, terms[n]);
	inflect_each(i, each, &w);
	require(w.n == 2000 || w.n <= inflect_count(i));
	buf_release(&w.before);
	return sum;
}

static void ask_again(struct inflect *i, size_t sum)
{
	_buf_ struct buf packed = {0};
	struct inflect *other;

	if (inflect_pack(i, &packed, NULL) < 0)
		return;
	require(inflect_open_bytes(buf_slice(&packed), &other, NULL) == 0);
	require(inflect_count(other) == inflect_count(i));
	require(ask_all(other) == sum);
	inflect_close(other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct slice all = {(const char *)data, n}, aff = all, dic = {0};
	const char *cut = n ? memmem(all.p, n, "----\n", 5) : NULL;
	struct error e = {0};
	struct inflect *i;
	int r;

	if (n >= 8 && memcmp(data, "TOCINF01", 8) == 0) {
		r = inflect_open_bytes(all, &i, &e);
	} else {
		if (cut) {
			aff.n = (size_t)(cut - all.p);
			dic = (struct slice){cut + 5, n - aff.n - 5};
		}
		r = inflect_open_text(aff, dic, &i, &e);
	}
	require(r <= 0);
	if (r < 0) {
		require(e.text[0]);
		return 0;
	}
	ask_again(i, ask_all(i));
	inflect_close(i);
	return 0;
}
