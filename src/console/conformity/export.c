/* SPDX-License-Identifier: GPL-3.0-or-later
 * Taking files out. Who, what and why is written down by store first; the file then goes out piece by piece. */
#include "export.h"
#include <errno.h>
#include <stdlib.h>
#include <tocsin/archive/archive.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/html/html.h>
#include "conformity.h"

enum { KIND_MAX = 20, NAME_MAX_ = 80 };

/* --- the file */

struct outgoing {
	struct archive *archive;
};

static int step(struct visit *v, void *state, struct buf *piece, struct error *e)
{
	struct outgoing *o = state;
	int r = visit_reader(v);
	if (r == 0)
		r = archive_next(o->archive, v->c->reader, piece, e);
	return r == ARCHIVE_END ? STINT_DONE : r;
}

static void release(void *state)
{
	struct outgoing *o = state;
	archive_free(o->archive);
	free(o);
}

static void begin(struct visit *v, struct archive_spec spec)
{
	const struct archive_form *form = &archive_forms[spec.kind];
	spec.town = slice_of(v->c->s->config.town);
	spec.now = clock_now();
	const struct local_time t = clock_local(spec.now);
	char name[NAME_MAX_];
	char number[24] = "";
	if (spec.dossier)
		snprintf(number, sizeof(number), "%lld-", (long long)spec.dossier);
	snprintf(name, sizeof(name), "tocsin-%s-%s%d-%02d-%02d.%s", form->name, number, t.year,
		t.month, t.day, form->end);
	if (visit_reader(v) < 0) {
		visit_problem(v, 503);
		return;
	}
	struct outgoing *o = xcalloc(1, sizeof(*o));
	o->archive = archive_new(&spec);
	stint_stream(v, &(struct outflow){form->type, name, o, step, release});
}

void export_begin(struct visit *v, enum archive_kind kind, const unsigned char *author)
{
	begin(v, (struct archive_spec){.kind = kind, .author = author});
}

void export_dossier(struct visit *v, int64_t dossier)
{
	begin(v, (struct archive_spec){.kind = ARCHIVE_DOSSIER, .dossier = dossier});
}

/* --- the page */

static const char *kind_title(const struct visit *v, enum archive_kind kind)
{
	static const char *const titles[ARCHIVE_KINDS] = {
		[ARCHIVE_CSV] = WORDS_MARK(
			"Commentaires, pour un tableur (CSV, points-virgules) : ce qui passerait pour une formule est précédé d'une apostrophe"),
		[ARCHIVE_JSON] = WORDS_MARK("Commentaires, pour un programme (JSON, un par ligne)"),
		[ARCHIVE_EVIDENCE] = WORDS_MARK(
			"Archive de preuves : chaque commentaire signalé, scellé dans sa chaîne ; « tocsin verify FICHIER » la vérifie"),
		[ARCHIVE_AUDIT] = WORDS_MARK("Journal de ce qui a été fait (CSV)"),
	};
	return words(v->l, titles[kind]);
}

static void exports_page(struct visit *v, unsigned status, struct slice reason, const char *wrong)
{
	conformity_open(v, words(v->l, "Exports"), "/conformite/exports");
	if (wrong)
		conformity_wrong(v, wrong);
	page_element(v, "p",
		words(v->l,
			"Un fichier sorti d'ici n'est plus effacé par les purges : gardez-le le temps de son usage, pas plus."));
	page_form(v, "noting file", "/conformite/exports");
	buf_add_string(&v->out, "<fieldset><legend>");
	page_word(v, words(v->l, "Que sortir ?"));
	buf_add_string(&v->out, "</legend>\n");
	for (enum archive_kind kind = 0; kind < ARCHIVE_KINDS; kind++) {
		buf_printf(&v->out,
			"<p class=\"choice\"><label><input type=\"radio\" name=\"quoi\" value=\"%s\" required%s> ",
			archive_forms[kind].name, kind == ARCHIVE_CSV ? " checked" : "");
		page_word(v, kind_title(v, kind));
		buf_add_string(&v->out, "</label></p>\n");
	}
	buf_add_string(&v->out, "</fieldset>\n");
	conformity_reason(v, reason);
	buf_add_string(&v->out, "<p><button class=\"main\">");
	page_word(v, words(v->l, "Exporter"));
	buf_add_string(&v->out, "</button></p></form>\n");
	conformity_end(v, status);
}

void exports_get(struct visit *v)
{
	exports_page(v, 200, (struct slice){0}, NULL);
}

static enum archive_kind asked_kind(struct visit *v)
{
	_buf_ struct buf kind = {0};
	return visit_field(v, "quoi", KIND_MAX, &kind) ? archive_kind_of(buf_slice(&kind))
						       : ARCHIVE_KINDS;
}

static void written_down(struct visit *v, int r, struct slice reply, const struct error *e)
{
	(void)reply;
	if (r == 0)
		export_begin(v, asked_kind(v), NULL);
	else
		exports_page(v, 503, (struct slice){0}, visit_why(v, r, e));
}

void exports_post(struct visit *v)
{
	const enum archive_kind kind = asked_kind(v);
	_buf_ struct buf why = {0}, body = {0};
	if (kind == ARCHIVE_KINDS) {
		visit_problem(v, 400);
	} else if (!conformity_reason_read(v, &why)) {
		exports_page(v, 400, buf_slice(&why), words(v->l, "Un motif est nécessaire."));
	} else {
		searched_encode(&body,
			&(struct searched_request){slice_of(v->session->name),
				slice_of(archive_forms[kind].name), buf_slice(&why)});
		visit_ask_then(v, REQUEST_EXPORTED, &body, written_down);
	}
}
