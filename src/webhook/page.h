/* SPDX-License-Identifier: GPL-3.0-or-later
 * What people read who take charge with a code: a page that names no incident, or a line for an SMS. Pure. */
#ifndef WEBHOOK_PAGE_H
#define WEBHOOK_PAGE_H
#include <tocsin/base/buf.h>
#include <tocsin/record/code.h>
#include <tocsin/words/words.h>

enum page_kind {
	PAGE_FORM, /* asks for the code */
	PAGE_ANSWER, /* what store said: reply */
	PAGE_NO_CODE, /* what was typed is none */
	PAGE_TOO_MANY, /* this sender has tried too often */
	PAGE_AWAY /* store does not answer */
};
struct page {
	enum page_kind kind;
	struct code_reply reply;
	int64_t now; /* how the end of the charge is said: with its day when that is another */
};
/* The sentence; nothing for PAGE_FORM. */
void page_sentence(struct buf *out, enum words_lang l, const struct page *p);
/* The page, with the form again when another try makes sense. */
void page_write(struct buf *out, enum words_lang l, const struct page *p);
unsigned page_status(const struct page *p);
/* It counts as a guess of its sender. */
bool page_is_guess(const struct page *p);
/* Somebody is in charge by this code. */
bool page_in_charge(const struct page *p);
#endif
