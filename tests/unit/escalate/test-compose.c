/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whole messages against golden files: what people read is looked at, not assumed. ESCALATE_GOLDEN_WRITE=1
 * writes them anew; read the difference before committing it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>
#include <tocsin/chart/chart.h>
#include <tocsin/json/json.h>
#include <tocsin/phrase/phrase.h>
#include "compose.h"
#include <tocsin/phrase/duties.h>
#include <tocsin/policy/dispatch.h>
#include "group.h"

#define NOON INT64_C(1795518600000) /* 24 November 2026, 12:10 in Paris */

static const char policy_text[] =
	"people:\n"
	"  - {id: morel, name: C. Morel, role: community manager, mail: morel@ville.example}\n"
	"  - {id: dircom, name: A. Roche, role: dir'com, mail: dircom@ville.example}\n"
	"  - {id: dgs, name: B. Faure, role: DGS, mail: dgs@ville.example}\n"
	"  - {id: dircab, name: D. Petit, role: directeur de cabinet, mail: dircab@ville.example}\n"
	"levels:\n"
	"  jaune: [{tell: morel}]\n"
	"  orange: [{tell: dircom}, {tell: dgs, after: 15 min}]\n"
	"  rouge: [{tell: [dircom, dgs]}, {tell: dircab, after: 15 min}]\n"
	"  gris: [{tell: morel}]\n"
	"  P1: [{tell: [dircom, dgs]}, {tell: dircab, after: 10 min}]\n";

struct fixture {
	struct yaml_file file;
	struct problems problems;
	struct policy policy;
	struct arena arena;
	struct incident incident;
	struct incident_entry entries[8];
	struct policy_case c;
	struct slice verbatims[5];
	struct compose compose;
};

static struct slice title_of(const void *user, struct slice id)
{
	(void)user;
	if (slice_is(id, "facebook"))
		return SLICE("page Facebook");
	return slice_is(id, "instagram") ? SLICE("Instagram") : id;
}

#define TEXT(literal) \
	{ \
		"" literal, sizeof(literal) - 1 \
	} /* a constant, which SLICE is not */
static struct slice sources[] = {
	TEXT("facebook"), TEXT("instagram"), TEXT("site"), TEXT("courriel")};
static uint32_t counts[] = {31, 9, 4, 3};
static struct slice deaf[] = {TEXT("instagram")};

static int setup(void **state)
{
	struct fixture *f = test_calloc(1, sizeof(*f));
	assert_int_equal(clock_zone_set("Europe/Paris"), 0);
	arena_init(&f->arena, 0);
	assert_int_equal(
		yaml_read_text("tocsin.yaml", slice_of(policy_text), &f->file, &f->problems), 0);
	assert_int_equal(policy_load(&f->file, "/", &f->policy, &f->problems), 0);
	f->incident = (struct incident){.id = 12,
		.kind = INCIDENT_TOPIC,
		.level = LEVEL_ROUGE,
		.topic = SLICE("peupliers_demolition"),
		.title = SLICE("Peupliers (démolition)"),
		.opened_at = NOON - 20 * CLOCK_MINUTE,
		.raised_at = NOON,
		.facts = {.at = NOON,
			.since = NOON - 30 * CLOCK_MINUTE,
			.messages = 47,
			.authors = 39,
			.sources = 4,
			.recent = 36,
			.usual_low = 0,
			.usual_high = 1,
			.once_in = 45,
			.threshold = 6,
			.max_before = 4,
			.listening_since = NOON - 80 * CLOCK_DAY,
			.top5_share = 19,
			.copied = 6,
			.questions = 12,
			.offences = 3,
			.series = SLICE("\1\0\0\2\1\1\0\3\2\1\0\0\1\3\4\2\6\5\7\10"),
			.per_source = sources,
			.per_source_count = counts,
			.n_per_source = 4,
			.trigger = SLICE("rise")}};
	f->entries[0] = (struct incident_entry){
		.at = NOON - 20 * CLOCK_MINUTE, .kind = ENTRY_OPENED, .level = LEVEL_ORANGE};
	f->entries[1] = (struct incident_entry){.at = NOON - 13 * CLOCK_MINUTE,
		.kind = ENTRY_ACKED,
		.level = LEVEL_ORANGE,
		.who = SLICE("C. Morel")};
	f->entries[2] =
		(struct incident_entry){.at = NOON, .kind = ENTRY_RAISED, .level = LEVEL_ROUGE};
	f->c = (struct policy_case){&f->incident, f->entries, 3, true};
	f->verbatims[0] = SLICE("Ma mère l'apprend comme ça ?");
	f->verbatims[1] = SLICE("On part où, et quand ?");
	f->verbatims[2] = SLICE("Il était temps, ces tours sont indignes.");
	f->compose = (struct compose){.policy = &f->policy,
		.c = &f->c,
		.town = SLICE("Valmont-sur-Orle"),
		.bundle = "3f9c0123456789abcdef",
		.verbatims = f->verbatims,
		.n_verbatims = 3,
		.questions = {true, 7, 0},
		.deaf = deaf,
		.n_deaf = 1,
		.source_title = title_of,
		.now = NOON,
		.wall = NOON + 4 * CLOCK_SECOND};
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	policy_release(&f->policy);
	yaml_release(&f->file);
	problems_release(&f->problems);
	arena_release(&f->arena);
	test_free(f);
	return 0;
}

