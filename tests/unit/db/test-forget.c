/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an erasure takes out of the account of what people did, and what it leaves there. */
#include "said.h"
#include <tocsin/db/kept.h>

static void searched(const char *words, const char *why)
{
	_buf_ struct buf body = {0};

	searched_encode(
		&body, &(struct searched_request){SLICE("anne"), slice_of(words), slice_of(why)});
	assert_int_equal(ask(&f, REQUEST_SEARCHED, buf_slice(&body), NULL), 0);
}

static void words_looked_for(void **state)
{
	(void)state;
	says("1", "jeanne", "Le Bœuf à l'ÉTÉ n'était pas frais", NULL);
	says("2", "paul", "la cantine", NULL);
	searched("boeuf été", "un signalement");
	searched("\"boeuf a l'ete\"", "un signalement");
	searched("jeanne d", "un signalement");
	searched("cantine", "parce que jeanne le demande");
	searched("boeuf cantine", "autre chose");
	searched("rais", "autre chose");
	purge("jeanne");
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM audit WHERE verb = 'search'"), 6);
	assert_int_equal(
		fixture_count(
			&f, "SELECT count(*) FROM audit WHERE verb = 'search' AND trim(what) = ''"),
		3);
	assert_int_equal(fixture_count(&f,
				 "SELECT count(*) FROM audit WHERE verb = 'search' AND"
				 " what IN ('cantine', 'boeuf cantine', 'rais')"),
		3);
	assert_int_equal(
		fixture_count(&f, "SELECT count(*) FROM audit WHERE instr(why, 'jeanne')"), 0);
	assert_false(in_file("l'ete"));
	assert_false(in_file("jeanne"));
}

static void erase(const char *name)
{
	says("9", name, "bonjour", NULL);
	purge(name);
}

static bool said(const char *why)
{
	_free_ char *sql = xasprintf("SELECT count(*) FROM audit WHERE why = '%s'", why);

	return fixture_count(&f, sql) == 1;
}

/* Whatever name is typed, who did what and why still stands there. */
static void the_account_stays(void **state)
{
	static const char *const names[] = {
		"e", "é", "pa", "paul", "decide", "laisser", "1", "connexion"};
	_buf_ struct buf body = {0};

	(void)state;
	account_encode(&body,
		&(struct account_request){.who = SLICE("paul"),
			.account = {.name = SLICE("paul.durand"), .roles = ROLE_MODERATION}});
	ask(&f, REQUEST_ACCOUNT, buf_slice(&body), NULL);
	fixture_change(&f,
		"INSERT INTO audit(at, who, verb, what, why) VALUES(1, 'dpo', 'account', 'paul', 'paul'),"
		" (1, 'dpo', 'token', 'paul', 'ajouté'), (1, 'paul', 'sign-in', 'paul', 'mot de passe')");
	says("1", "anne", "bonjour", NULL);
	decided(1, "paul", "la rue de Saint-Paul");
	decided(1, "paul.durand", "vu avec paul.durand, Pauline et jeanpaul");
	searched("rue saint-paul", "Paul, et d'après PAUL : paul@ville.example");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		erase(names[i]);
	assert_int_equal(
		fixture_count(&f, "SELECT count(*) FROM audit WHERE what = 'paul' AND why <> ''"),
		3);
	assert_int_equal(
		fixture_count(&f, "SELECT count(*) FROM audit WHERE what = '1, laisser'"), 2);
	assert_true(said("la rue de Saint-Paul"));
	assert_true(said("vu avec paul.durand, Pauline et jeanpaul"));
	assert_true(said("    , et d''après      : paul@ville.example"));
	assert_int_equal(
		fixture_count(&f, "SELECT count(*) FROM audit WHERE what = 'rue saint-paul'"), 1);
}

