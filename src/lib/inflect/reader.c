/* SPDX-License-Identifier: GPL-3.0-or-later
 * Lines, flags and morphological fields, the same in both files of a dictionary. */
#include "dict.h"

#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/utf8.h>

/* Next line without its end; false after the last. */
bool reader_line(struct reader *r, struct slice *ret)
{
	const char *end;

	if (!r->rest.n)
		return false;
	end = memchr(r->rest.p, '\n', r->rest.n);
	*ret = (struct slice){r->rest.p, end ? (size_t)(end - r->rest.p) : r->rest.n};
	r->rest.n -= ret->n + (end ? 1 : 0);
	r->rest.p += ret->n + (end ? 1 : 0);
	if (ret->n && ret->p[ret->n - 1] == '\r')
		ret->n--;
	r->line++;
	return true;
}

/* Takes the next word off a line; empty at its end. */
struct slice reader_word(struct slice *line)
{
	struct slice word;
	size_t i = 0;

	while (line->n && (*line->p == ' ' || *line->p == '\t')) {
		line->p++;
		line->n--;
	}
	while (i < line->n && line->p[i] != ' ' && line->p[i] != '\t')
		i++;
	word = (struct slice){line->p, i};
	line->p += i;
	line->n -= i;
	return word;
}

int reader_fault(const struct reader *r, const char *text, struct slice what)
{
	what = utf8_cut(what, 60);
	return error_set(r->e, -EINVAL, "%s:%zu : %s%s%.*s%s", r->name, r->line, text,
		what.n ? " « " : "", (int)what.n, what.n ? what.p : "", what.n ? " »" : "");
}

static int number(struct slice s, size_t max, size_t *ret)
{
	size_t n = 0;

	if (!s.n || s.n > 9)
		return -EINVAL;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return -EINVAL;
		n = n * 10 + (size_t)(s.p[i] - '0');
	}
	if (n > max)
		return -EINVAL;
	*ret = n;
	return 0;
}

static void push_flag(struct dict *d, uint16_t flag)
{
	d->pool = xgrow(d->pool, d->n_pool, &d->cap_pool, sizeof(*d->pool));
	d->pool[d->n_pool++] = flag;
}

/* Takes one flag off the text. */
static int take_flag(struct reader *r, struct slice *text, uint16_t *ret)
{
	size_t used = 1, value = (unsigned char)*text->p, i = 0;

	if (r->d->flag_kind == FLAG_LONG) {
		if (text->n < 2)
			return reader_fault(r, "drapeau d'un seul caractère", *text);
		value = value << 8 | (unsigned char)text->p[1];
		used = 2;
	} else if (r->d->flag_kind == FLAG_NUM) {
		const char *comma = memchr(text->p, ',', text->n);
		size_t n = comma ? (size_t)(comma - text->p) : text->n;

		if (number((struct slice){text->p, n}, UINT16_MAX, &value) < 0)
			return reader_fault(r, "drapeau qui n'est pas un nombre", *text);
		used = comma ? n + 1 : n;
	} else if (r->d->flag_kind == FLAG_UTF8) {
		value = utf8_next(*text, &i);
		used = i;
	}
	if (value == 0 || value > UINT16_MAX)
		return reader_fault(r, "drapeau hors limites", *text);
	text->p += used;
	text->n -= used;
	*ret = (uint16_t)value;
	return 0;
}

int reader_flags(struct reader *r, struct slice text, struct flags *ret)
{
	struct dict *d = r->d;
	struct flags f = {(uint32_t)d->n_pool, 0};
	size_t at;

	if (text.n && d->flags_aliases.declared) {
		if (number(text, d->flags_aliases.n, &at) < 0 || at == 0)
			return reader_fault(r, "alias AF inconnu", text);
		text = d->flags_aliases.list[at - 1];
	}
	while (text.n) {
		uint16_t flag = 0;
		int error = take_flag(r, &text, &flag);

		if (error < 0)
			return error;
		if (f.n == UINT16_MAX)
			return reader_fault(r, "trop de drapeaux", text);
		push_flag(d, flag);
		f.n++;
	}
	*ret = f;
	return 0;
}

bool flags_have(const struct dict *d, struct flags f, uint16_t flag)
{
	if (!flag)
		return false;
	for (size_t i = 0; i < f.n; i++)
		if (d->pool[f.first + i] == flag)
			return true;
	return false;
}

static uint32_t mark_of(struct slice field)
{
	static const struct {
		const char *text;
		uint32_t marks;
	} known[] = {
		{"po:nom", MARK_NOUN},
		{"po:adj", MARK_ADJ},
		{"po:infi", MARK_INFINITIVE},
		{"po:ppas", MARK_PARTICIPLE},
		{"po:mg", MARK_TOOL},
		{"po:err", MARK_ERROR},
		{"po:1isg", MARK_CLITIC}, /* cassè-je */
		{"is:mas", MARK_MAS},
		{"is:fem", MARK_FEM},
		{"is:epi", MARK_GENDER},
		{"is:sg", MARK_SG},
		{"is:pl", MARK_PL},
		{"is:inv", MARK_NUMBER},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (slice_is(field, known[i].text))
			return known[i].marks;
	if (field.n > 4 && memcmp(field.p, "po:v", 4) == 0 && field.p[4] >= '0' &&
		field.p[4] <= '3')
		return MARK_VERB;
	if (field.n >= 6 && memcmp(field.p, "po:det", 6) == 0)
		return MARK_DET;
	if (field.n >= 3 && memcmp(field.p, "ds:", 3) == 0)
		return MARK_CLITIC;
	return 0;
}

/* The morphological fields that end a line, or the alias AM that stands for them. */
int reader_marks(struct reader *r, struct slice text, uint32_t *ret_marks, struct slice *ret_stem)
{
	uint32_t marks = 0;
	struct slice field, stem = {0}, rest = text;
	size_t at;

	field = reader_word(&rest);
	if (field.n && r->d->marks_aliases.declared &&
		number(field, r->d->marks_aliases.n, &at) == 0 && at > 0)
		text = r->d->marks_aliases.list[at - 1];
	while ((field = reader_word(&text)).n) {
		if (field.n > 3 && memcmp(field.p, "st:", 3) == 0)
			stem = (struct slice){field.p + 3, field.n - 3};
		marks |= mark_of(field);
	}
	*ret_marks = marks;
	if (ret_stem)
		*ret_stem = stem;
	return 0;
}
