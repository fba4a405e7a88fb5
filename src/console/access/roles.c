/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles.h"
#include <tocsin/record/account.h>

static const char *const titles[ROLES] = {WORDS_MARK("modération"),
	WORDS_MARK("direction de la communication"), WORDS_MARK("cabinet"),
	WORDS_MARK("administration"), WORDS_MARK("auteurs de règles"), WORDS_MARK("juristes"),
	WORDS_MARK("services qui répondent"), WORDS_MARK("délégué à la protection des données"),
	WORDS_MARK("direction générale des services"), WORDS_MARK("astreinte")};
static const char *const seen[ROLES] = {
	WORDS_MARK(
		"les commentaires et leurs auteurs ; cherche (avec un motif), décide, répond, ouvre des dossiers"),
	WORDS_MARK("la même chose, et conduit les alertes"),
	WORDS_MARK(
		"les alertes, leurs nombres et des extraits masqués, sans auteur ; ni historique, ni recherche"),
	WORDS_MARK("les comptes, les durées et les purges ; aucun commentaire"),
	WORDS_MARK(
		"les règles, et des extraits masqués, sans auteur, de ce qu'elles reconnaissent"),
	WORDS_MARK("les règles, les mêmes extraits masqués, et les dossiers"),
	WORDS_MARK("les questions transférées à son service, sans leur auteur"),
	WORDS_MARK(
		"ce qui est gardé et jusqu'à quand, le journal, les exports, et les textes d'une personne qui exerce ses droits"),
	WORDS_MARK(
		"les alertes, leurs nombres et des extraits masqués, sans auteur, qu'elle conduit, et les statistiques ; ni file, ni recherche"),
	WORDS_MARK(
		"les alertes, de la même façon ; de garde, aussi les commentaires urgents (P1 et P2) et leurs auteurs, dont il décide"),
};

const char *role_title(const struct visit *v, unsigned role)
{
	return words(v->l, titles[role]);
}

const char *role_sees(const struct visit *v, unsigned role)
{
	return words(v->l, seen[role]);
}

void roles_put(struct visit *v, uint16_t roles)
{
	bool any = false;
	for (unsigned role = 0; role < ROLES; role++) {
		if (!(roles >> role & 1))
			continue;
		buf_add_string(&v->out, any ? ", " : "");
		page_word(v, role_title(v, role));
		any = true;
	}
	if (!any)
		page_word(v, "–");
}
