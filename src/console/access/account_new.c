/* SPDX-License-Identifier: GPL-3.0-or-later
 * Somebody gets an account: its name and what he may. He chooses his password himself, behind a link that whoever makes the
 * account hands to him; by a proxy he needs none. */
#include <errno.h>
#include <tocsin/html/html.h>
#include "../conformity/conformity.h"
#include "../team/team.h"
#include "account.h"

#define PATH "/comptes-nouveau"

static int is_there(void *user, const struct login *a)
{
	(void)user, (void)a;
	return 0;
}

/* The people of tocsin.yaml who have no account: one of the same name is theirs. */
static void put_people(struct visit *v)
{
	const struct policy *p = &v->c->policy;
	struct error e = {""};
	buf_add_string(&v->out, "<datalist id=\"personnes\">");
	for (size_t i = 0; i < p->n_people; i++) {
		const struct policy_person *who = &p->people[i];
		if (reader_account(v->c->reader, slice_of(who->id), is_there, NULL, &e) !=
			READER_END)
			continue;
		buf_add_string(&v->out, "<option value=\"");
		html_text(&v->out, slice_of(who->id));
		buf_add_string(&v->out, "\">");
		html_text(&v->out, slice_of(who->name));
		buf_add_string(&v->out, "</option>");
	}
	buf_add_string(&v->out, "</datalist>\n");
}

static void put_name(struct visit *v, struct slice typed)
{
	buf_add_string(&v->out, "<p><label for=\"nom\">");
	page_word(v, words(v->l, "Nom du compte (minuscules, chiffres, . - _)"));
	buf_add_string(&v->out,
		"</label><input id=\"nom\" name=\"nom\" required maxlength=\"40\" autocomplete=\"off\" autocapitalize=\"none\" spellcheck=\"false\" list=\"personnes\" aria-describedby=\"nom-aide\" value=\"");
	html_text(&v->out, typed);
	buf_add_string(&v->out, "\"></p>\n<p id=\"nom-aide\" class=\"meta\">");
	page_word(v,
		v->session->by_socket
			? words(v->l,
				  "Celui que le serveur d'accès annonce. Si c'est aussi l'identifiant d'une personne de tocsin.yaml, le compte est le sien : il y est montré sous son nom.")
			: words(v->l,
				  "Si c'est l'identifiant d'une personne de tocsin.yaml, le compte est le sien : il y est montré sous son nom."));
	buf_add_string(&v->out, "</p>\n");
	put_people(v);
}

static void put_language(struct visit *v, struct slice typed)
{
	static const char *const names[] = {WORDS_MARK("celle de son navigateur"),
		WORDS_MARK("français"), WORDS_MARK("anglais")};
	static const char *const values[] = {"", "fr", "en"};
	buf_add_string(&v->out, "<p><label>");
	page_word(v, words(v->l, "Langue"));
	buf_add_string(&v->out, "<select name=\"langue\">");
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		buf_printf(&v->out, "<option value=\"%s\"%s>", values[i],
			slice_is(typed, values[i]) ? " selected" : "");
		page_word(v, words(v->l, names[i]));
		buf_add_string(&v->out, "</option>");
	}
	buf_add_string(&v->out, "</select></label></p>\n");
}

static void put_form(struct visit *v, const struct account_wish *typed)
{
	const struct account none = {0};
	page_element(v, "p",
		v->session->by_socket
			? words(v->l,
				  "Le serveur d'accès de la ville vérifie les mots de passe : il n'en faut pas ici, ni de lien. Le nouveau venu entre dès que le compte existe.")
			: words(v->l,
				  "Vous recevez un lien à remettre au nouveau venu, montré une fois : il y choisit un mot de passe que vous ne connaissez pas."));
	page_form(v, "noting", PATH);
	account_put_nonce(v);
	put_name(v, buf_slice(&typed->name));
	account_put_role_boxes(v, typed->roles);
	account_put_service_boxes(v, &none, buf_slice(&typed->services));
	account_put_source_boxes(v, &none, words(v->l, "Sources ; aucune cochée : toutes"),
		buf_slice(&typed->sources));
	buf_add_string(&v->out, "<p class=\"meta\">");
	page_word(v,
		words(v->l,
			"Seul un compte de modération ou de juriste, sans autre rôle, se limite à quelques sources."));
	buf_add_string(&v->out, "</p>\n");
	put_language(v, buf_slice(&typed->lang));
	conformity_reason(v, buf_slice(&typed->reason));
	buf_add_string(&v->out, "<p><button class=\"main\">");
	page_word(v, words(v->l, "Ajouter le compte"));
	buf_add_string(&v->out, "</button></p></form>\n");
}

