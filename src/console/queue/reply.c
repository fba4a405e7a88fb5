/* SPDX-License-Identifier: GPL-3.0-or-later
 * The page on which an answer to the public is written. */
#include "reply.h"
#include <errno.h>
#include <tocsin/base/clock.h>
#include <tocsin/html/html.h>
#include "card.h"
#include "item.h"
#include "../topic.h"
#include "second.h"
#include "wording.h"

enum { FOLLOW_DAYS = 2 };

struct page {
	struct visit *v;
	bool holding, sending; /* a holding reply; a transfer; else the answer */
	bool shown, others; /* it waits; somebody else works on it */
	const struct reply_typed *typed; /* NULL: the first time */
	struct buf asked_model, asked_service; /* of the address */
	/* what the item is about */
	const struct reply_model *model; /* NULL: none */
	struct slice service, topic;
	int64_t row;
	struct buf proposed; /* by the service */
	struct wordings wordings; /* by those who decide what the town hall says */
};

bool reply_is(struct slice decision)
{
	return slice_is(decision, DECISION_HOLDING) || slice_is(decision, "repondre");
}

bool reply_has_page(struct slice decision)
{
	return reply_is(decision) || slice_is(decision, DECISION_SENT);
}

int64_t reply_until(const struct visit *v, struct slice model)
{
	const struct reply_model *m = replies_model(&v->c->replies, model);
	return policy_answer_by(&v->c->policy, v->town, m ? m->follow_ms : FOLLOW_DAYS * CLOCK_DAY);
}

struct slice reply_service_name(const struct visit *v, struct slice id)
{
	const struct reply_service *s = replies_service(&v->c->replies, id);
	return s ? slice_of(s->name) : id;
}

void reply_put_service(struct visit *v, struct slice id)
{
	const struct reply_service *s = replies_service(&v->c->replies, id);
	if (!id.n)
		page_word(v, words(v->l, "service à préciser"));
	else
		html_shown(&v->out, reply_service_name(v, id));
	if (!s || !s->mail)
		return;
	buf_add_string(&v->out, " (<a href=\"mailto:");
	html_string(&v->out, s->mail);
	buf_add_string(&v->out, "\">");
	html_string(&v->out, s->mail);
	buf_add_string(&v->out, "</a>)");
}

void reply_put_copy(struct visit *v, const char *id)
{
	buf_printf(&v->out, "<button type=\"button\" data-copy=\"%s\" data-copied=\"", id);
	page_word(v, words(v->l, "Copié"));
	buf_add_string(&v->out, "\" hidden>");
	page_word(v, words(v->l, "Copier le texte"));
	buf_add_string(&v->out, "</button>\n");
}

/* --- what it begins with */

/* The model that is asked for; else that of the item's first topic that names one, for a holding reply at least any. */
static void choose(struct page *p, const struct verdict *verdict)
{
	const struct replies *all = &p->v->c->replies;
	const struct reply_model *of_topic = NULL;
	struct rule_info topic;
	for (uint32_t i = 0; i < verdict->n_topics; i++) {
		if (!topic_find(p->v, verdict->topics[i], &topic))
			continue;
		if (!p->topic.n)
			p->topic = topic.title;
		if (!p->service.n)
			p->service = topic.service;
		if (!of_topic)
			of_topic = replies_model(all, topic.reply);
	}
	p->model = replies_model(all, buf_slice(&p->asked_model));
	if (!p->model && p->holding && !p->asked_model.n)
		p->model = of_topic ? of_topic : replies_model(all, SLICE("attente"));
	if (p->asked_service.n)
		p->service = buf_slice(&p->asked_service);
	if (!p->service.n && p->model && p->model->service)
		p->service = slice_of(p->model->service);
}

/* What the public may read: a service that only the rules name has no name yet, and its id is ours. */
static struct slice public_name(const struct visit *v, struct slice service)
{
	const struct reply_service *s = replies_service(&v->c->replies, service);
	return s ? slice_of(s->name) : (struct slice){0};
}

static void put_filled(struct page *p)
{
	struct visit *v = p->v;
	const struct reply_values values = {.town = slice_of(v->c->s->config.town),
		.service = public_name(v, p->service),
		.topic = p->topic,
		.by = p->model ? policy_answer_by(&v->c->policy, v->town, p->model->delay_ms) : 0};
	_buf_ struct buf text = {0};
	if (p->typed)
		buf_add_slice(&text, p->typed->text);
	else if (p->model)
		reply_fill(&text, p->model, &values);
	else
		buf_add_slice(&text, buf_slice(&p->proposed));
	html_text(&v->out, buf_slice(&text));
}

