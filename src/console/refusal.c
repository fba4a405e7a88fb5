/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "refusal.h"

static const char *problem_text(const struct visit *v, unsigned status)
{
	switch (status) {
	case 400: return words(v->l, "Cette demande est incomplète.");
	case 403: return words(v->l, "Votre compte n'ouvre pas cette page.");
	case 404: return words(v->l, "Il n'y a rien à cette adresse.");
	case 405: return words(v->l, "Cette adresse ne se demande pas ainsi.");
	case 413: return words(v->l, "C'est trop long : rien n'a été changé.");
	case 410: return words(v->l, "Ce lien ne sert plus.");
	case 503:
	default: return words(v->l, "Le service ne répond pas : réessayez dans une minute.");
	}
}

/* why: NULL, the heading says it. */
static void write_page(struct visit *v, const char *text, const char *why)
{
	buf_clear(&v->out);
	page_open(v, text);
	page_element(v, "h1", text);
	if (why)
		page_element(v, "p", why);
	buf_add_string(&v->out, "<p><a href=\"/\">");
	page_word(v, words(v->l, "Revenir à l'accueil"));
	buf_add_string(&v->out, "</a></p>\n");
	page_close(v);
}

void refusal_write(struct visit *v, unsigned status)
{
	write_page(v, problem_text(v, status), NULL);
}

void refusal_limited(struct visit *v)
{
	write_page(v, problem_text(v, 403),
		words(v->l,
			"Vous voyez certaines sources seulement, et cette page parle de toute la ville : ses chiffres, ses alertes ou ses règles se comptent sur toutes les sources."));
	visit_page(v, 403);
}

void visit_problem(struct visit *v, unsigned status)
{
	refusal_write(v, status);
	visit_page(v, status);
}

void refusal_stale(struct visit *v)
{
	page_open(v, words(v->l, "Page trop ancienne"));
	page_element(v, "h1", words(v->l, "Page trop ancienne"));
	page_element(v, "p",
		words(v->l,
			"Cette page ne vaut plus, et rien n'a été changé : revenez en arrière, rechargez-la et recommencez."));
	page_close(v);
	visit_page(v, 403);
}

void refusal_signed_out(struct visit *v)
{
	const char *title = words(v->l, "Vous n'êtes plus connecté");
	page_open(v, title);
	page_element(v, "h1", title);
	page_element(v, "p",
		words(v->l,
			"Votre session a pris fin, ou la console a redémarré. Rien n'a été changé ; ce que vous écriviez est gardé dans cet onglet : connectez-vous et revenez à la même page."));
	buf_add_string(&v->out, "<p><a class=\"choice\" href=\"/connexion\">");
	page_word(v, words(v->l, "Se connecter"));
	buf_add_string(&v->out, "</a></p>\n");
	page_close(v);
	visit_page(v, 403);
}
