/* SPDX-License-Identifier: GPL-3.0-or-later
 * A town that says ordinary things for a month, and then something. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <tocsin/base/clock.h>
#include <tocsin/emergent/emergent.h>
#include "chance.h"
#include "copies.h"
#include "memory.h"

#define START (INT64_C(1700000000000))
#define ORDINARY 150u /* words of the town */

struct town {
	struct emergent *e;
	uint64_t random;
	int64_t now;
	unsigned heard, told, campaigns;
	char terms[512], examples[512];
	unsigned authors, messages, made_by;
	double score;
	uint32_t number, speaks_of; /* of the topic told last; of the last comment */
	bool declared; /* what is said next */
};

static unsigned draw(struct town *t, unsigned n)
{
	t->random = t->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(t->random >> 33) % n;
}

static void join(char out[512], const struct slice *list, size_t n)
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < n; i++)
		used += (size_t)snprintf(out + used, 512 - used, "%s%.*s", i ? "|" : "",
			(int)(list[i].n < 60 ? list[i].n : 60), list[i].p);
}

static void on_topic(void *user, const struct emergent_topic *topic)
{
	struct town *t = user;

	assert_in_range(topic->n_terms, 1, EMERGENT_TERMS);
	assert_in_range(topic->n_examples, 1, EMERGENT_EXAMPLES);
	assert_int_equal(topic->at, t->now);
	t->told++;
	t->campaigns += topic->campaign;
	t->authors = topic->authors;
	t->messages = topic->messages;
	t->number = topic->number;
	t->made_by = (unsigned)topic->n_heard;
	t->score = topic->score;
	join(t->terms, topic->terms, topic->n_terms);
	join(t->examples, topic->examples, topic->n_examples);
}

static void say(struct town *t, uint64_t author, const char *text)
{
	char id[32];
	struct emergent_message m = {
		.at = t->now, .author = author, .text = slice_of(text), .declared = t->declared};

	snprintf(id, sizeof(id), "m%u", t->heard++);
	m.id = slice_of(id);
	t->speaks_of = emergent_hear(t->e, &m, on_topic, t);
}

/* Names for numbers: pronounceable, all of them different. */
static const char *word(unsigned n, char out[32])
{
	static const char *const syllables[] = {"ba", "co", "du", "fi", "ga", "lo", "mu", "ni",
		"po", "ra", "so", "tu", "vi", "zo", "chi", "dra"};
	char *p = out;

	for (unsigned i = 0; i < 5 || n; i++, n /= 16)
		p = stpcpy(p, syllables[n % 16]);
	return out;
}

static void ordinary(struct town *t, char out[512])
{
	char w[32];
	size_t used = 0;

	for (unsigned i = 0; i < 12; i++)
		used += (size_t)snprintf(
			out + used, 512 - used, "%s ", word(draw(t, ORDINARY) * 7919u, w));
}

/* So many comments, ten minutes apart, of many authors. */
static void pass(struct town *t, unsigned n)
{
	char text[512];

	for (unsigned i = 0; i < n; i++) {
		t->now += 10 * CLOCK_MINUTE;
		ordinary(t, text);
		say(t, 1 + draw(t, 5000), text);
	}
}

static void say_among_others(struct town *t, uint64_t author, const char *what)
{
	char text[512], whole[640];

	pass(t, 3);
	ordinary(t, text);
	snprintf(whole, sizeof(whole), "%s, %s", text, what);
	say(t, author, whole);
}

static struct town town(void)
{
	const struct emergent_config config = emergent_config_default();
	struct town t = {.e = emergent_new(&config), .random = 7, .now = START};

	pass(&t, 4000);
	t.told = t.campaigns = 0;
	return t;
}

static void three_authors_make_a_topic(void **state)
{
	struct town t = town();
	(void)state;

	say_among_others(&t, 90001, "fermeture de la Piscine ?");
	assert_int_equal(t.told, 0);
	say_among_others(&t, 90002, "la Piscine va fermer");
	assert_int_equal(t.told, 0);
	say_among_others(&t, 90003, "et les piscines alors");
	assert_int_equal(t.told, 1);
	assert_non_null(strstr(t.terms, "Piscine"));
	assert_int_equal(t.authors, 3);
	assert_int_equal(t.messages, 3);
	assert_non_null(strchr(t.examples, '|'));
	for (unsigned i = 0; i < 20; i++)
		say_among_others(&t, 91000 + i, "toujours la Piscine");
	assert_int_equal(t.told, 1); /* once is enough */
	emergent_free(t.e);
}

