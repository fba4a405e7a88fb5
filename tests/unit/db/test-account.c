/* SPDX-License-Identifier: GPL-3.0-or-later
 * Accounts of the console, claims of items, and decisions that are undone. */
#include "single.h"
#include <tocsin/base/clock.h>
#include <tocsin/db/kept.h>
#include <tocsin/record/account.h>
#include <tocsin/record/shortcut.h>

static int account(const char *name, uint16_t roles, const char *setup, bool replace)
{
	_buf_ struct buf body = {0};

	account_encode(&body,
		&(struct account_request){
			.account = {.name = slice_of(name),
				.roles = roles,
				.secret = replace ? (struct slice){0} : SLICE("$argon2id$…")},
			.setup = slice_of(setup),
			.who = SLICE("test"),
			.replace = replace});
	return ask(&f, REQUEST_ACCOUNT, buf_slice(&body), NULL);
}

static int see_account(void *user, const struct login *a)
{
	buf_printf(user, "%.*s %u %zu;", (int)a->name.n, a->name.p, a->roles, a->secret.n);
	return 0;
}

static void expect_accounts(const char *want)
{
	struct reader *r = fixture_reader(&f);
	_buf_ struct buf seen = {0};
	struct error e = {""};

	check(reader_accounts(r, see_account, &seen, &e), &e);
	assert_string_equal(buf_string(&seen), want);
	assert_int_equal(reader_account(r, SLICE("nobody"), see_account, &seen, &e), READER_END);
	reader_close(r);
}

static void accounts_are_kept(void **state)
{
	_buf_ struct buf body = {0};

	(void)state;
	assert_int_equal(account("anne", ROLE_MODERATION, "", false), 0);
	assert_int_equal(account("anne", ROLE_MODERATION, "", false), -EEXIST);
	assert_int_equal(account("bob", 0, "", false), -EINVAL);
	assert_int_equal(account("Bob", ROLE_ADMIN, "", false), -EINVAL);
	assert_int_equal(account("a/b", ROLE_ADMIN, "", false), -EINVAL);
	assert_int_equal(account("tocsin", ROLE_ADMIN, "", false), -EINVAL);
	assert_int_equal(account("bob", ROLE_ADMIN, "", true), -ENOENT);
	assert_int_equal(account("bob", ROLE_ADMIN, "", false), 0);
	assert_int_equal(account("anne", ROLE_CABINET, "", true), 0);
	assert_int_equal(account("bob", 0, "", true), 0);
	expect_accounts("anne 4 13;bob 8 13;");
	account_remove_encode(
		&body, &(struct account_remove_request){SLICE("anne"), SLICE("test")});
	assert_int_equal(ask(&f, REQUEST_ACCOUNT_REMOVE, buf_slice(&body), NULL), 0);
	assert_int_equal(ask(&f, REQUEST_ACCOUNT_REMOVE, buf_slice(&body), NULL), -ENOENT);
	expect_accounts("bob 8 13;");
}

static int limit(const char *name, const char *sources, int64_t known)
{
	_buf_ struct buf body = {0};

	account_encode(&body,
		&(struct account_request){
			.account = {.name = slice_of(name), .sources = slice_of(sources)},
			.who = SLICE("test"),
			.reason = SLICE("arrivée"),
			.known = known,
			.replace = true});
	return ask(&f, REQUEST_ACCOUNT, buf_slice(&body), NULL);
}

static int see_limit(void *user, const struct login *a)
{
	struct login *seen = user;

	seen->changed_at = a->changed_at;
	seen->roles = (uint16_t)a->sources.n;
	return 0;
}

static int see_why(void *user, const struct audit_entry *a)
{
	buf_printf(user, "%.*s\n", (int)a->why.n, a->why.p);
	return 0;
}

