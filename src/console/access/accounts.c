/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who has an account, and which sources he sees. */
#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/html/html.h>
#include "../conformity/conformity.h"
#include "../team/team.h"
#include "limit.h"

#define READERS (ROLE_MODERATION | ROLE_DIRCOM) /* of what a source brings */
#define FIELD "source-" /* and an id: a box */
enum { FIELD_MAX = 80 };

/* --- all of them */

struct list {
	struct visit *v;
	bool *read; /* of each source of tocsin.yaml: somebody has it before him */
};

static void put_source(struct visit *v, struct slice id)
{
	html_shown(&v->out, config_source_title(&v->c->s->config, id));
}

/* Their titles; "toutes". */
static void put_sources(struct visit *v, struct slice sources)
{
	struct slice id;
	if (!sources.n)
		page_word(v, words(v->l, "toutes"));
	for (bool first = true; account_source_next(&sources, &id); first = false) {
		buf_add_string(&v->out, first ? "" : ", ");
		put_source(v, id);
	}
}

static void note_read(struct list *l, const struct login *a)
{
	const struct config *config = &l->v->c->s->config;
	for (size_t i = 0; a->roles & READERS && i < config->n_sources; i++)
		l->read[i] |= account_sees(a->sources, slice_of(config->sources[i].id));
}

static int put_account(void *user, const struct login *a)
{
	struct list *l = user;
	struct visit *v = l->v;
	_buf_ struct buf roles = {0};
	note_read(l, a);
	account_roles_write(&roles, a->roles);
	buf_printf(&v->out, "<tr><th scope=\"row\"><a href=\"/comptes/%.*s\">", (int)a->name.n,
		a->name.p);
	html_shown(&v->out, a->name);
	buf_add_string(&v->out, "</a></th><td>");
	html_text(&v->out, buf_slice(&roles));
	buf_add_string(&v->out, "</td><td>");
	put_sources(v, a->sources);
	buf_add_string(&v->out, "</td><td>");
	page_time(v, a->changed_at);
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
		put_source(v, slice_of(config->sources[i].id));
		any = true;
	}
	if (any)
		buf_add_string(&v->out, "</p>\n");
}

void accounts_get(struct visit *v)
{
	const char *title = words(v->l, "Comptes");
	const char *const heads[] = {words(v->l, "compte"), words(v->l, "rôles"),
		words(v->l, "sources"), words(v->l, "changé le"), NULL};
	_free_ bool *read = xcalloc(v->c->s->config.n_sources + 1, sizeof(*read));
	struct list l = {v, read};
	struct error e = {""};
	team_open(v, title, "/comptes");
	conformity_table(v, title, heads);
	int r = reader_accounts(v->c->reader, put_account, &l, &e);
	conformity_table_end(v);
	if (r < 0) {
		visit_problem(v, 503);
		return;
	}
	put_unread(&l);
	page_element(v, "p",
		words(v->l,
			"Le nom d'un compte mène à ses sources. Ajouter, retirer, changer les rôles : « tocsin user add », « remove », « set »."));
	conformity_end(v, 200);
}

/* --- one */

struct account { /* as it is now */
	uint16_t roles;
	int64_t changed_at;
	char lang[3], sources[ACCOUNT_SOURCES_MAX + 1];
};

static int take_account(void *user, const struct login *a)
{
	struct account *to = user;
	to->roles = a->roles;
	to->changed_at = a->changed_at;
	snprintf(to->lang, sizeof(to->lang), "%.*s", (int)a->lang.n, a->lang.n ? a->lang.p : "");
	snprintf(to->sources, sizeof(to->sources), "%.*s", (int)a->sources.n,
		a->sources.n ? a->sources.p : "");
	return 0;
}

/* The one in the path; false: there is none, and the visit is over. */
static bool find_account(struct visit *v, struct account *ret)
{
	struct error e = {""};
	int r = account_name_ok(v->argument) ? visit_reader(v) : READER_END;
	if (r == 0)
		r = reader_account(v->c->reader, v->argument, take_account, ret, &e);
	if (r)
		visit_problem(v, r == READER_END ? 404 : 503);
	return r == 0;
}

static bool is_limitable(const struct account *a)
{
	return !(a->roles & ~ROLES_LIMITABLE);
}

