/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an SMS says, in how many signs; and that a mail has the code only when it asks for something. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <time.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/utf8.h>
#include "group.h"

#define NOON INT64_C(1795518600000) /* 24 November 2026, 12:10 in Paris */

static struct message rouge(void)
{
	return (struct message){.level = SLICE("rouge"),
		.kind = SLICE("topic"),
		.title = SLICE("Peupliers (démolition)"),
		.at = NOON,
		.before = NOON + 15 * CLOCK_MINUTE,
		.messages = 47,
		.authors = 39,
		.code = SLICE("4KPM-7TXW"),
		.page = SLICE("https://valmont.example/a")};
}

static void expect(const struct message *m, struct message_sms how, const char *text)
{
	_buf_ struct buf out = {0};
	message_sms(&out, m, &how);
	assert_string_equal(buf_string(&out), text);
	if (utf8_length(buf_slice(&out)) > 160)
		fail_msg("%zu signs: %s", utf8_length(buf_slice(&out)), out.p);
}

static void one_part(void **state)
{
	struct message m = rouge();
	const struct message_sms reply = {.reply = true};
	(void)state;
	expect(&m, reply,
		"tocsin ROUGE 12:10. Peupliers (démolition) : 47 messages, 39 personnes. "
		"Pour prendre en charge avant 12:25, répondez 4KPM-7TXW, ou "
		"https://valmont.example/a");
	expect(&m, (struct message_sms){0},
		"tocsin ROUGE 12:10. Peupliers (démolition) : 47 messages, 39 personnes. "
		"Pour prendre en charge avant 12:25 : code 4KPM-7TXW sur https://valmont.example/a");
	expect(&m, (struct message_sms){true, true, true},
		"(doublon possible) tocsin SECOURS ROUGE 12:10. Peupliers (démolition) : 47 messages, "
		"39 personnes. Pour prendre en charge avant 12:25, répondez 4KPM-7TXW");
	expect(&m, (struct message_sms){false, true, true},
		"tocsin SECOURS ROUGE 12:10. Peupliers (démolition : 47 messages, 39 personnes. "
		"Quelqu'un n'est pas joint. Pour prendre en charge avant 12:25, répondez 4KPM-7TXW");
	m.title = SLICE(
		"Fermeture de la piscine « Neptune » – été… un titre de quatre-vingts signes 🏊");
	expect(&m, reply,
		"tocsin ROUGE 12:10. Fermeture de la piscine \" Neptune \" - été... un titre de : 47 messages, "
		"39 personnes. Pour prendre en charge avant 12:25, répondez 4KPM-7TXW");
}

static void of_every_kind(void **state)
{
	struct message m = rouge();
	const struct message_sms reply = {.reply = true};
	(void)state;
	m.page = (struct slice){0};
	m.kind = SLICE("P1");
	m.level = SLICE("P1");
	m.topic = SLICE("P1:menace");
	m.title = SLICE("je vais te tuer");
	m.messages = 1;
	expect(&m, reply,
		"tocsin URGENCE 12:10. menace possible. "
		"Pour prendre en charge avant 12:25, répondez 4KPM-7TXW");
	m.kind = SLICE("grey");
	m.level = SLICE("gris");
	m.title = SLICE("Page Facebook");
	m.code = (struct slice){0};
	expect(&m, reply,
		"tocsin GRIS 12:10. Page Facebook : plus entendu. A prendre en charge avant 12:25");
	m = rouge();
	m.before = 0; /* somebody is in charge */
	expect(&m, reply,
		"tocsin ROUGE 12:10. Peupliers (démolition) : 47 messages, 39 personnes. "
		"Pour information.");
}

