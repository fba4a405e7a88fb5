/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a browser sends and a citizen wrote, on its way into a page (first byte: which). A cookie's value is one token; text is
 * escaped, and only our own tags stand in it, each closed. */
#include <stdint.h>
#include <stdlib.h>
#include <tocsin/base/utf8.h>
#include <tocsin/html/html.h>
#include <tocsin/http/http.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void require(bool truth)
{
	if (!truth)
		abort();
}

static void read_cookie(struct slice header)
{
	struct slice value;
	if (cookie_find(header, "tocsin", &value) < 0)
		return;
	require(value.p >= header.p && value.p + value.n <= header.p + header.n);
	for (size_t i = 0; i < value.n; i++)
		require(value.p[i] > ' ' && value.p[i] < 0x7f && !strchr("\",;\\", value.p[i]));
}

static bool is_ours(const char *tag)
{
	static const char *const tags[] = {"<bdi>", "</bdi>", "<mark>", "<mark title=\"", "</mark>",
		"<span class=\"inv\">", "</span>"};
	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++)
		if (strncmp(tag, tags[i], strlen(tags[i])) == 0)
			return true;
	return false;
}

/* The first bytes are the places of marks, the label is the text itself. */
static void write_text(struct slice text)
{
	struct html_span spans[4];
	_buf_ struct buf out = {0}, plain = {0};
	size_t n = 0;
	int depth = 0;
	for (; n < 4 && 2 * n + 1 < text.n; n++)
		spans[n] = (struct html_span){(unsigned char)text.p[2 * n],
			(unsigned char)text.p[2 * n + 1], n % 2 ? text : (struct slice){0}};
	html_marked(&out, text, spans, n);
	html_text(&plain, text);
	require(utf8_valid(buf_slice(&out)) && utf8_valid(buf_slice(&plain)));
	require(!strpbrk(buf_string(&plain), "<>\"'"));
	for (const char *p = buf_string(&out); (p = strchr(p, '<')); p++) {
		require(is_ours(p));
		depth += p[1] == '/' ? -1 : 1;
		require(depth >= 0 && depth <= 3);
	}
	require(depth == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	if (n == 0)
		return 0;
	struct slice rest = {(const char *)data + 1, n - 1};
	if (data[0] & 1)
		read_cookie(rest);
	else
		write_text(rest);
	return 0;
}