/* What is on the page: as it is, or as it was typed. */
struct typed {
	struct slice sources, reason;
	int64_t known;
};

static void put_box(struct visit *v, struct slice id, struct slice chosen)
{
	const bool gone = !config_source(&v->c->s->config, id.p);
	buf_add_string(
		&v->out, "<p class=\"choice\"><label><input type=\"checkbox\" name=\"" FIELD);
	html_text(&v->out, id);
	buf_printf(&v->out, "\" value=\"1\"%s> <span>",
		chosen.n && account_sees(chosen, id) ? " checked" : "");
	put_source(v, id);
	if (gone) {
		buf_add_char(&v->out, ' ');
		page_word(v, words(v->l, "(n'est plus dans tocsin.yaml)"));
	}
	buf_add_string(&v->out, "</span></label></p>\n");
}

/* All that tocsin.yaml has, then those of the account that it has no more. */
static void put_boxes(struct visit *v, const struct account *a, struct slice chosen)
{
	const struct config *config = &v->c->s->config;
	struct slice rest = slice_of(a->sources), id;
	buf_add_string(&v->out, "<fieldset><legend>");
	page_word(v, words(v->l, "Sources que ce compte voit"));
	buf_add_string(&v->out, "</legend>\n");
	for (size_t i = 0; i < config->n_sources; i++)
		put_box(v, slice_of(config->sources[i].id), chosen);
	while (account_source_next(&rest, &id)) {
		char name[FIELD_MAX];
		snprintf(name, sizeof(name), "%.*s", (int)id.n, id.p);
		if (!config_source(config, name))
			put_box(v, slice_of(name), chosen);
	}
	buf_add_string(&v->out, "</fieldset>\n");
}

static void put_form(struct visit *v, const struct account *a, const struct typed *t)
{
	page_form(v, "noting", "/comptes/%.*s", (int)v->argument.n, v->argument.p);
	page_known(v, t->known);
	put_boxes(v, a, t->sources);
	conformity_reason(v, t->reason);
	buf_add_string(&v->out,
		"<p class=\"choices\"><button class=\"main\" name=\"voit\" value=\"cochees\">");
	page_word(v, words(v->l, "Limiter aux sources cochées"));
	buf_add_string(&v->out, "</button>");
	if (a->sources[0]) {
		buf_add_string(&v->out, " <button name=\"voit\" value=\"toutes\">");
		page_word(v, words(v->l, "Rendre toutes les sources"));
		buf_add_string(&v->out, "</button>");
	}
	buf_add_string(&v->out, "</p></form>\n");
	page_element(v, "p",
		words(v->l,
			"C'est fait aussitôt : ses sessions ouvertes se ferment, et il se reconnecte avec les sources qu'il a désormais. Ce qui vient des autres est pour lui comme absent."));
}

static void put_facts(struct visit *v, const struct account *a)
{
	_buf_ struct buf roles = {0};
	account_roles_write(&roles, a->roles);
	buf_add_string(&v->out, "<table class=\"facts\"><tbody>\n");
	page_row(v, words(v->l, "Rôles"), buf_slice(&roles));
	buf_add_string(&v->out, "<tr><th scope=\"row\">");
	page_word(v, words(v->l, "Sources"));
	buf_add_string(&v->out, "</th><td>");
	put_sources(v, slice_of(a->sources));
	buf_add_string(&v->out, "</td></tr>\n</tbody></table>\n");
}

static void account_page(
	struct visit *v, unsigned status, const char *wrong, const struct typed *typed)
{
	struct account a = {0};
	_buf_ struct buf title = {0};
	if (!find_account(v, &a))
		return;
	const struct typed as_it_is = {.sources = slice_of(a.sources), .known = a.changed_at};
	buf_printf(&title, words(v->l, "Compte %.*s"), (int)v->argument.n, v->argument.p);
	buf_clear(&v->out);
	team_open(v, buf_string(&title), "/comptes/*");
	if (wrong)
		conformity_wrong(v, wrong);
	put_facts(v, &a);
	if (is_limitable(&a))
		put_form(v, &a, typed ? typed : &as_it_is);
	else
		page_element(v, "p",
			words(v->l,
				"Ce compte voit toutes les sources : seul un compte de modération ou de juriste, sans autre rôle, se limite à quelques-unes."));
	conformity_end(v, status);
}

