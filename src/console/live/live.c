/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live.h"
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/bus/news.h>
#include "watch.h"

enum {
	VIEWERS_MAX = 320, /* a part of the server's connections: pages need some too */
	VIEWERS_EACH = 12, /* of one session */
	KEPT = 512, /* events for who comes back */
	LOOK_MS = 150,
	BEAT_MS = 15000 /* something is said at least so often: who has left is found */
};

struct event {
	char *text; /* as it is sent */
	size_t n;
	uint16_t roles;
};
struct viewer {
	struct viewer *prev, *next;
	struct live *l;
	struct http_request *r;
	char token[SESSION_TOKEN];
	uint16_t roles;
};
struct live {
	struct console *c;
	struct news_reader *news;
	struct watch watch;
	struct viewer *viewers;
	size_t n_viewers;
	int second, beat, soon; /* timers; soon: 0 when no look is due */
	uint64_t epoch, n; /* events so far */
	struct event kept[KEPT]; /* event i at i % KEPT */
};

/* --- events */

static void keep(void *user, const char *name, uint16_t roles, struct slice data)
{
	struct live *l = user;
	struct event *slot = &l->kept[++l->n % KEPT];
	struct buf text = {0};
	buf_printf(&text, "id: %016llx-%llu\nevent: %s\ndata: ", (unsigned long long)l->epoch,
		(unsigned long long)l->n, name);
	buf_add_slice(&text, data);
	buf_add_string(&text, "\n\n");
	free(slot->text);
	*slot = (struct event){text.p, text.n, roles};
	for (struct viewer *v = l->viewers; v; v = v->next)
		if (v->roles & roles)
			http_say(v->r, buf_slice(&text));
}

static void look(struct live *l)
{
	struct console *c = l->c;
	struct error e = {""};
	if (!c->reader && reader_open(c->s->config.state_dir, &c->reader, &e) < 0)
		return;
	/* a fault shows itself in the pages; the next look tries again */
	(void)!watch_look(&l->watch, c, keep, l, &e);
}

/* While nobody listens nobody looks: the first one is told nothing of it that is older than his page. */
static void catch_up(struct live *l)
{
	if (!l->n_viewers)
		look(l);
}

static void look_now(void *user)
{
	struct live *l = user;
	l->soon = 0;
	look(l);
}

static void on_news(void *user, const struct news *n, bool gap)
{
	struct live *l = user;
	(void)gap;
	if (n->kind == NEWS_OUTBOX || n->kind == NEWS_CLOCK || n->kind == NEWS_BUNDLE)
		return;
	if (!l->soon && l->n_viewers)
		l->soon = bus_timer(l->c->bus, LOOK_MS, 0, look_now, l);
}

static void on_second(void *user)
{
	struct live *l = user;
	if (!l->soon && (l->n_viewers || !l->watch.begun))
		look(l);
}

static void write_cursor(const struct live *l, char out[static LIVE_CURSOR])
{
	snprintf(out, LIVE_CURSOR, "%016llx-%llu", (unsigned long long)l->epoch,
		(unsigned long long)l->n);
}

void live_cursor(struct live *l, char out[static LIVE_CURSOR])
{
	catch_up(l);
	write_cursor(l, out);
}

/* --- viewers */

static void drop(struct viewer *v)
{
	struct live *l = v->l;
	if (v->prev)
		v->prev->next = v->next;
	else
		l->viewers = v->next;
	if (v->next)
		v->next->prev = v->prev;
	l->n_viewers--;
	free(v);
}

static void on_gone(void *user)
{
	drop(user);
}

static int same_account(void *user, const struct login *a)
{
	struct session *s = user;
	return a->changed_at == s->account_changed_at ? 0 : 1;
}

/* Whoever signed out, or whose account changed or went, hears no more. That the database cannot be read just now says
 * nothing of him. */
static bool has_left(struct live *l, const struct viewer *v)
{
	struct error e = {""};
	struct session *s = session_peek(&l->c->sessions, v->token, clock_now());
	return !s ||
		(l->c->reader &&
			reader_account(l->c->reader, slice_of(s->name), same_account, s, &e) > 0);
}

static void on_beat(void *user)
{
	struct live *l = user;
	struct viewer *next;
	for (struct viewer *v = l->viewers; v; v = next) {
		next = v->next;
		if (!has_left(l, v)) {
			http_say(v->r, SLICE(":\n\n"));
			continue;
		}
		http_say(v->r, SLICE("event: fin\ndata: {}\n\n"));
		http_end(v->r);
		drop(v);
	}
}

