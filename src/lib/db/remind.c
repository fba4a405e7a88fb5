/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reminders of prescriptions: the mark that one was given and its message stand in one commit, so that neither comes twice. */
#include <errno.h>
#include <tocsin/record/remind.h>

#include "st.h"

static int is_marked(struct store *st, const struct remind_request *q, bool *ret, struct error *e)
{
	int64_t found;
	int r = SQ_DONE;

	for (uint32_t i = 0; r == SQ_DONE && i < q->n; i++)
		r = sq_get(&st->q, e, &found,
			"SELECT 1 FROM remind WHERE row = ? AND day = ? AND before = ?", "iii",
			q->marks[i].row, q->marks[i].day, (int64_t)q->marks[i].before);
	*ret = r == 0;
	return r < 0 ? r : 0;
}

int request_remind(struct store *st, struct slice body, struct error *e)
{
	_cleanup_(arena_release) struct arena arena;
	_buf_ struct buf rows = {0};
	struct remind_request q;
	bool known = false;
	int r;

	arena_init(&arena, 0);
	if (remind_decode(body, &arena, &q) < 0 || !q.n)
		return error_set(e, -EBADMSG, "rappels illisibles");
	r = is_marked(st, &q, &known, e);
	if (r < 0 || known)
		return r;
	r = sq_do(&st->q, e, "DELETE FROM remind WHERE day < ?", "i", q.today);
	for (uint32_t i = 0; r == 0 && i < q.n; i++)
		r = sq_do(&st->q, e, "INSERT INTO remind(row, day, before) VALUES(?, ?, ?)", "iii",
			q.marks[i].row, q.marks[i].day, (int64_t)q.marks[i].before);
	if (r < 0)
		return r;
	outbox_rows_encode(&rows, q.rows, q.n_rows);
	return outbox_add(st, buf_slice(&rows), e);
}
