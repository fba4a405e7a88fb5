/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "card.h"
#include <tocsin/base/clock.h>
#include <tocsin/html/html.h>
#include <tocsin/phrase/phrase.h>
#include <tocsin/record/category.h>
#include "around.h"
#include "author.h"
#include "bulk.h"
#include "file.h"
#include "filter.h"
#include "reply.h"
#include "reported.h"
#include "second.h"
#include "../shortcuts.h"
#include "../topic.h"

enum { FOUND_MAX = 8 }; /* rules that a card names */

/* What can be decided with one key. */
static const struct choice {
	const char *decision, *french;
	enum shortcut key; /* SHORTCUTS: none */
	const char *page; /* where it is written; NULL: a button that decides */
} choices[] = {
	{"laisser", WORDS_MARK("Laisser en ligne"), SHORTCUT_LEAVE},
	{"masquer", WORDS_MARK("Masquer"), SHORTCUT_MASK},
	{"repondre", WORDS_MARK("Répondre"), SHORTCUT_ANSWER, "reponse"},
	{DECISION_SENT, WORDS_MARK("Transférer"), SHORTCUT_TRANSFER, "transferer"},
	{"dossier", WORDS_MARK("Mettre dans un dossier"), SHORTCUT_DOSSIER, "dossier"},
	{0},
};
/* The same for what is a question and no possible offence. */
static const struct choice answering[] = {
	{DECISION_HOLDING, WORDS_MARK("Réponse d'attente"), SHORTCUT_HOLD, "attente"},
	{"repondre", WORDS_MARK("Répondre"), SHORTCUT_ANSWER, "reponse"},
	{DECISION_SENT, WORDS_MARK("Transférer"), SHORTCUT_TRANSFER, "transferer"},
	{"laisser", WORDS_MARK("Sans suite"), SHORTCUT_LEAVE},
	{0},
};

/* The category is chosen beside it. */
static const struct choice requalify = {
	DECISION_REQUALIFIED, WORDS_MARK("Requalifier, et laisser dans la file"), SHORTCUTS};

void card_decision(struct visit *v, struct slice decision)
{
	static const struct choice others[] = {
		{DECISION_HOLDING, WORDS_MARK("Réponse d'attente"), 0},
		{DECISION_PROPOSED, WORDS_MARK("Réponse proposée"), 0},
		{DECISION_MISSED, WORDS_MARK("Oubli signalé"), 0},
		{DECISION_REQUALIFIED, WORDS_MARK("Requalifié"), 0},
		{DECISION_PROPOSES "masquer", WORDS_MARK("Masquer, proposé"), 0},
		{DECISION_PROPOSES "supprimer", WORDS_MARK("Supprimer, proposé"), 0},
		{DECISION_PROPOSES "repondre", WORDS_MARK("Répondre, proposé"), 0},
		{DECISION_PROPOSES DECISION_HOLDING, WORDS_MARK("Réponse d'attente, proposée"), 0},
		{DECISION_REFUSE, WORDS_MARK("Proposition refusée"), 0},
		{DECISION_WITHDRAWN, WORDS_MARK("Proposition retirée"), 0},
		{"dossier", WORDS_MARK("Dossier"), 0}, {"supprimer", WORDS_MARK("Supprimer"), 0},
		{DECISION_UNDONE, WORDS_MARK("Décision annulée"), 0}};
	const char *french = NULL;
	for (const struct choice *one = choices; one->decision; one++)
		if (slice_is(decision, one->decision))
			french = one->french;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (slice_is(decision, others[i].decision))
			french = others[i].french;
	if (french)
		page_word(v, words(v->l, french));
	else
		html_shown(&v->out, decision);
}

/* --- what was said */

/* One match of each rule that found something. How many. */
static uint32_t by_rule(const struct verdict *v, const struct verdict_match *ret[FOUND_MAX])
{
	uint32_t n = 0;
	for (uint32_t i = 0; i < v->n_matches && n < FOUND_MAX; i++) {
		uint32_t at = 0;
		while (at < n && !slice_equal(ret[at]->rule, v->matches[i].rule))
			at++;
		if (at == n)
			ret[n++] = &v->matches[i];
	}
	return n;
}

