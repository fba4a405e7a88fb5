/* SPDX-License-Identifier: GPL-3.0-or-later
 * The packed file. Little-endian 32-bit numbers:
 *   magic "TOCINF01"; counts: symbols, edges, root, words, answers, forms, bytes of text
 *   symbols (16 bytes each), edges, answers {key at, key length, first form, forms, outcome}, forms {at, length}, text
 * Answers come sorted by key and their forms one behind the other. A reader checks everything before it trusts it. */
#include "handle.h"

#include <errno.h>
#include <stdlib.h>
#include <endian.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/utf8.h>

#define MAGIC "TOCINF01"
enum { MAGIC_SIZE = 8, COUNTS = 7, HEAD_SIZE = MAGIC_SIZE + 4 * COUNTS, ANSWER = 20, FORM = 8 };
enum { SYMBOLS, EDGES, ROOT, WORDS, ANSWERS, FORMS, TEXT };

_Static_assert(sizeof(struct symbol) == 16, "a symbol is written as it lies");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "edges are read where they lie");

static void put(struct buf *out, size_t value)
{
	uint32_t le = htole32((uint32_t)value);

	buf_add(out, &le, sizeof(le));
}

static uint32_t get(const char *p)
{
	uint32_t le;

	memcpy(&le, p, sizeof(le));
	return le32toh(le);
}

static int by_key(const void *x, const void *y)
{
	const struct answer *const *a = x, *const *b = y;

	return slice_compare((*a)->key, (*b)->key);
}

struct tail {
	struct buf answers, forms, text;
	size_t n_forms;
};

static void put_text(struct buf *index, struct buf *text, struct slice s)
{
	put(index, text->n);
	put(index, s.n);
	buf_add_slice(text, s);
}

static void put_answer(struct tail *t, const struct answer *a)
{
	put_text(&t->answers, &t->text, a->key);
	put(&t->answers, t->n_forms);
	put(&t->answers, a->forms.n);
	put(&t->answers, (size_t)a->outcome);
	for (size_t i = 0; i < a->forms.n; i++)
		put_text(&t->forms, &t->text, a->forms.list[i]);
	t->n_forms += a->forms.n;
}

int pack_write(const struct lexicon *l, const struct answer *answers, size_t n, struct buf *out,
	struct error *e)
{
	_free_ const struct answer **sorted = xcalloc(n ? n : 1, sizeof(*sorted));
	struct tail t = {0};

	for (size_t i = 0; i < n; i++)
		sorted[i] = &answers[i];
	qsort(sorted, n, sizeof(*sorted), by_key);
	for (size_t i = 0; i < n && t.text.n < INT32_MAX; i++)
		put_answer(&t, sorted[i]);
	if (t.text.n < INT32_MAX) {
		size_t counts[COUNTS] = {
			l->n_symbols, l->n_edges, l->root, l->n_words, n, t.n_forms, t.text.n};

		buf_add(out, MAGIC, MAGIC_SIZE);
		for (size_t i = 0; i < COUNTS; i++)
			put(out, counts[i]);
		buf_add(out, l->symbols, l->n_symbols * sizeof(*l->symbols));
		buf_add(out, l->edges, l->n_edges * sizeof(*l->edges));
		buf_add_slice(out, buf_slice(&t.answers));
		buf_add_slice(out, buf_slice(&t.forms));
		buf_add_slice(out, buf_slice(&t.text));
	}
	buf_release(&t.answers);
	buf_release(&t.forms);
	buf_release(&t.text);
	return t.n_forms && !out->n ? error_set(e, -E2BIG, "formes : plus de 2 Go") : 0;
}

struct source {
	uint32_t counts[COUNTS];
	const char *answers, *forms;
	struct slice text;
};

static bool text_at(const struct source *s, const char *index, struct slice *ret)
{
	uint32_t at = get(index), n = get(index + 4);

	if (at > s->text.n || n > s->text.n - at)
		return false;
	*ret = (struct slice){s->text.p + at, n};
	return true;
}

static bool read_answer(struct inflect *i, const struct source *s, uint32_t at, uint32_t *form)
{
	const char *p = s->answers + (size_t)at * ANSWER;
	uint32_t first = get(p + 8), n = get(p + 12), outcome = get(p + 16);
	struct answer a = {.outcome = (int)outcome};
	struct slice *list;

	if (!text_at(s, p, &a.key) || !a.key.n || outcome > INFLECT_FIXED || first != *form ||
		n == 0 || n > INFLECT_FORMS_MAX || n > s->counts[FORMS] - first)
		return false;
	if (at && slice_compare(i->answers[at - 1].key, a.key) >= 0)
		return false;
	list = arena_alloc(&i->arena, n * sizeof(*list));
	for (uint32_t f = 0; f < n; f++)
		if (!text_at(s, s->forms + ((size_t)first + f) * FORM, &list[f]) ||
			(f && slice_compare(list[f - 1], list[f]) >= 0))
			return false;
	a.forms = (struct inflect_forms){list, n};
	answer_keep(i, a);
	*form += n;
	return true;
}

static bool read_all(struct inflect *i, struct slice packed)
{
	struct source s;
	struct lexicon *l = &i->lexicon;
	uint64_t size = HEAD_SIZE;
	uint32_t form = 0;
	const char *p = packed.p + HEAD_SIZE;

	if (packed.n < HEAD_SIZE || memcmp(packed.p, MAGIC, MAGIC_SIZE) != 0 ||
		(uintptr_t)packed.p % _Alignof(uint32_t))
		return false;
	for (size_t n = 0; n < COUNTS; n++)
		s.counts[n] = get(packed.p + MAGIC_SIZE + 4 * n);
	size += (uint64_t)s.counts[SYMBOLS] * sizeof(struct symbol) +
		(uint64_t)s.counts[EDGES] * 4 + (uint64_t)s.counts[ANSWERS] * ANSWER +
		(uint64_t)s.counts[FORMS] * FORM + s.counts[TEXT];
	if (size != packed.n)
		return false;
	l->symbols = (const void *)p;
	p += s.counts[SYMBOLS] * sizeof(struct symbol);
	l->edges = (const void *)p;
	p += (size_t)s.counts[EDGES] * 4;
	l->n_symbols = s.counts[SYMBOLS];
	l->n_edges = s.counts[EDGES];
	l->root = s.counts[ROOT];
	l->n_words = s.counts[WORDS];
	if (!lexicon_check(l))
		return false;
	s.answers = p;
	s.forms = p + (size_t)s.counts[ANSWERS] * ANSWER;
	s.text = (struct slice){s.forms + (size_t)s.counts[FORMS] * FORM, s.counts[TEXT]};
	for (uint32_t n = 0; n < s.counts[ANSWERS]; n++)
		if (!read_answer(i, &s, n, &form))
			return false;
	return form == s.counts[FORMS];
}

int pack_read(struct inflect *i, struct slice packed, struct error *e)
{
	if (!read_all(i, packed))
		return error_set(
			e, -EINVAL, "les formes des mots sont abîmées ou d'une autre version");
	i->has_lexicon = true;
	return 0;
}
