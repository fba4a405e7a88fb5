/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bulk.h"
#include <errno.h>
#include <tocsin/html/html.h>
#include <tocsin/phrase/phrase.h>
#include "assets.h"
#include "file.h"
#include "../access/limit.h"
#include "second.h"
#include "../shortcuts.h"

enum { LISTED_MAX = 50 * BULK_MAX, KEY_MAX = BULK_KEY, EXTRACT = 160, REASON_MAX = 1000 };

/* --- choosing */

bool bulk_read(struct visit *v, bool *ret_picking, bool *ret_all)
{
	_buf_ struct buf text = {0};
	const int r = visit_query(v, "choisir", 4, &text);
	*ret_all = slice_is(buf_slice(&text), "tout");
	*ret_picking = *ret_all || slice_is(buf_slice(&text), "1");
	return r == -ENOENT || (r == 0 && (*ret_picking || !text.n));
}

static void put_way(
	struct visit *v, const char *path, struct slice query, const char *how, const char *text)
{
	buf_printf(&v->out, "<a href=\"%s?", path);
	html_text(&v->out, query);
	buf_printf(&v->out, "choisir=%s\">", how);
	page_word(v, text);
	buf_add_string(&v->out, "</a>\n");
}

void bulk_put_way(struct visit *v, const char *path, struct slice query)
{
	put_way(v, path, query, "1", words(v->l, "Décider de plusieurs à la fois"));
}

void bulk_put_begin(struct visit *v, const char *path, struct slice query)
{
	_buf_ struct buf text = {0};
	buf_printf(&text,
		words(v->l,
			"Choisissez ceux pour lesquels la décision est la même, %u au plus ; rien n'est décidé avant l'aperçu."),
		BULK_MAX);
	page_element(v, "p", buf_string(&text));
	buf_add_string(&v->out, "<p class=\"choices\">");
	put_way(v, path, query, "tout", words(v->l, "Choisir tout ce qui est affiché"));
	put_way(v, path, query, "1", words(v->l, "Ne rien choisir"));
	buf_printf(&v->out, "<a href=\"%s?", path);
	html_text(&v->out, query);
	buf_add_string(&v->out, "\">");
	page_word(v, words(v->l, "Revenir à la liste"));
	buf_printf(&v->out,
		"</a></p>\n<script type=\"module\" src=\"/fixe/bulk.js?%s\"></script>\n",
		assets_version);
	page_form(v, "picking", "/moderation/lot");
	file_put_return(v);
}

void bulk_put_end(struct visit *v, struct slice listed)
{
	buf_add_string(&v->out, "<input type=\"hidden\" name=\"liste\" value=\"");
	html_text(&v->out, listed);
	buf_add_string(&v->out, "\">\n<p class=\"choices picked\"><button class=\"main\">");
	page_word(v, words(v->l, "Voir ce qui serait décidé"));
	buf_printf(&v->out,
		"</button> <output data-un=\"%s\" data-plusieurs=\"%s\"></output></p></form>\n",
		words(v->l, "1 choisi"), words(v->l, "{n} choisis"));
}

void bulk_list(struct buf *listed, const struct queue_item *q)
{
	buf_printf(listed, "%s%lld-%lld", listed->n ? "," : "", (long long)q->stored.seq,
		(long long)q->decision);
}

void bulk_put_box(struct visit *v, const struct card *c)
{
	const long long seq = c->stored->seq;
	buf_printf(&v->out,
		"<label class=\"pick\" id=\"p%lld\"><input type=\"checkbox\" name=\"c%lld\" aria-labelledby=\"p%lld t%lld\"%s",
		seq, seq, seq, seq, c->picked ? " checked" : "");
	shortcuts_put_key(v, SHORTCUT_RELEASE);
	buf_add_string(&v->out, "> ");
	page_word(v, words(v->l, "Choisir"));
	buf_add_string(&v->out, "</label>\n");
}

/* --- what was chosen */

struct chosen {
	struct bulk_item items[BULK_MAX];
	uint32_t n;
};

