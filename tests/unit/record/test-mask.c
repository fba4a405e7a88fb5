/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is masked, and what must stay readable. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <tocsin/record/mask.h>

static const struct {
	const char *text, *masked; /* masked NULL: nothing changes */
} cases[] = {
	{"Appelez le 06 12 34 56 78 !", "Appelez le [téléphone] !"},
	{"0612345678", "[téléphone]"},
	{"06.12.34.56.78, merci", "[téléphone], merci"},
	{"06-12-34-56-78", "[téléphone]"},
	{"+33 6 12 34 56 78", "[téléphone]"},
	{"+33 (0)6 12 34 56 78.", "[téléphone]."},
	{"tel:0033612345678»", "tel:[téléphone]»"},
	{"06\u00a012\u00a034\u00a056\u00a078", "[téléphone]"},
	{"06\u202f12\u202f34\u202f56\u202f78", "[téléphone]"},
	{"écrivez à jean.dupont+x@mail.example.fr.", "écrivez à [courriel]."},
	{"@jean_d. @maire-valmont", "[compte]. [compte]"},
	{"AB-123-CD", "[plaque]"},
	{"sa voiture ab 123 cd garée là", "sa voiture [plaque] garée là"},
	{"1234 ABC 75", "[plaque]"},
	{"FR76 3000 6000 0112 3456 7890 189", "[compte bancaire]"},
	{"il habite au 12 rue des Lilas, en face", "il habite au [adresse], en face"},
	{"12 bis, avenue de la République", "[adresse]"},
	{"3 place Jean Jaurès", "[adresse]"},
	{"117, bd. Saint-Michel le soir", "[adresse] le soir"},
	{"au 4B rue de l'Église", "au [adresse]"},
	{"7 impasse du Moulin et 06 12 34 56 78", "[adresse] et [téléphone]"},
	{"Tel0612345678merci", "Tel[téléphone]merci"},
	{"06,12,34,56,78", "[téléphone]"},
	{"06–12–34‑56‑78", "[téléphone]"},
	/* the datum goes, the threat stays */
	{"12 rue Hugo étrangler le maire", "[adresse] étrangler le maire"},
	{"12 rue Victor Hugo à 20 heures on brûle tout", "[adresse] à 20 heures on brûle tout"},
	{"12 RUE HUGO ON VA TOUS VOUS TUER", "[adresse] VA TOUS VOUS TUER"},
	{"12 RUE DU GÉNÉRAL DE GAULLE, ON ARRIVE", "[adresse], ON ARRIVE"},
	{"FR76 3000 6000 0112 3456 7890 189 ou je te tue demain",
		"[compte bancaire] ou je te tue demain"},
	{"NL91 ABNA 0417 1643 00", "[compte bancaire]"},
	{"ON75 on va tous les crever demain soir", NULL},
	{"on sera plus de 150 et on va tout casser", NULL},
	{"un 200 ou", NULL},
	/* stays */
	{"Il y a 12 rues fermées", NULL},
	{"depuis 3 ans, 250 000 € pour rien", NULL},
	{"le 24/11/2026 à 12 h 30", NULL},
	{"rue des Lilas, c'est sale", NULL},
	{"tour 12, bâtiment B", NULL},
	{"appelez le 17 ou le 3114", NULL},
	{"ligne 12 à 8 h 05", NULL},
	{"100 % d'accord @ tous", NULL},
	{"Ma mère l'apprend comme ça ?", NULL},
	{"", NULL},
	/* web addresses */
	{"voir https://x.example/u/paul_durand77 !", "voir x.example/[…] !"},
	{"c'est facebook.com/paul.durand7, lui", "c'est facebook.com/[…], lui"},
	{"www.facebook.com/paul.durand7?ref=x#y", "www.facebook.com/[…]"},
	{"Facebook.COM/Paul.Durand7.", "Facebook.COM/[…]."},
	{"(https://x.example/u/paul)", "(x.example/[…])"},
	{"« https://x.example/u/paul »", "« x.example/[…] »"},
	{"«\u00a0x.example/u/paul\u00a0»", "«\u00a0x.example/[…]\u00a0»"},
	{"lirehttps://x.example/@paul", "x.example/[…]"},
	{"7https://x.example/@paul", "x.example/[…]"},
	{"https://paul:secret@x.example:8443/a", "x.example/[…]"},
	{"https://paul@x.example", "x.example"},
	{"//t.me/paul", "//t.me/[…]"},
	{"facebook.com\\paul", "facebook.com/[…]"},
	{"facebook.com/profile.php?id=100012", "facebook.com/[…]"},
	{"facebook.com?id=100012", "facebook.com/[…]"},
	{"https://facebook.com?paul", "facebook.com/[…]"},
	{"https://paul-durand.blog.example/", "[…].blog.example/"},
	{"paul_durand.blog.example/un/texte", "[…].blog.example/[…]"},
	{"https://www.valmont.gouv.fr/paul", "www.valmont.gouv.fr/[…]"},
	{"suivez paul.durand.bsky.social", "suivez […].bsky.social"},
	{"https://mairie-évry.example/Paul", "mairie-évry.example/[…]"},
	{"x.example/06 12 34 56 78", "x.example/[…] 12 34 56 78"},
	{"http://192.0.2.7/paul", "192.0.2.7/[…]"},
	{"https://valmont.example et facebook.com/", NULL},
	{"www.valmont.example", NULL},
	{"et/ou, 12.5/20, fini.Pourquoi ?", NULL},
	{"c'est fini.on arrive", NULL},
	{"https://", NULL},
	{"http://?", NULL},
	/* shape */
	{"deux\nlignes\r\n\r\n  et\tun\x01"
	 "blanc ",
		"deux lignes et un blanc"},
	{"\u202eenvers\u202c, ca\u00adch\u200b\u00e9", "envers, caché"},
	{"0\u200b6 12 34 56 78", "[téléphone]"},
	{"cass\xff\xe9", "cass\xef\xbf\xbd\xef\xbf\xbd"},
};

