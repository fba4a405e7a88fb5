/* SPDX-License-Identifier: GPL-3.0-or-later
 * The report of one alarm: a page of HTML that stands alone and prints on A4. */
#ifndef TOCSIN_REPORT_REPORT_H
#define TOCSIN_REPORT_REPORT_H
#include <tocsin/html/html.h>
#include "../command.h"
#include "../incident.h"
#include "../people.h"

struct report {
	struct context *x;
	struct people people;
	/* For others than the town hall: functions instead of names, and no words of anybody. */
	bool occulted;
	struct incident incident; /* slices and arrays in the arena */
	struct arena arena;
	struct buf out;
};

/* html.c: a person of the policy: name and function, or only the function. */
void html_person(struct report *r, struct slice id);

/* facts.c: why it rang, and where; sections.c: what became of it. -errno, and the text in e. */
int facts_put(struct report *r, struct error *e) _must_check_;
int verbatims_put(struct report *r, struct error *e) _must_check_;
int position_put(struct report *r, struct error *e) _must_check_;
int deliveries_put(struct report *r, struct error *e) _must_check_;
int entries_put(struct report *r, struct error *e) _must_check_;

/* Prints it. The exit code, after saying what is wrong. */
int incident_report(struct context *x, int64_t id, bool occulted) _must_check_;
#endif
