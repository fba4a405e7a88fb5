/* SPDX-License-Identifier: GPL-3.0-or-later
 * One line an event on standard error. */
#include <tocsin/service/service.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <tocsin/base/utf8.h>
#include "private.h"

enum { LINE_MAX_ = 2048, QUOTE_MAX = 120 };

/* Writes the line whole: one write, so that lines of several processes on one descriptor do not mix. */
static void put_line(const char *line, size_t n)
{
	while (n > 0) {
		ssize_t w = write(STDERR_FILENO, line, n);
		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0)
			return;
		line += w;
		n -= (size_t)w;
	}
}

/* Whether standard error is the journal of systemd: then a line says its priority in front (sd-daemon(3)). */
static bool to_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char own[64];
	struct stat st;
	if (!stream || fstat(STDERR_FILENO, &st) < 0)
		return false;
	snprintf(own, sizeof(own), "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	return strcmp(stream, own) == 0;
}

void service_log(struct service *s, enum log_level level, const char *format, ...)
{
	static const char *const prefixes[] = {"debug: ", "", "warning: ", "error: "};
	static const char *const priorities[] = {"<7>", "<6>", "<4>", "<3>"};
	if (s->private_ && level < s->private_->level)
		return;
	char line[LINE_MAX_];
	int head = snprintf(line, sizeof(line), "%s%s: %s",
		to_journal() ? priorities[(unsigned)level % 4] : "", s->name ? s->name : "tocsin",
		prefixes[(unsigned)level % 4]);
	size_t n = head < 0 ? 0 : (size_t)head;
	if (n > sizeof(line) / 2)
		n = sizeof(line) / 2;
	va_list args;
	va_start(args, format);
	int body = vsnprintf(line + n, sizeof(line) - 1 - n, format, args);
	va_end(args);
	if (body > 0)
		n += (size_t)body < sizeof(line) - 1 - n ? (size_t)body : sizeof(line) - 2 - n;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = ' ';
	line[n++] = '\n';
	put_line(line, n);
}

const char *log_quote(struct service *s, struct slice text)
{
	struct service_private *p = s->private_;
	char *out = p->quoted[p->next_quoted++ % 4];
	size_t n = 0;
	out[n++] = '"';
	for (size_t i = 0; i < text.n && n < QUOTE_MAX - 8;) {
		unsigned char c = (unsigned char)text.p[i];
		if (c < 0x20 || c == 0x7f) {
			n += (size_t)snprintf(out + n, 8, "\\x%02x", (unsigned)c);
			i++;
		} else if (c == '"' || c == '\\') {
			out[n++] = '\\';
			out[n++] = (char)c;
			i++;
		} else if (c < 0x80) {
			out[n++] = (char)c;
			i++;
		} else {
			/* One well-formed character (not a C1 control), or an escaped byte. */
			size_t length = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
			struct slice one = {text.p + i, length};
			if (i + length <= text.n && utf8_valid(one) &&
				!(c == 0xc2 && (unsigned char)one.p[1] < 0xa0)) {
				memcpy(out + n, one.p, length);
				n += length;
				i += length;
			} else {
				n += (size_t)snprintf(out + n, 8, "\\x%02x", (unsigned)c);
				i++;
			}
		}
		if (n >= QUOTE_MAX - 8 && i < text.n) {
			memcpy(out + n, "…", 3);
			n += 3;
			break;
		}
	}
	out[n++] = '"';
	out[n] = '\0';
	return out;
}
