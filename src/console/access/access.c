/* SPDX-License-Identifier: GPL-3.0-or-later
 * Coming in: signing in, the first account, signing out. What costs is bounded before it is paid:
 * wrong passwords by sender and by account (guess.h), passwords under way by hash.h. An account bears four times what a sender
 * does: whoever tries somebody else's name from one place shuts himself out, not him. */
#include "access.h"
#include "limit.h"
#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/html/html.h>

/* --- the pages */

void access_field(struct visit *v, const char *name, const char *label, const char *more)
{
	buf_printf(&v->out, "<p><label for=\"%s\">", name);
	page_word(v, label);
	buf_printf(&v->out, "</label><input id=\"%s\" name=\"%s\" required %s></p>\n", name, name,
		more);
}

void access_button(struct visit *v, const char *text)
{
	buf_add_string(&v->out, "<p><button class=\"main\">");
	page_word(v, text);
	buf_add_string(&v->out, "</button></p></form>\n");
}

void access_wrong(struct visit *v, const char *wrong)
{
	if (!wrong)
		return;
	buf_add_string(&v->out, "<div class=\"told bad\" role=\"alert\"><p>");
	page_word(v, wrong);
	buf_add_string(&v->out, "</p></div>\n");
}

#define NAME_FIELD \
	"autocomplete=\"username\" autocapitalize=\"none\" spellcheck=\"false\" maxlength=\"40\""

static void sign_in_page(struct visit *v, unsigned status, const char *wrong)
{
	const char *title = words(v->l, "Se connecter");
	buf_clear(&v->out);
	page_open(v, title);
	page_element(v, "h1", title);
	access_wrong(v, wrong);
	page_form(v, "access", "/connexion");
	access_field(v, "nom", words(v->l, "Nom du compte"), NAME_FIELD);
	access_field(v, "secret", words(v->l, "Mot de passe"), ACCESS_PASSWORD);
	access_button(v, title);
	page_close(v);
	visit_page(v, status);
}

static void first_page(struct visit *v, unsigned status, const char *wrong)
{
	const char *title = words(v->l, "Premier compte");
	buf_clear(&v->out);
	page_open(v, title);
	page_element(v, "h1", title);
	page_element(v, "p",
		words(v->l,
			"Ce compte peut tout : modérer, prendre en charge, écrire les règles, voir les comptes. Les suivants se font par la commande « tocsin user add »."));
	access_wrong(v, wrong);
	page_form(v, "access", "/premier-compte/%.*s", (int)v->argument.n, v->argument.p);
	access_field(
		v, "nom", words(v->l, "Nom du compte (minuscules, chiffres, . - _)"), NAME_FIELD);
	access_field(v, "secret", words(v->l, "Mot de passe (12 caractères au moins)"),
		ACCESS_NEW_PASSWORD);
	access_field(v, "encore", words(v->l, "Le même, encore une fois"), ACCESS_NEW_PASSWORD);
	access_button(v, words(v->l, "Créer le compte"));
	page_close(v);
	visit_page(v, status);
}

/* --- signing in */

struct entry { /* a visit whose password is looked at */
	struct visit *v;
	struct login account;
	char name[ACCOUNT_NAME_MAX + 1], lang[3], sources[ACCOUNT_SOURCES_MAX + 1];
	bool first; /* the first account is made */
	char setup[SETUP_SECRET + 1];
};

static int take_account(void *user, const struct login *a)
{
	struct hash_job *job = user;
	struct entry *n = job->user;
	snprintf(job->secret, sizeof(job->secret), "%.*s", (int)a->secret.n, a->secret.p);
	snprintf(n->lang, sizeof(n->lang), "%.*s", (int)a->lang.n, a->lang.n ? a->lang.p : "");
	snprintf(n->sources, sizeof(n->sources), "%.*s", (int)a->sources.n,
		a->sources.n ? a->sources.p : "");
	n->account = (struct login){.name = slice_of(n->name),
		.sources = slice_of(n->sources),
		.roles = a->roles,
		.lang = slice_of(n->lang),
		.changed_at = a->changed_at};
	return 0;
}

