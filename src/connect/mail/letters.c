/* SPDX-License-Identifier: GPL-3.0-or-later
 * As text: for each, the oldest first, sixteen hexadecimal digits of its name and its id. */
#include "letters.h"

#include <tocsin/digest/digest.h>

#define NAME_DIGITS 16u
#define ENTRY (NAME_DIGITS + LETTERS_ID)

static void name_of(struct slice message_id, unsigned char out[static 8])
{
	unsigned char digest[DIGEST_SIZE];

	digest_sha256(message_id, digest);
	memcpy(out, digest, 8);
}

static const struct letter *find(const struct letters *l, const unsigned char *name)
{
	for (unsigned i = 0; i < l->n; i++)
		if (memcmp(l->list[i].name, name, sizeof(l->list[i].name)) == 0)
			return &l->list[i];
	return NULL;
}

static void put(struct letters *l, const struct letter *t)
{
	l->list[l->next] = *t;
	l->next = (l->next + 1) % LETTERS_MAX;
	l->n += l->n < LETTERS_MAX;
}

void letters_add(struct letters *l, struct slice message_id, const char *id)
{
	struct letter t = {0};

	name_of(message_id, t.name);
	if (!message_id.n || strlen(id) != LETTERS_ID || find(l, t.name))
		return;
	memcpy(t.id, id, LETTERS_ID);
	put(l, &t);
}

const char *letters_find(const struct letters *l, struct slice message_id)
{
	unsigned char name[8];
	const struct letter *t;

	name_of(message_id, name);
	t = message_id.n ? find(l, name) : NULL;
	return t ? t->id : NULL;
}

void letters_print(const struct letters *l, struct buf *out)
{
	for (unsigned i = 0; i < l->n; i++) {
		const struct letter *t = &l->list[(l->next + LETTERS_MAX - l->n + i) % LETTERS_MAX];
		char hex[DIGEST_HEX];

		buf_add_string(out, digest_hex(t->name, sizeof(t->name), hex));
		buf_add_string(out, t->id);
	}
}

/* False: no hexadecimal digits. */
static bool read_name(const char *p, unsigned char out[static 8])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < NAME_DIGITS; i++) {
		const char *d = p[i] ? strchr(digits, p[i]) : NULL;

		if (!d)
			return false;
		out[i / 2] = (unsigned char)(out[i / 2] << 4 | (d - digits));
	}
	return true;
}

void letters_parse(struct letters *l, struct slice text)
{
	*l = (struct letters){0};
	if (text.n % ENTRY != 0)
		return;
	for (size_t at = 0; at < text.n; at += ENTRY) {
		struct letter t = {0};

		if (!read_name(text.p + at, t.name))
			return;
		memcpy(t.id, text.p + at + NAME_DIGITS, LETTERS_ID);
		put(l, &t);
	}
}
