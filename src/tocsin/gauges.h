/* SPDX-License-Identifier: GPL-3.0-or-later
 * The numbers that the processes leave in <run>/metrics/NAME.prom (service.h lists their names). */
#ifndef TOCSIN_GAUGES_H
#define TOCSIN_GAUGES_H
#include <stdint.h>
#include <tocsin/base/buf.h>

struct gauge {
	char *process; /* file name without ".prom": "tocsin-score.1" */
	char *name; /* without "tocsin_" */
	char *label; /* value of the one label we read (source or process), "" when none */
	double value;
};
struct gauges {
	struct gauge *list;
	size_t n, cap;
};
/* Reads every file of the folder; a missing folder gives none. */
void gauges_read(struct gauges *g, const char *run_dir);
void gauges_release(struct gauges *g);
/* The value under a name (first of any process), or otherwise. label NULL: any. */
double gauge_get(const struct gauges *g, const char *name, const char *label, double otherwise);
/* The largest of a name's values with a label, over processes; 0 when there is none. */
double gauge_max(const struct gauges *g, const char *name, const char *label);
/* Sum over processes and labels. */
double gauge_sum(const struct gauges *g, const char *name);
#define _gauges_ _cleanup_(gauges_release)
#endif
