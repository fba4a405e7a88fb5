/* SPDX-License-Identifier: GPL-3.0-or-later
 * The rights of one person: which account is meant, what is held of it, a copy, its erasure, an objection. Store writes down who looks
 * and why, without the name, before anything is shown; the name is in no address. */
#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/html/html.h>
#include <tocsin/phrase/phrase.h>
#include "../queue/card.h"
#include "candidates.h"
#include "export.h"
#include "../queue/reported.h"
#include "opposition.h"
#include "purge.h"
#include "source.h"

enum { SOURCE_MAX = 64, HANDLE_MAX = 512, SHOWN_MAX = 200, ROWS = 20000 };

/* --- who is meant */

struct asked {
	struct buf source, author, why;
};

static void asked_release(struct asked *a)
{
	buf_release(&a->source);
	buf_release(&a->author);
	buf_release(&a->why);
}

static bool asked_read(struct visit *v, struct asked *a)
{
	return visit_field(v, "source", SOURCE_MAX, &a->source) && a->source.n &&
		visit_field(v, "compte", HANDLE_MAX, &a->author) && a->author.n;
}

/* The account was picked from a list: it is that one, whoever else has such a name. */
static bool is_picked(struct visit *v)
{
	_buf_ struct buf picked = {0};
	return visit_field(v, "choisi", 1, &picked) && picked.n;
}

static void put_account_field(struct visit *v)
{
	buf_add_string(&v->out, "<p><label>");
	page_word(v,
		words(v->l,
			"Nom du compte, nom affiché, pseudonyme, ou adresse d'un de ses commentaires"));
	buf_printf(&v->out,
		"<input name=\"compte\" required maxlength=\"%d\" autocomplete=\"off\" spellcheck=\"false\"></label></p>\n",
		HANDLE_MAX);
}

static int put_question(struct visit *v, struct error *e)
{
	page_form(v, "noting", "/conformite/personne");
	int r = source_put(v, e);
	page_element(v, "p",
		words(v->l,
			"D'un signalement reçu (source : signalements), le nom ou le numéro de qui demande qu'on le rappelle."));
	put_account_field(v);
	conformity_reason(v, (struct slice){0});
	buf_add_string(&v->out, "<p><button class=\"main\">");
	page_word(v, words(v->l, "Voir ce qui est gardé"));
	buf_add_string(&v->out, "</button></p></form>\n");
	return r;
}

static void ask_page(struct visit *v, unsigned status, const char *wrong)
{
	struct error e = {""};
	conformity_open(v, words(v->l, "Les droits d'une personne"), "/conformite/personne");
	if (wrong)
		conformity_wrong(v, wrong);
	page_element(v, "p",
		words(v->l,
			"Pour répondre à une demande d'accès, d'effacement ou d'opposition : ce qui est gardé d'un compte, sur une source. Vérifiez d'abord que la demande vient bien de cette personne."));
	if (visit_reader(v) < 0 || put_question(v, &e) < 0 || opposition_put_list(v, &e) < 0)
		visit_problem(v, 503);
	else
		conformity_end(v, status);
}

void person_get(struct visit *v)
{
	ask_page(v, 200, NULL);
}

/* --- what is held */

struct held {
	struct visit *v;
	unsigned char key[16];
	bool looking; /* for whom is meant */
	struct whom whom;
	bool read; /* all its texts */
	int64_t seq;
	uint64_t texts, kept; /* kept: in a dossier */
	uint64_t traces; /* of texts that are gone */
};

static void held_free(void *state)
{
	struct held *h = state;
	whom_release(&h->whom);
	free(h);
}

