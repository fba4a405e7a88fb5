/* SPDX-License-Identifier: GPL-3.0-or-later
 * Opposition (RGPD, article 21): that a person objects is recorded by the name of the account, decided with a reason, written
 * down without the name. What it does to later comments is store's: record/oppose.h. */
#include "opposition.h"
#include <tocsin/base/clock.h>
#include <tocsin/html/html.h>
#include "source.h"

enum { LISTED = 200, ANSWER_DAYS = 30, SOURCE_BYTES = 64, HANDLE_BYTES = 512 };

static const char *state_name(const struct visit *v, enum opposition_state state)
{
	static const char *const names[] = {WORDS_MARK("à décider"), WORDS_MARK("acceptée"),
		WORDS_MARK("refusée"), WORDS_MARK("levée")};
	return words(v->l, names[state]);
}

/* --- what can be done */

static void put_choice(struct visit *v, const char *value, const char *label, bool first)
{
	buf_printf(&v->out,
		"<p class=\"choice\"><label><input type=\"radio\" name=\"decision\" value=\"%s\" required%s> ",
		value, first ? " checked" : "");
	page_word(v, label);
	buf_add_string(&v->out, "</label></p>\n");
}

static void put_decision(struct visit *v)
{
	put_choice(v, "accepter", words(v->l, "Accepter"), false);
	put_choice(
		v, "refuser", words(v->l, "Refuser, pour un motif légitime et impérieux :"), false);
	buf_add_string(&v->out, "<p><label>");
	page_word(v, words(v->l, "Motif légitime (à donner à la personne)"));
	buf_printf(&v->out, "<input name=\"fondement\" maxlength=\"%u\"></label></p>\n",
		OPPOSE_TEXT_MAX);
}

static void put_button(struct visit *v, const char *label)
{
	buf_add_string(&v->out, "<p><button>");
	page_word(v, label);
	buf_add_string(&v->out, "</button></p></form>\n");
}

static void put_actions(struct visit *v, const struct opposition *o)
{
	if (o->state != OPPOSITION_ASKED && o->state != OPPOSITION_ACCEPTED)
		return;
	page_form(v, "noting", "/conformite/opposition/%lld", (long long)o->id);
	if (o->state == OPPOSITION_ASKED) {
		put_decision(v);
		put_button(v, words(v->l, "Décider"));
		return;
	}
	buf_add_string(&v->out, "<input type=\"hidden\" name=\"decision\" value=\"lever\">");
	put_button(v, words(v->l, "Lever, à la demande de la personne"));
}

/* --- the list */

static int put_row(void *user, const struct opposition *o)
{
	struct visit *v = user;
	buf_printf(&v->out, "<tr><th scope=\"row\">n° %lld</th><td>", (long long)o->id);
	html_shown(&v->out, o->source);
	buf_add_string(&v->out, "</td><td>");
	conformity_day(v, o->at);
	buf_add_string(&v->out, "</td>");
	conformity_text(v, o->reason);
	buf_add_string(&v->out, "<td>");
	page_word(v, state_name(v, o->state));
	buf_add_char(&v->out, ' ');
	if (o->state == OPPOSITION_ASKED) {
		buf_add_string(&v->out, "· ");
		page_word(v, words(v->l, "répondre avant le"));
		buf_add_char(&v->out, ' ');
		conformity_day(v, o->at + ANSWER_DAYS * CLOCK_DAY);
	} else {
		conformity_day(v, o->decided_at);
		buf_add_string(&v->out, " · ");
		page_person(v, o->decided_by);
	}
	buf_add_string(&v->out, "</td>");
	conformity_text(v, o->ground);
	buf_add_string(&v->out, "<td>");
	put_actions(v, o);
	buf_add_string(&v->out, "</td></tr>\n");
	return 0;
}

static int count_one(void *user, const struct opposition *o)
{
	(void)o;
	++*(size_t *)user;
	return 0;
}

int opposition_put_list(struct visit *v, struct error *e)
{
	const char *const heads[] = {words(v->l, "opposition"), words(v->l, "source"),
		words(v->l, "demandée le"), words(v->l, "raison"), words(v->l, "état"),
		words(v->l, "motif du refus"), words(v->l, "suite"), NULL};
	const char *title = words(v->l, "Oppositions");
	size_t n = 0;
	int r = reader_oppositions(v->c->reader, 1, count_one, &n, e);
	if (r || !n)
		return r;
	buf_add_string(&v->out, "<section>");
	page_element(v, "h2", title);
	conformity_table(v, title, heads);
	r = reader_oppositions(v->c->reader, LISTED, put_row, v, e);
	conformity_table_end(v);
	buf_add_string(&v->out, "</section>\n");
	return r;
}

/* --- of one account */

struct sought {
	const unsigned char *key;
	int64_t id;
	enum opposition_state state;
};

static int match(void *user, const struct opposition *o)
{
	struct sought *s = user;
	const bool open = o->state == OPPOSITION_ASKED || o->state == OPPOSITION_ACCEPTED;
	if (open && memcmp(o->author_key, s->key, sizeof(o->author_key)) == 0) {
		s->id = o->id;
		s->state = o->state;
	}
	return 0;
}

