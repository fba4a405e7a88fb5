/* SPDX-License-Identifier: GPL-3.0-or-later
 * One comment with its details and what was decided on it; and who takes it on. Whether he may is store's to say: two who
 * act at once are told of each other. */
#include "item.h"
#include <errno.h>
#include <tocsin/base/clock.h>
#include <tocsin/html/html.h>
#include <tocsin/phrase/phrase.h>
#include "around.h"
#include "card.h"
#include "../dossier/dossier.h"
#include "file.h"
#include "filter.h"
#include "reply.h"
#include "rung.h"
#include "second.h"
#include "../topic.h"

/* --- the page */

static void put_row_time(struct visit *v, const char *name, int64_t at)
{
	if (at <= 0)
		return;
	buf_add_string(&v->out, "<tr><th scope=\"row\">");
	page_word(v, name);
	buf_add_string(&v->out, "</th><td>");
	page_time(v, at);
	buf_add_string(&v->out, "</td></tr>\n");
}

static void put_row_number(struct visit *v, const char *name, uint64_t n)
{
	char text[40];
	if (n)
		page_row(v, name, slice_of(words_number(v->l, (int64_t)n, text)));
}

/* Only the web: an address may be anything, such as a script. */
static void put_address(struct visit *v, struct slice url)
{
	if (!slice_begins(url, "https://") && !slice_begins(url, "http://")) {
		page_row(v, words(v->l, "Adresse"), url);
		return;
	}
	buf_add_string(&v->out, "<tr><th scope=\"row\">");
	page_word(v, words(v->l, "Adresse"));
	buf_add_string(&v->out, "</th><td><a rel=\"noreferrer noopener nofollow\" href=\"");
	html_text(&v->out, url);
	buf_add_string(&v->out, "\">");
	html_shown(&v->out, url);
	buf_add_string(&v->out, "</a></td></tr>\n");
}

static void put_details(struct visit *v, const struct stored_comment *s, int64_t flagged_at)
{
	const struct comment *c = &s->comment;
	buf_add_string(&v->out, "<section><h2>");
	page_word(v, words(v->l, "Détails"));
	buf_add_string(&v->out, "</h2><table class=\"facts\">\n");
	put_row_time(v, words(v->l, "Écrit"), c->created_at);
	put_row_time(v, words(v->l, "Modifié le"), c->edited_at);
	put_row_time(v, words(v->l, "Reçu"), s->accepted_at);
	put_row_time(v, words(v->l, "Signalé le"), flagged_at);
	put_address(v, c->url);
	page_row(v, words(v->l, "Identifiant"), c->id);
	page_row(v, words(v->l, "Fil"), c->thread);
	page_row(v, words(v->l, "En réponse à"), c->parent);
	page_row(v, words(v->l, "Canal"), c->channel);
	page_row(v, words(v->l, "Langue"), c->lang);
	put_row_number(v, words(v->l, "J'aime"), c->likes);
	put_row_number(v, words(v->l, "Partages"), c->shares);
	put_row_number(v, words(v->l, "Version"), s->version > 1 ? s->version : 0);
	for (uint32_t i = 0; i < s->verdict.n_topics; i++)
		page_row(v, words(v->l, "Sujet"), s->verdict.topics[i]);
	buf_add_string(&v->out, "</table></section>\n");
}

struct shown { /* the comment as it is read */
	struct visit *v;
	struct slice reason;
	int64_t row;
	bool question; /* it stands in À répondre alone */
	bool offers; /* it does not wait, and can be put in a dossier all the same */
	bool may_decide; /* it waits, and nobody else works on it */
};

