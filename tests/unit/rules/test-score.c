/* SPDX-License-Identifier: GPL-3.0-or-later
 * From matches to a verdict: caps, thresholds, lanes, priorities, limits. */
#include "testing.h"

#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>
#include <tocsin/inflect/inflect.h>

static const char pack[] =
	"tocsin: 1\npack: p\nseuils: {file: 4, alerte: 9}\nplafonds: {injure_publique: 7}\nrègles:\n"
	"  - {id: a, titre: A, catégorie: injure_publique, priorité: P3, score: 5, quand: {mots: [lou]}}\n"
	"  - {id: b, titre: B, catégorie: injure_publique, score: 5, quand: {mots: [bbb]}}\n"
	"  - {id: c, titre: C, catégorie: menace, priorité: P1, score: 10, quand: {mots: [fer]}}\n"
	"  - {id: d, titre: D, catégorie: demande_usager, priorité: P4, voie: reponse, quand: {mots: [ddd]}}\n"
	"  - {id: e, titre: E, catégorie: spam, score: 2, quand: {mots: [eee]}}\n"
	"  - {id: f, titre: F, statut: brouillon, catégorie: spam, score: 9, quand: {mots: [fff]}, exemples: {oui: [fff]}}\n"
	"  - {id: g, titre: G, statut: observation, catégorie: spam, score: 9, quand: {mots: [ggg]}}\n"
	"sujets:\n"
	"  - {id: t, titre: T, service: voirie, pic: {sensibilité: forte}, quand: {mots: [ttt]}}\n"
	"  - {id: u, titre: U, voie: reponse, quand: {mots: [uuu]}}\n";

static struct ruleset *common;

static int setup(void **state)
{
	common = load(pack);
	*state = scorer_new(common);
	return 0;
}

static void levels_follow_sums_and_caps(void **state)
{
	static const struct {
		const char *text;
		uint32_t score;
		enum verdict_level level;
		uint8_t lanes, priority;
	} cases[] = {
		{"rien", 0, VERDICT_NONE, 0, 0},
		{"lou", 500, VERDICT_QUEUE, LANE_MODERATION, 3},
		{"lou lou lou", 500, VERDICT_QUEUE, LANE_MODERATION, 3},
		{"lou bbb", 700, VERDICT_QUEUE, LANE_MODERATION, 3}, /* the cap */
		{"lou bbb eee", 900, VERDICT_ALERT, LANE_MODERATION, 3},
		{"bbb", 500, VERDICT_QUEUE, LANE_MODERATION, 0},
		{"fer", 1000, VERDICT_ALERT, LANE_MODERATION, 1},
		{"lou fer ddd", 1500, VERDICT_ALERT, LANE_MODERATION | LANE_REPONSE, 1},
		{"ddd", 0, VERDICT_NONE, LANE_REPONSE, 4},
		{"eee", 200, VERDICT_NONE, 0, 0},
		{"l.o.u", 375, VERDICT_NONE, 0, 3}, /* a disguise counts three quarters */
		{"f.e.r", 1000, VERDICT_ALERT, LANE_MODERATION, 1}, /* but not for P1 */
		{"lou l.o.u", 500, VERDICT_QUEUE, LANE_MODERATION, 3},
		{"fff ggg", 0, VERDICT_NONE, 0, 0}, /* drafts and shadows weigh nothing */
		{"ttt", 0, VERDICT_NONE, 0, 0},
		{"uuu", 0, VERDICT_NONE, LANE_REPONSE, 0},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct verdict *v = score(*state, cases[i].text);
		if (v->score != cases[i].score || v->level != cases[i].level ||
			v->lanes != cases[i].lanes || v->priority != cases[i].priority)
			fail_msg("« %s »: score %u level %d lanes %d P%d", cases[i].text, v->score,
				(int)v->level, v->lanes, v->priority);
	}
}

static void names_are_listed_once(void **state)
{
	const struct verdict *v = score(*state, "lou bbb fer ttt uuu ttt");
	assert_int_equal(v->n_categories, 2);
	/* a P1 is told by its first category: an insult beside it must not name it */
	assert_true(slice_is(v->categories[0], "menace"));
	assert_true(slice_is(v->categories[1], "injure_publique"));
	assert_int_equal(v->n_topics, 2);
	assert_int_equal(v->n_matches, 6);
	assert_true(slice_is(v->matches[3].rule, "t"));
	assert_int_equal(v->matches[3].category.n, 0);
}

