/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two rounds over the rows of the source: who is meant, then how much each of these has. */
#include <tocsin/db/whom.h>

#include <strings.h>

#include "../name.h"
#include "rd.h"

#define PART_MIN 3u /* bytes of a part of a name: less is in every one */
#define BLUESKY "bsky.app/profile/"

/* --- names */

static struct slice from(struct slice s, size_t n)
{
	return (struct slice){s.p + n, s.n - n};
}

/* In small letters without accents, one blank for many, without the "@" before it. */
static void fold(struct slice s, struct buf *out)
{
	_buf_ struct buf letters = {0};
	size_t i = 0;

	name_fold(s, &letters);
	buf_clear(out);
	while (i < letters.n && strchr(" \t@", letters.p[i]))
		i++;
	for (; i < letters.n; i++)
		if (letters.p[i] != ' ' || out->p[out->n - 1] != ' ')
			buf_add_char(out, letters.p[i]);
	while (out->n && out->p[out->n - 1] == ' ')
		out->n--;
}

/* Up to this sign; all of it when it has none. */
static struct slice before(struct slice s, const char *sign)
{
	const char *at = s.n ? memmem(s.p, s.n, sign, strlen(sign)) : NULL;

	return at ? (struct slice){s.p, (size_t)(at - s.p)} : s;
}

static bool has_words(struct slice text, struct slice words)
{
	if (words.n < PART_MIN)
		return false;
	for (size_t i = 0; i + words.n <= text.n; i++)
		if (memcmp(text.p + i, words.p, words.n) == 0 &&
			(!i || !name_letter(text.p[i - 1])) &&
			(i + words.n == text.n || !name_letter(text.p[i + words.n])))
			return true;
	return false;
}

/* A name as it is shown; Bluesky's reads "Paul Durand (@paul.bsky.example)". */
static bool is_shown(struct slice shown, struct slice name)
{
	const struct slice first = before(shown, " (@");
	struct slice handle = from(shown, first.n);

	if (slice_equal(shown, name) || slice_equal(first, name))
		return true;
	return handle.n > 4 && slice_equal((struct slice){handle.p + 3, handle.n - 4}, name);
}

static int near_name(struct whom *w, struct slice account, struct slice shown)
{
	const struct slice name = buf_slice(&w->name);
	const bool whole = !w->address.n; /* a part of an address says nothing */
	int by = -1;

	if (!name.n)
		return -1;
	fold(account, &w->scratch);
	if (slice_equal(buf_slice(&w->scratch), name))
		return w->address.n ? WHOM_ADDRESS : WHOM_ACCOUNT;
	/* paul@toots.example: on his own server, paul */
	if (slice_equal(before(buf_slice(&w->scratch), "@"), name) ||
		slice_equal(buf_slice(&w->scratch), before(name, "@")))
		by = WHOM_PART;
	fold(shown, &w->scratch);
	if (w->scratch.n && is_shown(buf_slice(&w->scratch), name))
		return WHOM_SHOWN;
	return whole && has_words(buf_slice(&w->scratch), name) ? WHOM_PART : by;
}

/* --- addresses */

static bool begins(struct slice s, const char *with)
{
	const size_t n = strlen(with);

	return s.n >= n && strncasecmp(s.p, with, n) == 0;
}

static bool same(struct slice a, struct slice b)
{
	return a.n == b.n && strncasecmp(a.p, b.p, a.n) == 0;
}

/* Without its scheme, "www.", "m." and the slash behind it: what people copy differs there. */
static struct slice bare(struct slice url)
{
	const struct slice scheme = before(url, "://");

	if (scheme.n < url.n)
		url = from(url, scheme.n + 3);
	url = begins(url, "www.") ? from(url, 4) : begins(url, "m.") ? from(url, 2) : url;
	while (url.n && url.p[url.n - 1] == '/')
		url.n--;
	return url;
}

static bool is_address(struct slice s)
{
	const struct slice host = before(s, "/");

	return memchr(s.p, ' ', s.n) == NULL &&
		(before(s, "://").n < s.n || begins(s, "www.") ||
			(host.n < s.n && memchr(host.p, '.', host.n) != NULL));
}

static struct slice last_part(struct slice path)
{
	size_t i = path.n;

	while (i && path.p[i - 1] != '/')
		i--;
	return from(path, i);
}

/* The name in the address of somebody's page: what has an "@", else the last part. */
static struct slice name_in(struct slice address)
{
	struct slice path = before(before(address, "?"), "#");

	for (size_t i = 1; i < path.n; i++)
		if (path.p[i - 1] == '/' && path.p[i] == '@')
			return before(from(path, i + 1), "/");
	return last_part(path);
}

/* The same page, whatever a network adds behind it; Bluesky's under the handle or the number of the account. */
static bool same_page(struct slice asked, struct slice there)
{
	if (!there.n)
		return false;
	if (same(asked, there))
		return true;
	if (begins(asked, BLUESKY) && begins(there, BLUESKY) && before(asked, "/post/").n < asked.n)
		return same(last_part(before(asked, "?")), last_part(there));
	return asked.n > there.n && (asked.p[there.n] == '?' || asked.p[there.n] == '&') &&
		same((struct slice){asked.p, there.n}, there);
}

