/* SPDX-License-Identifier: GPL-3.0-or-later
 * The sheet for the register of processing. */
#include "drafts.h"
#include "facts.h"

static const struct sheet_line lines[] = {
	HEAD(WORDS_MARK("Traitement")),
	TEXT(WORDS_MARK(
		"Écoute et modération des commentaires publics adressés à la collectivité, et alerte des personnes d'astreinte.")),
	HEAD(WORDS_MARK("Responsable du traitement")),
	FACT(fact_town),
	TODO(WORDS_MARK(
		"adresse, représentant légal, coordonnées du délégué à la protection des données")),
	HEAD(WORDS_MARK("Finalités")),
	ITEM(WORDS_MARK(
		"Repérer les commentaires peut-être illicites, pour qu'une personne les lise et décide.")),
	ITEM(WORDS_MARK("Repérer les questions et les demandes des habitants, pour y répondre.")),
	ITEM(WORDS_MARK(
		"Prévenir la direction de la communication et le cabinet quand un sujet monte ou qu'une menace paraît.")),
	ITEM(WORDS_MARK(
		"Garder la preuve de ce qui peut devoir être signalé ou porté en justice.")),
	HEAD(WORDS_MARK("Base légale")),
	TEXT(WORDS_MARK(
		"Proposition : la mission d'intérêt public (RGPD, article 6, 1, e). Des opinions peuvent apparaître dans les commentaires (article 9).")),
	TODO(WORDS_MARK(
		"base légale retenue, exception de l'article 9 retenue, délibération ou décision")),
	HEAD(WORDS_MARK("Personnes concernées")),
	ITEM(WORDS_MARK("Les auteurs de commentaires publics sur les sources ci-dessous.")),
	ITEM(WORDS_MARK("Les personnes dont parlent ces commentaires.")),
	ITEM(WORDS_MARK(
		"Les personnes qui signalent à la mairie ce qui est écrit quelque part et demandent à être rappelées.")),
	ITEM(WORDS_MARK("Les agents et les élus qui ont un compte ou reçoivent les alertes.")),
	HEAD(WORDS_MARK("Données")),
	ITEM(WORDS_MARK(
		"Du commentaire : texte, adresse web, date, fil, source ; du compte : nom du compte et nom affiché, quand la source les donne.")),
	ITEM(WORDS_MARK(
		"D'un signalement reçu par la mairie : ce qui est écrit, où, quand et comment c'est arrivé, l'agent qui l'a pris ; le nom et le numéro de qui demande à être rappelé.")),
	ITEM(WORDS_MARK(
		"De la machine : ce que les règles supposent du commentaire. Une supposition n'est pas une qualification.")),
	ITEM(WORDS_MARK(
		"Des agents : nom du compte, rôles, actes inscrits au journal ; des personnes prévenues : nom, fonction, courriel, téléphone.")),
	TEXT(WORDS_MARK(
		"tocsin ne tient ni liste de personnes par opinion, ni classement d'auteurs.")),
	HEAD(WORDS_MARK("Sources")),
	FACT(fact_sources),
	HEAD(WORDS_MARK("Durées de conservation")),
	FACT(fact_durations),
	TEXT(WORDS_MARK(
		"Les durées comptent depuis la date du commentaire. tocsin efface une fois par jour ce qui les a dépassées, tant qu'il tourne.")),
	TEXT(WORDS_MARK(
		"Les décisions, les statistiques, le journal des actes et la main courante des alertes ne sont pas effacés par ces durées.")),
	TEXT(WORDS_MARK(
		"Un signalement reçu est effacé aux mêmes durées, avec le nom et le numéro à rappeler et l'agent qui l'a pris.")),
	TODO(WORDS_MARK(
		"durée de conservation du journal, des exports, des courriels d'alerte déjà reçus et des sauvegardes : ces durées ne les atteignent pas")),
	HEAD(WORDS_MARK("Qui a accès")),
	FACT(fact_accounts),
	HEAD(WORDS_MARK("Destinataires des alertes")),
	FACT(fact_recipients),
	TEXT(WORDS_MARK(
		"Un courriel d'alerte cite au plus cinq commentaires, sans leur auteur ; courriels, téléphones et adresses y sont masqués. Un nom écrit dans le texte peut y rester.")),
	TODO(WORDS_MARK(
		"destinataires hors de la collectivité (Pharos, procureur, préfet, conseil) et dans quels cas")),
	HEAD(WORDS_MARK("Sous-traitants et transferts")),
	TEXT(WORDS_MARK(
		"tocsin est un logiciel libre qui tourne sur votre machine : son éditeur n'héberge rien et ne reçoit rien. Il parle avec ces machines :")),
	FACT(fact_outside),
	TODO(WORDS_MARK(
		"lesquels sont des sous-traitants, contrats (article 28), transferts hors de l'Union européenne ; ce que joignent les programmes que tocsin lance")),
	HEAD(WORDS_MARK("Lieu")),
	FACT(fact_place),
	TODO(WORDS_MARK("où est cette machine, qui l'administre")),
	HEAD(WORDS_MARK("Sécurité")),
	FACT(fact_entry),
	ITEM(WORDS_MARK(
		"Les commentaires signalés sont scellés dans une chaîne de preuves : une modification après coup se voit.")),
	ITEM(WORDS_MARK(
		"L'effacement écrase le texte dans la base, dans le journal d'arrivée et dans l'index de recherche.")),
	FACT(fact_access),
	TEXT(WORDS_MARK("tocsin ne chiffre pas lui-même sa base sur le disque.")),
	TODO(WORDS_MARK("chiffrement du disque, sauvegardes, mises à jour, accès aux locaux")),
	HEAD(WORDS_MARK("Dates")),
	TODO(WORDS_MARK("date de création de la fiche, date de mise à jour, nom du rédacteur")),
};

int draft_register(struct visit *v, struct error *e)
{
	return sheet_put(v, lines, sizeof(lines) / sizeof(*lines), e);
}