static bool read_pair(struct slice *left, struct bulk_item *ret)
{
	const char *comma = memchr(left->p, ',', left->n);
	struct slice pair = {left->p, comma ? (size_t)(comma - left->p) : left->n};
	const char *dash = memchr(pair.p, '-', pair.n);
	const size_t n = pair.n + (comma != NULL);
	int64_t known;
	if (!dash || (comma && n == left->n) ||
		!slice_number((struct slice){pair.p, (size_t)(dash - pair.p)}, &ret->seq) ||
		!slice_number(
			(struct slice){dash + 1, (size_t)(pair.p + pair.n - dash - 1)}, &known))
		return false;
	ret->known = known + 1;
	*left = (struct slice){left->p + n, left->n - n};
	return ret->seq > 0;
}

static bool is_checked(struct visit *v, int64_t seq)
{
	_buf_ struct buf value = {0};
	char name[24];
	snprintf(name, sizeof(name), "c%lld", (long long)seq);
	return http_form(v->r, name, 10, &value) == 0;
}

/* Those of the field `liste`; checked: only the ones whose box is. False: it is no such field. */
static bool read_chosen(struct visit *v, bool checked, struct chosen *ret)
{
	_buf_ struct buf text = {0};
	struct bulk_item one;
	*ret = (struct chosen){.n = 0};
	if (!visit_field(v, "liste", LISTED_MAX, &text))
		return false;
	for (struct slice left = buf_slice(&text); left.n;) {
		if (!read_pair(&left, &one) || ret->n == BULK_MAX)
			return false;
		const int64_t seq = one.seq;
		if (!limit_sees(v, seq))
			one.seq = INT64_MAX; /* nobody's, as any that is not there */
		if (!checked || is_checked(v, seq))
			ret->items[ret->n++] = one;
	}
	return true;
}

/* --- the preview */

struct preview {
	struct visit *v;
	const struct bulk_item *item;
	struct buf able, barred, listed; /* rows of two tables, the field of what can be decided */
	uint32_t n, n_barred, n_two; /* n_two: of n, those that may not be hidden so */
};

static const char *why_barred(struct preview *p, const struct queue_item *q)
{
	const struct visit *v = p->v;
	if (q->decision + 1 != p->item->known)
		return words(v->l, "une décision a été prise entre-temps");
	if (q->claimed_by.n && !slice_is(q->claimed_by, v->session->name))
		return words(v->l, "quelqu'un d'autre s'en occupe");
	if (q->key.rank == 2 || q->stored.verdict.priority == 1)
		return words(v->l, "urgence : elle se décide seule");
	return q->proposed.id ? words(v->l, "second regard : une proposition attend") : NULL;
}

static void put_row(struct preview *p, const struct queue_item *q, const char *why)
{
	struct buf page = p->v->out; /* rows of two tables come in turn */
	const struct stored_comment *s = &q->stored;
	struct slice text = s->comment.text;
	_buf_ struct buf said = {0};
	bool cut = text.n > EXTRACT;
	if (cut)
		for (text.n = EXTRACT; text.n && ((unsigned char)text.p[text.n] & 0xc0) == 0x80;)
			text.n--;
	p->v->out = why ? p->barred : p->able;
	phrase_verdict(p->v->l, &s->verdict, &said);
	buf_printf(&p->v->out,
		"<tr><th scope=\"row\"><a href=\"/moderation/%lld\">n° %lld</a></th><td>",
		(long long)s->seq, (long long)s->seq);
	html_text(&p->v->out, buf_slice(&said));
	buf_add_string(&p->v->out, "</td><td>");
	html_shown(&p->v->out, text);
	buf_add_string(&p->v->out, cut ? " […]</td><td>" : "</td><td>");
	if (why)
		page_word(p->v, why);
	else if (second_wanted(p->v, q))
		page_word(p->v, words(p->v->l, "pas pour masquer : second regard"));
	buf_add_string(&p->v->out, "</td></tr>\n");
	*(why ? &p->barred : &p->able) = p->v->out;
	p->v->out = page;
}

static int take(void *user, const struct queue_item *q)
{
	struct preview *p = user;
	const char *why = why_barred(p, q);
	put_row(p, q, why);
	if (why) {
		p->n_barred++;
		return 0;
	}
	p->n++;
	p->n_two += second_wanted(p->v, q);
	bulk_list(&p->listed, q);
	return 0;
}