/* tocsin left it alone: it can be put into the queue, and be an example for the rules. */
static void put_missed(struct visit *v, int64_t seq)
{
	buf_add_string(&v->out, "<details class=\"missed\"><summary>");
	page_word(v, words(v->l, "Signaler un oubli"));
	buf_add_string(&v->out, "</summary>\n");
	page_form(v, "writing", "/moderation/%lld/oubli", (long long)seq);
	buf_add_string(&v->out, "<label>");
	page_word(v, words(v->l, "Ce que tocsin aurait dû y voir"));
	buf_add_string(
		&v->out, "<select name=\"categorie\" required><option value=\"\"></option>\n");
	filter_put_categories(v, (struct slice){0});
	buf_add_string(&v->out, "</select></label>\n<label>");
	page_word(v, words(v->l, "Note pour qui écrit les règles"));
	buf_add_string(&v->out,
		"<input name=\"note\" required maxlength=\"1000\" autocomplete=\"off\"></label>\n<p class=\"choices\"><button>");
	page_word(v, words(v->l, "Mettre dans la file"));
	buf_add_string(&v->out, "</button></p></form></details>\n");
}

static void put_comment(struct shown *s, const struct stored_comment *c, const struct queue_item *q)
{
	const struct card card = {.stored = c, .waits = q, .alone = true, .reason = s->reason};
	s->row = c->row;
	card_put(s->v, &card);
	s->offers = !q && !c->gone;
	if (!q && !c->gone && c->verdict.level < VERDICT_QUEUE &&
		!(c->verdict.lanes & LANE_REPONSE))
		put_missed(s->v, c->seq);
	around_put(s->v, c);
	put_details(s->v, c, q ? q->flagged_at : 0);
}

static int take_waiting(void *user, const struct queue_item *q)
{
	struct shown *s = user;
	s->may_decide = !q->claimed_by.n || slice_is(q->claimed_by, s->v->session->name);
	s->question = q->lanes == LANE_REPONSE;
	put_comment(s, &q->stored, q);
	return 0;
}

static int take_comment(void *user, const struct stored_comment *c)
{
	put_comment(user, c, NULL);
	return 0;
}

/* " · Service habitat, à relancer le …" */
static void put_begun(struct visit *v, const struct follow_up *f)
{
	buf_add_string(&v->out, " · ");
	reply_put_service(v, f->service);
	page_word(v, words(v->l, ", à relancer "));
	page_time_as(v, f->until, TIME_AT);
}

/* What the public was told; its number makes the id that is copied. */
static void put_answer(struct visit *v, const struct decision *d)
{
	char id[40];
	if (!d->text.n) {
		buf_add_string(&v->out, " · ");
		page_word(v, words(v->l, "texte effacé"));
		return;
	}
	snprintf(id, sizeof(id), "reponse-%zu", v->out.n);
	buf_printf(&v->out, "<blockquote class=\"said answer\"><p id=\"%s\">", id);
	html_shown(&v->out, d->text);
	buf_add_string(&v->out, "</p></blockquote>");
	reply_put_copy(v, id);
}

static void put_qualified(struct visit *v, struct slice category)
{
	_buf_ struct buf text = {0};
	phrase_category(v->l, category, &text);
	buf_add_string(&v->out, " · ");
	page_word(v, words(v->l, "qualifié :"));
	buf_add_char(&v->out, ' ');
	html_text(&v->out, buf_slice(&text));
}

static const char *action_done(const struct visit *v, const struct decided_action *a)
{
	if (a->detail.n && a->detail.p[0] && a->action != ACTION_REPLY)
		return words(v->l, "fait à la source"); /* and the detail says what */
	switch (a->action) {
	case ACTION_HIDE: return words(v->l, "masqué à la source");
	case ACTION_SHOW: return words(v->l, "montré de nouveau à la source");
	case ACTION_REPLY: return words(v->l, "réponse publiée à la source");
	case ACTION_SPAM: return words(v->l, "mis aux indésirables à la source");
	case ACTION_TRASH: return words(v->l, "mis à la corbeille à la source");
	case ACTION_NONE:
	default: return words(v->l, "fait à la source");
	}
}

