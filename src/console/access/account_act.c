/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the administration changes of an account: asked of store as the account was looked at, and never so that nobody of the
 * administration is left. */
#include <errno.h>
#include <tocsin/html/html.h>
#include "../conformity/conformity.h"
#include "account.h"

enum { FIELD_MAX = 80, NONCE_MAX = 64 };

/* --- what a form says */

void account_wish_release(struct account_wish *w)
{
	buf_release(&w->name);
	buf_release(&w->lang);
	buf_release(&w->reason);
	buf_release(&w->nonce);
	buf_release(&w->services);
	buf_release(&w->sources);
}

static bool is_checked(struct visit *v, const char *kind, struct slice id)
{
	char field[FIELD_MAX];
	_buf_ struct buf on = {0};
	snprintf(field, sizeof(field), "%s-%.*s", kind, (int)id.n, id.p);
	return visit_field(v, field, 1, &on) && on.n;
}

static void add_id(struct buf *list, struct slice id)
{
	buf_printf(list, "%s%.*s", list->n ? "," : "", (int)id.n, id.p);
}

/* The ids whose box is checked, of what tocsin.yaml has (all) and the account had. */
static void read_boxes(
	struct visit *v, const char *kind, struct buf *all, struct slice had, struct buf *ret)
{
	struct slice rest = had, id;
	while (account_source_next(&rest, &id))
		if (!all->n || !account_sees(buf_slice(all), id))
			add_id(all, id);
	rest = buf_slice(all);
	while (account_source_next(&rest, &id))
		if (is_checked(v, kind, id))
			add_id(ret, id);
}

static void read_choices(struct visit *v, const struct account *a, struct account_wish *w)
{
	const struct config *config = &v->c->s->config;
	_buf_ struct buf sources = {0}, services = {0};
	for (size_t i = 0; i < config->n_sources; i++)
		add_id(&sources, slice_of(config->sources[i].id));
	for (size_t i = 0; i < v->c->replies.n_services; i++)
		add_id(&services, slice_of(v->c->replies.services[i].id));
	read_boxes(v, "source", &sources, slice_of(a->sources), &w->sources);
	read_boxes(v, "service", &services, slice_of(a->services), &w->services);
	for (unsigned role = 0; role < ROLES; role++)
		if (is_checked(v, "role", slice_of(account_role_names[role])))
			w->roles |= (uint16_t)(1u << role);
}

void account_wish_read(struct visit *v, const struct account *a, struct account_wish *w)
{
	_buf_ struct buf seen = {0}, sees = {0};
	if (!visit_field(v, "suite", 20, &seen) || !slice_number(buf_slice(&seen), &w->known) ||
		w->known < 0)
		w->known = 0;
	w->chosen = visit_field(v, "voit", 10, &sees);
	w->all = w->chosen && slice_is(buf_slice(&sees), "toutes");
	w->chosen = w->all || (w->chosen && slice_is(buf_slice(&sees), "cochees"));
	if (!visit_field(v, "nom", ACCOUNT_NAME_MAX, &w->name))
		buf_clear(&w->name);
	if (!visit_field(v, "langue", 2, &w->lang))
		buf_clear(&w->lang);
	if (!visit_field(v, "cle", NONCE_MAX, &w->nonce))
		buf_clear(&w->nonce);
	if (!conformity_reason_read(v, &w->reason))
		buf_clear(&w->reason);
	read_choices(v, a, w);
}

const char *account_wrong_roles(struct visit *v, const struct account_wish *w)
{
	if (!w->roles)
		return words(v->l, "Cochez au moins un rôle.");
	if (!(w->roles & ROLE_SERVICE) != !w->services.n)
		return words(v->l,
			"Le rôle « services qui répondent » et des services vont ensemble : cochez les deux, ou aucun.");
	if (w->services.n > ACCOUNT_SERVICES_MAX)
		return words(v->l, "Autant de services ne s'inscrivent pas : cochez-en moins.");
	return NULL;
}

/* --- the link */

void account_link(struct visit *v, struct slice name, const struct account_wish *w,
	char secret[static SESSION_TOKEN], unsigned char digest[static DIGEST_SIZE])
{
	session_link(&v->c->sessions, v->token, name, buf_slice(&w->nonce), secret);
	digest_sha256(slice_of(secret), digest);
}

void account_link_shown_next(struct visit *v, struct slice name, const struct account_wish *w)
{
	struct session *s = v->session;
	unsigned char digest[DIGEST_SIZE];
	account_link(v, name, w, s->link, digest);
	snprintf(s->link_of, sizeof(s->link_of), "%.*s", (int)name.n, name.p);
}

/* --- what came of it */