/* What is there no more is only counted. */
static int look(struct preview *p, const struct chosen *c, struct error *e)
{
	int r = visit_reader(p->v);
	for (uint32_t i = 0; r >= 0 && i < c->n; i++) {
		p->item = &c->items[i];
		r = reader_queue_item(p->v->c->reader, p->item->seq, take, p, e);
		if (r != READER_END)
			continue;
		buf_printf(&p->barred,
			"<tr><th scope=\"row\">n° %lld</th><td></td><td></td><td>%s</td></tr>\n",
			(long long)p->item->seq, words(p->v->l, "n'attend plus"));
		p->n_barred++;
	}
	return r < 0 ? r : 0;
}

static void put_table(struct visit *v, const char *caption, struct slice rows)
{
	static const char *const heads[] = {WORDS_MARK("commentaire"), WORDS_MARK("supposition"),
		WORDS_MARK("texte"), WORDS_MARK("remarque")};
	buf_add_string(&v->out, "<div class=\"wide\"><table class=\"data\"><caption>");
	page_word(v, caption);
	buf_add_string(&v->out, "</caption><thead><tr>");
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		buf_add_string(&v->out, "<th scope=\"col\">");
		page_word(v, words(v->l, heads[i]));
		buf_add_string(&v->out, "</th>");
	}
	buf_add_string(&v->out, "</tr></thead><tbody>\n");
	buf_add_slice(&v->out, rows);
	buf_add_string(&v->out, "</tbody></table></div>\n");
}

static void put_hidden(struct visit *v, const char *name, struct slice value)
{
	buf_printf(&v->out, "<input type=\"hidden\" name=\"%s\" value=\"", name);
	html_text(&v->out, value);
	buf_add_string(&v->out, "\">\n");
}

/* What was sent with the list, for the page that leads back to it. */
static void put_return(struct visit *v)
{
	_buf_ struct buf to = {0};
	if (visit_field(v, "retour", 1000, &to))
		put_hidden(v, "retour", buf_slice(&to));
}

static void put_decision(struct visit *v, const char *decision, const char *text, uint32_t n)
{
	buf_printf(&v->out, "<button name=\"decision\" value=\"%s\">", decision);
	page_word(v, text);
	buf_printf(&v->out, " (%u)</button>\n", n);
}

static void put_deciding(struct preview *p, struct slice key, struct slice reason)
{
	struct visit *v = p->v;
	const uint32_t hide = p->n - p->n_two;
	page_form(v, "deciding", "/moderation/lot/decider");
	buf_add_string(&v->out, "<button disabled hidden></button>");
	put_hidden(v, "cle", key);
	put_hidden(v, "liste", buf_slice(&p->listed));
	put_return(v);
	buf_add_string(&v->out, "<label>");
	page_word(v, words(v->l, "Motif, le même pour tous (pour masquer)"));
	buf_add_string(
		&v->out, "<input name=\"motif\" maxlength=\"1000\" autocomplete=\"off\" value=\"");
	html_text(&v->out, reason);
	buf_add_string(&v->out, "\"></label>\n<div class=\"choices\">");
	put_decision(v, "laisser", words(v->l, "Laisser en ligne"), p->n);
	if (hide)
		put_decision(v, "masquer", words(v->l, "Masquer"), hide);
	buf_add_string(&v->out, "</div></form>\n");
}

static void preview_page(struct visit *v, unsigned status, const struct chosen *c,
	const char *wrong, struct slice key)
{
	struct preview p = {.v = v};
	_buf_ struct buf reason = {0};
	struct error e = {""};
	(void)!visit_field(v, "motif", REASON_MAX, &reason);
	if (wrong)
		visit_tell(v, true, wrong);
	int r = look(&p, c, &e);
	page_open(v, words(v->l, "Décision groupée"));
	page_element(v, "h1", words(v->l, "Décision groupée"));
	if (p.n)
		put_table(v, words(v->l, "Ce qui serait décidé"), buf_slice(&p.able));
	if (p.n)
		put_deciding(&p, key, buf_slice(&reason));
	else
		page_element(v, "p",
			c->n ? words(v->l, "Rien de cela ne peut être décidé ensemble.")
			     : words(v->l, "Rien n'est choisi."));
	if (p.n_barred)
		put_table(v, words(v->l, "Ce qui resterait en attente, et pourquoi"),
			buf_slice(&p.barred));
	buf_add_string(&v->out, "<p><a href=\"/moderation?choisir=1\">");
	page_word(v, words(v->l, "Choisir de nouveau"));
	buf_add_string(&v->out, "</a></p>\n");
	page_close(v);
	buf_release(&p.able);
	buf_release(&p.barred);
	buf_release(&p.listed);
	if (r < 0)
		visit_problem(v, 503);
	else
		visit_page(v, status);
}

