/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/base/error.h>
#include <tocsin/base/utf8.h>
#include <stdarg.h>
#include <string.h>

/* NUL-terminates n bytes that vsnprintf wanted to write, cut at a character border. */
static void cut(char *text, size_t size, int n)
{
	if (n < 0)
		n = 0;
	if ((size_t)n >= size)
		text[utf8_cut((struct slice){text, size - 1}, size - 2).n] = '\0';
	else
		text[n] = '\0';
}

int error_set(struct error *e, int code, const char *format, ...)
{
	if (!e)
		return code;
	struct error made; /* the arguments may point into *e */
	va_list ap;
	va_start(ap, format);
	int n = vsnprintf(made.text, sizeof(made.text), format, ap);
	va_end(ap);
	cut(made.text, sizeof(made.text), n);
	if (made.text[0] == '\0')
		snprintf(made.text, sizeof(made.text), "%s", code < 0 ? strerror(-code) : "erreur");
	memcpy(e->text, made.text, strlen(made.text) + 1);
	return code;
}

void error_prefix(struct error *e, const char *format, ...)
{
	if (!e)
		return;
	struct error prefix, old = *e;
	va_list ap;
	va_start(ap, format);
	int n = vsnprintf(prefix.text, sizeof(prefix.text), format, ap);
	va_end(ap);
	cut(prefix.text, sizeof(prefix.text), n);
	error_set(e, 0, "%s: %s", prefix.text, old.text);
}
