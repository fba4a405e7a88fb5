/* SPDX-License-Identifier: GPL-3.0-or-later
 * The account of what people did: who, what, why. The administration sees what concerns accounts and rules; what was looked for
 * or decided may tell of citizens, and is the DPO's. */
#include <errno.h>
#include "conformity.h"

enum { ENTRIES = 50 };

static const struct group {
	const char *name, *title, *verbs;
	uint16_t roles;
} groups[] = {
	{"acces", WORDS_MARK("Recherches, accès et exports"), " search handle oppose export ",
		ROLE_DPO},
	{"purges", WORDS_MARK("Effacements"), " purge ", ROLE_DPO | ROLE_ADMIN},
	{"comptes", WORDS_MARK("Comptes, jetons, règles et absences"),
		" account sign-in token bundle absence ", ROLE_DPO | ROLE_ADMIN},
	{"decisions", WORDS_MARK("Décisions, dossiers et alertes"),
		" decide second bulk dossier ack close silence drill revise ", ROLE_DPO},
};
#define GROUPS (sizeof(groups) / sizeof(*groups))

static const char *verb_name(const struct visit *v, struct slice verb)
{
	static const struct {
		const char *verb, *french;
	} names[] = {{"search", WORDS_MARK("recherche")},
		{"handle", WORDS_MARK("accès à une personne")},
		{"oppose", WORDS_MARK("opposition")}, {"export", WORDS_MARK("export")},
		{"purge", WORDS_MARK("effacement")}, {"account", WORDS_MARK("compte")},
		{"token", WORDS_MARK("jeton")}, {"sign-in", WORDS_MARK("connexion")},
		{"bundle", WORDS_MARK("règles publiées")}, {"decide", WORDS_MARK("décision")},
		{"requalify", WORDS_MARK("requalification")},
		{"release", WORDS_MARK("main rendue")}, {"pass-on", WORDS_MARK("relais demandé")},
		{"second", WORDS_MARK("second regard")}, {"bulk", WORDS_MARK("décision groupée")},
		{"dossier", WORDS_MARK("dossier")}, {"ack", WORDS_MARK("prise en charge")},
		{"close", WORDS_MARK("clôture")}, {"reopen", WORDS_MARK("réouverture")},
		{"absence", WORDS_MARK("absence")}, {"silence", WORDS_MARK("sourdine")},
		{"drill", WORDS_MARK("exercice")}, {"revise", WORDS_MARK("verdict complété")},
		{"missed", WORDS_MARK("oubli mis de côté")}};
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (slice_is(verb, names[i].verb))
			return words(v->l, names[i].french);
	return "–";
}

struct listing {
	struct visit *v;
	size_t n;
	int64_t last;
};

static int put_entry(void *user, const struct audit_entry *a)
{
	struct listing *l = user;
	struct visit *v = l->v;
	l->n++;
	if (l->n > ENTRIES)
		return 0;
	l->last = a->id;
	buf_add_string(&v->out, "<tr><td>");
	conformity_moment(v, a->at);
	buf_add_string(&v->out, "</td><td>");
	page_person(v, a->who);
	buf_add_string(&v->out, "</td><td>");
	page_word(v, verb_name(v, a->verb));
	buf_add_string(&v->out, "</td>");
	conformity_text(v, a->what);
	conformity_text(v, a->why);
	buf_add_string(&v->out, "</tr>\n");
	return 0;
}

static void put_groups(struct visit *v, const struct group *now)
{
	buf_printf(&v->out, "<nav class=\"tabs\" aria-label=\"%s\"><ul>\n", words(v->l, "Journal"));
	for (size_t i = 0; i < GROUPS; i++) {
		if (!(v->session->roles & groups[i].roles))
			continue;
		buf_printf(&v->out, "<li><a href=\"/conformite/journal?quoi=%s\"%s>",
			groups[i].name, &groups[i] == now ? " aria-current=\"page\"" : "");
		page_word(v, words(v->l, groups[i].title));
		buf_add_string(&v->out, "</a></li>\n");
	}
	buf_add_string(&v->out, "</ul></nav>\n");
}

/* The one that is asked for, else the first that the roles open; NULL: they do not open it. */
static const struct group *group_of(struct visit *v)
{
	_buf_ struct buf name = {0};
	const int asked = visit_query(v, "quoi", 40, &name);
	for (size_t i = 0; i < GROUPS; i++)
		if (v->session->roles & groups[i].roles &&
			(asked == -ENOENT || slice_is(buf_slice(&name), groups[i].name)))
			return &groups[i];
	return NULL;
}

static void put_older(struct visit *v, const struct group *g, const struct listing *l)
{
	if (l->n <= ENTRIES)
		return;
	buf_printf(&v->out,
		"<nav class=\"pages\" aria-label=\"%s\"><ul><li><a rel=\"next\" href=\"/conformite/journal?quoi=%s&amp;avant=%lld\">",
		words(v->l, "Suite"), g->name, (long long)l->last);
	page_word(v, words(v->l, "Plus ancien"));
	buf_add_string(&v->out, "</a></li></ul></nav>\n");
}

void audit_get(struct visit *v)
{
	const char *const heads[] = {words(v->l, "le"), words(v->l, "qui"), words(v->l, "quoi"),
		words(v->l, "objet"), words(v->l, "motif"), NULL};
	const struct group *g = group_of(v);
	struct listing l = {.v = v};
	_buf_ struct buf before = {0};
	struct error e = {""};
	int64_t from = 0;
	if (!g) {
		visit_problem(v, 403);
		return;
	}
	if (visit_query(v, "avant", 20, &before) == 0 && !slice_number(buf_slice(&before), &from)) {
		visit_problem(v, 400);
		return;
	}
	conformity_open(v, words(v->l, "Journal"), "/conformite/journal");
	put_groups(v, g);
	conformity_table(v, words(v->l, g->title), heads);
	int r = visit_reader(v);
	if (r == 0)
		r = reader_audit(v->c->reader, g->verbs, from, ENTRIES + 1, put_entry, &l, &e);
	conformity_table_end(v);
	if (r < 0) {
		visit_problem(v, 503);
		return;
	}
	if (!l.n)
		page_element(v, "p", words(v->l, "Rien n'y est inscrit."));
	put_older(v, g, &l);
	conformity_end(v, 200);
}