static void golden(const char *name, struct slice got)
{
	_buf_ struct buf want = {0};
	_free_ char *path = xasprintf("%s/%s", getenv("ESCALATE_GOLDEN"), name);
	struct error e = {0};
	if (getenv("ESCALATE_GOLDEN_WRITE")) {
		assert_int_equal(file_write_atomic(path, got, 0644, &e), 0);
		return;
	}
	if (file_read(path, 1 << 20, &want, &e) < 0)
		fail_msg("%s", e.text);
	if (!slice_equal(got, buf_slice(&want)))
		print_error("%s differs:\n%.*s\n", path, (int)got.n, got.p);
	assert_true(slice_equal(got, buf_slice(&want)));
}

/* The first message that is due, through its wire form, as text with its subject. */
static void check(struct fixture *f, const char *name, bool maybe)
{
	struct policy_notice *due;
	struct message composed, m;
	_buf_ struct buf wire = {0}, out = {0};
	size_t n = policy_due(&f->policy, &f->c, f->compose.now, &f->arena, &due);
	assert_true(n > 0);
	f->compose.questions.known = f->incident.kind == INCIDENT_TOPIC;
	compose_notice(&f->compose, &due[n - 1], &f->arena, &composed);
	message_encode(&wire, &composed);
	assert_int_equal(message_decode(buf_slice(&wire), &m), 0);
	buf_printf(&out, "%.*s\n\n", (int)m.subject.n, m.subject.p);
	message_text(&out, &m, maybe, 76);
	golden(name, buf_slice(&out));
	if (strcmp(name, "rouge.txt") ==
		0) /* what older versions left in the outbox must stay readable */
		golden("rouge.wire", buf_slice(&wire));
	/* cut anywhere, the wire form is refused */
	for (size_t i = 0; i < wire.n; i++)
		assert_int_not_equal(message_decode((struct slice){wire.p, i}, &m), 0);
}

/* What versions before left in an outbox: the first without curves, the second without a word on whether it quotes. */
static void older_wires(void **state)
{
	(void)state;
	for (int version = 1; version <= 2; version++) {
		_buf_ struct buf wire = {0};
		_free_ char *path =
			xasprintf("%s/rouge-%d.wire", getenv("ESCALATE_GOLDEN"), version);
		struct error e;
		struct message m;
		assert_int_equal(file_read(path, 1 << 20, &wire, &e), 0);
		assert_int_equal(message_decode(buf_slice(&wire), &m), 0);
		assert_true(m.n_blocks > 5 && m.authors == 39 && !m.bare);
		assert_true(!!m.curve.n == (version > 1) && !!m.curve_words.n == (version > 1));
		wire.p[0] = (char)(version + 1);
		assert_int_equal(message_decode(buf_slice(&wire), &m), -EBADMSG);
		wire.p[0] = 4;
		assert_int_equal(message_decode(buf_slice(&wire), &m), -EBADMSG);
	}
}

/* The picture's program gets what the words say, and stands below them. */
static void curve(void **state)
{
	struct fixture *f = *state;
	struct policy_notice *due;
	struct message m;
	struct chart_series s;
	struct error e;
	assert_true(policy_due(&f->policy, &f->c, NOON, &f->arena, &due) > 0);
	compose_notice(&f->compose, &due[0], &f->arena, &m);
	assert_int_equal(chart_read(m.curve, &s, &e), 0);
	assert_int_equal(chart_total(&s), 47);
	assert_int_equal(s.alarm, NOON);
	assert_true(s.usual_low == 0 && s.usual_high == 1 && s.threshold == 6);
	assert_non_null(memmem(m.curve_words.p, m.curve_words.n, "47 messages", 11));
	assert_true(m.curve_after > 0 && slice_is(m.blocks[m.curve_after - 1].label, "Rythme :"));
	f->incident.facts.series = SLICE("\1\2"); /* too short for a curve */
	compose_notice(&f->compose, &due[0], &f->arena, &m);
	assert_true(!m.curve.n && !m.curve_words.n);
	f->incident.facts.series = SLICE("\1\2\3\xff"); /* damaged */
	compose_notice(&f->compose, &due[0], &f->arena, &m);
	assert_true(!m.curve.n && !m.curve_words.n);
}

static void write_position(struct fixture *f, enum entry_kind kind, struct slice text)
{
	f->entries[f->c.n_entries++] = (struct incident_entry){.at = NOON - 5 * CLOCK_MINUTE,
		.kind = kind,
		.level = LEVEL_ORANGE,
		.who = SLICE("A. Roche"),
		.text = text};
}

static bool says(struct slice text, const char *what)
{
	return memmem(text.p, text.n, what, strlen(what)) != NULL;
}

/* What the town hall says and what its teams are to do: the latest version, in every form but an SMS. */
static void position(void **state)
{
	struct fixture *f = *state;
	struct message m;
	_buf_ struct buf sms = {0}, mail = {0};
	struct policy_notice *due;
	write_position(f, ENTRY_WORDING, SLICE("Rien n'est signé."));
	write_position(f, ENTRY_WORDING, SLICE("Aucune date n'est fixée.\nRéunion lundi."));
	write_position(f, ENTRY_INSTRUCTION, SLICE("Suspendre la publication de 12:30."));
	check(f, "consigne.txt", false);
	assert_true(policy_due(&f->policy, &f->c, NOON, &f->arena, &due) > 0);
	compose_notice(&f->compose, &due[0], &f->arena, &m);
	message_sms(&sms, &m, &(struct message_sms){.reply = true});
	assert_true(!says(buf_slice(&sms), "Suspendre") && !says(buf_slice(&sms), "lundi"));
	message_mail(&mail, &m, "a@b.example", "c@d.example", false, (struct slice){0});
	assert_true(says(buf_slice(&mail), "<br>\r\nR"));
	buf_clear(&mail);
	message_hook(&mail, &m, HOOK_MATTERMOST, false);
	assert_true(says(buf_slice(&mail), "fixée.\\nRéunion lundi."));
	/* withdrawn */
	write_position(f, ENTRY_WORDING, (struct slice){0});
	write_position(f, ENTRY_INSTRUCTION, (struct slice){0});
	compose_notice(&f->compose, &due[0], &f->arena, &m);
	buf_clear(&mail);
	message_text(&mail, &m, false, 0);
	assert_true(says(buf_slice(&mail), "Éléments de langage validés : aucun."));
	assert_false(says(buf_slice(&mail), "lundi") || says(buf_slice(&mail), "Consigne"));
}

