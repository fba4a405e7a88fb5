/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phrase.h"

#define N_(french) french

void phrase_category(enum words_lang lang, struct slice category, struct buf *out)
{
	static const struct {
		const char *category, *phrase;
	} table[] = {
		{"injure_publique", N_("injure possible, à qualifier")},
		{"injure_discriminatoire", N_("injure discriminatoire possible, à qualifier")},
		{"provocation_haine", N_("provocation à la haine possible, à qualifier")},
		{"diffamation", N_("accusation précise, à vérifier")},
		{"outrage", N_("outrage possible, à qualifier")},
		{"menace", N_("menace possible, à qualifier")},
		{"apologie_terrorisme", N_("apologie possible, à qualifier")},
		{"harcelement_raid", N_("harcèlement possible, à qualifier")},
		{"doxxing", N_("donnée personnelle exposée, à vérifier")},
		{"vie_privee", N_("vie privée peut-être atteinte, à qualifier")},
		{"fausse_nouvelle", N_("rumeur possible, à vérifier")},
		{"detresse", N_("détresse possible : cette personne va-t-elle bien ?")},
		{"mineur_danger", N_("mineur peut-être en danger")},
		{"vulgarite", N_("vulgarité")},
		{"signalement_victime", N_("une victime le signale")},
		{"spam", N_("publicité possible")},
		{"demande_usager", N_("demande d'un habitant")},
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (slice_is(category, table[i].category)) {
			buf_add_string(out, words(lang, table[i].phrase));
			return;
		}
	buf_add_slice(out, category);
}

void phrase_verdict(enum words_lang lang, const struct verdict *v, struct buf *out)
{
	if (v->unscored != UNSCORED_NOT) {
		buf_add_string(out, words(lang, "non analysé : à lire"));
		return;
	}
	if (v->n_categories > 0) {
		phrase_category(lang, v->categories[0], out);
		for (uint32_t i = 1; i < v->n_categories && i < 3; i++) {
			buf_add_string(out, " ; ");
			phrase_category(lang, v->categories[i], out);
		}
		return;
	}
	if (v->lanes & LANE_REPONSE)
		buf_add_string(out, words(lang, "question ou demande"));
	for (uint32_t i = 0; i < v->n_topics && i < 2; i++) {
		buf_add_string(out, i == 0 && !(v->lanes & LANE_REPONSE) ? "" : " · ");
		buf_add_slice(out, v->topics[i]);
	}
}

const char *phrase_level(enum town_level level)
{
	static const char *const names[] = {"VERT", "JAUNE", "ORANGE", "ROUGE", "GRIS"};
	return names[(unsigned)level % 5];
}

const char *phrase_level_colour(enum town_level level)
{
	static const char *const colours[] = {"32", "33", "38;5;208", "31;1", "90"};
	return colours[(unsigned)level % 5];
}

const char *phrase_state(enum words_lang lang, enum incident_state state)
{
	static const char *const names[] = {N_("ouvert"), N_("pris en charge"), N_("clos")};
	return words(lang, names[(unsigned)state % 3]);
}

const char *phrase_entry(enum words_lang lang, enum entry_kind kind)
{
	static const char *const names[] = {N_("ouverture"), N_("monte"), N_("prévenu"),
		N_("pris en charge"), N_("prise en charge échue"), N_("prise en charge rompue"),
		N_("transmis"), N_("note"), N_("baisse"), N_("clôture"), N_("réouverture"),
		N_("silence"), N_("échec")};
	return words(lang, names[(unsigned)kind % 13]);
}
