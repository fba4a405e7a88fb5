/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who has an account, what he may, and which sources he sees. */
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/html/html.h>
#include "../conformity/conformity.h"
#include "../team/team.h"
#include "account.h"
#include "roles.h"

#define READERS (ROLE_MODERATION | ROLE_DIRCOM) /* of what a source brings */

struct list {
	struct visit *v;
	bool *read; /* of each source of tocsin.yaml: somebody has it before him */
};

static void note_read(struct list *l, const struct login *a)
{
	const struct config *config = &l->v->c->s->config;
	for (size_t i = 0; a->roles & READERS && i < config->n_sources; i++)
		l->read[i] |= account_sees(a->sources, slice_of(config->sources[i].id));
}

static int put_account(void *user, const struct login *login)
{
	struct list *l = user;
	struct visit *v = l->v;
	struct account a = {0};
	note_read(l, login);
	(void)!account_take(&a, login);
	buf_printf(&v->out, "<tr><th scope=\"row\"><a href=\"/comptes/%.*s\">", (int)login->name.n,
		login->name.p);
	html_shown(&v->out, login->name);
	buf_add_string(&v->out, "</a></th><td class=\"text\">");
	roles_put(v, a.roles | a.held);
	account_put_raised(v, a.raised_at);
	buf_add_string(&v->out, "</td><td class=\"text\">");
	account_put_sources(v, login->sources);
	buf_add_string(&v->out, "</td><td class=\"text\">");
	if (!account_put_entry(v, &a))
		page_word(v, words(v->l, "ouvert"));
	buf_add_string(&v->out, "</td><td>");
	page_time(v, a.changed_at);
	buf_add_string(&v->out, "</td></tr>\n");
	return 0;
}

/* What comes in and is before nobody. */
static void put_unread(const struct list *l)
{
	struct visit *v = l->v;
	const struct config *config = &v->c->s->config;
	bool any = false;
	for (size_t i = 0; i < config->n_sources; i++) {
		if (l->read[i])
			continue;
		buf_add_string(&v->out, any ? ", " : "<p><strong>");
		if (!any) {
			page_word(v, words(v->l, "Personne ne modère :"));
			buf_add_string(&v->out, "</strong> ");
		}
		html_shown(&v->out, config_source_title(config, slice_of(config->sources[i].id)));
		any = true;
	}
	if (any)
		buf_add_string(&v->out, "</p>\n");
}

void accounts_get(struct visit *v)
{
	const char *title = words(v->l, "Comptes");
	const char *const heads[] = {words(v->l, "compte"), words(v->l, "rôles"),
		words(v->l, "sources"), words(v->l, "accès"), words(v->l, "changé le"), NULL};
	_free_ bool *read = xcalloc(v->c->s->config.n_sources + 1, sizeof(*read));
	struct list l = {v, read};
	struct error e = {""};
	team_open(v, title, "/comptes");
	page_element(v, "p",
		words(v->l,
			"Le nom d'un compte mène à ses droits : rôles, sources, accès, mot de passe oublié."));
	buf_add_string(&v->out, "<p><a class=\"choice\" href=\"/comptes-nouveau\">");
	page_word(v, words(v->l, "Ajouter un compte"));
	buf_add_string(&v->out, "</a></p>\n");
	conformity_table(v, title, heads);
	int r = reader_accounts(v->c->reader, put_account, &l, &e);
	conformity_table_end(v);
	if (r < 0) {
		visit_problem(v, 503);
		return;
	}
	put_unread(&l);
	buf_add_string(&v->out, "<p><a href=\"/conformite/journal?quoi=comptes\">");
	page_word(v, words(v->l, "Qui a changé quoi, et quand : le journal"));
	buf_add_string(&v->out, "</a></p>\n");
	conformity_end(v, 200);
}
