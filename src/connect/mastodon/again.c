/* SPDX-License-Identifier: GPL-3.0-or-later
 * What was heard on Mastodon, once more: edits and deletions that no stream told.
 *
 * Missing is not deleted: the server says the same 404 to the town when the author blocks it, and to everybody when the author is
 * suspended (StatusPolicy#show?). So what is missing is asked for without the token too, and then its author is looked at; whoever
 * blocks the town must not erase what he wrote to it. A server that answers nobody without a token never proves a deletion here:
 * its streams do. */
#include "mastodon.h"

#define AGAIN 100u /* statuses that are asked for again in one look … */
#define TOGETHER 20u /* … so many in one request: Mastodon takes no more */
#define ALONE 20u /* … and requests about single ones */

/* The server itself says that it is gone: a guard in front of it may say 404 to everything. */
static bool is_gone(struct mastodon *m, const struct page *page)
{
	struct json_value v;

	return (page->status == 404 || page->status == 410) &&
		json_parse(m->json, page->body, &v, NULL) == 0 && field_text(v, "error").n;
}

enum fate { FATE_STANDS, FATE_MISSING, FATE_UNKNOWN };

struct alone { /* a request about a single one */
	struct pass *p;
	struct mastodon *m;
	size_t asked;
};

/* FATE_STANDS: ret is what came. Of a failing server nothing is known, and *r is FETCH_LATER. */
static enum fate ask_about(struct alone *a, const char *what, const char *id, bool openly,
	struct json_value *ret, int *r, struct error *e)
{
	_buf_ struct buf url = {0};
	struct page page;

	mastodon_site(pass_source(a->p), &url);
	buf_printf(&url, "/api/v1/%s/", what);
	address_part(&url, slice_of(id));
	*r = openly ? pass_ask_openly(a->p, buf_string(&url), &page, e)
		    : pass_ask(a->p, buf_string(&url), (struct slice){0}, &page, e);
	a->asked++;
	mastodon_heed(a->p, a->m, *r);
	if (*r == FETCH_BODY && mastodon_parse(a->m, page.body, ret))
		return FATE_STANDS;
	return *r == FETCH_REFUSED && is_gone(a->m, &page) ? FATE_MISSING : FATE_UNKNOWN;
}

/* FATE_MISSING: it is, for everybody, and not because its author is suspended. */
static enum fate fate_of(
	struct alone *a, const struct watched *one, struct json_value *ret, int *r, struct error *e)
{
	struct json_value account;
	enum fate fate = ask_about(a, "statuses", one->id, false, ret, r, e);

	if (fate == FATE_MISSING)
		fate = ask_about(a, "statuses", one->id, true, ret, r, e);
	if (fate != FATE_MISSING)
		return fate;
	if (!one->by[0])
		return FATE_UNKNOWN;
	fate = ask_about(a, "accounts", one->by, false, &account, r, e);
	if (fate == FATE_STANDS)
		fate = field_text(account, "id").n && !field_true(account, "suspended")
			? FATE_MISSING
			: FATE_UNKNOWN;
	return fate;
}

static int look_at_one(struct alone *a, const struct watched *one, struct error *e)
{
	struct json_value v;
	int r;

	switch (fate_of(a, one, &v, &r, e)) {
	case FATE_STANDS: mastodon_take(a->p, a->m, v, (struct slice){0}); break;
	case FATE_MISSING: mastodon_bury(a->p, a->m, slice_of(one->id)); break;
	case FATE_UNKNOWN:
	default: break;
	}
	return r == FETCH_LATER ? r : FETCH_BODY;
}

/* Many at once (Mastodon 4.3 and later): those that came lose their id. */
static int look_at_many(
	struct pass *p, struct mastodon *m, struct watched *some, size_t n, struct error *e)
{
	struct json_value list, v;
	struct slice key;
	uint32_t it = 0;
	int r;

	buf_clear(&m->path);
	buf_add_string(&m->path, "/api/v1/statuses");
	for (size_t i = 0; i < n; i++)
		buf_printf(&m->path, "%cid[]=%s", i ? '&' : '?', some[i].id);
	r = mastodon_ask(p, m, buf_string(&m->path), &list, e);
	while (r == FETCH_BODY && list.type == JSON_ARRAY && json_each(list, &it, &key, &v)) {
		struct slice id = field_text(v, "id");

		for (size_t i = 0; i < n; i++)
			if (id.n && slice_is(id, some[i].id)) {
				some[i].id[0] = 0;
				mastodon_take(p, m, v, (struct slice){0});
			}
	}
	return r == FETCH_LATER ? r : FETCH_BODY;
}

int mastodon_look_again(struct pass *p, struct mastodon *m, struct error *e)
{
	struct alone alone = {.p = p, .m = m};
	size_t most = m->watch.n < AGAIN ? m->watch.n : AGAIN;
	int r = FETCH_BODY;

	for (size_t done = 0; r == FETCH_BODY && done < most && !m->spent;) {
		struct watched some[TOGETHER];
		size_t n = most - done < TOGETHER ? most - done : TOGETHER;

		memcpy(some, m->watch.list, n * sizeof(*some));
		watch_turn(&m->watch, n);
		done += n;
		r = look_at_many(p, m, some, n, e);
		for (size_t i = 0; r == FETCH_BODY && i < n && !m->spent; i++)
			if (some[i].id[0] && alone.asked < ALONE)
				r = look_at_one(&alone, &some[i], e);
		mastodon_print(p, m);
	}
	return r;
}
