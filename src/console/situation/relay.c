/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relay.h"
#include <errno.h>
#include <tocsin/base/clock.h>
#include <tocsin/html/html.h>
#include "conduct.h"

enum { NAME_MAX_ = 64 };
#define TAKES (ROLE_MODERATION | ROLE_DIRCOM | ROLE_CABINET | ROLE_DGS)

static bool is_mine(const struct visit *v, const struct incident *i)
{
	return i->state == INCIDENT_ACKED && slice_is(i->acked_by, v->session->name);
}

/* Whether he may be in charge now, whom an account is of. */
static bool may_take(const struct visit *v, const struct login *a)
{
	return !a->sources.n &&
		(a->roles & TAKES ||
			(a->roles & ROLE_ONCALL &&
				policy_on_call(&v->c->policy, a->name, v->town)));
}

/* --- on the page */

static bool is_reached(const struct visit *v, struct slice name)
{
	const struct policy_person *p = policy_person(&v->c->policy, name);
	return p && (p->mail || p->sms);
}

static void put_asked(struct visit *v, const struct incident *i)
{
	if (!i->passed_to.n)
		return;
	buf_add_string(&v->out, "<p class=\"claim\">");
	page_word(v, words(v->l, "Relais demandé à :"));
	buf_add_char(&v->out, ' ');
	page_person(v, i->passed_to);
	page_said_at(v, words(v->l, ", %s. L'alerte change de main quand cette personne la prend."),
		i->passed_at, TIME_AT);
	buf_add_string(&v->out, "</p>\n");
}

static void put_button(struct visit *v, const struct alarm *a, const char *path, const char *name)
{
	page_form(v, "claiming", "/situation/%lld/%s", (long long)a->incident->id, path);
	buf_add_string(&v->out, a->alone ? "<input type=\"hidden\" name=\"ici\" value=\"1\">" : "");
	buf_add_string(&v->out, "<button>");
	page_word(v, name);
	buf_add_string(&v->out, "</button></form>\n");
}

struct listed {
	struct visit *v;
	bool any;
};

static int put_person(void *user, const struct login *a)
{
	struct listed *l = user;
	struct visit *v = l->v;
	if (!may_take(v, a) || slice_is(a->name, v->session->name))
		return 0;
	l->any = true;
	buf_add_string(&v->out, "<option value=\"");
	html_text(&v->out, a->name);
	buf_add_string(&v->out, "\">");
	page_person(v, a->name);
	if (!is_reached(v, a->name)) {
		buf_add_char(&v->out, ' ');
		page_word(
			v, words(v->l, "(sans adresse au plan d'alerte : prévenez-le vous-même)"));
	}
	buf_add_string(&v->out, "</option>\n");
	return 0;
}

static int put_list(struct visit *v, const struct alarm *a, struct error *e)
{
	struct listed l = {v, false};
	const size_t before = v->out.n;
	conduct_open_form(v, a, FORM_RELAY, words(v->l, "Je passe le relais à…"), "relais");
	buf_add_string(&v->out, "<p><label>");
	page_word(v,
		words(v->l,
			"Qui est prévenu aussitôt, et doit prendre l'alerte. Jusque-là, elle reste à vous."));
	buf_add_string(&v->out, "<select name=\"qui\" required><option value=\"\"></option>\n");
	int r = reader_accounts(v->c->reader, put_person, &l, e);
	buf_add_string(&v->out, "</select></label></p>\n");
	conduct_close_form(v, words(v->l, "Demander le relais"));
	if (!l.any)
		v->out.n = before;
	return r < 0 ? r : 0;
}

int relay_put(struct visit *v, const struct alarm *a, struct error *e)
{
	put_asked(v, a->incident);
	if (!is_mine(v, a->incident) || !alarm_may_charge(v))
		return 0;
	put_button(v, a, "prolonger", words(v->l, "Prolonger"));
	put_button(v, a, "rendre", words(v->l, "Je rends la main"));
	return a->alone ? put_list(v, a, e) : 0;
}

/* --- what is asked */

static void back(struct visit *v, int r, const struct error *e, const char *told)
{
	if (r == -EPERM)
		visit_tell(v, true,
			words(v->l, "Quelqu'un d'autre a cette alerte ; rien n'a été changé."));
	else if (r < 0)
		visit_tell_error(v, r, e);
	else
		visit_tell(v, false, told);
	visit_back(v, "/situation");
}

