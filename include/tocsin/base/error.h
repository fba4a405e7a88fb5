/* SPDX-License-Identifier: GPL-3.0-or-later
 * Failure text. Functions return 0, a negative errno (fault, passed up unchanged), or a positive
 * outcome enumerated in their header. The text, in the language of the caller's choice, goes here. */
#ifndef TOCSIN_BASE_ERROR_H
#define TOCSIN_BASE_ERROR_H
#include <tocsin/base/cleanup.h>

struct error {
	char text[512]; /* cut at a character border, never empty after a failure */
};

/* Writes the text (NULL e is allowed) and returns code, so that one line can say and return. */
int error_set(struct error *e, int code, const char *format, ...) _format_(3, 4);
/* Puts "prefix: " before the text that is there. */
void error_prefix(struct error *e, const char *format, ...) _format_(2, 3);
/* A negative errno in French where it is a usual one, else as the system says it. */
const char *error_reason(int code);
#endif
