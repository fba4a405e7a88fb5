/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which items of a journal batch are committed: sorted ranges that do not touch. */
#ifndef DB_INTAKE_H
#define DB_INTAKE_H
#include <stdbool.h>

#include "sq.h"

struct intake_range {
	uint32_t first, end;
};
struct intake {
	struct intake_range *list;
	size_t n, cap;
};
void intake_release(struct intake *in);
/* From the row's bytes; what is malformed is -EBADMSG. */
int intake_decode(struct slice s, struct intake *ret) _must_check_;
int intake_read(struct sq *q, int64_t batch, struct intake *ret, struct error *e) _must_check_;
int intake_write(struct sq *q, int64_t batch, const struct intake *in, struct error *e)
	_must_check_;
bool intake_has(const struct intake *in, uint32_t place);
bool intake_covers(const struct intake *in, uint32_t first, uint32_t count);
void intake_add(struct intake *in, uint32_t first, uint32_t count);
#endif
