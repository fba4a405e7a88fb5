/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading the database, by verbs. Read-only connections; no read transaction is held over a call.
 * Rows come to a callback; slices and arrays live during it, and it must not call the same reader. A callback returns 0 to go on, else reading stops and that is returned. */
#ifndef TOCSIN_DB_READER_H
#define TOCSIN_DB_READER_H
#include <tocsin/record/account.h>
#include <tocsin/record/action.h>
#include <tocsin/record/comment.h>
#include <tocsin/record/incident.h>
#include <tocsin/record/request.h>
#include <tocsin/record/absence.h>
#include <tocsin/record/remind.h>
#include <tocsin/record/rumour.h>
#include <tocsin/record/token.h>
#include <tocsin/record/verdict.h>

struct reader;
/* -ENOENT while store has not made it yet; -EPROTO for an unknown schema version. */
int reader_open(const char *state_dir, struct reader **ret, struct error *e) _must_check_;
/* The same for who sees these sources only ("facebook,site"): every verb answers as if nothing of the others, and nothing that
 * speaks of the whole town, were there (reader/limit.c). */
int reader_open_limited(const char *state_dir, struct slice sources, struct reader **ret,
	struct error *e) _must_check_;
struct reader *reader_close(struct reader *r);

enum { READER_END = 1 }; /* nothing (more) is there */

struct stored_comment {
	int64_t seq; /* gapless commit order; a new version of a comment gets a new seq */
	int64_t row; /* stays over versions */
	struct comment comment; /* text etc. as stored; author is empty once purged */
	unsigned char author_key[16]; /* keyed hash; zero when there is no author */
	int64_t accepted_at;
	struct verdict verdict; /* decoded, arrays live during the callback */
	bool gone; /* deleted at the source or purged: no text */
	uint32_t version; /* 1.. */
};
typedef int comment_fn(void *user, const struct stored_comment *c);
/* Comments with seq > after, in seq order, at most limit. with_text false leaves the text unread. */
int reader_comments(struct reader *r, int64_t after, uint32_t limit, bool with_text, comment_fn *fn,
	void *user, struct error *e) _must_check_;
int reader_comment(struct reader *r, int64_t seq, comment_fn *fn, void *user, struct error *e)
	_must_check_;
/* The seq of a row's version that people see now; READER_END: there is no such row. */
int reader_current(struct reader *r, int64_t row, int64_t *ret, struct error *e) _must_check_;
/* Current versions with seq < before (0: all), the newest first, with their text. */
int reader_recent(struct reader *r, int64_t before, uint32_t limit, comment_fn *fn, void *user,
	struct error *e) _must_check_;
struct recent_query { /* all zero: everything */
	struct slice source, category, topic; /* any of the verdict's */
	int64_t from, to; /* when it was received; 0: always */
	bool event; /* … by the town clock of a replay: when it was written */
	int64_t before; /* as above */
	uint32_t limit;
	bool bare; /* without the text */
	uint32_t *left; /* rows that may be looked at, of this or not: counted down; NULL: all */
};
/* Whether a comment is of what is asked for, wherever it stands. */
bool recent_has(const struct recent_query *q, const struct stored_comment *c);
/* READER_END: nothing was left to look at. */
int reader_recent_find(struct reader *r, const struct recent_query *q, comment_fn *fn, void *user,
	struct error *e) _must_check_;
int reader_last_seq(struct reader *r, int64_t *ret, struct error *e) _must_check_;

/* The queue: open items (what is flagged, and what asks for an answer), urgent first (priority, then oldest). lane: bits of enum verdict_lane. */
struct queue_key { /* where an item stands; all zero: before the first */
	int64_t rank, flagged_at, row;
};
struct follow_up { /* what waits for a service */
	int64_t since, until; /* town clock */
	struct slice service; /* id; empty: nobody is named */
	enum follow_state state;
};
struct queue_proposal { /* to hide it or to answer it, which another one is to confirm; id 0: none */
	int64_t id, at; /* the decision's number; wall ms */
	struct slice who, decision, reason;
	struct slice text; /* what the public would be told */
};
struct queue_item {
	struct stored_comment stored;
	struct queue_key key;
	uint8_t lanes; /* bits of enum verdict_lane */
	int64_t flagged_at;
	struct slice claimed_by; /* who works on it; empty: nobody */
	int64_t claimed_until; /* wall ms */
	struct follow_up follow; /* since 0: it waits for none */
	struct queue_proposal proposed;
	struct slice category; /* by which it was put there, the verdict's first or a human's */
	struct slice qualified; /* what a human takes it for; empty: nobody has said so */
	int64_t decision; /* the number of the last decision that was not undone, 0 none */
};
typedef int queue_fn(void *user, const struct queue_item *q);
int reader_queue(struct reader *r, uint8_t lanes, uint32_t limit, queue_fn *fn, void *user,
	struct error *e) _must_check_;
