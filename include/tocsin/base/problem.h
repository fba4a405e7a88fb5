/* SPDX-License-Identifier: GPL-3.0-or-later
 * Everything wrong with a file that a person wrote: all of it at once, each with a place and a cure.
 * Readers add; the command prints: "path:line:column: error: text" then "  hint: …". */
#ifndef TOCSIN_BASE_PROBLEM_H
#define TOCSIN_BASE_PROBLEM_H
#include <tocsin/base/buf.h>
#include <tocsin/base/cleanup.h>

enum problem_severity { PROBLEM_ERROR, PROBLEM_WARNING };

struct problem {
	enum problem_severity severity;
	char *path;
	unsigned line, column; /* from 1; column counts characters; 0 = whole file */
	char *text, *hint; /* hint may be NULL */
};
struct problems {
	struct problem *list;
	size_t n, cap, errors;
};

void problems_release(struct problems *p);
void problem_add(struct problems *p, enum problem_severity severity, const char *path,
	unsigned line, unsigned column, const char *hint, const char *format, ...) _format_(7, 8);
/* Appends one printed problem. word_* are the words for error, warning and hint in the reader's language. */
void problem_print(struct buf *out, const struct problem *p, const char *word_error,
	const char *word_warning, const char *word_hint);
/* The candidate nearest to what was typed (Damerau-Levenshtein ≤ 2 and ≤ a third of its length), or NULL. */
const char *problem_did_you_mean(struct slice typed, const char *const *candidates, size_t n);
#endif