static void say_text(struct fixture *f, struct buf *out)
{
	struct policy_notice *due;
	struct message m;
	assert_true(policy_due(&f->policy, &f->c, NOON, &f->arena, &due) > 0);
	compose_notice(&f->compose, &due[0], &f->arena, &m);
	buf_clear(out);
	message_text(out, &m, false, 0);
}

/* When the next point is promised, and that it did not come. */
static void next_point(void **state)
{
	struct fixture *f = *state;
	_buf_ struct buf text = {0};
	say_text(f, &text);
	assert_false(says(buf_slice(&text), "Prochain point"));
	f->incident.next_at = NOON + 30 * CLOCK_MINUTE;
	say_text(f, &text);
	assert_true(says(buf_slice(&text), "Prochain point : à 12:40."));
	f->incident.next_at = NOON - 5 * CLOCK_MINUTE;
	say_text(f, &text);
	assert_true(says(buf_slice(&text), "Prochain point : à 12:05 ; il n'est pas encore fait."));
}

static void rouge(void **state)
{
	check(*state, "rouge.txt", false);
}

/* What likes and shares added to it is said, and only that. */
static void engagement(void **state)
{
	struct fixture *f = *state;
	struct policy_notice *due;
	struct message m;
	f->incident.facts.engagement = 1480;
	assert_true(policy_due(&f->policy, &f->c, NOON, &f->arena, &due) > 0);
	for (uint32_t echoed = 0; echoed < 3; echoed++) {
		static const char *const said[] = {"Niveau attendu une fois en 45 jours.",
			"1 message bien plus aimé ou relayé que d'habitude, qui compte davantage "
			"(j'aime et partages : 1\u202f480).",
			"2 messages bien plus aimés ou relayés que d'habitude, qui comptent "
			"davantage (j'aime et partages : 1\u202f480)."};
		f->incident.facts.echoed = echoed;
		compose_notice(&f->compose, &due[0], &f->arena, &m);
		assert_true(slice_ends(m.blocks[0].text, said[echoed]));
	}
}

/* Never more than the alarm's messages; what cannot be known is not said. */
static void questions(void **state)
{
	static const struct {
		uint32_t messages, heard;
		struct incident_questions q;
		const char *said;
	} cases[] = {{9, 0, {true, 0, 0}, ""}, {47, 12, {false, 0, 0}, "12 questions ou demandes"},
		{9, 1, {false, 0, 0}, "1 question ou demande"},
		{47, 12, {true, 7, 0}, "7 messages attendent une réponse"},
		{47, 12, {true, 0, 0}, "12 questions ou demandes, qui n'attendent plus de réponse"},
		{9, 1, {true, 0, 0}, "1 question ou demande, qui n'attend plus de réponse"},
		{9, 1, {true, 1, 0}, "1 message attend une réponse"},
		{9, 0, {true, 7, 0}, "7 messages attendent une réponse"},
		{104, 90, {true, 105, 0}, "104 messages attendent une réponse"},
		{3, 3, {true, 2, 4}, "3 messages ont une réponse d'attente"},
		{3, 7, {false, 0, 0}, "3 questions ou demandes"},
		{47, 12, {true, 7, 2},
			"9 messages attendent une réponse, dont 2 avec une réponse d'attente"},
		{47, 12, {true, 0, 2}, "2 messages ont une réponse d'attente"},
		{9, 0, {true, 0, 1}, "1 message a une réponse d'attente"}};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		_buf_ struct buf out = {0};
		const struct incident_facts f = {
			.messages = cases[i].messages, .questions = cases[i].heard};
		assert_int_equal(
			phrase_questions(WORDS_FR, &f, &cases[i].q, &out), *cases[i].said != 0);
		assert_string_equal(buf_string(&out), cases[i].said);
	}
}

static void rouge_english(void **state)
{
	struct fixture *f = *state;
	f->compose.lang = WORDS_EN;
	check(f, "rouge-en.txt", true);
}

static void reminder(void **state)
{
	struct fixture *f = *state;
	f->compose.now = NOON + 65 * CLOCK_MINUTE;
	check(f, "rappel.txt", false);
}

/* What comes late because nobody could be told before is no reminder. */
static void late(void **state)
{
	struct fixture *f = *state;
	struct policy_notice *due;
	struct message m;
	f->compose.now = NOON + 65 * CLOCK_MINUTE;
	f->compose.first = true;
	size_t n = policy_due(&f->policy, &f->c, f->compose.now, &f->arena, &due);
	assert_true(n > 0 && due[n - 1].repeat > 0);
	compose_notice(&f->compose, &due[n - 1], &f->arena, &m);
	assert_null(memmem(m.head.p, m.head.n, "Rappel", 6));
	assert_non_null(memmem(m.head.p, m.head.n, "ROUGE", 5));
}

