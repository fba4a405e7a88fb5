/* SPDX-License-Identifier: GPL-3.0-or-later
 * Coming in: signing in, signing out. What costs is bounded before it is paid:
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

/* He comes from setup.c. */
static void put_chosen(struct visit *v)
{
	buf_add_string(&v->out, "<div class=\"told\" role=\"status\"><p>");
	page_word(v, words(v->l, "Votre mot de passe est choisi : connectez-vous."));
	buf_add_string(&v->out, "</p></div>\n");
}

static void sign_in_page(struct visit *v, unsigned status, const char *wrong)
{
	const char *title = words(v->l, "Se connecter");
	_buf_ struct buf chosen = {0};
	buf_clear(&v->out);
	page_open(v, title);
	page_element(v, "h1", title);
	access_wrong(v, wrong);
	if (status == 200 && visit_query(v, "choisi", 1, &chosen) == 0)
		put_chosen(v);
	page_form(v, "access", "/connexion");
	access_field(v, "nom", words(v->l, "Nom du compte"), ACCESS_NAME);
	access_field(v, "secret", words(v->l, "Mot de passe"), ACCESS_PASSWORD);
	access_button(v, title);
	page_close(v);
	visit_page(v, status);
}

/* --- signing in */

struct entry { /* a visit whose password is looked at */
	struct visit *v;
	struct login account;
	char name[ACCOUNT_NAME_MAX + 1], lang[3], sources[ACCOUNT_SOURCES_MAX + 1];
};

static int take_account(void *user, const struct login *a)
{
	struct hash_job *job = user;
	struct entry *n = job->user;
	/* who has none takes as long as a wrong one */
	if (a->secret.n && !slice_is(a->secret, ACCOUNT_NO_PASSWORD))
		snprintf(job->secret, sizeof(job->secret), "%.*s", (int)a->secret.n, a->secret.p);
	snprintf(n->lang, sizeof(n->lang), "%.*s", (int)a->lang.n, a->lang.n ? a->lang.p : "");
	snprintf(n->sources, sizeof(n->sources), "%.*s", (int)a->sources.n,
		a->sources.n ? a->sources.p : "");
	n->account = (struct login){.name = slice_of(n->name),
		.sources = slice_of(n->sources),
		.roles = a->roles,
		.held = a->held,
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
	} else if (job->outcome == 0 && n->account.held) {
		visit_refused(v, slice_of(n->name));
		sign_in_page(v, 403,
			words(v->l,
				"Votre accès est fermé : adressez-vous à l'administration de tocsin."));
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
