/* SPDX-License-Identifier: GPL-3.0-or-later
 * What people decide on an item that waits, and take back. Whether it may be done is store's to say: two who act at once are
 * told of each other. */
#include <errno.h>
#include <tocsin/record/category.h>
#include "file.h"
#include "filter.h"
#include "item.h"
#include "reply.h"
#include "rung.h"

enum { DECISION_MAX = 20, REASON_MAX = 4000, CATEGORY_MAX = 64 };

struct asked {
	struct buf decision, reason, text, model, service, category;
	int64_t known;
};

static void asked_release(struct asked *a)
{
	buf_release(&a->decision);
	buf_release(&a->reason);
	buf_release(&a->text);
	buf_release(&a->model);
	buf_release(&a->service);
	buf_release(&a->category);
}

/* A field that the form may lack. False: too long, or twice. */
static bool optional(struct visit *v, const char *name, size_t max, struct buf *ret)
{
	_buf_ struct buf sent = {0};
	return http_form(v->r, name, max, &sent) == -ENOENT || visit_field(v, name, max, ret);
}

static bool read_asked(struct visit *v, struct asked *a)
{
	_buf_ struct buf known = {0};
	int64_t last;
	if (!visit_field(v, "decision", DECISION_MAX, &a->decision) ||
		!decision_known(buf_slice(&a->decision)) ||
		!optional(v, "motif", REASON_MAX, &a->reason) ||
		!optional(v, "texte", ANSWER_MAX, &a->text) ||
		!optional(v, "modele", REPLY_ID_MAX, &a->model) ||
		!optional(v, "service", REPLY_ID_MAX, &a->service) ||
		(!a->service.n && !optional(v, "autre", REPLY_ID_MAX, &a->service)) ||
		!optional(v, "categorie", CATEGORY_MAX, &a->category) ||
		(a->category.n && !category_known(buf_slice(&a->category))) ||
		!optional(v, "suite", 20, &known))
		return false;
	if (known.n && slice_number(buf_slice(&known), &last))
		a->known = last + 1;
	return !known.n || a->known;
}

static bool needs_reason(struct slice decision)
{
	return slice_is(decision, "masquer") || slice_is(decision, "transferer") ||
		slice_is(decision, "supprimer") || slice_is(decision, "dossier");
}

/* What is proposed is decided where it stands: the next one confirms it. */
static const char *proposal_text(const struct visit *v, struct slice decision)
{
	return slice_is(decision, DECISION_REFUSE)
		? words(v->l, "Rien n'est fait : le commentaire attend toujours une décision.")
		: words(v->l,
			  "Proposition enregistrée : rien n'est fait avant qu'une autre personne confirme.");
}

/* --- how it went */

/* Whether some source is armed: then the comment's own page says what became of it. */
static bool some_source_is_armed(const struct visit *v)
{
	const struct config *c = &v->c->s->config;
	for (size_t i = 0; i < c->n_sources; i++)
		if (c->sources[i].armed && config_source_acts(&c->sources[i]))
			return true;
	return false;
}

static const char *done_text(const struct visit *v, struct slice decision)
{
	const struct slice done =
		slice_is(decision, DECISION_CONFIRM) ? SLICE("masquer") : decision;
	if (outward_of(done, SLICE(""), SLICE("?")) != ACTION_NONE && some_source_is_armed(v))
		return words(v->l,
			"Décision enregistrée. Ce que tocsin fait à la source se lit sur la page du commentaire.");
	if (slice_is(decision, DECISION_CONFIRM))
		return words(v->l,
			"Décision enregistrée. tocsin ne fait rien à la source lui-même : masquez le commentaire, ou publiez le texte.");
	if (slice_is(done, "masquer"))
		return words(v->l,
			"Décision enregistrée. tocsin ne masque rien lui-même : faites-le à la source.");
	if (reply_is(decision))
		return words(v->l,
			"Décision enregistrée. tocsin n'envoie rien lui-même : publiez ce texte à la source.");
	if (slice_is(decision, DECISION_REQUALIFIED))
		return words(v->l,
			"Requalifié : le commentaire attend toujours, à la place et dans le délai de cette catégorie.");
	if (slice_is(decision, DECISION_SENT))
		return words(v->l, "Transféré. tocsin n'écrit pas au service : prévenez-le.");
	return words(v->l, "Décision enregistrée.");
}

