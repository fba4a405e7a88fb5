/* SPDX-License-Identifier: GPL-3.0-or-later
 * What ingest's files share: its own wires and its journal. */
#ifndef INGEST_INGEST_H
#define INGEST_INGEST_H
#include <tocsin/base/map.h>
#include <tocsin/bus/commit.h>
#include <tocsin/bus/news.h>
#include <tocsin/bus/put_server.h>
#include <tocsin/bus/seam.h>
#include <tocsin/db/journal.h>
#include <tocsin/record/batch.h>
#include <tocsin/service/service.h>

#include "dispatch.h"

struct accept;
struct deliver;
struct ingest {
	struct service service;
	struct bus *bus;
	struct journal *journal;
	struct put_server *put;
	struct seam *seam;
	struct commit_client *commit;
	struct news_reader *news;
	struct accept *accept;
	struct deliver *deliver;
	uint64_t *release; /* batches that store has committed whole, not yet out of the journal */
	size_t n_release, cap_release;
	uint64_t told; /* store knows that batches below are gone */
	uint64_t rejected; /* messages not understood, as logged */
	bool scrub_now, scrub_soon; /* a purge; maybe a purge that we did not hear of */
	bool stopping;
};

/* accept.c: groups of PUTs into the journal. */
struct accept *accept_new(struct ingest *in);
struct accept *accept_free(struct accept *a);
void accept_put(void *user, const struct put_peer *from, const struct put_message *m);
void accept_turn(void *user);
void accept_metrics(struct accept *a);

/* deliver.c: batches out of the journal to the workers. */
struct deliver *deliver_new(struct ingest *in);
struct deliver *deliver_free(struct deliver *d);
/* Gives out what the workers' credit allows. */
void deliver_pump(struct deliver *d);
void deliver_tick(struct deliver *d);
void deliver_ended(void *user, const struct seam_event *ev);
void deliver_committed(struct deliver *d, const struct committed *c);
void deliver_bundle(struct deliver *d, const unsigned char hash[BUS_BUNDLE]);
/* Reads the remembered hash of the active bundle. */
int deliver_load(struct deliver *d, struct error *e) _must_check_;
bool deliver_idle(const struct deliver *d); /* nothing in flight */
void deliver_metrics(struct deliver *d);

/* main.c */
void ingest_release_later(struct ingest *in, uint64_t batch);
/* Inside an open group, or as one of its own. */
int ingest_release_now(struct ingest *in, struct error *e) _must_check_;
#endif
