/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the administration may change of an account. */
#include <tocsin/html/html.h>
#include "../conformity/conformity.h"
#include "account.h"
#include "roles.h"

enum { FIELD_MAX = 80 };

/* --- boxes */

static void open_boxes(struct visit *v, const char *legend)
{
	buf_add_string(&v->out, "<fieldset class=\"boxes\"><legend>");
	page_word(v, legend);
	buf_add_string(&v->out, "</legend>\n");
}

static void open_box(struct visit *v, const char *kind, struct slice id, bool checked)
{
	buf_printf(&v->out, "<p class=\"choice\"><label><input type=\"checkbox\" name=\"%s-", kind);
	html_text(&v->out, id);
	buf_printf(&v->out, "\" value=\"1\"%s> <span>", checked ? " checked" : "");
}

static void close_box(struct visit *v)
{
	buf_add_string(&v->out, "</span></label></p>\n");
}

static bool is_chosen(struct slice chosen, struct slice id)
{
	return chosen.n && account_sees(chosen, id);
}

/* One that tocsin.yaml has no more. */
static void put_gone(struct visit *v)
{
	buf_add_char(&v->out, ' ');
	page_word(v, words(v->l, "(n'est plus dans tocsin.yaml)"));
}

void account_put_role_boxes(struct visit *v, uint16_t chosen)
{
	open_boxes(v, words(v->l, "Rôles, et ce que chacun voit"));
	for (unsigned role = 0; role < ROLES; role++) {
		open_box(v, "role", slice_of(account_role_names[role]), chosen >> role & 1);
		buf_add_string(&v->out, "<strong>");
		page_word(v, role_title(v, role));
		buf_add_string(&v->out, "</strong> : ");
		page_word(v, role_sees(v, role));
		close_box(v);
	}
	buf_add_string(&v->out, "</fieldset>\n");
}

static void put_service(struct visit *v, struct slice id, struct slice chosen)
{
	const struct reply_service *s = replies_service(&v->c->replies, id);
	open_box(v, "service", id, is_chosen(chosen, id));
	html_shown(&v->out, s ? slice_of(s->name) : id);
	if (!s)
		put_gone(v);
	close_box(v);
}

void account_put_service_boxes(struct visit *v, const struct account *a, struct slice chosen)
{
	const struct replies *r = &v->c->replies;
	struct slice rest = slice_of(a->services), id;
	if (!r->n_services && !rest.n)
		return;
	open_boxes(v, words(v->l, "Services (pour le rôle « services qui répondent »)"));
	for (size_t i = 0; i < r->n_services; i++)
		put_service(v, slice_of(r->services[i].id), chosen);
	while (account_source_next(&rest, &id))
		if (!replies_service(r, id))
			put_service(v, id, chosen);
	buf_add_string(&v->out, "</fieldset>\n");
}

static bool is_source(struct visit *v, struct slice id)
{
	char name[FIELD_MAX];
	snprintf(name, sizeof(name), "%.*s", (int)id.n, id.p);
	return config_source(&v->c->s->config, name);
}

static void put_source(struct visit *v, struct slice id, struct slice chosen)
{
	open_box(v, "source", id, is_chosen(chosen, id));
	html_shown(&v->out, config_source_title(&v->c->s->config, id));
	if (!is_source(v, id))
		put_gone(v);
	close_box(v);
}

/* All that tocsin.yaml has, then those of the account that it has no more. */
void account_put_source_boxes(
	struct visit *v, const struct account *a, const char *legend, struct slice chosen)
{
	const struct config *config = &v->c->s->config;
	struct slice rest = slice_of(a->sources), id;
	open_boxes(v, legend);
	for (size_t i = 0; i < config->n_sources; i++)
		put_source(v, slice_of(config->sources[i].id), chosen);
	while (account_source_next(&rest, &id))
		if (!is_source(v, id))
			put_source(v, id, chosen);
	buf_add_string(&v->out, "</fieldset>\n");
}

void account_put_nonce(struct visit *v)
{
	char nonce[SESSION_TOKEN];
	session_token(nonce);
	buf_printf(&v->out, "<input type=\"hidden\" name=\"cle\" value=\"%s\">\n", nonce);
}

/* --- the forms; what is in them as it is, or as it was typed */

struct forms {
	struct visit *v;
	const struct account *a;
	enum account_form form; /* that was sent */
	const struct account_wish *typed; /* … with this; NULL: none */
};

static const struct account_wish *typed_of(const struct forms *f, enum account_form form)
{
	return f->form == form ? f->typed : NULL;
}

static void open_form(
	const struct forms *f, enum account_form form, const char *summary, const char *path)
{
	struct visit *v = f->v;
	const struct account_wish *typed = typed_of(f, form);
	buf_printf(
		&v->out, "<details class=\"conduct\"%s><summary>", f->form == form ? " open" : "");
	page_word(v, summary);
	buf_add_string(&v->out, "</summary>\n");
	page_form(v, "noting", "/comptes/%.*s%s", (int)v->argument.n, v->argument.p, path);
	page_known(v, typed && typed->known > 0 ? typed->known : f->a->changed_at);
}

static void put_reason(const struct forms *f, enum account_form form)
{
	const struct account_wish *typed = typed_of(f, form);
	conformity_reason(f->v, typed ? buf_slice(&typed->reason) : (struct slice){0});
}

static void close_form(struct visit *v, const char *button)
{
	buf_add_string(&v->out, "<p><button class=\"main\">");
	page_word(v, button);
	buf_add_string(&v->out, "</button></p></form></details>\n");
}

