/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/base/error.h>
#include <tocsin/base/utf8.h>
#include <stdarg.h>

/* What did not fit is cut at a character border. */
static void tidy(struct error *e, size_t wanted)
{
	if (wanted >= sizeof(e->text)) {
		struct slice s =
			utf8_cut((struct slice){e->text, sizeof(e->text) - 1}, sizeof(e->text) - 4);
		e->text[s.n] = '\0';
	}
}

int error_set(struct error *e, int code, const char *format, ...)
{
	if (!e)
		return code;
	va_list args;
	va_start(args, format);
	int n = vsnprintf(e->text, sizeof(e->text), format, args);
	va_end(args);
	tidy(e, n < 0 ? 0 : (size_t)n);
	return code;
}

void error_prefix(struct error *e, const char *format, ...)
{
	if (!e)
		return;
	char prefix[256], old[sizeof(e->text)];
	va_list args;
	va_start(args, format);
	vsnprintf(prefix, sizeof(prefix), format, args);
	va_end(args);
	memcpy(old, e->text, sizeof(old));
	int n = snprintf(e->text, sizeof(e->text), "%s: %s", prefix, old);
	tidy(e, n < 0 ? 0 : (size_t)n);
}
