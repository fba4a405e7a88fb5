/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is left of a mail when what its program put around it is gone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../src/connect/mail/quoted.h"

static void trims(void **state)
{
	static const struct {
		const char *text, *own;
	} cases[] = {
		{"Bonjour\n\nMerci.\n", "Bonjour\n\nMerci."},
		{"Oui.\n\nLe lun. 24 nov. 2026 à 14:05, Mairie <m@v.example> a écrit :\n\n> Bonjour\n> Non\n",
			"Oui."},
		{"Oui.\r\n\r\nLe 24/11/2026 à 14:05, Mairie\r\n<mairie@valmont.example> a écrit\xc2\xa0:\r\nBonjour",
			"Oui."},
		{"Le 24/11/2026, Mairie a écrit :\n> Bonjour\n> La benne ?\n\nElle n'est pas passée.",
			"Elle n'est pas passée."},
		{"Non.\nOn Mon, Nov 24, 2026 at 2:05 PM Town <t@v.example> wrote:\n> Hello\n",
			"Non."},
		{"D'accord.\n________________________________\nDe : Mairie\nEnvoyé : lundi\nÀ : Odile\nObjet : Benne\n\nBonjour",
			"D'accord."},
		{"D'accord.\n\n*De :* Mairie\n*Date :* lundi\n\nBonjour", "D'accord."},
		{"Ok\n\n-----Message d'origine-----\nDe : x\n", "Ok"},
		{"Ok\n-----Original Message-----\nx", "Ok"},
		{"Texte\n-- \nOdile, 12 rue Foch", "Texte"},
		{"Texte\n--\nOdile", "Texte"},
		{"Envoyé de mon iPhone\n\nLa suite", "La suite"},
		{"Texte\n\nObtenir Outlook pour Android", "Texte"},
		{"> cité\nréponse\n> cité\nautre", "réponse\nautre"},
		/* nobody's words are dropped for looking a little like it */
		{"Bonjour.\nLe maire a écrit :\nun poème",
			"Bonjour.\nLe maire a écrit :\nun poème"},
		{"De : la mairie\nrien d'autre", "De : la mairie\nrien d'autre"},
		{"Le printemps est là.\nOn respire.", "Le printemps est là.\nOn respire."},
		{"---------- Forwarded message ---------\nFrom: x\nDate: y\n\nà lire",
			"---------- Forwarded message ---------\nFrom: x\nDate: y\n\nà lire"},
		{"> tout est cité", "> tout est cité"},
		{"", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		_buf_ struct buf out = {0};

		quoted_trim(slice_of(cases[i].text), &out);
		assert_string_equal(buf_string(&out), cases[i].own);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(trims)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
