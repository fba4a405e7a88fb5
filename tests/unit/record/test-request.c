/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "testing.h"
#include <tocsin/record/account.h>
#include <tocsin/record/dossier.h>
#include <tocsin/record/token.h>
#include <tocsin/record/request.h>

static void observations_come_back(void **state)
{
	struct observation list[] = {{.action = OBSERVE_RAISE,
					     .kind = INCIDENT_RAID,
					     .level = LEVEL_ORANGE,
					     .topic = SLICE("t"),
					     .title = SLICE("Titre"),
					     .facts = {.messages = 5}},
		{.action = OBSERVE_CLOSE,
			.kind = INCIDENT_GREY,
			.level = LEVEL_VERT,
			.topic = SLICE("u")}};
	const struct observe_request r = {.minute = 60000, .through_seq = 77, .list = list, .n = 2};
	struct observe_request back;
	_buf_ struct buf b = {0};
	struct arena a;
	(void)state;
	arena_init(&a, 0);
	observe_encode(&b, &r);
	assert_int_equal(observe_decode(buf_slice(&b), &a, &back), 0);
	assert_int_equal(back.minute, 60000);
	assert_int_equal(back.through_seq, 77);
	assert_int_equal(back.n, 2);
	assert_int_equal(back.list[0].kind, INCIDENT_RAID);
	assert_int_equal(back.list[0].facts.messages, 5);
	assert_slice(back.list[0].title, "Titre");
	assert_int_equal(back.list[1].action, OBSERVE_CLOSE);
	assert_refuses_cuts(&b, observe_decode(part_, &a, &back));
	arena_release(&a);
}