/* Both names, without regard to case and accents, and only they. */
static void a_name_goes(void **state)
{
	(void)state;
	says("1", "jeanne", "bonjour", NULL);
	decided(1, "anne", "Demandé par JEANNE D., @jeanne, « Jéanne » et d’Jeanne.");
	purge("jeanne");
	assert_true(said("Demandé par          , @      , «         » et d’      ."));
	says("2", "Léa", "bonsoir", NULL);
	searched("lea lampadaire", "demande de LEA");
	purge("@Léa");
	assert_int_equal(
		fixture_count(&f, "SELECT count(*) FROM audit WHERE what = '    lampadaire'"), 1);
	assert_true(said("demande de    "));
}

static int64_t entries(const char *verb, const char *column, const char *text)
{
	_free_ char *sql = xasprintf(
		"SELECT count(*) FROM audit WHERE verb = '%s' AND %s = '%s'", verb, column, text);

	return fixture_count(&f, sql);
}

/* Of a change of an account, what people wrote themselves; what the machine says of it stays, whatever is called so. */
static void the_reason_of_a_change(void **state)
{
	_buf_ struct buf body = {0};

	(void)state;
	account_encode(&body,
		&(struct account_request){.who = SLICE("chef"),
			.reason = SLICE("remplace Anne ; plainte de Jeanne D., voir Jeanne"),
			.account = {.name = SLICE("jeanne"),
				.roles = ROLE_SERVICE,
				.secret = SLICE("$x"),
				.services = SLICE("jeanne")}});
	assert_int_equal(ask(&f, REQUEST_ACCOUNT, buf_slice(&body), NULL), 0);
	fixture_change(&f,
		"INSERT INTO audit(at, who, verb, what, why) VALUES"
		" (1, 'chef', 'account', 'lea', 'changé ; sources : jeanne → site ; mot de passe ; vu avec jeanne'),"
		" (1, 'chef', 'account', 'lea', 'changé ; services : jeanne → site'),"
		" (1, 'chef', 'account', 'lea', 'changé ; jeanne')");
	says("1", "jeanne", "bonjour", NULL);
	purge("jeanne");
	assert_int_equal(entries("account", "why",
				 "ajouté ; rôles : service ; services : jeanne ; remplace Anne ;"
				 " plainte de          , voir       "),
		1);
	assert_int_equal(
		entries("account", "why",
			"changé ; sources : jeanne → site ; mot de passe ; vu avec       "),
		1);
	assert_int_equal(entries("account", "why", "changé ; services : jeanne → site"), 1);
	assert_int_equal(entries("account", "why", "changé ;       "), 1);
}

/* To which service it was given is written freely; what it was called is not. */
static void the_service_of_a_decision(void **state)
{
	const struct verdict asks = {.lanes = LANE_REPONSE};
	_buf_ struct buf body = {0};

	(void)state;
	says("1", "menace", "bonjour ?", &asks);
	says("2", "paul", "bonjour ?", &asks);
	decide_encode(&body,
		&(struct decide_request){.seq = 1,
			.decision = SLICE("transferer"),
			.service = SLICE("voisine de menace"),
			.until = clock_now() + CLOCK_DAY,
			.who = SLICE("anne")});
	assert_int_equal(ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL), 0);
	buf_clear(&body);
	decide_encode(&body,
		&(struct decide_request){.seq = 2,
			.decision = SLICE("masquer"),
			.category = SLICE("menace"),
			.who = SLICE("anne")});
	assert_int_equal(ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL), 0);
	assert_true(in_file("voisine de menace"));
	purge("menace");
	assert_false(in_file("voisine de menace"));
	assert_int_equal(entries("decide", "what", "1, transferer (voisine de       )"), 1);
	assert_int_equal(entries("decide", "what", "2, masquer (menace)"), 1);
}

/* Letters of the neighbours, and accents written as characters of their own. */
static void a_cried_name_goes(void **state)
{
	static const char *const list[][2] = {{"Łukasz Żuraw", "vu avec ŁUKASZ ŻURAW"},
		{"Şerife", "vu avec SERIFE"}, {"Zoé", "vu avec ZOE\xcc\x81"},
		{"Jose\xcc\x81 Bo", "vu avec JOSÉ BO"}};

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		says("1", list[i][0], "bonjour", NULL);
		searched("cantine", list[i][1]);
		purge(list[i][0]);
		assert_false(said(list[i][1]));
	}
	assert_int_equal(
		fixture_count(&f, "SELECT count(*) FROM audit WHERE trim(why) = 'vu avec'"), 4);
}

