/* SPDX-License-Identifier: GPL-3.0-or-later
 * What looks like a name is taken out, and what a rule could learn from stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "rules/names.h"

static void names(void **state)
{
	static const char *const list[][2] = {
		{"On attendra Martin à la sortie", "On attendra […] à la sortie"},
		{"L'adjoint M. Dupont a menti", "L'adjoint M. […] a menti"},
		{"Le Dr. Quenolle ment", "Le […]. […] ment"},
		{"Voyez Mme. Brézolles. Elle ment", "Voyez […]. […]. Elle ment"},
		{"on verra le maire DUPONT demain", "on verra le maire […] demain"},
		{"La clique d'Ormesson et de «Valmont»", "La clique d'[…] et de «[…]"},
		{"D'Ormesson et O'Brien", "D'[…] et O'[…]"},
		{"la rue d’Élan", "la rue d’[…]"},
		{"Vois Jean-Pierre", "Vois […]"},
		{"On va à la CAF, au HLM, avec la SNCF", "On va à la CAF, au HLM, avec la SNCF"},
		{"VOUS ALLEZ VOIR BANDE DE NAZES", "VOUS ALLEZ VOIR BANDE DE NAZES"},
		{"VOUS ALLEZ VOIR M. DUPONT, BANDE DE NAZES",
			"VOUS ALLEZ VOIR M. […], BANDE DE NAZES"},
		{"MADAME JEANNE D'ORMESSON N'EST QUE MENSONGES, ASSEZ",
			"MADAME […] D'[…] N'EST QUE MENSONGES, ASSEZ"},
		{"MONSIEUR LE MAIRE VOUS ALLEZ VOIR", "MONSIEUR LE MAIRE VOUS ALLEZ VOIR"},
		{"Assez. Partez ! Vite", "Assez. Partez ! Vite"},
		{"a\nb\tc", "a b c"},
		{"", ""},
		{"\xc3", "\xc3"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		_buf_ struct buf out = {0};

		names_hide(&out, slice_of(list[i][0]));
		assert_string_equal(buf_string(&out), list[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(names)};

	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