/* A page of one lane's file: at most limit items behind a key. In constant time, however long the file is. */
int reader_file(struct reader *r, enum verdict_lane lane, const struct queue_key *after,
	uint32_t limit, queue_fn *fn, void *user, struct error *e) _must_check_;
/* The key behind which stand the n items up to and with `from`; zero when there are not more. */
int reader_file_back(struct reader *r, enum verdict_lane lane, const struct queue_key *from,
	uint32_t n, struct queue_key *ret, struct error *e) _must_check_;
int reader_file_count(struct reader *r, enum verdict_lane lane,
	uint64_t by_priority[5] /* 0 = without */, struct error *e) _must_check_;
/* What was transferred to one of these services (ids with commas between them) and waits, in the order of its reminders. */
int reader_service_items(struct reader *r, struct slice services, uint32_t limit, queue_fn *fn,
	void *user, struct error *e) _must_check_;
/* One of them by any version of its comment: 0, or READER_END when it is none of theirs (fn is not called then). */
int reader_service_item(struct reader *r, struct slice services, int64_t seq, queue_fn *fn,
	void *user, struct error *e) _must_check_;
/* Views: those of an account, then the team's, by name. */
struct kept_view {
	int64_t id;
	bool shared;
	struct slice name, address, who;
};
int reader_views(struct reader *r, struct slice account,
	int (*fn)(void *user, const struct kept_view *v), void *user, struct error *e) _must_check_;
/* How many wait for a second person. */
int reader_proposed_count(struct reader *r, uint64_t *ret, struct error *e) _must_check_;
/* How many of the questions wait for a service. */
int reader_followed_count(struct reader *r, uint64_t *ret, struct error *e) _must_check_;
/* The same of a part of it. */
enum queue_on {
	ON_ANY,
	ON_ONE /* he who asks, or nobody when he is empty */,
	ON_OTHERS,
	ON_SECOND /* something is proposed */
};
struct queue_filter { /* all zero: everything */
	struct slice source, category, topic; /* any of the verdict's */
	int64_t from, to; /* when it came into the queue, town clock; 0: always */
	uint8_t priority; /* 1..4; what could not be scored is with 2, what has none with 4 */
	enum queue_on on; /* who works on it */
	struct slice who;
};
struct file_query {
	enum verdict_lane lane;
	struct queue_filter filter;
	struct queue_key from;
	uint32_t limit;
};
int reader_file_find(struct reader *r, const struct file_query *q, queue_fn *fn, void *user,
	struct error *e) _must_check_;
int reader_file_find_back(struct reader *r, const struct file_query *q, struct queue_key *ret,
	struct error *e) _must_check_;
int reader_file_find_count(struct reader *r, const struct file_query *q, uint64_t by_priority[5],
	struct error *e) _must_check_;
/* The item of a comment by any of its versions, while it waits: 0, or READER_END when it does not (fn is not called then). */
int reader_queue_item(struct reader *r, int64_t seq, queue_fn *fn, void *user, struct error *e)
	_must_check_;
int reader_queue_count(struct reader *r, uint64_t by_priority[5] /* 0 = without */, struct error *e)
	_must_check_;

/* For those who watch the queue: what has come into it with a seq > after (new comments, new versions), in seq order. */
struct queue_arrival {
	int64_t seq, row;
	uint8_t lanes, priority; /* 0 none, 1..4 */
};
int reader_arrivals(struct reader *r, int64_t after, uint32_t limit,
	int (*fn)(void *user, const struct queue_arrival *a), void *user, struct error *e)
	_must_check_;
/* … what was decided behind a number, which grows by one with each decision; the last number so far. */
struct queue_departure {
	int64_t number, row, seq;
	struct slice decision, who;
};
int reader_departures(struct reader *r, int64_t after, uint32_t limit,
	int (*fn)(void *user, const struct queue_departure *d), void *user, struct error *e)
	_must_check_;
