/* SPDX-License-Identifier: GPL-3.0-or-later
 * One look at a polled source: ask, check what came, let the kind map it, print what is new. The oldest goes first. */
#include <errno.h>
#include <stdarg.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>
#include <tocsin/digest/digest.h>
#include <tocsin/record/comment.h>

#include "poller.h"
#include "quota.h"
#include "rest.h"
#include "session.h"

#define FETCH_MS 30000
#define PASSWORD_MAX 4096u
#define AGAIN_LOOKS 3u /* over the same pages, as long as they bring something new */
#define GAP_LOOKS 4u /* that fail behind their first page: what is there is given up */
#define AHEAD_MS \
	(10 * CLOCK_MINUTE) /* other people's clocks: a date further in the future is none */

struct line { /* of a page, until all of it is read */
	int64_t at;
	size_t order, start, n;
};
struct pass {
	const struct poller *kind;
	const struct source_config *source;
	const struct config *config;
	struct session session;
	bool test;
	int64_t now;
	struct seen *seen;
	struct buf out, next, words;
	struct line *lines;
	size_t n, cap;
	void *own; /* the kind's */
	const char *password;
	struct fetch_answer answer; /* of the last request */
	int64_t after_ms; /* the kind's wish; 0: none */
	int64_t spent_ms; /* the source's own quota: used up for so long; 0: not */
	uint32_t asked, left; /* requests of this look; of the quota */
	bool met; /* the last of this page was there at an earlier look; what is pinned stands first */
	bool back; /* past the first page */
	bool moved; /* … and something new stood there */
};

struct buf *pass_mark(struct pass *p)
{
	return &p->seen->mark;
}

void **pass_own(struct pass *p)
{
	return &p->own;
}

const struct source_config *pass_source(const struct pass *p)
{
	return p->source;
}

struct slice pass_who(const struct pass *p)
{
	return buf_slice(&p->session.who);
}

int64_t pass_now(const struct pass *p)
{
	return p->now;
}

void pass_add(struct pass *p, const struct comment *c)
{
	struct comment copy = *c, words = *c;
	size_t start = p->out.n;

	p->met = seen_before(p->seen, c->id);
	/* what others think of it comes and goes; where it stands may be known later */
	words.likes = words.shares = 0;
	words.thread = (struct slice){0};
	buf_clear(&p->words);
	comment_to_json(&p->words, &words);
	if (!seen_add(p->seen, c->id, buf_slice(&p->words)) && !p->test)
		return;
	if (copy.created_at > p->now + AHEAD_MS)
		copy.created_at = 0; /* the time of its arrival counts */
	if (copy.edited_at > p->now + AHEAD_MS)
		copy.edited_at = 0;
	if ((!p->seen->begun || p->back) && p->source->backfill_ms && copy.created_at &&
		copy.created_at < p->now - p->source->backfill_ms)
		return;
	comment_to_json(&p->out, &copy);
	buf_add_char(&p->out, '\n');
	p->lines = xgrow(p->lines, p->n, &p->cap, sizeof(*p->lines));
	p->lines[p->n] = (struct line){copy.created_at ? copy.created_at : p->now,
		p->kind->in_order ? SIZE_MAX - p->n : p->n, start, p->out.n - start};
	p->n++;
	p->moved |= p->back;
}

void pass_next(struct pass *p, struct slice url)
{
	buf_clear(&p->next);
	buf_add_slice(&p->next, url);
}

/* Feeds have the newest first: of two with the same date the later line is the older one. */
static int older(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->order > y->order ? -1 : x->order < y->order;
}

static void print_lines(struct pass *p)
{
	if (p->n)
		qsort(p->lines, p->n, sizeof(*p->lines), older);
	for (size_t i = 0; i < p->n; i++)
		fwrite(p->out.p + p->lines[i].start, 1, p->lines[i].n, stdout);
	p->n = 0;
	buf_clear(&p->out);
}

static void print_cursor(struct pass *p)
{
	_buf_ struct buf text = {0};

	p->seen->failed = 0;
	seen_print(&text, p->seen);
	printf("cursor %s\n", buf_string(&text));
}

/* … as if this look had not been. */
static void print_cursor_before(struct pass *p)
{
	_buf_ struct buf text = {0};

	seen_print_before(&text, p->seen);
	printf("cursor %s\n", buf_string(&text));
}

void pass_print(struct pass *p)
{
	print_lines(p);
	if (p->kind->resumes && !p->test)
		print_cursor(p);
	fflush(stdout);
}

