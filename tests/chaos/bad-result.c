/* SPDX-License-Identifier: GPL-3.0-or-later
 * bad-result RUN BATCH: a RESULT of four such as no scorer sends: a good comment, one whose bytes are no comment, one
 * whose verdict is none, a good one. Exits 0 when store has said COMMITTED for all four. */
#include <stdio.h>
#include <stdlib.h>
#include <tocsin/base/clock.h>
#include <tocsin/bus/commit.h>
#include <tocsin/record/batch.h>
#include <tocsin/record/verdict.h>

static uint32_t told;

static void on_committed(void *user, const struct committed *c)
{
	(void)user;
	told += c->count;
}

static void compose(uint64_t batch, struct buf *items, struct buf *verdicts)
{
	_buf_ struct buf good = {0};
	verdict_encode(&good, &(struct verdict){.level = VERDICT_NONE});
	for (int i = 0; i < 4; i++) {
		char id[32];
		snprintf(id, sizeof(id), "b%llu-%d", (unsigned long long)batch, i);
		struct comment c = {.source = SLICE("site"),
			.id = slice_of(id),
			.text = SLICE("voisin"),
			.created_at = clock_now()};
		if (i == 1)
			batch_add_item(items, SLICE("\377\376ceci n'est pas un commentaire"));
		else
			batch_add(items, &c);
		batch_add_item(verdicts, i == 2 ? SLICE("\377") : buf_slice(&good));
	}
}

int main(int argc, char **argv)
{
	_buf_ struct buf items = {0}, verdicts = {0};
	struct bus *bus;
	struct commit_client *store;
	struct error e = {0};
	if (argc != 3)
		return 2;
	struct commit_client_spec spec = {.name = "bad-result", .on_committed = on_committed};
	if (bus_new(argv[1], &bus, &e) || commit_open(bus, &spec, &store, &e)) {
		fprintf(stderr, "bad-result: %s\n", e.text);
		return 1;
	}
	struct result r = {
		.batch = strtoull(argv[2], NULL, 10), .count = 4, .accepted_at = clock_now()};
	compose(r.batch, &items, &verdicts);
	r.items = buf_slice(&items);
	r.verdicts = buf_slice(&verdicts);
	int64_t end = clock_monotonic() + 20000;
	bool sent = false;
	while (told < 4 && clock_monotonic() < end) {
		sent = sent || commit_send(store, &r) == 0;
		if (bus_turn(bus, 50) < 0)
			break;
	}
	commit_close(store);
	bus_free(bus);
	return told == 4 ? 0 : 1;
}
