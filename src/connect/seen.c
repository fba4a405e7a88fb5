/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seen.h"

#include <tocsin/digest/digest.h>

#define VERSION 1

static void print(struct buf *out, const struct seen *s, bool all)
{
	struct json_writer w = {out, false};
	_buf_ struct buf hex = {0};
	char text[2 * sizeof(s->items[0].id) + 1];

	for (uint32_t i = 0; i < s->n; i++) { /* the oldest first */
		const struct seen_item *t = &s->items[(s->next + SEEN_MAX - s->n + i) % SEEN_MAX];

		if (!all && !t->before)
			continue;
		buf_add_string(&hex, digest_hex(t->id, sizeof(t->id), text));
		buf_add_string(&hex, digest_hex(t->words, sizeof(t->words), text));
	}
	json_w_begin(&w, '{');
	json_w_number(&w, "v", VERSION);
	json_w_text(&w, "url", slice_of(s->url));
	json_w_text(&w, "etag", slice_of(all ? s->etag : ""));
	json_w_text(&w, "modified", slice_of(all ? s->modified : ""));
	if (s->failed)
		json_w_number(&w, "failed", s->failed);
	if (s->pages) {
		json_w_number(&w, "pages", s->pages);
		json_w_number(&w, "again", s->again);
	}
	if (s->mark.n)
		json_w_text(&w, "mark", buf_slice(&s->mark));
	json_w_text(&w, "seen", buf_slice(&hex));
	json_w_end(&w, '}');
}

void seen_print(struct buf *out, const struct seen *s)
{
	print(out, s, true);
}

void seen_print_before(struct buf *out, const struct seen *s)
{
	print(out, s, false);
}

static bool text_of(struct json_value v, const char *key, char *out, size_t size)
{
	struct json_value field;
	struct slice s;

	if (!json_get(v, slice_of(key), &field) || field.type != JSON_STRING)
		return false;
	s = json_string(field);
	if (s.n >= size)
		return false;
	memcpy(out, s.p, s.n);
	out[s.n] = 0;
	return true;
}

static bool parse_items(struct slice hex, struct seen *s)
{
	const size_t half = sizeof(s->items[0].id), digits = 2 * half;

	if (hex.n % (2 * digits) || hex.n / (2 * digits) > SEEN_MAX)
		return false;
	for (; hex.n; hex = (struct slice){hex.p + 2 * digits, hex.n - 2 * digits}) {
		struct seen_item *t = &s->items[s->n++];

		if (digest_unhex((struct slice){hex.p, digits}, t->id, half) < 0 ||
			digest_unhex((struct slice){hex.p + digits, digits}, t->words, half) < 0)
			return false;
		t->before = true;
	}
	s->next = s->n % SEEN_MAX;
	return true;
}

static bool parse_mark(struct json_value v, struct buf *mark)
{
	struct json_value field;

	if (!json_get(v, SLICE("mark"), &field))
		return true;
	if (field.type != JSON_STRING || json_string(field).n > SEEN_MARK)
		return false;
	buf_add_slice(mark, json_string(field));
	return true;
}

static bool parse_count(struct json_value v, const char *key, uint32_t *ret)
{
	struct json_value field;

	if (!json_get(v, slice_of(key), &field))
		return true;
	if (field.type != JSON_INT || json_int(field) < 0 || json_int(field) > INT32_MAX)
		return false;
	*ret = (uint32_t)json_int(field);
	return true;
}

static bool parse(struct json_value v, struct seen *s)
{
	struct json_value field;

	return v.type == JSON_OBJECT && json_get(v, SLICE("v"), &field) && field.type == JSON_INT &&
		json_int(field) == VERSION && text_of(v, "url", s->url, sizeof(s->url)) &&
		text_of(v, "etag", s->etag, sizeof(s->etag)) &&
		text_of(v, "modified", s->modified, sizeof(s->modified)) &&
		parse_mark(v, &s->mark) && parse_count(v, "failed", &s->failed) &&
		parse_count(v, "pages", &s->pages) && parse_count(v, "again", &s->again) &&
		json_get(v, SLICE("seen"), &field) && field.type == JSON_STRING &&
		parse_items(json_string(field), s);
}

bool seen_parse(struct slice text, struct seen *ret)
{
	struct json_reader *reader = json_reader_new(SEEN_BYTES);
	struct json_value v;
	bool good;

	*ret = (struct seen){0};
	good = text.n && json_parse(reader, text, &v, NULL) == 0 && parse(v, ret);
	json_reader_free(reader);
	if (!good) {
		seen_release(ret);
		*ret = (struct seen){0};
	}
	ret->begun = good && (ret->n || !ret->failed);
	return good;
}

void seen_release(struct seen *s)
{
	buf_release(&s->mark);
}

static void digest_head(struct slice s, unsigned char out[static 8])
{
	unsigned char digest[DIGEST_SIZE];

	digest_sha256(s, digest);
	memcpy(out, digest, 8);
}

void seen_address(struct seen *s, struct slice url)
{
	unsigned char head[8];
	char text[17];

	digest_head(url, head);
	digest_hex(head, sizeof(head), text);
	if (strcmp(text, s->url) == 0)
		return;
	memcpy(s->url, text, sizeof(text));
	s->etag[0] = s->modified[0] = 0;
}

bool seen_before(const struct seen *s, struct slice id)
{
	unsigned char head[8];

	digest_head(id, head);
	for (uint32_t i = 0; i < s->n; i++)
		if (memcmp(s->items[i].id, head, sizeof(head)) == 0)
			return s->items[i].before;
	return false;
}

bool seen_add(struct seen *s, struct slice id, struct slice words)
{
	struct seen_item t = {0};

	digest_head(id, t.id);
	digest_head(words, t.words);
	for (uint32_t i = 0; i < s->n; i++) {
		struct seen_item *old = &s->items[i];
		bool same = memcmp(old->words, t.words, sizeof(t.words)) == 0;

		if (memcmp(old->id, t.id, sizeof(t.id)) != 0)
			continue;
		memcpy(old->words, t.words, sizeof(t.words));
		return !same;
	}
	s->items[s->next] = t;
	s->next = (s->next + 1) % SEEN_MAX;
	s->n += s->n < SEEN_MAX;
	return true;
}
