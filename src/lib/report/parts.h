/* SPDX-License-Identifier: GPL-3.0-or-later
 * A report while it is being written. */
#ifndef REPORT_PARTS_H
#define REPORT_PARTS_H
#include <tocsin/html/html.h>
#include <tocsin/report/report.h>

struct report {
	const struct report_request *q;
	struct incident incident; /* slices and arrays in the arena */
	struct arena arena;
	struct buf *out;
};

/* report.c: a person of the policy: name and function, or only the function. */
void report_person(struct report *r, struct slice id);

/* sections.c: why it rang, and what became of it. -errno, and the text in e. */
int report_facts(struct report *r, struct error *e) _must_check_;
int report_verbatims(struct report *r, struct error *e) _must_check_;
int report_rumours(struct report *r, struct error *e) _must_check_;
int report_position(struct report *r, struct error *e) _must_check_;
int report_deliveries(struct report *r, struct error *e) _must_check_;
int report_entries(struct report *r, struct error *e) _must_check_;
#endif
