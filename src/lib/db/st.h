/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the files behind store.h share. Everything in memory that a transaction changes is undone by store_rollback:
 * keys by their undo list, the rest by the copy in `before`. */
#ifndef DB_ST_H
#define DB_ST_H
#include <tocsin/base/arena.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/map.h>
#include <tocsin/db/store.h>
#include <tocsin/digest/digest.h>
#include <tocsin/record/account.h>
#include <tocsin/record/audit.h>
#include <tocsin/record/bulk.h>
#include <tocsin/record/code.h>
#include <tocsin/record/event_clock.h>
#include <tocsin/record/comment.h>
#include <tocsin/record/verdict.h>

#include "erasures.h"
#include "hours.h"
#include "keys.h"
#include "label.h"
#include "schema.h"

struct purge_job;

struct store {
	struct sq q;
	int lock;
	char *dir, *path;
	struct store_spec spec;
	struct keep keep;
	int64_t ack_ms; /* 0: the default */
	struct store_people people; /* zero: nobody is known */
	char **two; /* what only two people hide: NULL-terminated, or NULL */
	store_source_fn *source; /* NULL: nothing is set for any */
	void *source_user;
	struct wrong_codes { /* guesses by the page, in a minute from the first */
		int64_t since; /* wall ms */
		uint32_t n;
	} wrong;
	unsigned char author_key[DIGEST_KEY];
	struct keys keys;
	struct map *sources; /* name → id */
	struct labels *labels; /* label.h */
	struct hours hours; /* of this transaction */
	struct store_changes changes;
	struct state { /* what store_begin saves */
		int64_t next_seq;
		struct event_clock clock;
		struct store_counts counts;
		int64_t graves;
		int64_t opposed; /* objections in force */
		int64_t removal_shard; /* 1 + the shard that search was told of last; 0 in a new transaction */
		unsigned char bundle[DIGEST_SIZE];
		unsigned char chain[DIGEST_SIZE]; /* last hash of the evidence */
		bool has_bundle;
	} now, before;
	int64_t bundle_id; /* of the results' last bundle */
	unsigned char bundle_hash[DIGEST_SIZE];
	bool in_transaction, sources_dirty;
	int64_t wall; /* ms, when the transaction began */
	struct buf body, handle, scratch, facts;
	struct arena arena;
	struct purge_job *purge;
	struct store_purged purged;
	struct erasures erasures;
	bool owes; /* erasures of the register are still to be done again */
	int wal_pages; /* frames in the log after the last commit */
	int64_t copied_seq; /* next seq when the log was last copied back */
	int64_t checkpoint_retry; /* monotonic ms */
};

/* One item with its verdict on its way in. */
struct arrival {
	struct slice item, verdict;
	int64_t accepted, pos, batch;
	uint32_t place;
};

/* item.c: 0, or -EBADMSG, -EEXIST, -EINVAL for an item that cannot be stored, or a fault. Nothing in memory has changed when
 * it fails. */
int item_store(struct store *st, const struct arrival *a, struct error *e) _must_check_;
/* The id of a source by name, made when new. */
int source_id(struct store *st, struct slice name, int64_t *ret, struct error *e) _must_check_;
/* place.c: into the queue, or up in it. current: the version that people see; event time at. */
struct queue_place {
	int64_t row, current, at;
	bool decided;
};
int queue_add(struct store *st, const struct queue_place *p, const struct verdict *v,
	struct error *e) _must_check_;
/* What waits stands where this verdict puts it, up or down, since `at`. */
int queue_move(struct store *st, const struct queue_place *p, const struct verdict *v,
	struct error *e) _must_check_;
/* What waits as what a human calls it stands where this verdict puts it, if that is sooner. */
int queue_hasten(struct store *st, int64_t row, const struct verdict *v, struct error *e)
	_must_check_;

/* wipe.c: overwrites the text (WIPE_TEXT: text, url, extra and handle) or all but the source (WIPE_ALL) of one row, in place. Of who
 * objects the text goes with thread, parent and channel (WIPE_OPPOSED): only the id stays. */