static void p1(void **state)
{
	struct fixture *f = *state;
	f->incident.kind = INCIDENT_P1;
	f->incident.level = LEVEL_ORANGE;
	f->incident.topic = SLICE("P1:menace");
	f->incident.opened_at = f->incident.raised_at = NOON - 6 * CLOCK_MINUTE;
	f->incident.facts = (struct incident_facts){.at = NOON - 6 * CLOCK_MINUTE,
		.since = NOON - 6 * CLOCK_MINUTE,
		.messages = 1,
		.authors = 1,
		.sources = 1};
	f->entries[0] = (struct incident_entry){
		.at = NOON - 6 * CLOCK_MINUTE, .kind = ENTRY_OPENED, .level = LEVEL_ORANGE};
	f->c.n_entries = 1;
	f->verbatims[0] = SLICE("On sait où tu habites, [adresse]. Tu vas le regretter.");
	f->compose.n_verbatims = 1;
	f->compose.verbatim_source = SLICE("facebook");
	check(f, "p1.txt", false);
	f->incident.topic = SLICE("P1:detresse");
	f->verbatims[0] = SLICE("Je n'en peux plus.");
	check(f, "p1-detresse.txt", false);
}

static void grey(void **state)
{
	struct fixture *f = *state;
	f->incident.kind = INCIDENT_GREY;
	f->incident.level = LEVEL_GRIS;
	f->incident.topic = SLICE("source:instagram");
	f->incident.title = SLICE("Source muette : Instagram");
	f->entries[0].kind = ENTRY_OPENED;
	f->entries[0].level = LEVEL_GRIS;
	f->c.n_entries = 1;
	check(f, "gris.txt", false);
}

/* Every form says that it is a drill before it says anything else; also what the fallback gets of it. */
static void drill(void **state)
{
	struct fixture *f = *state;
	struct policy_notice *due;
	struct message m, lost;
	_buf_ struct buf mail = {0}, out = {0};
	f->incident.kind = INCIDENT_DRILL;
	f->incident.topic = SLICE("exercice:rouge");
	f->incident.title = SLICE(INCIDENT_DRILL_MARK "Peupliers (démolition)");
	f->incident.facts = (struct incident_facts){.at = NOON, .since = NOON};
	f->incident.opened_at = NOON;
	f->entries[0] = (struct incident_entry){
		.at = NOON, .kind = ENTRY_OPENED, .level = LEVEL_ROUGE, .who = SLICE("S. Leroy")};
	f->c.n_entries = 1;
	f->compose.n_verbatims = 0;
	check(f, "exercice.txt", false);
	size_t n = policy_due(&f->policy, &f->c, NOON, &f->arena, &due);
	compose_notice(&f->compose, &due[n - 1], &f->arena, &lost);
	message_mail(&mail, &lost, "tocsin@ville.example", "dgs@ville.example", false,
		(struct slice){0});
	golden("exercice.eml", buf_slice(&mail));
	for (int form = HOOK_JSON; form <= HOOK_TEAMS; form++) {
		buf_clear(&out);
		message_hook(&out, &lost, (enum hook_form)form, false);
		assert_non_null(strstr(buf_string(&out), "EXERCICE : rien ne s'est passé"));
		assert_true(form != HOOK_JSON || strstr(buf_string(&out), "\"drill\":true"));
	}
	const struct compose_undelivered u = {.to = &f->policy.fallback[1],
		.key = SLICE("secours/4/0/dgs/mail"),
		.person = lost.name,
		.reason = SLICE("550 inconnu ici")};
	compose_undelivered(&lost, &u, NOON, &f->arena, &m);
	buf_clear(&out);
	message_text(&out, &m, false, 76);
	assert_non_null(memmem(m.subject.p, m.subject.n, "EXERCICE ROUGE", 14));
	assert_int_equal(strncmp(buf_string(&out), "EXERCICE : ", 11), 0);
}

static void raid(void **state)
{
	struct fixture *f = *state;
	f->incident.kind = INCIDENT_RAID;
	f->incident.level = LEVEL_JAUNE;
	f->incident.title = SLICE("Raid : 4 comptes");
	f->incident.facts.authors = 4;
	f->incident.facts.sources = 1;
	f->incident.facts.questions = 0;
	f->incident.facts.offences = 1;
	f->compose.n_deaf = 0;
	f->incident.facts.n_per_source = 1;
	f->incident.facts.listening_since = NOON - 9 * CLOCK_DAY;
	f->entries[0].level = LEVEL_JAUNE;
	f->c.n_entries = 1;
	check(f, "raid.txt", false);
}

static void emergent(void **state)
{
	static struct slice terms[] = {TEXT("fermée"), TEXT("appelez le 06 12 34 56 78")};
	struct fixture *f = *state;
	f->incident.kind = INCIDENT_EMERGENT;
	f->incident.level = LEVEL_JAUNE;
	f->incident.topic = SLICE("emergent:passerelle des Halles");
	f->incident.title = SLICE("Sujet émergent : « passerelle des Halles »");
	f->incident.facts = (struct incident_facts){.at = NOON,
		.since = NOON - 2 * CLOCK_HOUR,
		.messages = 14,
		.authors = 11,
		.sources = 2,
		.recent = 5,
		.usual_low = -1,
		.usual_high = -1,
		.top5_share = 50,
		.per_source = sources,
		.per_source_count = counts,
		.n_per_source = 2,
		.terms = terms,
		.n_terms = 2,
		.trigger = SLICE("emergent")};
	f->entries[0].level = LEVEL_JAUNE;
	f->c.n_entries = 1;
	check(f, "emergent.txt", false);
	f->compose.lang = WORDS_EN;
	check(f, "emergent-en.txt", false);
}

