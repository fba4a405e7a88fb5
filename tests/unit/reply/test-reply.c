/* SPDX-License-Identifier: GPL-3.0-or-later
 * Models of replies and services: what a good file says, every kind of mistake with its place, texts filled in. */
#include <tocsin/reply/reply.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>
#include <tocsin/base/clock.h>

static struct yaml_file file;
static struct replies replies;
static struct problems problems;

static int load(const char *text)
{
	yaml_release(&file);
	replies_release(&replies);
	problems_release(&problems);
	problems = (struct problems){0};
	assert_int_equal(yaml_read_text("t.yaml", slice_of(text), &file, &problems), 0);
	return replies_load(&file, &replies, &problems);
}

static void the_towns_own(void **state)
{
	(void)state;
	assert_int_equal(
		load("services: [{id: eau, nom: Régie de l'eau, courriel: eau@ville.example}]\n"
		     "réponses:\n"
		     "  - {id: attente_eau, titre: Eau, texte: 'Voir {lien}', service: eau,"
		     " lien: 'https://ville.example/eau', délai: 5 j}\n"
		     "  - {id: court, title: Court, text: Bonjour, delay: 3 h, follow_up: 1 h}\n"),
		0);
	const struct reply_model *m = replies_model(&replies, SLICE("attente_eau"));
	assert_string_equal(m->title, "Eau");
	assert_string_equal(m->service, "eau");
	assert_int_equal(m->delay_ms, 5 * CLOCK_DAY);
	assert_int_equal(m->follow_ms, 2 * CLOCK_DAY); /* halfway, in whole days */
	assert_int_equal(replies_model(&replies, SLICE("court"))->follow_ms, CLOCK_HOUR);
	assert_string_equal(replies_service(&replies, SLICE("eau"))->name, "Régie de l'eau");
	assert_string_equal(replies_service(&replies, SLICE("eau"))->mail, "eau@ville.example");
	assert_null(replies_service(&replies, SLICE("habitat")));
	assert_string_equal(replies.models[0].id, "attente_eau");
	assert_string_equal(replies_near(&replies, SLICE("atente_cantine")), "attente_cantine");
	assert_null(replies_near(&replies, SLICE("xyz")));
}

/* Each of tocsin's own passes the checks that a town's must pass. */
static void the_shipped_ones(void **state)
{
	_buf_ struct buf again = {0};
	(void)state;
	assert_int_equal(load("tocsin: 1\n"), 0);
	assert_int_equal(replies.n_models, 9);
	buf_add_string(&again, "replies:\n");
	for (size_t i = 0; i < replies.n_models; i++) {
		const struct reply_model *m = &replies.models[i];
		assert_true(m->follow_ms <= m->delay_ms);
		buf_printf(&again, "- id: %s\n  title: \"%s\"\n  text: \"", m->id, m->title);
		for (const char *c = m->text; *c; c++)
			buf_add_string(&again, *c == '\n' ? "\\n" : (char[]){*c, 0});
		buf_add_string(&again, "\"\n");
	}
	assert_int_equal(load(buf_string(&again)), 0);
	assert_int_equal(replies.n_models, 9);
}

