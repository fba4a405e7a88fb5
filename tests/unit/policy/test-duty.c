/* SPDX-License-Identifier: GPL-3.0-or-later
 * Calendars: who is told at what time of which day, what waits, what is said afterwards, where nobody is reached; and
 * every mistake with its place. */
#include "fixture.h"
#include <tocsin/calendar/day.h>

static const char dated[] =
	"people:\n"
	"  - {id: morel, name: C. Morel, mail: morel@ville.example}\n"
	"  - {id: dircom, name: A. Roche, role: dir'com, mail: dircom@ville.example}\n"
	"  - {id: dgs, name: B. Faure, role: DGS, mail: dgs@ville.example}\n"
	"  - {id: dircab, name: D. Petit, mail: dircab@ville.example, hours: always}\n"
	"  - {id: dupont, name: L. Dupont, mail: dupont@ville.example}\n"
	"  - {id: martin, name: P. Martin, mail: martin@ville.example}\n"
	"calendars:\n"
	"  holidays: metropole\n"
	"  hours: [{id: bureau, days: lun-ven, from: '08:00', to: '18:00'}]\n"
	"  on_call: [{id: cadre, title: cadre d'astreinte, turn: [dupont, martin], start: 2027-01-08, handover: '18:00'}]\n"
	"  absences: [{who: martin, from: 2027-08-14, to: 2027-08-15}]\n"
	"teams: [{id: com, members: [morel, dircom]}]\n"
	"levels:\n"
	"  jaune: [{tell: com}]\n"
	"  orange: [{tell: dircom}, {tell: cadre, after: 15 min}, {tell: dgs, after: 30 min}]\n"
	"  rouge: [{tell: [dircom, dgs]}, {tell: cadre, after: 5 min}, {tell: dircab, after: 20 min}]\n"
	"  gris: [{tell: morel}]\n"
	"  P1: [{tell: cadre}, {tell: dircab, after: 10 min}]\n"
	"policy: {quiet: {levels: [jaune, gris], outside: bureau}}\n";

/* "2027-08-13 22:40" of the town's clocks. */
static int64_t when(const char *text)
{
	int64_t day;
	int minute;
	assert_int_equal(day_time_parse(slice_of(text), &day, &minute), 0);
	return day_instant(day, minute);
}