static void what_speaks_of_a_topic_is_known_by_its_number(void **state)
{
	struct town t = town();
	(void)state;

	say(&t, 90001, "la passerelle Lecourbe branle");
	say(&t, 90002, "fermée, passerelle Lecourbe ?");
	say(&t, 90003, "sur cette passerelle Lecourbe");
	assert_int_equal(t.told, 1);
	assert_int_equal(t.made_by, 3);
	assert_non_null(strstr(t.terms, "passerelle Lecourbe"));
	assert_int_equal(t.number, 1);
	assert_int_equal(t.speaks_of, 1);
	pass(&t, 3);
	say(&t, 90001,
		"qui répare les passerelles Lecourbe ?"); /* also of an author who spoke before */
	assert_int_equal(t.speaks_of, 1);
	say(&t, 90004, "Lecourbe est belle");
	assert_int_equal(t.speaks_of, 0);
	pass(&t, 1);
	assert_int_equal(t.speaks_of, 0);
	t.now += 8 * CLOCK_DAY; /* its week is over */
	pass(&t, 2);
	say(&t, 90005, "la passerelle Lecourbe");
	assert_int_equal(t.speaks_of, 0);
	emergent_free(t.e);
}

static void what_rules_declare_is_not_told(void **state)
{
	struct town t = town();
	(void)state;

	for (unsigned i = 0; i < 9; i++) {
		pass(&t, 3);
		t.declared = i % 3 != 0;
		say(&t, 90001 + i, i % 2 ? "le tramway est en panne" : "panne de tramway");
		t.declared = false;
	}
	assert_int_equal(t.told, 0);
	for (unsigned i = 0; i < 9; i++) {
		pass(&t, 3);
		t.declared = i % 3 == 0;
		say(&t, 90001 + i, i % 2 ? "le funiculaire est en panne" : "panne de funiculaire");
		t.declared = false;
	}
	assert_int_equal(t.told, 1);
	assert_non_null(strstr(t.terms, "funiculaire"));
	emergent_free(t.e);
}

/* Three who quote one sentence, each in a comment of his own, say it once. */
static void a_quoted_sentence_is_said_once(void **state)
{
	struct town t = town();
	(void)state;

	for (unsigned i = 0; i < 3; i++)
		say_among_others(
			&t, 90001 + i, "on nous dit que la Piscine ouvrira mardi prochain");
	assert_int_equal(t.told, 0);
	say_among_others(&t, 90011, "et cette Piscine ?");
	assert_int_equal(t.told, 0);
	say_among_others(&t, 90012, "ma Piscine à moi");
	assert_int_equal(t.told, 1);
	emergent_free(t.e);
}

/* A mobilisation: everybody begins with its slogan, and goes on in words of his own. */
static void a_slogan_of_many_is_told(void **state)
{
	static const char slogan[] = "Non à la fermeture de la piscine Jean Bouin !";
	struct town t = town();
	char own[2][512], text[1200];
	(void)state;

	for (unsigned i = 0; i < 10; i++) {
		assert_true(i >= 4 || t.told == 0); /* four may have read one article */
		pass(&t, 3);
		ordinary(&t, own[0]);
		ordinary(&t, own[1]);
		snprintf(text, sizeof(text), "%s %s, %s", slogan, own[0], own[1]);
		say(&t, 90001 + i, text);
	}
	assert_int_equal(t.told, 1);
	assert_int_equal(t.campaigns, 0);
	assert_non_null(strstr(t.terms, "Bouin"));
	assert_in_range(t.authors, 5, 8);
	emergent_free(t.e);
}

/* How many topics that makes, for who wants so many: two who say a new word, a day's comments after each other, and a third
 * one soon after. */
