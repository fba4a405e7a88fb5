/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page.h"
#include <stdio.h>
#include <tocsin/base/clock.h>

bool page_in_charge(const struct page *p)
{
	return p->kind == PAGE_ANSWER &&
		(p->reply.outcome == CODE_TAKEN ||
			(p->reply.outcome == CODE_USED && p->reply.until));
}

bool page_is_guess(const struct page *p)
{
	return p->kind == PAGE_ANSWER &&
		(p->reply.outcome == CODE_UNKNOWN || p->reply.outcome == CODE_STRANGER ||
			p->reply.outcome == CODE_LIMITED);
}

/* With the day when that is another. */
static void add_charge(struct buf *out, enum words_lang l, const struct page *p)
{
	struct local_time a = clock_local(p->reply.until), b = clock_local(p->now);
	bool again = p->reply.outcome == CODE_USED;
	char hour[CLOCK_TEXT], day[CLOCK_TEXT];
	clock_format_hm(p->reply.until, hour);
	if (a.year == b.year && a.yearday == b.yearday) {
		buf_printf(out,
			again ? words(l, "Code déjà reçu : pris en charge jusqu'à %s.")
			      : words(l, "Pris en charge jusqu'à %s."),
			hour);
		return;
	}
	snprintf(day, sizeof(day), "%02d/%02d", a.day, a.month);
	buf_printf(out,
		again ? words(l, "Code déjà reçu : pris en charge jusqu'au %s à %s.")
		      : words(l, "Pris en charge jusqu'au %s à %s."),
		day, hour);
}

static void answer_sentence(struct buf *out, enum words_lang l, const struct page *p)
{
	switch (p->reply.outcome) {
	case CODE_TAKEN: add_charge(out, l, p); break;
	case CODE_USED:
		if (p->reply.until)
			add_charge(out, l, p);
		else
			buf_add_string(out,
				words(l,
					"Ce code a déjà servi. Le prochain message en porte un nouveau."));
		break;
	case CODE_EXPIRED:
		buf_add_string(
			out, words(l, "Ce code a expiré. Le prochain rappel en porte un nouveau."));
		break;
	case CODE_CLOSED:
		buf_add_string(
			out, words(l, "Cette alerte est close : plus rien à prendre en charge."));
		break;
	case CODE_SURPASSED:
		buf_add_string(out,
			words(l,
				"L'alerte est montée depuis : utilisez le code du dernier message reçu."));
		break;
	case CODE_LIMITED:
		buf_add_string(out, words(l, "Trop d'essais : réessayez dans une minute."));
		break;
	case CODE_UNKNOWN:
	case CODE_STRANGER:
	case CODE_OUTCOMES:
	default:
		buf_add_string(out,
			words(l, "Code inconnu : vérifiez les huit signes dans le message reçu."));
	}
}

void page_sentence(struct buf *out, enum words_lang l, const struct page *p)
{
	switch (p->kind) {
	case PAGE_ANSWER: answer_sentence(out, l, p); break;
	case PAGE_NO_CODE:
		buf_add_string(out,
			words(l, "Ce n'est pas un code : un code a huit lettres ou chiffres."));
		break;
	case PAGE_TOO_MANY:
		buf_add_string(out, words(l, "Trop d'essais : réessayez plus tard."));
		break;
	case PAGE_AWAY:
		buf_add_string(
			out, words(l, "Le service ne répond pas : réessayez dans une minute."));
		break;
	case PAGE_FORM:
	default: break;
	}
}

unsigned page_status(const struct page *p)
{
	switch (p->kind) {
	case PAGE_FORM: return 200;
	case PAGE_NO_CODE: return 400;
	case PAGE_TOO_MANY: return 429;
	case PAGE_AWAY: return 503;
	case PAGE_ANSWER:
	default: break;
	}
	if (page_in_charge(p))
		return 200;
	switch (p->reply.outcome) {
	case CODE_LIMITED: return 429;
	case CODE_UNKNOWN:
	case CODE_STRANGER: return 404;
	case CODE_TAKEN:
	case CODE_USED:
	case CODE_EXPIRED:
	case CODE_CLOSED:
	case CODE_SURPASSED:
	case CODE_OUTCOMES:
	default: return 410;
	}
}

/* A large field for a thumb; the telephone shall neither correct nor remember what is typed. */
static void add_form(struct buf *out, enum words_lang l)
{
	buf_printf(out,
		"<form method=\"post\" action=\"a\" accept-charset=\"utf-8\">\n"
		"<label for=\"code\">%s</label>\n"
		"<input id=\"code\" name=\"code\" required autofocus maxlength=\"20\""
		" autocomplete=\"off\" autocapitalize=\"characters\" autocorrect=\"off\""
		" spellcheck=\"false\">\n"
		"<button>%s</button>\n</form>\n",
		words(l, "Code du message reçu"), words(l, "Je prends en charge"));
}

static const char style[] =
	"body{font:18px/1.5 sans-serif;margin:0 auto;max-width:24em;padding:1.5em;color:#111;"
	"background:#fff}label,input,button{display:block;width:100%;box-sizing:border-box}"
	"input{font:32px monospace;letter-spacing:.2em;text-transform:uppercase;padding:.4em;"
	"margin:.4em 0 1em;border:2px solid #555;border-radius:4px}button{font:bold 20px sans-serif;"
	"padding:.8em;color:#fff;background:#0b4f8a;border:0;border-radius:4px}"
	"p{font-weight:bold}:focus{outline:3px solid #b85c00;outline-offset:2px}";

void page_write(struct buf *out, enum words_lang l, const struct page *p)
{
	buf_printf(out,
		"<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
		"<meta name=\"robots\" content=\"noindex\"><title>tocsin</title>"
		"<style>%s</style></head>\n<body><main>\n",
		l == WORDS_EN ? "en" : "fr", style);
	if (p->kind != PAGE_FORM) {
		buf_add_string(out, "<p role=\"status\">");
		page_sentence(out, l, p); /* our own words and times: nothing to escape */
		buf_add_string(out, "</p>\n");
	}
	if (!page_in_charge(p))
		add_form(out, l);
	buf_add_string(out, "</main></body></html>\n");
}
