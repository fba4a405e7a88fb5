/* SPDX-License-Identifier: GPL-3.0-or-later
 * kind bluesky, acting. Every action begins with the post as it is shown now.
 *
 * masquer     a reply in a thread of ours: its address in the thread's gate (app.bsky.feed.threadgate, hiddenReplies), all that
 *             stands in the gate kept; laisser takes it out again. Under somebody else's post the town can hide nothing.
 * spam, supprimer   reported to the moderation service of the town's server (com.atproto.moderation.createReport), then hidden
 *             where that can be done: one that is hidden already was reported. A death between both reports twice.
 * repondre    a post of ours; one that has arrived is found by its words among our latest under the same post. */
#include <errno.h>

#include <tocsin/base/clock.h>

#include "bluesky.h"
#include "../deed.h"
#include "../fields.h"

#define GATES "app.bsky.feed.threadgate"
#define HIDDEN_MAX 300u /* as the lexicon has it */
#define MINE 100 /* of our latest posts */

enum { LOOKS, GATE, REPORTS, GATE_AGAIN, LISTS, WRITES }; /* what the last request was */

static bool reports(const struct deed *d)
{
	return d->action->action == ACTION_SPAM || d->action->action == ACTION_TRASH;
}

static void method(struct deed *d, const char *name)
{
	bluesky_method(d->source, name, &d->url);
}

/* The ends of what buf holds: "URI CID ROOT ROOT_CID", kept from the look on. */
static struct slice kept(const struct deed *d, int which)
{
	struct slice rest = buf_slice(&d->memo);

	for (;; which--) {
		const char *p = rest.n ? memchr(rest.p, '\n', rest.n) : NULL;
		size_t n = p ? (size_t)(p - rest.p) : rest.n;

		if (!which)
			return (struct slice){rest.p, n};
		rest = (struct slice){rest.p + n + (p != NULL), rest.n - n - (p != NULL)};
	}
}
enum { URI, CID, ROOT, ROOT_CID };

static void keep(struct deed *d, const struct post *p)
{
	const struct slice words[] = {
		p->uri, p->cid, p->root.n ? p->root : p->uri, p->root.n ? p->root_cid : p->cid};

	buf_clear(&d->memo);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		buf_add_slice(&d->memo, words[i]);
		buf_add_char(&d->memo, '\n');
	}
}

static int ask_post(struct deed *d, struct error *e)
{
	struct at_uri u;

	if (!at_uri_parse(d->action->item, &u))
		return error_set(e, DEED_DEAD, "adresse de publication illisible");
	method(d, "app.bsky.feed.getPosts");
	bluesky_argument(&d->url, "uris", d->action->item);
	d->step = LOOKS;
	return DEED_ASK;
}

/* The record of ours that says who may answer in a thread of ours. */
static bool gate_of(const struct deed *d, struct at_uri *ret)
{
	return at_uri_parse(kept(d, ROOT), ret) && slice_equal(ret->who, d->who) &&
		!slice_equal(kept(d, ROOT), kept(d, URI));
}

static int ask_gate(struct deed *d, unsigned step)
{
	struct at_uri u;

	if (!gate_of(d, &u))
		return DEED_DEAD;
	method(d, "com.atproto.repo.getRecord");
	bluesky_argument(&d->url, "repo", d->who);
	bluesky_argument(&d->url, "collection", SLICE(GATES));
	bluesky_argument(&d->url, "rkey", u.key);
	d->step = step;
	return DEED_ASK;
}

static int ask_mine(struct deed *d)
{
	method(d, "com.atproto.repo.listRecords");
	bluesky_argument(&d->url, "repo", d->who);
	bluesky_argument(&d->url, "collection", SLICE(BLUESKY_POSTS));
	buf_printf(&d->url, "limit=%d", MINE);
	d->step = LISTS;
	return DEED_ASK;
}

static void put_ref(struct json_writer *w, const char *key, struct slice uri, struct slice cid)
{
	json_w_key(w, key);
	json_w_begin(w, '{');
	json_w_text(w, "uri", uri);
	json_w_text(w, "cid", cid);
	json_w_end(w, '}');
}

