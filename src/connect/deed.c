/* SPDX-License-Identifier: GPL-3.0-or-later
 * The frame of actions, in the child: request by request as the kind says, and what it came to. */
#include "deed.h"

#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>
#include <tocsin/digest/digest.h>

#include "quota.h"
#include "session.h"

#define ASK_MS 10000
#define JOB_BYTES (4u << 20)

/* What was done, had it been: à blanc. */
static const char *would(enum outward a)
{
	switch (a) {
	case ACTION_HIDE: return "à blanc : aurait été masqué à la source";
	case ACTION_SHOW: return "à blanc : aurait été montré de nouveau à la source";
	case ACTION_REPLY: return "à blanc : la réponse aurait été publiée";
	case ACTION_SPAM: return "à blanc : aurait été mis aux indésirables à la source";
	case ACTION_TRASH: return "à blanc : aurait été mis à la corbeille à la source";
	case ACTION_NONE:
	default: return "à blanc";
	}
}

static void say_dry(enum outward action, struct error *e)
{
	struct error said = *e;

	if (said.text[0])
		error_set(e, 0, "à blanc : %s", said.text);
	else
		error_set(e, 0, "%s", would(action));
}

struct worker { /* who asks */
	struct deed *deed;
	const struct poller *kind;
	const char *password;
	const struct config *config;
	struct session session;
};

static int ask_once(struct worker *w, bool write, struct fetch_answer *a, struct error *e)
{
	const struct poller *k = w->kind;
	struct deed *d = w->deed;
	_buf_ struct buf key = {0};
	uint32_t left;
	int64_t ms;

	buf_add_slice(&key, d->action->mark);
	const struct fetch_job job = {.url = buf_string(&d->url),
		.accept = k->accept,
		.user = d->source->user,
		.password = k->login ? NULL : w->password,
		.bearer = k->login              ? buf_string(&w->session.token)
			: d->source->token_file ? w->password
						: NULL,
		.key = write && d->keyed ? buf_string(&key) : NULL,
		.home = d->source->url,
		.ca_file = d->source->ca_file,
		.internal = (const char *const *)d->source->internal,
		.post = write ? "application/json" : NULL,
		.body = buf_slice(&d->body),
		.max = k->max,
		.timeout_ms = ASK_MS};

	/* people's decisions are done all the same: what they cost is missing to the looks */
	if (quota_take(w->config, d->source, clock_now(), &left, &ms, e) < 0)
		return FETCH_LATER;
	return fetch(&job, a, e);
}

static int ask(struct worker *w, bool write, struct fetch_answer *a, struct error *e)
{
	const struct session_job job = {
		w->deed->source, w->config->run_dir, w->password, w->kind->login, true};
	int r = ask_once(w, write, a, e);

	if (!w->kind->login || !w->kind->login->is_over(a->status, buf_slice(&a->body)))
		return r;
	r = session_renew(&job, &w->session, a, e);
	return r == FETCH_BODY ? ask_once(w, write, a, e) : r;
}

/* The first request needs to know who we are. */
static int enter(struct worker *w, struct fetch_answer *a, struct error *e)
{
	const struct session_job job = {
		w->deed->source, w->config->run_dir, w->password, w->kind->login, true};
	int r = w->kind->login ? session_open(&job, &w->session, a, e) : FETCH_BODY;

	w->deed->who = buf_slice(&w->session.who);
	return r;
}

static enum action_outcome outcome_of(int step, enum outward action, struct error *e)
{
	switch (step) {
	case DEED_DONE: return ACTION_DONE;
	case DEED_REFUSED: return ACTION_REFUSED;
	case DEED_DEAD: return ACTION_DEAD;
	case DEED_WRITE: say_dry(action, e); return ACTION_DRY;
	case DEED_LATER: return ACTION_LATER;
	default: return ACTION_LATER; /* a fault, or more steps than there can be */
	}
}

/* Step by step. ret_ms: how long the server wants to be left alone. */
static enum action_outcome carry_out(struct worker *w, int64_t *ret_ms, struct error *e)
{
	struct deed *d = w->deed;
	struct fetch_answer answer = {0};
	struct page page;
	int step = enter(w, &answer, e);

	*ret_ms = answer.retry_ms;
	step = step == FETCH_BODY ? w->kind->deed(d, NULL, e) : DEED_LATER;

	for (unsigned i = 0; i < DEED_STEPS; i++) {
		int r;

		if (step != DEED_ASK && (step != DEED_WRITE || !d->source->armed))
			break;
		r = ask(w, step == DEED_WRITE, &answer, e);
		*ret_ms = answer.retry_ms;
		/* no answer, or one that asks for patience; a 5xx may be one that the kind knows, but never the last word */
		if (r == FETCH_LATER || !answer.status) {
			step = DEED_LATER;
			break;
		}
		e->text[0] = 0;
		page = (struct page){
			buf_slice(&answer.body), buf_slice(&answer.url), answer.status};
		buf_clear(&d->url);
		buf_clear(&d->body);
		step = w->kind->deed(d, &page, e);
	}
	fetch_answer_release(&answer);
	return outcome_of(step, d->action->action, e);
}

static void say(enum action_outcome outcome, int64_t ms, struct error *e)
{
	for (char *c = e->text; *c; c++)
		if ((unsigned char)*c < ' ')
			*c = ' ';
	printf("%d %lld %s\n", (int)outcome, (long long)ms, e->text);
}

int deed_main(const struct config *config, const struct source_config *source)
{
	_buf_ struct buf job = {0}, password = {0};
	const struct poller *k = poller_of(source->kind);
	struct leased_action a;
	struct deed d = {.action = &a, .source = source, .now = clock_now()};
	struct worker w = {.deed = &d, .kind = k, .config = config};
	struct error e = {0};
	enum action_outcome outcome = ACTION_LATER;
	int64_t ms = 0;

	if (!k || !k->deed)
		return 2;
	if (file_read("-", JOB_BYTES, &job, &e) < 0 ||
		leased_action_decode(buf_slice(&job), &a) < 0)
		return 2;
	d.json = json_reader_new(k->max);
	if (poller_password(source, &password, &e) == 0) {
		d.password = w.password = buf_string(&password);
		outcome = carry_out(&w, &ms, &e);
	}
	if (password.n)
		digest_wipe(password.p, password.n);
	say(outcome, ms, &e);
	json_reader_free(d.json);
	session_release(&w.session);
	buf_release(&d.url);
	buf_release(&d.body);
	buf_release(&d.memo);
	return fflush(stdout) == 0 ? 0 : 1;
}
