/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rumours to check: what of an alarm may be one, in whose words never in whose name, and what the town hall found of each. */
#ifndef TOCSIN_DB_RUMOURS_H
#define TOCSIN_DB_RUMOURS_H
#include <tocsin/db/reader.h>

#define RUMOURS_SHOWN 10 /* of those that nobody has checked, the newest */
struct alarm_rumour {
	int64_t row;
	struct slice text; /* masked */
	enum rumour_outcome outcome;
	struct slice who; /* of an outcome, with its time */
	int64_t at;
};
struct rumours {
	struct arena arena;
	struct alarm_rumour *
		list; /* those with an outcome, then the newest of the others; none that is gone since */
	size_t n, cap;
};
/* Those of a topic, or of the whole, since it rises: 0 or -errno; to be released either way. event: its clock is
 * that of what is heard. */
int rumours_read(struct reader *r, const struct incident *i, bool event, struct rumours *ret,
	struct error *e) _must_check_;
/* 0: that row is one of them, on the list or not; READER_END: it is not, or gone. */
int rumours_has(struct reader *r, const struct incident *i, bool event, int64_t row,
	struct error *e) _must_check_;
void rumours_release(struct rumours *u);
#endif