/* Why it stays, and what people decided of it. */
static void put_state(struct visit *v, const struct kept_text *t)
{
	const bool other = t->held || t->superseded;
	if (other)
		page_word(v,
			t->held ? words(v->l, "en dossier : gardé")
				: words(v->l, "ancienne version"));
	if (!t->decision.n || (t->held && slice_is(t->decision, "dossier")))
		return;
	buf_add_string(&v->out, other ? " · " : "");
	page_word(v, words(v->l, "décision :"));
	buf_add_char(&v->out, ' ');
	card_decision(v, t->decision);
}

static int put_text(void *user, const struct kept_text *t)
{
	struct held *h = user;
	struct visit *v = h->v;
	_buf_ struct buf supposed = {0};
	h->texts++;
	h->kept += t->held;
	if (h->texts > SHOWN_MAX)
		return 0;
	buf_printf(&v->out, "<tr><th scope=\"row\">n° %lld</th><td>", (long long)t->stored->seq);
	conformity_moment(v,
		t->stored->comment.created_at ? t->stored->comment.created_at
					      : t->stored->accepted_at);
	buf_add_string(&v->out, "</td>");
	buf_add_string(&v->out, "<td class=\"text\">");
	html_shown(&v->out, t->stored->comment.text);
	if (slice_is(t->stored->comment.source, COMMENT_REPORTED))
		reported_put(v, &t->stored->comment);
	buf_add_string(&v->out, "</td><td>");
	if (t->stored->verdict.level >= VERDICT_QUEUE)
		phrase_verdict(v->l, &t->stored->verdict, &supposed);
	html_text(&v->out, buf_slice(&supposed));
	buf_add_string(&v->out, "</td><td>");
	put_state(v, t);
	buf_add_string(&v->out, "</td></tr>\n");
	return 0;
}

static int step_held(struct held *h, struct reader *reader, struct error *e)
{
	int r = h->read ? reader_traces(reader, h->key, &h->seq, ROWS, &h->traces, e)
			: reader_author(reader, h->key, &h->seq, ROWS, put_text, h, e);
	if (r != READER_END)
		return r;
	if (h->read)
		return STINT_DONE;
	h->read = true;
	h->seq = 0;
	return 0;
}

static int step(struct visit *v, void *state, struct error *e)
{
	struct held *h = state;
	h->v = v;
	if (!h->looking)
		return step_held(h, v->c->reader, e);
	int r = reader_whom(v->c->reader, &h->whom, STINT_ROWS, e);
	if (r != READER_END)
		return r;
	h->looking = candidates_need_pick(&h->whom);
	return h->looking ? STINT_DONE : 0;
}

static void hidden(const struct asked *a, struct buf *out)
{
	buf_add_string(out, "<input type=\"hidden\" name=\"source\" value=\"");
	html_text(out, buf_slice(&a->source));
	buf_add_string(out, "\"><input type=\"hidden\" name=\"compte\" value=\"");
	html_text(out, buf_slice(&a->author));
	buf_add_string(out, "\">\n");
}

/* sure: what is to be ticked for what cannot be undone. That begins without a reason: the one of the access is another one. */
static void put_form(struct visit *v, const struct asked *a, const char *path, const char *title,
	const char *button, const char *sure)
{
	buf_add_string(&v->out, "<section>");
	page_element(v, "h2", title);
	page_form(v, sure ? "noting" : "noting file", "/conformite/personne/%s", path);
	hidden(a, &v->out);
	conformity_reason(v, sure ? (struct slice){0} : buf_slice(&a->why));
	if (sure) {
		buf_add_string(&v->out,
			"<p class=\"choice\"><label><input type=\"checkbox\" name=\"sur\" value=\"1\" required> ");
		page_word(v, sure);
		buf_add_string(&v->out, "</label></p>\n");
	}
	buf_printf(&v->out, "<p><button%s>", sure ? " class=\"grave\"" : "");
	page_word(v, button);
	buf_add_string(&v->out, "</button></p></form></section>\n");
}

