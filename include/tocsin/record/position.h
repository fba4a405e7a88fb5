/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the town hall says of an incident and what its teams are to do, out of its main courante. */
#ifndef TOCSIN_RECORD_POSITION_H
#define TOCSIN_RECORD_POSITION_H
#include <tocsin/record/incident.h>

/* Of each the latest of the main courante; without a text: none is in force. Released with its arena. */
struct position {
	struct arena arena;
	struct incident_entry wording, instruction;
	uint32_t wordings; /* versions of the wording so far: the number of the one in force */
};
void position_take(struct position *p, const struct incident_entry *e);
/* The next line of its text; false at the end. */
bool position_line(struct slice *text, struct slice *ret);
#endif