/* What an account sees is changed as it was looked at, and written down with its reason. */
static void sources_are_changed(void **state)
{
	_buf_ struct buf why = {0};
	struct login seen = {.changed_at = 0};
	struct error e = {""};

	(void)state;
	assert_int_equal(account("anne", ROLE_MODERATION, "", false), 0);
	assert_int_equal(limit("bob", "site", 0), -ENOENT);
	assert_int_equal(limit("anne", "site", 1), -ESTALE);
	assert_int_equal(limit("anne", "Site", 0), -EINVAL);
	struct reader *r = fixture_reader(&f);
	check(reader_account(r, SLICE("anne"), see_limit, &seen, &e), &e);
	assert_int_equal(seen.roles, 0);
	assert_int_equal(limit("anne", "site", seen.changed_at), 0);
	assert_int_equal(limit("anne", "forum", seen.changed_at), -ESTALE);
	assert_int_equal(limit("anne", ACCOUNT_ALL_SOURCES, 0), 0);
	check(reader_audit(
		      r, &(struct audit_filter){.verbs = " account "}, 0, 10, see_why, &why, &e),
		&e);
	assert_string_equal(buf_string(&why),
		"changé ; sources : site → toutes ; arrivée\n"
		"changé ; sources : toutes → site ; arrivée\najouté ; rôles : moderation\n");
	reader_close(r);
}

#define SECRET "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static int open_setup(const char *secret)
{
	_buf_ struct buf reply = {0};
	int r = ask(&f, REQUEST_SETUP, slice_of(secret), &reply);

	return r < 0 ? r : reply.p[0];
}

static void the_first_account_needs_the_last_secret(void **state)
{
	char other[] = SECRET;

	(void)state;
	other[0] = 'f';
	assert_int_equal(account("eve", ROLE_ADMIN, SECRET, false), -EACCES);
	assert_int_equal(open_setup("short"), -EBADMSG);
	assert_int_equal(open_setup(other), 1);
	assert_int_equal(open_setup(SECRET), 1);
	assert_int_equal(account("eve", ROLE_ADMIN, other, false), -EACCES);
	assert_int_equal(account("anne", ROLE_ADMIN, SECRET, false), 0);
	assert_int_equal(account("eve", ROLE_ADMIN, SECRET, false), -EACCES);
	assert_int_equal(open_setup(SECRET), 0);
	assert_int_equal(account("eve", ROLE_ADMIN, SECRET, false), -EACCES);
	expect_accounts("anne 8 13;");
}

/* --- links, doors, the last one */

#define LINK_A SLICE("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")

static struct slice digest_of(const char *secret, unsigned char ret[static DIGEST_SIZE])
{
	digest_sha256(slice_of(secret), ret);
	return (struct slice){(const char *)ret, DIGEST_SIZE};
}

static int change(struct account_request q)
{
	_buf_ struct buf body = {0};

	q.who = q.who.n ? q.who : SLICE("chef");
	account_encode(&body, &q);
	return ask(&f, REQUEST_ACCOUNT, buf_slice(&body), NULL);
}

/* A new one, or a new link for one that is there. */
static int give_link(const char *name, const char *secret, int64_t until, bool replace)
{
	unsigned char digest[DIGEST_SIZE];

	return change((struct account_request){.account = {.name = slice_of(name),
						       .roles = replace ? 0 : ROLE_MODERATION,
						       .secret = SLICE(ACCOUNT_NO_PASSWORD)},
		.link = digest_of(secret, digest),
		.link_until = until,
		.replace = replace});
}

static int use_link(const char *name, const char *secret, uint16_t roles)
{
	return change((struct account_request){
		.account = {.name = slice_of(name), .roles = roles, .secret = SLICE("$argon2id$…")},
		.setup = slice_of(secret),
		.who = slice_of(name),
		.replace = true});
}

static int shut(const char *name, enum account_door door, bool guarded)
{
	return change((struct account_request){.account = {.name = slice_of(name)},
		.door = door,
		.guarded = guarded,
		.replace = true});
}

static int see_standing(void *user, const struct login *a)
{
	buf_printf(user, "%.*s %u/%u %s%s;", (int)a->name.n, a->name.p, a->roles, a->held,
		slice_is(a->secret, ACCOUNT_NO_PASSWORD) ? "!" : "",
		a->link_until ? (a->link_until > 1 ? "link" : "old") : "");
	return 0;
}