enum wipe { WIPE_TEXT, WIPE_OPPOSED, WIPE_ALL };
/* WIPE_OPPOSED of a comment in wire form that no row has yet. */
void item_blank(const struct store *st, struct buf *body);
int item_wipe(struct store *st, int64_t seq, enum wipe what, int state, struct error *e)
	_must_check_;
/* Every version of the comment whose newest version is seq, unless held; search is told. */
int item_wipe_all(struct store *st, int64_t seq, enum wipe what, int state, struct error *e)
	_must_check_;
/* In place of a column of text: as many blanks. */
#define BLANKS(column) "replace(hex(zeroblob(length(CAST(" column " AS BLOB)))), '00', ' ')"
/* A digest of a text under the author key, left in place of the text: the same text coming again is known. */
#define TEXT_MARK 8u
void text_mark(const struct store *st, struct slice text, unsigned char out[static TEXT_MARK]);

/* The key of an author's account, under which his comments stand. */
void author_pseudonym(
	struct store *st, struct slice source, struct slice author, unsigned char out[static 16]);

/* evidence.c: one link for the row seq, new or already there, whose stored bytes are given; and the end of what it
 * proves. */
int evidence_add(struct store *st, int64_t seq, int64_t accepted, struct slice handle,
	struct slice body, struct error *e) _must_check_;
/* The version becomes a link of the chain, unless it is one or is gone: a proof of what was never flagged. */
int evidence_keep(struct store *st, int64_t seq, struct error *e) _must_check_;
int evidence_forget(struct store *st, int64_t seq, struct error *e) _must_check_;
int evidence_load(struct store *st, struct error *e) _must_check_;

/* incident_p1.c: a comment of priority 1 has been stored as seq. ret_id: the incident that it opened or joined; may be
 * NULL. */
struct p1 {
	int64_t seq;
	int64_t at, since; /* when it rings, and when it was said: town clock */
	const struct comment *comment;
	struct slice category;
	const unsigned char *author; /* 16 bytes, meaningful when the comment has one */
	struct slice by; /* the human who says so; empty: the rules do */
};
int incident_p1(struct store *st, const struct p1 *p, int64_t *ret_id, struct error *e)
	_must_check_;
/* human.c: what a human takes a comment for, beside what the rules found in it (found); category lives as long as ret. */
void human_verdict(struct slice *category, const struct verdict *found, struct verdict *ret);
/* How it stands by a human's word that holds still, else by the rules. */
int human_standing(struct store *st, int64_t row, int64_t seq, struct verdict *ret, struct error *e)
	_must_check_;
/* The category that a human has given it and that holds still, or nothing. In the arena. */
int human_category(struct store *st, int64_t row, struct slice *ret, struct error *e) _must_check_;
/* DECISION_REQUALIFIED: whether it may be, and that it is. */
int human_may_requalify(struct store *st, int64_t row, const struct decide_request *q,
	struct error *e) _must_check_;
int human_requalify(struct store *st, int64_t row, int64_t seq, const struct decide_request *q,
	struct error *e) _must_check_;
/* incident_human.c: a decision that calls a comment something urgent rings as a rule's finding does, once for each comment,
 * whoever found it first; the decision id is undone: what it alone has opened is closed, and what is not sent yet never is. */
int human_rings(struct store *st, int64_t row, int64_t seq, int64_t id,
	const struct decide_request *q, struct error *e) _must_check_;
int human_rings_not(struct store *st, int64_t id, struct slice who, struct error *e) _must_check_;
/* incident.c */
int incident_observe(struct store *st, struct slice body, struct error *e) _must_check_;
int incident_entry_add(struct store *st, int64_t incident, int64_t at, enum entry_kind kind,
	int64_t level, struct slice who, struct slice text, struct error *e) _must_check_;
