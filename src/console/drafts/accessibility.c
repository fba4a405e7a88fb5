/* SPDX-License-Identifier: GPL-3.0-or-later
 * The accessibility statement of the console. */
#include "drafts.h"
#include "facts.h"

static const struct sheet_line lines[] = {
	FACT(fact_town),
	TEXT(WORDS_MARK(
		"La collectivité s'engage à rendre ses services numériques accessibles, selon l'article 47 de la loi n° 2005-102 du 11 février 2005. Cette déclaration porte sur la console de tocsin, l'outil de travail de ses agents.")),
	HEAD(WORDS_MARK("État de conformité")),
	TEXT(WORDS_MARK(
		"Non conforme : aucun audit selon le RGAA 4.1 n'a encore été fait, et la règle veut qu'on le dise ainsi.")),
	TODO(WORDS_MARK(
		"résultat de l'audit : qui l'a fait, quand, quel taux ; changez alors l'état")),
	HEAD(WORDS_MARK("Ce qui a été fait")),
	ITEM(WORDS_MARK(
		"Les essais de tocsin passent ses pages à axe-core (WCAG 2.1 A et AA), en clair et en sombre, en français et en anglais. Ce contrôle automatique ne remplace pas un audit.")),
	ITEM(WORDS_MARK(
		"Les pages fonctionnent au clavier, et sans script ; sans lui, elles ne se mettent pas à jour seules.")),
	ITEM(WORDS_MARK("Les courbes ont un titre et une description en mots.")),
	HEAD(WORDS_MARK("Contenus non accessibles")),
	TEXT(WORDS_MARK(
		"Les commentaires sont montrés tels que leurs auteurs les ont écrits ; tocsin ne les corrige pas.")),
	TODO(WORDS_MARK("non-conformités trouvées par l'audit, dérogations")),
	HEAD(WORDS_MARK("Technologies")),
	TEXT(WORDS_MARK("HTML, CSS, SVG, JavaScript.")),
	HEAD(WORDS_MARK("Signaler un défaut")),
	TEXT(WORDS_MARK(
		"Si une page vous arrête, écrivez à la collectivité : elle doit vous donner l'information autrement, et corriger.")),
	TODO(WORDS_MARK("adresse, courriel ou formulaire, délai de réponse")),
	HEAD(WORDS_MARK("Sans réponse")),
	TEXT(WORDS_MARK(
		"Vous pouvez écrire au Défenseur des droits (www.defenseurdesdroits.fr ; Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07, sans timbre), ou joindre son délégué dans votre département.")),
	TODO(WORDS_MARK("date de la déclaration")),
};

int draft_accessibility(struct visit *v, struct error *e)
{
	return sheet_put(v, lines, sizeof(lines) / sizeof(*lines), e);
}
