/* SPDX-License-Identifier: GPL-3.0-or-later
 * Verbs of all groups, with the system's dictionary. Expected forms: the grammar, not the dictionary. */
#include "testing.h"

struct verb {
	const char *lemma;
	const char *forms; /* must be there */
	const char *others; /* must not */
};

static const struct verb table[] = {
	{"être",
		"être suis es est sommes êtes sont étais étaient fus fut serai serait sois soyons étant été",
		"été-il êtant"},
	{"avoir",
		"ai as a avons avez ont avait eus eut aurai auraient aie ait ayons ayant eu eue eus eues",
		"avu avont"},
	{"aller",
		"vais vas va allons allez vont allait alla irai ira iraient aille ailles aillent allant allé allée allés allées",
		"allera alle"},
	{"faire",
		"fais fait faisons faites font faisait fit ferai feront fasse fassiez faisant faite faites",
		"faisez fera-t"},
	{"dire", "dis dit disons dites disent disait dira dise dîmes disant dite dites", "disez"},
	{"venir",
		"viens vient venons venez viennent venait vint viendra vienne venant venu venue venus venues",
		"venira"},
	{"tenir", "tiens tient tenons tiennent tint tiendrai tienne tenu tenue", "tenira"},
	{"crever", "crève crèves crèvent crevons crever crèvera crevé crevée crevait crevant",
		"creve crevera"},
	{"jeter", "jette jettes jettent jetons jettera jeté jetée jetait", "jete jetera"},
	{"appeler", "appelle appelles appellent appelons appellera appelé appelée", "appele"},
	{"mourir",
		"meurs meurt mourons meurent mourait mourut mourra mourraient meure mort morte morts mortes mourant",
		"mourira mouru"},
	{"battre", "bats bat battons battent battait battit battra batte battu battue battus",
		"battera"},
	{"mettre", "mets met mettons mettent mit mettra mette mis mise mises", "metterai mettu"},
	{"prendre", "prends prend prenons prennent prit prendra prenne pris prise prises prenant",
		"prendent prendu"},
	{"foutre", "fous fout foutons foutent foutait foutra foute foutu foutue foutus foutant",
		"foutera"},
	{"vouloir", "veux veut voulons veulent voulait voulut voudra voudrais veuille voulu voulue",
		"voulera"},
	{"pouvoir",
		"peux peut pouvons peuvent puis pouvait put pourra pourraient puisse pu pouvant",
		"pouvera"},
	{"savoir", "sais sait savons savent savait sut saura sache sachant su sue", "savera"},
	{"falloir", "faut fallait fallut faudra faudrait faille fallu", "faux falloit"},
	{"valoir", "vaux vaut valons valent valait valut vaudra vaille valu", "valera"},
	{"casser",
		"casse casses cassons cassent cassait cassa casserai casserons cassât cassé cassée cassés cassées cassant",
		"cassè casserre"},
	{"démolir",
		"démolis démolit démolissent démolissait démoliront démolisse démoli démolie démolis démolies",
		"démole"},
	{"brûler", "brûle brûlent brûlera brûlé brûlées brûlons", "brule"},
	{"manger", "mange mangeons mangeait mangea mangez mangé mangeant", "mangons mangait"},
	{"menacer", "menace menaçons menaçait menacez menaça menacé menaçant", "menacait"},
	{"défoncer", "défonce défonçons défonçait défoncera défoncé défoncée", "défoncait"},
	{"nettoyer", "nettoie nettoient nettoyons nettoiera nettoyé", "nettoye"},
	{"payer", "paie paient paye payons payera paiera payé", "pait"},
	{"envoyer", "envoie envoient envoyons enverra enverrai envoyé", "envoyera"},
	{"espérer", "espère espèrent espérons espéré espérait", "espere"},
	{"lever", "lève lèvent levons lèvera levé", "leve"},
	{"finir", "finis finit finissons finissent finira fini finie", "fine"},
	{"haïr", "hais hait haïssons haïssent haïra haï haïe", "haient"},
	{"partir", "pars part partons partent partira parti partie", "partissons"},
	{"courir", "cours court courons courent courra couru", "courira"},
	{"cueillir", "cueille cueillons cueillera cueilli", "cueillira"},
	{"ouvrir", "ouvre ouvrent ouvrira ouvert ouverte", "ouvri"},
	{"fuir", "fuis fuit fuyons fuient fuira fui", "fuyera"},
	{"voir", "vois voit voyons voient vit verra voie vu vue vus", "voira"},
	{"devoir", "dois doit devons doivent devait dut devra doive dû due dus dues", "devera"},
	{"recevoir", "reçois reçoit recevons reçoivent reçut recevra reçoive reçu reçue", "recois"},
	{"boire", "bois boit buvons boivent but boira boive bu bue", "boivons"},
	{"croire", "crois croit croyons croient crut croira croie cru", "croivent"},
	{"lire", "lis lit lisons lisent lut lira lise lu lue", "lisez-moi"},
	{"écrire", "écris écrit écrivons écrivent écrivit écrira écrive écrite", "écrivit-il"},
	{"rire", "ris rit rions rient rira rie ri", "rie-t"},
	{"vivre", "vis vit vivons vivent vécut vivra vive vécu vécue", "viva"},
	{"suivre", "suis suit suivons suivent suivit suivra suive suivi suivie", "suivu"},
	{"craindre", "crains craint craignons craignent craignit craindra craigne crainte",
		"craindent"},
	{"résoudre", "résous résout résolvons résolvent résolut résoudra résolve résolu",
		"résoudent"},
	{"conduire", "conduis conduit conduisons conduisent conduisit conduira conduise conduite",
		"conduiser"},
	{"détruire", "détruis détruit détruisent détruisait détruira détruise détruite détruits",
		"détruisé"},
	{"connaître",
		"connais connaît connaissons connaissent connut connaîtra connaisse connu connue",
		"connaisser"},
	{"plaire", "plais plaît plaisons plaisent plut plaira plaise plu", "plaisez-vous"},
	{"vaincre", "vaincs vainc vainquons vainquent vainquit vaincra vainque vaincu", "vainct"},
	{"asseoir", "assieds assied asseyons assoit assoient assit assiéra assoira assis assise",
		"asseoit"},
	{"niquer", "nique niques niquent niquera niquait niqué niquée niquant", "niqer"},
};