void incident_changed(struct store *st, int64_t id);
int incident_expire(struct store *st, struct error *e) _must_check_;
/* requests on incidents: incident_requests.c */
int request_ack(struct store *st, struct slice body, struct error *e) _must_check_;
int request_prolong(struct store *st, struct slice body, struct error *e) _must_check_;
/* The same without its wire form; the end of the charge, town clock, 0 when the incident is closed. */
int incident_take(struct store *st, const struct ack_request *q, int64_t *ret_until,
	struct error *e) _must_check_;
/* A note of a person, or wording or an instruction that takes the former's place: kind. */
int request_note(struct store *st, struct slice body, enum entry_kind kind, struct error *e)
	_must_check_;
int request_close(struct store *st, struct slice body, struct error *e) _must_check_;
int request_rumour(struct store *st, struct slice body, struct error *e) _must_check_;
int request_point(struct store *st, struct slice body, struct error *e) _must_check_;
/* relay.c: who is in charge gives it back, or asks somebody to take over */
int request_release(struct store *st, struct slice body, struct error *e) _must_check_;
int request_pass_on(struct store *st, struct slice body, struct error *e) _must_check_;
int request_reopen(struct store *st, struct slice body, struct error *e) _must_check_;
int request_silence(struct store *st, struct slice body, struct error *e) _must_check_;
int request_decide(struct store *st, struct slice body, struct buf *reply, struct error *e)
	_must_check_;
/* The decision; q is turned into what is written down (second.c). ret_id 0: the same was asked before. */
int decide_one(struct store *st, struct decide_request *q, int64_t *ret_id, struct error *e)
	_must_check_;
int request_propose(struct store *st, struct slice body, struct error *e) _must_check_;
int request_missed_end(struct store *st, struct slice body, struct error *e) _must_check_;
/* account.c */
int request_account(struct store *st, struct slice body, struct error *e) _must_check_;
int request_account_remove(struct store *st, struct slice body, struct error *e) _must_check_;
int request_setup(struct store *st, struct slice body, struct buf *reply, struct error *e)
	_must_check_;
/* handled.c: somebody has looked at it; has decided; took that back */
int handled_looked(struct store *st, int64_t row, struct error *e) _must_check_;
int request_looked(struct store *st, struct slice body, struct error *e) _must_check_;
int handled_decided(struct store *st, int64_t row, struct slice decision, struct error *e)
	_must_check_;
int handled_undone(struct store *st, int64_t row, struct error *e) _must_check_;
/* absence.c */
/* oppose.c: how many are in force; whether that account's is */
int oppose_load(struct store *st, struct error *e) _must_check_;
int oppose_holds(struct store *st, const unsigned char author[static 16], bool *ret,
	struct error *e) _must_check_;
/* An erasure: what was said of it in free words goes; that it is in force stays. */
int oppose_forget(struct store *st, const unsigned char author[static 16], struct error *e)
	_must_check_;
int request_oppose(struct store *st, struct slice body, struct buf *reply, struct error *e)
	_must_check_;
/* audit_forget.c: an erasure takes out of the account the words that were looked for and that this comment answers; and a name of
 * three bytes or more, where it stands as a word among what was looked for or a reason, without regard to case and accents. */
int audit_forget_found(struct store *st, struct slice text, struct slice handle, struct error *e)
	_must_check_;
int audit_forget_name(struct store *st, struct slice name, struct error *e) _must_check_;
/* … and out of the reasons for what was decided on this comment of his; why others were judged says nothing of him. */
int decision_forget_name(struct store *st, int64_t row, struct slice name, struct error *e)
	_must_check_;
int request_remind(struct store *st, struct slice body, struct error *e) _must_check_;
int request_absence(struct store *st, struct slice body, struct error *e) _must_check_;
int request_absence_remove(struct store *st, struct slice body, struct error *e) _must_check_;
/* token.c */
int request_token(struct store *st, struct slice body, struct error *e) _must_check_;
int request_token_revoke(struct store *st, struct slice body, struct error *e) _must_check_;
int tokens_end(struct store *st, struct slice account, struct error *e)
	_must_check_; /* its account goes */
/* claim.c */
int request_claim(struct store *st, struct slice body, struct buf *reply, struct error *e)
	_must_check_;