static unsigned told_of(double topics_a_day)
{
	const struct emergent_config config = {.topics_a_day = topics_a_day, .key = 1};
	struct town t = {.e = emergent_new(&config), .random = 7, .now = START};

	pass(&t, 4000);
	t.told = 0;
	say_among_others(&t, 90001, "une Patinoire");
	pass(&t, 100);
	say_among_others(&t, 90002, "la Patinoire");
	pass(&t, 5);
	say_among_others(&t, 90003, "les Patinoires");
	emergent_free(t.e);
	return t.told;
}

static void who_wants_more_topics_is_told_likelier_ones(void **state)
{
	(void)state;

	assert_int_equal(told_of(1), 0);
	assert_int_equal(told_of(5), 1);
}

/* Six who speak of one thing and of that, in words of their own. Whether the topic, or what rises beside it, has the name in it. */
static bool names(const char *what, const char *somebody)
{
	struct town t = town();
	char own[3][512], text[2048];
	bool named = false, told = false;

	for (unsigned i = 0; i < 6; i++) {
		pass(&t, 3);
		for (unsigned k = 0; k < 3; k++)
			ordinary(&t, own[k]);
		if (i % 2)
			snprintf(text, sizeof(text), "la Passerelle Lecourbe %s %s %s, %s", own[0],
				own[1], own[2], what);
		else
			snprintf(text, sizeof(text), "%s %s %s %s et Passerelle Lecourbe", what,
				own[0], own[1], own[2]);
		say(&t, 90001 + i, text);
		/* a text of the net that is copied is told as what it is, by its beginning */
		if (t.campaigns)
			t.terms[0] = '\0';
		t.campaigns = 0;
		named |= strcasestr(t.terms, somebody) != NULL;
		told |= strstr(t.terms, "Passerelle") != NULL;
	}
	assert_true(told);
	emergent_free(t.e);
	return named;
}

/* A phrase of two words with an address between them is none. */
static void no_phrase_goes_over_an_address(void **state)
{
	struct town t = town();
	(void)state;

	for (unsigned i = 0; i < 6; i++)
		say_among_others(&t, 90001 + i,
			i % 2 ? "Passerelle @zoe Lecourbe" : "une Passerelle @zoe Lecourbe");
	assert_int_equal(t.told, 1);
	assert_non_null(strstr(t.terms, "Passerelle"));
	assert_null(strstr(t.terms, "zoe"));
	emergent_free(t.e);
}

static void nobody_is_named_by_an_address(void **state)
{
	static const char *const list[] = {"@Zoedurand", "@zoedurand@toots.example",
		"zoedurand@ville.example", "https://reseau.example/u/zoedurand",
		"http://localhost/zoedurand", "t.me/zoedurand", "zoedurand.example",
		"www.zoedurand.example", "reseau.example/profil?nom=zoedurand&x=1",
		"(voir:t.me/zoedurand)", "[ici](https://reseau.example/a#zoedurand)", "u/zoedurand",
		"reseau\u3002example/zoedurand", "zoedurand\uff0eexample",
		"reseau\uff61example\uff0fzoedurand", "zoedurand\u2024example", "\uff20zoedurand",
		"\ufe6bzoedurand", "@\u200bzoedurand", "t\u200b.me/zoedurand", "T.ME/ZOEDURAND",
		"192.168.0.1/zoedurand", "matrix://zoedurand", ".@zoedurand", "«@zoedurand»",
		"zoedurand.bsky.example"};
	(void)state;

	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		if (names(list[i], "zoedurand"))
			fail_msg("%s", list[i]);
	/* what only looks like one */
	assert_true(names("zoedurand", "zoedurand"));
	assert_true(names("#zoedurand", "#zoedurand"));
	assert_true(names("zoedurand/voirie", "zoedurand"));
	assert_true(names("@autre zoedurand @autre", "zoedurand"));
	assert_true(names("@zoedurand, zoedurand.", "zoedurand"));
	assert_true(names("à 12.5 zoedurand", "zoedurand"));
}

