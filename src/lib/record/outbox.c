/* SPDX-License-Identifier: GPL-3.0-or-later
 * Outbox rows: added by escalate, leased and answered by whoever delivers a channel. */
#include <tocsin/record/request.h>

#include <errno.h>

#include "list.h"

static void put_row(struct buf *out, const struct outbox_row *r)
{
	wire_put_bytes(out, r->key);
	wire_put_bytes(out, r->channel);
	wire_put_bytes(out, r->target);
	wire_put_bytes(out, r->person);
	wire_put_i64(out, r->incident);
	wire_put_i64(out, r->due_at);
	wire_put_u8(out, r->level);
	wire_put_u8(out, r->urgent);
	wire_put_bytes(out, r->payload);
	wire_put_bytes(out, r->told);
}

static void read_row(struct wire *w, struct outbox_row *r)
{
	r->key = wire_bytes(w);
	r->channel = wire_bytes(w);
	r->target = wire_bytes(w);
	r->person = wire_bytes(w);
	r->incident = wire_i64(w);
	r->due_at = wire_i64(w);
	r->level = wire_u8(w);
	r->urgent = wire_u8(w);
	r->payload = wire_bytes(w);
	r->told = wire_bytes(w);
	if (r->level > LEVEL_GRIS || r->urgent > 1)
		w->bad = true;
}

void outbox_rows_encode(struct buf *out, const struct outbox_row *rows, uint32_t n)
{
	wire_put_varint(out, n);
	for (uint32_t i = 0; i < n; i++)
		put_row(out, &rows[i]);
}

int outbox_rows_decode(struct slice s, struct arena *a, struct outbox_row **ret, uint32_t *ret_n)
{
	struct wire w = wire_reader(s);
	uint32_t n = list_count(&w);
	struct outbox_row *rows = list_alloc(a, n, sizeof(*rows));

	for (uint32_t i = 0; i < n && !w.bad; i++)
		read_row(&w, &rows[i]);
	if (!wire_done(&w))
		return -EBADMSG;
	*ret = rows;
	*ret_n = n;
	return 0;
}

void leased_rows_encode(struct buf *out, const struct leased_row *rows, uint32_t n)
{
	wire_put_varint(out, n);
	for (uint32_t i = 0; i < n; i++) {
		wire_put_i64(out, rows[i].id);
		wire_put_varint(out, rows[i].attempt);
		wire_put_u8(out, rows[i].maybe_sent);
		put_row(out, &rows[i].row);
		wire_put_bytes(out, rows[i].code);
	}
}

int leased_rows_decode(struct slice s, struct arena *a, struct leased_row **ret, uint32_t *ret_n)
{
	struct wire w = wire_reader(s);
	uint32_t n = list_count(&w);
	struct leased_row *rows = list_alloc(a, n, sizeof(*rows));

	for (uint32_t i = 0; i < n && !w.bad; i++) {
		rows[i].id = wire_i64(&w);
		rows[i].attempt = list_u32(&w);
		rows[i].maybe_sent = wire_u8(&w);
		read_row(&w, &rows[i].row);
		rows[i].code = wire_bytes(&w);
	}
	if (!wire_done(&w))
		return -EBADMSG;
	*ret = rows;
	*ret_n = n;
	return 0;
}

void outbox_result_encode(struct buf *out, const struct outbox_result *r)
{
	wire_put_i64(out, r->id);
	wire_put_varint(out, r->attempt);
	wire_put_u8(out, (uint8_t)r->outcome);
	wire_put_i64(out, r->retry_at);
	wire_put_bytes(out, r->detail);
}

static void read_result(struct wire *w, struct outbox_result *r)
{
	uint8_t outcome;

	r->id = wire_i64(w);
	r->attempt = list_u32(w);
	outcome = wire_u8(w);
	r->retry_at = wire_i64(w);
	r->detail = wire_bytes(w);
	r->outcome = (enum outbox_outcome)outcome;
	w->bad |= outcome > OUTBOX_NEEDLESS;
}

int outbox_results_decode(
	struct slice s, struct arena *a, struct outbox_result **ret, uint32_t *ret_n)
{
	struct wire count = wire_reader(s), w = wire_reader(s);
	struct outbox_result *list, none;
	uint32_t n = 0;

	while (!count.bad && (count.p < count.end || !n)) {
		read_result(&count, &none);
		n++;
	}
	if (!wire_done(&count))
		return -EBADMSG;
	list = list_alloc(a, n, sizeof(*list));
	for (uint32_t i = 0; i < n; i++)
		read_result(&w, &list[i]);
	*ret = list;
	*ret_n = n;
	return 0;
}

void outbox_take_encode(struct buf *out, const struct take_request *r)
{
	wire_put_varint(out, r->n);
	for (uint32_t i = 0; i < r->n; i++) {
		wire_put_i64(out, r->ids[i]);
		wire_put_u8(out, r->with && r->with[i]);
	}
	wire_put_i64(out, r->lease_ms);
	wire_put_i64(out, r->code_ms);
}

int outbox_take_decode(struct slice s, struct arena *a, struct take_request *ret)
{
	struct wire w = wire_reader(s);
	struct take_request r = {.n = list_count(&w)};
	int64_t *ids;
	bool *with;

	if (r.n > OUTBOX_TAKE_MAX)
		return -EBADMSG;
	ids = list_alloc(a, r.n, sizeof(*ids));
	with = list_alloc(a, r.n, sizeof(*with));
	for (uint32_t i = 0; i < r.n; i++) {
		ids[i] = wire_i64(&w);
		with[i] = wire_u8(&w);
	}
	r.ids = ids;
	r.with = with;
	r.lease_ms = wire_i64(&w);
	r.code_ms = wire_i64(&w);
	if (!wire_done(&w))
		return -EBADMSG;
	*ret = r;
	return 0;
}