int whom_near(struct whom *w, struct slice account, struct slice shown, struct slice url)
{
	if (account.n && slice_equal(account, buf_slice(&w->typed)))
		return WHOM_ACCOUNT;
	if (w->address.n &&
		(same_page(buf_slice(&w->address), bare(url)) ||
			same(buf_slice(&w->address), bare(account))))
		return WHOM_ADDRESS;
	return near_name(w, account, shown);
}

/* --- the search */

void whom_begin(struct whom *w, struct slice source, struct slice typed, const unsigned char *key)
{
	while (typed.n && (typed.p[0] == ' ' || typed.p[0] == '\t'))
		typed = from(typed, 1);
	while (typed.n && (typed.p[typed.n - 1] == ' ' || typed.p[typed.n - 1] == '\t'))
		typed.n--;
	buf_add_slice(&w->source, source);
	buf_add_slice(&w->typed, typed);
	if (is_address(typed))
		buf_add_slice(&w->address, bare(typed));
	fold(w->address.n ? name_in(buf_slice(&w->address)) : typed, &w->name);
	if (key)
		memcpy(w->key, key, sizeof(w->key));
}

void whom_release(struct whom *w)
{
	for (uint32_t i = 0; i < WHOM_MAX; i++) {
		buf_release(&w->list[i].account);
		buf_release(&w->list[i].shown);
	}
	buf_release(&w->source);
	buf_release(&w->typed);
	buf_release(&w->name);
	buf_release(&w->address);
	buf_release(&w->scratch);
	*w = (struct whom){0};
}

static struct whom_account *listed(struct whom *w, struct slice key)
{
	for (uint32_t i = 0; i < w->n; i++)
		if (memcmp(w->list[i].key, key.p, sizeof(w->list[i].key)) == 0)
			return &w->list[i];
	return NULL;
}

/* The place of one that is nearer than the last of a full list. */
static struct whom_account *place(struct whom *w, enum whom_by by)
{
	uint32_t far = 0;

	if (w->n < WHOM_MAX)
		return &w->list[w->n++];
	w->more = true;
	for (uint32_t i = 1; i < w->n; i++)
		if (w->list[i].by >= w->list[far].by)
			far = i;
	return w->list[far].by > by ? &w->list[far] : NULL;
}

static void note(struct whom *w, struct slice key, enum whom_by by, struct slice account)
{
	struct whom_account *a = listed(w, key);

	if (a) {
		a->by = by < a->by ? by : a->by;
		return;
	}
	a = place(w, by);
	if (!a)
		return;
	memcpy(a->key, key.p, sizeof(a->key));
	a->by = by;
	buf_clear(&a->account);
	buf_add_slice(&a->account, account);
}

static bool has_key(struct slice key)
{
	static const unsigned char nobody[16];

	return key.n == sizeof(nobody) && memcmp(key.p, nobody, sizeof(nobody)) != 0;
}

static void look(struct whom *w, struct slice key, const struct comment *c)
{
	const bool exact = has_key((struct slice){(const char *)w->key, sizeof(w->key)}) &&
		key.n == sizeof(w->key) && memcmp(key.p, w->key, sizeof(w->key)) == 0;
	const int by = exact ? WHOM_ACCOUNT : whom_near(w, c->author, c->author_name, c->url);

	if (by < 0)
		return;
	if (has_key(key))
		note(w, key, by, exact && !c->author.n ? buf_slice(&w->typed) : c->author);
	else
		w->nameless++;
}

static void count(struct whom *w, struct slice key, const struct comment *c, int64_t accepted)
{
	struct whom_account *a = has_key(key) ? listed(w, key) : NULL;
	const int64_t at = c->created_at ? c->created_at : accepted;

	if (!a)
		return;
	a->texts++;
	a->last = at > a->last ? at : a->last;
	if (c->author_name.n) {
		buf_clear(&a->shown);
		buf_add_slice(&a->shown, c->author_name);
	}
}

/* The nearest first; of these, who wrote last. */
static void sort(struct whom *w)
{
	for (uint32_t i = 1; i < w->n; i++)
		for (uint32_t k = i; k; k--) {
			struct whom_account *a = &w->list[k - 1], *b = a + 1, held = *a;

			if (a->by < b->by || (a->by == b->by && a->last >= b->last))
				break;
			*a = *b;
			*b = held;
		}
}

int reader_whom(struct reader *r, struct whom *w, uint32_t rows, struct error *e)
{
	const int64_t to = w->seq + rows;
	sqlite3_stmt *s;
	int64_t last = 0;
	int code = reader_last_seq(r, &last, e);

	if (code == 0)
		code = sq_query(&r->q, e, &s,
			"SELECT author, handle, body, accepted FROM item WHERE seq > ? AND seq <= ?"
			" AND source = (SELECT id FROM source WHERE name = ?) AND state & 6 = 0",
			"iit", w->seq, to, buf_slice(&w->source));
	while (code == 0 && (code = sq_step(s, e)) == 0) {
		struct comment c;

		if (comment_decode(sq_col(s, 2), &c) < 0)
			continue;
		reader_handle(sq_col(s, 1), &c);
		if (w->counting)
			count(w, sq_col(s, 0), &c, sq_col_int(s, 3));
		else
			look(w, sq_col(s, 0), &c);
	}
	if (code < 0)
		return code;
	w->seq = to;
	if (to < last)
		return 0;
	if (w->counting || !w->n) {
		sort(w);
		return READER_END;
	}
	w->seq = 0;
	w->counting = true;
	return 0;
}