/* An answer that says nothing is held must not come from a slip. */
static void put_traces(struct visit *v, const struct held *h)
{
	char text[40];
	if (h->traces) {
		buf_add_string(&v->out, "<p>");
		buf_printf(&v->out,
			words_n(v->l,
				"%s texte est déjà parti : il en reste l'identifiant que la source lui donne et une empreinte du compte, qui partent avec un effacement.",
				"%s textes sont déjà partis : il en reste l'identifiant que la source leur donne et une empreinte du compte, qui partent avec un effacement.",
				h->traces),
			words_number(v->l, (int64_t)h->traces, text));
		buf_add_string(&v->out, "</p>\n");
	} else if (!h->texts) {
		page_element(v, "p",
			words(v->l,
				"Avant de répondre que rien n'est gardé, essayez aussi le nom affiché, le pseudonyme, l'adresse d'un commentaire, et les autres sources."));
	}
}

static void put_texts(struct visit *v, const struct held *h, const struct buf *rows)
{
	const char *const heads[] = {words(v->l, "commentaire"), words(v->l, "dit le"),
		words(v->l, "texte"), words(v->l, "supposition"), words(v->l, "état"), NULL};
	char text[40];
	buf_add_string(&v->out, "<p class=\"count\" role=\"status\">");
	if (!h->texts)
		page_word(v, words(v->l, "Aucun texte n'est gardé sous ce nom."));
	else
		buf_printf(&v->out,
			words_n(v->l, "%s texte est gardé sous ce nom.",
				"%s textes sont gardés sous ce nom.", h->texts),
			words_number(v->l, (int64_t)h->texts, text));
	if (h->texts > SHOWN_MAX) {
		buf_add_char(&v->out, ' ');
		buf_printf(&v->out, words(v->l, "Les %d premiers :"), SHOWN_MAX);
	}
	buf_add_string(&v->out, "</p>\n");
	put_traces(v, h);
	if (!h->texts)
		return;
	conformity_table(v, words(v->l, "Ce qui est gardé"), heads);
	buf_add_slice(&v->out, buf_slice(rows));
	conformity_table_end(v);
}

static void put_erasing(struct visit *v, const struct held *h, const struct asked *a)
{
	const uint64_t going = h->texts - h->kept;
	_buf_ struct buf sure = {0};
	char n[40], kept[40];
	if (!going && !h->traces)
		return;
	if (!going)
		buf_add_string(
			&sure, words(v->l, "Effacer pour toujours ce qui reste de ce compte"));
	else
		buf_printf(&sure,
			words_n(v->l, "Effacer pour toujours %s texte de ce compte",
				"Effacer pour toujours %s textes de ce compte", going),
			words_number(v->l, (int64_t)going, n));
	if (h->kept) {
		buf_add_string(&sure, " ; ");
		buf_printf(&sure,
			words_n(v->l, "%s reste, car un dossier le retient",
				"%s restent, car un dossier les retient", h->kept),
			words_number(v->l, (int64_t)h->kept, kept));
	}
	put_form(v, a, "effacer", words(v->l, "Effacement"), words(v->l, "Effacer"),
		buf_string(&sure));
}

static void show(struct visit *v, void *state, int r, const struct error *e)
{
	_cleanup_(asked_release) struct asked a = {0};
	_buf_ struct buf rows = v->out, fields = {0};
	struct error why = *e;
	const struct held *h = state;
	v->out = (struct buf){0};
	if (r < 0 || !asked_read(v, &a)) {
		visit_problem(v, 503);
		return;
	}
	(void)conformity_reason_read(v, &a.why);
	if (h->looking) {
		candidates_page(v, &h->whom, buf_slice(&a.why));
		return;
	}
	conformity_open(v, words(v->l, "Les droits d'une personne"), "/conformite/personne");
	buf_add_string(&v->out, "<p>");
	html_shown(&v->out, buf_slice(&a.author));
	buf_add_string(&v->out, " · ");
	html_shown(&v->out, buf_slice(&a.source));
	buf_add_string(&v->out, "</p>\n");
	put_texts(v, h, &rows);
	if (h->texts)
		put_form(v, &a, "exporter", words(v->l, "Accès"),
			words(v->l, "Exporter une copie (JSON)"), NULL);
	put_erasing(v, h, &a);
	hidden(&a, &fields);
	if (slice_is(buf_slice(&a.source), COMMENT_REPORTED))
		conformity_end(v, 200); /* who is to be called back asked for it: erasing ends it */
	else if (opposition_put_form(v, buf_slice(&fields), h->key, &why) < 0)
		visit_problem(v, 503);
	else
		conformity_end(v, 200);
}

