/* SPDX-License-Identifier: GPL-3.0-or-later
 * What has to be done for one message: by which server, hook or gateway, to whom, with which code. */
#include "work.h"
#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/record/code.h>
#include "settle.h"

static struct slice opt(const char *s)
{
	return slice_of(s ? s : "");
}

static void add_hosts(struct buf *out, const char *const *hosts)
{
	for (size_t i = 0; hosts && hosts[i]; i++)
		buf_printf(out, "%s\n", hosts[i]);
}

/* Stays the same over the attempts, whatever the message says by then. */
static const char *file_name(const struct escalate *x, const struct leased_row *l,
	const struct message *m, struct buf *out)
{
	struct message queued = {0};
	if (message_decode(l->row.payload, &queued) < 0)
		queued.level = m->level;
	struct local_time t = clock_local(l->row.due_at);
	char name[33];
	buf_printf(out, "%s/%04d%02d%02dT%02d%02d%02d-%.*s-%.*s-%.8s.eml", x->config->mail.folder,
		t.year, t.month, t.day, t.hour, t.minute, t.second, (int)queued.level.n,
		queued.level.p, (int)l->row.person.n, l->row.person.p, message_name(m, name));
	return buf_string(out);
}

static void mail_work(const struct escalate *x, const struct leased_row *l, const struct message *m,
	struct buf *work)
{
	const struct config *c = x->config;
	_buf_ struct buf body = {0}, path = {0}, hosts = {0};
	message_encode(&body, m);
	add_hosts(&hosts, (const char *const *)c->mail.internal);
	struct job_spec job = {.kind = c->mail.url ? JOB_MAIL : JOB_DROP,
		.tls = MAIL_TLS_STARTTLS,
		.maybe = l->maybe_sent,
		.url = opt(c->mail.url),
		.user = opt(c->mail.user),
		.password_file = opt(c->mail.password_file),
		.ca_file = opt(c->mail.ca_file),
		.internal = buf_slice(&hosts),
		.near = !c->mail.internal,
		.from = opt(c->mail.from),
		.to = l->row.target,
		.zone = opt(c->zone),
		.code = m->listed ? (struct slice){0} : m->code,
		.page = m->page,
		.body = buf_slice(&body)};
	if (job.kind == JOB_DROP)
		job.path = slice_of(file_name(x, l, m, &path));
	if (c->mail.tls && strcmp(c->mail.tls, "implicit") == 0)
		job.tls = MAIL_TLS_IMPLICIT;
	else if (c->mail.tls && strcmp(c->mail.tls, "none") == 0)
		job.tls = MAIL_TLS_NONE;
	job_encode(work, &job);
}

static int hook_work(const struct escalate *x, const struct leased_row *l, const struct message *m,
	struct buf *work)
{
	const struct policy_hook *hook = policy_hook(&x->policy, l->row.target);
	_buf_ struct buf body = {0}, hosts = {0};
	char name[33];
	if (!hook)
		return -ENOENT;
	add_hosts(&hosts, hook->internal);
	message_hook(&body, m, hook->form, l->maybe_sent);
	const struct job_spec job = {.kind = JOB_POST,
		.url = opt(hook->url),
		.url_file = opt(hook->url_file),
		.secret_file = opt(hook->secret_file),
		.ca_file = opt(x->config->mail.ca_file),
		.internal = buf_slice(&hosts),
		.idempotency = slice_of(message_name(m, name)),
		.body = buf_slice(&body)};
	job_encode(work, &job);
	return 0;
}

static bool has_replies(const struct escalate *x)
{
	return x->config->sms.reply_secret_file != NULL;
}

static int sms_work(const struct escalate *x, const struct leased_row *l, const struct message *m,
	struct buf *work)
{
	const struct config *c = x->config;
	_buf_ struct buf text = {0}, hosts = {0};
	char name[33];
	int64_t origin;
	const struct message_sms how = {.maybe = l->maybe_sent,
		.fallback = settle_is_fallback(l->row.key, &origin),
		.reply = has_replies(x)};
	if (!c->sms.url)
		return -ENOENT;
	add_hosts(&hosts, (const char *const *)c->sms.internal);
	message_sms(&text, m, &how);
	const struct job_spec job = {.kind = JOB_SMS,
		.url = slice_of(c->sms.url),
		.secret_file = opt(c->sms.secret_file),
		.ca_file = opt(c->mail.ca_file),
		.internal = buf_slice(&hosts),
		.form = c->sms.post,
		.to = l->row.target,
		.idempotency = slice_of(message_name(m, name)),
		.body = buf_slice(&text)};
	job_encode(work, &job);
	return 0;
}

void work_code(const struct escalate *x, const struct leased_row *l, struct message *m,
	struct arena *arena)
{
	_buf_ struct buf page = {0};
	char code[CODE_SHOWN];
	m->code = arena_copy(arena, slice_of(code_show(l->code, code)));
	m->page = (struct slice){0};
	if (!x->config->public)
		return;
	buf_printf(&page, "%s/a", x->config->public);
	m->page = arena_copy(arena, buf_slice(&page));
}

int64_t work_code_ms(const struct escalate *x)
{
	return x->config->public || has_replies(x) ? x->policy.code_ms : 0;
}

const char *work_write(const struct escalate *x, const struct leased_row *l,
	const struct message *m, struct buf *ret)
{
	buf_clear(ret);
	if (slice_is(l->row.channel, "mail")) {
		mail_work(x, l, m, ret);
		return NULL;
	}
	if (slice_is(l->row.channel, "sms"))
		return sms_work(x, l, m, ret) < 0
			? "la passerelle SMS n'est plus dans la configuration"
			: NULL;
	return hook_work(x, l, m, ret) < 0 ? "ce crochet n'est plus dans le plan d'alerte" : NULL;
}

enum net_outcome work_drop(const struct escalate *x, const struct leased_row *l,
	const struct message *m, struct error *e)
{
	_buf_ struct buf body = {0}, path = {0};
	_free_ char *to = xstrndup(l->row.target.p, l->row.target.n);
	message_mail(&body, m, x->config->mail.from, to, l->maybe_sent, (struct slice){0});
	return job_drop(file_name(x, l, m, &path), buf_slice(&body), e);
}
