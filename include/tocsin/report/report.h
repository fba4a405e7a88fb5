/* SPDX-License-Identifier: GPL-3.0-or-later
 * The report of one alarm: a page of HTML that stands alone and prints on A4. */
#ifndef TOCSIN_REPORT_REPORT_H
#define TOCSIN_REPORT_REPORT_H
#include <tocsin/db/reader.h>
#include <tocsin/policy/policy.h>
#include <tocsin/service/config.h>
#include <tocsin/words/words.h>

struct report_request {
	struct reader *reader;
	const struct config *config;
	const struct policy *policy; /* whose people it names */
	enum words_lang lang;
	int64_t incident;
	/* For others than the town hall: functions instead of names, and no words of anybody. */
	bool occulted;
};
/* Appends it. 0, -ENOENT (no alarm has that number), or -errno: then what was appended is not whole. */
int report_put(struct buf *out, const struct report_request *q, struct error *e) _must_check_;
#endif