static void table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		_buf_ struct buf out = {0};
		const char *want = cases[i].masked ? cases[i].masked : cases[i].text;
		mask_text(&out, slice_of(cases[i].text), 1000);
		if (strcmp(buf_string(&out), want) != 0)
			print_error("« %s » → « %s »\n", cases[i].text, out.p);
		assert_string_equal(buf_string(&out), want);
	}
}

static void cuts(void **state)
{
	_buf_ struct buf out = {0};
	(void)state;
	mask_text(&out, SLICE("un deux trois quatre cinq"), 20);
	assert_string_equal(buf_string(&out), "un deux trois…");
	buf_clear(&out);
	mask_text(&out, SLICE("éééééééééééééééé"), 11);
	assert_string_equal(buf_string(&out), "éééé…");
	buf_clear(&out);
	/* what is cut off was masked before: no half of a number is left */
	mask_text(&out, SLICE("appelez maintenant le 06 12 34 56 78 svp"), 33);
	assert_null(strstr(buf_string(&out), "06"));
}

/* Every prefix, and every text with one byte spoilt: no crash, no overrun (sanitizers), valid output. */
static void any_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char text[256];
		size_t n = strlen(cases[i].text);
		for (size_t k = 0; k <= n; k++) {
			_buf_ struct buf out = {0};
			char *exact = malloc(k ? k : 1); /* so that a read past the end is seen */
			memcpy(text, cases[i].text, n);
			memcpy(exact, text, k);
			mask_text(&out, (struct slice){exact, k}, 100);
			if (k)
				exact[k / 2] = (char)(0x80 + (int)k);
			mask_text(&out, (struct slice){exact, k}, 100);
			free(exact);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table), cmocka_unit_test(cuts), cmocka_unit_test(any_bytes)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
