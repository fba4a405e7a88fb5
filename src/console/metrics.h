/* SPDX-License-Identifier: GPL-3.0-or-later
 * The numbers of every process, as one Prometheus exposition (text format 0.0.4). The processes leave them in
 * <run>/metrics/NAME.prom (service.h); here they are put together, by name, each with the process that wrote it. */
#ifndef CONSOLE_METRICS_H
#define CONSOLE_METRICS_H
#include <tocsin/base/buf.h>

/* A missing folder gives none. A line that is none of ours, and what is beyond some thousands, is left out. */
void metrics_write(struct buf *out, const char *run_dir);
/* One number without labels, of the process that wrote it last ("tocsin-ingest", "ingest_scrub_pending"); false: there is none. */
bool metrics_number(const char *run_dir, const char *writer, const char *name, double *ret);
/* What a number says, in French; NULL for one that is not listed in metrics_help.c. */
const char *metrics_help(struct slice name);
#endif