static void undelivered(void **state)
{
	struct fixture *f = *state;
	struct policy_notice *due;
	struct message lost, m;
	_buf_ struct buf out = {0};
	size_t n = policy_due(&f->policy, &f->c, NOON, &f->arena, &due);
	const struct slice dircom = SLICE("dircom"); /* must not pass for told */
	f->compose.unreached = &dircom;
	f->compose.n_unreached = 1;
	compose_notice(&f->compose, &due[n - 1], &f->arena, &lost);
	const struct compose_undelivered u = {.to = &f->policy.fallback[1],
		.key = SLICE("secours/4/0/dgs/mail"),
		.person = lost.name,
		.reason = SLICE("550 inconnu ici")};
	compose_undelivered(&lost, &u, NOON + CLOCK_MINUTE, &f->arena, &m);
	buf_printf(&out, "%.*s\n\n", (int)m.subject.n, m.subject.p);
	message_text(&out, &m, false, 76);
	golden("secours.txt", buf_slice(&out));
}

/* The message of a notice that waited, as it is sent in the end. */
static void check_sent(struct fixture *f, enum policy_chain chain, const char *name)
{
	static const struct policy_target dgs = {
		"mail", "dgs", "B. Faure (DGS)", "dgs@ville.example"};
	const struct policy_notice n = {
		.chain = chain, .step = 1, .base = NOON, .target = &dgs, .key = "12/x"};
	struct message m;
	_buf_ struct buf out = {0};
	compose_notice(&f->compose, &n, &f->arena, &m);
	assert_null(memmem(m.subject.p, m.subject.n, "avant", 5));
	buf_printf(&out, "%.*s\n\n", (int)m.subject.n, m.subject.p);
	message_text(&out, &m, false, 76);
	assert_null(strstr(buf_string(&out), "personne. Prévenus"));
	golden(name, buf_slice(&out));
}

/* Somebody has taken charge while the mail waited: it says who, and asks for nothing. */
static void taken_charge(void **state)
{
	struct fixture *f = *state;
	f->entries[3] = (struct incident_entry){.at = NOON + 5 * CLOCK_MINUTE,
		.kind = ENTRY_ACKED,
		.level = LEVEL_ROUGE,
		.who = SLICE("C. Morel")};
	f->c.n_entries = 4;
	f->incident.state = INCIDENT_ACKED;
	f->incident.acked_by = SLICE("C. Morel");
	f->incident.acked_at = NOON + 5 * CLOCK_MINUTE;
	f->incident.ack_expires_at = NOON + 65 * CLOCK_MINUTE;
	f->compose.now = NOON + 10 * CLOCK_MINUTE;
	check_sent(f, CHAIN_ROUGE, "charge.txt");
}

static void over_already(void **state)
{
	struct fixture *f = *state;
	f->entries[3] = (struct incident_entry){
		.at = NOON + 5 * CLOCK_MINUTE, .kind = ENTRY_CLOSED, .who = SLICE("tocsin")};
	f->c.n_entries = 4;
	f->incident.state = INCIDENT_CLOSED;
	f->incident.closed_at = NOON + 5 * CLOCK_MINUTE;
	f->compose.now = NOON + 10 * CLOCK_MINUTE;
	check_sent(f, CHAIN_ROUGE, "retombee.txt");
}

/* Who should have been told of rouge is told of it, and that it is orange by now. */
static void lowered_since(void **state)
{
	struct fixture *f = *state;
	struct policy_notice n = {
		.chain = CHAIN_ROUGE, .step = 1, .base = NOON, .target = &f->policy.fallback[0]};
	struct message m;
	f->entries[3] = (struct incident_entry){
		.at = NOON + 5 * CLOCK_MINUTE, .kind = ENTRY_LOWERED, .level = LEVEL_ORANGE};
	f->c.n_entries = 4;
	f->incident.level = LEVEL_ORANGE;
	f->compose.now = NOON + 6 * CLOCK_MINUTE;
	compose_notice(&f->compose, &n, &f->arena, &m);
	assert_true(slice_is(m.level, "orange"));
	assert_non_null(memmem(
		m.head.p, m.head.n, "Niveau ROUGE atteint à 12:10, redescendu à ORANGE", 50));
}

static bool any_quote(const struct message *m)
{
	for (uint32_t i = 0; i < m->n_blocks; i++)
		if (m->blocks[i].kind == BLOCK_QUOTES)
			return true;
	return false;
}

static bool blocks_say(const struct message *m, const char *what)
{
	for (uint32_t i = 0; i < m->n_blocks; i++)
		if (says(m->blocks[i].text, what))
			return true;
	return false;
}

/* In any form of it. */
static bool whole_says(const struct message *m, const char *what)
{
	static const enum hook_form forms[] = {HOOK_JSON, HOOK_MATTERMOST, HOOK_SLACK, HOOK_TEAMS};
	_buf_ struct buf out = {0};
	const struct message_sms how = {0};
	buf_printf(&out, "%.*s\n", (int)m->subject.n, m->subject.p);
	message_text(&out, m, false, 0);
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		message_hook(&out, m, forms[i], false);
	message_sms(&out, m, &how);
	return says(buf_slice(&out), what);
}

static void quotes_nobody(const struct message *m)
{
	assert_false(any_quote(m));
	assert_false(whole_says(m, "relogement") || whole_says(m, "expulsions") ||
		whole_says(m, "accès fermé") || whole_says(m, "Ma mère"));
	assert_true(whole_says(m, "sans citer les habitants"));
	assert_true(m->bare);
}

