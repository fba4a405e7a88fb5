/* SPDX-License-Identifier: GPL-3.0-or-later
 * What rang since the last look, as lines: an alarm opened, rose, fell, was taken charge of; who was told. */
#ifndef TOCSIN_ACCOUNT_NEWS_H
#define TOCSIN_ACCOUNT_NEWS_H
#include <tocsin/base/map.h>
#include "command.h"
#include "people.h"

struct account_news {
	struct context *x;
	struct people people;
	struct map *seen; /* entries by id */
	struct map *told; /* "incident level person": told before, so again is a reminder */
	uint64_t messages, reminders, failures;
};
void account_news_init(struct account_news *n, struct context *x, const struct config *config);
void account_news_release(struct account_news *n);
/* Appends the new lines in the order in which they were written. */
void account_news_put(struct account_news *n, struct reader *reader, struct buf *out);
#endif