void account_get(struct visit *v)
{
	account_page(v, 200, NULL, NULL);
}

/* --- what it sees from now on */

/* The ids whose box is checked, with commas between them. */
static void read_boxes(struct visit *v, const struct account *a, struct buf *ret)
{
	const struct config *config = &v->c->s->config;
	_buf_ struct buf all = {0};
	struct slice rest, id;
	for (size_t i = 0; i < config->n_sources; i++)
		buf_printf(&all, "%s%s", i ? "," : "", config->sources[i].id);
	rest = slice_of(a->sources);
	while (account_source_next(&rest, &id))
		if (!account_sees(buf_slice(&all), id))
			buf_printf(&all, "%s%.*s", all.n ? "," : "", (int)id.n, id.p);
	rest = buf_slice(&all);
	while (account_source_next(&rest, &id)) {
		char field[FIELD_MAX];
		_buf_ struct buf on = {0};
		snprintf(field, sizeof(field), FIELD "%.*s", (int)id.n, id.p);
		if (visit_field(v, field, 1, &on) && on.n)
			buf_printf(ret, "%s%.*s", ret->n ? "," : "", (int)id.n, id.p);
	}
}

static void changed(struct visit *v, int r, struct slice reply, const struct error *e)
{
	(void)reply;
	if (r == 0) {
		visit_tell(v, false, words(v->l, "C'est changé : ses sessions sont fermées."));
		visit_go_to(v, "/comptes/%.*s", (int)v->argument.n, v->argument.p);
	} else if (r == -ENOENT) {
		visit_problem(v, 404);
	} else if (r == -ESTALE) {
		account_page(v, 409,
			words(v->l,
				"Le compte a changé entre-temps, et rien n'a été changé ici : le voici tel qu'il est."),
			NULL);
	} else {
		account_page(v, r == -EINVAL ? 400 : 503, visit_why(v, r, e), NULL);
	}
}

struct wish {
	struct buf sources, reason, seen;
	bool all;
};

static void wish_release(struct wish *w)
{
	buf_release(&w->sources);
	buf_release(&w->reason);
	buf_release(&w->seen);
}

/* Why it cannot be; NULL: it can. */
static const char *read_wish(
	struct visit *v, const struct account *a, struct wish *w, int64_t *ret_known)
{
	const bool known = visit_field(v, "suite", 20, &w->seen);
	_buf_ struct buf sees = {0};
	const bool chosen = visit_field(v, "voit", 10, &sees);
	read_boxes(v, a, &w->sources);
	w->all = chosen && slice_is(buf_slice(&sees), "toutes");
	const bool why = conformity_reason_read(v, &w->reason);
	if (!known || !slice_number(buf_slice(&w->seen), ret_known) || *ret_known <= 0 || !chosen ||
		(!w->all && !slice_is(buf_slice(&sees), "cochees")))
		return words(v->l, "Cette demande est incomplète.");
	if (!why)
		return words(v->l, "Un motif est nécessaire.");
	if (!w->all && !w->sources.n)
		return words(v->l, "Cochez au moins une source.");
	if (!w->all && w->sources.n > ACCOUNT_SOURCES_MAX)
		return words(v->l,
			"Autant de sources ne s'inscrivent pas : cochez-en moins, ou rendez-les toutes.");
	return NULL;
}

void account_post(struct visit *v)
{
	_cleanup_(wish_release) struct wish w = {.all = false};
	_buf_ struct buf body = {0};
	struct account a = {0};
	int64_t known = 0;
	if (!find_account(v, &a))
		return;
	const char *wrong = read_wish(v, &a, &w, &known);
	if (wrong) {
		account_page(v, 400, wrong,
			&(struct typed){buf_slice(&w.sources), buf_slice(&w.reason),
				known > 0 ? known : a.changed_at});
		return;
	}
	account_encode(&body,
		&(struct account_request){.account = {.name = v->argument,
						  .lang = slice_of(a.lang),
						  .sources = w.all ? SLICE(ACCOUNT_ALL_SOURCES)
								   : buf_slice(&w.sources)},
			.who = slice_of(v->session->name),
			.reason = buf_slice(&w.reason),
			.known = known,
			.replace = 1});
	visit_ask_then(v, REQUEST_ACCOUNT, &body, changed);
}
