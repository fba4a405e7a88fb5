/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the database keeps, until when, and what a purge would take now: the same rule as the purge itself. For pages that
 * show it: each verb goes over so many rows a call, for nobody may read for long. */
#ifndef TOCSIN_DB_KEPT_H
#define TOCSIN_DB_KEPT_H
#include <stdint.h>
#include <tocsin/base/error.h>
#include <tocsin/base/slice.h>
#include <tocsin/digest/digest.h>
#include <tocsin/record/keep.h>
#include <tocsin/record/oppose.h>

/* What a text is kept as, and so for how long. KEPT_OPPOSED: its author objects, and nobody needs it any more: no longer than to
 * the next purge. */
enum kept_as {
	KEPT_UNFLAGGED,
	KEPT_FLAGGED,
	KEPT_DISCRIMINATORY,
	KEPT_OPPOSED,
	KEPT_HELD,
	KEPT_KINDS
};

struct reader;
struct stored_comment;

struct kept {
	uint64_t texts; /* that are there, versions too */
	uint64_t due; /* … of which a purge would take so many now */
	int64_t oldest, ends; /* ms: the oldest text; when the first one of them ends. 0: none */
};
/* Begin with all zero but keep, event and now. */
struct census {
	struct keep keep;
	bool event; /* the town clock follows the data */
	int64_t now; /* town clock */
	int64_t seq; /* looked at up to here */
	struct kept kinds[KEPT_KINDS];
	uint64_t comments, versions; /* that a purge would take now, as it counts them */
	uint64_t wiped; /* texts that are gone: purged, or deleted at their source */
};
/* The next `rows` comments: 0, or READER_END when these were the last. */
int reader_census(struct reader *r, uint32_t rows, struct census *c, struct error *e) _must_check_;
/* What a purge would empty now beside the comments. */
struct kept_beside {
	uint64_t quarantine, dead, outbox;
};
int reader_kept_beside(struct reader *r, int64_t now, const struct keep *k, struct kept_beside *ret,
	struct error *e) _must_check_;

/* Comments that are held, the last held first: pieces of dossiers, and what a decision holds by itself. */
struct hold {
	int64_t row, at; /* at: wall ms */
	struct slice who, why;
	int64_t dossier; /* 0: a decision, whose reason is why */
};
int reader_holds(struct reader *r, uint32_t limit, int (*fn)(void *user, const struct hold *h),
	void *user, struct error *e) _must_check_;

/* Purges that were made, the newest first; number 0: all, at most limit. */
struct purge_done {
	int64_t number, at; /* wall ms */
	uint64_t comments;
	struct slice who, what, why; /* of the account of what was done; empty when it has none */
};
int reader_purges(struct reader *r, int64_t number, uint32_t limit,
	int (*fn)(void *user, const struct purge_done *p), void *user, struct error *e)
	_must_check_;

/* Erasures of one account or comment that were begun before a time (wall ms) and have not come to their end, the oldest first: a stop
 * cut them off, and the same request made again ends them. */
#define ERASED_NAMES_MS \
	(7 * CLOCK_DAY) /* so long the names are kept that are still to be looked for */
struct unfinished {
	bool account; /* else one comment */
	struct slice
		mark; /* "1a2b3c4d": that of the looks at a person in the account of what was done */
	int64_t since; /* wall ms */
	bool names; /* they are kept still, or there were none */
};
int reader_unfinished(struct reader *r, int64_t before,
	int (*fn)(void *user, const struct unfinished *u), void *user, struct error *e)
	_must_check_;

/* The account of what people did: entries before an id (0: the newest), the newest first. */
struct audit_entry {
	int64_t id, at; /* at: wall ms */
	struct slice who, verb, what, why;
};
/* What is NULL, empty or 0 does not count. */
struct audit_filter {
	const char
		*verbs; /* those that count, each with a blank on both sides (" purge export ") */
	struct slice who;
	int64_t since, until; /* wall ms, until: excluded */
	int64_t comment; /* any version of it: what was done about it, alone or together with others */
};
/* Of these verbs `what` begins with the number of a comment. */
#define AUDIT_OF_COMMENTS " decide requalify second propose missed revise "
int reader_audit(struct reader *r, const struct audit_filter *f, int64_t before, uint32_t limit,
	int (*fn)(void *user, const struct audit_entry *a), void *user, struct error *e)
	_must_check_;

/* Texts that are there, with the last decision on their comment, "" when there is none. Each verb goes over the next `rows` rows
 * behind *seq, which moves on: 0, or READER_END when these were the last. */
struct kept_text {
	const struct stored_comment *stored;
	struct slice decision, category; /* category: the human's own, may be empty */
	bool held, superseded; /* superseded: a newer version is there */
};
typedef int text_fn(void *user, const struct kept_text *t);
int reader_texts(struct reader *r, int64_t *seq, uint32_t rows, text_fn *fn, void *user,
	struct error *e) _must_check_;
/* Those that were flagged: every link of the chain of evidence. */
int reader_flagged(struct reader *r, int64_t *seq, uint32_t rows, text_fn *fn, void *user,
	struct error *e) _must_check_;
/* Those of one author, by the key of his account (REQUEST_HANDLE). */
int reader_author(struct reader *r, const unsigned char key[static 16], int64_t *seq, uint32_t rows,
	text_fn *fn, void *user, struct error *e) _must_check_;

/* What is left of his comments whose text is gone: adds to *n how many of the next `rows` rows have the source's id and the key of
 * his account yet, until an erasure takes these too. */
int reader_traces(struct reader *r, const unsigned char key[static 16], int64_t *seq, uint32_t rows,
	uint64_t *n, struct error *e) _must_check_;

/* Every source that was ever heard, by its name. */
int reader_sources(struct reader *r, int (*fn)(void *user, struct slice source), void *user,
	struct error *e) _must_check_;

/* Objections: those to decide first, then the newest. */
struct opposition {
	int64_t id, at, decided_at; /* wall ms; decided_at 0: not yet */
	unsigned char author_key[16];
	enum opposition_state state;
	struct slice source, who, reason, decided_by, ground;
};
int reader_oppositions(struct reader *r, uint32_t limit,
	int (*fn)(void *user, const struct opposition *o), void *user, struct error *e)
	_must_check_;

/* The chain of evidence, link by link in its order. */
struct evidence_at { /* all zero: before the first */
	int64_t own, late; /* how far in each of its two rows */
};
struct evidence_item { /* one link with what it proves; bytes as they are stored */
	int64_t seq, accepted;
	struct slice salt, mark, hash;
	struct slice handle, body; /* of a text that is there; empty when it was wiped */
	bool wiped, there; /* there: its row is */
	const struct stored_comment *stored;
};
/* At most `links` behind *at, which moves on: 0, or READER_END when these were the last. */
int reader_evidence_links(struct reader *r, struct evidence_at *at, uint32_t links,
	int (*fn)(void *user, const struct evidence_item *l), void *user, struct error *e)
	_must_check_;
/* Holds a link against the chain so far, which moves on to it. Pure. */
bool evidence_holds(const struct evidence_item *l, unsigned char chain[static DIGEST_SIZE]);
#endif
