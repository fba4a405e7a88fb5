/* SPDX-License-Identifier: GPL-3.0-or-later
 * The .dic file: a word a line, with its flags and fields; and the index by plain key. */
#include "dict.h"

#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/large.h>
#include <tocsin/base/utf8.h>

static uint64_t hash_of(struct slice key)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

	for (size_t i = 0; i < key.n; i++)
		h = (h ^ (unsigned char)key.p[i]) * UINT64_C(0x100000001b3);
	return h ^ h >> 32;
}

/* The slot of a key: of its chain, or the empty one where it would go. */
static size_t slot_of(const struct dict *d, struct slice key)
{
	size_t at = hash_of(key) & (d->n_slots - 1);

	while (d->slots[at] && !slice_equal(d->entries[d->slots[at]].key, key))
		at = (at + 1) & (d->n_slots - 1);
	return at;
}

uint32_t dict_find(const struct dict *d, struct slice key)
{
	return d->n_slots ? d->slots[slot_of(d, key)] : 0;
}

/* A key in d->keys is written as an offset until all are there. */
static void set_key(struct dict *d, struct entry *entry, struct slice text)
{
	size_t at = d->keys.n;

	if (plain_already(text)) {
		entry->key = text;
		return;
	}
	plain_add(d->plain, &d->keys, text);
	entry->key = (struct slice){NULL, d->keys.n - at};
	entry->next = (uint32_t)at;
}

static int add_entry(struct reader *r, struct entry entry, struct slice key)
{
	struct dict *d = r->d;

	if (d->n_entries == DICT_ENTRIES_MAX)
		return error_set(r->e, -EFBIG, "%s : plus de %zu mots", r->name, DICT_ENTRIES_MAX);
	if (d->n_entries == d->cap_entries) {
		d->cap_entries *= 2;
		d->entries = xreallocarray(d->entries, d->cap_entries, sizeof(*d->entries));
	}
	set_key(d, &entry, key);
	d->entries[d->n_entries++] = entry;
	return 0;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_capitals(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= 'a' && s.p[i] <= 'z')
			return false;
	return s.n > 1 && *s.p >= 'A' && *s.p <= 'Z';
}

/* Where the fields begin: at a tab, or at a blank before « xx: » or before an alias. */
static bool fields_begin(struct slice line, size_t at, bool aliases)
{
	const char *p = line.p + at;
	size_t left = line.n - at, digits = 1;

	if (*p == '\t')
		return true;
	if (*p != ' ')
		return false;
	if (left > 3 && is_letter(p[1]) && is_letter(p[2]) && p[3] == ':')
		return true;
	while (digits < left && p[digits] >= '0' && p[digits] <= '9')
		digits++;
	return aliases && digits > 1 && digits == left;
}

/* Cuts « word/flags fields »; flags and fields may be absent. */
static void cut(struct slice line, bool aliases, struct slice *ret_word, struct slice *ret_flags,
	struct slice *ret_fields)
{
	size_t end = 1, slash, from;

	while (end < line.n && !fields_begin(line, end, aliases))
		end++;
	*ret_fields = (struct slice){line.p + end, line.n - end};
	for (slash = 1; slash < end; slash++)
		if (line.p[slash] == '/' && line.p[slash - 1] != '\\')
			break;
	if (slash > end)
		slash = end;
	from = slash < end ? slash + 1 : end;
	*ret_word = (struct slice){line.p, slash};
	*ret_flags = (struct slice){line.p + from, end - from};
	for (size_t i = 0; i < ret_flags->n; i++) /* « word/flags some text » */
		if (ret_flags->p[i] == ' ')
			ret_flags->n = i;
	while (ret_word->n && ret_word->p[ret_word->n - 1] == ' ')
		ret_word->n--;
}

static int word_line(struct reader *r, struct slice line)
{
	struct slice word, flags, fields, stem = {0};
	struct entry entry = {0};
	int error;

	cut(line, r->d->marks_aliases.declared, &word, &flags, &fields);
	if (!word.n || word.n > DICT_FORM_MAX)
		return word.n ? reader_fault(r, "mot trop long", word) : 0;
	entry.stem = word;
	entry.capitals = is_capitals(word);
	error = reader_flags(r, flags, &entry.flags);
	if (error == 0)
		error = reader_marks(r, fields, &entry.marks, &stem);
	if (error == 0)
		error = add_entry(r, entry, word);
	if (error < 0 || !stem.n || stem.n > DICT_FORM_MAX)
		return error;
	entry.derived = true;
	return add_entry(r, entry, stem); /* found under the word that it is a form of, too */
}

static void index_entries(struct dict *d)
{
	for (d->n_slots = 16; d->n_slots < 2 * d->n_entries;)
		d->n_slots *= 2;
	d->slots = xcalloc(d->n_slots, sizeof(*d->slots));
	for (size_t i = 1; i < d->n_entries; i++) {
		struct entry *entry = &d->entries[i];
		size_t slot;

		if (!entry->key.p)
			entry->key.p = d->keys.p + entry->next;
		slot = slot_of(d, entry->key);
		entry->next = d->slots[slot];
		d->slots[slot] = (uint32_t)i;
	}
}

int dic_read(struct dict *d, const char *name, struct error *e)
{
	struct reader r = {d, name, buf_slice(&d->dic), 0, e};
	struct slice line = {0};
	int error;

	buf_reserve(&d->keys, 1); /* so that an empty key has a place too */
	d->cap_entries = 1024 + d->dic.n / 24; /* near what such files hold */
	d->entries = xlarge_zero(d->cap_entries, sizeof(*d->entries));
	d->n_entries = 1;
	if (!reader_line(&r, &line) || !line.n || *line.p < '0' || *line.p > '9')
		return reader_fault(&r, "la première ligne compte les mots", line);
	while (reader_line(&r, &line)) {
		if (!line.n || *line.p == '\t' || *line.p == '#')
			continue;
		error = word_line(&r, line);
		if (error < 0)
			return error;
	}
	index_entries(d);
	return 0;
}

static int check_text(struct buf *b, const char *name, struct error *e)
{
	size_t good = utf8_valid_prefix(buf_slice(b)), line = 1;

	for (size_t i = 0; i < good; i++)
		line += b->p[i] == '\n';
	if (good < b->n)
		return error_set(e, -EINVAL, "%s:%zu : ce n'est pas de l'UTF-8", name, line);
	if (b->n >= 3 && memcmp(b->p, "\xEF\xBB\xBF", 3) == 0) { /* a byte order mark */
		b->n -= 3;
		memmove(b->p, b->p + 3, b->n);
	}
	return 0;
}

int dict_read(struct dict *d, struct buf *aff, const char *aff_name, struct buf *dic,
	const char *dic_name, struct error *e)
{
	int error;

	d->aff = *aff;
	d->dic = *dic;
	*aff = *dic = (struct buf){0};
	error = check_text(&d->aff, aff_name, e);
	if (error == 0)
		error = check_text(&d->dic, dic_name, e);
	if (error == 0)
		error = aff_read(d, aff_name, e);
	if (error == 0) {
		index_suffixes(d);
		error = dic_read(d, dic_name, e);
	}
	return error;
}

void dict_release(struct dict *d)
{
	buf_release(&d->aff);
	buf_release(&d->dic);
	buf_release(&d->keys);
	free(d->flags_aliases.list);
	free(d->marks_aliases.list);
	free(d->rules);
	free(d->suffixes.rules);
	free(d->suffixes.slots);
	free(d->groups);
	free(d->group_of);
	free(d->pool);
	free(d->entries);
	free(d->slots);
	*d = (struct dict){0};
}
