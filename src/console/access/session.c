/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session.h"
#include <stdio.h>

/* 128 bits are more than anybody guesses; a page has one in each of its forms. */
enum { CSRF_BYTES = 16 };

void sessions_init(struct sessions *s)
{
	*s = (struct sessions){0};
	digest_random(s->key, sizeof(s->key));
}

void sessions_release(struct sessions *s)
{
	for (size_t i = 0; i < SESSIONS_MAX; i++)
		session_end(&s->list[i]);
	digest_wipe(s->key, sizeof(s->key));
}

void session_token(char out[static SESSION_TOKEN])
{
	unsigned char random[DIGEST_SIZE];
	digest_random(random, sizeof(random));
	digest_hex(random, sizeof(random), out);
}

bool session_token_ok(struct slice token)
{
	for (size_t i = 0; i < token.n; i++)
		if (!(token.p[i] >= '0' && token.p[i] <= '9') &&
			!(token.p[i] >= 'a' && token.p[i] <= 'f'))
			return false;
	return token.n == SESSION_TOKEN - 1;
}

/* A clock that was put back ends nothing early. */
static bool is_over(const struct session *s, int64_t now)
{
	return now - s->last >= SESSION_IDLE_MS || now - s->since >= SESSION_MOST_MS;
}

static struct session *place(struct sessions *s)
{
	struct session *oldest = &s->list[0];
	for (size_t i = 0; i < SESSIONS_MAX; i++) {
		if (!s->list[i].used)
			return &s->list[i];
		if (s->list[i].last < oldest->last)
			oldest = &s->list[i];
	}
	session_end(oldest);
	return oldest;
}

struct session *session_begin(
	struct sessions *s, const char *token, const struct login *a, int64_t now)
{
	struct session *new = place(s);
	*new = (struct session){.used = true,
		.account_changed_at = a->changed_at,
		.roles = a->roles,
		.since = now,
		.last = now};
	if (shortcuts_read(a->shortcuts, &new->shortcuts) < 0)
		new->shortcuts = shortcuts_usual;
	digest_sha256(slice_of(token), new->id);
	snprintf(new->name, sizeof(new->name), "%.*s", (int)a->name.n, a->name.p);
	snprintf(new->lang, sizeof(new->lang), "%.*s", (int)a->lang.n, a->lang.n ? a->lang.p : "");
	snprintf(new->sources, sizeof(new->sources), "%.*s", (int)a->sources.n,
		a->sources.n ? a->sources.p : "");
	return new;
}

struct session *session_peek(struct sessions *s, const char *token, int64_t now)
{
	unsigned char id[DIGEST_SIZE];
	digest_sha256(slice_of(token), id);
	for (size_t i = 0; i < SESSIONS_MAX; i++) {
		struct session *one = &s->list[i];
		if (!one->used || !digest_equal(one->id, id, sizeof(id)))
			continue;
		if (is_over(one, now)) {
			session_end(one);
			return NULL;
		}
		return one;
	}
	return NULL;
}

struct session *session_find(struct sessions *s, const char *token, int64_t now)
{
	struct session *one = session_peek(s, token, now);
	if (one && now > one->last)
		one->last = now;
	return one;
}

void session_end(struct session *session)
{
	buf_release(&session->told);
	*session = (struct session){0};
}

void session_csrf(const struct sessions *s, const char *token, char out[static SESSION_TOKEN])
{
	unsigned char mac[DIGEST_SIZE];
	digest_hmac((struct slice){(const char *)s->key, sizeof(s->key)}, slice_of(token), mac);
	digest_hex(mac, CSRF_BYTES, out);
}

void session_link(const struct sessions *s, const char *token, struct slice name,
	struct slice nonce, char out[static SESSION_TOKEN])
{
	unsigned char mac[DIGEST_SIZE];
	_buf_ struct buf text = {0};
	buf_printf(&text, "link %s %.*s %.*s", token, (int)name.n, name.n ? name.p : "",
		(int)nonce.n, nonce.n ? nonce.p : "");
	digest_hmac((struct slice){(const char *)s->key, sizeof(s->key)}, buf_slice(&text), mac);
	digest_hex(mac, sizeof(mac), out);
	digest_wipe(mac, sizeof(mac));
}

bool session_csrf_is(const struct sessions *s, const char *token, struct slice given)
{
	char want[SESSION_TOKEN];
	session_csrf(s, token, want);
	return given.n == strlen(want) && digest_equal(given.p, want, given.n);
}