static void looked_up(struct visit *v, int r, struct slice reply, const struct error *e)
{
	if (r || reply.n != sizeof(((struct held *)NULL)->key)) {
		ask_page(v, 503, visit_why(v, r ? r : ASK_AWAY, e));
		return;
	}
	_cleanup_(asked_release) struct asked a = {0};
	struct held *h = xcalloc(1, sizeof(*h));
	memcpy(h->key, reply.p, sizeof(h->key));
	h->looking = asked_read(v, &a) && !is_picked(v);
	if (h->looking)
		whom_begin(&h->whom, buf_slice(&a.source), buf_slice(&a.author), h->key);
	stint_begin(v, &(struct stint){h, step, show, held_free});
}

/* What the form says; false: said what is missing. */
static bool asked_well(struct visit *v, struct asked *a)
{
	struct error e = {""};
	if (!asked_read(v, a)) {
		ask_page(v, 400, words(v->l, "Il faut une source et un nom de compte."));
		return false;
	}
	const int known = source_is(v, buf_slice(&a->source), &e);
	if (known < 0)
		visit_problem(v, 503);
	else if (!known)
		ask_page(v, 400,
			words(v->l, "Cette source n'existe pas : choisissez-la dans la liste."));
	else if (!conformity_reason_read(v, &a->why))
		ask_page(v, 400, words(v->l, "Un motif est nécessaire."));
	else
		return true;
	return false;
}

/* Asks store for the account's key, which writes it down; what: before the reason there. */
static void look_up(struct visit *v, const char *what, visit_then_fn *then)
{
	_cleanup_(asked_release) struct asked a = {0};
	_buf_ struct buf body = {0}, reason = {0};
	if (!asked_well(v, &a))
		return;
	buf_add_string(&reason, what);
	buf_add_slice(&reason, buf_slice(&a.why));
	handle_encode(&body,
		&(struct handle_request){slice_of(v->session->name), buf_slice(&a.source),
			buf_slice(&a.author), buf_slice(&reason)});
	visit_ask_then(v, REQUEST_HANDLE, &body, then);
}

void person_post(struct visit *v)
{
	look_up(v, "", looked_up);
}

/* --- a copy, the end */

static void copied(struct visit *v, int r, struct slice reply, const struct error *e)
{
	if (r || reply.n != sizeof(((struct held *)NULL)->key))
		ask_page(v, 503, visit_why(v, r ? r : ASK_AWAY, e));
	else
		export_begin(v, ARCHIVE_PERSON, (const unsigned char *)reply.p);
}

void person_export_post(struct visit *v)
{
	look_up(v, "export : ", copied);
}

void person_erase_post(struct visit *v)
{
	_cleanup_(asked_release) struct asked a = {0};
	_buf_ struct buf sure = {0};
	if (!visit_field(v, "sur", 1, &sure) || !sure.n) {
		ask_page(v, 400, words(v->l, "Cochez la case : un effacement ne se défait pas."));
		return;
	}
	if (asked_well(v, &a))
		purge_ask(v,
			&(struct purge_request){.author = buf_slice(&a.author),
				.source = buf_slice(&a.source),
				.who = slice_of(v->session->name),
				.reason = buf_slice(&a.why)},
			"/conformite/personne");
}
