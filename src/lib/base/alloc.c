/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/base/alloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* EX_OSERR; _exit, because nothing that runs at exit may need memory that is not there. */
static _Noreturn void die(void)
{
	static const char text[] = "tocsin: mémoire insuffisante\n";
	ssize_t n = write(STDERR_FILENO, text, sizeof(text) - 1);
	(void)n;
	_exit(71);
}

void *xmalloc(size_t n)
{
	void *p = malloc(n ? n : 1);
	if (!p)
		die();
	return p;
}

void *xcalloc(size_t n, size_t size)
{
	if (n == 0 || size == 0)
		n = size = 1;
	void *p = calloc(n, size);
	if (!p)
		die();
	return p;
}

void *xrealloc(void *p, size_t n)
{
	void *q = realloc(p, n ? n : 1);
	if (!q)
		die();
	return q;
}

void *xreallocarray(void *p, size_t n, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(n, size, &bytes))
		die();
	return xrealloc(p, bytes);
}

static char *copy(const char *s, size_t n)
{
	char *p = xmalloc(n + 1);
	memcpy(p, s, n);
	p[n] = '\0';
	return p;
}

char *xstrndup(const char *s, size_t n)
{
	return copy(s, strnlen(s, n));
}

char *xstrdup(const char *s)
{
	return copy(s, strlen(s));
}

char *xasprintf(const char *format, ...)
{
	va_list ap;
	char *p;
	va_start(ap, format);
	int n = vasprintf(&p, format, ap);
	va_end(ap);
	if (n < 0)
		die();
	return p;
}