/* No JSON, surely: it begins like some. */
void pass_odd(struct pass *p, const char *format, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	for (char *c = text; *c; c++)
		if ((unsigned char)*c < ' ')
			*c = ' ';
	print_lines(p);
	printf("{ %s\n", text);
}

/* The media type, without its parameters. Servers that name none are believed: the document is looked at anyway. */
static bool type_fits(const struct poller *k, const char *type)
{
	size_t n = strcspn(type, "; \t");

	return n == 0 || slice_is_listed(k->types, (struct slice){type, n});
}

int poller_password(const struct source_config *s, struct buf *out, struct error *e)
{
	int r;

	if (!s->password_file && !s->token_file)
		return 0;
	r = file_read(s->token_file ? s->token_file : s->password_file, PASSWORD_MAX, out, e);
	while (out->n && strchr("\r\n", out->p[out->n - 1]))
		out->n--;
	return r;
}

/* Whether the source's own quota has room for one more. */
static int take_quota(struct pass *p, struct error *e)
{
	struct fetch_answer *a = &p->answer;
	int r = quota_take(p->config, p->source, clock_now(), &p->left, &p->spent_ms, e);

	if (r == QUOTA_FREE) {
		p->asked++;
		return FETCH_BODY;
	}
	a->status = 0;
	a->too_big = false;
	a->retry_ms = p->spent_ms;
	buf_clear(&a->body);
	for (size_t i = 0; i < FETCH_KEPT; i++)
		a->kept[i][0] = 0;
	if (r == QUOTA_SPENT)
		error_set(e, 0, "quota épuisé : %u demandes par %s", p->source->quota,
			p->source->quota_ms > CLOCK_HOUR ? "jour" : "heure");
	return FETCH_LATER;
}

static int ask_once(
	struct pass *p, const char *url, bool conditional, struct slice post, struct error *e)
{
	const struct fetch_job job = {.url = url,
		.accept = p->kind->accept,
		.etag = conditional ? p->seen->etag : NULL,
		.modified = conditional ? p->seen->modified : NULL,
		.user = p->source->user,
		.password = p->kind->login ? NULL : p->password,
		.bearer = p->kind->login        ? buf_string(&p->session.token)
			: p->source->token_file ? p->password
						: NULL,
		.keep = p->kind->keep,
		.post = post.n ? "application/json" : NULL,
		.body = post,
		.home = p->source->url,
		.ca_file = p->source->ca_file,
		.internal = (const char *const *)p->source->internal,
		.max = p->kind->max,
		.timeout_ms = FETCH_MS};
	int r = take_quota(p, e);

	if (r != FETCH_BODY)
		return r;
	r = fetch(&job, &p->answer, e);
	if (p->answer.spent && p->answer.retry_ms > 0)
		pass_spent(p, p->answer.retry_ms);
	if (r == FETCH_BODY && !type_fits(p->kind, p->answer.type))
		return error_set(e, FETCH_REFUSED,
			"le serveur envoie du « %.60s » : ce n'est pas l'adresse d'un flux",
			p->answer.type);
	return r;
}

/* With the session of this source, if its kind has one; a token that is over is renewed, once. */
static int ask(
	struct pass *p, const char *url, bool conditional, struct slice post, struct error *e)
{
	const struct session_job job = {
		p->source, p->config->run_dir, p->password, p->kind->login, !p->test};
	int r;

	if (!p->kind->login)
		return ask_once(p, url, conditional, post, e);
	r = session_open(&job, &p->session, &p->answer, e);
	if (r != FETCH_BODY)
		return r;
	r = ask_once(p, url, conditional, post, e);
	if (!p->kind->login->is_over(p->answer.status, buf_slice(&p->answer.body)))
		return r;
	r = session_renew(&job, &p->session, &p->answer, e);
	return r == FETCH_BODY ? ask_once(p, url, conditional, post, e) : r;
}

int pass_ask(struct pass *p, const char *url, struct slice post, struct page *ret, struct error *e)
{
	int r = ask(p, url, false, post, e);

	*ret = (struct page){buf_slice(&p->answer.body), buf_slice(&p->answer.url),
		p->answer.status, p->answer.too_big};
	if (!p->test) { /* a sign of life, which says nothing */
		putchar('\n');
		fflush(stdout);
	}
	return r;
}