int reader_last_decision(struct reader *r, int64_t *ret, struct error *e) _must_check_;
/* … what waited and is gone at its source, behind a number of its own: by nobody, without a decision. */
int reader_gone(struct reader *r, int64_t after, uint32_t limit,
	int (*fn)(void *user, const struct queue_departure *d), void *user, struct error *e)
	_must_check_;
int reader_last_gone(struct reader *r, int64_t *ret, struct error *e) _must_check_;
/* … who works on what now, by row. */
struct queue_claim {
	int64_t row, seq, until; /* until: wall ms */
	struct slice who;
	int64_t rank, flagged_at; /* as in struct queue_key */
};
int reader_claims(struct reader *r, int (*fn)(void *user, const struct queue_claim *c), void *user,
	struct error *e) _must_check_;

enum outbox_state {
	OUTBOX_PENDING,
	OUTBOX_SENDING,
	OUTBOX_DONE,
	OUTBOX_DEAD_LETTER,
	OUTBOX_DROPPED /* needless: told by another row, or overtaken */
};

/* What was decided on one comment (stored_comment.row), the oldest first. */
struct decided_action { /* carried out at the source: record/action.h */
	enum outward action; /* ACTION_NONE: nothing is to be done there */
	enum outbox_state state;
	uint32_t attempts;
	int64_t at; /* OUTBOX_DONE: wall ms */
	struct slice detail; /* why it was not done, or not yet; what was said of it */
};
struct decision {
	int64_t at; /* wall ms */
	struct slice decision, who, reason, category;
	struct slice text, model; /* what the public was told; text is empty once purged */
	bool told; /* there was a text */
	struct follow_up follow; /* that it began; since 0: none */
	struct decided_action act;
	int64_t bulk; /* it was one of many: record/bulk.h; 0 no */
};
int reader_history(struct reader *r, int64_t row, int (*fn)(void *user, const struct decision *d),
	void *user, struct error *e) _must_check_;

/* What tocsin left alone and a human put into the queue, the oldest first; taken back, or done with: not any more. */
struct missed {
	int64_t seq, at; /* at: wall ms */
	struct slice who, category, note;
};
int reader_missed(struct reader *r, int (*fn)(void *user, const struct missed *m), void *user,
	struct error *e) _must_check_;

/* Accounts of the console by name. */
typedef int account_fn(void *user, const struct login *a);
int reader_accounts(struct reader *r, account_fn *fn, void *user, struct error *e) _must_check_;
/* One: 0, or READER_END when there is none (fn is not called then). */
int reader_account(struct reader *r, struct slice name, account_fn *fn, void *user, struct error *e)
	_must_check_;
/* … whose link has this digest, and lets him choose a password now (wall ms). */
int reader_link(struct reader *r, struct slice digest, int64_t now, account_fn *fn, void *user,
	struct error *e) _must_check_;

/* What waited for a human, flagged in [from, to), in the order of time; times by the town clock, 0: not yet. Nobody's name. */
struct handled {
	int64_t flagged_at, looked_at, decided_at, answered_at;
	struct slice category; /* the verdict's first, may be empty */
	uint8_t priority; /* 1 … 4: none */
	uint8_t lanes;
	/* reader_handled_on() alone: how many of its holding replies, and of its transfers to a service, ran out before the answer
	 * came or have run out without one */
	uint32_t late_promises, late_services;
};
typedef int handled_fn(void *user, const struct handled *h);
int reader_handled(struct reader *r, int64_t from, int64_t to, handled_fn *fn, void *user,
	struct error *e) _must_check_;
/* The next `rows` of them behind a place, which moves on (row 0: before the first of its moment): 0, or READER_END when these
 * were the last. Under the clock of the comments (event) nobody knows when a service proposed an answer: it was in time. */
struct handled_at {
	int64_t flagged_at, row;
	int64_t now; /* town clock: what is owed since is late */
	bool event;
};
int reader_handled_on(struct reader *r, struct handled_at *at, int64_t to, uint32_t rows,
	handled_fn *fn, void *user, struct error *e) _must_check_;
/* How many comments of each source came in the hours that begin in [from, to), by the wall clock: each once, neither its later
 * versions nor its doubles, whatever has become of it since. A source that sent none is not named. */
typedef int received_fn(void *user, struct slice source, uint64_t n);
int reader_received(struct reader *r, int64_t from, int64_t to, received_fn *fn, void *user,
	struct error *e) _must_check_;
