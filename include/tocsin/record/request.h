/* SPDX-License-Identifier: GPL-3.0-or-later
 * What other processes ask of store over the `commit` channel. Store answers each with a status
 * (0, or -errno with a text) and a reply body. Every request is idempotent under its key, so a caller
 * that got no answer asks again. */
#ifndef TOCSIN_RECORD_REQUEST_H
#define TOCSIN_RECORD_REQUEST_H
#include <tocsin/record/incident.h>

enum request_verb {
	REQUEST_PING = 1, /* → reply: schema version u32, town clock i64 */
	REQUEST_OBSERVE, /* trend: one closed minute */
	REQUEST_OUTBOX_ADD, /* escalate: rows to deliver, keyed */
	REQUEST_OUTBOX_RESULT =
		5, /* … what became of them: several went as one message, at one moment */
	REQUEST_ACK, /* acknowledge an incident */
	REQUEST_NOTE, /* manual entry in the main courante */
	REQUEST_CLOSE, /* close by hand */
	REQUEST_SILENCE,
	REQUEST_DECIDE, /* a moderator's decision on one comment */
	REQUEST_BUNDLE, /* activate a bundle: struct bundle_request; empty only asks. reply: active hash in hex */
	REQUEST_PURGE, /* retention or erasure. reply: purge number i64, comments purged u64 */
	REQUEST_RELEASED, /* ingest: journal batches below this id are gone, intake rows may go */
	REQUEST_SEARCH_PURGED = 15, /* search: purged up to this purge number */
	REQUEST_REVISE = 16, /* trend: a rule's rate holds, the verdict says more */
	REQUEST_CODE =
		17, /* webhook: somebody takes charge with a code: record/code.h, reply too. A wrong code is an
	                      answer, no error */
	REQUEST_OUTBOX_TAKE =
		19, /* escalate: lease these rows; what may not go (any more) is left out */
	REQUEST_DRILL =
		20, /* rehearse a level's chain. reply: incident i64, opened at i64 (town clock), u8 1 when
	                       it is new: of each level one drill at a time */
	REQUEST_OVERDUE = 31, /* escalate: what waits for a human past its deadline */
	/* What the town hall says of an incident, and what its teams are to do: struct note_request. The text takes the
	 * former's place, an empty one withdraws it; all stay in the main courante. */
	REQUEST_WORDING = 21,
	REQUEST_INSTRUCTION = 22,
	/* Of the console, and of `tocsin account`: record/account.h. */
	REQUEST_ACCOUNT = 23, /* an account, new or changed */
	REQUEST_ACCOUNT_REMOVE = 24,
	REQUEST_SETUP =
		25, /* what opens the way to the first account. reply: u8 1 when it is open */
	REQUEST_CLAIM =
		26, /* somebody works on an item of the queue, or leaves it: reply struct claim_reply */
	REQUEST_UNDO = 27, /* the decision that was just made: struct undo_request */
	REQUEST_SEARCHED =
		28, /* who looks for what in the texts, and why: kept before it is done */
	REQUEST_PROPOSE =
		30, /* a service proposes an answer to what was transferred to it: struct propose_request */
	/* Of who answers for the data: the console's pages of conformity, `tocsin export`. */
	REQUEST_EXPORTED =
		50, /* who takes what out, and why: struct searched_request, kept before it is done */
	REQUEST_HANDLE =
		51, /* who looks up what is held of an account, and why: kept before it is done, without its name.
		      reply: its key, 16 bytes (stored_comment.author_key) */
	REQUEST_SIGNED_IN =
		52, /* who came in, and how: struct searched_request, the query is who */
	REQUEST_REFUSED =
		53, /* who was not let in: the name of the account as it was typed. One entry an account and hour, with how
		      often; all names that are none have one together, and are not written down */
	/* Of `tocsin token`: record/token.h. */
	REQUEST_TOKEN = 40,
	REQUEST_TOKEN_REVOKE = 41,
	/* Of dossiers: record/dossier.h. */
	REQUEST_DOSSIER_OPEN = 60,
	REQUEST_DOSSIER_PIECE = 61, /* a piece more, or one that leaves it */
	REQUEST_DOSSIER_ENTRY = 62,
	REQUEST_DOSSIER_LIFT = 63,
	/* One decision on many comments, and its end: record/bulk.h. */
	REQUEST_BULK = 70,
	REQUEST_BULK_UNDO = 71,
	/* Filters that people keep under a name: record/view.h. */
	REQUEST_VIEW = 72,
	REQUEST_VIEW_REMOVE = 73,
	/* Somebody's keys: record/shortcut.h. */
	REQUEST_SHORTCUTS = 74,
	/* Somebody's own password: record/account.h. */
	REQUEST_PASSWORD = 94,
	/* Of the team: record/absence.h. */
	REQUEST_ABSENCE = 76,
	REQUEST_ABSENCE_REMOVE = 77,
	REQUEST_LOOKED =
		85, /* an item of the queue was opened: any version of it, i64. Never by whom */
	REQUEST_MISSED_END =
		90, /* of the rules' authors: what was reported as missed is a test now, or is none. struct
		       propose_request, the text is why; -ENOENT: nobody reported it */
	REQUEST_OPPOSE = 84, /* of who answers for the data: record/oppose.h */
	REQUEST_REMIND = 83, /* escalate: of prescriptions that end soon: record/remind.h */
	/* Of a connector whose source can act: record/action.h. */
	REQUEST_ACTION_TAKE = 80,
	REQUEST_ACTION_RESULT = 81,
	/* What was closed was not over: struct close_request, with a text. The incident is open again at the level that it had,
	 * jaune at least, and rings as if it had just reached it; nobody is in charge, and a silence of its topic
	 * ends. -EALREADY: it is open; -EEXIST: another one of its topic is; -EINVAL: a drill, a source that is not heard and what is
	 * overdue end by themselves. */
	REQUEST_REOPEN = 82,
	/* When the next point of the situation is to come: struct note_request, `at` being that moment (town clock), 0: none is
	 * promised any more; the text says so in the main courante. What people write there within NEXT_POINT_EARLY before it, or
	 * later, is that point, and keeps the promise. -EALREADY: closed; -EINVAL: not in the future, or beyond a week. */
	REQUEST_POINT = 86,
	REQUEST_RUMOUR = 87, /* what was found of a rumour: record/rumour.h */
	/* Who is in charge of an alarm gives it back: struct close_request, the text may be empty. It is open again, and rings as
	 * when a charge has expired. Nothing happens when it is his no more (-EPERM: it is somebody else's). */
	REQUEST_RELEASE = 95,
	/* … or asks somebody to take it over: struct close_request, the text being whom. It stays his until that one takes it
	 * (REQUEST_ACK); escalate tells him. Asked of another, it is no more asked of the first. -EPERM: it is not his to give;
	 * -ENOENT: there is no such account. */
	REQUEST_PASS_ON = 96,
	/* … or holds it longer: struct ack_request. As REQUEST_ACK, but only while it is his: -EALREADY: closed; -EPERM: it is
	 * somebody else's by now, or nobody's. */
	REQUEST_PROLONG = 97,
};

