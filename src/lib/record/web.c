/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web.h"
#include <strings.h>

#define GONE "[…]"
#define LABELS_MAX 12u
#define SCHEME_MAX 40u

/* The bytes of one letter or digit; 0: it is none. */
static size_t sign(struct slice t, size_t i)
{
	const unsigned char c = i < t.n ? (unsigned char)t.p[i] : 0;
	if ((c >= '0' && c <= '9') || ((c | 32u) >= 'a' && (c | 32u) <= 'z' && c < 0x80))
		return 1;
	return c >= 0xc3 && c < 0xe0 && i + 1 < t.n ? 2 : 0;
}

static size_t signs(struct slice t, size_t i)
{
	size_t j = i;
	while (sign(t, j))
		j += sign(t, j);
	return j - i;
}

static bool is(struct slice t, size_t i, char c)
{
	return i < t.n && t.p[i] == c;
}

/* "https://", whatever it is called and whatever touches it. */
static size_t scheme(struct slice t, size_t i)
{
	const size_t n = signs(t, i);
	return n && n <= SCHEME_MAX && i + n + 3 <= t.n && memcmp(t.p + i + n, "://", 3) == 0
		? n + 3
		: 0;
}

/* "paul:secret@" */
static size_t user(struct slice t, size_t i)
{
	for (size_t j = i; j < t.n && !strchr(" /?#<>\"\\", t.p[j]); j++)
		if (t.p[j] == '@')
			return j + 1 - i;
	return 0;
}

struct host {
	size_t at, end; /* of the text */
	size_t label[LABELS_MAX + 1]; /* where each begins; of the last ones when there are more */
	size_t n;
};

static struct host host_at(struct slice t, size_t i)
{
	struct host h = {.at = i, .end = i};
	size_t j = i;
	for (;;) {
		const size_t from = j;
		while (sign(t, j) || is(t, j, '-') || is(t, j, '_'))
			j += sign(t, j) ? sign(t, j) : 1;
		if (j == from)
			break;
		if (h.n == LABELS_MAX)
			memmove(h.label, h.label + 1, --h.n * sizeof(*h.label));
		h.label[h.n++] = from;
		h.end = j;
		if (!is(t, j, '.'))
			break;
		j++;
	}
	return h;
}

static struct slice label(struct slice t, const struct host *h, size_t k)
{
	const size_t from = h->label[k], end = k + 1 < h->n ? h->label[k + 1] - 1 : h->end;
	return (struct slice){t.p + from, end - from};
}

static bool is_word(struct slice s, const char *words)
{
	for (const char *w = words; *w;) {
		const size_t n = strcspn(w, " ");
		if (n == s.n && strncasecmp(w, s.p, n) == 0)
			return true;
		w += n + (w[n] == ' ');
	}
	return false;
}

/* Two letters and more, as the last part of a name; "12.5" and "1.1.1.1" have none. */
static bool has_top(struct slice t, const struct host *h)
{
	const struct slice top = label(t, h, h->n - 1);
	for (size_t i = 0; i < top.n; i++)
		if ((top.p[i] >= '0' && top.p[i] <= '9') || top.p[i] == '_')
			return false;
	return top.n >= 2;
}

/* Which label the name of the house begins with; what stands before it may be a person's. */
static size_t house(struct slice t, const struct host *h)
{
	if (h->n < 3 || !has_top(t, h))
		return 0;
	const bool common = label(t, h, h->n - 1).n == 2 &&
		is_word(label(t, h, h->n - 2), "gouv asso com co org gov ac");
	const size_t first = h->n - (common ? 3 : 2);
	for (size_t k = 0; k < first; k++)
		if (!is_word(label(t, h, k), "www m mobile web fr en fr-fr"))
			return first;
	return 0;
}

/* Of these every name is somebody's, even where nothing says that it is an address. */
static bool is_of_many(struct slice t, const struct host *h)
{
	const size_t first = h->n < 3 ? 0 : h->label[h->n - 2];
	return first &&
		is_word((struct slice){t.p + first, h->end - first},
			"bsky.social wordpress.com tumblr.com blogspot.com skyrock.com over-blog.com substack.com");
}

static size_t port(struct slice t, size_t i)
{
	size_t j = i + 1;
	while (is(t, i, ':') && j < t.n && t.p[j] >= '0' && t.p[j] <= '9')
		j++;
	return j > i + 1 ? j - i : 0;
}

/* Up to a blank, or a sign that ends what is quoted. */
static size_t rest_end(struct slice t, size_t i)
{
	size_t j = i;
	while (j < t.n && !strchr(" <>\"", t.p[j]) &&
		!(j + 1 < t.n &&
			(memcmp(t.p + j, "\xc2", 1) == 0 || memcmp(t.p + j, "\xe2\x80", 2) == 0)))
		j++;
	while (j > i && strchr(".,;:!?)]}'*", t.p[j - 1]))
		j--;
	return j;
}

/* What follows the host: a path, a question. Bare, it must look like one: "et/ou". */
static size_t rest(struct slice t, size_t i, bool bare)
{
	if (i >= t.n || !strchr("/?#\\", t.p[i]))
		return 0;
	const size_t end = rest_end(t, i);
	if (end <= i + 1)
		return 0;
	if (bare && t.p[i] != '/' && t.p[i] != '\\' && !memchr(t.p + i, '=', end - i))
		return 0;
	return end - i;
}

size_t web_address(struct slice t, size_t i, struct buf *ret)
{
	const size_t named = scheme(t, i), who = named ? user(t, i + named) : 0;
	const struct host h = host_at(t, i + named + who);
	if (!h.n || (!named && (h.n < 2 || !has_top(t, &h))))
		return 0;
	const size_t gate = port(t, h.end), more = rest(t, h.end + gate, !named);
	const size_t first = named || more || is_of_many(t, &h) ? house(t, &h) : 0;
	if (!who && !more && !first)
		return 0;
	if (first)
		buf_add_string(ret, GONE ".");
	buf_add(ret, t.p + h.label[first], h.end - h.label[first]);
	if (more)
		buf_add_string(ret, "/" GONE);
	return h.end + gate + more - i;
}