struct outcome {
	enum account_form form;
	const char *done;
};

/* It is as it was asked for: the form came twice, or somebody else had the same thought. */
static bool is_so(const struct account *a, enum account_form form, const struct account_wish *w)
{
	switch (form) {
	case ACCOUNT_FORM_ROLES:
		return (a->roles | a->held) == w->roles &&
			slice_is(buf_slice(&w->services), a->services);
	case ACCOUNT_FORM_SHUT: return a->held;
	case ACCOUNT_FORM_OPEN: return !a->held;
	case ACCOUNT_FORM_NONE:
	case ACCOUNT_FORM_SOURCES:
	case ACCOUNT_FORM_LINK:
	default: return false;
	}
}

static void done(struct visit *v, enum account_form form, const struct account_wish *w)
{
	static const char *const told[] = {
		[ACCOUNT_FORM_SOURCES] = WORDS_MARK("C'est changé : ses sessions sont fermées."),
		[ACCOUNT_FORM_ROLES] = WORDS_MARK("C'est changé : ses sessions sont fermées."),
		[ACCOUNT_FORM_LINK] = WORDS_MARK(
			"Le lien est fait : un mot de passe ou un lien d'avant ne sert plus, et ses sessions sont fermées."),
		[ACCOUNT_FORM_SHUT] = WORDS_MARK("L'accès est fermé, et ses sessions aussi."),
		[ACCOUNT_FORM_OPEN] = WORDS_MARK("L'accès est rouvert.")};
	if (form == ACCOUNT_FORM_LINK)
		account_link_shown_next(v, v->argument, w);
	visit_tell(v, false, words(v->l, told[form]));
	visit_go_to(v, "/comptes/%.*s", (int)v->argument.n, v->argument.p);
}

/* Somebody else was first: what was typed stays, and is sent again for the account as it is now. Of sources, the boxes say how it
 * is. */
static void stale(
	struct visit *v, struct account *a, enum account_form form, struct account_wish *w)
{
	w->known = a->changed_at;
	if (form == ACCOUNT_FORM_SOURCES)
		account_page(v, 409,
			words(v->l,
				"Le compte a changé entre-temps, et rien n'a été changé ici : le voici tel qu'il est."),
			form, NULL);
	else
		account_page(v, 409,
			words(v->l,
				"Le compte a changé entre-temps, et rien n'a été changé ici. En haut, il est tel qu'il est à présent ; dessous, ce que vous aviez choisi : relisez, puis validez de nouveau."),
			form, w);
}

static void came_to(struct visit *v, enum account_form form, int r, const struct error *e)
{
	_cleanup_(account_wish_release) struct account_wish w = {.roles = 0};
	struct account a = {0};
	if (r == -ENOENT) {
		visit_problem(v, 404);
		return;
	}
	if (r == 0 || r == -ESTALE) {
		if (!account_find(v, &a))
			return;
		account_wish_read(v, &a, &w);
	} else {
		account_wish_read(v, &a, &w);
	}
	if (r == 0 || (r == -ESTALE && is_so(&a, form, &w)))
		done(v, form, &w);
	else if (r == -ESTALE)
		stale(v, &a, form, &w);
	else if (r == -EBUSY)
		account_page(v, 409,
			words(v->l,
				"C'est le dernier compte d'administration qui peut entrer : rien n'a été changé. Donnez d'abord ce rôle à un autre compte, qui ait choisi son mot de passe."),
			form, &w);
	else
		account_page(v, r == -EINVAL ? 400 : 503, visit_why(v, r, e), form, &w);
}

#define CAME_TO(name, form) \
	static void name(struct visit *v, int r, struct slice reply, const struct error *e) \
	{ \
		(void)reply; \
		came_to(v, form, r, e); \
	}
CAME_TO(sources_came, ACCOUNT_FORM_SOURCES)
CAME_TO(roles_came, ACCOUNT_FORM_ROLES)
CAME_TO(link_came, ACCOUNT_FORM_LINK)
CAME_TO(shut_came, ACCOUNT_FORM_SHUT)
CAME_TO(open_came, ACCOUNT_FORM_OPEN)

static visit_then_fn *const then_of[] = {[ACCOUNT_FORM_SOURCES] = sources_came,
	[ACCOUNT_FORM_ROLES] = roles_came,
	[ACCOUNT_FORM_LINK] = link_came,
	[ACCOUNT_FORM_SHUT] = shut_came,
	[ACCOUNT_FORM_OPEN] = open_came};

/* --- asked of store */