static bool is_said(struct visit *v, const struct verdict_match *const *found, uint32_t i)
{
	const struct slice title = rule_title(v, found[i]->rule);
	for (uint32_t k = 0; k < i; k++)
		if (slice_equal(rule_title(v, found[k]->rule), title) &&
			(title.n || slice_equal(found[k]->category, found[i]->category)))
			return true;
	return false;
}

static bool is_one_kind(const struct verdict_match *const *found, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++)
		if (!slice_equal(found[i]->category, found[0]->category))
			return false;
	return true;
}

/* Those that take it for something: topics are said below. How many. */
static uint32_t without_topics(const struct verdict_match **found, uint32_t n)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < n; i++)
		if (found[i]->category.n)
			found[kept++] = found[i];
	return kept;
}

/* What the rules that found something are called, when that is known still, after what they take it for; of one kind alone the
 * heading says that. */
static void put_found(struct visit *v, const struct verdict_match *const *found, uint32_t n)
{
	const bool one = is_one_kind(found, n);
	if (!n)
		return;
	buf_add_string(&v->out, "<p class=\"meta\">");
	page_word(v, words(v->l, "Relevé :"));
	for (uint32_t i = 0; i < n; i++) {
		const struct slice title = rule_title(v, found[i]->rule);
		const bool fresh = !i || !slice_equal(found[i]->category, found[i - 1]->category);
		if (is_said(v, found, i))
			continue;
		buf_add_string(&v->out, !i ? " " : fresh ? " · " : " ; ");
		if ((fresh && !one) || !title.n) {
			_buf_ struct buf kind = {0};
			phrase_category(v->l, found[i]->category, &kind);
			html_text(&v->out, buf_slice(&kind));
			buf_add_string(&v->out, title.n ? words(v->l, " : ") : "");
		}
		html_shown(&v->out, title);
	}
	buf_add_string(&v->out, "</p>\n");
}

/* Among several rules each mark bears the name of its own. */
static void put_text(struct visit *v, const struct card *c)
{
	const struct verdict *verdict = &c->stored->verdict;
	const struct verdict_match *found[FOUND_MAX];
	struct html_span spans[VERDICT_MATCHES_MAX];
	const uint32_t n_found = by_rule(verdict, found);
	uint32_t n =
		verdict->n_matches < VERDICT_MATCHES_MAX ? verdict->n_matches : VERDICT_MATCHES_MAX;
	for (uint32_t i = 0; i < n; i++) {
		const struct verdict_match *m = &verdict->matches[i];
		spans[i] = (struct html_span){.start = m->start, .end = m->end};
		if (n_found > 1)
			spans[i].label = rule_title(v, m->rule);
	}
	buf_add_string(&v->out, "<blockquote class=\"said\"><p>");
	html_marked(&v->out, c->stored->comment.text, spans, n);
	buf_add_string(&v->out, "</p></blockquote>\n");
	if (!c->paper)
		put_found(v, found, without_topics(found, n_found));
}

/* A human's word goes before the rules'; what has none by either may have one by where it stands. */
static unsigned priority_of(const struct card *c)
{
	const int64_t rank = c->waits ? c->waits->key.rank : 0;
	if (c->waits && c->waits->qualified.n)
		return category_priority(c->waits->qualified);
	if (c->stored->verdict.priority || rank % 2 || rank / 2 > 4)
		return c->stored->verdict.priority;
	return (unsigned)(rank / 2);
}

static void put_supposed(struct visit *v, const struct card *c, struct buf *why)
{
	phrase_verdict(v->l, &c->stored->verdict, why);
	if (!c->waits || !c->waits->qualified.n)
		return;
	const bool missed = !why->n;
	buf_clear(why);
	phrase_category(v->l, c->waits->qualified, why);
	buf_add_string(why,
		missed ? words(v->l, " (signalé par un humain)")
		       : words(v->l, " (requalifié par un humain)"));
}