static int report(struct deed *d, struct error *e)
{
	bool spam = d->action->action == ACTION_SPAM;
	struct json_writer w = {.out = &d->body};

	method(d, "com.atproto.moderation.createReport");
	d->url.n--;
	json_w_begin(&w, '{');
	json_w_text(&w, "reasonType",
		spam ? SLICE("com.atproto.moderation.defs#reasonSpam")
		     : SLICE("com.atproto.moderation.defs#reasonRude"));
	json_w_key(&w, "subject");
	json_w_begin(&w, '{');
	json_w_text(&w, "$type", SLICE("com.atproto.repo.strongRef"));
	json_w_text(&w, "uri", kept(d, URI));
	json_w_text(&w, "cid", kept(d, CID));
	json_w_end(&w, '}');
	json_w_end(&w, '}');
	d->step = REPORTS;
	return error_set(e, DEED_WRITE, "aurait été signalé à Bluesky");
}

/* Whether the gate hides it; how many it hides. */
static bool hides(const struct deed *d, struct json_value gate, size_t *ret_n)
{
	struct json_value list, one;
	struct slice key;
	bool found = false;

	*ret_n = 0;
	if (field_inner(gate, "hiddenReplies", JSON_ARRAY, &list))
		for (uint32_t it = 0; json_each(list, &it, &key, &one); ++*ret_n)
			found |= one.type == JSON_STRING &&
				slice_equal(json_string(one), kept(d, URI));
	return found;
}

/* The gate as it stands, but for the one reply. */
static void put_gate(struct deed *d, struct json_writer *w, struct json_value gate)
{
	_buf_ struct buf raw = {0};
	struct json_value v, one;
	struct slice key;

	json_w_key(w, "record");
	json_w_begin(w, '{');
	json_w_text(w, "$type", SLICE(GATES));
	json_w_text(w, "post", kept(d, ROOT));
	if (!field_text(gate, "createdAt").n)
		json_w_time(w, "createdAt", d->now);
	for (uint32_t it = 0; gate.type == JSON_OBJECT && json_each(gate, &it, &key, &v);) {
		if (slice_is(key, "$type") || slice_is(key, "post") ||
			slice_is(key, "hiddenReplies"))
			continue;
		buf_clear(&raw);
		json_print(&raw, v);
		json_w_name(w, key);
		json_w_raw(w, buf_slice(&raw));
	}
	json_w_key(w, "hiddenReplies");
	json_w_begin(w, '[');
	if (field_inner(gate, "hiddenReplies", JSON_ARRAY, &v))
		for (uint32_t it = 0; json_each(v, &it, &key, &one);)
			if (one.type == JSON_STRING && !slice_equal(json_string(one), kept(d, URI)))
				json_w_string(w, json_string(one));
	if (d->action->action != ACTION_SHOW)
		json_w_string(w, kept(d, URI));
	json_w_end(w, ']');
	json_w_end(w, '}');
}

/* swap: the gate's own name for the version that was read; refused when it is another one by now. */
static int write_gate(struct deed *d, struct json_value gate, struct slice swap)
{
	struct json_writer w = {.out = &d->body};
	struct at_uri u;

	if (!gate_of(d, &u))
		return DEED_DEAD;
	method(d, "com.atproto.repo.putRecord");
	d->url.n--;
	json_w_begin(&w, '{');
	json_w_text(&w, "repo", d->who);
	json_w_text(&w, "collection", SLICE(GATES));
	json_w_text(&w, "rkey", u.key);
	json_w_key(&w, "swapRecord");
	if (swap.n)
		json_w_string(&w, swap);
	else
		json_w_null(&w);
	put_gate(d, &w, gate);
	json_w_end(&w, '}');
	d->step = WRITES;
	return DEED_WRITE;
}