static void begin(const char *author, int steps)
{
	_buf_ struct buf body = {0};
	struct error e = {""};

	purge_encode(&body,
		&(struct purge_request){.author = slice_of(author),
			.source = SLICE("facebook"),
			.who = SLICE("dpo"),
			.reason = SLICE("demande")});
	check(store_purge_begin(f.store, buf_slice(&body), &e), &e);
	while (steps-- > 0)
		assert_int_equal(store_purge_step(f.store, &e), STORE_PURGE_MORE);
}

/* Begun, and the machine went down when the comments were wiped: under which name they were shown is not known from them any
 * more. Another erasure meanwhile takes its own names alone, and leaves that one's where they are. */
static void a_name_goes_after_a_restart(void **state)
{
	(void)state;
	says("1", "jd38", "bonjour", NULL);
	says("2", "paul", "bonsoir", NULL);
	/* paul, Paul D. */
	fixture_change(&f, "UPDATE item SET handle = x'7061756c005061756c20442e' WHERE seq = 2");
	searched("cantine", "demande de Jeanne D., et de Paul D.");
	begin("jd38", 2); /* its keys, its comments */
	store_close(f.store);
	fixture_open(&f);
	purge("paul");
	assert_true(said("demande de Jeanne D., et de        "));
	store_close(f.store);
	fixture_open(&f);
	purge("jd38");
	assert_true(said("demande de          , et de        "));
	assert_false(in_file("Jeanne D."));
	assert_int_equal(
		fixture_count(&f, "SELECT count(*) FROM note WHERE key GLOB 'erasing*'"), 0);
}

static int count_unfinished(void *user, const struct unfinished *u)
{
	int *n = user;

	assert_true(u->account && u->mark.n == 8);
	n[u->names]++;
	return 0;
}

/* How many wait, with their names and without. */
static void unfinished_are(int named, int nameless)
{
	struct reader *reader;
	struct error e = {""};
	int n[2] = {0};

	check(reader_open(f.dir, &reader, &e), &e);
	check(reader_unfinished(reader, INT64_MAX, count_unfinished, n, &e), &e);
	reader_close(reader);
	assert_int_equal(n[1], named);
	assert_int_equal(n[0], nameless);
}

/* Begun and never ended: after a week the names go with the purge of the day; that it was begun stays said. */
static void an_erasure_that_nobody_ends(void **state)
{
	const int64_t long_ago = clock_now() - ERASED_NAMES_MS - CLOCK_HOUR;
	_free_ char *older =
		xasprintf("UPDATE note SET value = %lld WHERE key GLOB 'erasing since *'",
			(long long)long_ago);

	(void)state;
	says("1", "jd38", "bonjour", NULL);
	begin("jd38", 2);
	store_close(f.store);
	fixture_open(&f);
	purge_of(NULL, NULL);
	unfinished_are(1, 0);
	assert_true(in_file("Jeanne D."));
	fixture_change(&f, older);
	purge_of(NULL, NULL);
	assert_false(in_file("Jeanne D."));
	unfinished_are(0, 1);
	purge("jd38");
	unfinished_are(0, 0);
	assert_int_equal(
		fixture_count(&f, "SELECT count(*) FROM note WHERE key GLOB 'erasing*'"), 0);
}

/* A version before said no time: a week from the first purge on. */
static void an_older_erasure(void **state)
{
	(void)state;
	says("1", "jd38", "bonjour", NULL);
	begin("jd38", 2);
	store_close(f.store);
	fixture_open(&f);
	fixture_change(&f, "DELETE FROM note WHERE key GLOB 'erasing since *'");
	unfinished_are(0, 0);
	purge_of(NULL, NULL);
	unfinished_are(1, 0);
}