/* Whether somebody has looked at the item of a comment, by any of its versions; also when it never waited. */
int reader_looked(struct reader *r, int64_t seq, bool *ret, struct error *e) _must_check_;
/* Another number when anything was committed since the last one (of this reader alone). */
int reader_changes(struct reader *r, int64_t *ret, struct error *e) _must_check_;

/* Absences that people entered, in the order of time. The mark is another one after every change. */
struct absence_mark {
	int64_t last, n;
};
int reader_absences(struct reader *r, struct arena *arena, struct absence **ret, size_t *ret_n,
	struct error *e) _must_check_;
int reader_absence_mark(struct reader *r, struct absence_mark *ret, struct error *e) _must_check_;

/* Reminders of prescriptions that were given. */
int reader_reminded(struct reader *r, int (*fn)(void *user, const struct remind_mark *m),
	void *user, struct error *e) _must_check_;

/* Tokens of the API by name; the one of a digest: 0, or READER_END when there is none (fn is not called then). */
typedef int token_fn(void *user, const struct token *t);
int reader_tokens(struct reader *r, token_fn *fn, void *user, struct error *e) _must_check_;
int reader_token(struct reader *r, struct slice digest, token_fn *fn, void *user, struct error *e)
	_must_check_;

/* The last decision on each comment that has one, and the category that a human gave with it; row as in stored_comment. */
typedef int decision_of_fn(void *user, int64_t row, struct slice decision, struct slice category);
int reader_decisions(struct reader *r, decision_of_fn *fn, void *user, struct error *e)
	_must_check_;

typedef int incident_fn(void *user, const struct incident *i);
/* closed too when all. */
int reader_incidents(struct reader *r, bool all, incident_fn *fn, void *user, struct error *e)
	_must_check_;
/* The same page by page: at most limit, whose ids come after that one. */
int reader_incidents_after(struct reader *r, bool all, int64_t after, uint32_t limit,
	incident_fn *fn, void *user, struct error *e) _must_check_;
/* Those that were closed at or after a moment, the last first; of the latest INCIDENTS_LATEST that there are. */
#define INCIDENTS_LATEST 2000
int reader_incidents_closed(struct reader *r, int64_t since, uint32_t limit, incident_fn *fn,
	void *user, struct error *e) _must_check_;
/* What waits in À répondre of its topic, its category or its source (of all, for the whole town) since it began, until it was
 * closed; not known of any other. */
int reader_incident_questions(struct reader *r, const struct incident *i,
	struct incident_questions *ret, struct error *e) _must_check_;
/* What was found of its rumours. */
struct rumour {
	int64_t row, at; /* at: town clock */
	enum rumour_outcome outcome;
	struct slice who;
};
typedef int rumour_fn(void *user, const struct rumour *found);
int reader_rumours(struct reader *r, int64_t incident, rumour_fn *fn, void *user, struct error *e)
	_must_check_;
int reader_incident(struct reader *r, int64_t id, incident_fn *fn, void *user, struct error *e)
	_must_check_;
typedef int entry_fn(void *user, const struct incident_entry *e);
/* Of one incident, in the order of writing; as a log, in the order in which things happened. */
int reader_log(struct reader *r, int64_t incident, entry_fn *fn, void *user, struct error *e)
	_must_check_;
int reader_entries(struct reader *r, int64_t incident, entry_fn *fn, void *user, struct error *e)
	_must_check_;

/* Entries of all incidents after an id, in the order of writing, of the kinds whose bit 1u << kind is set. */
int reader_entries_since(struct reader *r, int64_t after, uint32_t kinds, entry_fn *fn, void *user,
	struct error *e) _must_check_;

struct outbox_view {
	int64_t id;
	struct outbox_row row;
	enum outbox_state state;
	uint32_t attempts;
	int64_t next_at, sent_at; /* wall ms */
	struct slice detail;
};
typedef int outbox_fn(void *user, const struct outbox_view *o);
int reader_outbox(struct reader *r, int64_t incident /* 0: all */, bool open_only, outbox_fn *fn,
	void *user, struct error *e) _must_check_;
/* The open rows without their payload, in the order of their making; ready: it may go now. */
struct outbox_open {
	int64_t id, due_at;
	struct slice key, channel, target, person;
	uint32_t attempts;
	bool drill, urgent, ready;
	bool maybe; /* an attempt of it may have arrived */
	int64_t attempt_at; /* the end of its lease, or its next attempt: the same for what goes together */
};
int reader_outbox_open(struct reader *r, int64_t town_clock, int64_t wall,
	int (*fn)(void *user, const struct outbox_open *o), void *user, struct error *e)
	_must_check_;
