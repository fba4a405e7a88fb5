/* SPDX-License-Identifier: GPL-3.0-or-later
 * The outline of an impact assessment. */
#include "drafts.h"
#include "facts.h"

static const struct sheet_line lines[] = {
	HEAD(WORDS_MARK("Faut-il une analyse ?")),
	TEXT(WORDS_MARK(
		"Une écoute régulière de ce que des personnes écrivent, avec de possibles opinions : une analyse d'impact est à prévoir (RGPD, article 35). En voici le plan et ce que tocsin sait.")),
	TODO(WORDS_MARK(
		"avis du délégué à la protection des données, avis des personnes concernées ou raison de ne pas le demander")),
	HEAD(WORDS_MARK("1. Le traitement")),
	FACT(fact_town),
	FACT(fact_sources),
	ITEM(WORDS_MARK(
		"Les signalements reçus par la mairie y sont inscrits à la main : ce qui est écrit, où, l'agent qui l'a pris et, seulement sur demande, qui rappeler.")),
	FACT(fact_accounts),
	FACT(fact_recipients),
	FACT(fact_place),
	HEAD(WORDS_MARK("2. Nécessité et proportion")),
	ITEM(WORDS_MARK(
		"La machine suppose, une personne décide : rien n'est masqué automatiquement.")),
	ITEM(WORDS_MARK(
		"Les règles sont écrites, versionnées, publiées avec un motif ; chaque signalement dit quelle règle et quels mots l'ont causé.")),
	ITEM(WORDS_MARK(
		"Le cabinet voit des nombres et des extraits masqués, pas les auteurs. En période électorale déclarée, il ne voit que des nombres.")),
	ITEM(WORDS_MARK("Les statistiques portent sur l'équipe : ni par agent, ni par habitant.")),
	FACT(fact_durations),
	TODO(WORDS_MARK(
		"pourquoi chaque source et chaque durée est nécessaire ; pourquoi un moyen moins intrusif ne suffit pas")),
	HEAD(WORDS_MARK("3. Droits des personnes")),
	ITEM(WORDS_MARK("Information : voir le modèle d'information du public.")),
	ITEM(WORDS_MARK(
		"Accès et effacement : par le nom du compte, dans la page « Une personne », réservée au délégué à la protection des données.")),
	ITEM(WORDS_MARK(
		"Opposition : enregistrée et décidée dans la même page, avec un motif en cas de refus.")),
	TODO(WORDS_MARK("délais de réponse tenus, modèle de réponse, qui remplace le délégué")),
	HEAD(WORDS_MARK("4. Risques : accès illégitime aux données")),
	FACT(fact_entry),
	FACT(fact_access),
	TEXT(WORDS_MARK("tocsin ne chiffre pas lui-même sa base sur le disque.")),
	TODO(WORDS_MARK("menaces, gravité, vraisemblance, mesures en plus")),
	HEAD(WORDS_MARK("5. Risques : modification non désirée")),
	ITEM(WORDS_MARK(
		"Les commentaires signalés sont scellés dans une chaîne de preuves : une modification après coup se voit.")),
	ITEM(WORDS_MARK(
		"Qui a décidé peut revenir sur sa décision pendant quinze secondes, et l'historique garde les deux ; la main courante ne s'efface pas.")),
	TODO(WORDS_MARK("menaces, gravité, vraisemblance, mesures en plus")),
	HEAD(WORDS_MARK("6. Risques : disparition des données")),
	ITEM(WORDS_MARK(
		"Un commentaire accepté est d'abord écrit sur le disque ; il ne quitte ce journal qu'une fois dans la base.")),
	ITEM(WORDS_MARK("« tocsin backup » copie la base pendant que tocsin tourne.")),
	TODO(WORDS_MARK(
		"rythme et lieu des sauvegardes, essai de restauration, menaces, gravité, vraisemblance")),
	HEAD(WORDS_MARK("7. Risques propres à l'écoute")),
	ITEM(WORDS_MARK(
		"Prendre une critique pour une offense : la critique d'une politique est protégée ; une règle peut être essayée sans effet avant de servir, et les décisions mesurent sa justesse.")),
	ITEM(WORDS_MARK(
		"Surveiller une personne : pas de recherche pour le cabinet ; toute recherche est inscrite au journal avec son motif.")),
	ITEM(WORDS_MARK(
		"Manquer une urgence : une source muette est signalée comme telle (gris).")),
	TODO(WORDS_MARK("gravité, vraisemblance, mesures en plus")),
	HEAD(WORDS_MARK("8. Conclusion")),
	TODO(WORDS_MARK(
		"risques qui restent, décision du responsable du traitement, date de la prochaine revue")),
};

int draft_assessment(struct visit *v, struct error *e)
{
	return sheet_put(v, lines, sizeof(lines) / sizeof(*lines), e);
}