static void put_title(struct visit *v, const struct card *c)
{
	const unsigned priority = priority_of(c);
	const struct stored_comment *s = c->stored;
	const char *heading = c->alone ? "h1" : c->paper ? "h3" : "h2";
	const bool link = !c->alone && !c->paper;
	_buf_ struct buf why = {0};
	put_supposed(v, c, &why);
	if (!why.n)
		buf_add_string(&why,
			comment_is_reported(&s->comment) ? words(v->l, "signalement reçu")
							 : words(v->l, "rien de signalé"));
	buf_printf(&v->out, "<%s id=\"t%lld\">", heading, (long long)s->seq);
	if (priority)
		buf_printf(&v->out, "<span class=\"badge p%u\">P%u%s</span> ", priority, priority,
			priority == 1 ? words(v->l, " urgence") : "");
	if (link)
		buf_printf(
			&v->out, "<a class=\"open\" href=\"/moderation/%lld\">", (long long)s->seq);
	html_text(&v->out, buf_slice(&why));
	buf_printf(&v->out, "%s</%s>\n", link ? "</a>" : "", heading);
}

static void put_source(struct visit *v, const struct card *c)
{
	const struct comment *said = &c->stored->comment;
	buf_add_string(&v->out, "<p class=\"meta\">");
	html_shown(&v->out, config_source_title(&v->c->s->config, said->source));
	buf_add_string(&v->out, " · ");
	page_ago(v, said->created_at ? said->created_at : c->stored->accepted_at);
	author_put(v, said, true);
	buf_add_string(&v->out, "</p>\n");
	if (comment_is_reported(said))
		reported_put(v, said);
}

/* Who answers, and with which model, as the rules of its topics say. */
static void put_topics(struct visit *v, const struct verdict *verdict)
{
	struct rule_info topic;
	for (uint32_t i = 0; i < verdict->n_topics; i++) {
		if (!topic_find(v, verdict->topics[i], &topic) ||
			(!topic.service.n && !topic.reply.n))
			continue;
		buf_add_string(&v->out, "<p class=\"meta topic\">");
		html_shown(&v->out, topic.title.n ? topic.title : topic.id);
		if (topic.service.n) {
			buf_add_string(&v->out, " · ");
			page_word(v, words(v->l, "service :"));
			buf_add_char(&v->out, ' ');
			html_shown(&v->out, reply_service_name(v, topic.service));
		}
		if (topic.reply.n) {
			buf_add_string(&v->out, " · ");
			page_word(v, words(v->l, "réponse type :"));
			buf_add_char(&v->out, ' ');
			const struct reply_model *m = replies_model(&v->c->replies, topic.reply);
			html_shown(&v->out, m ? slice_of(m->title) : topic.reply);
		}
		buf_add_string(&v->out, "</p>\n");
	}
}

/* --- what can be done */

static void put_here(struct visit *v, const struct card *c)
{
	if (c->alone)
		buf_add_string(&v->out, "<input type=\"hidden\" name=\"ici\" value=\"1\">");
	else
		file_put_return(v);
}

static void put_holder(struct visit *v, const struct card *c, bool mine)
{
	if (!c->waits->claimed_by.n)
		return;
	buf_printf(&v->out, "<p class=\"claim%s\">", mine ? " mine" : "");
	if (!mine)
		page_person(v, c->waits->claimed_by);
	page_said_at(v,
		mine ? words(v->l, "Vous vous en occupez %s.") : words(v->l, " s'en occupe %s."),
		c->waits->claimed_until, TIME_UNTIL);
	buf_add_string(&v->out, "</p>\n");
}

static void put_claim(struct visit *v, const struct card *c, bool mine)
{
	buf_printf(&v->out, "<button formaction=\"/moderation/%lld/%s\"", (long long)c->stored->seq,
		mine ? "rendre" : "prendre");
	shortcuts_put_key(v, mine ? SHORTCUT_RELEASE : SHORTCUT_TAKE);
	buf_add_char(&v->out, '>');
	page_word(v, mine ? words(v->l, "Je laisse la main") : words(v->l, "Je m'en occupe"));
	buf_add_string(&v->out, "</button>\n");
}

static bool answers(const struct card *c)
{
	return c->lane ? c->lane == LANE_REPONSE : c->waits->lanes == LANE_REPONSE;
}