int opposition_put_form(
	struct visit *v, struct slice hidden, const unsigned char key[static 16], struct error *e)
{
	struct sought s = {.key = key};
	int r = reader_oppositions(v->c->reader, UINT32_MAX, match, &s, e);
	if (r < 0)
		return r;
	buf_add_string(&v->out, "<section>");
	page_element(v, "h2", words(v->l, "Opposition"));
	if (s.id) {
		buf_add_string(&v->out, "<p>");
		buf_printf(&v->out, words(v->l, "Opposition n° %lld :"), (long long)s.id);
		buf_add_char(&v->out, ' ');
		page_word(v, state_name(v, s.state));
		buf_add_string(&v->out, ". <a href=\"/conformite/personne\">");
		page_word(v, words(v->l, "La décider ou la lever"));
		buf_add_string(&v->out, "</a></p></section>\n");
		return 0;
	}
	page_element(v, "p",
		words(v->l,
			"Acceptée, elle vaut pour ce que la personne écrit ensuite : ni le texte, ni l'adresse, ni les noms ne sont écrits, sauf pour ce qui est signalé, par les règles ou par une personne (gardé comme la loi le demande, pour la défense des droits), et pour les questions à la ville (texte et adresse, sans les noms, jusqu'à ce qu'elles soient traitées). Restent de chaque commentaire la date, ce que les règles en disent, une empreinte du compte, pour l'accès et l'effacement, et l'identifiant que la source lui donne ; sur certains réseaux, comme Bluesky, l'identifiant et l'adresse contiennent le compte. Ces textes ne sont reliés à aucun autre et n'entrent dans aucune statistique. Ce qui est déjà gardé part avec un effacement."));
	page_element(v, "p",
		words(v->l,
			"La raison et le motif du refus restent au journal, même après un effacement : n'y écrivez pas le nom de la personne."));
	page_form(v, "noting", "/conformite/personne/opposition");
	buf_add_slice(&v->out, hidden);
	conformity_reason(v, (struct slice){0});
	put_choice(v, "noter", words(v->l, "Enregistrer, décider plus tard"), true);
	put_decision(v);
	put_button(v, words(v->l, "Enregistrer l'opposition"));
	buf_add_string(&v->out, "</section>\n");
	return 0;
}

/* --- what was decided */

static void done(struct visit *v, int r, struct slice reply, const struct error *e)
{
	(void)reply;
	if (r)
		visit_tell_error(v, r, e);
	else
		visit_tell(v, false, words(v->l, "C'est inscrit."));
	visit_go(v, "/conformite/personne");
}

/* Fills in state and ground; false: said why not. */
static bool read_decision(struct visit *v, struct buf *ground, struct oppose_request *q)
{
	static const char *const names[] = {"noter", "accepter", "refuser", "lever"};
	_buf_ struct buf decision = {0};
	size_t i = 0;
	if (!visit_field(v, "decision", 20, &decision))
		buf_clear(&decision);
	while (i < 4 && !slice_is(buf_slice(&decision), names[i]))
		i++;
	const bool has_ground = visit_field(v, "fondement", OPPOSE_TEXT_MAX, ground) && ground->n;
	const char *wrong = i == 4 ? words(v->l, "Il faut une décision.")
		: i == OPPOSITION_REFUSED && !has_ground
		? words(v->l, "Un refus demande un motif légitime.")
		: NULL;
	if (wrong) {
		visit_tell(v, true, wrong);
		visit_go(v, "/conformite/personne");
		return false;
	}
	q->state = (uint8_t)i;
	q->who = slice_of(v->session->name);
	if (i == OPPOSITION_REFUSED)
		q->ground = buf_slice(ground);
	return true;
}

/* What is missing in the form, or wrong with it; NULL: nothing. */
static const char *wrong_with(
	struct visit *v, struct buf *source, struct buf *author, struct buf *why)
{
	struct error e = {""};
	if (!visit_field(v, "source", SOURCE_BYTES, source) || !source->n ||
		!visit_field(v, "compte", HANDLE_BYTES, author) || !author->n)
		return words(v->l, "Il faut une source et un nom de compte.");
	if (source_is(v, buf_slice(source), &e) <= 0)
		return words(v->l, "Cette source n'existe pas : choisissez-la dans la liste.");
	return conformity_reason_read(v, why) ? NULL : words(v->l, "Un motif est nécessaire.");
}

void opposition_post(struct visit *v)
{
	_buf_ struct buf source = {0}, author = {0}, why = {0}, ground = {0}, body = {0};
	struct oppose_request q = {0};
	const char *wrong = wrong_with(v, &source, &author, &why);
	if (wrong) {
		visit_tell(v, true, wrong);
		visit_go(v, "/conformite/personne");
		return;
	}
	if (!read_decision(v, &ground, &q))
		return;
	q.source = buf_slice(&source);
	q.author = buf_slice(&author);
	q.reason = buf_slice(&why);
	oppose_encode(&body, &q);
	visit_ask_then(v, REQUEST_OPPOSE, &body, done);
}

void opposition_decide_post(struct visit *v)
{
	_buf_ struct buf ground = {0}, body = {0};
	struct oppose_request q = {.id = visit_number(v)};
	if (q.id <= 0) {
		visit_problem(v, 404);
		return;
	}
	if (!read_decision(v, &ground, &q))
		return;
	oppose_encode(&body, &q);
	visit_ask_then(v, REQUEST_OPPOSE, &body, done);
}