static void outbox_rows_come_back(void **state)
{
	const struct outbox_row rows[] = {{.key = SLICE("k1"),
						  .channel = SLICE("mail"),
						  .target = SLICE("a@b.example"),
						  .person = SLICE("dircom"),
						  .incident = 3,
						  .due_at = 9,
						  .level = LEVEL_ROUGE,
						  .urgent = 1,
						  .payload = SLICE("…"),
						  .told = SLICE("pourquoi")},
		{.key = SLICE("k2")}};
	const struct leased_row leased[] = {{.id = 8,
		.attempt = 2,
		.maybe_sent = 1,
		.row = rows[0],
		.code = SLICE("4KPM7TXW")}};
	struct outbox_row *back;
	struct leased_row *taken;
	_buf_ struct buf b = {0};
	struct arena a;
	uint32_t n;
	(void)state;
	arena_init(&a, 0);
	outbox_rows_encode(&b, rows, 2);
	assert_int_equal(outbox_rows_decode(buf_slice(&b), &a, &back, &n), 0);
	assert_int_equal(n, 2);
	assert_slice(back[0].person, "dircom");
	assert_int_equal(back[0].level, LEVEL_ROUGE);
	assert_slice(back[1].key, "k2");
	assert_refuses_cuts(&b, outbox_rows_decode(part_, &a, &back, &n));
	buf_clear(&b);
	leased_rows_encode(&b, leased, 1);
	assert_int_equal(leased_rows_decode(buf_slice(&b), &a, &taken, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(taken[0].attempt, 2);
	assert_int_equal(taken[0].maybe_sent, 1);
	assert_slice(taken[0].row.payload, "…");
	assert_slice(taken[0].row.told, "pourquoi");
	assert_slice(taken[0].code, "4KPM7TXW");
	assert_refuses_cuts(&b, leased_rows_decode(part_, &a, &taken, &n));
	arena_release(&a);
}

static void leases_and_results_come_back(void **state)
{
	const struct outbox_result r = {.id = 5,
		.attempt = 3,
		.outcome = OUTBOX_UNKNOWN,
		.retry_at = 11,
		.detail = SLICE("451")};
	struct outbox_result *back;
	struct take_request take;
	uint32_t n;
	struct arena a;
	_buf_ struct buf b = {0};
	(void)state;
	arena_init(&a, 0);
	outbox_result_encode(&b, &r);
	assert_refuses_cuts(&b, outbox_results_decode(part_, &a, &back, &n));
	outbox_result_encode(
		&b, &(struct outbox_result){.id = 6, .attempt = 1, .detail = SLICE("250")});
	assert_int_equal(outbox_results_decode(buf_slice(&b), &a, &back, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(back[0].outcome, OUTBOX_UNKNOWN);
	assert_int_equal(back[0].retry_at, 11);
	assert_slice(back[0].detail, "451");
	assert_true(back[1].id == 6 && back[1].outcome == OUTBOX_SENT);
	assert_int_equal(outbox_results_decode((struct slice){0}, &a, &back, &n), -EBADMSG);
	buf_clear(&b);
	outbox_take_encode(&b,
		&(struct take_request){
			(const int64_t[]){4, 9}, 2, 30000, 77, (const bool[]){false, true}});
	assert_int_equal(outbox_take_decode(buf_slice(&b), &a, &take), 0);
	assert_true(take.n == 2 && take.ids[0] == 4 && take.ids[1] == 9 && !take.with[0] &&
		take.with[1]);
	assert_true(take.lease_ms == 30000 && take.code_ms == 77);
	assert_refuses_cuts(&b, outbox_take_decode(part_, &a, &take));
	arena_release(&a);
}

/* Each request of a person: encoded, decoded, encoded again: the same bytes, and no cut is taken. */
#define ROUND_TRIP(type, encode, decode, ...) \
	do { \
		const struct type first_ = {__VA_ARGS__}; \
		struct type back_; \
		_buf_ struct buf a_ = {0}, b_ = {0}; \
		encode(&a_, &first_); \
		assert_int_equal(decode(buf_slice(&a_), &back_), 0); \
		encode(&b_, &back_); \
		assert_int_equal(a_.n, b_.n); \
		assert_memory_equal(a_.p, b_.p, a_.n); \
		assert_refuses_cuts(&a_, decode(part_, &back_)); \
	} while (0)

static void requests_of_people_come_back(void **state)
{
	(void)state;
	ROUND_TRIP(ack_request, ack_encode, ack_decode, .incident = 4, .who = SLICE("Anne"),
		.until = 99, .text = SLICE("vu"));
	ROUND_TRIP(note_request, note_encode, note_decode, .incident = 4, .at = -1, .over = 9,
		.who = SLICE("Anne"), .text = SLICE("appel"));
	ROUND_TRIP(close_request, close_encode, close_decode, .incident = 4, .who = SLICE("Anne"),
		.text = SLICE(""));
	ROUND_TRIP(silence_request, silence_encode, silence_decode, .topic = SLICE("neige"),
		.until = 5, .who = SLICE("A"), .reason = SLICE("r"));
	ROUND_TRIP(drill_request, drill_encode, drill_decode, .level = SLICE("P1"),
		.title = SLICE("t"), .who = SLICE("A"));
	ROUND_TRIP(decide_request, decide_encode, decide_decode, .seq = 1,
		.decision = SLICE("laisser"), .who = SLICE("A"), .reason = SLICE("r"),
		.category = SLICE("spam"), .open_only = 1, .text = SLICE("Bonjour"),
		.model = SLICE("attente"), .service = SLICE("eau"), .until = 8, .known = 9);
	ROUND_TRIP(propose_request, propose_encode, propose_decode, .seq = 1, .who = SLICE("A"),
		.text = SLICE("Lundi."));
	ROUND_TRIP(account_request, account_encode, account_decode,
		.account = {.name = SLICE("anne"),
			.roles = ROLE_ONCALL | ROLE_DGS | ROLE_CABINET,
			.lang = SLICE("fr"),
			.secret = SLICE("s"),
			.services = SLICE("eau,sports"),
			.sources = SLICE("site")},
		.setup = SLICE(""), .who = SLICE("A"), .reason = SLICE("r"), .known = 7,
		.replace = 1, .guarded = 1, .door = DOOR_OPEN, .link = SLICE("d"), .link_until = 8);
	ROUND_TRIP(password_request, password_encode, password_decode, .name = SLICE("anne"),
		.secret = SLICE("s"), .changed_at = 7);
	ROUND_TRIP(account_remove_request, account_remove_encode, account_remove_decode,
		.name = SLICE("anne"), .who = SLICE("A"));
	ROUND_TRIP(claim_request, claim_encode, claim_decode, .seq = 9, .who = SLICE("A"),
		.for_ms = 5);
	ROUND_TRIP(claim_reply, claim_reply_encode, claim_reply_decode, .outcome = CLAIM_OTHERS,
		.who = SLICE("A"), .until = 77);
	ROUND_TRIP(searched_request, searched_encode, searched_decode, .who = SLICE("A"),
		.query = SLICE("carrousel"), .reason = SLICE("plainte"));
	ROUND_TRIP(undo_request, undo_encode, undo_decode, .seq = 9, .who = SLICE("A"));
	ROUND_TRIP(token_request, token_encode, token_decode,
		.token = {.name = SLICE("robot"),
			.account = SLICE("anne"),
			.scopes = SCOPE_RULES,
			.sources = SLICE("site"),
			.digest = SLICE("0123456789abcdef0123456789abcdef"),
			.expires_at = 9},
		.who = SLICE("A"));
	ROUND_TRIP(token_revoke_request, token_revoke_encode, token_revoke_decode,
		.name = SLICE("robot"), .who = SLICE("A"));
	ROUND_TRIP(dossier_open, dossier_open_encode, dossier_open_decode, .seq = 9,
		.purpose = DOSSIER_PREFET, .victim = DOSSIER_ELU, .title = SLICE("t"),
		.note = SLICE("n"), .who = SLICE("A"));
	ROUND_TRIP(dossier_piece, dossier_piece_encode, dossier_piece_decode, .dossier = 3,
		.seq = 9, .remove = 1, .reason = SLICE("r"), .who = SLICE("A"));
	ROUND_TRIP(dossier_entry_request, dossier_entry_encode, dossier_entry_decode, .dossier = 3,
		.kind = DOSSIER_SENT, .purpose = DOSSIER_PHAROS, .at = 8, .text = SLICE("n"),
		.who = SLICE("A"));
	ROUND_TRIP(dossier_lift, dossier_lift_encode, dossier_lift_decode, .dossier = 3,
		.reason = SLICE("r"), .who = SLICE("A"));
	ROUND_TRIP(purge_request, purge_encode, purge_decode, .now = 1, .author = SLICE("u"),
		.source = SLICE("fb"), .id = SLICE(""), .who = SLICE("A"), .reason = SLICE("r"));
}

static void what_is_overdue_comes_back(void **state)
{
	_buf_ struct buf b = {0}, again = {0};
	_cleanup_(arena_release) struct arena arena = {0};
	int64_t seqs[] = {4, 9};
	struct overdue_request q = {OBSERVE_RAISE, 2, LEVEL_ORANGE, 7, 1000, seqs, 2}, back;

	(void)state;
	arena_init(&arena, 0);
	overdue_encode(&b, &q);
	assert_int_equal(overdue_decode(buf_slice(&b), &arena, &back), 0);
	overdue_encode(&again, &back);
	assert_true(slice_equal(buf_slice(&b), buf_slice(&again)));
	for (size_t n = 0; n < b.n; n++)
		assert_int_equal(overdue_decode((struct slice){b.p, n}, &arena, &back), -EBADMSG);
	b.p[1] = 3; /* what is P3 waits for its turn */
	assert_int_equal(overdue_decode(buf_slice(&b), &arena, &back), -EBADMSG);
}

static void roles_are_words(void **state)
{
	_buf_ struct buf all = {0}, body = {0};
	struct account_request q = {.account = {.name = SLICE("anne"), .roles = ROLES_ALL}};

	(void)state;
	account_roles_write(&all, ROLES_ALL);
	assert_int_equal(account_roles_read(buf_slice(&all)), ROLES_ALL);
	assert_int_equal(account_roles_read(SLICE("dgs,astreinte")), ROLE_DGS | ROLE_ONCALL);
	assert_int_equal(account_roles_read(SLICE("dgs,roi")), 0);
	account_encode(&body, &q);
	assert_int_equal(account_decode(buf_slice(&body), &q), 0);
	assert_int_equal(q.account.roles, ROLES_ALL);
	buf_clear(&body);
	q.account.roles = ROLES_ALL + 1;
	account_encode(&body, &q);
	assert_int_equal(account_decode(buf_slice(&body), &q), -EBADMSG);
}

static void sources_are_cut_at_commas(void **state)
{
	struct slice all = SLICE("site,forum"), one;

	(void)state;
	assert_true(account_sees(all, SLICE("site")) && account_sees(all, SLICE("forum")));
	assert_false(account_sees(all, SLICE("sit")) || account_sees(all, SLICE("site,forum")));
	assert_true(account_sees(SLICE(""), SLICE("forum")));
	assert_true(account_source_next(&all, &one) && slice_is(one, "site"));
	assert_true(account_source_next(&all, &one) && slice_is(one, "forum"));
	assert_false(account_source_next(&all, &one));
}

static void sources_that_both_see(void **state)
{
	static const struct {
		const char *one, *other, *both;
	} cases[] = {{"", "", ""}, {"site", "", "site"}, {"", "site,page", "site,page"},
		{"site,page", "page,forum", "page"}, {"site", "forum", NULL}};
	_buf_ struct buf both = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *want = cases[i].both;

		assert_int_equal(account_sources_meet(
					 slice_of(cases[i].one), slice_of(cases[i].other), &both),
			want != NULL);
		assert_string_equal(buf_string(&both), want ? want : "");
	}
}

static void scopes_are_words(void **state)
{
	_buf_ struct buf all = {0};

	(void)state;
	token_scopes_write(&all, SCOPES_ALL);
	assert_int_equal(token_scopes_read(buf_slice(&all)), SCOPES_ALL);
	assert_int_equal(token_scopes_read(SLICE("rules:read")), SCOPE_RULES);
	assert_int_equal(token_scopes_read(SLICE("")), 0);
	assert_int_equal(token_scopes_read(SLICE("rules:read,roi")), 0);
	assert_int_equal(token_scopes_of(0), 0);
	assert_false(token_scopes_of(ROLE_CABINET) & (SCOPE_QUEUE_READ | SCOPE_QUEUE_DECIDE));
	assert_int_equal(token_scopes_of(ROLE_DGS), token_scopes_of(ROLE_CABINET));
	assert_false(token_scopes_of(ROLE_ONCALL) &
		(SCOPE_QUEUE_READ | SCOPE_QUEUE_DECIDE | SCOPE_INCIDENTS_ACK));
	assert_false(token_scopes_of(ROLE_ADMIN) & SCOPE_INCIDENTS_READ);
	assert_int_equal(token_scopes_of(ROLES_ALL), SCOPES_ALL);
}

static void a_token_is_its_mark_and_64_digits(void **state)
{
	char text[TOKEN_TEXT + 2] = TOKEN_MARK;

	(void)state;
	memset(text + strlen(TOKEN_MARK), 'a', 65);
	assert_true(token_text_ok((struct slice){text, TOKEN_TEXT}));
	assert_false(token_text_ok((struct slice){text, TOKEN_TEXT + 1}));
	assert_false(token_text_ok((struct slice){text, TOKEN_TEXT - 1}));
	assert_false(token_text_ok((struct slice){text + 1, TOKEN_TEXT}));
	text[20] = 'A';
	assert_false(token_text_ok((struct slice){text, TOKEN_TEXT}));
	assert_false(token_text_ok((struct slice){0}));
}

static void revisions_come_back(void **state)
{
	struct slice rules[] = {SLICE("r.a"), SLICE("r.b")};
	const struct revise_request r = {
		.seq = 7, .verdict = SLICE("v"), .rules = rules, .n_rules = 2};
	struct revise_request back;
	_buf_ struct buf b = {0}, none = {0}, empty = {0};
	struct arena a;

	(void)state;
	arena_init(&a, 0);
	revise_encode(&b, &r);
	assert_int_equal(revise_decode(buf_slice(&b), &a, &back), 0);
	assert_true(back.seq == 7 && back.n_rules == 2);
	assert_slice(back.verdict, "v");
	assert_slice(back.rules[1], "r.b");
	assert_refuses_cuts(&b, revise_decode(part_, &a, &back));
	revise_encode(&none, &(struct revise_request){.seq = 7, .verdict = SLICE("v")});
	assert_int_equal(revise_decode(buf_slice(&none), &a, &back), -EBADMSG);
	rules[1].n = 0;
	revise_encode(&empty, &r);
	assert_int_equal(revise_decode(buf_slice(&empty), &a, &back), -EBADMSG);
	arena_release(&a);
}

static void a_minute_that_has_not_begun_was_told_by_another_clock(void **state)
{
	int64_t now = INT64_C(1767567600000);

	(void)state;
	assert_false(observe_outlived(INT64_MIN, now));
	assert_false(observe_outlived(now - 60000, now));
	assert_false(observe_outlived(now, now));
	assert_true(observe_outlived(now + 1, now));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(observations_come_back),
		cmocka_unit_test(outbox_rows_come_back),
		cmocka_unit_test(leases_and_results_come_back),
		cmocka_unit_test(requests_of_people_come_back),
		cmocka_unit_test(what_is_overdue_comes_back),
		cmocka_unit_test(roles_are_words),
		cmocka_unit_test(sources_are_cut_at_commas),
		cmocka_unit_test(sources_that_both_see),
		cmocka_unit_test(scopes_are_words),
		cmocka_unit_test(a_token_is_its_mark_and_64_digits),
		cmocka_unit_test(revisions_come_back),
		cmocka_unit_test(a_minute_that_has_not_begun_was_told_by_another_clock),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
