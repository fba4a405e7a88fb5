/* SPDX-License-Identifier: GPL-3.0-or-later
 * How the town moderates. */
#include "drafts.h"
#include "facts.h"

static const struct sheet_line lines[] = {
	HEAD(WORDS_MARK("Ce que nous faisons")),
	FACT(fact_town),
	ITEM(WORDS_MARK("Une personne lit et décide ; le logiciel ne fait que supposer.")),
	ITEM(WORDS_MARK(
		"Nous ne masquons pas une critique, même vive, de la collectivité ou de ses élus.")),
	ITEM(WORDS_MARK("Les mêmes règles valent pour tous, élus de tous bords compris.")),
	ITEM(WORDS_MARK("Masquer demande un motif, qui est gardé.")),
	HEAD(WORDS_MARK("Ce que nous regardons de près")),
	TEXT(WORDS_MARK(
		"Les règles en service signalent ceci à la modération, comme une supposition à vérifier :")),
	FACT(fact_suppositions),
	TODO(WORDS_MARK(
		"ce que la collectivité masque de ces commentaires, et ce qu'elle laisse en ligne")),
	HEAD(WORDS_MARK("À deux")),
	FACT(fact_two),
	HEAD(WORDS_MARK("Délais")),
	FACT(fact_deadlines),
	HEAD(WORDS_MARK("Contester")),
	TODO(WORDS_MARK(
		"à qui écrire pour contester un masquage, en combien de temps la collectivité répond")),
	TEXT(WORDS_MARK(
		"Une décision de la collectivité peut être contestée devant le tribunal administratif.")),
	HEAD(WORDS_MARK("Urgence")),
	TEXT(WORDS_MARK(
		"Danger immédiat : 17 (police), 15 (Samu) ou 112. Détresse : 3114, gratuit, à toute heure. Cyberharcèlement et mineurs : 3018. Ne comptez pas sur un commentaire pour appeler au secours.")),
	TODO(WORDS_MARK("date d'adoption, délibération")),
};

int draft_charter(struct visit *v, struct error *e)
{
	return sheet_put(v, lines, sizeof(lines) / sizeof(*lines), e);
}
