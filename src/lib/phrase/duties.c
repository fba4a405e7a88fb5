/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/phrase/duties.h>

/* One row a category. A function, for words() wants its language; the first row serves the unknown. */
static struct duty duty_at(enum words_lang l, size_t i, const char **category)
{
	const char *capture =
		words(l, "capture complète avant tout masquage : texte, adresse, auteur, heure.");
	const char *minimal =
		words(l, "le strict nécessaire ; ne compte jamais comme une offense.");
	const char *art40 =
		words(l, "article 40 du code de procédure pénale : saisir le procureur sans délai");
	const struct {
		const char *category;
		struct duty duty;
	} table[] = {
		{"",
			{words(l, "urgence possible"), words(l, "17 si un danger est imminent"),
				words(l, "Voir le texte, qualifier, prévenir qui doit l'être."),
				capture, art40}},
		{"menace",
			{words(l, "menace possible"),
				words(l, "17 (police, gendarmerie) si un danger est imminent"),
				words(l,
					"Prévenir la personne visée, le cabinet et le DGS dans les "
					"minutes. Ne pas répondre. Plainte, protection fonctionnelle."),
				capture,
				words(l,
					"code pénal 433-3 (élu, agent), 222-17 (toute personne) ; "
					"article 40 : saisir le procureur sans délai")}},
		{"detresse",
			{words(l, "personne en détresse possible"),
				words(l,
					"15 ou 17 si un danger est imminent ; 3114, gratuit, jour et nuit"),
				words(l,
					"Répondre avec humanité, donner le 3114, prévenir le CCAS dans les "
					"minutes. Ce n'est pas une infraction."),
				minimal, words(l, "code pénal 223-6 : porter assistance")}},
		{"apologie_terrorisme",
			{words(l, "apologie d'acte de terrorisme possible"),
				words(l, "17 si un danger est imminent"),
				words(l,
					"Signaler sur Pharos (internet-signalement.gouv.fr), prévenir la "
					"police et le cabinet dans les minutes."),
				capture,
				words(l, "code pénal 421-2-5 ; article 40 : saisir le procureur")}},
		{"doxxing",
			{words(l, "divulgation de données personnelles possible"),
				words(l, "17 si un danger est imminent"),
				words(l,
					"Prévenir la personne visée et le cabinet dans les minutes ; garder la "
					"preuve, puis faire masquer la donnée."),
				capture,
				words(l, "code pénal 223-1-1 ; article 40 : saisir le procureur")}},
		{"provocation_haine",
			{words(l, "provocation à la haine possible"), NULL,
				words(l,
					"Modération, juriste et cabinet rapidement ; signaler sur Pharos."),
				capture,
				words(l,
					"loi du 29 juillet 1881, article 24 ; article 40 : saisir le "
					"procureur")}},
		{"harcelement_raid",
			{words(l, "harcèlement en groupe possible"),
				words(l, "3018 (cyberharcèlement)"),
				words(l,
					"Prévenir la personne visée et le juriste dans l'heure ; regrouper "
					"la série."),
				words(l, "toute la série, message par message"),
				words(l, "code pénal 222-33-2-2")}},
		{"mineur_danger",
			{words(l, "mineur en danger possible"),
				words(l,
					"119 (enfance en danger), 3018 ; 17 si un danger est imminent"),
				words(l, "Prévenir l'école et le juriste dans l'heure."), minimal,
				words(l, "article 40 : saisir le procureur sans délai")}},
		{"injure_discriminatoire",
			{words(l, "injure discriminatoire possible"), NULL,
				words(l, "Modération et juriste dans les deux heures."), capture,
				words(l,
					"loi du 29 juillet 1881, article 33 (prescription : un an)")}},
		{"injure_publique",
			{words(l, "injure possible"), NULL,
				words(l,
					"Modération dans la journée ; juriste si une personne est nommée."),
				words(l, "capture ; prescription de trois mois dès la publication"),
				words(l, "loi du 29 juillet 1881, articles 29 et 33")}},
		{"diffamation",
			{words(l, "diffamation possible"), NULL,
				words(l,
					"Juriste et dir'com dans la journée. Ne rien masquer de soi-même : "
					"vérité, bonne foi, débat public."),
				words(l, "capture, adresse, auteur ; prescription de trois mois"),
				words(l, "loi du 29 juillet 1881, articles 29, 31 et 32")}},
		{"outrage",
			{words(l, "outrage possible"), NULL,
				words(l, "Juriste et hiérarchie dans la journée."),
				words(l, "garder le message"),
				words(l, "code pénal 433-5 (message non public)")}},
		{"vie_privee",
			{words(l, "atteinte à la vie privée possible"), NULL,
				words(l, "Juriste dans la journée."), capture,
				words(l, "code pénal 226-1, code civil 9")}},
		{"fausse_nouvelle",
			{words(l, "rumeur à vérifier"), NULL,
				words(l, "Dir'com dans les deux heures : vérifier, puis démentir."),
				capture, words(l, "loi du 29 juillet 1881, article 27")}},
	};
	if (i >= sizeof(table) / sizeof(*table))
		return (struct duty){0};
	*category = table[i].category;
	return table[i].duty;
}

struct duty duty_of(enum words_lang lang, struct slice category)
{
	const char *name;
	for (size_t i = 1;; i++) {
		struct duty d = duty_at(lang, i, &name);
		if (!d.label)
			return duty_at(lang, 0, &name);
		if (slice_is(category, name))
			return d;
	}
}