/* What is cut off at the end of what is read may be the beginning of one. */
static void a_cut_address_names_nobody(void **state)
{
	static const char start[] = "la Passerelle Lecourbe";
	struct town t = town();
	char text[1400];
	(void)state;

	for (unsigned i = 0; i < 6; i++) {
		memset(text, ' ', sizeof(text));
		for (size_t k = 0; k < sizeof(start) - 1; k++)
			text[k] = start[k];
		text[30] = (char)('a' + i);
		snprintf(text + 1024 - 9, sizeof(text) - 1024 + 9, "zoedurand@ville.example");
		pass(&t, 3);
		say(&t, 90001 + i, text);
	}
	assert_int_equal(t.told, 1);
	assert_null(strstr(t.terms, "zoedurand"));
	emergent_free(t.e);
}

static double score_of_three(const char *a, const char *b, const char *c)
{
	struct town t = town();

	say_among_others(&t, 90001, a);
	say_among_others(&t, 90002, b);
	say_among_others(&t, 90003, c);
	assert_int_equal(t.told, 1);
	assert_non_null(strstr(t.terms, "Piscine"));
	assert_non_null(strstr(t.terms, "Gymnase"));
	emergent_free(t.e);
	return t.score;
}

/* Whoever says more rare words together says one thing. */
static void what_rises_beside_names_and_does_not_weigh(void **state)
{
	double two =
		score_of_three("Piscine, Gymnase", "Gymnase, Piscine", "la Piscine, le Gymnase");
	double three = score_of_three("Piscine, Gymnase, Tribunes", "Tribunes, Piscine, Gymnase",
		"le Gymnase, la Piscine, les Tribunes");
	(void)state;

	assert_true(three < two + 0.5);
}

static void one_author_or_two_make_none(void **state)
{
	struct town t = town();
	(void)state;

	for (unsigned i = 0; i < 12; i++)
		say_among_others(&t, 90001 + i % 2, "hippopotame");
	for (unsigned i = 0; i < 12; i++)
		say_among_others(&t, 0, "rhinocéros"); /* nobody knows who: one */
	assert_int_equal(t.told, 0);
	emergent_free(t.e);
}

static void what_is_often_said_is_no_topic(void **state)
{
	struct town t = town();
	(void)state;

	for (unsigned i = 0; i < 400; i++) {
		if (i % 8 == 0)
			say_among_others(&t, 20000 + i, "cordialement");
		else
			pass(&t, 4);
		if (i == 200)
			t.told = 0; /* by now it is learnt */
	}
	for (unsigned i = 0; i < 4; i++)
		say_among_others(&t, 30000 + i, "cordialement");
	assert_int_equal(t.told, 0);
	emergent_free(t.e);
}

static void ordinary_words_said_together_are_one(void **state)
{
	char a[32], b[32], text[128];
	struct town t = town();
	(void)state;

	for (unsigned i = 0; i < 8; i++) { /* each is known by itself */
		pass(&t, 100);
		say_among_others(&t, 20000 + i, "la patinoire");
		pass(&t, 100);
		say_among_others(&t, 21000 + i, "l'amiante");
	}
	t.told = 0;
	for (unsigned i = 0; i < 3; i++) {
		snprintf(text, sizeof(text), "patinoire %s %s et %s amiante", word(i * 7919, a),
			word((i + 9) * 7919, b), a);
		say_among_others(&t, 90001 + i, text);
	}
	assert_int_equal(t.told, 1);
	assert_non_null(strstr(t.terms, "patinoire"));
	assert_non_null(strstr(t.terms, "amiante"));
	emergent_free(t.e);
}

static void a_copied_text_is_one_comment_and_a_campaign(void **state)
{
	static const char tract[] = "Habitants refusez le projet honteux que la mairie impose sans "
				    "concertation rejoignez notre collectif samedi devant la halle";
	char text[256];
	struct town t = town();
	(void)state;

	for (unsigned i = 0; i < 9; i++) {
		pass(&t, 2);
		snprintf(text, sizeof(text), "%s%s", i % 3 == 1 ? "A partager : " : "", tract);
		say(&t, 90001 + i, text);
		assert_int_equal(t.told, i >= 3);
	}
	assert_int_equal(t.campaigns, 1);
	assert_int_equal(t.authors, 4);
	assert_memory_equal(t.terms, "Habitants refusez", 17);
	emergent_free(t.e);
}