/* What was to be done at a source and is given up: a dead letter whose last attempt ended after a wall time. */
struct undone_action {
	int64_t id, row, seq, decided_at; /* of the outbox; comment; wall ms */
	enum outward action;
	uint32_t attempts;
	struct slice source, who, detail; /* who decided; why it was not done */
};
int reader_undone(struct reader *r, int64_t after,
	int (*fn)(void *user, const struct undone_action *u), void *user, struct error *e)
	_must_check_;
/* What was delivered after a wall time, in its order. Looks at every row. */
struct outbox_sent {
	int64_t sent_at;
	struct slice key, channel, target, person;
	bool drill;
};
int reader_outbox_sent(struct reader *r, int64_t after,
	int (*fn)(void *user, const struct outbox_sent *o), void *user, struct error *e)
	_must_check_;

/* Trend's resume point: the last observed minute and seq (0, 0 at first). */
int reader_observed(struct reader *r, int64_t *ret_minute, int64_t *ret_seq, struct error *e)
	_must_check_;
/* Town clock: wall time, or in event mode the newest plausible event time committed. */
int reader_clock(struct reader *r, bool event, int64_t *ret, struct error *e) _must_check_;
int reader_bundle(struct reader *r, char ret_hash[65], struct error *e)
	_must_check_; /* "" when none */
/* What the folder of the configuration said when store was last told of it, "" never; it need not be in force. */
int reader_folder_bundle(struct reader *r, char ret_hash[65], struct error *e) _must_check_;
/* The packs that it and somebody else had both changed then, a line each; some may be settled by now. */
int reader_disputed_packs(struct reader *r, struct buf *ret, struct error *e) _must_check_;
/* The bundles of rules that verdicts with their text name, of the next `rows` comments behind *seq, which moves on: 0, or
 * READER_END when these were the last. */
typedef void bundle_fn(void *user, const char *hex);
int reader_bundles(struct reader *r, int64_t *seq, uint32_t rows, bundle_fn *fn, void *user,
	struct error *e) _must_check_;
/* Of the journal: when the oldest batch that waits was accepted (INT64_MAX: none waits), and the bundle that ingest
 * stamps on deliveries, "" none. */
int reader_pending(const char *state_dir, int64_t *ret_oldest, char ret_bundle[static 65],
	struct error *e) _must_check_;
/* What was published, the newest first. */
struct publication {
	int64_t at; /* wall ms */
	struct slice hash, who, reason;
};
int reader_publications(struct reader *r, uint32_t limit,
	int (*fn)(void *user, const struct publication *p), void *user, struct error *e)
	_must_check_;
int reader_silences(struct reader *r, int64_t now,
	int (*fn)(void *user, struct slice topic, int64_t until, struct slice who,
		struct slice reason),
	void *user, struct error *e) _must_check_;

/* The chain of evidence: every flagged comment is a link. A text that was changed, or a link that was changed, taken out
 * or put in, is broken. */
struct evidence { /* link by link: db/kept.h */
	uint64_t links, proven, wiped; /* wiped: deleted or purged, the link still holds */
	uint64_t broken;
	int64_t first_broken; /* seq, 0 none */
};
int reader_evidence(struct reader *r, struct evidence *ret, struct error *e) _must_check_;

/* The ledger: one row an hour of acceptance and source, from both files. */
struct ledger_row {
	int64_t hour; /* ms */
	struct slice source;
	uint64_t received; /* journal */
	uint64_t fresh, version, duplicate, tombstone, quarantined, dead; /* store */
	uint64_t pending; /* in the journal, not yet committed by store: counted item by item */
	uint64_t present, purged; /* of `fresh`: rows that are there; rows that were purged */
	bool balanced;
};
typedef int ledger_fn(void *user, const struct ledger_row *l);
/* Consistent over both files also while the pipeline runs. */
int reader_ledger(const char *state_dir, ledger_fn *fn, void *user, struct error *e) _must_check_;
/* A consistent copy of store.db, journal.db and author.key into `folder`, which exists and holds none of them. Reads by
 * itself for as long as that takes: store goes on meanwhile, its log grows until the end. Also without store. */
int reader_backup(const char *state_dir, const char *folder, struct error *e) _must_check_;
/* Both files are whole (integrity_check; reads every page): 0, or -EUCLEAN with the first fault. */
int reader_check(const char *state_dir, struct error *e) _must_check_;
#endif