static void mistakes(void **state)
{
	static const struct {
		const char *yaml;
		unsigned line, column;
		const char *text, *hint;
	} list[] = {
		{"replies:\n  - {id: a, title: A, text: 'de {servce}'}", 2, 29,
			"rien ne remplace {servce}", "{service}"},
		{"replies:\n  - {id: a, title: A, text: 'une {'}", 2, 29, "rien ne remplace {",
			NULL},
		{"replies:\n  - {id: a, title: A, text: 'une } fin'}", 2, 29, "rien ne remplace }",
			NULL},
		{"replies:\n  - {id: a, title: A, text: '{lien}'}", 2, 29, "pas de « link »", NULL},
		{"services: [{id: habitat, name: H}]\nreplies: [{id: a, title: A, text: x, service: habita}]",
			2, 47, "service inconnu : habita", "habitat"},
		{"replies: [{id: a, title: A, texte: x, text: y}]", 1, 39, "text", NULL},
		{"replies: [{id: a, title: A, text: x, txt: y}]", 1, 38, "txt", "text"},
		{"replies: [{id: a, title: A}]", 1, 11, "il manque « text » (texte)", NULL},
		{"replies: [{id: é, title: A, text: x}]", 1, 16, "identifiant refusé", NULL},
		{"replies: [{id: a, title: A, text: x}, {id: a, title: B, text: y}]", 1, 44,
			"deux fois", NULL},
		{"replies: [{id: a, title: A, text: x, delay: 1 h, follow_up: 2 h}]", 1, 61,
			"vient après", NULL},
		{"replies: [{id: a, title: A, text: x, delay: 0 s}]", 1, 45, "d'une minute à 60",
			NULL},
		{"replies: [{id: a, title: A, text: x, link: 'javascript:alert(1)'}]", 1, 44,
			"adresse refusée", NULL},
		{"services: [{id: a, name: A, mail: pas une adresse}]", 1, 35, "courriel refusée",
			NULL},
		{"cards: [{topic: eau}]", 1, 9, "il manque « text » (texte)", NULL},
		{"cards: [{topic: eau, text: x, link: 'javascript:alert(1)'}]", 1, 37,
			"adresse refusée", NULL},
		{"cards: [{topic: eau, text: x}, {topic: eau, text: y}]", 1, 40, "deux fiches",
			NULL},
		{"services: {id: a}", 1, 11, "est une liste", NULL},
		{"services: [a]", 1, 12, "clé: valeur", NULL},
		{"services: [{id: a, name: ''}]", 1, 26, "est vide", NULL},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		assert_int_equal(load(list[i].yaml), -EINVAL);
		assert_true(problems.n >= 1);
		const struct problem *p = &problems.list[0];
		if (p->line != list[i].line || p->column != list[i].column ||
			!strstr(p->text, list[i].text) ||
			(list[i].hint && (!p->hint || !strstr(p->hint, list[i].hint))))
			fail_msg("%s\n%u:%u: %s (%s)", list[i].yaml, p->line, p->column, p->text,
				p->hint ? p->hint : "");
		assert_int_equal(replies.n_models, 0);
	}
}

static void cards(void **state)
{
	(void)state;
	assert_int_equal(load("fiches:\n"
			      "  - {sujet: eau, texte: Couper l'eau.}\n"
			      "  - {topic: menace, text: Le 17., link: 'https://x.example/f'}\n"),
		0);
	assert_string_equal(replies_card(&replies, SLICE("eau"))->text, "Couper l'eau.");
	assert_null(replies_card(&replies, SLICE("eau"))->link);
	assert_string_equal(
		replies_card(&replies, SLICE("P1:menace"))->link, "https://x.example/f");
	assert_null(replies_card(&replies, SLICE("")));
	assert_null(replies_card(&replies, SLICE("P1:")));
	assert_null(replies_card(&replies, SLICE("neige")));
}

static void filled(void **state)
{
	static const struct reply_model m = {.id = "a",
		.title = "A",
		.text = "{sujet} : {service}, {delai}. {lien} {ville}{ {delay}\n",
		.link = "https://x"};
	_buf_ struct buf out = {0}, bare = {0};
	(void)state;
	assert_int_equal(clock_zone_set("Europe/Paris"), 0);
	/* what stands in a value is no placeholder */
	reply_fill(&out, &m,
		&(struct reply_values){.town = SLICE("Valmont"),
			.service = SLICE("Régie {ville}"),
			.topic = SLICE("Eau"),
			.by = INT64_C(1796083200000)}); /* 2026-12-01 00:00Z */
	assert_string_equal(buf_string(&out),
		"Eau : Régie {ville}, d'ici le mardi 1er décembre. https://x Valmont{ d'ici le mardi 1er décembre");
	reply_fill(&bare, &m, &(struct reply_values){.by = 0});
	assert_string_equal(buf_string(&bare),
		"votre question : service concerné, dès que possible. https://x la commune{ dès que possible");
}

static int end(void **state)
{
	(void)state;
	yaml_release(&file);
	replies_release(&replies);
	problems_release(&problems);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(the_towns_own),
		cmocka_unit_test(the_shipped_ones), cmocka_unit_test(mistakes),
		cmocka_unit_test(cards), cmocka_unit_test(filled)};
	return cmocka_run_group_tests(tests, NULL, end);
}