/* Who has it now, when it is not his any more. */
static void not_his(struct visit *v, const struct incident *i)
{
	const struct policy_person *p = policy_person(&v->c->policy, i->acked_by);
	const struct slice who = p ? slice_of(p->name) : i->acked_by;
	_buf_ struct buf text = {0};
	if (i->state == INCIDENT_ACKED)
		buf_printf(&text,
			words(v->l, "%.*s a cette alerte maintenant : rien n'a été changé."),
			(int)who.n, who.p);
	else if (i->state == INCIDENT_CLOSED)
		buf_add_string(&text, words(v->l, "Cette alerte est close."));
	else
		buf_add_string(&text,
			words(v->l,
				"Personne n'a plus cette alerte : rien n'a été changé. « Je prends en charge » vous la donne."));
	conduct_refuse(v, 409, FORM_NONE, buf_string(&text));
}

static void prolonged(struct visit *v, int r, struct slice reply, const struct error *e)
{
	struct arena arena;
	struct incident i;
	(void)reply;
	if (r != -EPERM && r != -EALREADY) {
		back(v, r, e, words(v->l, "Votre prise en charge est prolongée."));
		return;
	}
	arena_init(&arena, 0);
	if (situation_find(v, &arena, &i))
		not_his(v, &i);
	arena_release(&arena);
}

static void prolong(struct visit *v, const struct incident *i)
{
	_buf_ struct buf body = {0};
	ack_encode(&body,
		&(struct ack_request){.incident = i->id,
			.who = slice_of(v->session->name),
			.text = slice_of(words(v->c->s->config.lang, "prolongation"))});
	visit_ask_then(v, REQUEST_PROLONG, &body, prolonged);
}

static void released(struct visit *v, int r, struct slice reply, const struct error *e)
{
	(void)reply;
	back(v, r, e,
		words(v->l,
			"Vous rendez la main : l'alerte sonne de nouveau, comme le plan le prévoit."));
}

static void release(struct visit *v, const struct incident *i)
{
	_buf_ struct buf body = {0};
	close_encode(&body,
		&(struct close_request){i->id, slice_of(v->session->name), (struct slice){0}});
	visit_ask_then(v, REQUEST_RELEASE, &body, released);
}

static void not_given(struct visit *v, const struct incident *i)
{
	struct error e = {""};
	(void)i;
	back(v, -EPERM, &e, NULL);
}

/* Only of what is his: else an old page would take it from somebody. */
static void of_mine(struct visit *v, conduct_fn *mine, conduct_fn *other)
{
	struct arena arena;
	struct incident i;
	arena_init(&arena, 0);
	if (situation_find(v, &arena, &i))
		(is_mine(v, &i) ? mine : other)(v, &i);
	arena_release(&arena);
}

void prolong_post(struct visit *v)
{
	of_mine(v, prolong, not_his);
}

void hand_back_post(struct visit *v)
{
	of_mine(v, release, not_given);
}

static void passed(struct visit *v, int r, struct slice reply, const struct error *e)
{
	(void)reply;
	if (r == -EPERM)
		conduct_refuse(v, 409, FORM_RELAY,
			words(v->l, "Quelqu'un d'autre a cette alerte ; rien n'a été changé."));
	else
		conduct_done(v, r, e, FORM_RELAY,
			words(v->l,
				"Relais demandé : l'alerte reste à vous jusqu'à ce qu'il soit pris."));
}

static int take_known(void *user, const struct login *a)
{
	struct listed *l = user;
	l->any = may_take(l->v, a);
	return 0;
}

static void pass_on(struct visit *v, const struct incident *i)
{
	_buf_ struct buf to = {0}, body = {0};
	struct listed l = {v, false};
	struct error e = {""};
	if (!visit_field(v, "qui", NAME_MAX_, &to) || !to.n ||
		reader_account(v->c->reader, buf_slice(&to), take_known, &l, &e) < 0 || !l.any ||
		slice_is(buf_slice(&to), v->session->name)) {
		conduct_refuse(v, 400, FORM_RELAY,
			words(v->l, "Choisissez qui peut prendre cette alerte."));
		return;
	}
	close_encode(
		&body, &(struct close_request){i->id, slice_of(v->session->name), buf_slice(&to)});
	visit_ask_then(v, REQUEST_PASS_ON, &body, passed);
}

void pass_on_post(struct visit *v)
{
	conduct_open(v, FORM_RELAY, pass_on);
}
