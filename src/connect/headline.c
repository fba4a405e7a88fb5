/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "headline.h"
#include <ctype.h>
#include <strings.h>

#define WORD_MIN 4u /* bytes: a shorter one stands in any address */

static struct slice trimmed(struct slice s)
{
	while (s.n && strchr(" \t\r\n", s.p[0]))
		s = (struct slice){s.p + 1, s.n - 1};
	while (s.n && strchr(" \t\r\n", s.p[s.n - 1]))
		s.n--;
	return s;
}

static struct slice behind_answer(struct slice title)
{
	struct slice s = trimmed(title);
	if (s.n < 3 || strncasecmp(s.p, "re", 2) != 0)
		return title;
	s = trimmed((struct slice){s.p + 2, s.n - 2});
	return s.n && s.p[0] == ':' ? trimmed((struct slice){s.p + 1, s.n - 1}) : title;
}

bool headline_answers(struct slice title)
{
	return behind_answer(title).n != title.n;
}

void headline_key(struct slice title, struct buf *out)
{
	struct slice s = trimmed(title);
	while (headline_answers(s))
		s = behind_answer(s);
	for (size_t i = 0; i < s.n; i++) {
		const bool blank = strchr(" \t\r\n", s.p[i]) != NULL;
		if (!blank || !strchr(" \t\r\n", s.p[i - 1]))
			buf_add_char(out, blank ? ' ' : (char)tolower((unsigned char)s.p[i]));
	}
}

static bool has_word(struct slice address, struct slice word)
{
	for (size_t i = 0; i + word.n <= address.n; i++)
		if (strncasecmp(address.p + i, word.p, word.n) == 0)
			return true;
	return false;
}

/* Every word of some length that has no accent stands in the address, and there is one: ".../la-piscine-est-fermee/". */
static bool address_says(struct slice address, struct slice key)
{
	bool any = false;
	for (size_t i = 0, end; i < key.n; i = end + 1) {
		bool plain = true;
		for (end = i;
			end < key.n && (isalnum((unsigned char)key.p[end]) || key.p[end] & 0x80);
			end++)
			plain &= !(key.p[end] & 0x80);
		const struct slice word = {key.p + i, end - i};
		if (!plain || word.n < WORD_MIN)
			continue;
		if (!has_word(address, word))
			return false;
		any = true;
	}
	return any;
}

/* What is answered is named elsewhere. */
static bool repeats_another(const struct headline *h)
{
	_buf_ struct buf key = {0}, feed = {0};
	headline_key(h->title, &key);
	headline_key(h->feed, &feed);
	if (!key.n)
		return true;
	return (h->titles && map_find(h->titles, buf_slice(&key))) ||
		(feed.n && memmem(feed.p, feed.n, key.p, key.n)) ||
		address_says(h->thread, buf_slice(&key));
}

static bool is_by(struct slice head)
{
	static const char *const by[] = {"Par", "By", "Von", "Por", "Per", "Di", "Door"};
	if (!slice_ends(head, ":"))
		return false;
	head.n--;
	head = trimmed(head);
	for (size_t i = 0; i < sizeof(by) / sizeof(*by); i++)
		if (slice_is(head, by[i]))
			return true;
	return false;
}

static bool is_signed(struct slice title, struct slice name)
{
	struct slice head = {title.p, title.n < name.n ? 0 : title.n - name.n};
	if (!name.n || name.n > title.n || memcmp(title.p + head.n, name.p, name.n) != 0)
		return false;
	head = trimmed(head);
	if (!head.n)
		return true;
	if (slice_begins(head, "Comment"))
		return slice_ends(head, " par") || slice_ends(head, " by");
	return is_by(head);
}

/* Of who gave no name. "Comment osez-vous ?" is somebody's own. */
static bool is_nobodys(struct slice title)
{
	static const char *const starts[] = {"Comment on ", "Comments on ", "Commentaire sur ",
		"Commentaires sur ", "Kommentar zu "};
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (slice_begins(title, starts[i]))
			return true;
	return is_by(title);
}

bool headline_is_made(const struct headline *h)
{
	if (headline_answers(h->title))
		return repeats_another(h);
	return h->name.n ? is_signed(h->title, h->name) : is_nobodys(h->title);
}
