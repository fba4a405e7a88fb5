/* SPDX-License-Identifier: GPL-3.0-or-later
 * What stood in the window last time and does not now: only the site's own word that it is gone makes it so. */
#include "look.h"

#define CHECKS 30u /* in one look */

static void bury(struct pass *p, int64_t id)
{
	_buf_ struct buf text = {0};
	struct comment c = {.type = COMMENT_TOMBSTONE};

	buf_printf(&text, "%lld", (long long)id);
	c.id = buf_slice(&text);
	pass_add(p, &c);
}

bool wordpress_stands(const struct wp *w, int64_t id)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->there[i].id == id)
			return true;
	return false;
}

static void check_next(struct pass *p, struct wp *w)
{
	_buf_ struct buf url = {0};

	w->checking = w->checked < w->n_known && w->checked < CHECKS;
	if (!w->checking)
		return;
	wordpress_site(pass_source(p), &url);
	buf_printf(&url, "/%lld?", (long long)w->known[w->checked]);
	wordpress_rights(p, &url, false);
	pass_next(p, buf_slice(&url));
}

void wordpress_unseen(struct wp *w)
{
	size_t missing = 0;

	for (size_t i = 0; i < w->n_known; i++)
		if (!wordpress_stands(w, w->known[i]))
			w->known[missing++] = w->known[i];
	w->n_known = missing;
}

void wordpress_missing(struct pass *p, struct wp *w)
{
	wordpress_unseen(w);
	check_next(p, w);
	wordpress_write_mark(p, w);
}

/* What the site itself says of one that is missing: a guard in front of it may say 403 or 404 to everything. */
enum fate { STAYS, IS_GONE, NOT_SAID };
static enum fate fate_of(struct wp *w, const struct page *page)
{
	struct json_value v;
	struct slice code;

	if (json_parse(w->json, page->body, &v, NULL) < 0 || v.type != JSON_OBJECT)
		return NOT_SAID;
	code = field_text(v, "code");
	if (page->status >= 300)
		return slice_is(code, "rest_comment_invalid_id") ||
				slice_is(code, "rest_cannot_read")
			? IS_GONE
			: NOT_SAID;
	if (field_number(v, "id") != w->known[w->checked])
		return NOT_SAID;
	return wordpress_is_there(field_text(v, "status")) ? STAYS : IS_GONE;
}

/* One that gets no answer goes behind the others and is asked for at another look: what was read counts all the same. */
void wordpress_fate(struct pass *p, struct wp *w, const struct page *page)
{
	enum fate fate = fate_of(w, page);
	int64_t id = w->known[w->checked];

	if (fate == NOT_SAID) {
		for (size_t i = w->checked; i + 1 < w->n_known; i++)
			w->known[i] = w->known[i + 1];
		w->known[w->n_known - 1] = id;
		w->checking = false;
	} else {
		if (fate == IS_GONE)
			bury(p, id);
		w->checked++;
		check_next(p, w);
	}
	wordpress_write_mark(p, w);
}