/* REQUEST_OBSERVE: applied once per minute (minute > last observed, else a no-op). */
enum observe_action { OBSERVE_OPEN, OBSERVE_RAISE, OBSERVE_UPDATE, OBSERVE_LOWER, OBSERVE_CLOSE };
struct observation {
	enum observe_action action;
	enum incident_kind kind;
	enum town_level level;
	struct slice topic, title;
	struct incident_facts facts;
};
struct observe_request {
	int64_t minute; /* start of the closed minute, event time ms */
	int64_t through_seq; /* highest comment seq counted in it */
	struct observation *list;
	uint32_t n;
};

/* REQUEST_OUTBOX_ADD */
struct outbox_row {
	struct slice key; /* idempotency: "incident/level/step/person/channel/repeat" */
	struct slice channel; /* "mail", "sms", "webhook/<hook>" */
	struct slice target; /* address or URL name from the policy */
	struct slice person; /* policy's person id */
	int64_t incident; /* 0 none */
	int64_t due_at; /* town clock */
	uint8_t level; /* enum town_level */
	uint8_t urgent; /* 1: P1, or its drill */
	struct slice payload; /* everything the delivery needs, composed when added */
	struct slice
		told; /* not empty: nothing is to be delivered, for this, said in the main courante */
};
/* REQUEST_OUTBOX_TAKE: ids, lease ms, code ms (rows of mail and SMS bear a code that holds so long from now on; 0: none) → rows
 * as leased_row. What goes as one message has one lease, to the millisecond, and no other message of the request has it. */
