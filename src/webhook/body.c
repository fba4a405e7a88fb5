/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "body.h"
#include <tocsin/base/alloc.h>
#include <tocsin/base/utf8.h>
#include <tocsin/words/words.h>

/* --- cutting */

struct cutter {
	struct body *b;
	struct slice text;
	size_t at;
	uint32_t line;
	bool single; /* one object, not in a list */
	const char *why;
};

void body_init(struct body *b, size_t item_max)
{
	*b = (struct body){.json = json_reader_new(item_max), .item_max = item_max};
}

void body_release(struct body *b)
{
	b->json = json_reader_free(b->json);
	buf_release(&b->extra);
	buf_release(&b->raw);
	buf_release(&b->id);
	free(b->pieces);
	*b = (struct body){0};
}

static int add(struct cutter *c, size_t begin, size_t end, uint32_t line)
{
	struct body *b = c->b;
	if (b->n == BODY_ITEMS_MAX) {
		c->why = WORDS_MARK("trop d'éléments en une requête");
		return BODY_TOO_MANY;
	}
	if (b->n == b->cap) {
		b->cap = b->cap ? 2 * b->cap : 64;
		b->pieces = xreallocarray(b->pieces, b->cap, sizeof(*b->pieces));
	}
	b->pieces[b->n++] = (struct body_piece){{c->text.p + begin, end - begin}, line};
	return 0;
}

static bool is_blank(char ch)
{
	return ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r';
}

static void skip_blanks(struct cutter *c)
{
	for (; c->at < c->text.n && is_blank(c->text.p[c->at]); c->at++)
		c->line += c->text.p[c->at] == '\n';
}

static void skip_string(struct cutter *c)
{
	for (c->at++; c->at < c->text.n && c->text.p[c->at] != '"'; c->at++) {
		c->line += c->text.p[c->at] == '\n'; /* refused later: not our business here */
		if (c->text.p[c->at] == '\\' && c->at + 1 < c->text.n)
			c->at++;
	}
	if (c->at < c->text.n)
		c->at++;
}

/* To the comma or bracket behind the element. Only brackets and strings count: whether what lies between them is JSON
 * is the strict reader's question. */
static void skip_element(struct cutter *c)
{
	size_t depth = 0;
	while (c->at < c->text.n) {
		char ch = c->text.p[c->at];
		if (ch == '"') {
			skip_string(c);
			continue;
		}
		if (depth == 0 && (ch == ',' || ch == ']'))
			return;
		if (ch == '[' || ch == '{')
			depth++;
		else if ((ch == ']' || ch == '}') && depth > 0)
			depth--;
		c->line += ch == '\n';
		c->at++;
	}
}

static int cut_array(struct cutter *c)
{
	c->at++;
	skip_blanks(c);
	if (c->at < c->text.n && c->text.p[c->at] == ']') {
		c->at++;
		return 0;
	}
	for (;;) {
		skip_blanks(c);
		size_t begin = c->at;
		uint32_t line = c->line;
		skip_element(c);
		size_t end = c->at;
		while (end > begin && is_blank(c->text.p[end - 1]))
			end--;
		if (c->at == c->text.n) {
			c->why = WORDS_MARK("la liste n'est pas fermée");
			return BODY_MALFORMED;
		}
		if (end == begin) {
			c->why = WORDS_MARK("élément vide dans la liste");
			return BODY_MALFORMED;
		}
		int r = add(c, begin, end, line);
		if (r)
			return r;
		if (c->text.p[c->at++] == ']')
			return 0;
	}
}

static int cut_json(struct cutter *c)
{
	int r;
	skip_blanks(c);
	if (c->at == c->text.n) {
		c->why = WORDS_MARK("corps vide");
		return BODY_MALFORMED;
	}
	if (c->text.p[c->at] == '[') {
		r = cut_array(c);
		skip_blanks(c);
		if (r == 0 && c->at < c->text.n) {
			c->why = WORDS_MARK("du texte suit la liste");
			r = BODY_MALFORMED;
		}
		return r;
	}
	size_t begin = c->at, end = c->text.n;
	while (is_blank(c->text.p[end - 1]))
		end--;
	c->single = true;
	return add(c, begin, end, c->line);
}

static int cut_lines(struct cutter *c)
{
	bool any = false;
	while (c->at < c->text.n) {
		const char *p = c->text.p + c->at;
		const char *newline = memchr(p, '\n', c->text.n - c->at);
		size_t n = newline ? (size_t)(newline - p) : c->text.n - c->at;
		size_t begin = c->at, end = c->at + n;
		while (end > begin && is_blank(c->text.p[end - 1]))
			end--;
		if (end > begin) {
			int r = add(c, begin, end, c->line);
			if (r)
				return r;
			any = true;
		}
		c->at += n + 1;
		c->line++;
	}
	if (!any)
		c->why = WORDS_MARK("corps vide");
	return any ? 0 : BODY_MALFORMED;
}