/* Who is told how many alone reads no word of a citizen: in his message, nor in one that did not reach another; the others do. */
static void counted(void **state)
{
	static struct slice terms[] = {TEXT("relogement")}, rumours[] = {TEXT("expulsions lundi")};
	struct fixture *f = *state;
	const struct slice cabinet[] = {SLICE("dircab")};
	struct policy_target dircab = {"mail", "dircab", "D. Petit (directeur de cabinet)",
				     "dircab@ville.example"},
			     dircom = {"mail", "dircom", "A. Roche (dir'com)",
				     "dircom@ville.example"};
	struct policy_notice n = {.chain = CHAIN_ROUGE, .step = 1, .base = NOON};
	struct message m, fallback;
	f->incident.facts.terms = terms;
	f->incident.facts.n_terms = 1;
	f->compose.rumours = rumours;
	f->compose.n_rumours = 1;
	f->compose.counted = cabinet;
	f->compose.n_counted = 1;
	for (int kind = 0; kind < 2; kind++) {
		f->incident.kind = kind ? INCIDENT_P1 : INCIDENT_EMERGENT;
		f->incident.topic = kind ? SLICE("P1:menace") : SLICE("emergent:accès fermé");
		f->incident.title = kind ? SLICE("Menace (possible, à qualifier)")
					 : SLICE("Sujet émergent : « accès fermé »");
		n.target = &dircom;
		compose_notice(&f->compose, &n, &f->arena, &m);
		assert_true(any_quote(&m) && blocks_say(&m, "Ma mère"));
		assert_true(blocks_say(&m, "relogement") == !kind);
		const struct compose_undelivered u = {.to = &dircab,
			.key = SLICE("secours/1/0/dircab/mail"),
			.person = SLICE("A. Roche"),
			.reason = SLICE("refusé")};
		compose_undelivered(&m, &u, NOON, &f->arena, &fallback);
		compose_bare(&fallback, &f->arena);
		quotes_nobody(&fallback);
		f->compose.reader = (struct compose_reader){SLICE("dircab"), {0}};
		compose_notice(&f->compose, &n, &f->arena, &m);
		quotes_nobody(&m);
		f->compose.reader = (struct compose_reader){0};
		n.target = &dircab;
		compose_notice(&f->compose, &n, &f->arena, &m);
		quotes_nobody(&m);
		assert_false(blocks_say(&m, "ci-dessus"));
		assert_true(blocks_say(&m, "47 messages"));
	}
}

/* A room that only the cabinet reads, told by itself; a mailbox and a number that somebody shares with it; whoever else is told
 * by these reads no more. */
static void counted_by_address(void **state)
{
	struct fixture *f = *state;
	const struct slice cabinet[] = {SLICE("salon"), SLICE("cabinet@ville.example")};
	struct policy_target to[] = {{"webhook", "salon", "Salon", "salon"},
		{"webhook", "dircom", "A. Roche (dir'com)", "salon"},
		{"mail", "veille", "Veille", "Cabinet@ville.example"},
		{"mail", "dircom", "A. Roche (dir'com)", "dircom@ville.example"}};
	struct policy_notice n = {.chain = CHAIN_ROUGE, .step = 1, .base = NOON};
	f->compose.counted = cabinet;
	f->compose.n_counted = 2;
	for (size_t i = 0; i < 4; i++) {
		struct message m;
		n.target = &to[i];
		compose_notice(&f->compose, &n, &f->arena, &m);
		assert_true(m.bare == (i < 3));
		assert_true(any_quote(&m) == (i == 3));
	}
}

/* A summary names what emerged by its number, and a text that is copied by nothing of it. */
static void counted_past(void **state)
{
	struct fixture *f = *state;
	struct policy_target to = {"mail", "dircab", "D. Petit", "dircab@ville.example"};
	struct compose_past line = {
		&f->incident, CHAIN_ROUGE, NOON - CLOCK_HOUR, NOON, false, SLICE("tocsin")};
	struct compose_summary s = {.to = &to,
		.key = SLICE("12/rouge/1/dircab/mail/1.0/late"),
		.lines = &line,
		.n_lines = 1,
		.now = NOON,
		.wall = NOON};
	struct message m;
	f->incident.kind = INCIDENT_CAMPAIGN;
	f->incident.title = SLICE("Texte recopié : « accès fermé »");
	for (int counted = 0; counted < 3; counted++) {
		s.counts_only = counted == 1;
		compose_summary(&s, &f->arena, &m);
		if (counted == 2)
			compose_bare(&m, &f->arena);
		assert_true(whole_says(&m, "accès fermé") == !counted);
		assert_true(whole_says(&m, "sans citer les habitants") == (counted > 0));
	}
	assert_true(says(m.subject, "alerte n° 12"));
}