/* What became of it at the source; why, when it was not done, or not yet. */
static void put_action(struct visit *v, const struct decided_action *a)
{
	const char *name = a->state == OUTBOX_DONE ? action_done(v, a)
		: a->state == OUTBOX_DEAD_LETTER   ? words(v->l, "pas fait à la source")
		: a->state == OUTBOX_DROPPED       ? words(v->l, "rien de changé à la source")
		: a->attempts                      ? words(v->l, "pas encore fait à la source")
						   : words(v->l, "va être fait à la source");
	bool wrong = a->state == OUTBOX_DEAD_LETTER || a->state == OUTBOX_DROPPED;

	if (a->action == ACTION_NONE)
		return;
	buf_printf(&v->out, " · <span class=\"%s\">", wrong ? "outward wrong" : "outward");
	page_word(v, name);
	if (a->state == OUTBOX_DONE) {
		buf_add_char(&v->out, ' ');
		page_time(v, a->at);
	}
	if (a->detail.n && a->detail.p[0]) {
		buf_add_string(&v->out, " : ");
		html_shown(&v->out, a->detail);
	}
	buf_add_string(&v->out, "</span>");
}

static int put_decision(void *user, const struct decision *d)
{
	struct visit *v = user;
	buf_add_string(&v->out, "<li>");
	page_time(v, d->at);
	buf_add_string(&v->out, " · <strong>");
	card_decision(v, d->decision);
	buf_add_string(&v->out, "</strong> · ");
	page_person(v, d->who);
	if (d->reason.n) {
		buf_add_string(&v->out, " : ");
		html_shown(&v->out, d->reason);
	}
	if (d->category.n)
		put_qualified(v, d->category);
	if (d->bulk) {
		buf_add_string(&v->out, " · ");
		buf_printf(&v->out, words(v->l, "décision groupée n° %lld"), (long long)d->bulk);
	}
	if (d->follow.since)
		put_begun(v, &d->follow);
	if (d->told)
		put_answer(v, d);
	put_action(v, &d->act);
	buf_add_string(&v->out, "</li>\n");
	return 0;
}

static int put_history(struct visit *v, int64_t row, struct error *e)
{
	buf_add_string(&v->out, "<section><h2>");
	page_word(v, words(v->l, "Ce qui a été décidé"));
	buf_add_string(&v->out, "</h2><ol class=\"history\">\n");
	size_t before = v->out.n;
	int r = reader_history(v->c->reader, row, put_decision, v, e);
	bool none = v->out.n == before;
	buf_add_string(&v->out, "</ol>\n");
	if (none)
		page_element(v, "p", words(v->l, "Rien encore."));
	buf_add_string(&v->out, "</section>\n");
	return r;
}

/* What was typed for a decision that cannot be taken any more: it may have taken long. */
static void put_kept(struct visit *v, const struct shown *s)
{
	if (!s->reason.n || s->may_decide)
		return;
	buf_add_string(&v->out, "<section class=\"kept\"><h2>");
	page_word(v, words(v->l, "Ce que vous aviez écrit"));
	buf_add_string(&v->out, "</h2><blockquote class=\"said\"><p>");
	html_shown(&v->out, s->reason);
	buf_add_string(&v->out, "</p></blockquote></section>\n");
}

/* The comment cannot be read, just now or any more: what was said and typed is there all the same. */
static void unread(struct visit *v, int r, unsigned status, const char *wrong, struct slice reason)
{
	const struct shown s = {.v = v, .reason = reason};
	if (!wrong || r == -ENOENT) {
		visit_problem(v, r == -ENOENT ? 404 : 503);
		return;
	}
	visit_tell(v, true, wrong);
	buf_clear(&v->out);
	page_open(v, words(v->l, "Commentaire"));
	page_element(v, "h1", words(v->l, "Commentaire"));
	put_kept(v, &s);
	page_close(v);
	visit_page(v, status);
}