static void expect_standing(const char *want)
{
	struct reader *r = fixture_reader(&f);
	_buf_ struct buf seen = {0};
	struct error e = {""};

	check(reader_accounts(r, see_standing, &seen, &e), &e);
	assert_string_equal(buf_string(&seen), want);
	reader_close(r);
}

static void a_link_serves_its_owner_once(void **state)
{
	const int64_t later = clock_now() + CLOCK_HOUR;
	char other[] = SECRET;

	(void)state;
	other[0] = 'f';
	assert_int_equal(give_link("anne", SECRET, later, false), 0);
	assert_int_equal(give_link("anne", SECRET, later, false), 0); /* asked again */
	assert_int_equal(give_link("anne", other, later, false), -EEXIST);
	assert_int_equal(give_link("bob", other, later, false), 0);
	expect_standing("anne 1/0 !link;bob 1/0 !link;");
	assert_int_equal(use_link("anne", other, 0), -EACCES);
	assert_int_equal(use_link("bob", SECRET, 0), -EACCES);
	assert_int_equal(use_link("zoe", SECRET, 0), -EACCES);
	assert_int_equal(use_link("anne", SECRET, ROLE_ADMIN), -EACCES); /* the password alone */
	assert_int_equal(use_link("anne", SECRET, 0), 0);
	assert_int_equal(use_link("anne", SECRET, 0), -EACCES);
	expect_standing("anne 1/0 ;bob 1/0 !link;");
	assert_int_equal(give_link("bob", SECRET, clock_now() - 1, true), 0);
	assert_int_equal(use_link("bob", SECRET, 0), -EACCES); /* its time is over */
	assert_int_equal(use_link("bob", other, 0), -EACCES); /* another one took its place */
	assert_int_equal(change((struct account_request){
				 .account = {.name = SLICE("bob"), .secret = SLICE("$argon2id$…")},
				 .link = LINK_A,
				 .link_until = later,
				 .replace = true}),
		-EINVAL);
}

static void who_is_shut_out_keeps_his_roles(void **state)
{
	const int64_t later = clock_now() + CLOCK_HOUR;

	(void)state;
	assert_int_equal(account("anne", ROLE_MODERATION | ROLE_DGS, "", false), 0);
	assert_int_equal(give_link("bob", SECRET, later, false), 0);
	assert_int_equal(shut("anne", DOOR_SHUT, true), 0);
	assert_int_equal(shut("bob", DOOR_SHUT, true), 0);
	expect_standing("anne 0/257 ;bob 0/1 !old;");
	assert_int_equal(use_link("bob", SECRET, 0), -EACCES);
	assert_int_equal(give_link("bob", "another", later, true), 0);
	assert_int_equal(use_link("bob", "another", 0), -EACCES);
	assert_int_equal(shut("bob", DOOR_SHUT, true), 0);
	assert_int_equal(account("anne", ROLE_JURIST, "", true), 0); /* lets nobody in */
	expect_standing("anne 0/32 ;bob 0/1 !old;");
	assert_int_equal(shut("anne", DOOR_OPEN, true), 0);
	assert_int_equal(shut("bob", DOOR_OPEN, true), 0);
	expect_standing("anne 32/0 ;bob 1/0 !old;");
	assert_int_equal(use_link("bob", SECRET, 0), -EACCES);
}

