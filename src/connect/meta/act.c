/* SPDX-License-Identifier: GPL-3.0-or-later
 * kind meta, acting: hide, show again, delete, reply. Every action begins with the comment as it stands there: with other words it is
 * left alone. A reply that has arrived is found below the comment by its author, the page, and its words. */
#include "../deed.h"
#include "meta.h"

enum { LOOKS, LISTS, WRITES }; /* what the last request was */

/* "…/ITEM" with what is behind it, and the proof. */
static int request(struct deed *d, unsigned step, int what, struct error *e, const char *behind)
{
	meta_site(d->source, &d->url);
	address_part(&d->url, d->action->item);
	buf_add_string(&d->url, behind);
	d->step = step;
	return meta_proof(d->source, d->password, &d->url, e) < 0 ? DEED_LATER : what;
}

static int look(struct deed *d, struct error *e)
{
	_buf_ struct buf fields = {0};

	buf_printf(&fields, "?fields=%s", meta_words(d->source)->alone);
	return request(d, LOOKS, DEED_ASK, e, buf_string(&fields));
}

static int list_answers(struct deed *d, struct error *e)
{
	const struct meta_words *w = meta_words(d->source);
	_buf_ struct buf edge = {0};

	buf_printf(&edge, "/%s?fields=id,from,%s&limit=100", w->answers, w->text);
	return request(d, LISTS, DEED_ASK, e, buf_string(&edge));
}

/* What is written is in the address; a body is sent because a POST has one. */
static int change(struct deed *d, struct error *e)
{
	_buf_ struct buf edge = {0};

	if (d->action->action == ACTION_TRASH)
		buf_add_string(
			&edge, "?method=delete"); /* how the API wants it of those who only POST */
	else
		buf_printf(&edge, "?%s=%s", meta_words(d->source)->hide,
			d->action->action == ACTION_SHOW ? "false" : "true");
	buf_add_string(&d->body, "{}");
	return request(d, WRITES, DEED_WRITE, e, buf_string(&edge));
}

static int reply(struct deed *d, struct error *e)
{
	struct json_writer w = {.out = &d->body};
	_buf_ struct buf edge = {0};

	json_w_begin(&w, '{');
	json_w_text(&w, "message", d->action->text);
	json_w_end(&w, '}');
	buf_printf(&edge, "/%s?fields=id", meta_words(d->source)->answers);
	return request(d, WRITES, DEED_WRITE, e, buf_string(&edge));
}

/* What an answer that is no success comes to. */
static int refusal(const struct deed *d, struct json_value v, long status, struct error *e)
{
	struct slice why;

	switch (meta_error(v, &why)) {
	case META_GONE:
		if (d->action->action == ACTION_TRASH && d->action->attempt > 1)
			return DEED_DONE;
		return error_set(e, DEED_REFUSED, "ce commentaire n'est plus là à la source");
	case META_EXPIRED:
		return error_set(e, DEED_LATER,
			"le jeton d'accès a expiré ou a été révoqué (code 190) : en créer un autre");
	case META_BUSY: return error_set(e, DEED_LATER, "le quota de l'application est épuisé");
	case META_RIGHT:
		return error_set(e, DEED_DEAD, "le jeton n'a pas le droit de modérer : %.*s",
			(int)(why.n < 200 ? why.n : 200), why.p);
	case META_OTHER:
		return error_set(e, DEED_DEAD, "l'API Graph refuse : %.*s",
			(int)(why.n < 200 ? why.n : 200), why.p);
	case META_NONE:
	case META_LATER:
	default: return error_set(e, DEED_LATER, "l'API Graph répond HTTP %ld", status);
	}
}

static int decide(struct deed *d, struct json_value v, struct error *e)
{
	const struct meta_words *w = meta_words(d->source);
	bool hidden = field_true(v, w->hidden), hides;
	struct json_value can;

	if (!slice_equal(field_text(v, "id"), d->action->item))
		return error_set(e, DEED_LATER, "ce n'est pas l'API Graph");
	hides = d->action->action == ACTION_HIDE || d->action->action == ACTION_SPAM;
	if ((hides && hidden) || (d->action->action == ACTION_SHOW && !hidden))
		return DEED_DONE;
	if (!slice_equal(field_text(v, w->text), d->action->seen))
		return error_set(e, DEED_REFUSED,
			"ce commentaire a été modifié à la source depuis la décision");
	if (hides && json_get(v, SLICE("can_hide"), &can) && can.type == JSON_BOOL &&
		!json_bool(can))
		return error_set(
			e, DEED_DEAD, "la plate-forme ne laisse pas masquer ce commentaire");
	return d->action->action == ACTION_REPLY ? list_answers(d, e) : change(d, e);
}

static int find_reply(struct deed *d, struct json_value v, struct error *e)
{
	struct json_value list, one, from;
	struct slice key, page = slice_of(d->source->page);
	uint32_t it = 0;

	if (!field_array(v, "data", &list))
		return error_set(e, DEED_LATER, "ce n'est pas l'API Graph");
	while (json_each(list, &it, &key, &one))
		if (field_object(one, "from", &from) && slice_equal(field_text(from, "id"), page) &&
			slice_equal(field_text(one, meta_words(d->source)->text), d->action->text))
			return DEED_DONE;
	return reply(d, e);
}

int meta_deed(struct deed *d, const struct page *last, struct error *e)
{
	struct json_value v = {0};

	if (!last)
		return look(d, e);
	if (json_parse(d->json, last->body, &v, NULL) < 0)
		v = (struct json_value){0};
	if (last->status < 200 || last->status >= 300)
		return refusal(d, v, last->status, e);
	switch (d->step) {
	case LOOKS: return decide(d, v, e);
	case LISTS: return find_reply(d, v, e);
	default:
		return field_text(v, "id").n || field_true(v, "success")
			? DEED_DONE
			: error_set(e, DEED_LATER, "ce n'est pas l'API Graph");
	}
}
