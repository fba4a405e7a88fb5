/* SPDX-License-Identifier: GPL-3.0-or-later
 * The edge: the webhook, the console and one connector a source, as the configuration wants them, at the start and again on SIGHUP.
 * What did not change is left alone; what went away or changed is stopped like at the end, and may take as long. */
#include "crew.h"
#include <signal.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/clock.h>

enum { LEAVE_MS = 10000 };

/* What a process of the edge is made of: when it is the same, so is the process. */
struct wanted {
	const char *process, *instance, *kind;
	struct buf spec;
	bool finite, takes_stdin, reloads, looks_on;
};

static void spec_add(struct buf *b, const char *text)
{
	buf_printf(b, "%zu:%s,", text ? strlen(text) : 0, text ? text : "");
}

static bool is_webhook(const struct source_config *s)
{
	return strcmp(s->kind, "webhook") == 0;
}

static void add_polled(struct buf *b, const struct source_config *s)
{
	spec_add(b, s->url);
	spec_add(b, s->mailbox);
	spec_add(b, s->user);
	spec_add(b, s->password_file);
	spec_add(b, s->token_file);
	spec_add(b, s->page);
	spec_add(b, s->network);
	spec_add(b, s->api_version);
	spec_add(b, s->secret_file);
	for (size_t i = 0; s->hashtags && s->hashtags[i]; i++)
		spec_add(b, s->hashtags[i]);
	spec_add(b, s->ca_file);
	buf_printf(b, "%lld,%lld,%d,%u,%lld,", (long long)s->every_ms, (long long)s->backfill_ms,
		s->armed, s->quota, (long long)s->quota_ms);
	for (size_t i = 0; s->internal && s->internal[i]; i++)
		spec_add(b, s->internal[i]);
}

static void add_table(struct buf *b, const struct source_config *s)
{
	for (size_t k = 0; k < SOURCE_COLUMNS; k++)
		spec_add(b, s->columns[k]);
	spec_add(b, s->separator);
	buf_printf(b, "%d,", (int)s->encoding);
}

static struct wanted want_source(const struct source_config *s)
{
	struct wanted w = {.process = "connect", .instance = s->id, .kind = s->kind};
	bool once = s->path ? !s->follow : s->command && s->restart_ms == 0;
	spec_add(&w.spec, s->kind);
	spec_add(&w.spec, s->path);
	buf_printf(&w.spec, "%d,%lld,%lld,", s->follow, (long long)s->restart_ms,
		(long long)s->replay_ms);
	for (size_t i = 0; s->command && s->command[i]; i++)
		spec_add(&w.spec, s->command[i]);
	add_polled(&w.spec, s);
	add_table(&w.spec, s);
	w.finite = once;
	w.takes_stdin = s->path && strcmp(s->path, "-") == 0;
	return w;
}

static struct wanted want_webhook(const struct config *config)
{
	struct wanted w = {.process = "webhook", .reloads = true};
	spec_add(&w.spec, config->listen);
	spec_add(&w.spec, config->public);
	spec_add(&w.spec, config->sms.reply_secret_file);
	for (size_t i = 0; i < config->n_sources; i++) {
		const struct source_config *s = &config->sources[i];
		if (!config_source_is_pushed(s))
			continue;
		spec_add(&w.spec, s->id);
		spec_add(&w.spec, s->page);
		spec_add(&w.spec, s->verify_file);
		spec_add(&w.spec, s->secret_file);
		spec_add(&w.spec, s->timestamp);
	}
	return w;
}

static struct wanted want_console(const struct config *config)
{
	struct wanted w = {.process = "console", .reloads = true, .looks_on = true};
	spec_add(&w.spec, config->console.listen);
	spec_add(&w.spec, config->console.public);
	return w;
}

static struct member *find(struct crew *c, const char *process, const char *instance)
{
	_free_ char *label = instance ? xasprintf("%s.%s", process, instance) : xstrdup(process);
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->members[i].label, label) == 0)
			return &c->members[i];
	return NULL;
}

static void stop(struct member *m)
{
	kill(m->pid, SIGCONT);
	kill(m->pid, SIGTERM);
	m->leave_by = clock_monotonic() + LEAVE_MS;
}

static void become(struct member *m, struct wanted *w)
{
	m->finite = w->finite;
	m->takes_stdin = w->takes_stdin;
	m->reloads = w->reloads;
	m->looks_on = w->looks_on;
	free(m->spec);
	m->spec = xstrdup(buf_string(&w->spec));
}

/* It runs as it was: it ends, and is started as it is to be. */
static void renew(struct crew *c, struct member *m, struct wanted *w)
{
	struct member like = crew_member(c, w->process, w->instance, STAGE_EDGE, w->kind);
	char **argv = m->argv;
	m->argv = like.argv;
	like.argv = argv;
	crew_member_release(&like);
	become(m, w);
	m->leaving = false;
	m->backoff = (struct backoff){0};
	m->renewed = m->pid > 0;
	if (m->renewed)
		stop(m);
	else
		m->state = MEMBER_IDLE;
}

static void want(struct crew *c, struct wanted *w)
{
	struct member *m = find(c, w->process, w->instance);
	enum words_lang lang = c->s->config.lang;
	if (!m) {
		m = crew_add(c, crew_member(c, w->process, w->instance, STAGE_EDGE, w->kind));
		become(m, w);
		if (c->all_ready)
			service_log(c->s, LOG_INFO_, words(lang, "%s : nouvelle source"), m->label);
	} else if (m->leaving || strcmp(m->spec, buf_string(&w->spec)) != 0) {
		service_log(
			c->s, LOG_INFO_, words(lang, "%s : source changée, elle repart"), m->label);
		renew(c, m, w);
	}
	m->wanted = true;
	buf_release(&w->spec);
}

static void leave(struct crew *c, struct member *m)
{
	if (m->leaving)
		return;
	service_log(c->s, LOG_INFO_, words(c->s->config.lang, "%s : source retirée"), m->label);
	m->leaving = true;
	m->renewed = false;
	if (m->pid > 0)
		stop(m);
}

void crew_sources(struct crew *c, const struct config *config)
{
	for (size_t i = 0; i < c->n; i++)
		c->members[i].wanted = c->members[i].stage != STAGE_EDGE;
	if (config->listen) {
		struct wanted w = want_webhook(config);
		want(c, &w);
	}
	if (config->console.listen) {
		struct wanted w = want_console(config);
		want(c, &w);
	}
	for (size_t i = 0; i < config->n_sources; i++) {
		if (is_webhook(&config->sources[i]))
			continue;
		struct wanted w = want_source(&config->sources[i]);
		want(c, &w);
	}
	for (size_t i = 0; i < c->n; i++)
		if (!c->members[i].wanted)
			leave(c, &c->members[i]);
}

/* Its numbers would stand for ever. */
static void forget(struct crew *c, size_t i)
{
	struct member *m = &c->members[i];
	crew_metrics(c, m);
	crew_member_release(m);
	memmove(m, m + 1, (--c->n - i) * sizeof(*m));
}

void crew_sources_turn(struct crew *c)
{
	int64_t now = clock_monotonic();
	for (size_t i = 0; i < c->n; i++) {
		struct member *m = &c->members[i];
		if (m->pid > 0 && (m->leaving || m->renewed) && now >= m->leave_by) {
			service_log(c->s, LOG_WARNING_, "%s",
				words(c->s->config.lang,
					"un processus ne s'arrête pas : il est tué"));
			kill(m->pid, SIGKILL);
			m->leave_by = now + CLOCK_SECOND;
		}
		if (m->leaving && m->pid <= 0)
			forget(c, i--);
	}
}