void bulk_post(struct visit *v)
{
	char key[SESSION_TOKEN];
	struct chosen c;
	session_token(key);
	if (read_chosen(v, true, &c))
		preview_page(v, 200, &c, NULL, slice_of(key));
	else
		visit_problem(v, 400);
}

/* --- the decision */

static void tell_left(struct visit *v, const struct bulk_reply *b, struct buf *text)
{
	const uint32_t left =
		b->of[BULK_CHANGED] + b->of[BULK_TAKEN] + b->of[BULK_TWO] + b->of[BULK_URGENT];
	if (!left)
		return;
	buf_add_char(text, ' ');
	buf_printf(text,
		words_n(v->l,
			"%u attend toujours : décidé ou pris entre-temps, urgent, ou à décider à deux.",
			"%u attendent toujours : décidés ou pris entre-temps, urgents, ou à décider à deux.",
			left),
		left);
}

static void decided(struct visit *v, int r, struct slice reply, const struct error *e)
{
	struct bulk_reply b;
	_buf_ struct buf text = {0};
	if (r == 0)
		r = bulk_reply_decode(reply, &b);
	if (r) {
		visit_tell_error(v, r, e);
		file_go_back(v, 0);
		return;
	}
	buf_printf(&text,
		words_n(v->l, "Décision enregistrée pour %u commentaire.",
			"Décision enregistrée pour %u commentaires.", b.of[BULK_DONE]),
		b.of[BULK_DONE]);
	tell_left(v, &b, &text);
	visit_tell(v, b.of[BULK_DONE] == 0, buf_string(&text));
	v->session->undo_bulk = b.of[BULK_DONE] ? b.id : 0;
	file_go_back(v, 0);
}

void bulk_decide_post(struct visit *v)
{
	_buf_ struct buf key = {0}, decision = {0}, reason = {0}, body = {0};
	struct chosen c;
	if (!read_chosen(v, false, &c) || !c.n || !visit_field(v, "cle", KEY_MAX, &key) ||
		!session_token_ok(buf_slice(&key)) || !visit_field(v, "decision", 10, &decision) ||
		!visit_field(v, "motif", REASON_MAX, &reason) ||
		!(slice_is(buf_slice(&decision), "laisser") ||
			slice_is(buf_slice(&decision), "masquer"))) {
		visit_problem(v, 400);
		return;
	}
	if (slice_is(buf_slice(&decision), "masquer") && !reason.n) {
		preview_page(v, 400, &c, words(v->l, "Un motif est nécessaire."), buf_slice(&key));
		return;
	}
	bulk_encode(&body,
		&(struct bulk_request){buf_slice(&key), slice_of(v->session->name),
			buf_slice(&decision), buf_slice(&reason), c.items, c.n});
	visit_ask_then(v, REQUEST_BULK, &body, decided);
}

static void undone(struct visit *v, int r, struct slice reply, const struct error *e)
{
	struct bulk_reply b;
	_buf_ struct buf text = {0};
	if (r == -ENOENT) {
		visit_problem(v, 404);
		return;
	}
	if (r == 0)
		r = bulk_reply_decode(reply, &b);
	if (r == -ETIME) {
		visit_tell(v, true, words(v->l, "Trop tard pour annuler : la décision reste."));
	} else if (r) {
		visit_tell_error(v, r, e);
	} else {
		buf_printf(&text,
			words_n(v->l, "Annulé : %u commentaire attend de nouveau.",
				"Annulé : %u commentaires attendent de nouveau.", b.of[BULK_DONE]),
			b.of[BULK_DONE]);
		if (b.of[BULK_CHANGED])
			buf_printf(&text, words(v->l, " Pour %u autres, c'était trop tard."),
				b.of[BULK_CHANGED]);
		visit_tell(v, false, buf_string(&text));
	}
	file_go_back(v, 0);
}

void bulk_undo_post(struct visit *v)
{
	_buf_ struct buf body = {0};
	const int64_t id = visit_number(v);
	if (!id) {
		visit_problem(v, 404);
		return;
	}
	bulk_undo_encode(&body, &(struct bulk_undo){id, slice_of(v->session->name)});
	visit_ask_then(v, REQUEST_BULK_UNDO, &body, undone);
}
