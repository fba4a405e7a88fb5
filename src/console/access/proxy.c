/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who comes by a proxy that asks for passwords itself (single sign-on): it is named in a header, over a Unix socket to which
 * only that proxy's user is let. The same header over another way in says nothing. The account must be there: its roles are
 * given here, not there. */
#include "../console.h"
#include <errno.h>
#include <tocsin/html/html.h>

enum { SHOWN = 80 };

/* The one name; empty: it names nobody, or two. */
static struct slice named(struct visit *v)
{
	struct slice name;
	return http_header(v->r, v->c->s->config.console.proxy.header, &name) == 0
		? name
		: (struct slice){0};
}

static int come_in(void *user, const struct login *a)
{
	struct visit *v = user;
	v->shut_out = a->held;
	if (a->roles)
		visit_sign(v, a);
	return 0;
}

void proxy_identify(struct visit *v)
{
	const struct slice name = named(v);
	struct error e = {""};
	if (v->session && !slice_is(name, v->session->name)) {
		session_end(v->session);
		v->session = NULL;
	}
	/* what everybody may see, and what asks by itself, begins nothing */
	if (v->session || !v->route || v->route->machine || v->route->roles == ROUTE_ALL)
		return;
	if (account_name_ok(name) && visit_reader(v) == 0)
		(void)!reader_account(v->c->reader, name, come_in, v, &e);
	if (!v->session)
		v->stranger = name;
}

void proxy_stranger(struct visit *v)
{
	struct slice name = v->stranger;
	const char *title = v->shut_out ? words(v->l, "Votre accès est fermé")
		: name.n                ? words(v->l, "Vous n'avez pas de compte ici")
			 : words(v->l, "Le serveur d'accès ne dit pas qui vous êtes");
	if (name.n > SHOWN)
		name.n = SHOWN;
	if (visit_reader(v) < 0) {
		visit_problem(v, 503);
		return;
	}
	page_open(v, title);
	page_element(v, "h1", title);
	if (name.n) {
		buf_add_string(&v->out, "<p>");
		page_word(v, words(v->l, "Le serveur d'accès annonce : "));
		html_shown(&v->out, name);
		buf_add_string(&v->out, "</p>\n");
		page_element(v, "p",
			v->shut_out
				? words(v->l, "Adressez-vous à l'administration de tocsin.")
				: words(v->l,
					  "Demandez à l'administration de tocsin un compte de ce nom (page « Comptes »)."));
	} else {
		page_element(v, "p",
			words(v->l,
				"Prévenez l'administration : il manque l'en-tête que « proxy: » de tocsin.yaml attend, ou il y est deux fois."));
	}
	page_close(v);
	visit_page(v, 403);
}

void proxy_left(struct visit *v)
{
	const char *title = words(v->l, "Vous êtes sorti de tocsin");
	const char *logout = v->c->s->config.console.proxy.logout;
	buf_clear(&v->out);
	page_open(v, title);
	page_element(v, "h1", title);
	page_element(v, "p",
		words(v->l,
			"Le serveur d'accès vous connaît encore : la prochaine page vous fera rentrer. Sur un poste partagé, fermez aussi sa session."));
	if (logout) {
		buf_add_string(&v->out, "<p><a class=\"choice\" href=\"");
		html_text(&v->out, slice_of(logout));
		buf_add_string(&v->out, "\">");
		page_word(v, words(v->l, "Fermer la session du serveur d'accès"));
		buf_add_string(&v->out, "</a></p>\n");
	}
	page_close(v);
	visit_page(v, 200);
}