static void the_last_administrator_stays(void **state)
{
	(void)state;
	assert_int_equal(account("anne", ROLE_ADMIN, "", false), 0);
	assert_int_equal(account("zoe", ROLE_MODERATION, "", false), 0);
	assert_int_equal(shut("anne", DOOR_SHUT, true), -EBUSY);
	expect_standing("anne 8/0 ;zoe 1/0 ;");
	assert_int_equal(give_link("anne", SECRET, clock_now() + CLOCK_HOUR, true), 0);
	assert_int_equal(use_link("anne", SECRET, 0), 0); /* not guarded: the command may */
	assert_int_equal(
		change((struct account_request){
			.account = {.name = SLICE("zoe"), .roles = ROLE_ADMIN}, .replace = true}),
		0);
	assert_int_equal(give_link("zoe", SECRET, clock_now() + CLOCK_HOUR, true), 0);
	assert_int_equal(shut("anne", DOOR_SHUT, true), -EBUSY); /* she cannot come in yet */
	assert_int_equal(use_link("zoe", SECRET, 0), 0);
	assert_int_equal(shut("anne", DOOR_SHUT, true), 0);
	assert_int_equal(shut("zoe", DOOR_SHUT, true), -EBUSY);
	assert_int_equal(shut("zoe", DOOR_SHUT, false), 0);
}

/* --- claims */

static struct claim_reply claim(int64_t seq, const char *who, int64_t ms, char name[64])
{
	_buf_ struct buf body = {0}, reply = {0};
	struct claim_reply answer = {0};

	claim_encode(&body, &(struct claim_request){seq, slice_of(who), ms});
	assert_int_equal(ask(&f, REQUEST_CLAIM, buf_slice(&body), &reply), 0);
	assert_int_equal(claim_reply_decode(buf_slice(&reply), &answer), 0);
	snprintf(name, 64, "%.*s", (int)answer.who.n, answer.who.p);
	return answer;
}

static int decide(int64_t seq, const char *who, bool open_only)
{
	_buf_ struct buf body = {0};

	decide_encode(&body,
		&(struct decide_request){.seq = seq,
			.decision = SLICE("laisser"),
			.who = slice_of(who),
			.open_only = open_only});
	return ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL);
}

static int undo(int64_t seq, const char *who)
{
	_buf_ struct buf body = {0};

	undo_encode(&body, &(struct undo_request){seq, slice_of(who)});
	return ask(&f, REQUEST_UNDO, buf_slice(&body), NULL);
}

static int see_item(void *user, const struct queue_item *q)
{
	buf_printf(user, "%lld %.*s;", (long long)q->stored.seq, (int)q->claimed_by.n,
		q->claimed_by.p);
	return 0;
}

static void expect_queue(const char *want)
{
	struct reader *r = fixture_reader(&f);
	_buf_ struct buf seen = {0};
	struct error e = {""};

	check(reader_queue(r, LANE_MODERATION, 10, see_item, &seen, &e), &e);
	assert_string_equal(buf_string(&seen), want);
	reader_close(r);
}

static void feed_flagged(const char *id)
{
	feed(&f,
		&(struct comment){
			.source = SLICE("facebook"), .id = slice_of(id), .text = SLICE("abruti")},
		&(struct verdict){.level = VERDICT_QUEUE, .lanes = LANE_MODERATION, .priority = 3});
	fixture_commit(&f);
}

static void one_works_on_an_item(void **state)
{
	char who[64];

	(void)state;
	feed_flagged("a");
	assert_int_equal(claim(1, "anne", CLAIM_DEFAULT_MS, who).outcome, CLAIM_TAKEN);
	expect_queue("1 anne;");
	assert_int_equal(claim(1, "bob", CLAIM_DEFAULT_MS, who).outcome, CLAIM_OTHERS);
	assert_string_equal(who, "anne");
	assert_int_equal(claim(1, "bob", 0, who).outcome, CLAIM_OTHERS);
	assert_int_equal(decide(1, "bob", true), -EBUSY);
	assert_int_equal(claim(1, "anne", 0, who).outcome, CLAIM_LEFT);
	expect_queue("1 ;");
	assert_int_equal(claim(1, "bob", 1, who).outcome, CLAIM_TAKEN);
	usleep(5000); /* it is over */
	expect_queue("1 ;");
	assert_int_equal(claim(1, "anne", CLAIM_DEFAULT_MS, who).outcome, CLAIM_TAKEN);
	assert_int_equal(decide(1, "anne", true), 0);
	assert_int_equal(decide(1, "bob", true), -EALREADY);
	assert_int_equal(claim(1, "bob", CLAIM_DEFAULT_MS, who).outcome, CLAIM_GONE);
	assert_int_equal(decide(1, "bob", false), 0); /* the command line may change its mind */
}