static struct entry *entry_new(struct visit *v, const struct buf *name)
{
	struct entry *n = xcalloc(1, sizeof(*n));
	n->v = visit_keep(v);
	snprintf(n->name, sizeof(n->name), "%.*s", (int)name->n, name->n ? name->p : "");
	return n;
}

static void entry_end(struct entry *n)
{
	visit_end(n->v);
	digest_wipe(n, sizeof(*n));
	free(n);
}

bool access_may_try(struct visit *v, struct slice name)
{
	return guess_allowed(&v->c->senders, http_sender(v->r), v->now) &&
		guess_allowed(&v->c->accounts, name, v->now);
}

void access_tried_wrong(struct visit *v, struct slice name)
{
	visit_refused(v, name);
	guess_wrong(&v->c->senders, http_sender(v->r), v->now);
	guess_wrong(&v->c->accounts, name, v->now);
}

static void signed_in(void *user, struct hash_job *job)
{
	struct entry *n = user;
	struct visit *v = n->v;
	if (job->outcome == 0 && n->account.roles) {
		visit_sign(v, &n->account);
		visit_go(v, "/");
	} else {
		access_tried_wrong(v, slice_of(n->name));
		sign_in_page(v, 403, words(v->l, "Nom ou mot de passe faux."));
	}
	entry_end(n);
}

bool access_look_at(struct visit *v, struct hash_job *job, const struct buf *password)
{
	memcpy(job->password, password->n ? password->p : "", password->n);
	job->n = password->n;
	bool taken = hash_ask(v->c->hasher, job);
	digest_wipe(job, sizeof(*job));
	return taken;
}

void access_wipe(struct buf *b)
{
	if (b->n)
		digest_wipe(b->p, b->n);
	buf_release(b);
}

void sign_in_get(struct visit *v)
{
	if (v->session)
		visit_go(v, "/");
	else if (v->r->by_socket)
		visit_go(v, "/");
	else
		sign_in_page(v, 200, NULL);
}

static void try_sign_in(struct visit *v, const struct buf *name, const struct buf *password)
{
	struct error e = {""};
	struct entry *n = entry_new(v, name);
	struct hash_job job = {.done = signed_in, .user = n};
	snprintf(job.secret, sizeof(job.secret), "%s", v->c->nobody);
	int r = reader_account(v->c->reader, buf_slice(name), take_account, &job, &e);
	if (r >= 0 && access_look_at(v, &job, password))
		return;
	entry_end(n);
	if (r < 0)
		visit_problem(v, 503);
	else
		sign_in_page(v, 503, words(v->l, "Trop de connexions à la fois : réessayez."));
}

void sign_in_post(struct visit *v)
{
	_buf_ struct buf name = {0};
	_cleanup_(access_wipe) struct buf password = {0};
	if (v->r->by_socket)
		visit_problem(v, 403);
	else if (!visit_field(v, "nom", ACCOUNT_NAME_MAX, &name) ||
		!visit_field(v, "secret", ACCOUNT_PASSWORD_MAX, &password) || !name.n)
		sign_in_page(v, 400, words(v->l, "Nom ou mot de passe faux."));
	else if (!access_may_try(v, buf_slice(&name)))
		sign_in_page(v, 429, words(v->l, "Trop d'essais : réessayez dans une minute."));
	else if (visit_reader(v) < 0)
		visit_problem(v, 503);
	else
		try_sign_in(v, &name, &password);
}

void sign_out_post(struct visit *v)
{
	session_end(v->session);
	v->session = NULL;
	session_token(v->token);
	v->new_token = true;
	if (v->r->by_socket)
		proxy_left(v);
	else
		visit_go(v, "/connexion");
}

/* --- the first account */