static bool decision_says(const char *why)
{
	_free_ char *sql = xasprintf("SELECT count(*) FROM decision WHERE reason = '%s'", why);

	return fixture_count(&f, sql) == 1;
}

static void why_it_was_decided(void **state)
{
	(void)state;
	says("1", "jeanne", "bonjour", NULL);
	says("2", "paul", "bonsoir", NULL);
	decided(1, "anne", "Jeanne le demande");
	decided(2, "anne", "autre chose : marie-jeanne");
	purge("jeanne");
	assert_true(decision_says("       le demande"));
	assert_true(decision_says("autre chose : marie-jeanne"));
}

static void add_blob(struct buf *sql, struct slice raw)
{
	buf_add_string(sql, "x'");
	for (size_t i = 0; i < raw.n; i++)
		buf_printf(sql, "%02x", (unsigned char)raw.p[i]);
	buf_add_string(sql, "'");
}

static void unread(const char *raw)
{
	_buf_ struct buf sql = {0};

	buf_add_string(&sql,
		"INSERT INTO quarantine(accepted, source, place, reason, raw)"
		" VALUES(1, 1, 'l', 'x', ");
	add_blob(&sql, slice_of(raw));
	buf_add_string(&sql, ")");
	fixture_change(&f, buf_string(&sql));
}

static bool is_unread(const char *raw)
{
	_buf_ struct buf sql = {0};

	buf_add_string(&sql, "SELECT count(*) FROM quarantine WHERE raw = ");
	add_blob(&sql, slice_of(raw));
	return fixture_count(&f, buf_string(&sql)) == 1;
}

static int64_t unread_left(void)
{
	return fixture_count(
		&f, "SELECT count(*) FROM quarantine WHERE raw <> zeroblob(length(raw))");
}

static void of_whom(const char *id, const char *account, const char *shown)
{
	feed(&f,
		&(struct comment){.source = SLICE("facebook"),
			.id = slice_of(id),
			.text = SLICE("bonjour"),
			.author = slice_of(account),
			.author_name = slice_of(shown)},
		NULL);
	fixture_commit(&f);
}

/* What is about a comment of his, or shows his handle, goes, though it says his name nowhere; also when the erasure was cut off. */
static void what_could_not_be_read_of_his(void **state)
{
	static const char *const his[] = {"{\"id\":\"at://did:plc:x/post/3kq\", \"text\":",
		"{\"parent\":\"at:\\/\\/did:plc:x\\/post\\/3kq\"",
		"{\"comment_id\": 417, \"likes\":", "https://site.example/?p=12#c7,une ligne",
		"{\"guid\":\"https://site.example/?a=1,2;3#c8\"",
		"id=417&texte=", "{\"id\":\"417\"", "{\"by\":\"jeanne.bsky.example\"",
		"de Jeanne Zola : \xff", "id;at://did:plc:x/post/3kq;x"};
	static const char *const others[] = {"{\"id\":\"at://did:plc:x/post/3kr\", \"text\":",
		"{\"id\": 4170, \"likes\": 417", "{\"text\":\"417 personnes", "id=41&texte=417",
		"https://site.example/?p=12#c70,une ligne", "{\"by\":\"anne.bsky.example\"",
		"de Jeanne :"};

	(void)state;
	of_whom("at://did:plc:x/post/3kq", "did:plc:jeanne", "Jeanne Zola (@jeanne.bsky.example)");
	of_whom("417", "did:plc:jeanne", "Jeanne Zola (@jeanne.bsky.example)");
	of_whom("https://site.example/?p=12#c7", "did:plc:jeanne", "");
	of_whom("https://site.example/?a=1,2;3#c8", "did:plc:jeanne", "");
	of_whom("4170", "did:plc:anne", "Anne");
	for (size_t i = 0; i < sizeof(his) / sizeof(*his); i++)
		unread(his[i]);
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		unread(others[i]);
	purge("did:plc:jeanne");
	for (size_t i = 0; i < sizeof(his) / sizeof(*his); i++)
		if (is_unread(his[i]))
			fail_msg("%s", his[i]);
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (!is_unread(others[i]))
			fail_msg("%s", others[i]);
}