static int on_gate(struct deed *d, long status, struct json_value v, struct error *e)
{
	struct json_value gate = {0};
	size_t n;
	bool hidden;

	if (status < 300 && !field_inner(v, "value", JSON_OBJECT, &gate))
		return error_set(e, DEED_LATER, "ce n'est pas un serveur de Bluesky");
	hidden = hides(d, gate, &n);
	if (hidden == (d->action->action != ACTION_SHOW))
		return DEED_DONE;
	if (reports(d) && d->step == GATE)
		return report(d, e);
	if (!hidden && n >= HIDDEN_MAX)
		return error_set(e, DEED_DEAD,
			"Bluesky ne masque pas plus de %u réponses sous une publication",
			HIDDEN_MAX);
	return write_gate(d, gate, status < 300 ? field_text(v, "cid") : (struct slice){"", 0});
}

/* An address in what we write is one that can be followed. */
static void put_links(struct json_writer *w, struct slice text)
{
	bool any = false;

	for (size_t i = 0; i < text.n; i++) {
		struct slice rest = {text.p + i, text.n - i};
		size_t n = 0;

		if (!slice_begins(rest, "https://") && !slice_begins(rest, "http://"))
			continue;
		while (n < rest.n && (unsigned char)rest.p[n] > ' ' && !strchr("<>\"", rest.p[n]))
			n++;
		while (n && strchr(".,;:!?)", rest.p[n - 1]))
			n--;
		if (!any) {
			json_w_key(w, "facets");
			json_w_begin(w, '[');
		}
		any = true;
		json_w_begin(w, '{');
		json_w_key(w, "index");
		json_w_begin(w, '{');
		json_w_number(w, "byteStart", (int64_t)i);
		json_w_number(w, "byteEnd", (int64_t)(i + n));
		json_w_end(w, '}');
		json_w_key(w, "features");
		json_w_begin(w, '[');
		json_w_begin(w, '{');
		json_w_text(w, "$type", SLICE("app.bsky.richtext.facet#link"));
		json_w_text(w, "uri", (struct slice){rest.p, n});
		json_w_end(w, '}');
		json_w_end(w, ']');
		json_w_end(w, '}');
		i += n;
	}
	if (any)
		json_w_end(w, ']');
}

static int reply(struct deed *d)
{
	const struct slice langs[] = {SLICE("fr")};
	struct json_writer w = {.out = &d->body};

	method(d, "com.atproto.repo.createRecord");
	d->url.n--;
	json_w_begin(&w, '{');
	json_w_text(&w, "repo", d->who);
	json_w_text(&w, "collection", SLICE(BLUESKY_POSTS));
	json_w_key(&w, "record");
	json_w_begin(&w, '{');
	json_w_text(&w, "$type", SLICE(BLUESKY_POSTS));
	json_w_text(&w, "text", d->action->text);
	put_links(&w, d->action->text);
	json_w_strings(&w, "langs", langs, 1);
	json_w_key(&w, "reply");
	json_w_begin(&w, '{');
	put_ref(&w, "root", kept(d, ROOT), kept(d, ROOT_CID));
	put_ref(&w, "parent", kept(d, URI), kept(d, CID));
	json_w_end(&w, '}');
	json_w_time(&w, "createdAt", d->now);
	json_w_end(&w, '}');
	json_w_end(&w, '}');
	d->step = WRITES;
	return DEED_WRITE;
}

static int find_reply(struct deed *d, struct json_value v, struct error *e)
{
	struct json_value list, one, record, answered, parent;
	struct slice key;

	if (!field_inner(v, "records", JSON_ARRAY, &list))
		return error_set(e, DEED_LATER, "ce n'est pas un serveur de Bluesky");
	for (uint32_t it = 0; json_each(list, &it, &key, &one);)
		if (field_inner(one, "value", JSON_OBJECT, &record) &&
			field_inner(record, "reply", JSON_OBJECT, &answered) &&
			field_inner(answered, "parent", JSON_OBJECT, &parent) &&
			slice_equal(field_text(parent, "uri"), kept(d, URI)) &&
			slice_equal(field_text(record, "text"), d->action->text))
			return DEED_DONE;
	return reply(d);
}

