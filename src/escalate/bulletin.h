/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ESCALATE_BULLETIN_H
#define ESCALATE_BULLETIN_H
#include "escalate.h"

/* Puts the last Monday's bulletin into the outbox, when it is due and not there yet. 0, or -errno: again. */
int bulletin(struct escalate *x, struct error *e) _must_check_;
#endif