static void made_secret(void *user, struct hash_job *job)
{
	struct entry *n = user;
	struct visit *v = n->v;
	_buf_ struct buf body = {0}, reply = {0};
	struct error e = {""};
	struct account_request q = {
		.account = {.name = slice_of(n->name),
			.roles = ROLE_MODERATION | ROLE_DIRCOM | ROLE_ADMIN | ROLE_RULES,
			.secret = slice_of(job->secret)},
		.setup = slice_of(n->setup),
		.who = slice_of(n->name)};
	account_encode(&body, &q);
	int r = job->outcome < 0 ? job->outcome : visit_ask(v, REQUEST_ACCOUNT, &body, &reply, &e);
	if (r == 0) {
		visit_go(v, "/connexion");
	} else if (r == -EACCES) {
		access_tried_wrong(v, slice_of(n->name));
		visit_problem(v, 410);
	} else if (r == -EINVAL) {
		first_page(v, 400, e.text);
	} else {
		visit_problem(v, 503);
	}
	entry_end(n);
}

static int stop_at_first(void *user, const struct login *a)
{
	(void)user, (void)a;
	return 1;
}

/* Whether the way is open: nobody has an account. */
static bool is_first(struct visit *v)
{
	struct error e = {""};
	return session_token_ok(v->argument) && visit_reader(v) == 0 &&
		reader_accounts(v->c->reader, stop_at_first, NULL, &e) == 0;
}

void first_get(struct visit *v)
{
	if (is_first(v))
		first_page(v, 200, NULL);
	else
		visit_problem(v, 410);
}

static void try_first(struct visit *v, const struct buf *name, const struct buf *password)
{
	struct entry *n = entry_new(v, name);
	struct hash_job job = {.done = made_secret, .user = n};
	snprintf(n->setup, sizeof(n->setup), "%.*s", (int)v->argument.n, v->argument.p);
	if (access_look_at(v, &job, password))
		return;
	entry_end(n);
	first_page(v, 503, words(v->l, "Trop de connexions à la fois : réessayez."));
}

void first_post(struct visit *v)
{
	_buf_ struct buf name = {0};
	_cleanup_(access_wipe) struct buf password = {0}, again = {0};
	if (!is_first(v))
		visit_problem(v, 410);
	else if (!access_may_try(v, (struct slice){0}))
		first_page(v, 429, words(v->l, "Trop d'essais : réessayez dans une minute."));
	else if (!visit_field(v, "nom", ACCOUNT_NAME_MAX, &name) ||
		!account_name_ok(buf_slice(&name)))
		first_page(v, 400,
			words(v->l,
				"Ce nom ne convient pas : des minuscules sans accent, des chiffres, et . - _ à l'intérieur."));
	else if (!visit_field(v, "secret", ACCOUNT_PASSWORD_MAX, &password) ||
		password.n < ACCOUNT_PASSWORD_MIN)
		first_page(v, 400, words(v->l, "Ce mot de passe est trop court."));
	else if (!visit_field(v, "encore", ACCOUNT_PASSWORD_MAX, &again) ||
		!slice_equal(buf_slice(&password), buf_slice(&again)))
		first_page(v, 400, words(v->l, "Les deux mots de passe ne sont pas les mêmes."));
	else
		try_first(v, &name, &password);
}

/* Where somebody's work is. */
void home_get(struct visit *v)
{
	uint16_t roles = v->session->roles;
	visit_go(v,
		roles & ROLE_MODERATION ? "/moderation"
			: roles & (ROLE_DIRCOM | ROLE_CABINET | ROLE_DGS | ROLE_ONCALL)
			? "/situation"
			: limit_is(v)                        ? "/dossiers"
			: roles & (ROLE_RULES | ROLE_JURIST) ? "/regles"
			: roles & ROLE_SERVICE               ? "/service"
			: roles & ROLE_DPO                   ? "/conformite"
							     : "/comptes");
}