static void put_choice(struct visit *v, const struct card *c, const struct choice *choice)
{
	if (choice->page)
		buf_printf(&v->out, "<a href=\"/moderation/%lld/%s\" data-value=\"%s\"",
			(long long)c->stored->seq, choice->page, choice->decision);
	else
		buf_printf(&v->out, "<button name=\"decision\" value=\"%s\"", choice->decision);
	if (choice->key < SHORTCUTS)
		shortcuts_put_key(v, choice->key);
	buf_add_char(&v->out, '>');
	page_word(v, words(v->l, choice->french));
	buf_printf(&v->out, "</%s>\n", choice->page ? "a" : "button");
}

static void put_choices(struct visit *v, const struct card *c)
{
	const struct choice *list = answers(c) ? answering : choices;
	for (const struct choice *one = list; one->decision; one++)
		if (c->alone ||
			!slice_is(SLICE("dossier"), one->decision)) /* lists have its key alone */
			put_choice(v, c, one);
	if (list == choices)
		put_choice(v, c, &answering[0]);
	if (c->alone)
		put_choice(v, c, &requalify);
}

/* What a human takes it for; on its own page, for it wants a second look. */
static void put_qualified(struct visit *v)
{
	buf_add_string(&v->out, "<label>");
	page_word(v, words(v->l, "Requalifier (facultatif)"));
	buf_add_string(&v->out, "<select name=\"categorie\"><option value=\"\">");
	page_word(v, words(v->l, "comme tocsin le suppose"));
	buf_add_string(&v->out, "</option>\n");
	filter_put_categories(v, (struct slice){0});
	buf_add_string(&v->out, "</select></label>\n");
}

static void put_actions(struct visit *v, const struct card *c)
{
	bool mine = slice_is(c->waits->claimed_by, v->session->name);
	put_holder(v, c, mine);
	if (c->waits->claimed_by.n && !mine)
		return;
	second_put_notice(v, c);
	page_form(v, "deciding", "/moderation/%lld/decider", (long long)c->stored->seq);
	/* Enter in the reason would press the first button: that one does nothing */
	buf_add_string(&v->out, "<button disabled hidden></button>");
	put_here(v, c);
	page_known(v, c->waits->decision);
	buf_add_string(&v->out, "<label>");
	page_word(v,
		answers(c) ? words(v->l, "Motif (facultatif)")
			   : words(v->l, "Motif (pour masquer)"));
	buf_add_string(&v->out, "<input name=\"motif\" maxlength=\"1000\" autocomplete=\"off\"");
	if (c->reason.n) {
		buf_add_string(&v->out, " value=\"");
		html_text(&v->out, c->reason);
		buf_add_char(&v->out, '"');
	}
	buf_add_string(&v->out, "></label>\n");
	if (c->alone)
		put_qualified(v);
	buf_add_string(&v->out, "<div class=\"choices\">");
	put_claim(v, c, mine);
	put_choices(v, c);
	buf_add_string(&v->out, "</div></form>\n");
}

void card_put(struct visit *v, const struct card *c)
{
	const struct stored_comment *s = c->stored;
	buf_printf(&v->out,
		"<article class=\"card p%u\" id=\"c%lld\" tabindex=\"-1\" aria-labelledby=\"t%lld\">\n",
		priority_of(c), (long long)s->seq, (long long)s->seq);
	if (c->pick)
		bulk_put_box(v, c);
	put_title(v, c);
	put_source(v, c);
	if (!c->alone && !c->paper)
		around_put_parent(v, s);
	if (c->waits)
		due_put(v, c->waits);
	if (s->gone)
		page_element(v, "p",
			c->paper ? words(v->l, "(texte effacé)")
				 : words(v->l, "(supprimé à la source)"));
	else
		put_text(v, c);
	if (s->verdict.lanes & LANE_REPONSE)
		put_topics(v, &s->verdict);
	if (c->waits && c->waits->proposed.id)
		second_put(v, c);
	/* while something is proposed there is nothing else to decide */
	if (c->waits && (c->reading || c->waits->proposed.id))
		put_holder(v, c, slice_is(c->waits->claimed_by, v->session->name));
	else if (c->waits)
		put_actions(v, c);
	buf_add_string(&v->out, "</article>\n");
}
