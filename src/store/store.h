/* SPDX-License-Identifier: GPL-3.0-or-later
 * The process: results.c takes verdicts, requests.c answers, main.c keeps the house. */
#ifndef STORE_STORE_H
#define STORE_STORE_H
#include <poll.h>
#include <tocsin/bus/commit.h>
#include <tocsin/bus/news.h>
#include <tocsin/db/store.h>
#include <tocsin/policy/policy.h>
#include <tocsin/service/service.h>

struct kept_result { /* borrowed until the turn's end, or copied when it has to wait */
	struct commit_peer from;
	struct store_result r;
	unsigned char bundle[BUS_BUNDLE];
	char *copy;
};
struct results {
	struct kept_result *list; /* of this turn */
	size_t n, cap;
	struct kept_result *kept; /* copies of turns that failed */
	size_t n_kept, cap_kept, bytes_kept;
	int64_t retry_at; /* monotonic ms */
};

struct process {
	struct service service;
	struct bus *bus;
	struct commit_server *server;
	struct news_writer *news;
	struct store *store;
	struct policy policy; /* the last one without mistakes */
	struct {
		char *id;
		struct store_source set;
	} * sources; /* of the configuration */
	size_t n_sources;
	struct results results;
	struct commit_peer purge_asker;
	bool purging;
	int64_t purge_at; /* monotonic ms: not before */
	uint64_t commits, faults;
	int64_t busy_at, fault_quiet; /* monotonic ms */
};

void results_add(void *user, const struct commit_peer *from, const struct result *r);
void results_commit(void *user);
void results_retry(struct process *p);
void results_release(struct results *r);

void process_request(
	void *user, const struct commit_peer *from, enum request_verb verb, struct slice body);
void process_purge_step(void *user);
/* again.c: after a restored backup, before anybody is served. */
void process_again(struct process *p);
/* Logs at most once in ten seconds. */
void process_fault(struct process *p, const char *what, const struct error *e);
void store_say_news(struct process *p);
#endif
