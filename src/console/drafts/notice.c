/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the public is told. */
#include "drafts.h"
#include "facts.h"

static const struct sheet_line lines[] = {
	HEAD(WORDS_MARK("Qui lit vos commentaires ?")),
	FACT(fact_town),
	TEXT(WORDS_MARK(
		"La collectivité lit les commentaires publics qu'elle reçoit sur les sources ci-dessous, avec l'aide d'un logiciel libre, tocsin.")),
	FACT(fact_sources),
	HEAD(WORDS_MARK("Pourquoi ?")),
	ITEM(WORDS_MARK("Répondre à vos questions.")),
	ITEM(WORDS_MARK(
		"Repérer ce qui est peut-être illicite : injure, menace, haine, adresse d'une personne livrée.")),
	ITEM(WORDS_MARK("Être prévenue quand un sujet inquiète.")),
	TEXT(WORDS_MARK(
		"Critiquer la collectivité ou ses élus est votre droit : ce n'est pas un motif de masquage.")),
	TODO(WORDS_MARK("base légale retenue par la collectivité")),
	HEAD(WORDS_MARK("Qui décide ?")),
	TEXT(WORDS_MARK(
		"Une personne, toujours. Le logiciel trie et propose ; il ne masque rien et ne répond à personne de lui-même.")),
	HEAD(WORDS_MARK("Quelles données ?")),
	TEXT(WORDS_MARK(
		"Le texte que vous avez publié, sa date, son adresse web, et le nom de votre compte quand la source le donne. Elles viennent de ces sources, pas de vous directement.")),
	HEAD(WORDS_MARK("Combien de temps ?")),
	FACT(fact_durations),
	TEXT(WORDS_MARK(
		"Les durées comptent depuis la date du commentaire. Restent ensuite, sans le texte, les décisions et les nombres.")),
	HEAD(WORDS_MARK("Qui les voit ?")),
	TEXT(WORDS_MARK(
		"Les agents chargés de la modération et de la communication. Le service compétent reçoit votre question sans votre nom de compte. Le cabinet voit des nombres et des extraits masqués.")),
	TEXT(WORDS_MARK(
		"Si la loi le demande, un commentaire peut être transmis à la justice, à la police ou à la plateforme Pharos.")),
	TODO(WORDS_MARK(
		"sous-traitants éventuels, transferts hors de l'Union européenne éventuels")),
	HEAD(WORDS_MARK("Vos droits")),
	ITEM(WORDS_MARK("Savoir ce qui est gardé de vous et en recevoir une copie.")),
	ITEM(WORDS_MARK(
		"Le faire effacer ; ce qui est en dossier pour la justice reste le temps du dossier.")),
	ITEM(WORDS_MARK(
		"Vous opposer pour des raisons qui tiennent à votre situation. Si c'est accepté : vos commentaires à venir que rien ne signale et qui ne demandent rien ne sont plus gardés ; une question est gardée sans votre nom jusqu'à la purge qui suit sa réponse ; un commentaire signalé reste traité comme tout autre.")),
	ITEM(WORDS_MARK(
		"Effacer votre commentaire à la source : sauf si cette source est indiquée « gardé » plus haut, il est effacé ici quand la source le signale, sauf s'il est en dossier.")),
	TEXT(WORDS_MARK("Dites sur quel site et sous quel nom de compte vous avez écrit.")),
	TODO(WORDS_MARK(
		"à qui écrire (délégué à la protection des données : adresse, courriel), comment prouver que le compte est le vôtre")),
	TEXT(WORDS_MARK("Vous pouvez aussi saisir la CNIL (www.cnil.fr).")),
};

int draft_notice(struct visit *v, struct error *e)
{
	return sheet_put(v, lines, sizeof(lines) / sizeof(*lines), e);
}
