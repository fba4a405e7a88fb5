/* SPDX-License-Identifier: GPL-3.0-or-later
 * One request to the Graph API, what it says of the quota, and what is wrong. */
#include <tocsin/base/clock.h>
#include <tocsin/json/tame.h>

#include "look.h"

#define USED_MAX 80 /* percent of a quota */
#define BUSY_MS (10 * CLOCK_MINUTE) /* a quota that does not say when there is some again */

enum { KEPT_APP, KEPT_BUSINESS };

static void heed_quota(struct pass *p, struct meta *m)
{
	int64_t ms = 0, used = 0;

	for (size_t i = KEPT_APP; i <= KEPT_BUSINESS; i++) {
		int64_t n = meta_usage(m->usage, slice_of(pass_kept(p, i)), &ms);

		used = n > used ? n : used;
	}
	if (used < USED_MAX && !ms)
		return;
	m->spent = true;
	m->wait_ms = ms ? ms : BUSY_MS;
	pass_spent(p, m->wait_ms);
}

/* What an answer that is no success comes to. */
static int say_error(
	struct pass *p, struct json_value v, int r, enum meta_error *ret, struct error *e)
{
	struct slice why;
	int n;

	*ret = meta_error(v, &why);
	switch (*ret) {
	case META_EXPIRED:
		return error_set(e, FETCH_REFUSED,
			"le jeton d'accès a expiré ou a été révoqué (code 190) : en créer un autre pour la "
			"page (business.facebook.com, Utilisateurs système) et le mettre dans « token_file »");
	case META_BUSY:
		pass_spent(p, BUSY_MS);
		return error_set(e, FETCH_LATER, "le quota de l'application est épuisé");
	case META_LATER: r = FETCH_LATER; break;
	case META_GONE:
	case META_RIGHT:
	case META_OTHER: break;
	case META_NONE:
	default: *ret = META_OTHER; return r;
	}
	n = (int)(why.n < 200 ? why.n : 200);
	return error_set(
		e, r == FETCH_LATER ? r : FETCH_REFUSED, "l'API Graph refuse : %.*s", n, why.p);
}

int meta_ask(struct pass *p, struct meta *m, struct json_value *ret, enum meta_error *ret_fault,
	struct error *e)
{
	_buf_ struct buf url = {0};
	struct page page;
	struct json_value v = {0};
	bool read;
	int r;

	*ret = (struct json_value){0};
	*ret_fault = META_NONE;
	meta_site(pass_source(p), &url);
	buf_add_slice(&url, buf_slice(&m->path));
	buf_add_slice(&url, buf_slice(&m->proof));
	r = pass_ask(p, buf_string(&url), (struct slice){0}, &page, e);
	heed_quota(p, m);
	buf_clear(&m->answer);
	json_tame(page.body, &m->answer);
	read = json_parse(m->json, buf_slice(&m->answer), &v, NULL) == 0 && v.type == JSON_OBJECT;
	if (r != FETCH_BODY)
		return page.status && read ? say_error(p, v, r, ret_fault, e) : r;
	if (!read)
		return error_set(e, FETCH_LATER, "ce n'est pas l'API Graph");
	*ret = v;
	return FETCH_BODY;
}
