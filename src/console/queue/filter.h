/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which part of a file is shown. It stands in the address alone, so that it can be kept as a bookmark: source, categorie,
 * sujet, priorite (1 … 4), suivi (moi, personne, autres, second), du and au (days); empty is the same as absent. */
#ifndef CONSOLE_FILTER_H
#define CONSOLE_FILTER_H
#include "../console.h"

/* The options of all categories, this one chosen. */
void filter_put_categories(struct visit *v, struct slice chosen);

struct filter {
	struct buf source, category, topic, on, since, until;
	uint8_t priority;
	bool asked; /* its form is (filtrer=1) */
	bool read; /* of everything, set by who asks: no priority there, and nobody is on it */
};
void filter_release(struct filter *f);
/* False: the address says something that is none of these. */
bool filter_read(struct visit *v, struct filter *f);
/* The same of the query of an address that is kept (filter_write). */
bool filter_read_kept(struct slice query, struct filter *f);
bool filter_is_set(const struct filter *f);
/* As the database is asked; lives as long as f and the visit. */
struct queue_filter filter_asked(const struct visit *v, const struct filter *f);
struct recent_query filter_asked_recent(const struct visit *v, const struct filter *f);
/* "source=site&priorite=2&", or nothing: for an address. */
void filter_write(const struct filter *f, struct buf *out);
/* What is chosen, in words that can be taken away; and the form, or the way to it. */
void filter_put(struct visit *v, const char *path, const struct filter *f);
/* The way to it; nothing when it is there. */
void filter_put_way(struct visit *v, const char *path, const struct filter *f);
#endif
