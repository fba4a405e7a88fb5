/* SPDX-License-Identifier: GPL-3.0-or-later
 * The account of what people did: who, what, why. The administration sees what concerns accounts and rules; what was looked for
 * or decided may tell of citizens, and is the DPO's. */
#include <errno.h>
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>
#include <tocsin/html/html.h>
#include <tocsin/phrase/phrase.h>
#include <tocsin/record/category.h>
#include "acts.h"
#include "conformity.h"
#include "../queue/card.h"

enum { ENTRIES = 50, WHO_MAX = 100, DATE_MAX = 10, NUMBER_MAX = 18 };

/* --- what is asked for */

struct asked {
	const struct act_tab *tab;
	struct buf who, day, number, verbs;
	struct audit_filter filter; /* who and the verbs are within the buffers */
	int64_t before;
};

static void asked_release(struct asked *a)
{
	buf_release(&a->who);
	buf_release(&a->day);
	buf_release(&a->number);
	buf_release(&a->verbs);
}

/* The one that is asked for, else the first that the roles open; NULL: they do not open it. */
static const struct act_tab *tab_of(struct visit *v)
{
	_buf_ struct buf name = {0};
	const int asked = visit_query(v, "quoi", 40, &name);
	for (size_t i = 0; i < ACT_GROUPS; i++)
		if (v->session->roles & act_tabs[i].roles &&
			(asked == -ENOENT || slice_is(buf_slice(&name), act_tabs[i].name)))
			return &act_tabs[i];
	return NULL;
}

static bool read_text(struct visit *v, const char *name, size_t max, struct buf *ret)
{
	const int r = visit_query(v, name, max, ret);
	return r == 0 || r == -ENOENT;
}

static bool read_day(const struct buf *text, struct audit_filter *f)
{
	int64_t day;
	if (!text->n)
		return true;
	if (day_parse(buf_slice(text), &day) != 0)
		return false;
	f->since = day_instant(day, 0);
	f->until = day_instant(day + 1, 0);
	return true;
}

static bool read_number(const struct buf *text, int64_t *ret)
{
	return !text->n || (slice_number(buf_slice(text), ret) && *ret > 0);
}

/* Of accounts and rules, no comment is told. */
static bool tells_comments(const struct act_tab *t)
{
	return t == &act_tabs[ACTS_DECISIONS];
}

static bool asked_read(struct visit *v, struct asked *a)
{
	_buf_ struct buf before = {0};
	if (!read_text(v, "qui", WHO_MAX, &a->who) || !read_text(v, "jour", DATE_MAX, &a->day) ||
		!read_text(v, "numero", NUMBER_MAX, &a->number) ||
		!read_text(v, "avant", NUMBER_MAX, &before))
		return false;
	act_verbs((enum act_group)(a->tab - act_tabs), &a->verbs);
	a->filter.verbs = buf_string(&a->verbs);
	a->filter.who = buf_slice(&a->who);
	return read_day(&a->day, &a->filter) && read_number(&before, &a->before) &&
		read_number(&a->number, &a->filter.comment);
}

/* quoi=…&qui=…& of an address that asks for the same, of this group. */
static void put_query(struct visit *v, const struct asked *a, const struct act_tab *t)
{
	page_query(&v->out, "quoi", slice_of(t->name));
	page_query(&v->out, "qui", buf_slice(&a->who));
	page_query(&v->out, "jour", buf_slice(&a->day));
	if (tells_comments(t))
		page_query(&v->out, "numero", buf_slice(&a->number));
}

/* --- entries */

struct listing {
	struct visit *v;
	size_t n;
	int64_t last;
};

/* Whether the roles open an address. */
static bool may_open(const struct visit *v, const char *path)
{
	struct slice argument;
	bool known;
	const struct route *route = route_find(SLICE("GET"), slice_of(path), &argument, &known);
	return route && v->session->roles & route->roles;
}

