/* SPDX-License-Identifier: GPL-3.0-or-later
 * kind meta: what the files of one look share. */
#ifndef CONNECT_META_LOOK_H
#define CONNECT_META_LOOK_H
#include "meta.h"
#include "posts.h"

#define META_ANSWER_MAX (8u << 20)
#define META_CHECKS 10u /* missing comments that are asked for in one look */
#define META_STRAYS 3u

struct missing {
	struct watched comment;
	int64_t count; /* of its post, now */
	bool waits; /* for another look */
};
struct meta {
	const struct meta_words *words;
	struct json_reader *json, *usage;
	struct buf path, proof, after, answer;
	bool test, live, spent;
	int64_t wait_ms; /* when it is spent */
	const char *post; /* whose comments are read */
	struct buf ids,
		more; /* all of them, each between blanks; those that have more answers than were shown */
	struct posts posts;
	int64_t turn;
	struct watch watch;
	unsigned asked, refused; /* the posts whose comments were; how many of them */
	bool forbidden; /* one of them, and not because it is gone */
	struct error fault; /* why */
	unsigned heard; /* comments of others that were listed in this look */
	struct watch gone; /* were said to be gone in the last look */
	struct missing missing[META_CHECKS]; /* of posts that have fewer comments than before */
	size_t n_missing;
	char strays[META_STRAYS][WATCH_ID]; /* … of others */
	size_t n_strays;
};
/* GET: m->path is behind the version. ret_fault: what is wrong with an answer that is no success, META_NONE: all is well, or the API
 * did not say. An outcome of fetch.h. */
int meta_ask(struct pass *p, struct meta *m, struct json_value *ret, enum meta_error *ret_fault,
	struct error *e) _must_check_;
/* The comments of a known post, `count` now, were listed whole (m->ids): which of those that were heard are not among them? True: its
 * count is to stay as it was known, until those are asked for. */
bool meta_note_missing(struct meta *m, const struct post *post, int64_t count);
/* All was read: those that are missing are asked for. An outcome of fetch.h. */
int meta_bury(struct pass *p, struct meta *m, struct error *e) _must_check_;
#endif