#define OUTBOX_TAKE_MAX 1000u /* ids in one request */
struct take_request {
	const int64_t *ids;
	uint32_t n;
	int64_t lease_ms, code_ms;
	const bool *with; /* of each: it goes with the one before it; NULL: none does */
};
struct leased_row {
	int64_t id;
	uint32_t attempt; /* from 1 */
	uint8_t maybe_sent; /* an earlier attempt may have arrived: mark "doublon possible" */
	struct outbox_row row;
	struct slice code; /* with which row.person may take charge of row.incident; may be empty */
};
/* REQUEST_OUTBOX_RESULT */
enum outbox_outcome {
	OUTBOX_SENT,
	OUTBOX_FAILED /* surely not delivered, retry later */,
	OUTBOX_UNKNOWN /* maybe delivered */,
	OUTBOX_DEAD /* refused for good */,
	OUTBOX_NEEDLESS /* not sent (any more): detail says why, and the main courante keeps it */
};
#define OUTBOX_LEFT \
	"déposé : " /* begins the detail of a mail that was left in a folder, for want of a relay */
struct outbox_result {
	int64_t id;
	uint32_t attempt;
	enum outbox_outcome outcome;
	int64_t retry_at; /* wall clock ms, for FAILED and UNKNOWN */
	struct slice detail; /* server's answer, capped */
};

struct ack_request {
	int64_t incident;
	struct slice who;
	int64_t until; /* expiry, town clock; 0: for as long as store was told (policy.ack) */
	struct slice text;
};
struct note_request {
	int64_t incident, at;
	struct slice who, text;
	/* Of a wording or an instruction: the entry that was in force for the writer, NOTE_NONE when there was none; -ESTALE
	 * when it is another one by now, unless that says the same. 0: whichever it is. */
	int64_t over;
};
#define NOTE_NONE (-1)
#define NEXT_POINT_EARLY (10 * 60000) /* ms */
#define SEARCHED_MAX 200u /* bytes of what is looked for */
struct searched_request {
	struct slice who, query, reason; /* none is empty */
};
struct handle_request {
	struct slice who, source, author, reason; /* none is empty */
};
struct close_request {
	int64_t incident;
	struct slice who, text;
};
struct silence_request {
	struct slice topic;
	int64_t until;
	struct slice who, reason;
};
struct drill_request {
	struct slice level; /* "jaune" … "gris", "P1" */
	struct slice title; /* for people; store puts INCIDENT_DRILL_MARK before it */
	struct slice who;
};
/* The state of one priority; told again when it is another one. */
struct overdue_request {
	enum observe_action
		action; /* UPDATE and LOWER open nothing, CLOSE: nothing waits any more */
	uint8_t priority; /* 1 or 2 */
	enum town_level level;
	uint32_t waiting; /* comments */
	int64_t since; /* when the oldest was flagged, town clock */
	int64_t *examples; /* seqs of the oldest, at most 5 */
	uint32_t n_examples;
};
struct decide_request {
	int64_t seq;
	struct slice decision; /* "laisser", "masquer", "repondre", "transferer", "dossier" … */
	struct slice who, reason, category /* human's own, may be empty */;
	/* 1: from a page of the queue. Refused when the item waits no more (-EALREADY), or somebody else works on it
	 * (-EBUSY). */
	uint8_t open_only;
	struct slice text, model; /* of "repondre" and "attente": what the public is told */
	/* Of "attente", which needs the time, and of "transferer", which needs both: the item waits for the service, which
	 * is to be reminded then (town clock). The id of one, or what somebody calls it. */
	struct slice service;
	int64_t until;
	/* One more than the number of the last decision that was seen when it was asked for, 1: none; -EALREADY when there
	 * is another by now. 0: does not say. */
	int64_t known;
};
#define DECISION_HOLDING "attente"
#define DECISION_SENT "transferer"
#define DECISION_PROPOSED "proposer" /* REQUEST_PROPOSE alone makes it */
/* tocsin left it alone, and a human puts it into the queue: category and reason say why. Only of what does not wait
 * (-EALREADY). Kept for the authors of rules (`tocsin rules missed`). */
