/* SPDX-License-Identifier: GPL-3.0-or-later
 * A request's body into the comments in it. Pure.
 *
 * First the body is only cut into pieces (the object, the elements of the array, the lines); whatever is wrong with its
 * frame is told before anything of it is taken. Then each piece is read strictly and by itself: one that is no
 * comment goes into quarantine and leaves its neighbours alone. */
#ifndef WEBHOOK_BODY_H
#define WEBHOOK_BODY_H
#include <tocsin/record/comment.h>

#define BODY_ITEMS_MAX 10000u
#define BODY_PROBLEMS_MAX 20u /* told to the sender; all are counted */

enum body_form { BODY_JSON /* one object, or an array of them */, BODY_LINES };
enum body_outcome {
	BODY_MALFORMED = 1, /* nothing of it can be taken: the text says why and where */
	BODY_TOO_MANY = 2 /* more than BODY_ITEMS_MAX */
};

struct body_piece {
	struct slice text;
	uint32_t line; /* where it begins, from 1 */
};
struct body_problem {
	uint32_t item, line; /* from 1 */
	enum comment_refusal why;
	char text[160];
};
struct body { /* reused from request to request */
	struct json_reader *json;
	size_t item_max;
	struct body_piece *pieces;
	uint32_t n, cap;
	struct buf extra, raw, id;
	uint32_t accepted, quarantined;
	struct body_problem problems[BODY_PROBLEMS_MAX];
};

void body_init(struct body *b, size_t item_max /* bytes of one comment */);
void body_release(struct body *b);
/* Cuts text, which must live as long as the pieces. 0, or an outcome with its text, line and byte (from 1; 0 = none) in
 * French. */
int body_cut(struct body *b, enum body_form form, struct slice text, struct error *e,
	uint32_t *ret_line, uint64_t *ret_byte) _must_check_;

/* Called with each comment, or quarantine item, in order; its slices live during the call. */
typedef void body_take_fn(void *user, const struct comment *c);
/* Reads every piece; source is what each comes from, request begins the ids of what goes into quarantine. */
void body_read(
	struct body *b, struct slice source, struct slice request, body_take_fn *take, void *user);
#endif
