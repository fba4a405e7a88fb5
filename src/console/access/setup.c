/* SPDX-License-Identifier: GPL-3.0-or-later
 * Behind a link: the first account, when there is none, with the link that `tocsin run` prints; or the password of an account that
 * the administration made, or that forgot its own, with the link that was handed to its owner. Either serves once. */
#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/html/html.h>
#include "access.h"

/* What the link opens. */
struct way {
	bool first; /* the first account: its name is chosen too */
	char name[ACCOUNT_NAME_MAX + 1], lang[3]; /* of the account whose password it is */
	int64_t until; /* wall ms */
};

static int stop_at_first(void *user, const struct login *a)
{
	(void)user, (void)a;
	return 1;
}

static int take_way(void *user, const struct login *a)
{
	struct way *w = user;
	snprintf(w->name, sizeof(w->name), "%.*s", (int)a->name.n, a->name.p);
	snprintf(w->lang, sizeof(w->lang), "%.*s", (int)a->lang.n, a->lang.n ? a->lang.p : "");
	w->until = a->link_until;
	return 0;
}

static bool is_first(const struct visit *v)
{
	return strncmp(v->route->path, "/premier-compte/", 16) == 0;
}

/* 0, READER_END when it opens nothing, or -errno. */
static int find_way(struct visit *v, struct way *ret)
{
	unsigned char digest[DIGEST_SIZE];
	struct error e = {""};
	int r = session_token_ok(v->argument) ? visit_reader(v) : READER_END;
	*ret = (struct way){.first = is_first(v)};
	if (r)
		return r;
	if (ret->first) {
		r = reader_accounts(v->c->reader, stop_at_first, NULL, &e);
		return r > 0 ? READER_END : r;
	}
	digest_sha256(v->argument, digest);
	return reader_link(v->c->reader, (struct slice){(const char *)digest, sizeof(digest)},
		v->now, take_way, ret, &e);
}

/* --- the pages */

static void open_page(struct visit *v, const char *title)
{
	buf_clear(&v->out);
	page_open(v, title);
	page_element(v, "h1", title);
}

/* It opens nothing: whose it was is not said. */
static void no_way(struct visit *v)
{
	if (is_first(v)) {
		visit_problem(v, 410);
		return;
	}
	open_page(v, words(v->l, "Ce lien ne sert plus."));
	page_element(v, "p",
		words(v->l,
			"Il a déjà servi, son temps est passé, un autre l'a remplacé, ou il a été mal recopié. Si vous avez déjà choisi votre mot de passe, connectez-vous ; sinon, demandez un autre lien à l'administration de tocsin."));
	buf_add_string(&v->out, "<p><a class=\"choice\" href=\"/connexion\">");
	page_word(v, words(v->l, "Se connecter"));
	buf_add_string(&v->out, "</a></p>\n");
	page_close(v);
	visit_page(v, 410);
}

static void by_proxy(struct visit *v)
{
	open_page(v, words(v->l, "Ce lien ne sert à rien ici"));
	page_element(v, "p",
		words(v->l,
			"Le serveur d'accès de la ville vérifie votre mot de passe : il se change là-bas."));
	page_close(v);
	visit_page(v, 403);
}

static void put_first(struct visit *v)
{
	page_form(v, "access", "/premier-compte/%.*s", (int)v->argument.n, v->argument.p);
	access_field(
		v, "nom", words(v->l, "Nom du compte (minuscules, chiffres, . - _)"), ACCESS_NAME);
}

static void put_own(struct visit *v, const struct way *w)
{
	char until[PAGE_MOMENT];
	buf_add_string(&v->out, "<p>");
	page_word(v, words(v->l, "Votre compte : "));
	buf_add_string(&v->out, "<strong>");
	html_shown(&v->out, slice_of(w->name));
	buf_add_string(&v->out, "</strong>. ");
	buf_printf(&v->out, words(v->l, "Ce lien sert une fois, %s."),
		page_moment(v, w->until, TIME_UNTIL, until));
	buf_add_string(&v->out, "</p>\n");
	page_form(v, "access", "/mot-de-passe/%.*s", (int)v->argument.n, v->argument.p);
	/* for what keeps passwords: whose it is */
	buf_add_string(
		&v->out, "<input type=\"text\" autocomplete=\"username\" hidden readonly value=\"");
	html_text(&v->out, slice_of(w->name));
	buf_add_string(&v->out, "\">\n");
}

static void way_page(struct visit *v, const struct way *w, unsigned status, const char *wrong)
{
	open_page(v,
		w->first ? words(v->l, "Premier compte") : words(v->l, "Choisir son mot de passe"));
	if (w->first)
		page_element(v, "p",
			words(v->l,
				"Ce compte peut tout : modérer, prendre en charge, écrire les règles, voir les comptes. Les suivants s'ajoutent à la page « Comptes », ou par la commande « tocsin user add »."));
	access_wrong(v, wrong);
	if (w->first)
		put_first(v);
	else
		put_own(v, w);
	access_field(v, "secret", words(v->l, "Mot de passe (12 caractères au moins)"),
		ACCESS_NEW_PASSWORD);
	access_field(v, "encore", words(v->l, "Le même, encore une fois"), ACCESS_NEW_PASSWORD);
	access_button(v,
		w->first ? words(v->l, "Créer le compte") : words(v->l, "Choisir ce mot de passe"));
	page_close(v);
	visit_page(v, status);
}

