/* SPDX-License-Identifier: GPL-3.0-or-later
 * Writing the database, by verbs: for tocsin-store alone (lock file). Readers use reader.h.
 *
 * One transaction is store_begin, any number of store_result and store_request, store_commit (fsync). After a fault the
 * caller rolls back and may do the same again: everything in memory is as it was at store_begin. */
#ifndef TOCSIN_DB_STORE_H
#define TOCSIN_DB_STORE_H
#include <stdint.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>
#include <tocsin/db/kept.h>
#include <tocsin/record/request.h>

struct store;
struct store_spec {
	const char *state_dir; /* made when missing, 0700 */
	bool clock_event; /* the town clock follows the data */
	struct keep keep;
	const char *erasures; /* the register of erasures (erasures_path); NULL: none is kept */
	bool restored; /* a backup took the place of the state, and store_again is to come */
};
/* "STATE.effacements/registre", beside the state folder: no backup that takes its place takes the register's. On the heap. */
char *erasures_path(const char *state_dir);
/* Opens, migrates (after a copy of the file) and checks. -EWOULDBLOCK when another store runs; -EPROTO for a schema
 * or an author key that does not belong here. */
int store_open(const struct store_spec *spec, struct store **ret, struct error *e) _must_check_;
struct store *store_close(struct store *st);

int store_begin(struct store *st, struct error *e) _must_check_;
int store_commit(struct store *st, struct error *e) _must_check_;
void store_rollback(struct store *st);

/* Verdicts for items [first, first+count) of a journal batch. Applying one twice, or a part of it, counts nothing. */
struct store_result {
	uint64_t batch;
	uint32_t first, count;
	int64_t accepted_at;
	const unsigned char *bundle; /* 32 bytes */
	struct slice items, verdicts;
};
/* STORE_ROW: a row cannot be stored and the transaction must be rolled back; then do it all again with `careful`,
 * where such a row goes to the dead letters by itself. */
enum { STORE_ROW = 1 };
int store_result(struct store *st, const struct store_result *r, bool careful, struct error *e)
	_must_check_;

/* A request inside the open transaction: 0 and the reply appended, or -errno with a text for the one who asked
 * (then the transaction must be rolled back). Not for REQUEST_PURGE. */
int store_request(struct store *st, enum request_verb verb, struct slice body, struct buf *reply,
	struct error *e) _must_check_;
/* How long taking charge holds when the request does not say; 60 min until told. */
void store_ack_holds(struct store *st, int64_t ms);
/* How long texts stay from now on, instead of what store_open was told; copied. */
void store_keep(struct store *st, const struct keep *k);
/* Who a person of the policy is, for whoever takes charge with a code; without it, or when false: the id alone. */
struct store_person {
	struct slice name, number; /* number: for SMS, may be empty */
};
struct store_people {
	bool (*find)(void *user, struct slice id, struct store_person *ret);
	bool (*has_number)(void *user, struct slice number); /* whether it is somebody's */
	void *user;
};
void store_people(struct store *st, const struct store_people *people);
/* Categories, topics, rules and accounts ("source/account") of what only two people hide (NULL-terminated; NULL: none), copied. None until told. */
void store_two(struct store *st, char *const *ids);
/* What the town has set for a source; all false until told, and for one that it does not know. */
struct store_source {
	bool acts; /* what people decide on its comments is carried out there, or à blanc */
	bool keeps_deleted; /* the text of what is deleted there stays here as long as any other */
};
typedef struct store_source store_source_fn(void *user, struct slice source);
void store_sources(struct store *st, store_source_fn *fn, void *user);
/* What time brings: acknowledgements that expire. Makes its own transaction, and answers STORE_TICKED, only when
 * something is due. */
enum { STORE_TICKED = 1 };
int store_tick(struct store *st, struct error *e) _must_check_;

/* Facts of the last commit, for the news. */
struct store_changes {
	uint64_t comments; /* rows that were stored (new and versions) */
	bool outbox, decision, bundle, clock;
	int64_t revised; /* seq of the last comment whose verdict was revised, 0 none */
	int64_t *incidents; /* ids, each once */
	size_t n_incidents, cap_incidents;
};
const struct store_changes *store_changes(const struct store *st);
int64_t store_last_seq(const struct store *st);
int64_t store_clock(const struct store *st); /* the town clock, ms */
/* The active bundle of rules, or NULL. */
const unsigned char *store_bundle(const struct store *st);

struct store_counts { /* since store_open, committed only */
	uint64_t fresh, version, duplicate, tombstone, quarantined, dead;
	uint64_t redelivered; /* items that came again and counted nothing */
};
struct store_counts store_counts(const struct store *st);

/* Between transactions, about every 50 ms and after heavy commits: copies the log into the file, writes the lookup table
 * back. idle: nothing waits. */
int store_upkeep(struct store *st, bool idle, struct error *e) _must_check_;

/* Purging goes in steps between other work, each its own transaction. begin answers STORE_PURGE_BUSY while another
 * purge is under way. When step answers 0 the texts are in no file of the database; journal and search follow
 * (NEWS_PURGE). -EBUSY from step: a reader holds the log; call again. */
enum { STORE_PURGE_MORE = 1, STORE_PURGE_BUSY = 2 };
int store_purge_begin(struct store *st, struct slice body, struct error *e) _must_check_;
int store_purge_step(struct store *st, struct error *e) _must_check_;
/* Of a restored state, before anybody is served: the erasures that the register knows and the database does not are done again, each
 * to its end and with a line in the account of what was done. 0: as many as ret says; what came back otherwise, is owed as before. */
struct store_again {
	uint32_t erasures; /* done again */
	bool whole; /* the register knew all: nothing is owed any more */
	const char *why; /* why not, in French */
	int64_t since; /* wall ms: owed are only those since then; 0: since the backup */
};
int store_again(struct store *st, struct slice reason, struct store_again *ret, struct error *e)
	_must_check_;
/* Why the register cannot be written: erasures are refused then. NULL: it can. */
const char *store_register_fault(const struct store *st);
struct store_purged {
	int64_t number;
	uint64_t comments, versions, handles, quarantine, dead, outbox, held;
	uint64_t again; /* texts that had gone before, of which the author went now */
};
struct store_purged store_purged(const struct store *st);
#endif