static void summary(void **state)
{
	static const struct policy_target dgs = {
		"mail", "dgs", "B. Faure (DGS)", "dgs@ville.example"};
	struct fixture *f = *state;
	struct incident threat = f->incident, grey = f->incident;
	struct message m;
	_buf_ struct buf out = {0}, mail = {0};
	threat.id = 13;
	threat.kind = INCIDENT_P1;
	threat.topic = SLICE("P1:menace");
	grey.id = 14;
	grey.kind = INCIDENT_GREY;
	grey.title = SLICE("Source muette : Instagram");
	struct compose_past lines[] = {{&grey, CHAIN_GRIS, NOON - CLOCK_DAY, NOON - 23 * CLOCK_HOUR,
					       false, SLICE("tocsin")},
		{&f->incident, CHAIN_ROUGE, NOON - 50 * CLOCK_MINUTE, NOON - 20 * CLOCK_MINUTE,
			false, SLICE("tocsin")},
		{&f->incident, CHAIN_ORANGE, NOON - 9 * CLOCK_MINUTE, NOON - 5 * CLOCK_MINUTE, true,
			SLICE("C. Morel")},
		{&threat, CHAIN_P1, NOON - 40 * CLOCK_MINUTE, NOON - 30 * CLOCK_MINUTE, false,
			SLICE("marc")}};
	struct compose_summary s = {.town = SLICE("Valmont-sur-Orle"),
		.to = &dgs,
		.key = SLICE("12/rouge/1/dgs/mail/1.0/late"),
		.lines = lines,
		.n_lines = 4,
		.now = NOON,
		.wall = NOON};
	compose_summary(&s, &f->arena, &m);
	buf_printf(&out, "%.*s\n\n", (int)m.subject.n, m.subject.p);
	message_text(&out, &m, false, 76);
	s.n_lines = 1;
	compose_summary(&s, &f->arena, &m);
	buf_printf(&out, "\n%.*s\n\n", (int)m.subject.n, m.subject.p);
	message_text(&out, &m, false, 76);
	golden("passees.txt", buf_slice(&out));
	message_mail(
		&mail, &m, "tocsin@ville.example", "dgs@ville.example", false, (struct slice){0});
	assert_null(strstr(buf_string(&mail), "Importance:")); /* over: nothing is urgent */
}

/* Three alarms in one message; then one that could not wait, with the two others behind it. */
static void group(void **state)
{
	struct fixture *f = *state;
	struct policy_notice *due;
	struct message list[3], m;
	_buf_ struct buf out = {0};
	size_t n = policy_due(&f->policy, &f->c, NOON, &f->arena, &due);
	compose_notice(&f->compose, &due[n - 1], &f->arena, &list[1]);
	list[0] = list[2] = list[1];
	list[0].level = SLICE("gris");
	list[0].subject = SLICE("tocsin GRIS · Source muette : Instagram");
	list[0].title = SLICE("Source muette : Instagram");
	list[0].incident = 14;
	list[0].key = SLICE("14/gris/1/dircom/mail/1.0");
	list[0].before = NOON + CLOCK_MINUTE;
	list[2].level = SLICE("orange");
	list[2].subject = SLICE("tocsin ORANGE · Cantine : 9 personnes en 20 min");
	list[2].incident = 13;
	list[2].key = SLICE("13/orange/1/dircom/mail/1.0");
	struct grouping g = {.list = list,
		.n = 3,
		.key = SLICE("12+13"),
		.held = true,
		.limit = {6, CLOCK_HOUR}};
	compose_group(&g, &f->arena, &m);
	assert_true(slice_is(m.level, "rouge"));
	assert_int_equal(m.before, NOON + CLOCK_MINUTE);
	assert_true(list[1].curve.n && !m.curve.n &&
		!m.curve_words.n); /* of all, no curve is the curve */
	assert_true(slice_is(m.key, "12+13") && slice_is(m.thread, "12+13"));
	buf_printf(&out, "%.*s\n\n", (int)m.subject.n, m.subject.p);
	message_text(&out, &m, false, 76);
	g = (struct grouping){.list = list + 1, .n = 2, .led = true};
	compose_group(&g, &f->arena, &m);
	assert_true(slice_equal(m.subject, list[1].subject));
	assert_true(slice_equal(m.curve, list[1].curve) && m.curve_after == list[1].curve_after);
	buf_printf(&out, "\n%.*s\n\n", (int)m.subject.n, m.subject.p);
	message_text(&out, &m, false, 76);
	golden("ensemble.txt", buf_slice(&out));
}

/* Every alarm of the largest message is in every form of it, also when its title is all signs that must be disarmed. */
static void a_large_group(void **state)
{
	struct fixture *f = *state;
	struct message list[POLICY_TOGETHER_MAX], m;
	struct policy_notice *due;
	char title[COMPOSE_TITLE_BYTES + 1];
	memset(title, '*', COMPOSE_TITLE_BYTES);
	title[COMPOSE_TITLE_BYTES] = 0;
	size_t n = policy_due(&f->policy, &f->c, NOON, &f->arena, &due);
	for (size_t i = 0; i < POLICY_TOGETHER_MAX; i++) {
		_free_ char *subject = xasprintf(
			"tocsin ORANGE · %s : 1234 personnes en 20 min, à prendre en charge avant 12:25",
			title);
		compose_notice(&f->compose, &due[n - 1], &f->arena, &list[i]);
		list[i].incident = (int64_t)(1001 + i);
		list[i].subject = arena_copy(&f->arena, slice_of(subject));
	}
	for (int led = 0; led < 2; led++) {
		struct grouping g = {.list = list, .n = POLICY_TOGETHER_MAX, .led = led};
		compose_group(&g, &f->arena, &m);
		for (int form = 0; form < 4; form++) {
			_buf_ struct buf out = {0};
			message_hook(&out, &m, (enum hook_form)form, false);
			for (size_t i = (size_t)led; i < POLICY_TOGETHER_MAX; i++) {
				char number[16];
				snprintf(number, sizeof(number), "(n° %zu)", 1001 + i);
				if (!strstr(buf_string(&out), number))
					fail_msg("form %d, led %d: no %s", form, led, number);
			}
		}
	}
}

