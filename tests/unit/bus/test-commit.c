/* SPDX-License-Identifier: GPL-3.0-or-later
 * `commit`: results, COMMITTED to their sender and to ingest, requests, store's restarts. */
#include "other.h"

#include <signal.h>

#include <tocsin/bus/commit.h>

struct side {
	struct commit_server *server;
	struct commit_peer from[100];
	uint64_t batch[100];
	int n, committed, turns;
	char items[32], verdicts[32];
	int connected, bundles, mine, all;
	unsigned char bundle;
	struct committed last;
	int requests;
};

static void on_result(void *user, const struct commit_peer *from, const struct result *r)
{
	struct side *s = user;

	s->from[s->n] = *from;
	s->batch[s->n++] = r->batch;
	snprintf(s->items, sizeof(s->items), "%.*s", (int)r->items.n, r->items.p);
	snprintf(s->verdicts, sizeof(s->verdicts), "%.*s", (int)r->verdicts.n, r->verdicts.p);
}

static void on_turn(void *user)
{
	struct side *s = user;

	s->turns++;
	for (; s->committed < s->n; s->committed++)
		commit_say(s->server, &s->from[s->committed],
			&(struct committed){s->batch[s->committed], 7, 9});
}

static void on_request(
	void *user, const struct commit_peer *from, enum request_verb verb, struct slice body)
{
	struct side *s = user;

	s->requests++;
	assert_int_equal(s->committed, s->n); /* what came before is committed */
	if (verb == REQUEST_PING)
		commit_reply(s->server, from, 0, body);
	else if (verb == REQUEST_NOTE)
		commit_reply(s->server, from, -ENOENT, SLICE("incident inconnu"));
}

static void on_mine(void *user, const struct committed *c)
{
	((struct side *)user)->mine++;
	((struct side *)user)->last = *c;
}

static void on_all(void *user, const struct committed *c)
{
	(void)c;
	((struct side *)user)->all++;
}

static void on_bundle(void *user, const unsigned char hash[BUS_BUNDLE])
{
	((struct side *)user)->bundles++;
	((struct side *)user)->bundle = hash[BUS_BUNDLE - 1];
}

static void on_connected(void *user)
{
	((struct side *)user)->connected++;
}

static int bind_server(struct bus *b, struct side *s, struct error *e)
{
	const struct commit_server_spec spec = {.on_result = on_result,
		.on_turn = on_turn,
		.on_request = on_request,
		.gather = 8192,
		.user = s};

	return commit_bind(b, &spec, &s->server, e);
}

static struct commit_client *open_client(struct place *p, struct side *s, bool all)
{
	const struct commit_client_spec spec = {.name = all ? "ingest" : "score",
		.all_ranges = all,
		.on_committed = all ? on_all : on_mine,
		.on_bundle = all ? NULL : on_bundle,
		.on_connected = all ? NULL : on_connected,
		.user = s};
	struct commit_client *c;

	assert_int_equal(commit_open(p->bus, &spec, &c, &p->e), 0);
	return c;
}

static const struct result a_result = {.batch = 5,
	.first = 7,
	.count = 9,
	.accepted_at = 3,
	.items = {"items", 5},
	.verdicts = {"verdicts", 8}};

static void committed_reaches_both(void **state)
{
	struct place *p = place_new();
	struct side *s = calloc(1, sizeof(*s));
	const unsigned char hash[BUS_BUNDLE] = {[BUS_BUNDLE - 1] = 77};
	struct commit_client *score, *ingest, *other;
	struct side *quiet = calloc(1, sizeof(*quiet));

	(void)state;
	score = open_client(p, s, false);
	ingest = open_client(p, s, true);
	other = open_client(p, quiet, false);
	assert_int_equal(commit_send(score, &a_result), BUS_FULL); /* nobody there yet */
	assert_int_equal(bind_server(p->bus, s, &p->e), 0);
	turn_until(p, s->connected == 1);
	turn_for(p, 300);
	assert_int_equal(s->bundles, 0);
	commit_announce_bundle(s->server, hash);
	turn_until(p, s->bundles == 1);
	assert_int_equal(s->bundle, 77);
	assert_int_equal(commit_send(score, &a_result), 0);
	turn_until(p, s->mine == 1 && s->all == 1);
	assert_int_equal(s->last.batch, 5);
	assert_int_equal(s->last.first, 7);
	assert_int_equal(s->last.count, 9);
	assert_string_equal(s->items, "items");
	assert_string_equal(s->verdicts, "verdicts");
	assert_int_equal(quiet->mine, 0);
	/* an all_ranges client that sends results itself hears of them once */
	assert_int_equal(commit_send(ingest, &a_result), 0);
	turn_until(p, s->all == 2);
	turn_for(p, 50);
	assert_int_equal(s->all, 2);
	assert_int_equal(s->mine, 1);
	commit_close(score);
	commit_close(ingest);
	commit_close(other);
	commit_unbind(s->server);
	place_free(p);
	free(s);
	free(quiet);
}