int request_undo(struct store *st, struct slice body, struct error *e) _must_check_;
int undo_one(struct store *st, const struct undo_request *q, struct error *e) _must_check_;
/* view.c */
int request_view(struct store *st, struct slice body, struct error *e) _must_check_;
int request_view_remove(struct store *st, struct slice body, struct error *e) _must_check_;
int request_password(struct store *st, struct slice body, struct buf *reply, struct error *e)
	_must_check_;
int request_shortcuts(struct store *st, struct slice body, struct error *e) _must_check_;
int views_end(struct store *st, struct slice account, struct error *e)
	_must_check_; /* its account goes */
/* bulk.c */
int request_bulk(struct store *st, struct slice body, struct buf *reply, struct error *e)
	_must_check_;
int request_bulk_undo(struct store *st, struct slice body, struct buf *reply, struct error *e)
	_must_check_;
/* The item waits and nobody else works on it: else -EALREADY or -EBUSY. */
int claim_allows(struct store *st, int64_t row, struct slice who, struct error *e) _must_check_;
/* It is decided. */
int claim_end(struct store *st, int64_t row, struct error *e) _must_check_;
/* second.c: what q comes to when two people are needed. It is turned into the decision that is written down: what is only
 * proposed, what a confirmation confirms, a refusal. 0, SECOND_AGAIN when it was asked before, or why not. */
enum { SECOND_AGAIN = 1 };
int second_turn(struct store *st, int64_t row, int64_t seq, struct decide_request *q,
	struct error *e) _must_check_;
/* For many at once: BULK_URGENT, BULK_TWO, or 0 when one person may decide it so. */
int second_bars(struct store *st, int64_t row, int64_t seq, const struct decide_request *q,
	struct error *e) _must_check_;
bool second_is_proposal(struct slice decision);
/* It leaves the item where it is: a proposal, a refusal, one that is taken back. */
bool second_leaves(struct slice decision);
/* A decision on the row ends what was proposed (by -1: its text is gone); id proposes; the decision id is undone. */
int second_end(struct store *st, int64_t row, int64_t by, struct error *e) _must_check_;
int second_begin(struct store *st, int64_t row, int64_t id, const struct decide_request *q,
	struct error *e) _must_check_;
int second_undo(struct store *st, int64_t row, int64_t id, struct error *e) _must_check_;
/* follow.c: the open item waits for a service, since the decision id; what it waited for has ended by a decision (-1: its
 * text is gone); the decision id is undone: it stands where it stood before. */
int follow_begin(struct store *st, int64_t row, int64_t id, const struct decide_request *q,
	struct error *e) _must_check_;
int follow_end(struct store *st, int64_t row, int64_t by, struct error *e) _must_check_;
int follow_undo(struct store *st, int64_t row, int64_t id, struct error *e) _must_check_;
int follow_proposed(struct store *st, int64_t row, struct error *e) _must_check_;
/* Whether a service is to be reminded by now; then those items come first. */
int follow_is_due(struct store *st, bool *ret, struct error *e) _must_check_;
int follow_call_back(struct store *st, struct error *e) _must_check_;
/* The comment's text goes: it waits no more, and what was answered is wiped in place. */
int row_forget(struct store *st, int64_t row, struct error *e) _must_check_;
/* dossier.c */
int request_dossier_open(struct store *st, struct slice body, struct buf *reply, struct error *e)
	_must_check_;
int request_dossier_piece(struct store *st, struct slice body, struct error *e) _must_check_;
int request_dossier_entry(struct store *st, struct slice body, struct error *e) _must_check_;
int request_dossier_lift(struct store *st, struct slice body, struct error *e) _must_check_;
/* The comment has a new version: it is a piece too, wherever the former ones are. */
int dossier_follow(struct store *st, int64_t row, int64_t seq, struct error *e) _must_check_;
/* The number of a dossier that holds the comment, 0 none. */
int dossier_holding(struct store *st, int64_t row, int64_t *ret, struct error *e) _must_check_;
/* overdue.c */
int request_overdue(struct store *st, struct slice body, struct error *e) _must_check_;
/* drill.c */
int request_drill(struct store *st, struct slice body, struct buf *reply, struct error *e)
	_must_check_;