int pass_ask_openly(struct pass *p, const char *url, struct page *ret, struct error *e)
{
	const char *password = p->password;
	int r;

	p->password = NULL;
	r = pass_ask(p, url, (struct slice){0}, ret, e);
	p->password = password;
	return r;
}

const char *pass_kept(const struct pass *p, size_t n)
{
	return p->answer.kept[n];
}

void pass_after(struct pass *p, int64_t ms)
{
	p->after_ms = rest_wish(ms);
}

void pass_spent(struct pass *p, int64_t ms)
{
	ms = rest_wish(ms);
	if (ms > p->after_ms)
		p->after_ms = ms;
	if (!p->test)
		printf("quota %lld\n", (long long)ms);
}

int64_t pass_server_now(const struct pass *p)
{
	return p->answer.date_ms;
}

void pass_heard(struct pass *p)
{
	(void)p;
	puts("heard");
	fflush(stdout);
}

/* An answer all the same, to a kind that has a use for it. 500: it fails at this page, not altogether. */
static bool is_refusal(const struct pass *p, unsigned page, int outcome, long status)
{
	if (p->answer.too_big && p->kind->takes_too_big)
		return outcome == FETCH_REFUSED;
	return p->kind->takes_refusals && page > 0 && status &&
		(outcome == FETCH_REFUSED || status == 500);
}

/* One page: asked for, mapped, printed. */
static int read_page(struct pass *p, const char *url, unsigned page, struct error *e)
{
	bool conditional = page == 0 && !p->test && !p->kind->first && !p->seen->pages;
	const struct fetch_answer *a = &p->answer;
	struct page seen;
	int r = ask(p, url, conditional, (struct slice){0}, e);

	if (is_refusal(p, page, r, a->status))
		r = FETCH_BODY;
	if (r != FETCH_BODY)
		return r;
	if (page == 0 && !p->kind->first) {
		memcpy(p->seen->etag, a->etag, sizeof(a->etag));
		memcpy(p->seen->modified, a->modified, sizeof(a->modified));
	}
	buf_clear(&p->next);
	p->met = false;
	seen = (struct page){.body = buf_slice(&a->body),
		.url = buf_slice(&a->url),
		.status = a->status,
		.too_big = a->too_big};
	if (p->kind->map(p, &seen, e) < 0)
		return FETCH_LATER;
	pass_print(p);
	return FETCH_BODY;
}

/* A page behind the first one cannot be read. Tried again, as if this look had not been, but not for ever: else nothing would be
 * kept any more. */
static int give_up(struct pass *p, unsigned page, int r, struct error *e)
{
	int64_t every = poller_every(p->kind, p->source), asked = p->answer.retry_ms;

	if (p->test)
		return r;
	print_lines(p); /* whole items they are */
	if (++p->seen->failed < GAP_LOOKS) {
		print_cursor_before(p);
		return r;
	}
	fprintf(stderr,
		"tocsin-connect: warning: %s : la page %u ne se laisse pas lire (%s) ; ce qui est plus ancien "
		"et n'a pas encore été lu manque\n",
		p->source->id, page + 1, e->text);
	if (asked > every)
		pass_after(p, asked);
	p->seen->pages = p->seen->again = 0;
	return FETCH_BODY;
}

/* What goes from a page that was read moves the pages behind it up: the first of the next one is passed over. So pages that brought
 * something new are read again. */
static void read_again(struct pass *p, unsigned pages)
{
	bool again = p->moved && p->seen->again < AGAIN_LOOKS;

	p->seen->pages = again ? pages : 0;
	p->seen->again = again ? p->seen->again + 1 : 0;
}

/* Page by page on the first look, so that what was published before us is heard; then until the last of a page is known, which that of the
 * first one nearly always is: else more came than it shows. */
static int read_pages(struct pass *p, struct error *e)
{
	_buf_ struct buf url = {0};
	bool all = p->kind->resumes || !p->seen->begun;
	uint32_t least = p->seen->pages;
	unsigned page;

	if (p->kind->first)
		p->kind->first(p, &url);
	else
		buf_add_string(&url, p->source->url);
	for (page = 0; page < p->kind->pages; page++) {
		int r = read_page(p, buf_string(&url), page, e);

		if (r == FETCH_REFUSED && page > 0 && !p->kind->resumes)
			break; /* older ones are not to be had */
		if (r != FETCH_BODY)
			return page > 0 && !p->kind->resumes ? give_up(p, page, r, e) : r;
		if ((!all && p->met && page + 1 >= least) || (p->test && !p->answer.too_big) ||
			!p->next.n || slice_equal(buf_slice(&p->next), buf_slice(&url)))
			break;
		if (p->answer.retry_ms > 0) { /* its budget is spent */
			r = error_set(e, FETCH_LATER, "le serveur demande d'attendre");
			return p->kind->resumes ? r : give_up(p, page + 1, r, e);
		}
		p->back = !p->kind->resumes;
		buf_clear(&url);
		buf_add_slice(&url, buf_slice(&p->next));
	}
	if (!p->kind->resumes)
		read_again(p, page + 1);
	return FETCH_BODY;
}