static void only_comments_are_scored(void **state)
{
	struct comment c = {.type = COMMENT_TOMBSTONE,
		.source = SLICE("s"),
		.id = SLICE("1"),
		.text = SLICE("fer")};
	struct verdict v;
	scorer_score(*state, &c, &v);
	assert_int_equal(v.level, VERDICT_NONE);
	c.type = COMMENT_QUARANTINE;
	scorer_score(*state, &c, &v);
	assert_int_equal(v.level, VERDICT_NONE);
	assert_int_equal(v.n_matches, 0);
}

static void the_same_text_scores_the_same(void **state)
{
	_buf_ struct buf first = {0}, again = {0};
	verdict_encode(&first, score(*state, "lou b.b.b ttt"));
	score(*state, "fer ddd");
	verdict_encode(&again, score(*state, "lou b.b.b ttt"));
	assert_int_equal(first.n, again.n);
	assert_memory_equal(first.p, again.p, first.n);
}

/* More hits than the text has letters: a human must look, and the comment is never called clean. */
static void too_many_hits_are_for_a_human(void **state)
{
	_buf_ struct buf pack_of_many = {0}, text = {0};
	struct ruleset *r;
	struct scorer *s;
	const struct verdict *v;

	(void)state;
	buf_add_string(&pack_of_many, "tocsin: 1\npack: p\nsujets:\n");
	for (unsigned i = 0; i < 8; i++) /* each looks for words of its own: nothing to share */
		buf_printf(&pack_of_many, "  - {id: t%u, titre: T, quand: {mots: [ttt, nul%u]}}\n",
			i, i);
	r = load(buf_string(&pack_of_many));
	s = scorer_new(r);
	for (int i = 0; i < 6000; i++)
		buf_add_string(&text, "ttt ");
	v = score(s, buf_string(&text));
	assert_int_equal(v->unscored, UNSCORED_LIMIT);
	assert_int_equal(v->level, VERDICT_QUEUE);
	assert_int_equal(v->lanes, LANE_MODERATION);
	assert_int_equal(score(s, "ttt")->unscored, UNSCORED_NOT);
	scorer_free(s);
	ruleset_free(r);
}

/* A contribution to a debate may be long: its length alone is no reason for anything. */
static void a_long_text_is_scored(void **state)
{
	_buf_ struct buf text = {0};
	const struct verdict *v;

	for (int i = 0; i < 20000; i++)
		buf_add_string(&text, "ttt ");
	v = score(*state, buf_string(&text));
	assert_int_equal(v->unscored, UNSCORED_NOT);
	assert_int_equal(v->level, VERDICT_NONE);
	assert_int_equal(v->n_topics, 1);
}

static void each_pack_has_its_thresholds(void **state)
{
	struct ruleset *r = load(
		"tocsin: 1\npack: p\nthresholds: {queue: 8, alert: 9}\nrules:\n"
		"  - {id: a, title: A, category: spam, score: 6, when: {words: [lou]}}\n"
		"  - {id: b, title: B, category: injure_publique, score: 2, when: {words: [bbb]}}\n");
	struct scorer *s = scorer_new(r);
	(void)state;
	assert_int_equal(score(s, "lou")->level, VERDICT_NONE);
	assert_int_equal(score(s, "lou bbb")->level, VERDICT_QUEUE);
	scorer_free(s);
	ruleset_free(r);
}

static void a_pack_without_rules_scores_nothing(void **state)
{
	struct ruleset *r = load("tocsin: 1\npack: p\n");
	struct scorer *s = scorer_new(r);
	(void)state;
	assert_int_equal(ruleset_count(r), 0);
	assert_int_equal(score(s, "bonjour")->level, VERDICT_NONE);
	scorer_free(s);
	ruleset_free(r);
}

static void topics_are_described(void **state)
{
	struct ruleset *r = load(pack);
	(void)state;
	assert_int_equal(ruleset_count(r), 9);
	struct rule_info c = ruleset_info(r, 2), t = ruleset_info(r, 7), u = ruleset_info(r, 8);
	assert_false(c.topic);
	assert_int_equal(c.priority, 1);
	assert_true(slice_is(c.category, "menace"));
	assert_true(t.topic);
	assert_true(slice_is(t.id, "t"));
	assert_true(slice_is(t.service, "voirie"));
	assert_true(slice_is(t.spike, "high"));
	assert_true(slice_is(u.spike, "normal"));
	assert_true(slice_is(t.pack, "p"));
	ruleset_free(r);
}

static int teardown(void **state)
{
	scorer_free(*state);
	ruleset_free(common);
	return 0;
}