/* What quiet hours kept back: two alarms that still ring and a summary of what is past; then one alarm and the summary. */
static void morning(void **state)
{
	static const struct policy_target dircom = {
		"mail", "dircom", "A. Roche (dir'com)", "dircom@ville.example"};
	struct fixture *f = *state;
	struct policy_notice *due;
	struct message list[3], m;
	_buf_ struct buf out = {0};
	struct compose_past past = {&f->incident, CHAIN_JAUNE, NOON - 9 * CLOCK_HOUR,
		NOON - 8 * CLOCK_HOUR, false, SLICE("tocsin")};
	const struct compose_summary s = {.town = SLICE("Valmont-sur-Orle"),
		.to = &dircom,
		.key = SLICE("9/jaune/1/dircom/mail/1.0/late"),
		.lines = &past,
		.n_lines = 1,
		.now = NOON,
		.wall = NOON};
	size_t n = policy_due(&f->policy, &f->c, NOON, &f->arena, &due);
	compose_summary(&s, &f->arena, &list[0]);
	compose_notice(&f->compose, &due[n - 1], &f->arena, &list[1]);
	list[2] = list[1];
	list[2].level = SLICE("jaune");
	list[2].subject = SLICE("tocsin JAUNE · Cantine : 9 personnes en 20 min");
	list[2].incident = 13;
	struct grouping g = {.list = list, .n = 3, .morning = true};
	compose_group(&g, &f->arena, &m);
	buf_printf(&out, "%.*s\n\n", (int)m.subject.n, m.subject.p);
	message_text(&out, &m, false, 76);
	golden("matin.txt", buf_slice(&out));
	g.n = 2;
	compose_group(&g, &f->arena, &m);
	assert_true(slice_equal(m.subject, list[1].subject));
	assert_true(m.n_blocks == list[1].n_blocks + 1);
	assert_int_equal(m.blocks[m.n_blocks - 1].kind, BLOCK_LIST);
	list[1] = list[0];
	compose_group(&g, &f->arena, &m);
	assert_true(slice_equal(m.subject, list[0].subject));
}

static void forms(void **state)
{
	static const char *const names[] = {"json", "mattermost", "slack", "teams"};
	struct fixture *f = *state;
	struct policy_notice *due;
	struct message m;
	f->verbatims[1] =
		SLICE("@channel **gras** <!here> [x](https://mal.example) </script> \\ \"q\"");
	size_t n = policy_due(&f->policy, &f->c, NOON, &f->arena, &due);
	compose_notice(&f->compose, &due[n - 1], &f->arena, &m);
	struct json_reader *reader = json_reader_new(1 << 20);
	for (int i = 0; i < 4; i++) {
		_buf_ struct buf out = {0};
		_free_ char *name = xasprintf("hook-%s.json", names[i]);
		struct json_value v;
		struct error e = {0};
		message_hook(&out, &m, (enum hook_form)i, i % 2 == 0);
		assert_int_equal(json_parse(reader, buf_slice(&out), &v, &e), 0);
		assert_null(i ? strstr(buf_string(&out), "@channel") : NULL);
		assert_null(i ? strstr(buf_string(&out), "<!here>") : NULL);
		golden(name, buf_slice(&out));
	}
	json_reader_free(reader);
}

static void mail(void **state)
{
	struct fixture *f = *state;
	struct policy_notice *due;
	struct message m;
	_buf_ struct buf out = {0}, again = {0};
	size_t n = policy_due(&f->policy, &f->c, NOON, &f->arena, &due);
	compose_notice(&f->compose, &due[n - 1], &f->arena, &m);
	message_mail(
		&out, &m, "tocsin@ville.example", "dgs@ville.example", false, (struct slice){0});
	golden("rouge.eml", buf_slice(&out));
	/* the same message again is the same bytes: only then is it the same mail */
	message_mail(
		&again, &m, "tocsin@ville.example", "dgs@ville.example", false, (struct slice){0});
	assert_true(slice_equal(buf_slice(&out), buf_slice(&again)));
}

static void duties(void **state)
{
	static const char *const known[] = {"injure_publique", "injure_discriminatoire",
		"provocation_haine", "diffamation", "outrage", "menace", "apologie_terrorisme",
		"harcelement_raid", "doxxing", "vie_privee", "fausse_nouvelle", "detresse",
		"mineur_danger"};
	struct duty other = duty_of(WORDS_FR, SLICE("inconnue"));
	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		struct duty d = duty_of(WORDS_FR, slice_of(known[i]));
		assert_string_not_equal(d.label, other.label);
		/* a supposition, never a qualification */
		assert_true(strstr(d.label, "possible") || strstr(d.label, "à vérifier"));
		assert_true(d.todo && d.evidence && d.law);
	}
	assert_non_null(strstr(duty_of(WORDS_FR, SLICE("menace")).call, "17"));
	assert_non_null(strstr(duty_of(WORDS_FR, SLICE("detresse")).call, "3114"));
	assert_non_null(strstr(duty_of(WORDS_FR, SLICE("apologie_terrorisme")).todo, "Pharos"));
	assert_non_null(strstr(duty_of(WORDS_FR, SLICE("menace")).law, "40"));
}

#define WITH(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {WITH(rouge), WITH(questions), WITH(rouge_english),
		WITH(reminder), WITH(late), WITH(p1), WITH(grey), WITH(drill), WITH(raid),
		WITH(emergent), WITH(undelivered), WITH(taken_charge), WITH(over_already),
		WITH(lowered_since), WITH(counted), WITH(counted_by_address), WITH(counted_past),
		WITH(summary), WITH(group), WITH(a_large_group), WITH(morning), WITH(forms),
		WITH(mail), cmocka_unit_test(older_wires), WITH(curve), WITH(position),
		WITH(next_point), WITH(engagement), cmocka_unit_test(duties)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
