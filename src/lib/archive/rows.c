/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rows.h"

#include <tocsin/base/clock.h>
#include <tocsin/json/json.h>

#define MARK "\xef\xbb\xbf" /* UTF-8 is meant */

static void put_cells(struct buf *out, const char *const *names)
{
	for (size_t i = 0; names[i]; i++)
		csv_cell(out, slice_of(names[i]), i == 0);
	csv_end(out);
}

static void put_number(struct buf *out, int64_t n, bool first)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)n);
	csv_cell(out, slice_of(text), first);
}

static void put_time(struct buf *out, int64_t ms)
{
	char text[CLOCK_TEXT];

	csv_cell(out, ms > 0 ? slice_of(clock_format(ms, text)) : SLICE(""), false);
}

static const char *level(const struct verdict *v)
{
	static const char *const names[] = {"aucun", "file", "alerte"};

	return v->unscored ? "non analysé" : names[v->level];
}

static const char *state(const struct kept_text *t)
{
	return t->superseded ? "ancienne version" : t->held ? "en dossier" : "";
}

void row_csv_head(struct buf *out)
{
	static const char *const names[] = {"numéro", "source", "identifiant", "reçu le", "dit le",
		"compte", "nom affiché", "texte", "adresse", "niveau", "priorité", "catégories",
		"décision", "qualifié", "état", NULL};

	buf_add_string(out, MARK);
	put_cells(out, names);
}

void row_csv(struct buf *out, const struct kept_text *t)
{
	const struct comment *c = &t->stored->comment;
	const struct verdict *v = &t->stored->verdict;
	_buf_ struct buf categories = {0};

	for (uint32_t i = 0; i < v->n_categories; i++) {
		buf_add_string(&categories, i ? " " : "");
		buf_add_slice(&categories, v->categories[i]);
	}
	put_number(out, t->stored->seq, true);
	csv_cell(out, c->source, false);
	csv_cell(out, c->id, false);
	put_time(out, t->stored->accepted_at);
	put_time(out, c->created_at);
	csv_cell(out, c->author, false);
	csv_cell(out, c->author_name, false);
	csv_cell(out, c->text, false);
	csv_cell(out, c->url, false);
	csv_cell(out, slice_of(level(v)), false);
	put_number(out, v->priority, false);
	csv_cell(out, buf_slice(&categories), false);
	csv_cell(out, t->decision, false);
	csv_cell(out, t->category, false);
	csv_cell(out, slice_of(state(t)), false);
	csv_end(out);
}

static void put_comment(struct json_writer *w, const struct comment *c)
{
	_buf_ struct buf text = {0};

	comment_to_json(&text, c);
	json_w_key(w, "comment");
	json_w_raw(w, buf_slice(&text));
}

static void put_bool(struct json_writer *w, const char *key, bool value)
{
	json_w_key(w, key);
	json_w_bool(w, value);
}

void row_json(struct buf *out, const struct kept_text *t)
{
	const struct verdict *v = &t->stored->verdict;
	struct json_writer w = {.out = out};

	json_w_begin(&w, '{');
	json_w_number(&w, "seq", t->stored->seq);
	json_w_time(&w, "accepted", t->stored->accepted_at);
	put_comment(&w, &t->stored->comment);
	put_bool(&w, "flagged", v->level >= VERDICT_QUEUE);
	json_w_number(&w, "priority", v->priority);
	json_w_strings(&w, "categories", v->categories, v->n_categories);
	json_w_strings(&w, "topics", v->topics, v->n_topics);
	json_w_text(&w, "decision", t->decision);
	json_w_text(&w, "qualified", t->category);
	put_bool(&w, "held", t->held);
	put_bool(&w, "superseded", t->superseded);
	json_w_end(&w, '}');
	buf_add_char(out, '\n');
}

void row_audit_head(struct buf *out)
{
	static const char *const names[] = {"numéro", "le", "qui", "quoi", "objet", "motif", NULL};

	buf_add_string(out, MARK);
	put_cells(out, names);
}

void row_audit(struct buf *out, const struct audit_entry *a)
{
	put_number(out, a->id, true);
	put_time(out, a->at);
	csv_cell(out, a->who, false);
	csv_cell(out, a->verb, false);
	csv_cell(out, a->what, false);
	csv_cell(out, a->why, false);
	csv_end(out);
}

static void put_hex(struct json_writer *w, const char *key, struct slice bytes)
{
	_buf_ struct buf hex = {0};

	digest_hex((const unsigned char *)bytes.p, bytes.n, buf_reserve(&hex, 2 * bytes.n + 1));
	hex.n = 2 * bytes.n;
	json_w_text(w, key, buf_slice(&hex));
}

static void begin_head(struct json_writer *w, struct slice town, int64_t now)
{
	json_w_begin(w, '{');
	json_w_text(w, "tocsin", SLICE("preuves"));
	json_w_number(w, "format", 1);
	json_w_text(w, "town", town);
	json_w_time(w, "made", now);
}

void row_evidence_head(struct buf *out, struct slice town, int64_t now)
{
	struct json_writer w = {.out = out};

	begin_head(&w, town, now);
	json_w_end(&w, '}');
	buf_add_char(out, '\n');
}

void row_part_head(struct buf *out, struct slice town, int64_t now, int64_t dossier,
	const unsigned char before[static DIGEST_SIZE])
{
	struct json_writer w = {.out = out};

	begin_head(&w, town, now);
	json_w_number(&w, "dossier", dossier);
	put_hex(&w, "before", (struct slice){(const char *)before, DIGEST_SIZE});
	json_w_end(&w, '}');
	buf_add_char(out, '\n');
}

static void begin_link(struct json_writer *w, const struct evidence_item *l)
{
	json_w_begin(w, '{');
	json_w_number(w, "seq", l->seq);
	json_w_number(w, "accepted", l->accepted);
	put_hex(w, "mark", l->mark);
	put_hex(w, "link", l->hash);
}

void row_withheld(struct buf *out, const struct evidence_item *l)
{
	struct json_writer w = {.out = out};

	begin_link(&w, l);
	put_bool(&w, "withheld", true);
	json_w_end(&w, '}');
	buf_add_char(out, '\n');
}

void row_evidence(struct buf *out, const struct evidence_item *l)
{
	struct json_writer w = {.out = out};

	begin_link(&w, l);
	if (l->wiped) {
		put_bool(&w, "wiped", true);
	} else {
		put_hex(&w, "salt", l->salt);
		put_hex(&w, "handle", l->handle);
		put_hex(&w, "body", l->body);
		put_comment(&w, &l->stored->comment);
	}
	json_w_end(&w, '}');
	buf_add_char(out, '\n');
}

void row_evidence_end(struct buf *out, uint64_t links, struct slice last)
{
	struct json_writer w = {.out = out};

	json_w_begin(&w, '{');
	json_w_number(&w, "links", (int64_t)links);
	put_hex(&w, "last", last);
	json_w_end(&w, '}');
	buf_add_char(out, '\n');
}