static void a_flood_of_new_words_drives_out_no_old_one(void **state)
{
	struct moment now = {.first = 1};
	struct memory *m = memory_new();
	(void)state;

	for (unsigned i = 0; i < 20; i++) {
		now.ordinal++;
		now.author++;
		memory_touch(m, UINT64_C(0x123456789abcdef), false, &now);
	}
	for (uint64_t i = 1; i <= 10000000; i++) {
		now.ordinal = 100 + (uint32_t)(i / 50);
		now.author = (uint16_t)now.ordinal;
		memory_touch(m, i * UINT64_C(0x9e3779b97f4a7c15), false, &now);
	}
	assert_non_null(memory_find(m, UINT64_C(0x123456789abcdef)));
	assert_int_equal(memory_find(m, UINT64_C(0x123456789abcdef))->n, HITS);
	memory_free(m);
}

static void one_wrong_date_does_not_move_the_clock(void **state)
{
	struct town t = town();
	int64_t before = t.now;
	(void)state;

	t.now = before + 9000 * CLOCK_DAY;
	say(&t, 5, "d'un autre siècle");
	t.now = before;
	say_among_others(&t, 90001, "piscine");
	say_among_others(&t, 90002, "piscine");
	say_among_others(&t, 90003, "piscine"); /* on_topic holds its time against the town's */
	assert_int_equal(t.told, 1);
	emergent_free(t.e);
}

/* Somebody who writes without end, other words each time, drowns nobody: all of it in one minute. */
static void one_author_silences_nobody(void **state)
{
	struct town t = town();
	char text[512], whole[640];
	(void)state;

	for (unsigned i = 0; i < 3000; i++) {
		ordinary(&t, text);
		say(&t, 7, text);
		say(&t, 8, "encore une ligne de la même copie, encore et encore, de la même copie");
	}
	for (uint64_t author = 90001; author < 90004; author++) {
		ordinary(&t, text);
		snprintf(whole, sizeof(whole), "%s, piscine", text);
		say(&t, author, whole);
	}
	assert_int_equal(t.told, 1);
	emergent_free(t.e);
}

/* An old stock read in with one date costs little and says nothing; the minute after is heard again. */
static void of_a_flood_the_first_are_heard(void **state)
{
	struct town t = town();
	char text[512], whole[640];
	(void)state;

	for (unsigned i = 0; i < EMERGENT_MINUTE_MOST; i++) {
		ordinary(&t, text);
		say(&t, 100000 + i, text);
	}
	for (uint64_t author = 90001; author < 90006; author++) {
		ordinary(&t, text);
		snprintf(whole, sizeof(whole), "%s, piscine", text);
		say(&t, author, whole);
	}
	assert_int_equal(t.told, 0);
	t.now += CLOCK_MINUTE;
	say_among_others(&t, 90001, "piscine");
	say_among_others(&t, 90002, "piscine");
	say_among_others(&t, 90003, "piscine");
	assert_int_equal(t.told, 1);
	emergent_free(t.e);
}

/* Nor does a wrong date that comes first, or words said seldom: every third day one. */
static void the_first_date_is_not_believed_alone(void **state)
{
	const struct emergent_config config = emergent_config_default();
	struct town t = {.e = emergent_new(&config), .random = 7, .now = START + 9000 * CLOCK_DAY};
	(void)state;

	say(&t, 5, "d'un autre siècle");
	t.now = START;
	for (unsigned i = 0; i < 40; i++, t.now += 3 * CLOCK_DAY)
		say(&t, i, "un mot de loin en loin");
	pass(&t, 4000);
	t.told = t.campaigns = 0;
	say_among_others(&t, 90001, "piscine");
	say_among_others(&t, 90002, "piscine");
	say_among_others(&t, 90003, "piscine");
	assert_int_equal(t.told, 1);
	emergent_free(t.e);
}

