/* SPDX-License-Identifier: GPL-3.0-or-later
 * How much of a list is asked for at a time, when some answers are more than we or the server bear: half as much until one comes;
 * then, when several have come, slowly more: as much as at first when an answer has held that, else half of it. Pure. */
#ifndef CONNECT_STRIDE_H
#define CONNECT_STRIDE_H
#include <stdbool.h>

struct stride {
	unsigned size; /* to ask for, of things */
	unsigned whole; /* the most */
	unsigned calm; /* answers since one was too much */
	bool held; /* an answer held the most */
};
void stride_begin(struct stride *s, unsigned whole);
/* It was too much: false, nothing less can be asked for. */
bool stride_refused(struct stride *s);
/* What was asked for came, or was passed by. */
void stride_came(struct stride *s);
#endif
