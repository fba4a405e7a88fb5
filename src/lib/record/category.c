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
