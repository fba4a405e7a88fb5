/* SPDX-License-Identifier: GPL-3.0-or-later
 * Heard, rung, delivered, acknowledged, done; one page for the file, or, occulted, one that may be given to whoever asks. */
#include "parts.h"
#include <errno.h>
#include <tocsin/base/clock.h>
#include <tocsin/phrase/phrase.h>
#include <tocsin/record/mask.h>

enum { TITLE_BYTES = 200 };

static const char style[] =
	"@page{size:A4;margin:15mm}"
	":root{color-scheme:light}"
	"body{font:15px/1.45 system-ui,sans-serif;color:#1a1a1a;background:#fff;max-width:46rem;margin:1.5rem auto;padding:0 1rem}"
	"h1{font-size:1.5rem;margin:.2rem 0}h2{font-size:1.05rem;margin:1.2rem 0 .3rem;border-bottom:1px solid #767676}"
	"table{border-collapse:collapse;width:100%;font-size:.9rem}"
	"th,td{text-align:left;vertical-align:top;padding:.15rem .6rem .15rem 0;border-bottom:1px solid #ddd}"
	".facts th{width:42%;font-weight:600}"
	".level{display:inline-block;padding:0 .5rem;border:2px solid #1a1a1a;font-weight:700}"
	"svg{width:100%;height:auto;display:block}"
	"q{quotes:\"«\\00a0\" \"\\00a0»\"}figure{margin:.6rem 0}.occulted{background:#1a1a1a;color:#fff;padding:0 .4rem}"
	"footer{margin-top:1.5rem;font-size:.85rem;color:#444}"
	"@media print{body{margin:0;padding:0;font-size:10.5pt}tr,li,figure{break-inside:avoid}details{display:none}}";

void report_person(struct report *r, struct slice id)
{
	const struct policy_person *who = policy_person(r->q->policy, id);
	const bool named = who && !r->q->occulted, titled = who && *who->role;
	if (slice_is(id, "tocsin") || (!who && !r->q->occulted)) {
		html_text(r->out, id);
		return;
	}
	html_string(r->out,
		named            ? who->name
			: titled ? who->role
				 : words(r->q->lang, "une personne"));
	if (!named || !titled)
		return;
	buf_add_string(r->out, " (");
	html_string(r->out, who->role);
	buf_add_char(r->out, ')');
}

static int take(void *user, const struct incident *i)
{
	struct report *r = user;
	return incident_copy(i, &r->arena, &r->incident);
}

/* What a citizen wrote, or who began a drill, is in no page that is given away. */
static void put_title(struct report *r)
{
	const struct incident *i = &r->incident;
	_buf_ struct buf title = {0}, bare = {0};
	if (r->q->occulted && i->kind == INCIDENT_DRILL)
		buf_add_string(&bare, words(r->q->lang, "Exercice"));
	else if (r->q->occulted)
		(void)phrase_bare_title(r->q->lang, i, &bare);
	else
		buf_add_slice(&bare, i->title.n ? i->title : i->topic);
	mask_text(&title, buf_slice(&bare), TITLE_BYTES);
	html_text(r->out, buf_slice(&title));
}

static void put_head(struct report *r)
{
	struct buf *b = r->out;
	buf_printf(b,
		"<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">"
		"<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
		"<meta name=\"robots\" content=\"noindex\"><title>",
		r->q->lang == WORDS_EN ? "en" : "fr");
	put_title(r);
	buf_printf(b, " · tocsin</title><style>%s</style></head><body>\n<header><p>", style);
	html_string(b, r->q->config->town);
	buf_add_string(b, " · ");
	buf_printf(b, words(r->q->lang, "rapport de l'alerte n° %lld, %d"),
		(long long)r->incident.id, clock_local(r->incident.opened_at).year);
	buf_add_string(b, r->q->occulted ? words(r->q->lang, " · version communicable") : "");
	buf_add_string(b, "</p><h1>");
	put_title(r);
	buf_printf(b, "</h1><p><span class=\"level\">%s</span> ", phrase_level(r->incident.peak));
	html_string(b, words(r->q->lang, "au plus haut"));
	buf_add_string(b, " · ");
	html_string(b, phrase_state(r->q->lang, r->incident.state));
	buf_add_string(b, "</p></header>\n<main>\n");
}

static void put_foot(struct report *r)
{
	char now[CLOCK_TEXT];
	buf_add_string(r->out, "</main>\n<footer><p>");
	buf_printf(r->out, words(r->q->lang, "Établi le %s par tocsin."),
		clock_format_dhm(clock_now(), now));
	buf_add_char(r->out, ' ');
	html_string(r->out,
		words(r->q->lang,
			"Ce que tocsin signale est une supposition ; rien n'est masqué automatiquement."));
	if (r->q->occulted) {
		buf_add_char(r->out, ' ');
		html_string(r->out,
			words(r->q->lang,
				"Les noms sont remplacés par les fonctions ; les paroles de tiers et les notes sont occultées."));
	}
	buf_add_string(r->out, "</p></footer></body></html>\n");
}

static int put_page(struct report *r, struct error *e)
{
	put_head(r);
	int code = report_facts(r, e);
	if (code >= 0)
		code = report_verbatims(r, e);
	if (code >= 0)
		code = report_rumours(r, e);
	if (code >= 0)
		code = report_position(r, e);
	if (code >= 0)
		code = report_deliveries(r, e);
	if (code >= 0)
		code = report_entries(r, e);
	put_foot(r);
	return code < 0 ? code : 0;
}

int report_put(struct buf *out, const struct report_request *q, struct error *e)
{
	struct report r = {.q = q, .out = out};
	arena_init(&r.arena, 0);
	int code = reader_incident(q->reader, q->incident, take, &r, e);
	if (code >= 0)
		code = r.incident.id ? put_page(&r, e) : -ENOENT;
	arena_release(&r.arena);
	return code < 0 ? code : 0;
}
