/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin incident report N: heard, rung, delivered, acknowledged, done; one page for the file, or with --occult one
 * that may be given to whoever asks. */
#include "report.h"
#include <tocsin/base/clock.h>
#include <tocsin/phrase/phrase.h>

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

static int take(void *user, const struct incident *i)
{
	struct report *r = user;
	return incident_copy(i, &r->arena, &r->incident);
}

/* What a citizen wrote, or who began a drill, is in no page that is given away. */
static struct slice title_of_report(const struct report *r)
{
	if (r->occulted && r->incident.kind == INCIDENT_EMERGENT)
		return slice_of(_w(r->x, "Sujet émergent"));
	if (r->occulted && r->incident.kind == INCIDENT_CAMPAIGN)
		return slice_of(_w(r->x, "Texte recopié"));
	if (r->occulted && r->incident.kind == INCIDENT_DRILL)
		return slice_of(_w(r->x, "Exercice"));
	return r->incident.title.n ? r->incident.title : r->incident.topic;
}

static void put_head(struct report *r)
{
	struct buf *b = &r->out;
	buf_printf(b,
		"<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">"
		"<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
		"<meta name=\"robots\" content=\"noindex\"><title>",
		r->x->lang == WORDS_EN ? "en" : "fr");
	html_text(b, title_of_report(r));
	buf_printf(b, " · tocsin</title><style>%s</style></head><body>\n<header><p>", style);
	html_string(b, r->x->config.town);
	buf_add_string(b, " · ");
	buf_printf(b, _w(r->x, "rapport de l'alerte n° %lld, %d"), (long long)r->incident.id,
		clock_local(r->incident.opened_at).year);
	buf_add_string(b, r->occulted ? _w(r->x, " · version communicable") : "");
	buf_add_string(b, "</p><h1>");
	html_text(b, title_of_report(r));
	buf_printf(b, "</h1><p><span class=\"level\">%s</span> ", phrase_level(r->incident.peak));
	html_string(b, _w(r->x, "au plus haut"));
	buf_add_string(b, " · ");
	html_string(b, phrase_state(r->x->lang, r->incident.state));
	buf_add_string(b, "</p></header>\n<main>\n");
}

static void put_foot(struct report *r)
{
	char now[CLOCK_TEXT];
	buf_add_string(&r->out, "</main>\n<footer><p>");
	buf_printf(
		&r->out, _w(r->x, "Établi le %s par tocsin."), clock_format_dhm(clock_now(), now));
	buf_add_char(&r->out, ' ');
	html_string(&r->out,
		_w(r->x,
			"Ce que tocsin signale est une supposition ; rien n'est masqué automatiquement."));
	if (r->occulted) {
		buf_add_char(&r->out, ' ');
		html_string(&r->out,
			_w(r->x,
				"Les noms sont remplacés par les fonctions ; les paroles de tiers et les notes sont occultées."));
	}
	buf_add_string(&r->out, "</p></footer></body></html>\n");
}

static int put_page(struct report *r, struct error *e)
{
	put_head(r);
	int code = facts_put(r, e);
	if (code >= 0)
		code = verbatims_put(r, e);
	if (code >= 0)
		code = position_put(r, e);
	if (code >= 0)
		code = deliveries_put(r, e);
	if (code >= 0)
		code = entries_put(r, e);
	put_foot(r);
	return code < 0 ? code : 0;
}

static int write_report(struct report *r, int64_t id)
{
	struct error e = {0};
	int code = reader_incident(r->x->reader, id, take, r, &e);
	if (code >= 0 && !r->incident.id)
		return complain(r->x, EXIT_PROBLEMS, _w(r->x, "il n'y a pas d'alarme n° %lld"),
			(long long)id);
	if (code >= 0)
		code = put_page(r, &e);
	if (code < 0)
		return complain(r->x, EXIT_PROBLEMS, "%s", e.text);
	put_text(buf_slice(&r->out), stdout);
	return EXIT_DONE;
}

int incident_report(struct context *x, int64_t id, bool occulted)
{
	struct report r = {.x = x, .occulted = occulted};
	arena_init(&r.arena, 0);
	people_init(&r.people, &x->config);
	int code = write_report(&r, id);
	people_release(&r.people);
	arena_release(&r.arena);
	buf_release(&r.out);
	return code;
}
