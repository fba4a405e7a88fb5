/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "imap_wire.h"
#include <errno.h>
#include <poll.h>
#include <strings.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/utf8.h>

#define BLOCK 65536u

static int cut(struct error *e)
{
	return error_set(e, -EPIPE, "le serveur a coupé la liaison");
}

static int await(struct imap *m, short what, struct error *e)
{
	struct pollfd p = {.fd = m->fd, .events = what};
	int64_t left = m->until - clock_monotonic();
	if (left <= 0 || poll(&p, 1, (int)left) == 0)
		return error_set(e, -ETIMEDOUT, "le serveur répond trop lentement");
	return 0;
}

static int receive(struct imap *m, struct error *e)
{
	size_t n = 0;
	if (m->at > BLOCK) {
		memmove(m->in.p, m->in.p + m->at, m->in.n - m->at);
		m->in.n -= m->at;
		m->at = 0;
	}
	for (;;) {
		CURLcode code = curl_easy_recv(m->t.curl, buf_reserve(&m->in, BLOCK), BLOCK, &n);
		if (code == CURLE_OK && n) {
			m->in.n += n;
			return clock_monotonic() > m->until ? await(m, POLLIN, e) : 0;
		}
		if (code != CURLE_AGAIN)
			return cut(e);
		int r = await(m, POLLIN, e);
		if (r < 0)
			return r;
	}
}

static int transmit(struct imap *m, struct slice s, struct error *e)
{
	while (s.n) {
		size_t n = 0;
		CURLcode code = curl_easy_send(m->t.curl, s.p, s.n, &n);
		if (code == CURLE_AGAIN) {
			int r = await(m, POLLOUT, e);
			if (r < 0)
				return r;
			continue;
		}
		if (code != CURLE_OK)
			return cut(e);
		s = (struct slice){s.p + n, s.n - n};
	}
	return 0;
}

/* A line, without its end. */
static int read_line(struct imap *m, struct slice *ret, struct error *e)
{
	size_t seen = 0;
	for (;;) {
		size_t have = m->in.n - m->at;
		const char *p = have ? m->in.p + m->at : "";
		const char *end = have > seen ? memchr(p + seen, '\n', have - seen) : NULL;
		if (end) {
			*ret = (struct slice){p, (size_t)(end - p)};
			m->at += ret->n + 1;
			if (ret->n && ret->p[ret->n - 1] == '\r')
				ret->n--;
			return 0;
		}
		if (have > WIRE_TEXT_MAX)
			return error_set(e, -EFBIG, "réponse trop grosse du serveur");
		seen = have;
		int r = receive(m, e);
		if (r < 0)
			return r;
	}
}

static int read_literal(struct imap *m, size_t n, struct error *e)
{
	if (n > m->literal_max + WIRE_SLACK)
		return error_set(e, -EFBIG, "le serveur envoie plus que ce qui est demandé");
	while (m->in.n - m->at < n) {
		int r = receive(m, e);
		if (r < 0)
			return r;
	}
	buf_clear(&m->literal);
	buf_add(&m->literal, m->in.p + m->at, n);
	m->at += n;
	m->has_literal = true;
	return 0;
}

/* "… {123}": so many bytes follow the line. */
static bool announces(struct slice line, size_t *ret)
{
	size_t n = line.n;
	int64_t number;
	if (n < 3 || line.p[n - 1] != '}')
		return false;
	for (n--; n && line.p[n - 1] >= '0' && line.p[n - 1] <= '9'; n--)
		;
	if (!n || line.p[n - 1] != '{' ||
		!slice_number((struct slice){line.p + n, line.n - n - 1}, &number))
		return false;
	*ret = (size_t)number;
	return true;
}

/* One answer: a line, and what goes on behind its literals. */
static int read_answer(struct imap *m, struct error *e)
{
	struct slice line = {0};
	size_t n;
	buf_clear(&m->text);
	m->has_literal = false;
	for (;;) {
		int r = read_line(m, &line, e);
		if (r < 0)
			return r;
		if (m->text.n + line.n > WIRE_TEXT_MAX)
			return error_set(e, -EFBIG, "réponse trop grosse du serveur");
		buf_add_slice(&m->text, line);
		if (!announces(line, &n))
			return 0;
		r = read_literal(m, n, e);
		if (r < 0)
			return r;
	}
}

/* The server's words, for people. */
static void say(const struct imap *m, size_t from, struct error *e)
{
	_buf_ struct buf words = {0};
	struct slice text = buf_slice(&m->text);
	text = (struct slice){text.p + from, text.n - from};
	utf8_repair(&words, text);
	text = utf8_cut(buf_slice(&words), 200);
	error_set(e, 0, "le serveur répond : %.*s", (int)text.n, text.p);
}

int wire_command(struct imap *m, const char *command, wire_fn *each, void *user, struct error *e)
{
	_buf_ struct buf line = {0}, tag = {0};
	buf_printf(&tag, "t%u ", ++m->tag);
	buf_printf(&line, "%s%s\r\n", buf_string(&tag), command);
	m->until = clock_monotonic() + m->timeout_ms;
	int r = transmit(m, buf_slice(&line), e);
	while (r == 0) {
		r = read_answer(m, e);
		if (r < 0)
			break;
		struct slice text = buf_slice(&m->text);
		if (slice_begins(text, buf_string(&tag))) {
			const char *word = text.p + tag.n;
			size_t left = text.n - tag.n;
			if (left >= 2 && strncasecmp(word, "OK", 2) == 0)
				return WIRE_OK;
			say(m, tag.n, e);
			return left >= 2 && strncasecmp(word, "NO", 2) == 0 ? WIRE_NO : WIRE_BAD;
		}
		if (text.n >= 5 && strncasecmp(text.p, "* BYE", 5) == 0) {
			say(m, 2, e);
			return -EPIPE;
		}
		if (each && slice_begins(text, "* "))
			each(user, m);
	}
	return r;
}

/* UTF-16 in base64 with ',' for '/', between '&' and '-'. */
static void add_utf7(struct buf *out, const uint16_t *units, size_t n)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";
	uint32_t bits = 0;
	unsigned have = 0;
	buf_add_char(out, '&');
	for (size_t i = 0; i < n; i++) {
		bits = bits << 16 | units[i];
		for (have += 16; have >= 6; have -= 6)
			buf_add_char(out, digits[bits >> (have - 6) & 63]);
		bits &= (1u << have) - 1;
	}
	if (have)
		buf_add_char(out, digits[bits << (6 - have) & 63]);
	buf_add_char(out, '-');
}

void wire_add_mailbox(struct buf *out, const char *name)
{
	struct slice s = slice_of(name);
	uint16_t units[256];
	size_t n = 0;
	buf_add_char(out, '"');
	for (size_t i = 0; i < s.n;) {
		uint32_t c = utf8_next(s, &i);
		if (n && (c < 0x7f || n + 2 > 256)) {
			add_utf7(out, units, n);
			n = 0;
		}
		if (c >= 0x10000) {
			units[n++] = (uint16_t)(0xd800 + ((c - 0x10000) >> 10));
			units[n++] = (uint16_t)(0xdc00 + ((c - 0x10000) & 0x3ff));
		} else if (c >= 0x7f) {
			units[n++] = (uint16_t)c;
		} else {
			if (c == '"' || c == '\\')
				buf_add_char(out, '\\');
			buf_add_char(out, (char)c);
			if (c == '&')
				buf_add_char(out, '-');
		}
	}
	if (n)
		add_utf7(out, units, n);
	buf_add_char(out, '"');
}