/* Nobody runs for a rehearsal, also when it is the fallback that is called. */
static void of_a_drill(void **state)
{
	struct message m = rouge();
	(void)state;
	m.page = (struct slice){0};
	m.kind = SLICE("drill");
	m.topic = SLICE("exercice:rouge");
	m.title = SLICE("barrage rompu");
	m.messages = m.authors = 0;
	expect(&m, (struct message_sms){.reply = true},
		"tocsin EXERCICE ROUGE 12:10. barrage rompu. "
		"Pour prendre en charge avant 12:25, répondez 4KPM-7TXW");
	expect(&m, (struct message_sms){.fallback = true, .reply = true},
		"tocsin EXERCICE SECOURS ROUGE 12:10. barrage rompu. Quelqu'un n'est pas joint. "
		"Pour prendre en charge avant 12:25, répondez 4KPM-7TXW");
	m.title = (struct slice){0};
	expect(&m, (struct message_sms){.reply = true},
		"tocsin EXERCICE ROUGE 12:10. essai de la chaine d'alerte. "
		"Pour prendre en charge avant 12:25, répondez 4KPM-7TXW");
	m.lang = WORDS_EN;
	_buf_ struct buf out = {0};
	message_sms(&out, &m, &(struct message_sms){.fallback = true});
	assert_non_null(strstr(buf_string(&out), "EXERCICE (drill) "));
}

/* Of several the title, the code and the deadline are of one that still asks. */
static void of_several(void **state)
{
	struct message list[3] = {rouge(), rouge(), rouge()}, m;
	_cleanup_(arena_release) struct arena arena = {0};
	(void)state;
	arena_init(&arena, 0);
	for (int i = 0; i < 3; i++) {
		list[i].incident = i + 1;
		list[i].page = (struct slice){0};
	}
	list[0].level = list[2].level = SLICE("orange");
	list[0].title = SLICE("Cantine");
	list[0].before = 0; /* somebody is in charge */
	list[1].level = SLICE("jaune");
	list[1].title = SLICE("Tram");
	list[1].code = SLICE("AAAAAA");
	list[1].before = NOON + 5 * CLOCK_MINUTE;
	list[2].title = SLICE("Piscine");
	list[2].code = SLICE("BBBBBB");
	struct grouping g = {.list = list, .n = 3};
	compose_group(&g, &arena, &m);
	expect(&m, (struct message_sms){.reply = true},
		"tocsin ORANGE 12:10. Piscine : 47 messages, 39 personnes, et 2 autres alertes. "
		"Pour prendre en charge avant 12:25, répondez BBBBBB");
	g.n = 2;
	compose_group(&g, &arena, &m);
	expect(&m, (struct message_sms){.reply = true},
		"tocsin JAUNE 12:10. Tram : 47 messages, 39 personnes, et 1 autre alerte. "
		"Pour prendre en charge avant 12:15, répondez AAAAAA");
	_buf_ struct buf with = {0}, without = {0};
	list[0].page = list[1].page = SLICE("https://a.fr/a");
	compose_group(&g, &arena, &m);
	message_text(&with, &m, false, 0);
	assert_non_null(strstr(buf_string(&with), "chacune par son code, sur https://a.fr/a"));
	list[1].code = (struct slice){0}; /* a room of a chat */
	compose_group(&g, &arena, &m);
	message_text(&without, &m, false, 0);
	assert_null(strstr(buf_string(&without), "par son code"));
	list[1].code = SLICE("AAAAAA");
	list[0].level = SLICE("rouge"); /* taken charge of: it leads no other */
	g.led = true;
	compose_group(&g, &arena, &m);
	assert_true(slice_is(m.code, "AAAAAA") && slice_is(m.title, "Tram") && m.listed);
	list[1].before = 0;
	compose_group(&g, &arena, &m);
	assert_true(slice_is(m.title, "Cantine") && !m.listed);
}

static void a_mail_asks_only_when_it_must(void **state)
{
	struct message m = rouge();
	_buf_ struct buf asks = {0}, tells = {0};
	(void)state;
	message_text(&asks, &m, false, 0);
	assert_non_null(strstr(buf_string(&asks),
		"Pour prendre en charge : code 4KPM-7TXW, sur https://valmont.example/a"));
	m.before = 0;
	message_text(&tells, &m, false, 0);
	assert_null(strstr(buf_string(&tells), "4KPM-7TXW"));
	buf_clear(&tells);
	message_mail(&tells, &m, "t@v.example", "a@v.example", false, (struct slice){0});
	assert_null(strstr(buf_string(&tells), "4KPM-7TXW"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(one_part),
		cmocka_unit_test(of_every_kind), cmocka_unit_test(of_a_drill),
		cmocka_unit_test(of_several), cmocka_unit_test(a_mail_asks_only_when_it_must)};
	setenv("TZ", "Europe/Paris", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
