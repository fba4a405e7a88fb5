/* SPDX-License-Identifier: GPL-3.0-or-later
 * kind mastodon, acting: reply, and report. Nobody hides what others write there: what the town decides to hide, throw away or call
 * spam is reported to the moderators of its server, who decide. A reply that has arrived is found below the status by its author and
 * its words, and bears our mark as its Idempotency-Key, which Mastodon knows for an hour. */
#include "../deed.h"
#include "mastodon.h"

enum { WHO, CONTEXT, STATUS, WRITES }; /* what the last request was */

#define REPORTED \
	"signalé aux modérateurs du serveur : Mastodon ne laisse masquer que ses propres messages"

static int ask(struct deed *d, unsigned step, const char *path, const char *behind)
{
	mastodon_site(d->source, &d->url);
	buf_add_string(&d->url, path);
	if (behind) {
		address_part(&d->url, d->action->item);
		buf_add_string(&d->url, behind);
	}
	d->step = step;
	return DEED_ASK;
}

/* What an answer that is no success comes to. */
static int refusal(struct json_value v, long status, struct error *e)
{
	struct slice why = field_text(v, "error");

	if (status == 408 || status == 425 || status == 429 || status >= 500)
		return error_set(e, DEED_LATER, "le serveur répond HTTP %ld", status);
	if (!why.n) /* a guard in front of it */
		return error_set(
			e, DEED_LATER, "le serveur refuse (HTTP %ld), sans dire pourquoi", status);
	if (status == 404 || status == 410)
		return error_set(e, DEED_REFUSED, "ce message n'est plus là à la source");
	if (status == 401)
		return error_set(e, DEED_DEAD,
			"le jeton d'accès est refusé ou a été révoqué : en créer un autre");
	if (status == 403)
		return error_set(e, DEED_DEAD,
			"le jeton n'a pas ce droit : il lui faut write:statuses et write:reports");
	return error_set(e, DEED_DEAD, "le serveur refuse : %.*s (HTTP %ld)",
		(int)(why.n < 200 ? why.n : 200), why.p, status);
}

/* Without blanks: links and paragraphs are written in other ways there. */
static void squeeze(struct slice text, struct buf *out)
{
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] > ' ')
			buf_add_char(out, text.p[i]);
}

static bool is_our_reply(const struct deed *d, struct json_value v)
{
	_buf_ struct buf text = {0}, there = {0}, ours = {0};
	struct json_value account;

	if (!field_object(v, "account", &account) ||
		!slice_equal(field_text(account, "id"), buf_slice(&d->memo)) ||
		!slice_equal(field_text(v, "in_reply_to_id"), d->action->item))
		return false;
	mastodon_text(v, &text);
	squeeze(buf_slice(&text), &there);
	squeeze(d->action->text, &ours);
	return ours.n && there.n >= ours.n &&
		memcmp(there.p + there.n - ours.n, ours.p, ours.n) == 0;
}

static int find_reply(struct deed *d, struct json_value v, struct error *e)
{
	struct json_value list, one;
	struct slice key;
	uint32_t it = 0;

	if (!field_array(v, "descendants", &list))
		return error_set(e, DEED_LATER, "ce n'est pas l'API de Mastodon");
	while (json_each(list, &it, &key, &one))
		if (is_our_reply(d, one))
			return DEED_DONE;
	return ask(d, STATUS, "/api/v1/statuses/", "");
}

static int reply(struct deed *d, struct json_value status, struct json_value account)
{
	_buf_ struct buf text = {0};
	struct json_writer w = {.out = &d->body};
	struct slice acct = field_text(account, "acct"), lang = field_text(status, "language");

	buf_printf(&text, "@%.*s ", (int)acct.n, acct.p);
	buf_add_slice(&text, d->action->text);
	mastodon_site(d->source, &d->url);
	buf_add_string(&d->url, "/api/v1/statuses");
	json_w_begin(&w, '{');
	json_w_text(&w, "status", buf_slice(&text));
	json_w_text(&w, "in_reply_to_id", d->action->item);
	json_w_text(&w, "visibility", field_text(status, "visibility"));
	if (lang.n)
		json_w_text(&w, "language", lang);
	json_w_end(&w, '}');
	d->keyed = true;
	d->step = WRITES;
	return DEED_WRITE;
}

static int report(struct deed *d, struct json_value account, struct error *e)
{
	struct json_writer w = {.out = &d->body};

	mastodon_site(d->source, &d->url);
	buf_add_string(&d->url, "/api/v1/reports");
	json_w_begin(&w, '{');
	json_w_text(&w, "account_id", field_text(account, "id"));
	json_w_strings(&w, "status_ids", &d->action->item, 1);
	json_w_text(
		&w, "category", d->action->action == ACTION_SPAM ? SLICE("spam") : SLICE("other"));
	json_w_text(&w, "comment",
		SLICE("Signalé par la modération de la collectivité à laquelle ce message s'adresse."));
	json_w_end(&w, '}');
	d->keyed = true;
	d->step = WRITES;
	return error_set(e, DEED_WRITE, "aurait été signalé aux modérateurs du serveur");
}

static int decide(struct deed *d, struct json_value v, struct error *e)
{
	_buf_ struct buf text = {0};
	struct json_value account;

	if (!slice_equal(field_text(v, "id"), d->action->item) ||
		!field_object(v, "account", &account))
		return error_set(e, DEED_LATER, "ce n'est pas l'API de Mastodon");
	mastodon_text(v, &text);
	if (!slice_equal(buf_slice(&text), d->action->seen))
		return error_set(
			e, DEED_REFUSED, "ce message a été modifié à la source depuis la décision");
	return d->action->action == ACTION_REPLY ? reply(d, v, account) : report(d, account, e);
}

int mastodon_deed(struct deed *d, const struct page *last, struct error *e)
{
	struct json_value v = {0};

	if (!last && d->action->action == ACTION_SHOW)
		return error_set(e, DEED_DONE, "rien n'y avait été masqué");
	if (!last)
		return d->action->action == ACTION_REPLY
			? ask(d, WHO, "/api/v1/accounts/verify_credentials", NULL)
			: ask(d, STATUS, "/api/v1/statuses/", "");
	if (json_parse(d->json, last->body, &v, NULL) < 0)
		v = (struct json_value){0};
	if (last->status < 200 || last->status >= 300)
		return refusal(v, last->status, e);
	switch (d->step) {
	case WHO:
		buf_add_slice(&d->memo, field_text(v, "id"));
		return ask(d, CONTEXT, "/api/v1/statuses/", "/context");
	case CONTEXT: return find_reply(d, v, e);
	case STATUS: return decide(d, v, e);
	default:
		if (!field_text(v, "id").n)
			return error_set(e, DEED_LATER, "ce n'est pas l'API de Mastodon");
		return d->action->action == ACTION_REPLY ? DEED_DONE
							 : error_set(e, DEED_DONE, REPORTED);
	}
}
