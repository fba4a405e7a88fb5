/* SPDX-License-Identifier: GPL-3.0-or-later
 * The page of one account. */
#include "account.h"
#include <tocsin/html/html.h>
#include "../conformity/conformity.h"
#include "../team/team.h"
#include "roles.h"

static void copy(char *to, size_t size, struct slice from)
{
	snprintf(to, size, "%.*s", (int)from.n, from.n ? from.p : "");
}

int account_take(void *user, const struct login *a)
{
	struct account *to = user;
	to->roles = a->roles;
	to->held = a->held;
	to->changed_at = a->changed_at;
	to->raised_at = a->raised_at;
	to->link_until = a->link_until;
	to->no_password = slice_is(a->secret, ACCOUNT_NO_PASSWORD);
	copy(to->lang, sizeof(to->lang), a->lang);
	copy(to->sources, sizeof(to->sources), a->sources);
	copy(to->services, sizeof(to->services), a->services);
	return 0;
}

bool account_find(struct visit *v, struct account *ret)
{
	struct error e = {""};
	int r = account_name_ok(v->argument) ? visit_reader(v) : READER_END;
	if (r == 0)
		r = reader_account(v->c->reader, v->argument, account_take, ret, &e);
	if (r)
		visit_problem(v, r == READER_END ? 404 : 503);
	return r == 0;
}

bool account_is_limitable(const struct account *a)
{
	return !((a->roles | a->held) & ~ROLES_LIMITABLE);
}

/* --- what is known of it */

void account_put_sources(struct visit *v, struct slice sources)
{
	struct slice id;
	if (!sources.n)
		page_word(v, words(v->l, "toutes"));
	for (bool first = true; account_source_next(&sources, &id); first = false) {
		buf_add_string(&v->out, first ? "" : ", ");
		html_shown(&v->out, config_source_title(&v->c->s->config, id));
	}
}

bool account_put_entry(struct visit *v, const struct account *a)
{
	char until[PAGE_MOMENT];
	if (a->held) {
		buf_add_string(&v->out, "<strong>");
		page_word(v, words(v->l, "fermé"));
		buf_add_string(&v->out, "</strong>");
	} else if (a->link_until > v->now) {
		buf_printf(&v->out, words(v->l, "attend son mot de passe ; lien %s"),
			page_moment(v, a->link_until, TIME_UNTIL, until));
	} else if (a->link_until) {
		page_word(v, words(v->l, "sans mot de passe : son lien ne sert plus"));
	} else if (a->no_password) {
		page_word(v, words(v->l, "par le serveur d'accès, sans mot de passe ici"));
	} else {
		return false;
	}
	return true;
}

void account_put_raised(struct visit *v, int64_t at)
{
	if (!at)
		return;
	buf_add_string(&v->out, "<br><strong>");
	page_word(v, words(v->l, "rôles donnés à soi-même"));
	buf_add_string(&v->out, "</strong>, ");
	page_time(v, at);
}

static void open_row(struct visit *v, const char *name)
{
	buf_add_string(&v->out, "<tr><th scope=\"row\">");
	page_word(v, name);
	buf_add_string(&v->out, "</th><td>");
}

static void close_row(struct visit *v)
{
	buf_add_string(&v->out, "</td></tr>\n");
}

static void put_facts(struct visit *v, const struct account *a)
{
	buf_add_string(&v->out, "<table class=\"facts\"><tbody>\n");
	if (policy_person(&v->c->policy, v->argument)) {
		open_row(v, words(v->l, "Personne"));
		page_person(v, v->argument);
		close_row(v);
	}
	open_row(v, words(v->l, "Rôles"));
	roles_put(v, a->roles | a->held);
	account_put_raised(v, a->raised_at);
	close_row(v);
	page_row(v, words(v->l, "Services"), slice_of(a->services));
	open_row(v, words(v->l, "Sources"));
	account_put_sources(v, slice_of(a->sources));
	close_row(v);
	open_row(v, words(v->l, "Accès"));
	if (!account_put_entry(v, a))
		page_word(v, words(v->l, "ouvert"));
	close_row(v);
	buf_add_string(&v->out, "</tbody></table>\n");
}

/* --- the link that was made for him: on one page, once */

static void put_link(struct visit *v, const struct account *a)
{
	struct session *s = v->session;
	_buf_ struct buf address = {0};
	char until[PAGE_MOMENT];
	if (!s->link[0] || !slice_is(v->argument, s->link_of))
		return;
	config_console_address(&v->c->s->config, &address);
	buf_add_string(&v->out,
		"<section class=\"handed\" aria-labelledby=\"remettre\"><h2 id=\"remettre\">");
	page_word(v, words(v->l, "Lien à remettre maintenant"));
	buf_add_string(&v->out, "</h2>\n<p><label>");
	page_word(v,
		words(v->l,
			"Qui l'ouvre choisit le mot de passe de ce compte : remettez-le à cette personne seulement."));
	buf_printf(&v->out,
		"<textarea id=\"lien\" readonly rows=\"4\" spellcheck=\"false\">%s/mot-de-passe/%s</textarea></label></p>\n"
		"<p><button type=\"button\" data-copy=\"lien\" data-copied=\"%s\" hidden>",
		buf_string(&address), s->link, words(v->l, "Copié"));
	page_word(v, words(v->l, "Copier le lien"));
	buf_add_string(&v->out, "</button></p>\n<p>");
	buf_printf(&v->out,
		words(v->l,
			"Il sert une fois, %s, et n'est montré qu'ici : copiez-le avant de quitter cette page."),
		page_moment(v, a->link_until, TIME_UNTIL, until));
	buf_add_string(&v->out, "</p></section>\n");
	digest_wipe(s->link, sizeof(s->link));
}

void account_page(struct visit *v, unsigned status, const char *wrong, enum account_form form,
	const struct account_wish *typed)
{
	struct account a = {0};
	_buf_ struct buf title = {0};
	if (!account_find(v, &a))
		return;
	buf_printf(&title, words(v->l, "Compte %.*s"), (int)v->argument.n, v->argument.p);
	buf_clear(&v->out);
	team_open(v, buf_string(&title), "/comptes/*");
	if (wrong)
		conformity_wrong(v, wrong);
	put_link(v, &a);
	put_facts(v, &a);
	account_put_forms(v, &a, form, typed);
	buf_add_string(&v->out, "<p><a href=\"/comptes\">");
	page_word(v, words(v->l, "Tous les comptes"));
	buf_add_string(&v->out, "</a></p>\n");
	conformity_end(v, status);
}

void account_get(struct visit *v)
{
	account_page(v, 200, NULL, ACCOUNT_FORM_NONE, NULL);
}