/* The newest version of the comment that seq is a version of. */
int item_newest(struct store *st, int64_t seq, int64_t *ret_row, int64_t *ret_seq, struct error *e)
	_must_check_;
/* revise.c */
int request_revise(struct store *st, struct slice body, struct error *e) _must_check_;
/* outbox.c */
int outbox_add(struct store *st, struct slice body, struct error *e) _must_check_;
int outbox_take(struct store *st, struct slice body, struct buf *reply, struct error *e)
	_must_check_;
int outbox_result(struct store *st, struct slice body, struct error *e) _must_check_;

/* action.c: what the decision id, just written, means at the source of its comment is put into the outbox. */
int action_add(struct store *st, int64_t row, int64_t id, const struct decide_request *q,
	struct error *e) _must_check_;
/* The decision id is undone: -ETIME when its action is on its way already. */
int action_undo(struct store *st, int64_t id, struct error *e) _must_check_;
int action_take(struct store *st, struct slice body, struct buf *reply, struct error *e)
	_must_check_;
int action_result(struct store *st, struct slice body, struct error *e) _must_check_;
/* Whether the text of a comment that is gone at its source stays here: we took it away there ourselves, and it is the proof; or
 * the town has set so. */
int action_keeps(struct store *st, int64_t seq, struct slice source, bool *ret, struct error *e)
	_must_check_;

/* code.c: the code with which person may take charge of an open incident at the level that it has now; "" when it is
 * closed. It holds for ms from now on. out lives in the arena. */
int code_give(struct store *st, int64_t incident, struct slice person, int64_t ms,
	struct slice *out, struct error *e) _must_check_;
/* Those that expired long ago. */
int code_forget_old(struct store *st, struct error *e) _must_check_;
int request_code(struct store *st, struct slice body, struct buf *reply, struct error *e)
	_must_check_;

/* decide.c: the state of every version, the newest first: these bits more, those less. A purge by age looks at them again when
 * they are not held any more. */
int item_hold(struct store *st, int64_t seq, int64_t set, int64_t clear, struct error *e)
	_must_check_;
/* The verdict of one version, as it is now, and the version's state; an unreadable one is unscored. In the arena. */
int item_verdict(struct store *st, int64_t seq, struct verdict *ret, int64_t *ret_state,
	struct error *e) _must_check_;
/* The number as text, which lives in the arena. */
struct slice number_text(struct store *st, int64_t v);
/* "7, masquer (menace)": the comment, what, as what or to which service. It was "7" before. */
int audit_decided(struct store *st, int64_t row, const struct decide_request *q, struct error *e)
	_must_check_;
/* requests.c */
int audit(struct store *st, struct slice who, enum audit_verb verb, struct slice what,
	struct slice why, struct error *e) _must_check_;
int note_set_int(struct store *st, const char *key, int64_t v, struct error *e) _must_check_;
int note_get_int(struct store *st, const char *key, int64_t otherwise, int64_t *ret,
	struct error *e) _must_check_;
int64_t town_now(const struct store *st); /* the town clock during a transaction */
/* upkeep.c: every key into the table, in a transaction of its own */
int store_flush_keys(struct store *st, struct error *e) _must_check_;
/* purge.c */
void purge_free(struct store *st);
/* purge_raw.c, is_of(raw, source, key): whether a raw input, or a comment in wire form, of that source is about a comment that was erased,
 * or of the account with that key. */
int purge_functions(struct store *st, struct error *e) _must_check_;
/* again.c: the register with what the database notes of it; the line that it knows, written down. */
int again_open(struct store *st, struct error *e) _must_check_;
int again_note(struct store *st, const struct erasures_at *at, struct error *e) _must_check_;
/* Whether this comment was erased, and comes again because the database does not know that. */
bool again_gone(struct store *st, struct slice source, struct slice id);
#endif