static void say_wait(int64_t ms, struct error *e)
{
	for (char *c = e->text; *c; c++)
		if ((unsigned char)*c < ' ')
			*c = ' ';
	printf("wait %lld %s\n", (long long)ms, e->text);
}

/* How it went, and when the next one is wanted. */
static void say_end(struct pass *p, int r, struct error *e)
{
	const struct source_config *s = p->source;
	int64_t pace = s->quota ? (int64_t)p->asked * s->quota_ms / s->quota : 0;
	bool good = r == FETCH_BODY || r == FETCH_SAME;

	if (s->quota && !p->test)
		printf("left %u\n", p->left);
	if (p->spent_ms > 0 && !p->test)
		pass_spent(p, p->spent_ms);
	if (good && pace > poller_every(p->kind, s) && pace > p->after_ms)
		p->after_ms =
			pace; /* spread over its hour: else it would be deaf for the rest of it */
	if (good || (p->spent_ms > 0 && p->spent_ms <= QUOTA_CALM_MS && !p->test)) {
		if (p->after_ms)
			printf("next %lld\n", (long long)p->after_ms);
		if (good || p->kind->resumes)
			print_cursor(p);
		else
			print_cursor_before(p);
	} else {
		int64_t asked = rest_asked(
			p->answer.status, p->answer.retry_ms, poller_every_min(p->kind, s));

		say_wait(asked > p->after_ms ? asked : p->after_ms, e);
	}
}

static int look(struct pass *p)
{
	_buf_ struct buf text = {0}, password = {0};
	struct error e = {0};
	int r;

	if (!p->test && file_read("-", SEEN_BYTES, &text, NULL) < 0)
		buf_clear(&text);
	seen_parse(buf_slice(&text), p->seen);
	seen_address(p->seen, slice_of(p->source->url));
	if (p->test && (p->kind->first || p->kind->read))
		buf_add_string(pass_mark(p), PASS_TEST);
	if (p->test)
		printf("terms %s\n", p->kind->terms);
	if (p->test && p->source->terms_note)
		printf("note %.*s\n", (int)strcspn(p->source->terms_note, "\r\n"),
			p->source->terms_note);
	r = poller_password(p->source, &password, &e);
	p->password = buf_string(&password);
	r = r < 0               ? FETCH_LATER
		: p->kind->read ? p->kind->read(p, p->password, p->test, &e)
				: read_pages(p, &e);
	if (password.n)
		digest_wipe(password.p, password.n);
	if (p->kind->end)
		p->kind->end(p);
	say_end(p, r, &e);
	fetch_answer_release(&p->answer);
	return fflush(stdout) == 0 ? 0 : 1;
}

int pass_main(const struct config *config, const struct source_config *source, bool test)
{
	struct pass p = {.kind = poller_of(source->kind),
		.source = source,
		.config = config,
		.test = test,
		.now = clock_now(),
		.seen = xcalloc(1, sizeof(*p.seen))};
	int r = p.kind ? look(&p) : 2;

	buf_release(&p.out);
	buf_release(&p.next);
	buf_release(&p.words);
	free(p.lines);
	session_release(&p.session);
	seen_release(p.seen);
	free(p.seen);
	return r;
}

const struct poller *poller_of(const char *kind)
{
	static const struct poller *const all[] = {&poller_bluesky, &poller_decidim, &poller_imap,
		&poller_mastodon, &poller_meta, &poller_rss, &poller_wordpress};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (strcmp(all[i]->name, kind) == 0)
			return all[i];
	return NULL;
}

int64_t poller_every_min(const struct poller *k, const struct source_config *source)
{
	return config_source_is_internal(source) ? 0 : k->every_min_ms;
}

int64_t poller_every(const struct poller *k, const struct source_config *source)
{
	int64_t every = source->every_ms ? source->every_ms : k->every_ms;
	int64_t least = poller_every_min(k, source);

	return every < least ? least : every;
}
