/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "second.h"
#include <tocsin/base/clock.h>
#include <tocsin/html/html.h>
#include "file.h"
#include "../shortcuts.h"

static bool is_listed(const struct visit *v, const struct queue_item *q, uint8_t priority)
{
	char *const *ids = v->c->s->config.console.second_regard;
	const struct comment *said = &q->stored.comment;
	struct verdict verdict = q->stored.verdict;
	verdict.priority = priority;
	return verdict_wants_two(&verdict, q->category, ids) ||
		author_wants_two(said->source, said->author, ids);
}

static bool is_urgent(const struct queue_item *q)
{
	return q->key.rank == 2 || q->stored.verdict.priority == 1;
}

bool second_wanted(const struct visit *v, const struct queue_item *q)
{
	return !is_urgent(q) && is_listed(v, q, 0);
}

struct others {
	struct slice me;
	bool some;
};

static int look_at(void *user, const struct login *a)
{
	struct others *o = user;
	o->some |= a->roles & (ROLE_MODERATION | ROLE_DIRCOM) && !slice_equal(a->name, o->me);
	return 0;
}

bool second_alone(struct visit *v)
{
	struct others o = {slice_of(v->session->name), false};
	struct error e = {""};
	return visit_reader(v) == 0 && reader_accounts(v->c->reader, look_at, &o, &e) == 0 &&
		!o.some;
}

static const char *what(const struct visit *v, struct slice decision)
{
	static const struct {
		const char *end, *french;
	} all[] = {{"supprimer", WORDS_MARK("propose de le supprimer")},
		{"repondre", WORDS_MARK("propose d'y répondre en public")},
		{DECISION_HOLDING, WORDS_MARK("propose cette réponse d'attente")}};
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (slice_ends(decision, all[i].end))
			return words(v->l, all[i].french);
	return words(v->l, "propose de le masquer");
}

static void put_said(struct visit *v, const struct queue_proposal *p)
{
	buf_add_string(&v->out, "<p>");
	page_person(v, p->who);
	buf_add_char(&v->out, ' ');
	page_word(v, what(v, p->decision));
	buf_add_string(&v->out, ", ");
	page_time(v, p->at);
	if (p->reason.n) {
		buf_add_string(&v->out, " : ");
		html_shown(&v->out, p->reason);
	}
	buf_add_string(&v->out, "</p>\n");
	if (!p->text.n)
		return;
	buf_add_string(&v->out, "<blockquote class=\"text\">");
	html_shown(&v->out, p->text);
	buf_add_string(&v->out, "</blockquote>\n");
}

/* What becomes of one's own: somebody else confirms it, or nobody else is there. */
static void put_mine(struct visit *v, const struct queue_proposal *p)
{
	const int64_t from = p->at + SECOND_ALONE_MS;
	char at[CLOCK_TEXT];
	_buf_ struct buf text = {0};
	if (!v->alone)
		buf_add_string(&text,
			words(v->l,
				"Une autre personne doit confirmer : modération ou direction de la communication. Rien n'est fait avant."));
	else if (v->now < from)
		buf_printf(&text,
			words(v->l,
				"Personne d'autre n'a de compte de modération : vous pourrez confirmer seul à partir de %s, avec un motif. Rien n'est fait avant."),
			clock_format_hm(from, at));
	else
		buf_add_string(&text,
			words(v->l,
				"Personne d'autre n'a de compte de modération : vous pouvez confirmer seul, avec un motif."));
	page_element(v, "p", buf_string(&text));
}

/* more: attributes, with a blank before them. */
static void put_button(struct visit *v, const char *decision, const char *more, enum shortcut key,
	const char *text)
{
	buf_printf(&v->out, "<button name=\"decision\" value=\"%s\"%s", decision, more);
	shortcuts_put_key(v, key);
	buf_add_char(&v->out, '>');
	page_word(v, text);
	buf_add_string(&v->out, "</button>\n");
}

static void put_form(struct visit *v, const struct card *c, bool mine, bool may)
{
	page_form(v, "deciding", "/moderation/%lld/decider", (long long)c->stored->seq);
	buf_add_string(&v->out, "<button disabled hidden></button>");
	if (c->alone)
		buf_add_string(&v->out, "<input type=\"hidden\" name=\"ici\" value=\"1\">");
	else
		file_put_return(v);
	page_known(v, c->waits->decision);
	buf_add_string(&v->out, "<label>");
	page_word(v,
		mine ? words(v->l, "Motif (pour confirmer seul)")
		     : words(v->l, "Motif (pour refuser)"));
	buf_add_string(&v->out,
		"<input name=\"motif\" maxlength=\"1000\" autocomplete=\"off\"></label>\n");
	buf_add_string(&v->out, "<div class=\"choices\">");
	if (may)
		put_button(v, DECISION_CONFIRM, "", SHORTCUT_CONFIRM, words(v->l, "Confirmer"));
	put_button(v, DECISION_REFUSE, mine ? " data-mine=\"1\"" : "", SHORTCUT_REFUSE,
		mine ? words(v->l, "Retirer ma proposition") : words(v->l, "Refuser"));
	buf_add_string(&v->out, "</div></form>\n");
}

void second_put(struct visit *v, const struct card *c)
{
	const struct queue_proposal *p = &c->waits->proposed;
	const bool mine = slice_is(p->who, v->session->name);
	const bool held =
		c->waits->claimed_by.n && !slice_is(c->waits->claimed_by, v->session->name);
	buf_printf(&v->out, "<section class=\"second\" aria-label=\"%s\">\n",
		words(v->l, "Second regard"));
	put_said(v, p);
	if (mine)
		put_mine(v, p);
	if (!c->reading && !held)
		put_form(v, c, mine, !mine || (v->alone && v->now >= p->at + SECOND_ALONE_MS));
	buf_add_string(&v->out, "</section>\n");
}

void second_put_notice(struct visit *v, const struct card *c)
{
	if (second_wanted(v, c->waits))
		page_element(v, "p",
			c->alone
				? words(v->l,
					  "Second regard : masquer sera une proposition, comme répondre en public, qu'une autre personne confirme ou refuse. Rien n'est fait avant.")
				: words(v->l, "Second regard : masquer se décide à deux."));
	else if (c->alone && is_urgent(c->waits) && is_listed(v, c->waits, 0))
		page_element(
			v, "p", words(v->l, "Urgence : masquer n'attend pas de second regard."));
}

void second_put_count(struct visit *v)
{
	struct error e = {""};
	uint64_t n;
	if (reader_proposed_count(v->c->reader, &n, &e) < 0 || !n)
		return;
	buf_add_string(&v->out, " <a href=\"/moderation?suivi=second\">");
	buf_printf(&v->out,
		words_n(v->l, "%llu attend un second regard", "%llu attendent un second regard", n),
		(unsigned long long)n);
	buf_add_string(&v->out, "</a>");
}