static bool cut(struct slice *rest, const char *mark, struct slice *ret)
{
	const char *at = memmem(rest->p, rest->n, mark, strlen(mark));
	if (!at)
		return false;
	*ret = (struct slice){rest->p, (size_t)(at - rest->p)};
	rest->p = at + strlen(mark);
	rest->n -= ret->n + strlen(mark);
	return true;
}

/* What it is called, with the way there for whom it is open. */
static void put_number(struct visit *v, const char *name, const char *folder, int64_t number)
{
	char path[60];
	snprintf(path, sizeof(path), "%s/%lld", folder, (long long)number);
	const bool open = may_open(v, path);
	if (open)
		buf_printf(&v->out, "<a href=\"%s\">", path);
	page_word(v, name);
	buf_printf(&v->out, " n° %lld", (long long)number);
	buf_add_string(&v->out, open ? "</a>" : "");
}

/* "masquer (menace)", as decide.c writes it. */
static void put_decided(struct visit *v, struct slice what)
{
	_buf_ struct buf category = {0};
	struct slice decision, more = what;
	if (cut(&more, " (", &decision)) {
		more.n -= slice_ends(more, ")");
	} else {
		decision = more;
		more.n = 0;
	}
	buf_add_string(&v->out, " · ");
	card_decision(v, decision);
	if (category_known(more))
		phrase_category(v->l, more, &category);
	else
		buf_add_slice(&category, more);
	if (category.n) {
		buf_add_string(&v->out, " · ");
		html_shown(&v->out, buf_slice(&category));
	}
}

static bool is_of(const char *verbs, struct slice verb)
{
	char word[40];
	snprintf(word, sizeof(word), " %.*s ", (int)(verb.n < 30 ? verb.n : 30), verb.p);
	return strstr(verbs, word) != NULL;
}

/* What was done about what; an account from before says a decision's number alone. */
static void put_what(struct visit *v, const struct audit_entry *a)
{
	struct slice more = a->what, first;
	const bool said = is_of(" decide requalify second ", a->verb) && cut(&more, ", ", &first);
	int64_t number;
	if (!slice_number(said ? first : a->what, &number) || number <= 0) {
		conformity_text(v, a->what);
		return;
	}
	buf_add_string(&v->out, "<td class=\"text\">");
	if (is_of(AUDIT_OF_COMMENTS, a->verb))
		put_number(v, words(v->l, "commentaire"), "/moderation", number);
	else if (is_of(" ack release pass-on close reopen ", a->verb))
		put_number(v, words(v->l, "alerte"), "/situation", number);
	else
		html_shown(&v->out, a->what);
	if (said)
		put_decided(v, more);
	buf_add_string(&v->out, "</td>");
}

static int put_entry(void *user, const struct audit_entry *a)
{
	struct listing *l = user;
	struct visit *v = l->v;
	const struct act *act = act_of(a->verb);
	l->n++;
	if (l->n > ENTRIES)
		return 0;
	l->last = a->id;
	buf_add_string(&v->out, "<tr><td>");
	conformity_moment(v, a->at);
	buf_add_string(&v->out, "</td><td>");
	page_person(v, a->who);
	buf_add_string(&v->out, "</td><td>");
	page_word(v, act ? words(v->l, act->french) : "–");
	buf_add_string(&v->out, "</td>");
	put_what(v, a);
	conformity_text(v, a->why);
	buf_add_string(&v->out, "</tr>\n");
	return 0;
}

/* --- the page */

static void put_groups(struct visit *v, const struct asked *a)
{
	buf_printf(&v->out, "<nav class=\"tabs\" aria-label=\"%s\"><ul>\n", words(v->l, "Journal"));
	for (size_t i = 0; i < ACT_GROUPS; i++) {
		if (!(v->session->roles & act_tabs[i].roles))
			continue;
		buf_add_string(&v->out, "<li><a href=\"/conformite/journal?");
		put_query(v, a, &act_tabs[i]);
		buf_printf(
			&v->out, "\"%s>", &act_tabs[i] == a->tab ? " aria-current=\"page\"" : "");
		page_word(v, words(v->l, act_tabs[i].title));
		buf_add_string(&v->out, "</a></li>\n");
	}
	buf_add_string(&v->out, "</ul></nav>\n");
}