void setup_get(struct visit *v)
{
	struct way w;
	if (v->r->by_socket && !is_first(v)) {
		by_proxy(v);
		return;
	}
	int r = find_way(v, &w);
	if (r == 0)
		way_page(v, &w, 200, NULL);
	else if (r == READER_END || w.first)
		no_way(v);
	else
		visit_problem(v, 503);
}

/* --- the password is hashed, store told */

struct choice { /* a visit whose password is made */
	struct visit *v;
	struct way way;
	char setup[SETUP_SECRET + 1];
};

static void choice_end(struct choice *c)
{
	visit_end(c->v);
	digest_wipe(c, sizeof(*c));
	free(c);
}

/* Who was signed in here under another name is so no more: the next one to come in is the account's owner. */
static void done(struct visit *v, const struct way *w)
{
	struct session *s = session_peek(&v->c->sessions, v->token, v->now);
	if (s)
		session_end(s);
	visit_go(v, w->first ? "/connexion" : "/connexion?choisi=1");
}

static void made_secret(void *user, struct hash_job *job)
{
	struct choice *c = user;
	struct visit *v = c->v;
	_buf_ struct buf body = {0}, reply = {0};
	struct error e = {""};
	const struct slice name = slice_of(c->way.name);
	account_encode(&body,
		&(struct account_request){
			.account = {.name = name,
				.roles = c->way.first
					? ROLE_MODERATION | ROLE_DIRCOM | ROLE_ADMIN | ROLE_RULES
					: 0,
				.lang = slice_of(c->way.lang),
				.secret = slice_of(job->secret)},
			.setup = slice_of(c->setup),
			.who = name,
			.replace = !c->way.first});
	int r = job->outcome < 0 ? job->outcome : visit_ask(v, REQUEST_ACCOUNT, &body, &reply, &e);
	if (r == 0) {
		done(v, &c->way);
	} else if (r == -EACCES) {
		access_tried_wrong(v, name);
		no_way(v);
	} else if (r == -EINVAL) {
		way_page(v, &c->way, 400, e.text);
	} else {
		visit_problem(v, 503);
	}
	choice_end(c);
}

static void try_choice(struct visit *v, const struct way *w, const struct buf *password)
{
	struct choice *c = xcalloc(1, sizeof(*c));
	struct hash_job job = {.done = made_secret, .user = c};
	c->v = visit_keep(v);
	c->way = *w;
	snprintf(c->setup, sizeof(c->setup), "%.*s", (int)v->argument.n, v->argument.p);
	if (access_look_at(v, &job, password))
		return;
	choice_end(c);
	way_page(v, w, 503, words(v->l, "Trop de connexions à la fois : réessayez."));
}

/* The name of the first account, and the password; NULL: they are fine. */
static const char *read_choice(struct visit *v, struct way *w, struct buf *password)
{
	_buf_ struct buf name = {0};
	_cleanup_(access_wipe) struct buf again = {0};
	if (w->first &&
		(!visit_field(v, "nom", ACCOUNT_NAME_MAX, &name) ||
			!account_name_ok(buf_slice(&name))))
		return words(v->l,
			"Ce nom ne convient pas : des minuscules sans accent, des chiffres, et . - _ à l'intérieur.");
	if (w->first)
		snprintf(w->name, sizeof(w->name), "%.*s", (int)name.n, name.p);
	if (!visit_field(v, "secret", ACCOUNT_PASSWORD_MAX, password) ||
		password->n < ACCOUNT_PASSWORD_MIN)
		return words(v->l, "Ce mot de passe est trop court.");
	if (!visit_field(v, "encore", ACCOUNT_PASSWORD_MAX, &again) ||
		!slice_equal(buf_slice(password), buf_slice(&again)))
		return words(v->l, "Les deux mots de passe ne sont pas les mêmes.");
	return NULL;
}

void setup_post(struct visit *v)
{
	_cleanup_(access_wipe) struct buf password = {0};
	struct way w;
	const char *wrong;
	if (v->r->by_socket && !is_first(v)) {
		by_proxy(v);
		return;
	}
	int r = find_way(v, &w);
	if (r < 0 && !w.first)
		visit_problem(v, 503);
	else if (r)
		no_way(v);
	else if (!access_may_try(v, slice_of(w.name)))
		way_page(v, &w, 429, words(v->l, "Trop d'essais : réessayez dans une minute."));
	else if ((wrong = read_choice(v, &w, &password)))
		way_page(v, &w, 400, wrong);
	else
		try_choice(v, &w, &password);
}