static void decided(struct visit *v, struct slice decision, bool proposed)
{
	const bool waits = proposed || slice_is(decision, DECISION_REFUSE);
	visit_tell(v, false, waits ? proposal_text(v, decision) : done_text(v, decision));
	v->session->undo = visit_number(v);
	rung_decided(v, visit_number(v));
	/* where the text can be copied, or it waits on */
	if (reply_has_page(decision) || slice_is(decision, DECISION_REQUALIFIED))
		visit_go_to(v, "/moderation/%lld", (long long)visit_number(v));
	else
		file_go_back(v, 0);
}

/* What was typed comes back with the reason why it was not taken. */
static void again(struct visit *v, unsigned status, const char *wrong, const struct asked *a)
{
	const struct reply_typed typed = {buf_slice(a->text.n ? &a->text : &a->reason),
		buf_slice(&a->model), buf_slice(&a->service)};
	if (reply_has_page(buf_slice(&a->decision)) && status != 409)
		reply_again(v, status, wrong, buf_slice(&a->decision), &typed);
	else
		item_page(v, status, wrong, typed.text);
}

static void not_decided(struct visit *v, int r, const struct error *e, const struct asked *a)
{
	if (r == -ENOENT)
		visit_problem(v, 404);
	else if (r == -EALREADY)
		again(v, 409, words(v->l, "Quelqu'un a décidé avant vous ; rien n'a été changé."),
			a);
	else if (r == -EPERM)
		again(v, 409,
			words(v->l, "Une autre personne doit confirmer ; rien n'a été changé."), a);
	else if (r == -EBUSY)
		again(v, 409, words(v->l, "Quelqu'un d'autre s'en occupe ; rien n'a été changé."),
			a);
	else
		again(v, r == -EINVAL ? 400 : 503, visit_why(v, r, e), a);
}

static void decision_answered(struct visit *v, int r, struct slice reply, const struct error *e)
{
	_cleanup_(asked_release) struct asked a = {0};
	bool whole = read_asked(v, &a);
	if (r == 0 && whole)
		decided(v, buf_slice(&a.decision), reply.n == 1 && reply.p[0] == DECIDED_PROPOSED);
	else
		not_decided(v, r, e, &a);
}

/* --- asking */

/* What it lacks, or NULL. */
static const char *missing(const struct visit *v, const struct asked *a)
{
	const struct slice decision = buf_slice(&a->decision);
	if (needs_reason(decision) && !a->reason.n)
		return words(v->l, "Un motif est nécessaire.");
	if (reply_is(decision) && !a->text.n)
		return words(v->l, "Le texte pour le public est nécessaire.");
	if (slice_is(decision, DECISION_SENT) &&
		(!a->service.n || memchr(a->service.p, ',', a->service.n)))
		return words(v->l,
			"Un service est nécessaire : un seul, choisi dans la liste ou nommé, sans virgule.");
	if (slice_is(decision, DECISION_REQUALIFIED) && !a->category.n)
		return words(v->l, "Pour requalifier, choisissez une catégorie.");
	return NULL;
}

static void ask(struct visit *v, const struct asked *a)
{
	_buf_ struct buf body = {0};
	struct decide_request q = {.seq = visit_number(v),
		.who = slice_of(v->session->name),
		.open_only = 1,
		.decision = buf_slice(&a->decision),
		.reason = buf_slice(&a->reason),
		.category = buf_slice(&a->category),
		.known = a->known};
	if (reply_is(q.decision)) {
		q.text = buf_slice(&a->text);
		q.model = buf_slice(&a->model);
	}
	if (slice_is(q.decision, DECISION_HOLDING) || slice_is(q.decision, DECISION_SENT))
		q.service = buf_slice(&a->service);
	if (slice_is(q.decision, DECISION_HOLDING) || q.service.n)
		q.until = reply_until(v, q.model);
	decide_encode(&body, &q);
	visit_ask_then(v, REQUEST_DECIDE, &body, decision_answered);
}

