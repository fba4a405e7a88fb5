/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a draft is made of: its lines in order, each a sentence of ours or a fact of this installation. */
#ifndef CONSOLE_DRAFTS_SHEET_H
#define CONSOLE_DRAFTS_SHEET_H
#include "../console.h"

enum sheet_kind {
	SHEET_HEAD,
	SHEET_TEXT,
	SHEET_ITEM, /* those that follow each other are one list */
	SHEET_TODO, /* what tocsin cannot know: "à compléter : …" */
	SHEET_FACT
};
struct sheet_line {
	enum sheet_kind kind;
	const char *french; /* all but facts; marked with WORDS_MARK */
	int (*fact)(struct visit *v, struct error *e); /* 0 or -errno */
};
#define HEAD(french) \
	{ \
		SHEET_HEAD, french, NULL \
	}
#define TEXT(french) \
	{ \
		SHEET_TEXT, french, NULL \
	}
#define ITEM(french) \
	{ \
		SHEET_ITEM, french, NULL \
	}
#define TODO(french) \
	{ \
		SHEET_TODO, french, NULL \
	}
#define FACT(put) \
	{ \
		SHEET_FACT, NULL, put \
	}

/* 0, or what a fact came to. */
int sheet_put(struct visit *v, const struct sheet_line *lines, size_t n, struct error *e)
	_must_check_;
void sheet_todo(struct visit *v, const char *text);
/* Cells of a table of facts. */
void sheet_row(struct visit *v, struct slice name);
void sheet_cell(struct visit *v, const char *text); /* our own */
void sheet_row_end(struct visit *v);
#endif
