/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ESCALATE_WORK_H
#define ESCALATE_WORK_H
#include "escalate.h"

/* Encodes what the child has to do (job.h). Returns NULL, or, in French, why there is nothing to do it with any more. */
const char *work_write(const struct escalate *x, const struct leased_row *l,
	const struct message *m, struct buf *ret);
/* A mail for the folder, done at once, without a child. e: what went wrong. */
enum net_outcome work_drop(const struct escalate *x, const struct leased_row *l,
	const struct message *m, struct error *e);
/* Puts the code of this attempt into the message, and where to bring it, if the receiver can do something with it. */
void work_code(const struct escalate *x, const struct leased_row *l, struct message *m,
	struct arena *arena);
/* How long the codes of this round hold, ms; 0: there is nowhere to bring one. */
int64_t work_code_ms(const struct escalate *x);
#endif
