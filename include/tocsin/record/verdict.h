/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the rules say of one comment: a supposition with its reasons, never a judgement. */
#ifndef TOCSIN_RECORD_VERDICT_H
#define TOCSIN_RECORD_VERDICT_H
#include <stdint.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>

enum verdict_level { VERDICT_NONE, VERDICT_QUEUE, VERDICT_ALERT };
enum verdict_lane { LANE_MODERATION = 1, LANE_REPONSE = 2 }; /* bits */
/* Beside them, of what waits for a human and of no verdict: somebody told the town hall of it (comment_is_reported). */
enum { QUEUE_REPORTED = 4 };
enum verdict_unscored { /* why a human must look without a score; 0 = scored */
	UNSCORED_NOT,
	UNSCORED_LIMIT, /* a match or time limit was hit */
	UNSCORED_ATTEMPTS, /* it crashed or stalled scorers BUS_ATTEMPTS_MAX times */
	UNSCORED_UNREADABLE
};

struct verdict_match {
	struct slice rule, category;
	uint32_t start, end; /* bytes in the original UTF-8 text */
};

#define VERDICT_LIST_MAX \
	64u /* categories, topics, shadows, rated; matches: 256; the rest is dropped, the score is not */
#define VERDICT_MATCHES_MAX 256u
struct verdict { /* arrays are the caller's or an arena's */
	enum verdict_level level;
	uint8_t lanes; /* bits of enum verdict_lane */
	uint8_t priority; /* 0 none, 1..4 = P1..P4 */
	uint8_t unscored; /* enum verdict_unscored; then level is at least VERDICT_QUEUE */
	uint32_t score; /* hundredths: 650 = 6.5 */
	struct slice *categories, *topics;
	/* Shadows: rules in observation that match, without any effect. Rated: rules that match and count only at the n-th
	 * hit of an author or thread; only one whose rate holds (trend counts) has an effect and matches below. */
	struct slice *shadows, *rated;
	struct verdict_match *matches;
	uint32_t n_categories, n_topics, n_shadows, n_rated, n_matches;
};

/* The first category, which it is known by, or nothing. */
static inline struct slice verdict_first(const struct verdict *v)
{
	return v->n_categories ? v->categories[0] : (struct slice){0};
}

struct arena;
void verdict_encode(struct buf *out, const struct verdict *v);
/* Slices borrow from s, arrays come from the arena. 0 or -EBADMSG. */
int verdict_decode(struct slice s, struct arena *arena, struct verdict *ret) _must_check_;
/* Reads only level, lanes, priority, unscored, score (for counting). */
int verdict_peek(struct slice s, struct verdict *ret) _must_check_;
/* Whether `now` says more than `before` and nothing less: then a verdict may be revised. */
bool verdict_raises(const struct verdict *before, const struct verdict *now);
/* Whether hiding it, or answering it in public, takes two people: one of these ids (NULL-terminated, or NULL) is a category, topic or rule of it, also one
 * in observation, or the category that a human gives it. An urgency (P1) never waits for a second person. */
bool verdict_wants_two(const struct verdict *v, struct slice category, char *const *ids);
/* Whether it takes two for who wrote it: one of the ids is his account, "source/account". */
bool author_wants_two(struct slice source, struct slice author, char *const *ids);
/* The contract of `tocsin score`, one line with newline. bundle is the hash in hex. */
void verdict_to_json(struct buf *out, const struct verdict *v, struct slice id, struct slice text,
	const char *bundle);
#endif
