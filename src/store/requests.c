/* SPDX-License-Identifier: GPL-3.0-or-later
 * Requests: each its own transaction, answered after its fsync. A purge goes on between other work and is answered at its
 * end. */
#include "store.h"

#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/record/wire.h>

#define BUSY_MS 100

static void refuse(
	struct process *p, const struct commit_peer *to, int status, const struct error *e)
{
	commit_reply(p->server, to, status, slice_of(e->text));
}

static void purge(struct process *p, const struct commit_peer *from, struct slice body)
{
	struct error e = {""};
	int r;

	r = p->purging ? STORE_PURGE_BUSY : store_purge_begin(p->store, body, &e);
	if (r == STORE_PURGE_BUSY)
		r = error_set(&e, -EBUSY, "un effacement est déjà en cours");
	if (r < 0) {
		refuse(p, from, r, &e);
		return;
	}
	p->purging = true;
	p->purge_asker = *from;
}

void process_purge_step(void *user)
{
	struct process *p = user;
	struct error e = {""};
	_buf_ struct buf reply = {0};
	struct store_purged done;
	int r;

	if (!p->purging || clock_monotonic() < p->purge_at)
		return;
	r = store_purge_step(p->store, &e);
	if (r == STORE_PURGE_MORE)
		return;
	if (r < 0) {
		/* what is wiped stays wiped; the step is done again, but results come first. A reader in the way is
		 * gone in a moment, or in a minute when it makes a copy of everything */
		p->purge_at = clock_monotonic() + (r == -EBUSY ? BUSY_MS : CLOCK_SECOND);
		if (r != -EBUSY)
			process_fault(p, "effacement", &e);
		return;
	}
	p->purging = false;
	done = store_purged(p->store);
	service_log(&p->service, LOG_INFO_,
		"effacement %lld : %llu commentaires, %llu versions, %llu en dossier gardés",
		(long long)done.number, (unsigned long long)done.comments,
		(unsigned long long)done.versions, (unsigned long long)done.held);
	wire_put_i64(&reply, done.number);
	wire_put_u64(&reply, done.comments);
	wire_put_u64(&reply, done.held);
	wire_put_u64(&reply, done.versions + done.quarantine + done.dead + done.again);
	commit_reply(p->server, &p->purge_asker, 0, buf_slice(&reply));
	news_say(p->news, NEWS_PURGE, done.number, store_clock(p->store));
}

void process_request(
	void *user, const struct commit_peer *from, enum request_verb verb, struct slice body)
{
	struct process *p = user;
	_buf_ struct buf reply = {0};
	struct error e = {""};
	int r;

	if (verb == REQUEST_PURGE) {
		purge(p, from, body);
		return;
	}
	r = store_begin(p->store, &e);
	if (r == 0)
		r = store_request(p->store, verb, body, &reply, &e);
	if (r == 0)
		r = store_commit(p->store, &e);
	if (r < 0) {
		store_rollback(p->store);
		if (r == -ENOSPC || r == -EIO)
			process_fault(p, "demande", &e);
		refuse(p, from, r, &e);
		return;
	}
	commit_reply(p->server, from, 0, buf_slice(&reply));
	store_say_news(p);
}
