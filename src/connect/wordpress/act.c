/* SPDX-License-Identifier: GPL-3.0-or-later
 * kind wordpress, acting: hold, approve, spam, trash, reply (REST, application password of an account that moderates). Every
 * action begins with the comment as it stands there: with other words it is left alone. A reply bears our mark where
 * WordPress keeps the author's program (author_user_agent, shown to moderators only): one that has arrived is found by it. */
#include "wordpress.h"

#include "../deed.h"

enum { LOOKS, LISTS, WRITES }; /* what the last request was */

static const char *status_for(enum outward a)
{
	switch (a) {
	case ACTION_HIDE: return "hold";
	case ACTION_SPAM: return "spam";
	case ACTION_TRASH: return "trash";
	case ACTION_SHOW: return "approved";
	case ACTION_REPLY:
	case ACTION_NONE:
	default: return "";
	}
}

static void comment_url(struct deed *d)
{
	wordpress_site(d->source, &d->url);
	buf_printf(&d->url, "/%.*s", (int)d->action->item.n, d->action->item.p);
}

static int look(struct deed *d, struct error *e)
{
	int64_t id;

	if (!slice_number(d->action->item, &id))
		return error_set(e, DEED_DEAD, "numéro de commentaire illisible");
	comment_url(d);
	buf_add_string(&d->url, "?context=edit&_fields=id,post,status,content");
	return DEED_ASK;
}

static int list_replies(struct deed *d)
{
	wordpress_site(d->source, &d->url);
	buf_printf(&d->url,
		"?parent=%.*s&status=all&context=edit&per_page=100&order=desc&_fields=id,"
		"author_user_agent",
		(int)d->action->item.n, d->action->item.p);
	d->step = LISTS;
	return DEED_ASK;
}

static int set_status(struct deed *d)
{
	struct json_writer w = {.out = &d->body};

	comment_url(d);
	json_w_begin(&w, '{');
	json_w_text(&w, "status", slice_of(status_for(d->action->action)));
	json_w_end(&w, '}');
	d->step = WRITES;
	return DEED_WRITE;
}

/* The field is HTML, and its text is to be read as it was typed. */
static void escape(struct slice text, struct buf *out)
{
	for (size_t i = 0; i < text.n; i++)
		switch (text.p[i]) {
		case '<': buf_add_string(out, "&lt;"); break;
		case '>': buf_add_string(out, "&gt;"); break;
		case '&': buf_add_string(out, "&amp;"); break;
		default: buf_add_char(out, text.p[i]);
		}
}

static int reply(struct deed *d)
{
	_buf_ struct buf content = {0};
	struct json_writer w = {.out = &d->body};
	int64_t parent = 0;

	wordpress_site(d->source, &d->url);
	escape(d->action->text, &content);
	if (!slice_number(d->action->item, &parent))
		return DEED_DEAD;
	json_w_begin(&w, '{');
	json_w_number(&w, "post", d->subject);
	json_w_number(&w, "parent", parent);
	json_w_text(&w, "content", buf_slice(&content));
	json_w_text(&w, "author_user_agent", d->action->mark);
	json_w_end(&w, '}');
	d->step = WRITES;
	return DEED_WRITE;
}

/* What an answer that is no success comes to. */
static int refusal(struct json_value v, long status, struct error *e)
{
	struct slice code = v.type == JSON_OBJECT ? field_text(v, "code") : (struct slice){0};

	if (slice_is(code, "rest_comment_invalid_id"))
		return error_set(e, DEED_REFUSED, "ce commentaire n'est plus là à la source");
	if (slice_is(code, "comment_duplicate"))
		return error_set(e, DEED_REFUSED, "la même réponse est déjà à la source");
	if (slice_is(code, "rest_comment_failed_edit") || status == 408 || status == 425 ||
		status == 429 || status >= 500)
		return error_set(e, DEED_LATER, "le site répond HTTP %ld", status);
	if (!code.n) /* a guard in front of the site */
		return error_set(
			e, DEED_LATER, "le site refuse (HTTP %ld), sans dire pourquoi", status);
	if (status == 401 || status == 403)
		return error_set(
			e, DEED_DEAD, "le compte n'a pas le droit de modérer (HTTP %ld)", status);
	return error_set(
		e, DEED_DEAD, "le site refuse : %.*s (HTTP %ld)", (int)code.n, code.p, status);
}

static bool same_words(const struct deed *d, struct json_value v)
{
	_buf_ struct buf text = {0};

	wordpress_content(v, &text);
	return slice_equal(buf_slice(&text), d->action->seen);
}

static int decide(struct deed *d, struct json_value v, struct error *e)
{
	struct slice status = field_text(v, "status");
	bool away = slice_is(status, "trash") || slice_is(status, "spam");

	if (v.type != JSON_OBJECT || !status.n)
		return error_set(e, DEED_LATER, "ce n'est pas l'API de WordPress");
	if (slice_is(status, status_for(d->action->action)) ||
		(d->action->action == ACTION_HIDE && away))
		return DEED_DONE;
	if (!same_words(d, v))
		return error_set(e, DEED_REFUSED,
			"ce commentaire a été modifié à la source depuis la décision");
	if (d->action->action != ACTION_REPLY)
		return set_status(d);
	if (!slice_is(status, "approved"))
		return error_set(e, DEED_REFUSED,
			"ce commentaire n'est pas publié à la source : rien n'y est répondu");
	d->subject = field_number(v, "post");
	return list_replies(d);
}

static int find_reply(struct deed *d, struct json_value list, struct error *e)
{
	struct json_value v;
	struct slice key;
	uint32_t it = 0;

	if (list.type != JSON_ARRAY)
		return error_set(e, DEED_LATER, "ce n'est pas l'API de WordPress");
	while (json_each(list, &it, &key, &v))
		if (v.type == JSON_OBJECT &&
			slice_equal(field_text(v, "author_user_agent"), d->action->mark))
			return DEED_DONE;
	return reply(d);
}

/* What the site says of what was written: a plugin may have had another idea. */
static int confirm(const struct deed *d, struct json_value v, struct error *e)
{
	struct slice status = field_text(v, "status");

	if (v.type != JSON_OBJECT || !status.n)
		return error_set(e, DEED_LATER, "ce n'est pas l'API de WordPress");
	if (d->action->action == ACTION_REPLY)
		return slice_is(status, "approved")
			? DEED_DONE
			: error_set(e, DEED_DONE, "la réponse attend d'être approuvée à la source");
	return slice_is(status, status_for(d->action->action))
		? DEED_DONE
		: error_set(e, DEED_LATER, "le site n'a pas changé le commentaire");
}

int wordpress_deed(struct deed *d, const struct page *last, struct error *e)
{
	struct json_value v = {0};

	if (!last)
		return look(d, e);
	if (json_parse(d->json, last->body, &v, NULL) < 0)
		v = (struct json_value){0};
	if (last->status < 200 || last->status >= 300)
		return refusal(v, last->status, e);
	switch (d->step) {
	case LOOKS: return decide(d, v, e);
	case LISTS: return find_reply(d, v, e);
	default: return confirm(d, v, e);
	}
}