/* --- the forms */

static void put_option(struct visit *v, const char *value, const char *text, bool chosen)
{
	buf_add_string(&v->out, "<option value=\"");
	html_string(&v->out, value);
	buf_printf(&v->out, "\"%s>", chosen ? " selected" : "");
	html_string(&v->out, text);
	buf_add_string(&v->out, "</option>\n");
}

static void put_select(struct visit *v, const char *name, const char *label, const char *none)
{
	buf_add_string(&v->out, "<label>");
	page_word(v, label);
	buf_printf(&v->out, "<select name=\"%s\">", name);
	if (none)
		put_option(v, "", none, false);
}

static void put_models(struct page *p)
{
	struct visit *v = p->v;
	const struct replies *all = &v->c->replies;
	put_select(
		v, "modele", words(v->l, "Modèle"), p->holding ? NULL : words(v->l, "sans modèle"));
	for (size_t i = 0; i < all->n_models; i++)
		put_option(v, all->models[i].id, all->models[i].title, &all->models[i] == p->model);
	buf_add_string(&v->out, "</select></label>\n");
}

/* A service that only the rules name can be chosen too. */
static void put_services(struct page *p)
{
	struct visit *v = p->v;
	const struct replies *all = &v->c->replies;
	put_select(v, "service", words(v->l, "Service"),
		p->sending ? words(v->l, "un autre, nommé ci-dessous")
			   : words(v->l, "service à préciser"));
	if (p->service.n && !replies_service(all, p->service)) {
		_buf_ struct buf id = {0};
		buf_add_slice(&id, p->service);
		put_option(v, buf_string(&id), buf_string(&id), true);
	}
	for (size_t i = 0; i < all->n_services; i++)
		put_option(v, all->services[i].id, all->services[i].name,
			slice_is(p->service, all->services[i].id));
	buf_add_string(&v->out, "</select></label>\n");
}

static void put_choosing(struct page *p, int64_t seq)
{
	struct visit *v = p->v;
	buf_printf(&v->out, "<form class=\"filling\" action=\"/moderation/%lld/%s\">\n",
		(long long)seq, p->holding ? "attente" : "reponse");
	put_models(p);
	put_services(p);
	buf_add_string(&v->out, "<button>");
	page_word(v, words(v->l, "Remplir le texte"));
	buf_add_string(&v->out, "</button></form>\n");
}

static void put_hidden(struct visit *v, const char *name, struct slice value)
{
	buf_printf(&v->out, "<input type=\"hidden\" name=\"%s\" value=\"", name);
	html_text(&v->out, value);
	buf_add_string(&v->out, "\">\n");
}

static bool is_web(struct slice url)
{
	return slice_begins(url, "https://") || slice_begins(url, "http://");
}

/* Whether tocsin publishes it itself. */
static bool is_armed(struct visit *v, struct slice source)
{
	const struct config *c = &v->c->s->config;
	for (size_t i = 0; i < c->n_sources; i++)
		if (slice_is(source, c->sources[i].id))
			return c->sources[i].armed && config_source_acts(&c->sources[i]);
	return false;
}

static void put_how(struct page *p, const struct comment *c, bool two)
{
	struct visit *v = p->v;
	struct slice url = c->url;
	buf_add_string(&v->out, "<p class=\"how\">");
	if (two)
		page_word(v,
			words(v->l,
				"Second regard : ce texte sera une proposition, qu'une autre personne confirme ou refuse."
				" Ne le publiez pas avant."));
	else if (is_armed(v, c->source))
		page_word(v,
			words(v->l,
				"tocsin publiera ce texte à la source, une fois passé le temps de l'annuler :"
				" ne le publiez pas vous-même."));
	else
		page_word(v,
			words(v->l,
				"tocsin n'envoie rien lui-même. Copiez ce texte, publiez-le à la source, puis enregistrez :"
				" le texte, votre nom et l'heure sont gardés."));
	if (is_web(url)) {
		buf_add_string(&v->out, " <a rel=\"noreferrer noopener nofollow\" href=\"");
		html_text(&v->out, url);
		buf_add_string(&v->out, "\">");
		page_word(v, words(v->l, "Ouvrir le commentaire à la source"));
		buf_add_string(&v->out, "</a>");
	}
	buf_add_string(&v->out, "</p>\n");
}

