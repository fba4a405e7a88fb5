/* SPDX-License-Identifier: GPL-3.0-or-later
 * The hot loop allocates nothing: the shipped rules over texts that they find something in, once to grow what is reused,
 * then once more with every malloc of the process counted, those of the libraries too. */
#include <stdlib.h>

#include "testing.h"

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);

static bool counts;
static size_t counted;

/* Stand before those of the C library for the whole process. */
void *malloc(size_t n)
{
	counted += counts;
	return __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
	counted += counts;
	return __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
	counted += counts;
	return __libc_realloc(p, n);
}

static const char *const texts[] = {
	"Bonjour, le camion des poubelles n'est pas passé rue des Tilleuls ce matin.",
	"Vous êtes tous des vendus, bande d'incapables ! La mairie ne fait rien pour les écoles.",
	"sale c0nn@rd de maire, c o n n a r d",
	"ta g*eule, espèce d'enc***",
	"On va te retrouver et te crever, je sais où tu habites.",
	"Je vais me tuer ce soir, je n'en peux plus",
	"Les arabes et les noirs dehors, retournez dans votre pays de merde !",
	"#mairepourri #connarddemaire LaMairieDeMerde",
	"abru ti, konar, connrad de la mairie",
	"Il a dit « sale con » au policier ; je ne dis pas que c'est bien, mais quand même.",
	"Contactez-moi au 06 12 34 56 78 ou 06.12.34.56.78, marie.durand@exemple.fr, 12 rue Foch",
	"IBAN FR76 3000 6000 0112 3456 7890 189, gagnez 5000 euros par jour : http://bit.ly/x",
	"L'impôt sur le revenu et la taxe d'habitation : trop c'est trop.\n\nLes déchets aussi…",
	"🤡🤡 quel clown ce maire 🤡",
	"jvé te defoncé, on c ou tabite, ta famil va le regrété",
};

static void score_all(struct scorer *s, struct buf *out)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		buf_clear(out);
		verdict_encode(out, score(s, texts[i]));
	}
}

static void the_hot_loop_allocates_nothing(void **state)
{
	struct problems p = {0};
	_buf_ struct buf out = {0};
	struct ruleset *r;
	struct scorer *s;
	void *volatile probe; /* or the compiler leaves it out */

	(void)state;
	assert_int_equal(ruleset_load(getenv("LANGUAGE"), &r, &p), 0);
	s = scorer_new(r);
	score_all(s, &out);
	counts = true;
	probe = malloc(1);
	assert_int_equal(counted, 1); /* the count counts */
	score_all(s, &out);
	counts = false;
	free(probe);
	assert_int_equal(counted, 1);
	scorer_free(s);
	ruleset_free(r);
	problems_release(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(the_hot_loop_allocates_nothing)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