static const char *wrong_sources(struct visit *v, const struct account_wish *w)
{
	if (!w->all && !w->sources.n)
		return words(v->l, "Cochez au moins une source.");
	if (!w->all && w->sources.n > ACCOUNT_SOURCES_MAX)
		return words(v->l,
			"Autant de sources ne s'inscrivent pas : cochez-en moins, ou rendez-les toutes.");
	return NULL;
}

/* Why it cannot be; NULL: it can. */
static const char *wrong_with(struct visit *v, const struct account *a, enum account_form form,
	const struct account_wish *w)
{
	if (!w->known || (form == ACCOUNT_FORM_SOURCES && !w->chosen) ||
		(form == ACCOUNT_FORM_LINK && !w->nonce.n))
		return words(v->l, "Cette demande est incomplète.");
	if (!w->reason.n)
		return words(v->l, "Un motif est nécessaire.");
	if (form == ACCOUNT_FORM_SOURCES)
		return wrong_sources(v, w);
	if (form == ACCOUNT_FORM_ROLES && a->sources[0] && w->roles & ~ROLES_LIMITABLE)
		return words(v->l,
			"Ce compte est limité à des sources, et ces rôles voient toute la ville : rendez-lui d'abord toutes les sources.");
	return form == ACCOUNT_FORM_ROLES ? account_wrong_roles(v, w) : NULL;
}

static void ask(struct visit *v, const struct account *a, enum account_form form,
	const struct account_wish *w)
{
	_buf_ struct buf body = {0};
	char secret[SESSION_TOKEN];
	unsigned char digest[DIGEST_SIZE];
	struct account_request q = {.account = {.name = v->argument, .lang = slice_of(a->lang)},
		.who = slice_of(v->session->name),
		.reason = buf_slice(&w->reason),
		.known = w->known,
		.replace = 1,
		.guarded = 1,
		.door = form == ACCOUNT_FORM_SHUT   ? DOOR_SHUT
			: form == ACCOUNT_FORM_OPEN ? DOOR_OPEN
						    : DOOR_AS_IT_IS};
	if (form == ACCOUNT_FORM_SOURCES)
		q.account.sources = w->all ? SLICE(ACCOUNT_ALL_SOURCES) : buf_slice(&w->sources);
	if (form == ACCOUNT_FORM_ROLES) {
		q.account.roles = w->roles;
		q.account.services = buf_slice(&w->services);
	}
	if (form == ACCOUNT_FORM_LINK) {
		account_link(v, v->argument, w, secret, digest);
		q.account.secret = SLICE(ACCOUNT_NO_PASSWORD);
		q.link = (struct slice){(const char *)digest, sizeof(digest)};
		q.link_until = v->now + SETUP_LINK_MS;
		digest_wipe(secret, sizeof(secret));
	}
	account_encode(&body, &q);
	visit_ask_then(v, REQUEST_ACCOUNT, &body, then_of[form]);
}

static void change(struct visit *v, enum account_form form)
{
	_cleanup_(account_wish_release) struct account_wish w = {.roles = 0};
	struct account a = {0};
	if (!account_find(v, &a))
		return;
	account_wish_read(v, &a, &w);
	const char *wrong = wrong_with(v, &a, form, &w);
	if (wrong)
		account_page(v, 400, wrong, form, &w);
	else
		ask(v, &a, form, &w);
}

void account_post(struct visit *v)
{
	change(v, ACCOUNT_FORM_SOURCES);
}

void account_roles_post(struct visit *v)
{
	change(v, ACCOUNT_FORM_ROLES);
}

void account_shut_post(struct visit *v)
{
	change(v, ACCOUNT_FORM_SHUT);
}

void account_open_post(struct visit *v)
{
	change(v, ACCOUNT_FORM_OPEN);
}

/* One's own password is changed by the old one; whoever is shut out is let in first; a proxy knows passwords itself. */
void account_link_post(struct visit *v)
{
	struct account a = {0};
	if (!account_find(v, &a))
		return;
	if (v->session->by_socket)
		account_page(v, 409,
			words(v->l,
				"Le serveur d'accès de la ville vérifie les mots de passe : un lien n'y servirait à rien, et rien n'a été changé."),
			ACCOUNT_FORM_NONE, NULL);
	else if (slice_is(v->argument, v->session->name))
		account_page(v, 409,
			words(v->l,
				"Votre propre mot de passe se change à la page « Changer mon mot de passe », en bas."),
			ACCOUNT_FORM_NONE, NULL);
	else if (a.held)
		account_page(v, 409,
			words(v->l,
				"Son accès est fermé : rouvrez-le d'abord, puis donnez un lien."),
			ACCOUNT_FORM_NONE, NULL);
	else
		change(v, ACCOUNT_FORM_LINK);
}
