/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any text that a citizen may write, in every field of an alarm: the mail keeps its headers, its two parts and its
 * line lengths; webhooks stay JSON. Any bytes as a stored message: refused, or printable. */
#include <stdlib.h>
#include <tocsin/base/utf8.h>
#include <tocsin/json/json.h>
#include <tocsin/record/mask.h>
#include "message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void require(bool truth)
{
	if (!truth)
		abort();
}

/* ASCII, CRLF throughout, no line over 998; the headers end once. */
static void check_shape(struct slice mail)
{
	size_t column = 0;
	for (size_t i = 0; i < mail.n; i++) {
		unsigned char c = (unsigned char)mail.p[i];
		require(c < 0x80 && c != 0);
		require(c != '\n' || (i > 0 && mail.p[i - 1] == '\r'));
		require(c != '\r' || (i + 1 < mail.n && mail.p[i + 1] == '\n'));
		column = c == '\n' ? 0 : column + 1;
		require(column <= 998);
	}
}

static size_t count(struct slice text, const char *what)
{
	size_t found = 0, n = strlen(what);
	for (const char *p = text.p, *end = text.p + text.n;
		(p = memmem(p, (size_t)(end - p), what, n)) != NULL; p += n)
		found++;
	return found;
}

/* No line of the headers begins with a name that we did not write. */
static void check_headers(struct slice mail)
{
	static const char *const names[] = {"From", "To", "Subject", "Date", "Message-ID",
		"In-Reply-To", "References", "Auto-Submitted", "X-Auto-Response-Suppress",
		"X-Tocsin-Incident", "X-Tocsin-Level", "Importance", "X-Priority",
		"Content-Language", "MIME-Version", "Content-Type"};
	const char *end = memmem(mail.p, mail.n, "\r\n\r\n", 4);
	require(end != NULL);
	for (const char *p = mail.p; p < end;
		p = (const char *)memchr(p, '\n', (size_t)(end + 2 - p)) + 1) {
		bool known = *p == ' ';
		for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
			known |= strncmp(p, names[i], strlen(names[i])) == 0 &&
				p[strlen(names[i])] == ':';
		require(known);
	}
}

static void render(
	const struct message *m, bool maybe, struct slice picture, struct json_reader *json)
{
	_buf_ struct buf out = {0};
	message_mail(&out, m, "t@v.example", "a@v.example", maybe, picture);
	check_shape(buf_slice(&out));
	check_headers(buf_slice(&out));
	require(count(buf_slice(&out), "\r\n--=_") == (picture.n ? 6 : 3));
	require(count(buf_slice(&out), "\r\n--=_r") == (picture.n ? 3 : 0));
	buf_clear(&out);
	message_sms(
		&out, m, &(struct message_sms){.maybe = maybe, .fallback = !maybe, .reply = true});
	require(utf8_valid(buf_slice(&out)) && utf8_length(buf_slice(&out)) <= 160);
	for (size_t i = 0; i < out.n; i++)
		require((unsigned char)out.p[i] >= ' ' && !strchr("[]{}\\|^~`\x7f", out.p[i]));
	for (int form = HOOK_JSON; form <= HOOK_TEAMS; form++) {
		struct json_value v;
		buf_clear(&out);
		message_hook(&out, m, (enum hook_form)form, maybe);
		/* our strict reader refuses a NUL, which no comment has */
		if (!memmem(out.p, out.n, "\\u0000", 6))
			require(json_parse(json, buf_slice(&out), &v, NULL) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct json_reader *json;
	struct slice text = {(const char *)data, n};
	struct message m;
	_buf_ struct buf masked = {0}, valid = {0};
	if (!json)
		json = json_reader_new(64u << 20);
	if (message_decode(text, &m) == 0)
		render(&m, n & 1, n & 2 ? text : (struct slice){0}, json);
	mask_text(&masked, text, 240);
	require(masked.n <= 243 && utf8_valid(buf_slice(&masked)));
	utf8_repair(&valid, text);
	struct slice t = utf8_cut(buf_slice(&valid), 1200);
	m = (struct message){.key = t,
		.thread = t,
		.town = t,
		.name = t,
		.person = t,
		.subject = t,
		.head = t,
		.level = t,
		.kind = t,
		.topic = t,
		.title = t,
		.before = (int64_t)(n & 2),
		.messages = 12,
		.authors = 7,
		.code = SLICE("4KPM-7TXW"),
		.curve_words = t,
		.curve_after = (uint32_t)(n % 5),
		.n_blocks = 3,
		.blocks = {{BLOCK_TEXT, t, t}, {BLOCK_QUOTES, t, buf_slice(&masked)},
			{BLOCK_LIST, t, t}}};
	render(&m, n & 1, n & 2 ? text : (struct slice){0}, json);
	return 0;
}
