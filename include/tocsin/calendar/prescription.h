/* SPDX-License-Identifier: GPL-3.0-or-later
 * Until when the law lets somebody act on what was published: the short clocks of the press law (loi du 29 juillet 1881, article
 * 65: three months; 65-3: one year for provocation and for insult by origin, religion, sex …). Pure. */
#ifndef TOCSIN_CALENDAR_PRESCRIPTION_H
#define TOCSIN_CALENDAR_PRESCRIPTION_H
#include <stdint.h>
#include <tocsin/base/slice.h>

/* Months for a category of the rules; 0: it has no short clock. */
int prescription_months(struct slice category);
/* The local day (day.h) on which it ends, from date to date: 31 January and three months is 30 April. Whoever acts before that
 * day is in time, however the first day is counted. */
int64_t prescription_day(int64_t said_at, int months);
#endif