/* A body of one object that is none is wrong as a whole: nobody else's comment hangs on it. */
static int check_single(struct cutter *c, struct error *e)
{
	struct body *b = c->b;
	struct json_value v;
	struct error inner;
	const struct body_piece *only = &b->pieces[0];
	if (only->text.n > b->item_max)
		return 0; /* goes into quarantine as too long */
	if (json_parse(b->json, only->text, &v, &inner) < 0) {
		error_set(e, 0, "%s", inner.text);
		return BODY_MALFORMED;
	}
	if (v.type == JSON_OBJECT)
		return 0;
	error_set(e, 0, "%s", WORDS_MARK("un objet ou une liste d'objets est attendu"));
	return BODY_MALFORMED;
}

int body_cut(struct body *b, enum body_form form, struct slice text, struct error *e,
	uint32_t *ret_line, uint64_t *ret_byte)
{
	struct cutter c = {.b = b, .text = text, .line = 1};
	b->n = 0;
	if (text.n >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0)
		c.at = 3; /* a byte order mark says nothing in UTF-8 */
	int r = form == BODY_LINES ? cut_lines(&c) : cut_json(&c);
	if (r == 0) {
		if (!c.single)
			return 0;
		r = check_single(&c, e);
		*ret_line = r ? b->pieces[0].line : 0;
		*ret_byte = 0;
		return r;
	}
	error_set(e, 0, "%s", c.why);
	*ret_line = c.line;
	*ret_byte = c.at + 1;
	return r;
}

/* --- reading */

/* Valid text without NUL, at most COMMENT_RAW_MAX bytes. */
static struct slice readable(struct body *b, struct slice piece)
{
	if (piece.n > COMMENT_RAW_MAX)
		piece.n = COMMENT_RAW_MAX;
	buf_clear(&b->raw);
	while (piece.n) {
		const char *nul = memchr(piece.p, 0, piece.n);
		struct slice part = {piece.p, nul ? (size_t)(nul - piece.p) : piece.n};
		utf8_repair(&b->raw, part);
		if (!nul)
			break;
		buf_add_string(&b->raw, "\xef\xbf\xbd");
		piece = (struct slice){nul + 1, piece.n - part.n - 1};
	}
	return utf8_cut(buf_slice(&b->raw), COMMENT_RAW_MAX);
}

static enum comment_refusal read_piece(
	struct body *b, struct slice piece, struct slice source, struct comment *c, struct error *e)
{
	struct json_value v;
	if (piece.n > b->item_max) {
		error_set(e, 0, "plus de %zu octets", b->item_max);
		return COMMENT_TOO_LONG;
	}
	if (!utf8_valid(piece)) {
		error_set(e, 0, "UTF-8 invalide à l'octet %zu", utf8_valid_prefix(piece) + 1);
		return COMMENT_BAD_UTF8;
	}
	if (json_parse(b->json, piece, &v, e) < 0)
		return COMMENT_MALFORMED;
	return comment_from_json(v, source, true, c, &b->extra, e);
}

static void note(struct body *b, uint32_t i, enum comment_refusal why, const struct error *e)
{
	if (b->quarantined >= BODY_PROBLEMS_MAX)
		return;
	struct body_problem *p = &b->problems[b->quarantined];
	*p = (struct body_problem){.item = i + 1, .line = b->pieces[i].line, .why = why};
	struct slice text = utf8_cut(slice_of(e->text), sizeof(p->text) - 1);
	memcpy(p->text, text.p, text.n);
}

void body_read(
	struct body *b, struct slice source, struct slice request, body_take_fn *take, void *user)
{
	b->accepted = b->quarantined = 0;
	for (uint32_t i = 0; i < b->n; i++) {
		struct comment c = {0};
		struct error e = {""};
		struct slice piece = b->pieces[i].text;
		enum comment_refusal why = read_piece(b, piece, source, &c, &e);
		if (why == COMMENT_OK) {
			b->accepted++;
			take(user, &c);
			continue;
		}
		note(b, i, why, &e);
		b->quarantined++;
		buf_clear(&b->id);
		buf_add_slice(&b->id, request);
		buf_printf(&b->id, ":%u", i + 1);
		c = (struct comment){.type = COMMENT_QUARANTINE,
			.source = source,
			.id = buf_slice(&b->id),
			.text = readable(b, piece),
			.extra = slice_of(comment_refusal_key(why))};
		take(user, &c);
	}
}