/* A machine of which the dictionary has these words. */
static struct ruleset *load_with(const char *rules, const char *dic)
{
	char *folder = make_folder(rules);
	_free_ char *path = xasprintf("%s/formes.bin", folder);
	_buf_ struct buf packed = {0};
	struct problems p = {0};
	struct ruleset *r = NULL;
	struct inflect *words;
	struct error e;

	assert_int_equal(inflect_open_text(SLICE("SET UTF-8\n"), slice_of(dic), &words, &e), 0);
	assert_int_equal(inflect_pack(words, &packed, &e), 0);
	inflect_close(words);
	assert_int_equal(file_write_atomic(path, buf_slice(&packed), 0600, &e), 0);
	assert_int_equal(ruleset_load(folder, &r, &p), 0);
	problems_release(&p);
	drop_folder(folder);
	return r;
}

static void guesses_weigh_half_and_call_nobody(void **state)
{
	static const char rules[] =
		"tocsin: 1\npack: p\nseuils: {file: 3, alerte: 9}\nrègles:\n"
		"  - {id: a, titre: A, catégorie: injure_publique, score: 6, quand: {mots: [connard, abruti]}, sauf: {mots: [théâtre]}}\n"
		"  - {id: b, titre: B, catégorie: menace, priorité: P1, score: 10, quand: {mots: [kalachnikov]}}\n"
		"  - {id: c, titre: C, catégorie: spam, score: 4, quand: {ensemble: [{mots: [vendre]}, {sans: {mots: [brocante]}}]}}\n";
	static const char dic[] = "5\ncanard\nvendre\ngrand\nmon\nvoisin\n";
	static const struct {
		const char *text;
		uint32_t score;
		enum verdict_level level;
		uint8_t priority;
	} cases[] = {
		{"mon connard", 600, VERDICT_QUEUE, 0},
		{"mon c0nnard", 450, VERDICT_QUEUE, 0},
		{"mon abru ti", 450, VERDICT_QUEUE, 0},
		{"mon connrad", 300, VERDICT_QUEUE, 0}, /* a strong insult alone still reaches it */
		{"mon konar", 300, VERDICT_QUEUE, 0},
		{"mon connrad connard", 600, VERDICT_QUEUE, 0}, /* the surest counts */
		{"mon canard", 0, VERDICT_NONE, 0},
		{"kalachnikov", 1000, VERDICT_ALERT, 1},
		{"kalachnikof", 0, VERDICT_NONE, 0},
		{"kalachnikof, kalachnikov", 1000, VERDICT_ALERT, 1},
		{"mon connard théâtre", 0, VERDICT_NONE, 0},
		{"mon connard théâttre", 600, VERDICT_QUEUE, 0}, /* a guess excuses nothing */
		{"mon connard th**tre", 600, VERDICT_QUEUE, 0}, /* nor does a mask */
		{"vendre brocante", 0, VERDICT_NONE, 0},
		{"vendre brocnate", 400, VERDICT_QUEUE, 0},
	};
	struct ruleset *r = load_with(rules, dic);
	struct scorer *s = scorer_new(r);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct verdict *v = score(s, cases[i].text);

		if (v->score != cases[i].score || v->level != cases[i].level ||
			v->priority != cases[i].priority)
			fail_msg("« %s »: score %u level %d P%d", cases[i].text, v->score,
				(int)v->level, v->priority);
	}
	scorer_free(s);
	ruleset_free(r);
}

static void the_dictionary_is_part_of_the_hash(void **state)
{
	struct ruleset *a = load_with(pack, "1\ncanard\n"), *b = load_with(pack, "1\npote\n"),
		       *again = load_with(pack, "1\ncanard\n");

	(void)state;
	assert_string_equal(ruleset_hash(a), ruleset_hash(again));
	assert_string_not_equal(ruleset_hash(a), ruleset_hash(b));
	ruleset_free(a);
	ruleset_free(b);
	ruleset_free(again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(levels_follow_sums_and_caps),
		cmocka_unit_test(names_are_listed_once),
		cmocka_unit_test(only_comments_are_scored),
		cmocka_unit_test(the_same_text_scores_the_same),
		cmocka_unit_test(too_many_hits_are_for_a_human),
		cmocka_unit_test(a_long_text_is_scored),
		cmocka_unit_test(each_pack_has_its_thresholds),
		cmocka_unit_test(a_pack_without_rules_scores_nothing),
		cmocka_unit_test(topics_are_described),
		cmocka_unit_test(guesses_weigh_half_and_call_nobody),
		cmocka_unit_test(the_dictionary_is_part_of_the_hash),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