#define DECISION_MISSED "oubli"
/* A human takes it for something else than the rules do: it waits on, with the priority of its category and the time for that
 * from now on. Of what waits alone (-EALREADY); -EINVAL: without a category, or with the one that it has. What is decided later
 * without a category has this one. */
#define DECISION_REQUALIFIED "requalifier"
/* Hiding what takes two people (verdict_wants_two), or telling the public something below it, is only proposed: a decision of
 * its own, "proposer_masquer", "proposer_supprimer", "proposer_repondre" or "proposer_attente". Another one confirms it, which makes it the decision, or refuses it with a reason; who proposed it may
 * take it back. Who is alone in the moderation may confirm his own after SECOND_ALONE_MS, with a reason. Meanwhile nobody else
 * decides (-EALREADY), unless it has become urgent. -EPERM: he may not confirm it. */
#define DECISION_CONFIRM "confirmer"
#define DECISION_REFUSE "refuser"
#define DECISION_WITHDRAWN "retirer" /* kept of a refusal by who proposed it */
#define DECISION_PROPOSES "proposer_" /* before the decision that is proposed */
#define SECOND_ALONE_MS (60 * INT64_C(60000))
/* Reply of REQUEST_DECIDE: nothing, or this byte when it is proposed and done by nobody so far. */
#define DECIDED_PROPOSED 1
#define DECISION_NAMES 10
extern const char *const decision_names[DECISION_NAMES]; /* those that people take */
bool decision_known(struct slice name);
/* Where an item stands that waits for a service. */
enum follow_state {
	FOLLOW_WAITS,
	FOLLOW_DUE /* the service is to be reminded */,
	FOLLOW_PROPOSED /* it has proposed an answer */
};
#define ANSWER_MAX 4000u /* bytes of what the public is told */
/* -ENOENT: nothing that waits was transferred to one of the services of `who`. */
struct propose_request {
	int64_t seq;
	struct slice who, text;
};
/* A comment's verdict, scored anew because the rates of these rules hold. It is taken when it says more than the one that is
 * there and no human has decided; else, and when asked again, nothing happens. */
struct revise_request {
	int64_t seq;
	struct slice verdict; /* encoded */
	struct slice *rules; /* 1 … VERDICT_LIST_MAX ids, each in verdict.rated */
	uint32_t n_rules;
};
#define REVISE_MOST \
	256u /* in one request, whose body is that many byte strings: all are taken, or none */
/* Rules that were published as state/bundles/HASH. The folder of the configuration is taken when it says something new:
 * what it said last time does not undo what a person pushed or rolled back to since. */