static size_t viewers_of(const struct live *l, const char *token)
{
	size_t n = 0;
	for (const struct viewer *v = l->viewers; v; v = v->next)
		n += strcmp(v->token, token) == 0;
	return n;
}

/* The number behind the epoch; false: it is not one of ours, or what came behind it is forgotten. */
static bool read_cursor(const struct live *l, struct slice text, uint64_t *ret)
{
	char epoch[20];
	int64_t n;
	snprintf(epoch, sizeof(epoch), "%016llx-", (unsigned long long)l->epoch);
	if (!slice_begins(text, epoch))
		return false;
	text = (struct slice){text.p + strlen(epoch), text.n - strlen(epoch)};
	if (!slice_number(text, &n))
		return false;
	*ret = (uint64_t)n;
	return *ret <= l->n && l->n - *ret < KEPT;
}

/* The page is to be read again. */
static void put_again(const struct live *l, struct buf *out)
{
	char now[LIVE_CURSOR];
	write_cursor(l, now);
	buf_printf(out, "id: %s\nevent: repartir\ndata: {}\n\n", now);
}

/* What was said since; `repartir` when that cannot be told, or is more than a line may have unread. */
static void put_missed(struct live *l, struct visit *v, struct buf *out)
{
	_buf_ struct buf asked = {0};
	struct slice last;
	uint64_t seen;
	const size_t start = out->n;
	if (http_header(v->r, "Last-Event-ID", &last) == 0)
		buf_add_slice(&asked, last);
	else if (visit_query(v, "depuis", LIVE_CURSOR, &asked) != 0)
		return;
	if (!read_cursor(l, buf_slice(&asked), &seen)) {
		put_again(l, out);
		return;
	}
	while (seen++ < l->n) {
		const struct event *e = &l->kept[seen % KEPT];
		if (e->roles & v->session->roles)
			buf_add(out, e->text, e->n);
	}
	if (out->n > HTTP_UNREAD_MAX / 2) {
		out->n = start;
		put_again(l, out);
	}
}

static void admit(struct live *l, struct visit *v)
{
	_buf_ struct buf begin = {0};
	struct viewer *new = xcalloc(1, sizeof(*new));
	*new = (struct viewer){.next = l->viewers, .l = l, .r = v->r, .roles = v->session->roles};
	memcpy(new->token, v->token, sizeof(new->token));
	catch_up(l);
	buf_add_string(&begin, "retry: 2000\n\n");
	put_missed(l, v, &begin);
	if (l->viewers)
		l->viewers->prev = new;
	l->viewers = new;
	l->n_viewers++;
	v->c->statuses[200]++;
	http_stream(v->r,
		&(struct http_response){
			.status = 200, .type = "text/event-stream", .body = buf_slice(&begin)},
		on_gone, new);
}

void live_get(struct visit *v)
{
	struct live *l = v->c->live;
	bool full = l->n_viewers >= VIEWERS_MAX || viewers_of(l, v->token) >= VIEWERS_EACH;
	if (slice_is(v->r->method, "HEAD") || full || v->c->stop_at) {
		const unsigned status = full || v->c->stop_at ? 503 : 200;
		v->c->statuses[status]++;
		http_answer(v->r,
			&(struct http_response){.status = status,
				.type = "text/event-stream",
				.retry_after = status == 503 ? 5 : 0});
		return;
	}
	admit(l, v);
}

size_t live_viewers(const struct live *l)
{
	return l->n_viewers;
}

/* --- beginning, end */

int live_open(struct console *c, struct live **ret, struct error *e)
{
	struct live *l = xcalloc(1, sizeof(*l));
	l->c = c;
	digest_random(&l->epoch, sizeof(l->epoch));
	*ret = l;
	int r = news_open(c->bus, on_news, l, &l->news, e);
	if (r < 0)
		return r;
	l->second = bus_timer(c->bus, 0, CLOCK_SECOND, on_second, l);
	l->beat = bus_timer(c->bus, BEAT_MS, BEAT_MS, on_beat, l);
	return 0;
}

void live_stop(struct live *l)
{
	struct viewer *next;
	for (struct viewer *v = l ? l->viewers : NULL; v; v = next) {
		next = v->next;
		http_end(v->r);
		drop(v);
	}
}

struct live *live_close(struct live *l)
{
	if (!l)
		return NULL;
	if (l->news) {
		bus_timer_cancel(l->c->bus, l->second);
		bus_timer_cancel(l->c->bus, l->beat);
		if (l->soon)
			bus_timer_cancel(l->c->bus, l->soon);
	}
	news_close(l->news);
	watch_release(&l->watch);
	for (size_t i = 0; i < KEPT; i++)
		free(l->kept[i].text);
	free(l);
	return NULL;
}
