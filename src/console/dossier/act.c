/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a jurist writes down, takes out and lifts. */
#include <errno.h>
#include <tocsin/base/clock.h>
#include "../access/limit.h"
#include "../conformity/conformity.h"
#include "../conformity/export.h"
#include "../moment.h"
#include "dossier.h"

static void came_to(struct visit *v, int r, const struct error *e, const char *done)
{
	_buf_ struct buf typed = {0};
	if (r == -ENOENT) {
		visit_problem(v, 404);
	} else if (r == 0) {
		visit_tell(v, false, done);
		visit_go_to(v, "/dossiers/%lld", (long long)visit_number(v));
	} else {
		(void)!visit_field(v, "texte", DOSSIER_TEXT_MAX, &typed);
		dossier_page(v,
			r == -EALREADY         ? 409
				: r == -EINVAL ? 400
					       : 503,
			visit_why(v, r, e), buf_slice(&typed));
	}
}

/* --- its log */

static void written(struct visit *v, int r, struct slice reply, const struct error *e)
{
	(void)reply;
	came_to(v, r, e, words(v->l, "C'est inscrit au dossier."));
}

static void write_entry(struct visit *v, struct dossier_entry_request q)
{
	_buf_ struct buf text = {0}, body = {0};
	q.dossier = visit_number(v);
	q.who = slice_of(v->session->name);
	if (!q.dossier) {
		visit_problem(v, 404);
	} else if (!visit_field(v, "texte", DOSSIER_TEXT_MAX, &text) || !text.n) {
		dossier_page(v, 400, words(v->l, "Un texte est nécessaire."), (struct slice){0});
	} else {
		q.text = buf_slice(&text);
		dossier_entry_encode(&body, &q);
		visit_ask_then(v, REQUEST_DOSSIER_ENTRY, &body, written);
	}
}

void dossier_note_post(struct visit *v)
{
	write_entry(v, (struct dossier_entry_request){.kind = DOSSIER_NOTE});
}

void dossier_sent_post(struct visit *v)
{
	struct dossier_entry_request q = {.kind = DOSSIER_SENT};
	if (!moment_read(v, "quand", &q.at) || !dossier_read_purpose(v, &q.purpose))
		dossier_page(
			v, 400, words(v->l, "Cette demande est incomplète."), (struct slice){0});
	else
		write_entry(v, q);
}

/* --- with a reason */

/* The reason, or the page again. */
static bool has_reason(struct visit *v, struct buf *ret)
{
	if (!visit_number(v))
		visit_problem(v, 404);
	else if (!conformity_reason_read(v, ret))
		dossier_page(v, 400, words(v->l, "Un motif est nécessaire."), (struct slice){0});
	else
		return true;
	return false;
}

static void removed(struct visit *v, int r, struct slice reply, const struct error *e)
{
	(void)reply;
	came_to(v, r, e, words(v->l, "Pièce retirée."));
}

void dossier_remove_post(struct visit *v)
{
	_buf_ struct buf why = {0}, piece = {0}, body = {0};
	int64_t seq = 0;
	if (!visit_field(v, "piece", 20, &piece) || !slice_number(buf_slice(&piece), &seq)) {
		visit_problem(v, 400);
	} else if (!limit_sees(v, seq)) {
		visit_problem(v, 404);
	} else if (has_reason(v, &why)) {
		dossier_piece_encode(&body,
			&(struct dossier_piece){visit_number(v), seq, 1, buf_slice(&why),
				slice_of(v->session->name)});
		visit_ask_then(v, REQUEST_DOSSIER_PIECE, &body, removed);
	}
}

static void lifted(struct visit *v, int r, struct slice reply, const struct error *e)
{
	(void)reply;
	came_to(v, r, e, words(v->l, "Retenue levée : les durées ordinaires valent de nouveau."));
}

void dossier_lift_post(struct visit *v)
{
	_buf_ struct buf why = {0}, body = {0};
	if (!has_reason(v, &why))
		return;
	dossier_lift_encode(&body,
		&(struct dossier_lift){
			visit_number(v), buf_slice(&why), slice_of(v->session->name)});
	visit_ask_then(v, REQUEST_DOSSIER_LIFT, &body, lifted);
}

static void noted(struct visit *v, int r, struct slice reply, const struct error *e)
{
	(void)reply;
	if (r == 0)
		export_dossier(v, visit_number(v));
	else
		dossier_page(v, 503, visit_why(v, r, e), (struct slice){0});
}

static int is_there(void *user, const struct dossier *d)
{
	(void)user, (void)d;
	return 0;
}

void dossier_export_post(struct visit *v)
{
	_buf_ struct buf why = {0}, what = {0}, body = {0};
	struct error e = {""};
	if (!has_reason(v, &why))
		return;
	int r = visit_reader(v);
	if (r == 0)
		r = reader_dossier(v->c->reader, visit_number(v), is_there, NULL, &e);
	if (r) {
		visit_problem(v, r == READER_END ? 404 : 503);
		return;
	}
	buf_printf(&what, "dossier %lld", (long long)visit_number(v));
	searched_encode(&body,
		&(struct searched_request){
			slice_of(v->session->name), buf_slice(&what), buf_slice(&why)});
	visit_ask_then(v, REQUEST_EXPORTED, &body, noted);
}
