/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mark.h"

#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>

#include "bluesky.h"

#define VERSION "1"
#define CURSOR_MAX 2048u
#define STANDS_MS (7 * 24 * CLOCK_HOUR) /* so long after it was written its deletion is seen */

int64_t bluesky_key_time(struct slice key)
{
	static const char digits[] = "234567abcdefghijklmnopqrstuvwxyz";
	uint64_t n = 0;

	if (key.n != 13)
		return 0;
	for (size_t i = 0; i < key.n; i++) {
		const char *at = key.p[i] ? strchr(digits, key.p[i]) : NULL;

		if (!at || (i == 0 && at - digits >= 16))
			return 0;
		n = n << 5 | (uint64_t)(at - digits);
	}
	return (int64_t)((n >> 10) / 1000);
}

static void know(struct bluesky_mark *m, char *known)
{
	m->known_bytes += strlen(known) + 1;
	m->known[m->n_known++] = known;
}

void bluesky_known_next(struct bluesky_mark *m, bool forget)
{
	char *first = m->known[0];

	memmove(m->known, m->known + 1, --m->n_known * sizeof(*m->known));
	m->known_bytes -= strlen(first) + 1;
	if (forget)
		free(first);
	else
		know(m, first);
}

static int64_t known_time(const char *known)
{
	const char *slash = strchr(known, '/');

	return slash ? bluesky_key_time(slice_of(slash + 1)) : 0;
}

void bluesky_know(struct bluesky_mark *m, struct slice uri, int64_t now)
{
	_buf_ struct buf text = {0};
	struct at_uri u;
	int64_t at;

	if (!at_uri_parse(uri, &u))
		return;
	at = bluesky_key_time(u.key);
	if (at < now - STANDS_MS || at > now + CLOCK_HOUR)
		return;
	buf_printf(&text, "%.*s/%.*s", (int)u.who.n - 4, u.who.p + 4, (int)u.key.n, u.key.p);
	for (size_t i = 0; i < m->n_known; i++)
		if (strcmp(m->known[i], buf_string(&text)) == 0)
			return;
	while (m->n_known &&
		(m->n_known == KNOWN_MAX || m->known_bytes + text.n >= KNOWN_BYTES ||
			known_time(m->known[0]) < now - STANDS_MS))
		bluesky_known_next(m, true);
	know(m, xstrdup(buf_string(&text)));
}

void bluesky_known_uri(const char *known, struct buf *out)
{
	const char *slash = strchr(known, '/');

	buf_printf(out, "at://did:%.*s/" BLUESKY_POSTS "%s", (int)(slash - known), known, slash);
}

int64_t bluesky_own_replies(const struct bluesky_mark *m, struct slice key)
{
	for (size_t i = 0; i < m->n_own; i++)
		if (slice_is(key, m->own[i].key))
			return m->own[i].replies;
	return -1;
}

static void own_add(struct bluesky_mark *m, struct slice key, int64_t replies)
{
	struct own_post post = {.replies = replies};

	if (key.n >= sizeof(post.key))
		return;
	memcpy(post.key, key.p, key.n);
	if (m->n_own == OWN_MAX)
		memmove(m->own, m->own + 1, --m->n_own * sizeof(*m->own));
	m->own[m->n_own++] = post;
}

void bluesky_own_read(struct bluesky_mark *m, struct slice key, int64_t replies)
{
	for (size_t i = 0; i < m->n_own; i++)
		if (slice_is(key, m->own[i].key)) {
			memmove(m->own + i, m->own + i + 1, (--m->n_own - i) * sizeof(*m->own));
			break;
		}
	own_add(m, key, replies);
}

/* The next word of a text; "-" is an empty one. */
static struct slice word_of(struct slice *rest, char end)
{
	const char *p = rest->n ? memchr(rest->p, end, rest->n) : NULL;
	struct slice word = {rest->p, p ? (size_t)(p - rest->p) : rest->n};
	size_t used = word.n + (p != NULL);

	*rest = (struct slice){rest->p + used, rest->n - used};
	return slice_is(word, "-") ? (struct slice){"", 0} : word;
}

static void read_own(struct bluesky_mark *m, struct slice list)
{
	while (list.n) {
		struct slice one = word_of(&list, ','), key = word_of(&one, ':');
		int64_t replies;

		if (slice_number(one, &replies))
			own_add(m, key, replies);
	}
}

static void read_known(struct bluesky_mark *m, struct slice list)
{
	while (list.n && m->n_known < KNOWN_MAX && m->known_bytes < KNOWN_BYTES) {
		struct slice one = word_of(&list, ',');

		if (one.n && memchr(one.p, '/', one.n))
			know(m, xstrndup(one.p, one.n));
	}
}

bool bluesky_mark_read(struct slice text, struct bluesky_mark *ret)
{
	int64_t *const numbers[] = {
		&ret->floor, &ret->until, &ret->down, &ret->swept, &ret->searched, &ret->turn};
	struct slice feed;

	*ret = (struct bluesky_mark){0};
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < ' ')
			return false;
	if (!slice_is(word_of(&text, ' '), VERSION))
		return false;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (!slice_number(word_of(&text, ' '), numbers[i]))
			*numbers[i] = 0;
	buf_add_slice(&ret->walk, word_of(&text, ' '));
	feed = word_of(&text, ' ');
	ret->fed = slice_is(feed, "=");
	if (!ret->fed)
		buf_add_slice(&ret->feed, feed);
	read_own(ret, word_of(&text, ' '));
	read_known(ret, word_of(&text, ' '));
	return true;
}

static void put(struct buf *out, struct slice word)
{
	buf_add_char(out, ' ');
	if (word.n && word.n <= CURSOR_MAX)
		buf_add_slice(out, word);
	else
		buf_add_char(out, '-');
}

void bluesky_mark_print(const struct bluesky_mark *m, struct buf *out)
{
	const char *comma = " ";

	buf_printf(out, VERSION " %lld %lld %lld %lld %lld %lld", (long long)m->floor,
		(long long)m->until, (long long)m->down, (long long)m->swept,
		(long long)m->searched, (long long)m->turn);
	put(out, buf_slice(&m->walk));
	put(out, m->fed ? SLICE("=") : buf_slice(&m->feed));
	for (size_t i = 0; i < m->n_own; i++, comma = ",")
		buf_printf(out, "%s%s:%lld", comma, m->own[i].key, (long long)m->own[i].replies);
	if (!m->n_own)
		buf_add_string(out, " -");
	comma = " ";
	for (size_t i = 0; i < m->n_known; i++, comma = ",")
		buf_printf(out, "%s%s", comma, m->known[i]);
}

void bluesky_mark_release(struct bluesky_mark *m)
{
	buf_release(&m->walk);
	buf_release(&m->feed);
	for (size_t i = 0; i < m->n_known; i++)
		free(m->known[i]);
	m->n_known = 0;
}