static void restart_is_told(void **state)
{
	struct place *p = place_new();
	struct side *s = calloc(1, sizeof(*s));
	const unsigned char hash[BUS_BUNDLE] = {[BUS_BUNDLE - 1] = 5};
	struct commit_client *score, *ingest;

	(void)state;
	assert_int_equal(bind_server(p->bus, s, &p->e), 0);
	commit_announce_bundle(s->server, hash);
	score = open_client(p, s, false);
	ingest = open_client(p, s, true);
	turn_until(p, s->connected == 1 && s->bundles == 1);
	commit_unbind(s->server);
	turn_for(p, 100);
	assert_int_equal(bind_server(p->bus, s, &p->e), 0);
	commit_announce_bundle(s->server, hash);
	turn_until(p, s->connected == 2 && s->bundles == 2);
	turn_for(p, 600); /* ingest is subscribed again too */
	assert_int_equal(commit_send(score, &a_result), 0);
	turn_until(p, s->mine == 1 && s->all == 1);
	commit_close(score);
	commit_close(ingest);
	commit_unbind(s->server);
	place_free(p);
	free(s);
}

/* A store in another process; exits with the number of requests that it heard. */
static int be_store(const char *dir, const char *delay_ms)
{
	struct side *s = calloc(1, sizeof(*s));
	struct error e;
	struct bus *b;
	int heard;

	usleep((useconds_t)strtoul(delay_ms, NULL, 10) * 1000);
	if (bus_new(dir, &b, &e) < 0 || bind_server(b, s, &e) < 0 || other_live(b) < 0)
		return 100;
	heard = s->requests;
	commit_unbind(s->server);
	bus_free(b);
	free(s);
	return heard;
}

static void requests(void **state)
{
	struct place *p = place_new();
	struct side *s = calloc(1, sizeof(*s));
	_buf_ struct buf reply = {0};
	struct commit_client *c = open_client(p, s, false);
	struct other store = other_start(p, "300");

	(void)state;
	/* asked before store is there: waits for it */
	assert_int_equal(
		commit_request(c, REQUEST_PING, SLICE("bonjour"), 20000, &reply, &p->e), 0);
	assert_true(slice_is(buf_slice(&reply), "bonjour"));
	assert_int_equal(commit_request(c, REQUEST_NOTE, SLICE("x"), 5000, &reply, &p->e), -ENOENT);
	assert_string_equal(p->e.text, "incident inconnu");
	/* said again later, while the client's own connection is not yet there */
	int told = commit_tell(c, REQUEST_PING, SLICE("x"));
	for (int i = 0; told == BUS_FULL && i < 500; i++) {
		turn_for(p, 10);
		told = commit_tell(c, REQUEST_PING, SLICE("x"));
	}
	assert_int_equal(told, 0);
	/* what is asked after it has been heard after it */
	assert_int_equal(commit_request(c, REQUEST_PING, SLICE("y"), 5000, &reply, &p->e), 0);
	assert_int_equal(other_ends(&store), 4);
	assert_int_equal(
		commit_request(c, REQUEST_PING, SLICE("x"), 300, &reply, &p->e), BUS_TIMEOUT);
	commit_close(c);
	place_free(p);
	free(s);
}

static void a_question_is_asked_once_a_connection(void **state)
{
	struct place *p = place_new();
	struct side *s = calloc(1, sizeof(*s));
	_buf_ struct buf reply = {0};
	struct commit_client *c = open_client(p, s, false);
	struct other store = other_start(p, "0");

	(void)state;
	/* store has this verb and never answers: it is said every second, and heard once */
	assert_int_equal(
		commit_request(c, REQUEST_PURGE, SLICE(""), 2600, &reply, &p->e), BUS_TIMEOUT);
	assert_int_equal(other_ends(&store), 1);
	commit_close(c);
	place_free(p);
	free(s);
}

static void a_request_outlives_a_store(void **state)
{
	struct place *p = place_new();
	struct side *s = calloc(1, sizeof(*s));
	_buf_ struct buf reply = {0};
	struct commit_client *c = open_client(p, s, false);
	struct other first = other_start(p, "0"), second;

	(void)state;
	assert_int_equal(commit_request(c, REQUEST_PING, SLICE("1"), 20000, &reply, &p->e), 0);
	assert_int_equal(kill(first.pid, SIGKILL), 0);
	assert_int_equal(other_ends(&first), -1);
	second = other_start(p, "400");
	assert_int_equal(commit_request(c, REQUEST_PING, SLICE("2"), 20000, &reply, &p->e), 0);
	assert_true(slice_is(buf_slice(&reply), "12"));
	assert_int_equal(other_ends(&second), 1);
	commit_close(c);
	place_free(p);
	free(s);
}

struct heard {
	int n, last;
	struct buf said; /* all that came, in its order */
	struct commit_client *again; /* asks once more from within */
};