/* In an election period somebody else reads it first. */
static void put_second_reading(struct visit *v)
{
	if (!policy_election_at(&v->c->policy, v->town))
		return;
	buf_add_string(&v->out, "<p class=\"how\"><strong>");
	page_word(v,
		words(v->l,
			"Période électorale : faites relire ce texte par une deuxième personne avant de l'enregistrer."));
	buf_add_string(&v->out, "</strong></p>\n");
}

static void put_reminder(struct page *p)
{
	struct visit *v = p->v;
	const int64_t at = reply_until(v, p->model ? slice_of(p->model->id) : (struct slice){0});
	buf_add_string(&v->out, "<p class=\"how\">");
	page_word(v, words(v->l, "Le commentaire attendra alors :"));
	buf_add_char(&v->out, ' ');
	reply_put_service(v, p->service);
	page_word(v, words(v->l, ", à relancer "));
	page_time_as(v, at, TIME_AT);
	buf_add_string(&v->out, ".</p>\n");
}

static void put_writing(struct page *p, const struct queue_item *q)
{
	struct visit *v = p->v;
	page_form(v, "writing", "/moderation/%lld/decider", (long long)q->stored.seq);
	put_hidden(v, "decision", p->holding ? SLICE(DECISION_HOLDING) : SLICE("repondre"));
	put_hidden(v, "modele", p->model ? slice_of(p->model->id) : (struct slice){0});
	put_hidden(v, "service", p->service);
	page_known(v, q->decision);
	buf_add_string(&v->out, "<label for=\"texte\">");
	page_word(v, words(v->l, "Texte pour le public"));
	buf_printf(&v->out,
		"</label>\n<textarea id=\"texte\" name=\"texte\" rows=\"8\" required maxlength=\"%u\">\n",
		ANSWER_MAX);
	put_filled(p);
	buf_add_string(&v->out, "</textarea>\n");
	put_how(p, &q->stored.comment, second_wanted(v, q));
	put_second_reading(v);
	if (p->holding)
		put_reminder(p);
	buf_add_string(&v->out, "<p class=\"choices\">");
	reply_put_copy(v, "texte");
	buf_add_string(&v->out, "<button class=\"main\">");
	page_word(v,
		p->holding ? words(v->l, "Enregistrer la réponse d'attente")
			   : words(v->l, "Enregistrer la réponse"));
	buf_add_string(&v->out, "</button></p></form>\n");
}

/* --- to a service */

static void put_sending(struct page *p, const struct queue_item *q)
{
	struct visit *v = p->v;
	page_form(v, "writing", "/moderation/%lld/decider", (long long)q->stored.seq);
	put_hidden(v, "decision", SLICE(DECISION_SENT));
	page_known(v, q->decision);
	put_services(p);
	buf_add_string(&v->out, "<label>");
	page_word(v, words(v->l, "Un autre service, par son nom"));
	buf_printf(&v->out,
		"<input name=\"autre\" maxlength=\"%u\" autocomplete=\"off\"></label>\n",
		(unsigned)REPLY_ID_MAX);
	buf_add_string(&v->out, "<label for=\"motif\">");
	page_word(v, words(v->l, "Ce que le service doit savoir"));
	buf_add_string(&v->out,
		"</label>\n<textarea id=\"motif\" name=\"motif\" rows=\"4\" required maxlength=\"1000\">\n");
	put_filled(p);
	buf_add_string(&v->out, "</textarea>\n<p class=\"how\">");
	page_word(v,
		words(v->l,
			"Qui a un compte pour ce service voit ce commentaire, sans son auteur, et y propose une réponse."
			" tocsin ne lui écrit pas : prévenez-le. Le commentaire reste dans la file et remonte quand le service est à relancer, "));
	page_time_as(v, reply_until(v, (struct slice){0}), TIME_AT);
	buf_add_string(&v->out, ".</p>\n<p class=\"choices\"><button class=\"main\">");
	page_word(v, words(v->l, "Transférer"));
	buf_add_string(&v->out, "</button></p></form>\n");
}