static int put_account(void *user, const struct login *a)
{
	struct visit *v = user;
	const struct policy_person *who = policy_person(&v->c->policy, a->name);
	buf_add_string(&v->out, "<option value=\"");
	html_text(&v->out, a->name);
	buf_add_string(&v->out, "\">");
	html_text(&v->out, who ? slice_of(who->name) : a->name);
	buf_add_string(&v->out, "</option>");
	return 0;
}

static void put_input(struct visit *v, const char *label, const char *name, const char *more,
	const struct buf *value)
{
	buf_add_string(&v->out, "<label>");
	page_word(v, label);
	buf_printf(&v->out, "<input name=\"%s\" %s value=\"", name, more);
	html_text(&v->out, buf_slice(value));
	buf_add_string(&v->out, "\"></label>\n");
}

static int put_filter(struct visit *v, const struct asked *a, struct error *e)
{
	buf_printf(&v->out,
		"<form class=\"filters\" action=\"/conformite/journal\"><input type=\"hidden\" name=\"quoi\" value=\"%s\">\n",
		a->tab->name);
	put_input(v, words(v->l, "Qui"), "qui",
		"list=\"agents\" maxlength=\"100\" autocomplete=\"off\"", &a->who);
	buf_add_string(&v->out, "<datalist id=\"agents\">");
	int r = reader_accounts(v->c->reader, put_account, v, e);
	buf_add_string(&v->out, "</datalist>\n");
	put_input(v, words(v->l, "Jour"), "jour", "type=\"date\"", &a->day);
	if (tells_comments(a->tab))
		put_input(v, words(v->l, "Commentaire n°"), "numero",
			"inputmode=\"numeric\" pattern=\"[0-9]*\" maxlength=\"18\" autocomplete=\"off\"",
			&a->number);
	buf_add_string(&v->out, "<button>");
	page_word(v, words(v->l, "Filtrer"));
	buf_printf(&v->out, "</button> <a href=\"/conformite/journal?quoi=%s\">", a->tab->name);
	page_word(v, words(v->l, "Tout montrer"));
	buf_add_string(&v->out, "</a></form>\n");
	return r;
}

static void put_older(struct visit *v, const struct asked *a, const struct listing *l)
{
	if (l->n <= ENTRIES)
		return;
	buf_printf(&v->out,
		"<nav class=\"pages\" aria-label=\"%s\"><ul><li><a rel=\"next\" href=\"/conformite/journal?",
		words(v->l, "Suite"));
	put_query(v, a, a->tab);
	buf_printf(&v->out, "avant=%lld\">", (long long)l->last);
	page_word(v, words(v->l, "Plus ancien"));
	buf_add_string(&v->out, "</a></li></ul></nav>\n");
}

static int put_entries(struct visit *v, const struct asked *a, struct error *e)
{
	const char *const heads[] = {words(v->l, "le"), words(v->l, "qui"), words(v->l, "quoi"),
		words(v->l, "objet"), words(v->l, "motif"), NULL};
	struct listing l = {.v = v};
	conformity_table(v, words(v->l, a->tab->title), heads);
	int r = reader_audit(v->c->reader, &a->filter, a->before, ENTRIES + 1, put_entry, &l, e);
	conformity_table_end(v);
	if (!l.n)
		page_element(v, "p", words(v->l, "Rien n'y est inscrit."));
	put_older(v, a, &l);
	return r;
}

void audit_get(struct visit *v)
{
	_cleanup_(asked_release) struct asked a = {.tab = tab_of(v)};
	struct error e = {""};
	if (!a.tab) {
		visit_problem(v, 403);
		return;
	}
	if (!asked_read(v, &a)) {
		visit_problem(v, 400);
		return;
	}
	conformity_open(v, words(v->l, "Journal"), "/conformite/journal");
	put_groups(v, &a);
	if (visit_reader(v) < 0 || put_filter(v, &a, &e) < 0 || put_entries(v, &a, &e) < 0)
		visit_problem(v, 503);
	else
		conformity_end(v, 200);
}