static void hear(void *user, int r, struct slice reply, const struct error *e)
{
	struct heard *h = user;
	h->n++;
	h->last = r;
	buf_add_slice(&h->said, r < 0 ? slice_of(e->text) : reply);
	buf_add_char(&h->said, ';');
	if (h->again) {
		struct commit_client *c = h->again;
		h->again = NULL;
		assert_int_equal(commit_ask(c, REQUEST_NOTE, SLICE("x"), 20000, hear, h), 0);
	}
}

static void the_loop_goes_on_meanwhile(void **state)
{
	struct place *p = place_new();
	struct side *s = calloc(1, sizeof(*s));
	struct commit_client *c = open_client(p, s, false);
	struct heard h = {.again = c}, lost = {0};
	struct other store = other_start(p, "300");

	(void)state;
	assert_int_equal(commit_ask(c, REQUEST_PING, SLICE("a"), 20000, hear, &h), 0);
	assert_int_equal(commit_ask(c, REQUEST_PING, SLICE("b"), 20000, hear, &h), 0);
	assert_int_equal(h.n, 0);
	turn_until(p, h.n == 3);
	assert_int_equal(h.last, -ENOENT);
	assert_string_equal(buf_string(&h.said), "a;b;incident inconnu;");
	/* one that is never answered holds up those behind it for its own time, and no longer */
	assert_int_equal(commit_ask(c, REQUEST_PURGE, SLICE(""), 300, hear, &lost), 0);
	assert_int_equal(commit_ask(c, REQUEST_PING, SLICE("c"), 20000, hear, &h), 0);
	turn_until(p, lost.n == 1);
	assert_int_equal(lost.last, BUS_TIMEOUT);
	turn_until(p, h.n == 4);
	assert_int_equal(h.last, 0);
	assert_int_equal(other_ends(&store), 5);
	assert_int_equal(commit_ask(c, REQUEST_PING, SLICE("d"), 20000, hear, &h), 0);
	commit_close(c); /* with one on its way */
	assert_int_equal(h.n, 4);
	buf_release(&h.said);
	buf_release(&lost.said);
	place_free(p);
	free(s);
}

static void what_was_not_said_is_told_from_what_may_be_done(void **state)
{
	struct place *p = place_new();
	struct side *s = calloc(1, sizeof(*s));
	struct commit_client *c = open_client(p, s, false);
	struct heard there = {0}, lost = {0}, behind = {0}, alone = {0};
	struct other store = other_start(p, "0");

	(void)state;
	assert_int_equal(commit_ask(c, REQUEST_PING, SLICE("a"), 20000, hear, &there), 0);
	turn_until(p, there.n == 1);
	assert_int_equal(commit_ask(c, REQUEST_PURGE, SLICE(""), 400, hear, &lost), 0);
	assert_int_equal(commit_ask(c, REQUEST_PING, SLICE("a"), 200, hear, &behind), 0);
	turn_until(p, behind.n == 1);
	assert_int_equal(lost.last, BUS_TIMEOUT);
	assert_int_equal(behind.last, -EAGAIN);
	assert_int_equal(kill(store.pid, SIGKILL), 0);
	assert_int_equal(other_ends(&store), -1);
	commit_close(c);
	place_free(p);
	free(s);
	p = place_new();
	s = calloc(1, sizeof(*s));
	c = open_client(p, s, false);
	assert_int_equal(commit_ask(c, REQUEST_PING, SLICE("a"), 200, hear, &alone), 0);
	turn_until(p, alone.n == 1);
	assert_int_equal(alone.last, -ENOTCONN);
	commit_close(c);
	buf_release(&there.said);
	buf_release(&lost.said);
	buf_release(&behind.said);
	buf_release(&alone.said);
	place_free(p);
	free(s);
}

static void too_large_is_refused_here(void **state)
{
	struct place *p = place_new();
	struct side *s = calloc(1, sizeof(*s));
	struct commit_client *c = open_client(p, s, false);
	struct result r = a_result;
	char *big = calloc(1, BUS_MESSAGE_MAX);

	(void)state;
	r.items = (struct slice){big, BUS_MESSAGE_MAX};
	assert_int_equal(commit_send(c, &r), -EMSGSIZE);
	commit_close(c);
	place_free(p);
	free(s);
	free(big);
}

int main(int argc, char **argv)
{
	if (argc == 3)
		return be_store(argv[1], argv[2]);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(committed_reaches_both),
		cmocka_unit_test(restart_is_told),
		cmocka_unit_test(requests),
		cmocka_unit_test(a_question_is_asked_once_a_connection),
		cmocka_unit_test(a_request_outlives_a_store),
		cmocka_unit_test(the_loop_goes_on_meanwhile),
		cmocka_unit_test(what_was_not_said_is_told_from_what_may_be_done),
		cmocka_unit_test(too_large_is_refused_here),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