static void verbs_take_all_their_forms(void **state)
{
	for (size_t n = 0; n < COUNT(table); n++) {
		const char *forms = table[n].forms, *others = table[n].others;
		struct inflect_forms f;
		struct slice word;

		assert_int_equal(inflect_verb(*state, slice_of(table[n].lemma), &f), 0);
		while (next_word(&forms, &word))
			if (!among(f, word))
				fail_msg("%s: no %.*s", table[n].lemma, (int)word.n, word.p);
		while (next_word(&others, &word))
			if (among(f, word))
				fail_msg("%s: has %.*s", table[n].lemma, (int)word.n, word.p);
		assert_true(among(f, slice_of(table[n].lemma)));
		assert_in_range(f.n, 9, 70);
	}
}

static void a_whole_verb(void **state)
{
	assert_verb(*state, "falloir", 0,
		"faille|fallait|falloir|fallu|fallut|fallût|faudra|faudrait|faut");
}

static void phrases_inflect_their_verb(void **state)
{
	struct inflect_forms f;

	assert_int_equal(inflect_verb(*state, SLICE("Casser la gueule"), &f), 0);
	assert_true(among(f, SLICE("cassera la gueule")));
	assert_true(among(f, SLICE("casser la gueule")));
	assert_true(among(f, SLICE("casse la gueule")));
	assert_int_equal(inflect_verb(*state, SLICE("se casser"), &f), 0);
	assert_true(among(f, SLICE("cassent")));
	assert_true(among(f, SLICE("se casser")));
	assert_int_equal(inflect_verb(*state, SLICE("s’évader"), &f), 0);
	assert_true(among(f, SLICE("évadèrent")));
	assert_int_equal(inflect_verb(*state, SLICE("s'en aller"), &f), 0);
	assert_true(among(f, SLICE("en vont")));
	assert_false(among(f, SLICE("vont")));
}

static void the_unknown_is_regular(void **state)
{
	struct inflect_forms f;

	assert_int_equal(inflect_verb(*state, SLICE("zgroumer"), &f), INFLECT_REGULAR);
	assert_true(among(f, SLICE("zgroumera")));
	assert_int_equal(inflect_verb(*state, SLICE("zgroumer la gueule"), &f), INFLECT_REGULAR);
	assert_true(among(f, SLICE("zgroumons la gueule")));
	assert_verb(*state, "hiver", INFLECT_FIXED, "hiver");
	assert_verb(*state, "zgroum", INFLECT_FIXED, "zgroum");
	assert_verb(*state, "casse", INFLECT_FIXED, "casse");
	assert_verb(*state, "se ", INFLECT_FIXED, "se");
	assert_verb(*state, "", INFLECT_FIXED, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verbs_take_all_their_forms),
		cmocka_unit_test(a_whole_verb),
		cmocka_unit_test(phrases_inflect_their_verb),
		cmocka_unit_test(the_unknown_is_regular),
	};

	return cmocka_run_group_tests(tests, open_system, close_handle);
}