struct bundle_request {
	struct slice hash; /* 64 hex digits */
	struct slice who, reason;
	struct slice
		folder; /* 64 hex digits, at a start or a reload: what the configuration's folder says. Only when that is
	                        news hash is taken. Empty: it is taken */
	/* 64 hex digits: only while this one is active (-ESTALE: another is, and stays; what is asked for may be so already);
	 * empty: whatever is */
	struct slice over;
	bool pushed; /* somebody published that very folder: it is taken, news or not */
	/* with folder: the packs ("NAME.yaml", a line each) of which it says other than what is in force, both having changed */
	struct slice disputed;
	/* Rules that name a person and are signed anew, by ids with ", " between them, and the account of the jurist who did:
	 * -EPERM when that is none. Empty: none are. */
	struct slice signs, jurist;
};
/* Purge by age (retention), or of one author or one comment (erasure): exactly one is set. */
struct purge_request {
	int64_t now; /* 0: the town clock */
	struct slice author; /* handle, with source; empty: by age */
	struct slice source;
	struct slice id; /* one native id */
	struct slice who, reason;
};

/* By the wall clock a minute closes at its end or later. One that closed and has not begun yet was closed under a clock
 * that has been put back since, by a minute at least: it no longer says what is told already. wall: clock_now(). */
bool observe_outlived(int64_t minute, int64_t wall);

/* Encoders append to out; decoders borrow from s and take arrays from the arena. 0 or -EBADMSG. */
void observe_encode(struct buf *out, const struct observe_request *r);
int observe_decode(struct slice s, struct arena *a, struct observe_request *ret) _must_check_;
void outbox_rows_encode(struct buf *out, const struct outbox_row *rows, uint32_t n);
int outbox_rows_decode(struct slice s, struct arena *a, struct outbox_row **ret, uint32_t *ret_n)
	_must_check_;
void leased_rows_encode(struct buf *out, const struct leased_row *rows, uint32_t n);
int leased_rows_decode(struct slice s, struct arena *a, struct leased_row **ret, uint32_t *ret_n)
	_must_check_;
void outbox_take_encode(struct buf *out, const struct take_request *r);
int outbox_take_decode(struct slice s, struct arena *a, struct take_request *ret) _must_check_;
/* One more at the body's end; at least one is read. */
void outbox_result_encode(struct buf *out, const struct outbox_result *r);
int outbox_results_decode(
	struct slice s, struct arena *a, struct outbox_result **ret, uint32_t *ret_n) _must_check_;
void ack_encode(struct buf *out, const struct ack_request *r);
int ack_decode(struct slice s, struct ack_request *ret) _must_check_;
void note_encode(struct buf *out, const struct note_request *r);
int note_decode(struct slice s, struct note_request *ret) _must_check_;
void searched_encode(struct buf *out, const struct searched_request *r);
int searched_decode(struct slice s, struct searched_request *ret) _must_check_;
void handle_encode(struct buf *out, const struct handle_request *r);
int handle_decode(struct slice s, struct handle_request *ret) _must_check_;
void close_encode(struct buf *out, const struct close_request *r);
int close_decode(struct slice s, struct close_request *ret) _must_check_;
void silence_encode(struct buf *out, const struct silence_request *r);
int silence_decode(struct slice s, struct silence_request *ret) _must_check_;
void drill_encode(struct buf *out, const struct drill_request *r);
int drill_decode(struct slice s, struct drill_request *ret) _must_check_;
void bundle_encode(struct buf *out, const struct bundle_request *r);
int bundle_decode(struct slice s, struct bundle_request *ret) _must_check_;
void overdue_encode(struct buf *out, const struct overdue_request *r);
int overdue_decode(struct slice s, struct arena *a, struct overdue_request *ret) _must_check_;
void decide_encode(struct buf *out, const struct decide_request *r);
int decide_decode(struct slice s, struct decide_request *ret) _must_check_;
void propose_encode(struct buf *out, const struct propose_request *r);
int propose_decode(struct slice s, struct propose_request *ret) _must_check_;
void revise_add(struct buf *body, const struct revise_request *r); /* one more at the body's end */
void revise_encode(struct buf *out, const struct revise_request *r); /* one alone */
int revise_decode(struct slice s, struct arena *a, struct revise_request *ret) _must_check_;
void purge_encode(struct buf *out, const struct purge_request *r);
int purge_decode(struct slice s, struct purge_request *ret) _must_check_;
#endif
