/* SPDX-License-Identifier: GPL-3.0-or-later
 * Says to store what trend, a scorer or a person would say, one thing a call:
 *
 *   escalate-say RUN observe ACTION KIND LEVEL TOPIC TITLE AT_MS MESSAGES AUTHORS SOURCES [SEQ…]
 *   escalate-say RUN ack INCIDENT WHO UNTIL_MS
 *   escalate-say RUN close INCIDENT WHO
 *   escalate-say RUN silence TOPIC UNTIL_MS WHO
 *   escalate-say RUN purge SOURCE ID
 *   escalate-say RUN comment BATCH SOURCE ID AT_MS TEXT
 *   escalate-say RUN flagged BATCH SOURCE ID PRIORITY AT_MS TEXT
 *   escalate-say RUN decide SEQ WHO
 *   escalate-say RUN dossier SEQ WHO                 a dossier of one piece
 *   escalate-say RUN sent DOSSIER WHO                it was sent
 *   escalate-say RUN threats BATCH SOURCE N AUTHOR|- AT_MS TEXT     N comments of priority 1, "TEXT 1" …
 *
 * ACTION, KIND, LEVEL are numbers of the enums. Exit 0 when store has said yes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tocsin/base/clock.h>
#include <tocsin/bus/commit.h>
#include <tocsin/record/batch.h>
#include <tocsin/record/dossier.h>
#include <tocsin/record/verdict.h>

static struct bus *bus;
static struct commit_client *store;
static bool committed;

static void on_committed(void *user, const struct committed *c)
{
	(void)user;
	(void)c;
	committed = true;
}

static int64_t number(const char *s)
{
	return strtoll(s, NULL, 10);
}

static int ask(enum request_verb verb, const struct buf *body)
{
	_buf_ struct buf reply = {0};
	struct error e = {0};
	int r = commit_request(store, verb, buf_slice(body), 20000, &reply, &e);
	if (r)
		fprintf(stderr, "escalate-say: %d %s\n", r, e.text);
	return r;
}

static int observe(char **v, int n)
{
	_buf_ struct buf body = {0};
	int64_t examples[5], at = number(v[5]);
	struct slice sources[] = {SLICE("facebook"), SLICE("site")}, deaf[] = {SLICE("instagram")};
	struct slice terms[] = {SLICE("passerelle <b>"), SLICE("fermée")};
	uint32_t counts[2], messages = (uint32_t)number(v[6]);
	struct observation o = {.action = (enum observe_action)number(v[0]),
		.kind = (enum incident_kind)number(v[1]),
		.level = (enum town_level)number(v[2]),
		.topic = slice_of(v[3]),
		.title = slice_of(v[4])};
	counts[0] = messages - messages / 3;
	counts[1] = messages / 3;
	for (int i = 9; i < n && i < 14; i++)
		examples[i - 9] = number(v[i]);
	o.facts = (struct incident_facts){.at = at,
		.since = at - 30 * CLOCK_MINUTE,
		.messages = messages,
		.authors = (uint32_t)number(v[7]),
		.sources = (uint32_t)number(v[8]),
		.recent = messages / 2,
		.usual_low = 0,
		.usual_high = 1,
		.once_in = 45,
		.threshold = 4,
		.max_before = 4,
		.listening_since = at - 77 * CLOCK_DAY,
		.top5_share = 19,
		.copied = 6,
		.questions = 12,
		.offences = 3,
		.series = SLICE("\1\2\1\3\2\4\6\10\12"),
		.per_source = sources,
		.per_source_count = counts,
		.n_per_source = 2,
		.examples = examples,
		.n_examples = n > 9 ? (uint32_t)(n - 9) : 0,
		.deaf = deaf,
		.n_deaf = 1,
		.trigger = SLICE("rise")};
	if (o.kind == INCIDENT_EMERGENT) {
		o.facts.trigger = SLICE("emergent");
		o.facts.terms = terms;
		o.facts.n_terms = 2;
	}
	struct observe_request q = {at / CLOCK_MINUTE * CLOCK_MINUTE, 0, &o, 1};
	/* each call is a minute of its own, whatever AT says */
	q.minute = clock_now();
	observe_encode(&body, &q);
	return ask(REQUEST_OBSERVE, &body);
}

static int ack(char **v)
{
	_buf_ struct buf body = {0};
	struct ack_request q = {number(v[0]), slice_of(v[1]), number(v[2]), SLICE("")};
	ack_encode(&body, &q);
	return ask(REQUEST_ACK, &body);
}

static int close_incident(char **v)
{
	_buf_ struct buf body = {0};
	struct close_request q = {number(v[0]), slice_of(v[1]), SLICE("essai")};
	close_encode(&body, &q);
	return ask(REQUEST_CLOSE, &body);
}

static int silence(char **v)
{
	_buf_ struct buf body = {0};
	struct silence_request q = {slice_of(v[0]), number(v[1]), slice_of(v[2]), SLICE("essai")};
	silence_encode(&body, &q);
	return ask(REQUEST_SILENCE, &body);
}

static int purge(char **v)
{
	_buf_ struct buf body = {0};
	struct purge_request q = {.source = slice_of(v[0]),
		.id = slice_of(v[1]),
		.who = SLICE("dpo"),
		.reason = SLICE("essai")};
	purge_encode(&body, &q);
	return ask(REQUEST_PURGE, &body);
}

