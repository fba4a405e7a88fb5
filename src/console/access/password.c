/* SPDX-License-Identifier: GPL-3.0-or-later
 * Somebody changes his own password: the old one is looked at as in signing in, and a wrong one counts as one there. His other
 * sessions end. */
#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/html/html.h>
#include "access.h"
#include "limit.h"

#define PATH "/mot-de-passe"

static void put_form(struct visit *v)
{
	page_element(v, "p",
		words(v->l,
			"Vos autres sessions seront fermées ; celle-ci continue. Un mot de passe oublié : demandez un lien à l'administration de tocsin."));
	page_form(v, "access", PATH);
	/* for what keeps passwords: whose they are */
	buf_add_string(
		&v->out, "<input type=\"text\" autocomplete=\"username\" hidden readonly value=\"");
	html_text(&v->out, slice_of(v->session->name));
	buf_add_string(&v->out, "\">\n");
	access_field(v, "ancien", words(v->l, "Mot de passe actuel"), ACCESS_PASSWORD);
	access_field(v, "secret", words(v->l, "Nouveau mot de passe (12 caractères au moins)"),
		ACCESS_NEW_PASSWORD);
	access_field(v, "encore", words(v->l, "Le même, encore une fois"), ACCESS_NEW_PASSWORD);
	access_button(v, words(v->l, "Changer le mot de passe"));
}

static void password_page(struct visit *v, unsigned status, const char *wrong)
{
	const char *title = words(v->l, "Changer de mot de passe");
	buf_clear(&v->out);
	page_open(v, title);
	page_element(v, "h1", title);
	access_wrong(v, wrong);
	if (v->session->by_socket)
		page_element(v, "p",
			words(v->l,
				"Le serveur d'accès de la ville vérifie votre mot de passe : il se change là-bas."));
	else
		put_form(v);
	page_close(v);
	visit_page(v, status);
}

void password_get(struct visit *v)
{
	password_page(v, 200, NULL);
}

/* --- the old one is looked at, the new one made, store told */

struct change {
	struct visit *v;
	char name[ACCOUNT_NAME_MAX + 1], secret[DIGEST_PASSWORD];
	int64_t changed_at;
	struct buf new;
};

static void change_end(struct change *c)
{
	visit_end(c->v);
	access_wipe(&c->new);
	free(c);
}

static void too_many(struct visit *v)
{
	password_page(v, 503, words(v->l, "Trop de connexions à la fois : réessayez."));
}

static void stored(struct visit *v, int r, struct slice reply, const struct error *e)
{
	struct wire w = wire_reader(reply);
	const int64_t changed_at = wire_i64(&w);
	if (r == -ESTALE || r == -ENOENT) {
		visit_go(v, "/connexion");
	} else if (r) {
		password_page(v, 503, visit_why(v, r, e));
	} else {
		if (wire_done(&w)) /* else this session ends like the others */
			v->session->account_changed_at = changed_at;
		visit_tell(v, false,
			words(v->l, "Mot de passe changé. Vos autres sessions sont fermées."));
		visit_go(v, "/");
	}
}

/* What is done when a hash is there, behind whose it is; true: another one is under way. */
typedef bool hashed_fn(struct change *c, const struct hash_job *job);

static void go_on(struct change *c, const struct hash_job *job, hashed_fn *then)
{
	struct console *console = c->v->c;
	struct reader *before;
	const bool more = visit_resume(c->v, &before) && then(c, job);
	limit_end(console, before);
	if (!more)
		change_end(c);
}

static bool store_new(struct change *c, const struct hash_job *job)
{
	_buf_ struct buf body = {0};
	if (job->outcome < 0) {
		too_many(c->v);
		return false;
	}
	password_encode(&body,
		&(struct password_request){
			slice_of(c->name), slice_of(job->secret), c->changed_at});
	visit_ask_then(c->v, REQUEST_PASSWORD, &body, stored);
	return false;
}

static void made(void *user, struct hash_job *job)
{
	go_on(user, job, store_new);
}

static bool make_new(struct change *c, const struct hash_job *job)
{
	struct hash_job next = {.done = made, .user = c};
	if (job->outcome == -EACCES) {
		access_tried_wrong(c->v, slice_of(c->name));
		password_page(c->v, 403, words(c->v->l, "Ce n'est pas votre mot de passe actuel."));
		return false;
	}
	if (job->outcome == 0 && access_look_at(c->v, &next, &c->new))
		return true;
	too_many(c->v);
	return false;
}

static void looked_at(void *user, struct hash_job *job)
{
	go_on(user, job, make_new);
}

static int take_secret(void *user, const struct login *a)
{
	struct change *c = user;
	snprintf(c->secret, sizeof(c->secret), "%.*s", (int)a->secret.n, a->secret.p);
	c->changed_at = a->changed_at;
	return 0;
}

static void begin(struct visit *v, const struct buf *old, const struct buf *new)
{
	struct change *c = xcalloc(1, sizeof(*c));
	struct hash_job job = {.done = looked_at, .user = c};
	struct error e = {""};
	c->v = visit_keep(v);
	snprintf(c->name, sizeof(c->name), "%s", v->session->name);
	buf_add_slice(&c->new, buf_slice(new));
	int r = reader_account(v->c->reader, slice_of(c->name), take_secret, c, &e);
	snprintf(job.secret, sizeof(job.secret), "%s", c->secret);
	if (r == 0 && job.secret[0] && access_look_at(v, &job, old))
		return;
	change_end(c);
	if (r == 0)
		too_many(v);
	else
		visit_problem(v, 503);
}

/* Why it is none; NULL: it may be one. */
static const char *wrong_with(struct visit *v, const struct buf *new, const struct buf *again)
{
	if (new->n < ACCOUNT_PASSWORD_MIN)
		return words(v->l, "Ce mot de passe est trop court.");
	if (!slice_equal(buf_slice(new), buf_slice(again)))
		return words(v->l, "Les deux mots de passe ne sont pas les mêmes.");
	return NULL;
}

void password_post(struct visit *v)
{
	_cleanup_(access_wipe) struct buf old = {0}, new = {0}, again = {0};
	const char *wrong;
	if (v->session->by_socket)
		visit_problem(v, 403);
	else if (!visit_field(v, "ancien", ACCOUNT_PASSWORD_MAX, &old) || !old.n ||
		!visit_field(v, "secret", ACCOUNT_PASSWORD_MAX, &new) ||
		!visit_field(v, "encore", ACCOUNT_PASSWORD_MAX, &again))
		password_page(v, 400, words(v->l, "Cette demande est incomplète."));
	else if ((wrong = wrong_with(v, &new, &again)))
		password_page(v, 400, wrong);
	else if (!access_may_try(v, slice_of(v->session->name)))
		password_page(v, 429, words(v->l, "Trop d'essais : réessayez dans une minute."));
	else if (visit_reader(v) < 0)
		visit_problem(v, 503);
	else
		begin(v, &old, &new);
}
