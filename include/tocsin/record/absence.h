/* SPDX-License-Identifier: GPL-3.0-or-later
 * Absences that people enter in the console, beside those of tocsin.yaml: they hold at once, for every process. */
#ifndef TOCSIN_RECORD_ABSENCE_H
#define TOCSIN_RECORD_ABSENCE_H
#include <stdint.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>

#define ABSENCE_DAYS_MAX 400 /* one lasts */
#define ABSENCES_MAX 500u /* at a time */
struct absence {
	int64_t id; /* given by store */
	struct slice person; /* ids of the policy */
	struct slice substitute; /* takes the turns of the astreintes; may be empty */
	int64_t from, to; /* [from, to), town clock */
	struct slice who; /* entered it */
	int64_t at; /* wall ms; store sets it */
};
/* REQUEST_ABSENCE: -EINVAL; -ENOSPC when there are too many. What is there already is not entered twice. */
void absence_encode(struct buf *out, const struct absence *a);
int absence_decode(struct slice s, struct absence *ret) _must_check_;
/* REQUEST_ABSENCE_REMOVE: -ENOENT when there is none (any more). */
struct absence_remove_request {
	int64_t id;
	struct slice who;
};
void absence_remove_encode(struct buf *out, const struct absence_remove_request *r);
int absence_remove_decode(struct slice s, struct absence_remove_request *ret) _must_check_;
#endif
