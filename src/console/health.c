/* SPDX-License-Identifier: GPL-3.0-or-later
 * For programs that watch: whether the process works, whether it can serve, and every process's numbers. The numbers are for
 * this machine's own (a request that a proxy passed on says so) and for a token that may read them. */
#include "console.h"
#include <errno.h>
#include "api/api.h"
#include "metrics.h"

static void answer_text(struct visit *v, unsigned status, const char *type, struct slice text)
{
	v->c->statuses[status]++;
	http_answer(v->r, &(struct http_response){.status = status, .type = type, .body = text});
}

#define PLAIN "text/plain; charset=utf-8"

void health_get(struct visit *v)
{
	answer_text(v, 200, PLAIN, SLICE("ok\n"));
}

void ready_get(struct visit *v)
{
	int64_t seq;
	struct error e = {""};
	bool ready = visit_reader(v) == 0 && reader_last_seq(v->c->reader, &seq, &e) == 0;
	answer_text(v, ready ? 200 : 503, PLAIN, ready ? SLICE("ok\n") : SLICE("pas de base\n"));
}

/* From this machine, and passed on by nobody. */
static bool is_near(struct visit *v)
{
	static const char *const passed[] = {
		"X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Host", "Via"};
	struct address_key key;
	struct slice value;
	for (size_t i = 0; i < sizeof(passed) / sizeof(*passed); i++)
		if (http_header(v->r, passed[i], &value) != -ENOENT)
			return false;
	return http_address_key(v->r->peer, &key) && key.local;
}

void metrics_get(struct visit *v)
{
	if (!is_near(v) && !api_may(v, SCOPE_METRICS)) {
		answer_text(v, 403, PLAIN,
			SLICE("réservé à cette machine, ou à un jeton de portée metrics:read\n"));
		return;
	}
	metrics_write(&v->out, v->c->s->config.run_dir);
	answer_text(v, 200, "text/plain; version=0.0.4; charset=utf-8", buf_slice(&v->out));
}