static int see_decision(void *user, const struct decision *d)
{
	buf_printf(user, "%.*s %.*s;", (int)d->who.n, d->who.p, (int)d->decision.n, d->decision.p);
	return 0;
}

static void what_is_undone_waits_again(void **state)
{
	_buf_ struct buf seen = {0};
	struct error e = {""};

	(void)state;
	feed_flagged("a");
	feed_flagged("b");
	assert_int_equal(undo(1, "anne"), -ETIME);
	assert_int_equal(decide(1, "anne", true), 0);
	expect_queue("2 ;");
	assert_int_equal(undo(1, "bob"), -ETIME);
	assert_int_equal(undo(1, "anne"), 0);
	expect_queue("1 ;2 ;"); /* where it was */
	assert_int_equal(undo(1, "anne"), -ETIME);
	assert_int_equal(decide(1, "bob", true), 0);
	struct reader *r = fixture_reader(&f);
	check(reader_history(r, 1, see_decision, &seen, &e), &e);
	assert_string_equal(buf_string(&seen), "anne laisser;anne annuler;bob laisser;");
	assert_int_equal(reader_queue_item(r, 1, see_item, &seen, &e), READER_END);
	buf_clear(&seen);
	assert_int_equal(reader_queue_item(r, 2, see_item, &seen, &e), 0);
	assert_string_equal(buf_string(&seen), "2 ;");
	reader_close(r);
}

static int see_secret(void *user, const struct login *a)
{
	struct login *seen = user;

	seen->changed_at = a->changed_at;
	seen->roles = a->roles;
	seen->services.n = a->secret.n;
	return 0;
}

static int own_password(const char *name, const char *secret, int64_t changed_at, struct buf *reply)
{
	_buf_ struct buf body = {0};

	password_encode(
		&body, &(struct password_request){slice_of(name), slice_of(secret), changed_at});
	return ask(&f, REQUEST_PASSWORD, buf_slice(&body), reply);
}

static void own_password_is_changed_once(void **state)
{
	_buf_ struct buf reply = {0};
	struct login before = {0}, after = {0};
	struct error e = {""};

	(void)state;
	assert_int_equal(account("anne", ROLE_MODERATION | ROLE_DGS, "", false), 0);
	struct reader *r = fixture_reader(&f);
	check(reader_account(r, SLICE("anne"), see_secret, &before, &e), &e);
	assert_int_equal(own_password("anne", "new", before.changed_at - 1, NULL), -ESTALE);
	assert_int_equal(own_password("bob", "new", before.changed_at, NULL), -ENOENT);
	assert_int_equal(own_password("anne", "", before.changed_at, NULL), -EBADMSG);
	assert_int_equal(own_password("anne", "new", before.changed_at, &reply), 0);
	check(reader_account(r, SLICE("anne"), see_secret, &after, &e), &e);
	struct wire w = wire_reader(buf_slice(&reply));
	assert_int_equal(wire_i64(&w), after.changed_at);
	assert_true(wire_done(&w) && after.changed_at > before.changed_at);
	assert_int_equal(after.services.n, 3);
	assert_int_equal(after.roles, before.roles);
	assert_int_equal(own_password("anne", "xxx", before.changed_at, NULL), -ESTALE);
	reader_close(r);
}

static int shortcuts(const char *who, const char *text)
{
	_buf_ struct buf body = {0};

	shortcuts_encode(&body, &(struct shortcuts_request){slice_of(who), slice_of(text)});
	return ask(&f, REQUEST_SHORTCUTS, buf_slice(&body), NULL);
}

static int see_shortcuts(void *user, const struct login *a)
{
	buf_printf(user, "%.*s %lld;", (int)a->shortcuts.n, a->shortcuts.n ? a->shortcuts.p : "",
		(long long)a->changed_at);
	return 0;
}

