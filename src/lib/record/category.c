/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/record/category.h>

const char *const categories[CATEGORIES] = {"injure_publique", "injure_discriminatoire",
	"provocation_haine", "diffamation", "outrage", "menace", "apologie_terrorisme",
	"harcelement_raid", "doxxing", "vie_privee", "fausse_nouvelle", "detresse", "mineur_danger",
	"vulgarite", "critique_politique", "signalement_victime", "spam", "demande_usager"};

bool category_known(struct slice category)
{
	for (size_t i = 0; i < CATEGORIES; i++)
		if (slice_is(category, categories[i]))
			return !slice_is(category, CATEGORY_PROTECTED);
	return false;
}

unsigned category_priority(struct slice category)
{
	static const struct {
		const char *category;
		unsigned priority;
	} known[] = {{"menace", 1}, {"doxxing", 1}, {"detresse", 1}, {"mineur_danger", 1},
		{"apologie_terrorisme", 1}, {"provocation_haine", 2}, {"injure_discriminatoire", 2},
		{"harcelement_raid", 2}, {"vulgarite", 4}, {"spam", 4}};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (slice_is(category, known[i].category))
			return known[i].priority;
	return 3;
}