static void chances_are_those_of_the_law(void **state)
{
	(void)state;
	/* shape 1 (past 9/8 of it under the cap), by hand: P(K >= k) = (x / (1 + x))^k */
	assert_true(chance_of_guess(2, 0.01) > 4.00 && chance_of_guess(2, 0.01) < 4.02);
	double past = 9.0 / 8, x = past * 10 / 1000;
	double by_hand = chance_of_guess(2, x);
	assert_true(chance_of_count(2, 10, past, 1000) > by_hand - 0.01 &&
		chance_of_count(2, 10, past, 1000) < by_hand + 0.01);
	assert_true(chance_of_count(3, 10, 5, 1000) > chance_of_count(2, 10, 5, 1000));
	assert_true(chance_of_count(3, 10, 5, 1000) > chance_of_count(3, 20, 5, 1000));
	assert_true(chance_of_count(3, 10, 5, 1000) > chance_of_count(3, 10, 6, 1000));
	assert_true(chance_of_count(3, 1000, 50, 1000) == 0);
	assert_true(
		chance_of_count(1, 1, 1, 0) == 0); /* nothing heard yet: nothing is improbable */
}

/* Ten words that no other text has. */
static void words_of(struct word ret[10], uint64_t text)
{
	for (unsigned i = 0; i < 10; i++)
		ret[i] = (struct word){.hash = terms_pair(text * 1000003, i + 1)};
}

static void the_very_text_again_is_a_copy(void **state)
{
	struct copies *c = copies_new();
	struct word words[10];
	struct moment now = {.ordinal = 1, .first = 1, .author = 7};
	struct campaign *found;

	(void)state;
	words_of(words, 1);
	assert_null(copies_again(c, 1001, &now));
	assert_null(copies_find(c, words, 10, 1001, &now));
	now = (struct moment){.ordinal = 2, .first = 1, .author = 8};
	found = copies_again(c, 1001, &now);
	assert_non_null(found);
	assert_true(found->root == 1 && found->last == 2);
	assert_true(found->messages == 2 && found->authors == 2);
	/* spelled otherwise, with the same words: known by them, and from then on by itself */
	now.ordinal = 3;
	assert_null(copies_again(c, 1002, &now));
	assert_ptr_equal(copies_find(c, words, 10, 1002, &now), found);
	assert_ptr_equal(copies_again(c, 1002, &now), found);
	/* a short text never is one */
	assert_null(copies_find(c, words, 7, 1003, &now));
	assert_null(copies_again(c, 1003, &now));
	/* nor what was said more than a day ago, nor more texts ago than are kept */
	now = (struct moment){.ordinal = 9, .first = 5, .author = 9};
	assert_null(copies_again(c, 1001, &now));
	now.first = 1;
	assert_ptr_equal(copies_again(c, 1001, &now), found);
	for (uint64_t text = 2; text < 9000; text++) {
		words_of(words, text);
		assert_null(copies_find(c, words, 10, 5000 + text * 8192, &now));
	}
	assert_null(copies_again(c, 1001, &now));
	copies_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_authors_make_a_topic),
		cmocka_unit_test(what_speaks_of_a_topic_is_known_by_its_number),
		cmocka_unit_test(what_rules_declare_is_not_told),
		cmocka_unit_test(nobody_is_named_by_an_address),
		cmocka_unit_test(no_phrase_goes_over_an_address),
		cmocka_unit_test(a_cut_address_names_nobody),
		cmocka_unit_test(who_wants_more_topics_is_told_likelier_ones),
		cmocka_unit_test(what_rises_beside_names_and_does_not_weigh),
		cmocka_unit_test(one_author_or_two_make_none),
		cmocka_unit_test(a_quoted_sentence_is_said_once),
		cmocka_unit_test(a_slogan_of_many_is_told),
		cmocka_unit_test(what_is_often_said_is_no_topic),
		cmocka_unit_test(ordinary_words_said_together_are_one),
		cmocka_unit_test(a_copied_text_is_one_comment_and_a_campaign),
		cmocka_unit_test(the_very_text_again_is_a_copy),
		cmocka_unit_test(a_flood_of_new_words_drives_out_no_old_one),
		cmocka_unit_test(one_wrong_date_does_not_move_the_clock),
		cmocka_unit_test(one_author_silences_nobody),
		cmocka_unit_test(of_a_flood_the_first_are_heard),
		cmocka_unit_test(the_first_date_is_not_believed_alone),
		cmocka_unit_test(chances_are_those_of_the_law),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