static void new_page(
	struct visit *v, unsigned status, const char *wrong, const struct account_wish *typed)
{
	if (visit_reader(v) < 0) {
		visit_problem(v, 503);
		return;
	}
	buf_clear(&v->out);
	team_open(v, words(v->l, "Ajouter un compte"), PATH);
	if (wrong)
		conformity_wrong(v, wrong);
	put_form(v, typed);
	conformity_end(v, status);
}

void account_new_get(struct visit *v)
{
	new_page(v, 200, NULL, &(struct account_wish){.roles = 0});
}

/* --- it is made */

static void made(struct visit *v, int r, struct slice reply, const struct error *e)
{
	_cleanup_(account_wish_release) struct account_wish w = {.roles = 0};
	const struct slice name =
		(account_wish_read(v, &(struct account){0}, &w), buf_slice(&w.name));
	(void)reply;
	if (r == 0) {
		if (!v->session->by_socket)
			account_link_shown_next(v, name, &w);
		visit_tell(v, false, words(v->l, "Le compte est ajouté."));
		visit_go_to(v, "/comptes/%.*s", (int)name.n, name.p);
	} else if (r == -EEXIST) {
		new_page(v, 409,
			words(v->l,
				"Un compte de ce nom existe déjà, et rien n'a été changé : choisissez un autre nom, ou changez celui-là dans la liste des comptes."),
			&w);
	} else {
		new_page(v, r == -EINVAL ? 400 : 503, visit_why(v, r, e), &w);
	}
}

/* Why it cannot be; NULL: it can. */
static const char *wrong_with(struct visit *v, const struct account_wish *w)
{
	if (!account_name_ok(buf_slice(&w->name)))
		return words(v->l,
			"Ce nom ne convient pas : des minuscules sans accent, des chiffres, et . - _ à l'intérieur.");
	if (!w->nonce.n)
		return words(v->l, "Cette demande est incomplète.");
	if (w->sources.n && w->roles & ~ROLES_LIMITABLE)
		return words(v->l,
			"Seul un compte de modération ou de juriste, sans autre rôle, se limite à des sources : décochez-les, ou les autres rôles.");
	if (w->sources.n > ACCOUNT_SOURCES_MAX)
		return words(v->l,
			"Autant de sources ne s'inscrivent pas : cochez-en moins, ou rendez-les toutes.");
	const char *wrong = account_wrong_roles(v, w);
	return wrong || w->reason.n ? wrong : words(v->l, "Un motif est nécessaire.");
}

static void ask(struct visit *v, const struct account_wish *w)
{
	_buf_ struct buf body = {0};
	char secret[SESSION_TOKEN];
	unsigned char digest[DIGEST_SIZE];
	struct account_request q = {.account = {.name = buf_slice(&w->name),
					    .roles = w->roles,
					    .lang = buf_slice(&w->lang),
					    .secret = SLICE(ACCOUNT_NO_PASSWORD),
					    .services = buf_slice(&w->services),
					    .sources = buf_slice(&w->sources)},
		.who = slice_of(v->session->name),
		.reason = buf_slice(&w->reason)};
	if (!v->session->by_socket) {
		account_link(v, buf_slice(&w->name), w, secret, digest);
		q.link = (struct slice){(const char *)digest, sizeof(digest)};
		q.link_until = v->now + SETUP_LINK_MS;
		digest_wipe(secret, sizeof(secret));
	}
	account_encode(&body, &q);
	visit_ask_then(v, REQUEST_ACCOUNT, &body, made);
}

void account_new_post(struct visit *v)
{
	_cleanup_(account_wish_release) struct account_wish w = {.roles = 0};
	account_wish_read(v, &(struct account){0}, &w);
	const char *wrong = wrong_with(v, &w);
	if (wrong)
		new_page(v, 400, wrong, &w);
	else
		ask(v, &w);
}