/* Of another source the same id is another comment. */
static void of_another_source(void **state)
{
	(void)state;
	of_whom("at://did:plc:x/post/3kq", "did:plc:jeanne", "");
	unread("{\"id\":\"at://did:plc:x/post/3kq\"");
	fixture_change(&f,
		"INSERT INTO source(name) VALUES('ailleurs');"
		"UPDATE quarantine SET source = (SELECT max(id) FROM source)");
	purge("did:plc:jeanne");
	assert_int_equal(unread_left(), 1);
}

/* As JSON, a form or a table writes a name, and wherever it ends: too much is right there. */
static void what_could_not_be_read(void **state)
{
	static const char *const held[] = {"{\"author\":\"l\\u00e9a\"", "{\"author\":\"LÉA\",",
		"{\"text\":\"Bonjour\\nLéa ici", "{\"text\":\"celui d\\u2019L\\u00c9A",
		"{\"text\":\"\\ud83d\\ude00léa", "author=%40L%C3%A9a&x"};

	(void)state;
	for (size_t i = 0; i < sizeof(held) / sizeof(*held); i++)
		unread(held[i]);
	unread("{\"author\":\"lea\", \"text\":\"l\\u00e8a\"");
	unread("{\"author\":\"leo\"");
	unread("{\"author\":\"marie-léa\"");
	unread("{\"author\":\"paul\",\"text\":\"avec Eléanore\"");
	says("1", "@léa", "bonjour", NULL);
	purge("@léa");
	assert_int_equal(unread_left(), 3);
	unread("{\"author\":\"xjeannex");
	says("2", "jeanne", "bonjour", NULL);
	purge("jeanne");
	assert_int_equal(unread_left(), 3);
}

/* The name that he is shown under, as a word; a name that is only like it stays. */
static void a_shown_name_in_raw_inputs(void **state)
{
	(void)state;
	unread("{\"from\":\"JEANNE d.\",\"text\":\"bon");
	unread("nom=Jeanne+D.&texte");
	unread("Message%20de%20Jeanne%20D.%20:");
	unread("{\"from\":\"Marie-Jeanne D.\",\"text\":\"bon");
	unread("{\"from\":\"Jeanne\",\"text\":\"bon");
	says("1", "jd38", "bonjour", NULL);
	purge("jd38");
	assert_int_equal(unread_left(), 2);
}

/* A number is one of many others. */
static void an_id_is_whole(void **state)
{
	(void)state;
	unread("{\"id\":\"12\",");
	unread("{\"id\":12,");
	unread("{\"id\":\"112\", \"at\":\"2012-11-27T12:00\", \"a\":\"a12\"");
	says("12", "léa", "bonjour", NULL);
	purge_of("12", NULL);
	assert_int_equal(unread_left(), 1);
}

/* Two reasons of the same words: of his own comment and of another's. */
static void why_others_were_judged(void **state)
{
	(void)state;
	says("1", "insulte", "bonjour", NULL);
	says("2", "paul", "bonsoir", NULL);
	decided(1, "anne", "insulte envers un agent");
	decided(2, "anne", "insulte envers un agent");
	purge("insulte");
	assert_true(decision_says("        envers un agent"));
	assert_true(decision_says("insulte envers un agent"));
}