/* Of the plan alone: hours, and who is no part of it, are nothing to it. */
static void who_is_on_call(void **state)
{
	static const struct {
		const char *person, *now;
		bool on;
	} cases[] = {{"dupont", "2027-01-08 18:00", true}, {"martin", "2027-01-08 18:00", false},
		{"dupont", "2027-01-15 17:59", true}, {"dupont", "2027-01-15 18:00", false},
		{"martin", "2027-01-15 18:00", true}, {"dircom", "2027-01-11 10:00", false},
		{"personne", "2027-01-11 10:00", false}, {"", "2027-01-11 10:00", false}};
	struct fixture f;
	(void)state;
	assert_int_equal(clock_zone_set("Europe/Paris"), 0);
	assert_int_equal(fixture_load(&f, dated), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(
			policy_on_call(&f.policy, slice_of(cases[i].person), when(cases[i].now)),
			cases[i].on);
	/* whoever is absent is not */
	for (int64_t at = when("2027-08-14 00:00"); at < when("2027-08-16 00:00"); at += CLOCK_HOUR)
		assert_false(policy_on_call(&f.policy, SLICE("martin"), at));
	fixture_release(&f);
}

/* Nobody of the level is on duty: the fallback at once, and again like everybody, until somebody of the level is there. */
static void fallback_in_a_gap(void **state)
{
	static const struct {
		enum town_level level;
		const char *now, *due; /* "person step HH:MM.repeat", of the fallback */
	} cases[] = {
		{LEVEL_ROUGE, "2027-08-14 10:00", "dgs 0 10:00.0"},
		{LEVEL_ROUGE, "2027-08-14 10:31", "dgs 0 10:30.1"},
		{LEVEL_ORANGE, "2027-08-14 10:00", NULL}, /* waits for the first on duty */
	};
	_buf_ struct buf text = {0};
	struct fixture f;
	(void)state;
	assert_int_equal(clock_zone_set("Europe/Paris"), 0);
	buf_add_string(&text, dated);
	char *dircab = strstr(text.p, ", {tell: dircab, after: 20 min}");
	memset(dircab, ' ', strlen(", {tell: dircab, after: 20 min}"));
	char *quiet = strstr(text.p, "policy: {quiet");
	text.n = (size_t)(quiet - text.p);
	buf_add_string(&text, "policy: {fallback: [dgs, morel]}\n");
	assert_int_equal(fixture_load(&f, buf_string(&text)), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t opened = when("2027-08-14 10:00"), now = when(cases[i].now);
		struct incident in = {
			.id = 1, .level = cases[i].level, .opened_at = opened, .raised_at = opened};
		struct policy_case c = {&in, NULL, 0, true};
		struct policy_notice *due, back;
		char said[64], hm[CLOCK_TEXT];
		size_t n = policy_due(&f.policy, &c, now, &f.arena, &due);
		assert_int_equal(n, cases[i].due ? 1 : 0);
		if (!n)
			continue;
		snprintf(said, sizeof(said), "%s %u %s.%u", due[0].target->person, due[0].step,
			clock_format_hm(due[0].due_at, hm), due[0].repeat);
		assert_string_equal(said, cases[i].due);
		assert_true(policy_key_read(slice_of(due[0].key), &back) && back.step == 0);
		assert_ptr_equal(
			policy_relief(&f.policy, CHAIN_ROUGE, opened, now), &f.policy.fallback[0]);
		struct policy_state s = policy_state(&f.policy, &c, now);
		assert_true(s.next_at > now && s.next_at <= now + CLOCK_HOUR);
	}
	fixture_release(&f);
}

struct told {
	const char *opened;
	enum town_level level;
	const char *now;
	const char *due[6]; /* "person step HH:MM.repeat" */
};
static const struct told cases[] = {
	/* a Friday in office hours: as ever, and the astreinte only from 18:00 on */
	{"2027-08-13 10:00", LEVEL_ORANGE, "2027-08-13 10:10", {"dircom 1 10:00.0"}},
	{"2027-08-13 10:00", LEVEL_ORANGE, "2027-08-13 10:20",
		{"dircom 1 10:00.0", "dupont 2 10:15.0"}},
	/* the handover hands the alarm over */
	{"2027-08-13 17:50", LEVEL_ORANGE, "2027-08-13 18:06",
		{"dircom 1 17:50.0", "martin 2 18:05.0"}},
	{"2027-08-13 17:40", LEVEL_ORANGE, "2027-08-13 18:01",
		{"dircom 1 17:40.0", "dupont 2 17:55.0", "martin 2 18:00.0"}},
	/* the dir'com is off duty: the astreinte at once, the DGS not at all */
	{"2027-08-13 22:40", LEVEL_ORANGE, "2027-08-13 22:40", {"martin 2 22:40.0"}},
	{"2027-08-13 22:40", LEVEL_ORANGE, "2027-08-13 23:45", {"martin 2 23:10.1"}},
	/* martin is absent without a substitute on that Saturday: nobody but dircab, when he is named */
	{"2027-08-14 10:00", LEVEL_ORANGE, "2027-08-15 10:00", {NULL}},
	{"2027-08-14 10:00", LEVEL_ROUGE, "2027-08-14 10:00", {"dircab 3 10:00.0"}},
	{"2027-08-14 10:00", LEVEL_ORANGE, "2027-08-16 00:00", {"martin 2 00:00.0"}},
	/* quiet hours: told at 08:00, also on the Monday after a weekend */
	{"2027-08-13 22:40", LEVEL_JAUNE, "2027-08-16 07:59", {NULL}},
	{"2027-08-13 22:40", LEVEL_JAUNE, "2027-08-16 08:00",
		{"dircom 1 08:00.0", "morel 1 08:00.0"}},
	/* the night of a change: 02:00 to 03:00 come twice; repeats go by the time that passes */
	{"2027-10-31 02:30", LEVEL_ROUGE, "2027-10-31 03:00",
		{"dircab 3 02:15.1", "dupont 2 03:00.2"}},
	/* 29 February is a Tuesday like another */
	{"2028-02-29 09:00", LEVEL_ORANGE, "2028-02-29 09:00", {"dircom 1 09:00.0"}},
	/* 14 July is a Wednesday, closed */
	{"2027-07-14 10:00", LEVEL_ORANGE, "2027-07-14 10:00", {"dupont 2 10:00.0"}},
};

static size_t ask(struct fixture *f, const struct told *t, struct policy_notice **due)
{
	int64_t opened = when(t->opened);
	struct incident i = {.id = 1, .level = t->level, .opened_at = opened, .raised_at = opened};
	struct policy_case c = {&i, NULL, 0, true};
	return policy_due(&f->policy, &c, when(t->now), &f->arena, due);
}

static void who_is_told(void **state)
{
	struct fixture *f = *state;
	for (size_t k = 0; k < sizeof(cases) / sizeof(*cases); k++) {
		struct policy_notice *due;
		size_t n = ask(f, &cases[k], &due), wanted = 0;
		while (wanted < 6 && cases[k].due[wanted])
			wanted++;
		if (n != wanted)
			print_error("case %zu: %zu due\n", k, n);
		for (size_t i = 0; i < n; i++) {
			char text[64], time[CLOCK_TEXT];
			snprintf(text, sizeof(text), "%s %u %s.%u", due[i].target->person,
				due[i].step, clock_format_hm(due[i].due_at, time), due[i].repeat);
			bool found = false;
			for (size_t w = 0; w < wanted; w++)
				found |= strcmp(text, cases[k].due[w]) == 0;
			if (!found)
				print_error("case %zu: %s\n", k, text);
			assert_true(found);
		}
		assert_int_equal(n, wanted);
	}
}

static void what_comes_next(void **state)
{
	struct fixture *f = *state;
	int64_t opened = when("2027-08-13 22:40");
	struct incident i = {
		.id = 1, .level = LEVEL_JAUNE, .opened_at = opened, .raised_at = opened};
	struct policy_case c = {&i, NULL, 0, true};
	struct policy_state s = policy_state(&f->policy, &c, opened);
	assert_int_equal(s.next_at, when("2027-08-16 08:00"));
	assert_int_equal(s.next_step, 1);
	i.level = LEVEL_ORANGE;
	s = policy_state(&f->policy, &c,
		opened); /* the DGS would be next, 15 minutes behind the astreinte */
	assert_int_equal(s.next_at, when("2027-08-13 22:55"));
	assert_int_equal(policy_fallback(&f->policy, 0, opened), 3);
	assert_string_equal(f->policy.fallback[3].person, "martin");
}

/* Over before the office opens: told afterwards to whoever would have been told, when he comes. */
static void said_afterwards(void **state)
{
	struct fixture *f = *state;
	int64_t opened = when("2027-08-13 22:40"), closed = when("2027-08-14 05:00");
	struct incident_entry entries[] = {
		{.id = 1, .at = opened, .kind = ENTRY_OPENED, .level = LEVEL_JAUNE},
		{.id = 2, .at = closed, .kind = ENTRY_CLOSED, .level = LEVEL_VERT}};
	struct incident i = {.id = 1,
		.state = INCIDENT_CLOSED,
		.level = LEVEL_JAUNE,
		.opened_at = opened,
		.raised_at = opened,
		.closed_at = closed};
	struct policy_case c = {&i, entries, 2, true};
	struct policy_notice *due;
	assert_int_equal(policy_late(&f->policy, &c, &f->arena, &due), 2);
	assert_int_equal(due[0].due_at, when("2027-08-16 08:00"));
	assert_string_equal(due[0].target->person, "dircom");
	/* orange: the astreinte was on duty then, the others read of it on Monday */
	i.level = entries[0].level = LEVEL_ORANGE;
	assert_int_equal(policy_late(&f->policy, &c, &f->arena, &due), 3);
	assert_string_equal(due[0].target->person, "martin");
	assert_int_equal(due[0].due_at, opened);
	assert_int_equal(due[2].due_at, when("2027-08-16 08:00"));
}

static void gap_of_an_absence(void **state)
{
	struct fixture *f = *state;
	struct policy_gap *list;
	size_t n = policy_gaps(
		&f->policy, when("2027-01-01 00:00"), when("2028-01-01 00:00"), &f->arena, &list);
	assert_int_equal(n, 1);
	assert_int_equal(list[0].chain, CHAIN_ORANGE);
	assert_int_equal(list[0].from, when("2027-08-14 00:00"));
	assert_int_equal(list[0].to, when("2027-08-16 00:00"));
	assert_int_equal(list[0].why, GAP_ABSENT);
	assert_string_equal(list[0].absent->id, "martin");
	assert_string_equal(list[0].rota->id, "cadre");
}

static void every_problem(void **state)
{
#define PEOPLE "people: [{id: a, name: A, mail: a@x.example}]\n"
	static const struct {
		const char *text, *word;
		unsigned line, column;
	} wrong[] = {
		{"calendars: {hours: [{id: b, days: lun-vendr}]}\n" PEOPLE, "jours illisibles", 1,
			35},
		{"calendars: {hours: [{id: b, from: 25h}]}\n" PEOPLE, "heure illisible : 25h", 1,
			35},
		{"calendars: {holidays: bretagne}\n" PEOPLE, "bretagne", 1, 23},
		{"calendars: {holidays: {also: [2027-02-29]}}\n" PEOPLE, "jour illisible", 1, 31},
		{"calendars: {on_call: [{id: a, turn: [a]}]}\n" PEOPLE, "deux fois", 1, 28},
		{"calendars: {on_call: [{id: c, turn: [b]}]}\n" PEOPLE, "personne inconnue : b", 1,
			38},
		{"calendars: {on_call: [{id: c}]}\n" PEOPLE, "« turn » (tour) ou « file »", 1, 23},
		{"calendars: {on_call: [{id: c, turn: [a, a]}]}\n" PEOPLE, "il manque « start »", 1,
			37},
		{"calendars: {on_call: [{id: c, file: /nowhere.csv}]}\n" PEOPLE, "/nowhere.csv", 1,
			37},
		{"calendars: {on_call: [{id: c, turn: [a], hours: x}]}\n" PEOPLE,
			"heures inconnues : x", 1, 49},
		{"calendars: {absences: [{who: a}]}\n" PEOPLE, "« from » et « to »", 1, 24},
		{"calendars: {absences: [{who: a, from: 2027-08-02, to: 2027-08-01}]}\n" PEOPLE,
			"après le début", 1, 55},
		{"calendars: {absences: [{who: a, from: hier, to: 2027-08-01}]}\n" PEOPLE,
			"date illisible : hier", 1, 39},
		{"people: [{id: a, mail: a@x.example, hours: nuit}]\n", "heures inconnues : nuit",
			1, 44},
		{"teams: [{id: t, members: [z]}]\n" PEOPLE, "personne inconnue : z", 1, 27},
		{"teams: [{id: t}]\n" PEOPLE, "n'a personne", 1, 9},
		{PEOPLE "policy: {quiet: {levels: [rouge], from: 21h, to: 7h}}\n",
			"n'attendent jamais", 2, 27},
		{PEOPLE "policy: {quiet: {levels: jaune, from: 21h}}\n", "« from » et « to »", 2,
			17},
	};
	(void)state;
	for (size_t c = 0; c < sizeof(wrong) / sizeof(*wrong); c++) {
		struct fixture f;
		bool found = false;
		assert_int_not_equal(fixture_load(&f, wrong[c].text), 0);
		for (size_t i = 0; i < f.problems.n; i++) {
			const struct problem *p = &f.problems.list[i];
			found |= strstr(p->text, wrong[c].word) && p->line == wrong[c].line &&
				p->column == wrong[c].column;
		}
		for (size_t i = 0; !found && i < f.problems.n; i++)
			print_error("case %zu: %u:%u %s\n", c, f.problems.list[i].line,
				f.problems.list[i].column, f.problems.list[i].text);
		assert_true(found);
		fixture_release(&f);
	}
}

static void reads_french(void **state)
{
	static const char text[] =
		"personnes:\n"
		"  - {id: a, nom: A, courriel: a@x.example, heures: toujours}\n"
		"  - {id: b, nom: B, courriel: b@x.example}\n"
		"équipes: [{id: eq, titre: Équipe, membres: [a, b]}]\n"
		"calendriers:\n"
		"  fériés: {zone: alsace-moselle, aussi: [24/12/2027], sauf: [2027-12-26]}\n"
		"  heures: [{id: bureau, plages: [{jours: lun-ven, de: 8h, à: 12h}, {jours: sam, de: 9h, à: 11h}], fériés: oui}]\n"
		"  astreintes: [{id: nuit, titre: Nuit, tour: [b], début: 2027-01-01, relève: 8h, période: 1 j, heures: bureau}]\n"
		"  absences: [{qui: b, du: 2027-08-01, au: 2027-08-02, remplaçant: a}]\n"
		"niveaux:\n"
		"  jaune: [{prévenir: eq}]\n"
		"  orange: [{prévenir: nuit}]\n"
		"  rouge: [{prévenir: [a, nuit]}]\n"
		"  gris: [{prévenir: b}]\n"
		"  urgence: [{prévenir: a}]\n"
		"politique: {secours: nuit, calme: [{niveaux: gris, de: 21h, à: 7h30, jours: tous}, {niveaux: [jaune], hors: bureau}]}\n";
	struct fixture f;
	(void)state;
	assert_int_equal(fixture_load(&f, text), 0);
	const struct policy *p = &f.policy;
	assert_null(p->people[0].hours);
	assert_string_equal(p->people[1].hours->id, "bureau");
	assert_null(p->hours[0].closed_on);
	assert_int_equal(p->hours[0].n_spans, 2);
	assert_int_equal(p->rotas[0].period, 1);
	assert_int_equal(p->absences[0].substitute, 0);
	assert_int_equal(p->n_quiet, 2);
	assert_true(p->quiet[1].outside);
	/* b's substitute belongs to the astreinte; at rouge, a is told by himself */
	assert_int_equal(p->chains[CHAIN_ORANGE].list[0].n_targets, 2);
	assert_int_equal(p->chains[CHAIN_ROUGE].list[0].n_targets, 2);
	assert_null(p->chains[CHAIN_ROUGE].list[0].targets[0].rota);
	assert_int_equal(p->n_fallback, 2);
	fixture_release(&f);
}

/* A process loads its policy into a place of its own and keeps a copy: nothing may point to where it was. */
static void may_be_moved(void **state)
{
	struct fixture *f = *state;
	struct policy moved = f->policy;
	memset(&f->policy, 0xff, sizeof(f->policy));
	const struct policy_target *dircom = &moved.chains[CHAIN_ORANGE].list[0].targets[0];
	assert_true(policy_on_duty(&moved, dircom, when("2027-07-13 12:00")));
	assert_false(policy_on_duty(&moved, dircom,
		when("2027-07-14 12:00"))); /* a Wednesday, and the fête nationale */
	assert_true(policy_quiet_at(&moved, CHAIN_JAUNE, when("2027-07-14 12:00")));
	f->policy = moved;
}

static int setup(void **state)
{
	struct fixture *f = test_calloc(1, sizeof(*f));
	*state = f;
	if (fixture_load(f, dated) == 0)
		return 0;
	for (size_t i = 0; i < f->problems.n; i++)
		print_error("%u:%u %s\n", f->problems.list[i].line, f->problems.list[i].column,
			f->problems.list[i].text);
	return -1;
}

#define WITH(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(fallback_in_a_gap),
		cmocka_unit_test(who_is_on_call), WITH(who_is_told), WITH(what_comes_next),
		WITH(said_afterwards), WITH(gap_of_an_absence), WITH(may_be_moved),
		cmocka_unit_test(every_problem), cmocka_unit_test(reads_french)};
	return clock_zone_set("Europe/Paris") < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
