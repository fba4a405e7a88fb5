/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "remind.h"
#include <tocsin/base/clock.h>
#include <tocsin/html/html.h>

enum { PRESSING = 2 }; /* P1, P2 */

void remind_write(
	const struct console *c, struct json_writer *to, const struct queue_claim *q, int64_t town)
{
	const unsigned priority = q->rank % 2 ? 0 : (unsigned)(q->rank / 2);
	int64_t by = 0;
	char until[CLOCK_TEXT], due[CLOCK_TEXT] = "";
	if (priority && priority <= PRESSING)
		by = policy_look_by(&c->policy, priority, q->flagged_at);
	if (by)
		clock_format_hm(by, due);
	json_w_number(to, "at", q->until);
	json_w_text(to, "until", slice_of(clock_format_hm(q->until, until)));
	json_w_number(to, "due", by ? by - town + clock_now() : 0); /* as browsers count */
	json_w_text(to, "by", slice_of(due));
}

struct mine {
	struct visit *v;
	struct json_writer *to;
};

static int put_one(void *user, const struct queue_claim *q)
{
	const struct mine *m = user;
	if (!slice_is(q->who, m->v->session->name))
		return 0;
	json_w_begin(m->to, '{');
	json_w_number(m->to, "row", q->row);
	json_w_number(m->to, "seq", q->seq);
	remind_write(m->v->c, m->to, q, m->v->town);
	json_w_end(m->to, '}');
	return 0;
}

void remind_put(struct visit *v)
{
	_buf_ struct buf list = {0};
	struct json_writer to = {.out = &list};
	struct error e = {""};
	json_w_begin(&to, '[');
	/* a fault shows itself in what the page is about */
	if (visit_reader(v) == 0)
		(void)!reader_claims(v->c->reader, put_one, &(struct mine){v, &to}, &e);
	json_w_end(&to, ']');
	buf_printf(&v->out, " data-maintenant=\"%lld\" data-miens=\"", (long long)v->now);
	html_text(&v->out, buf_slice(&list));
	buf_add_char(&v->out, '"');
}