/* « Al » is in every other text. As JSON, a form, a table, a page, and what is neither, write it as somebody's name, it is his. */
static void a_short_name_is_no_part_of_others(void **state)
{
	static const char *const his[] = {"{\"author\":\"Al\",\"text\":\"bon",
		"{\"author\":\"@al\"", "{'author': 'AL', ", "author=Al&text=bonjour",
		"text=bonjour&author=%40Al", "7;Al;bonjour", "bonjour\tAl\r\n", "Al,bonjour",
		"<name>Al</name>", "[1,[\"\\u0041l\"", "\x01\x02\x02\x41l\x03"};
	static const char *const others[] = {
		"{\"author\":\"paul\",\"text\":\"le bal, al dente, et Al\"",
		"{\"author\":\"Alain\",\"text\":\"Al et les autres\"",
		"author=alain&text=avec+al+ici", "7;Al B;bonjour", "<name>Al B</name>",
		"Al, et les autres", "\x01\x02\x62\x41l\x03\x41lain"};

	(void)state;
	for (size_t i = 0; i < sizeof(his) / sizeof(*his); i++)
		unread(his[i]);
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		unread(others[i]);
	says("1", "Al", "bonjour", NULL);
	purge("Al");
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		assert_true(is_unread(others[i]));
	assert_int_equal(unread_left(), sizeof(others) / sizeof(*others));
}

static void dead_letter(const struct comment *c)
{
	_buf_ struct buf wire = {0}, sql = {0};

	comment_encode(&wire, c);
	buf_add_string(&sql,
		"INSERT INTO dead(accepted, batch, place, source, reason, comment, verdict)"
		" VALUES(1, 1, 1, 1, 'x', ");
	add_blob(&sql, buf_slice(&wire));
	buf_add_string(&sql, ", x'')");
	fixture_change(&f, buf_string(&sql));
}

/* In a dead letter a letter before the name may be how long it is. */
static void what_could_not_be_stored(void **state)
{
	char words[] =
		"Léa, et quatre-vingt-dix-sept signes en tout, pour que leur nombre soit une lettre : un a : rien";

	(void)state;
	dead_letter(&(struct comment){
		.source = SLICE("facebook"), .id = SLICE("7"), .text = slice_of(words)});
	dead_letter(&(struct comment){.source = SLICE("facebook"),
		.id = SLICE("8"),
		.text = SLICE("rien"),
		.author = SLICE("léa")});
	dead_letter(&(struct comment){.source = SLICE("facebook"),
		.id = SLICE("9"),
		.text = SLICE("cléa"),
		.author = SLICE("léa2")});
	says("1", "léa", "bonjour", NULL);
	purge("léa");
	assert_int_equal(
		fixture_count(&f, "SELECT count(*) FROM dead WHERE instr(comment, 'facebook')"), 1);
	assert_int_equal(
		fixture_count(&f, "SELECT count(*) FROM dead WHERE instr(comment, 'cléa')"), 1);
}

static void a_short_name_in_a_dead_letter(void **state)
{
	(void)state;
	dead_letter(&(struct comment){.source = SLICE("facebook"),
		.id = SLICE("7"),
		.text = SLICE("Al, ou le bal"),
		.author = SLICE("paul")});
	dead_letter(&(struct comment){.source = SLICE("facebook"),
		.id = SLICE("8"),
		.text = SLICE("rien"),
		.author_name = SLICE("AL")});
	says("1", "al", "bonjour", NULL);
	purge("al");
	assert_int_equal(
		fixture_count(&f, "SELECT count(*) FROM dead WHERE instr(comment, 'facebook')"), 1);
	assert_int_equal(
		fixture_count(&f, "SELECT count(*) FROM dead WHERE instr(comment, 'ou le bal')"),
		1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_could_not_be_read_of_his, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(of_another_source, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(words_looked_for, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(the_account_stays, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			the_reason_of_a_change, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			the_service_of_a_decision, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(a_name_goes, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(a_cried_name_goes, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			a_name_goes_after_a_restart, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			an_erasure_that_nobody_ends, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(an_older_erasure, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			a_shown_name_in_raw_inputs, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			why_it_was_decided, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			what_could_not_be_read, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			a_short_name_is_no_part_of_others, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			a_short_name_in_a_dead_letter, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(an_id_is_whole, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			why_others_were_judged, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			what_could_not_be_stored, fixture_setup, fixture_teardown)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