static void keys_follow_their_account(void **state)
{
	_buf_ struct buf before = {0}, after = {0};
	struct reader *r;
	struct error e = {""};

	(void)state;
	assert_int_equal(account("anne", ROLE_MODERATION, "", false), 0);
	r = fixture_reader(&f);
	check(reader_account(r, SLICE("anne"), see_shortcuts, &before, &e), &e);
	assert_int_equal(before.p[0], ' '); /* as tocsin comes */
	assert_int_equal(shortcuts("anne", "1-zkod?cxlmartvn"), 0);
	assert_int_equal(shortcuts("bob", "1-zkod?cxlmartvn"), -ENOENT);
	assert_int_equal(shortcuts("anne", "1-zzod?cxlmartvn"), -EBADMSG);
	assert_int_equal(account("anne", ROLE_DIRCOM, "", true), 0);
	check(reader_account(r, SLICE("anne"), see_shortcuts, &after, &e), &e);
	assert_memory_equal(after.p, "1-zkod?cxlmartvn ", 17); /* whatever else changes */
	buf_clear(&before);
	buf_clear(&after);
	check(reader_account(r, SLICE("anne"), see_shortcuts, &before, &e), &e);
	assert_int_equal(shortcuts("anne", ""), 0);
	check(reader_account(r, SLICE("anne"), see_shortcuts, &after, &e), &e);
	assert_string_equal(buf_string(&after), buf_string(&before) + 16); /* no session ends */
	reader_close(r);
}

static int sign(const char *jurist, const char *hash)
{
	_buf_ struct buf body = {0}, reply = {0};

	bundle_encode(&body,
		&(struct bundle_request){.hash = slice_of(hash),
			.who = SLICE("rosa"),
			.reason = SLICE("la permanence"),
			.signs = SLICE("permanence, r"),
			.jurist = slice_of(jurist)});
	return ask(&f, REQUEST_BUNDLE, buf_slice(&body), &reply);
}

static int see_signature(void *user, const struct audit_entry *a)
{
	buf_printf(user, "%.*s: %.*s (%.*s) ", (int)a->who.n, a->who.p, (int)a->what.n, a->what.p,
		(int)a->why.n, a->why.p);
	return 0;
}

/* Rules that name a person: only a jurist signs them, and nothing is published otherwise. */
static void only_a_jurist_signs(void **state)
{
	static const char *const hash =
		"aaaa2233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
	_buf_ struct buf seen = {0};
	struct error e = {""};
	char active[65] = "";
	struct reader *r = fixture_reader(&f);

	(void)state;
	assert_int_equal(account("rosa", ROLE_RULES | ROLE_DIRCOM, "", false), 0);
	assert_int_equal(account("aubry", ROLE_JURIST, "", false), 0);
	assert_int_equal(sign("rosa", hash), -EPERM);
	assert_int_equal(sign("nobody", hash), -EPERM);
	assert_int_equal(sign("", hash), -EPERM);
	check(reader_bundle(r, active, &e), &e);
	assert_string_equal(active, "");
	assert_int_equal(sign("aubry", hash), 0);
	assert_int_equal(sign("aubry", hash), 0); /* asked again */
	check(reader_bundle(r, active, &e), &e);
	assert_string_equal(active, hash);
	check(reader_audit(r, &(struct audit_filter){.verbs = " sign "}, 0, 10, see_signature,
		      &seen, &e),
		&e);
	assert_string_equal(
		buf_string(&seen), "aubry: aaaa22334455 permanence, r (la permanence) ");
	reader_close(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			own_password_is_changed_once, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			only_a_jurist_signs, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(accounts_are_kept, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			sources_are_changed, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			the_first_account_needs_the_last_secret, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			a_link_serves_its_owner_once, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			who_is_shut_out_keeps_his_roles, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			the_last_administrator_stays, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			one_works_on_an_item, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			what_is_undone_waits_again, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			keys_follow_their_account, fixture_setup, fixture_teardown)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