void decide_post(struct visit *v)
{
	_cleanup_(asked_release) struct asked a = {0};
	if (!visit_number(v)) {
		visit_problem(v, 404);
	} else if (!read_asked(v, &a)) {
		item_page(v, 400, words(v->l, "Cette demande est incomplète."), (struct slice){0});
	} else {
		const char *wrong = missing(v, &a);
		if (wrong)
			again(v, 400, wrong, &a);
		else
			ask(v, &a);
	}
}

/* --- what tocsin left alone */

static void missed(struct visit *v, int r, struct slice reply, const struct error *e)
{
	_buf_ struct buf note = {0};
	(void)reply;
	if (r == -ENOENT) {
		visit_problem(v, 404);
	} else if (r == 0) {
		visit_tell(v, false,
			words(v->l,
				"Oubli signalé : ce commentaire attend dans la file, et l'exemple est gardé."));
		v->session->undo = visit_number(v);
		visit_go_to(v, "/moderation/%lld", (long long)visit_number(v));
	} else if (visit_field(v, "note", REASON_MAX, &note)) {
		item_page(v, r == -EALREADY ? 409 : 503,
			r == -EALREADY
				? words(v->l, "Ce commentaire attend déjà, ou n'est plus là.")
				: visit_why(v, r, e),
			buf_slice(&note));
	} else {
		visit_problem(v, 400);
	}
}

void missed_post(struct visit *v)
{
	_buf_ struct buf category = {0}, note = {0}, body = {0};
	if (!visit_number(v)) {
		visit_problem(v, 404);
	} else if (!visit_field(v, "categorie", CATEGORY_MAX, &category) ||
		!category_known(buf_slice(&category)) ||
		!visit_field(v, "note", REASON_MAX, &note) || !note.n) {
		item_page(v, 400, words(v->l, "Une catégorie et une note sont nécessaires."),
			buf_slice(&note));
	} else {
		decide_encode(&body,
			&(struct decide_request){.seq = visit_number(v),
				.decision = SLICE(DECISION_MISSED),
				.who = slice_of(v->session->name),
				.reason = buf_slice(&note),
				.category = buf_slice(&category)});
		visit_ask_then(v, REQUEST_DECIDE, &body, missed);
	}
}

static int is_there(void *user, const struct queue_item *q)
{
	(void)user, (void)q;
	return 0;
}

/* What a human had put into the queue leaves it again. */
static bool waits(struct visit *v)
{
	struct error e = {""};
	return visit_reader(v) < 0 ||
		reader_queue_item(v->c->reader, visit_number(v), is_there, NULL, &e) != READER_END;
}

static void undone(struct visit *v, int r, struct slice reply, const struct error *e)
{
	(void)reply;
	if (r == -ENOENT) {
		visit_problem(v, 404);
		return;
	}
	if (r == 0)
		visit_tell(v, false,
			waits(v) ? words(v->l,
					   "Décision annulée : le commentaire attend de nouveau.")
				 : words(v->l, "Décision annulée : le commentaire n'attend plus."));
	else if (r == -ETIME)
		visit_tell(v, true, words(v->l, "Trop tard pour annuler : la décision reste."));
	else
		visit_tell_error(v, r, e);
	file_go_back(v, 0);
}

void undo_post(struct visit *v)
{
	_buf_ struct buf body = {0};
	int64_t seq = visit_number(v);
	if (!seq) {
		visit_problem(v, 404);
		return;
	}
	undo_encode(&body, &(struct undo_request){seq, slice_of(v->session->name)});
	visit_ask_then(v, REQUEST_UNDO, &body, undone);
}