static int decide(struct deed *d, struct error *e)
{
	struct at_uri u;

	if (d->action->action == ACTION_REPLY)
		return ask_mine(d);
	if (gate_of(d, &u))
		return ask_gate(d, GATE);
	if (d->action->action == ACTION_SHOW)
		return DEED_DONE; /* nothing was hidden */
	if (reports(d))
		return report(d, e);
	return error_set(e, DEED_REFUSED,
		"cette publication n'est pas une réponse sous une publication de la ville : Bluesky "
		"ne permet pas de la masquer");
}

static int on_post(struct deed *d, struct json_value v, struct error *e)
{
	struct json_value list, view = {0};
	struct post p = {0};
	struct slice key;
	uint32_t it = 0;
	bool good, same;

	if (!field_inner(v, "posts", JSON_ARRAY, &list))
		return error_set(e, DEED_LATER, "ce n'est pas un serveur de Bluesky");
	json_each(list, &it, &key, &view);
	good = bluesky_post(view, &p) && slice_equal(p.uri, d->action->item);
	same = good && slice_equal(p.comment.text, d->action->seen);
	if (good)
		keep(d, &p);
	bluesky_post_release(&p);
	if (!good)
		return error_set(e, DEED_REFUSED, "cette publication n'est plus là à la source");
	if (!same)
		return error_set(e, DEED_REFUSED,
			"cette publication a été modifiée à la source depuis la décision");
	return decide(d, e);
}

/* com.atproto.moderation.createReport answers with the report's number. */
static int on_report(struct deed *d, struct json_value v, struct error *e)
{
	struct at_uri u;

	if (!field_count(v, "id"))
		return error_set(e, DEED_LATER, "ce n'est pas un serveur de Bluesky");
	if (gate_of(d, &u))
		return ask_gate(d, GATE_AGAIN);
	return error_set(e, DEED_DONE,
		"signalé à Bluesky ; la ville ne peut pas masquer ce qui n'est pas sous ses publications");
}

/* A record that was written has its address: whatever else answers well has written none. */
static int on_written(struct deed *d, struct json_value v, struct error *e)
{
	if (!field_text(v, "uri").n)
		return error_set(e, DEED_LATER, "ce n'est pas un serveur de Bluesky");
	return reports(d) ? error_set(e, DEED_DONE,
				    "signalé à Bluesky, et masqué sous la publication de la ville")
			  : DEED_DONE;
}

/* What an answer that is no success comes to. */
static int refusal(struct deed *d, struct json_value v, long status, struct error *e)
{
	struct slice code = field_text(v, "error"), words = field_text(v, "message");

	if ((d->step == GATE || d->step == GATE_AGAIN) &&
		(slice_is(code, "RecordNotFound") ||
			slice_begins(words, "Could not locate record")))
		return on_gate(d, status, v, e);
	if (slice_is(code, "InvalidSwap"))
		return error_set(e, DEED_LATER, "la publication vient d'être réglée autrement");
	if (status == 408 || status == 425 || status == 429 || status >= 500 || !code.n)
		return error_set(e, DEED_LATER, "Bluesky répond HTTP %ld", status);
	if (status == 401)
		return error_set(e, DEED_DEAD, "Bluesky n'accepte plus ce compte (HTTP 401)");
	if (words.n && memmem(words.p, words.n, "grapheme", 8))
		return error_set(e, DEED_DEAD,
			"cette réponse est trop longue pour Bluesky : 300 signes au plus");
	return error_set(
		e, DEED_DEAD, "Bluesky refuse : %.*s (HTTP %ld)", (int)code.n, code.p, status);
}

int bluesky_deed(struct deed *d, const struct page *last, struct error *e)
{
	_buf_ struct buf text = {0};
	struct json_value v;
	int r;

	if (!last)
		return ask_post(d, e);
	bluesky_parse(d->json, last->body, &text, &v);
	if (last->status < 200 || last->status >= 300)
		return refusal(d, v, last->status, e);
	switch (d->step) {
	case LOOKS: r = on_post(d, v, e); break;
	case GATE:
	case GATE_AGAIN: r = on_gate(d, last->status, v, e); break;
	case REPORTS: r = on_report(d, v, e); break;
	case LISTS: r = find_reply(d, v, e); break;
	default: r = on_written(d, v, e);
	}
	return r;
}