/* The last proposal that was not taken back. */
static int take_proposed(void *user, const struct decision *d)
{
	struct page *p = user;
	if (slice_is(d->decision, DECISION_UNDONE) || slice_is(d->decision, DECISION_PROPOSED))
		buf_clear(&p->proposed);
	if (slice_is(d->decision, DECISION_PROPOSED))
		buf_add_slice(&p->proposed, d->text);
	return 0;
}

static int take_item(void *user, const struct queue_item *q)
{
	struct page *p = user;
	p->row = q->stored.row;
	wordings_about(&p->wordings, &q->stored.verdict);
	return 0;
}

/* What others have said already of how to answer: before the page, the reader hands out one thing at a time. */
static int read_others(struct page *p, struct error *e)
{
	struct reader *reader = p->v->c->reader;
	int r = reader_queue_item(reader, visit_number(p->v), take_item, p, e);
	if (r == 0)
		r = wordings_read(&p->wordings, p->v, e);
	return r || p->holding ? r : reader_history(reader, p->row, take_proposed, p, e);
}

/* --- the page */

static const char *title(const struct page *p)
{
	return p->sending    ? words(p->v->l, "Transférer à un service")
		: p->holding ? words(p->v->l, "Réponse d'attente")
			     : words(p->v->l, "Répondre");
}

static int take(void *user, const struct queue_item *q)
{
	struct page *p = user;
	struct visit *v = p->v;
	const struct card card = {.stored = &q->stored, .waits = q, .reading = true};
	p->shown = true;
	p->others = q->claimed_by.n && !slice_is(q->claimed_by, v->session->name);
	choose(p, &q->stored.verdict);
	card_put(v, &card);
	if (p->others)
		return 0;
	if (p->sending) {
		put_sending(p, q);
		return 0;
	}
	wordings_put_instructions(v, &p->wordings);
	wordings_put(v, &p->wordings);
	put_choosing(p, q->stored.seq);
	put_writing(p, q);
	return 0;
}

static void write_page(struct page *p, unsigned status, const char *wrong)
{
	struct visit *v = p->v;
	struct error e = {""};
	const int64_t seq = visit_number(v);
	int r = seq ? visit_reader(v) : -ENOENT;
	buf_clear(&v->out);
	if (wrong)
		visit_tell(v, true, wrong);
	if (r == 0)
		topics_refresh(v);
	page_open(v, title(p));
	page_element(v, "h1", title(p));
	if (r == 0 && !p->sending)
		r = read_others(p, &e);
	if (r == 0)
		r = reader_queue_item(v->c->reader, seq, take, p, &e);
	if (r < 0) {
		visit_problem(v, r == -ENOENT ? 404 : 503);
		return;
	}
	if (!p->shown) { /* its page says what became of it, or that it never was */
		item_page(v, status, wrong, p->typed ? p->typed->text : (struct slice){0});
		return;
	}
	buf_printf(&v->out, "<p><a href=\"/moderation/%lld\">", (long long)seq);
	page_word(v, words(v->l, "Revenir au commentaire"));
	buf_add_string(&v->out, "</a></p>\n");
	page_close(v);
	visit_page(v, status);
}

static bool read_query(struct visit *v, const char *name, struct buf *ret)
{
	int r = visit_query(v, name, REPLY_ID_MAX, ret);
	return r == 0 || r == -ENOENT;
}

static void page_release(struct page *p)
{
	buf_release(&p->asked_model);
	buf_release(&p->asked_service);
	buf_release(&p->proposed);
	wordings_release(&p->wordings);
}

static void get(struct page p)
{
	if (read_query(p.v, "modele", &p.asked_model) &&
		read_query(p.v, "service", &p.asked_service))
		write_page(&p, 200, NULL);
	else
		visit_problem(p.v, 400);
	page_release(&p);
}

void holding_get(struct visit *v)
{
	get((struct page){.v = v, .holding = true});
}

void reply_get(struct visit *v)
{
	get((struct page){.v = v});
}

void transfer_get(struct visit *v)
{
	get((struct page){.v = v, .sending = true});
}

void reply_again(struct visit *v, unsigned status, const char *wrong, struct slice decision,
	const struct reply_typed *t)
{
	struct page p = {.v = v,
		.holding = slice_is(decision, DECISION_HOLDING),
		.sending = slice_is(decision, DECISION_SENT),
		.typed = t};
	buf_add_slice(&p.asked_model, t->model);
	buf_add_slice(&p.asked_service, t->service);
	write_page(&p, status, wrong);
	page_release(&p);
}