static int send_result(const struct result *r)
{
	while (commit_send(store, r) != 0)
		if (bus_turn(bus, 50) < 0)
			return 1;
	for (int i = 0; i < 200 && !committed; i++)
		if (bus_turn(bus, 50) < 0)
			return 1;
	return committed ? 0 : 1;
}

static int comment(char **v, const struct verdict *verdict)
{
	_buf_ struct buf items = {0}, verdicts = {0}, one = {0};
	struct comment c = {.source = slice_of(v[1]),
		.id = slice_of(v[2]),
		.text = slice_of(v[4]),
		.author = SLICE("Jean Témoin"),
		.created_at = number(v[3])};
	batch_add(&items, &c);
	verdict_encode(&one, verdict);
	batch_add_item(&verdicts, buf_slice(&one));
	struct result r = {.batch = (uint64_t)number(v[0]),
		.count = 1,
		.accepted_at = clock_now(),
		.items = buf_slice(&items),
		.verdicts = buf_slice(&verdicts)};
	return send_result(&r);
}

static int flagged(char **v)
{
	struct slice category = SLICE("injure_publique");
	const struct verdict verdict = {.level = VERDICT_QUEUE,
		.priority = (uint8_t)number(v[3]),
		.lanes = LANE_MODERATION,
		.categories = &category,
		.n_categories = 1};
	char *words[] = {v[0], v[1], v[2], v[4], v[5]};
	return comment(words, &verdict);
}

static int decide(char **v)
{
	_buf_ struct buf body = {0};
	const struct decide_request q = {
		.seq = number(v[0]), .decision = SLICE("laisser"), .who = slice_of(v[1])};
	decide_encode(&body, &q);
	return ask(REQUEST_DECIDE, &body);
}

static int dossier(char **v)
{
	_buf_ struct buf body = {0};
	const struct dossier_open q = {.seq = number(v[0]),
		.purpose = DOSSIER_PLAINTE,
		.title = SLICE("essai"),
		.who = slice_of(v[1])};
	dossier_open_encode(&body, &q);
	return ask(REQUEST_DOSSIER_OPEN, &body);
}

static int sent(char **v)
{
	_buf_ struct buf body = {0};
	const struct dossier_entry_request q = {.dossier = number(v[0]),
		.kind = DOSSIER_SENT,
		.purpose = DOSSIER_PLAINTE,
		.text = SLICE("essai"),
		.who = slice_of(v[1])};
	dossier_entry_encode(&body, &q);
	return ask(REQUEST_DOSSIER_ENTRY, &body);
}

static int threats(char **v)
{
	_buf_ struct buf items = {0}, verdicts = {0}, one = {0};
	struct slice category = SLICE("menace");
	const struct verdict verdict = {.level = VERDICT_ALERT,
		.priority = 1,
		.lanes = LANE_MODERATION,
		.categories = &category,
		.n_categories = 1};
	int n = (int)number(v[2]);
	verdict_encode(&one, &verdict);
	for (int i = 1; i <= n; i++) {
		char id[64], text[256];
		snprintf(id, sizeof(id), "menace-%s-%d", v[0], i);
		snprintf(text, sizeof(text), "%s %d", v[5], i);
		const struct comment c = {.source = slice_of(v[1]),
			.id = slice_of(id),
			.text = slice_of(text),
			.author = strcmp(v[3], "-") ? slice_of(v[3]) : (struct slice){0},
			.created_at = number(v[4])};
		batch_add(&items, &c);
		batch_add_item(&verdicts, buf_slice(&one));
	}
	const struct result r = {.batch = (uint64_t)number(v[0]),
		.count = (uint32_t)n,
		.accepted_at = clock_now(),
		.items = buf_slice(&items),
		.verdicts = buf_slice(&verdicts)};
	return send_result(&r);
}

int main(int argc, char **argv)
{
	struct error e = {0};
	const struct commit_client_spec spec = {.name = "essai", .on_committed = on_committed};
	if (argc < 5)
		return 2;
	if (bus_new(argv[1], &bus, &e) < 0 || commit_open(bus, &spec, &store, &e) < 0) {
		fprintf(stderr, "escalate-say: %s\n", e.text);
		return 1;
	}
	int r = 2;
	if (strcmp(argv[2], "observe") == 0 && argc >= 12)
		r = observe(argv + 3, argc - 3);
	else if (strcmp(argv[2], "ack") == 0 && argc == 6)
		r = ack(argv + 3);
	else if (strcmp(argv[2], "close") == 0 && argc == 5)
		r = close_incident(argv + 3);
	else if (strcmp(argv[2], "silence") == 0 && argc == 6)
		r = silence(argv + 3);
	else if (strcmp(argv[2], "purge") == 0 && argc == 5)
		r = purge(argv + 3);
	else if (strcmp(argv[2], "comment") == 0 && argc == 8)
		r = comment(argv + 3, &(struct verdict){0});
	else if (strcmp(argv[2], "flagged") == 0 && argc == 9)
		r = flagged(argv + 3);
	else if (strcmp(argv[2], "decide") == 0 && argc == 5)
		r = decide(argv + 3);
	else if (strcmp(argv[2], "dossier") == 0 && argc == 5)
		r = dossier(argv + 3);
	else if (strcmp(argv[2], "sent") == 0 && argc == 5)
		r = sent(argv + 3);
	else if (strcmp(argv[2], "threats") == 0 && argc == 9)
		r = threats(argv + 3);
	commit_close(store);
	bus_free(bus);
	return r ? 1 : 0;
}