void item_page(struct visit *v, unsigned status, const char *wrong, struct slice reason)
{
	struct shown s = {.v = v, .reason = reason};
	struct error e = {""};
	int64_t seq = visit_number(v);
	buf_clear(&v->out);
	if (wrong)
		visit_tell(v, true, wrong);
	page_open(v, words(v->l, "Commentaire"));
	int r = seq ? visit_reader(v) : -ENOENT;
	if (r == 0) {
		topics_refresh(v);
		v->alone = second_alone(v);
		rung_put_link(v, seq); /* before the comment is read: it reads too */
		r = reader_queue_item(v->c->reader, seq, take_waiting, &s, &e);
	}
	if (r == READER_END)
		r = reader_comment(v->c->reader, seq, take_comment, &s, &e);
	if (r == 0)
		put_kept(v, &s);
	if (r == 0)
		r = dossier_put_of(v, s.row, s.offers ? seq : 0, &e);
	if (r == 0)
		r = put_history(v, s.row, &e);
	if (r < 0) {
		unread(v, r, status, wrong, reason);
		return;
	}
	buf_printf(&v->out, "<p><a href=\"%s\">", s.question ? "/reponse" : "/moderation");
	page_word(v, words(v->l, "Revenir à la file"));
	buf_add_string(&v->out, "</a></p>\n");
	page_close(v);
	visit_page(v, status);
}

/* That it was opened, when nobody had: the team's figures say after how long, never who. Lost, it is no matter. */
static void note_look(struct visit *v)
{
	_buf_ struct buf body = {0};
	struct error e = {""};
	const int64_t seq = visit_number(v);
	bool looked = true;
	if (!slice_is(v->r->method, "GET") || seq <= 0 || visit_reader(v) < 0 ||
		reader_looked(v->c->reader, seq, &looked, &e) < 0 || looked)
		return;
	wire_put_i64(&body, seq);
	if (commit_tell(v->c->store, REQUEST_LOOKED, buf_slice(&body)) != 0)
		return;
}

void item_get(struct visit *v)
{
	note_look(v);
	item_page(v, 200, NULL, (struct slice){0});
}

/* --- what people do */

static void tell_claim(struct visit *v, const struct claim_reply *c)
{
	char at[PAGE_MOMENT];
	_buf_ struct buf text = {0};
	switch (c->outcome) {
	case CLAIM_TAKEN:
		buf_printf(&text, words(v->l, "Vous vous en occupez %s."),
			page_moment(v, c->until, TIME_UNTIL, at));
		break;
	case CLAIM_LEFT: buf_add_string(&text, words(v->l, "Vous laissez la main.")); break;
	case CLAIM_OTHERS:
		buf_printf(&text, words(v->l, "%.*s s'en occupe déjà, %s."), (int)c->who.n,
			c->who.p, page_moment(v, c->until, TIME_UNTIL, at));
		break;
	case CLAIM_GONE:
	default: buf_add_string(&text, words(v->l, "Ce commentaire n'attend plus.")); break;
	}
	visit_tell(v, c->outcome >= CLAIM_OTHERS, buf_string(&text));
}

/* To where the form was. */
static void back(struct visit *v)
{
	_buf_ struct buf alone = {0};
	if (visit_field(v, "ici", 1, &alone))
		visit_go_to(v, "/moderation/%lld", (long long)visit_number(v));
	else
		file_go_back(v, visit_number(v));
}

static void claimed(struct visit *v, int r, struct slice reply, const struct error *e)
{
	struct claim_reply answer;
	if (r == -ENOENT) {
		visit_problem(v, 404);
		return;
	}
	if (r == 0)
		r = claim_reply_decode(reply, &answer);
	if (r == 0)
		tell_claim(v, &answer);
	else
		visit_tell_error(v, r, e);
	back(v);
}

static void claim(struct visit *v, int64_t for_ms)
{
	_buf_ struct buf body = {0};
	int64_t seq = visit_number(v);
	if (!seq) {
		visit_problem(v, 404);
		return;
	}
	claim_encode(&body, &(struct claim_request){seq, slice_of(v->session->name), for_ms});
	visit_ask_then(v, REQUEST_CLAIM, &body, claimed);
}

void claim_post(struct visit *v)
{
	claim(v, CLAIM_DEFAULT_MS);
}

void release_post(struct visit *v)
{
	claim(v, 0);
}