static void put_sources_form(const struct forms *f)
{
	struct visit *v = f->v;
	const struct account_wish *typed = typed_of(f, ACCOUNT_FORM_SOURCES);
	open_form(f, ACCOUNT_FORM_SOURCES, words(v->l, "Limiter à des sources"), "");
	account_put_source_boxes(v, f->a, words(v->l, "Sources que ce compte voit"),
		typed ? buf_slice(&typed->sources) : slice_of(f->a->sources));
	put_reason(f, ACCOUNT_FORM_SOURCES);
	buf_add_string(&v->out,
		"<p class=\"choices\"><button class=\"main\" name=\"voit\" value=\"cochees\">");
	page_word(v, words(v->l, "Limiter aux sources cochées"));
	buf_add_string(&v->out, "</button>");
	if (f->a->sources[0]) {
		buf_add_string(&v->out, " <button name=\"voit\" value=\"toutes\">");
		page_word(v, words(v->l, "Rendre toutes les sources"));
		buf_add_string(&v->out, "</button>");
	}
	buf_add_string(&v->out, "</p></form>\n");
	page_element(v, "p",
		words(v->l,
			"C'est fait aussitôt : ses sessions ouvertes se ferment, et il se reconnecte avec les sources qu'il a désormais. Ce qui vient des autres est pour lui comme absent."));
	buf_add_string(&v->out, "</details>\n");
}

static void put_roles_form(const struct forms *f, bool own)
{
	struct visit *v = f->v;
	const struct account_wish *typed = typed_of(f, ACCOUNT_FORM_ROLES);
	open_form(f, ACCOUNT_FORM_ROLES, words(v->l, "Changer les rôles"), "/roles");
	page_element(v, "p",
		own ? words(v->l,
			      "C'est votre propre compte : un rôle que vous vous donnez est inscrit au journal comme donné à soi-même, et se voit dans la liste des comptes. Votre session se ferme ; reconnectez-vous.")
		    : words(v->l,
			      "C'est fait aussitôt : ses sessions ouvertes se ferment, et il se reconnecte avec ces rôles. Ses jetons ne peuvent plus que ce qu'ils permettent."));
	account_put_role_boxes(v, typed ? typed->roles : f->a->roles | f->a->held);
	account_put_service_boxes(
		v, f->a, typed ? buf_slice(&typed->services) : slice_of(f->a->services));
	put_reason(f, ACCOUNT_FORM_ROLES);
	close_form(v, words(v->l, "Donner ces rôles"));
}

/* Who comes by a proxy has no password here. */
static void put_link_form(const struct forms *f, bool own)
{
	struct visit *v = f->v;
	if (v->session->by_socket) {
		page_element(v, "p",
			words(v->l,
				"Le serveur d'accès de la ville vérifie les mots de passe : il n'y a pas de lien à donner, et un mot de passe oublié se change là-bas."));
		return;
	}
	if (own || f->a->held)
		return;
	open_form(f, ACCOUNT_FORM_LINK,
		f->a->no_password ? words(v->l, "Donner un autre lien")
				  : words(v->l, "Mot de passe oublié : donner un lien"),
		"/lien");
	page_element(v, "p",
		f->a->no_password
			? words(v->l,
				  "Vous recevez un lien à lui remettre, montré une fois ; celui d'avant ne sert plus. Il y choisit un mot de passe que vous ne connaissez pas.")
			: words(v->l,
				  "Son mot de passe ne vaut plus aussitôt, et ses sessions ouvertes se ferment. Vous recevez un lien à lui remettre, montré une fois ; il y choisit un mot de passe que vous ne connaissez pas."));
	account_put_nonce(v);
	put_reason(f, ACCOUNT_FORM_LINK);
	close_form(v, words(v->l, "Faire le lien"));
}

static void put_shut_form(const struct forms *f, bool own)
{
	struct visit *v = f->v;
	open_form(f, ACCOUNT_FORM_SHUT, words(v->l, "Fermer l'accès"), "/fermer");
	page_element(v, "p",
		own ? words(v->l,
			      "C'est votre propre compte : votre session se ferme, et seul un autre compte d'administration peut vous rouvrir l'accès.")
		    : words(v->l,
			      "Aussitôt, ses sessions se ferment, ses jetons et son lien ne servent plus, et ce dont il s'occupait est rendu. Ses rôles sont gardés : l'accès se rouvre ici."));
	put_reason(f, ACCOUNT_FORM_SHUT);
	buf_add_string(&v->out, "<p><button class=\"grave\">");
	page_word(v, words(v->l, "Fermer l'accès"));
	buf_add_string(&v->out, "</button></p></form></details>\n");
}

static void put_open_form(const struct forms *f)
{
	struct visit *v = f->v;
	open_form(f, ACCOUNT_FORM_OPEN, words(v->l, "Rouvrir l'accès"), "/rouvrir");
	page_element(v, "p",
		f->a->link_until
			? words(v->l,
				  "Il retrouve ses rôles. Il n'a pas de mot de passe : donnez-lui ensuite un lien.")
			: f->a->no_password
			? words(v->l, "Il retrouve ses rôles.")
			: words(v->l,
				  "Il retrouve ses rôles, et entre avec le mot de passe qu'il avait."));
	put_reason(f, ACCOUNT_FORM_OPEN);
	close_form(v, words(v->l, "Rouvrir l'accès"));
}

void account_put_forms(struct visit *v, const struct account *a, enum account_form form,
	const struct account_wish *typed)
{
	const struct forms f = {v, a, form, typed};
	const bool own = slice_is(v->argument, v->session->name);
	if (account_is_limitable(a))
		put_sources_form(&f);
	else
		page_element(v, "p",
			words(v->l,
				"Ce compte voit toutes les sources : seul un compte de modération ou de juriste, sans autre rôle, se limite à quelques-unes."));
	put_roles_form(&f, own);
	put_link_form(&f, own);
	if (a->held)
		put_open_form(&f);
	else
		put_shut_form(&f, own);
}
