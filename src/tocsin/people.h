/* SPDX-License-Identifier: GPL-3.0-or-later
 * People of the policy by their ids, as people know them: "C. Morel (dir'com)". */
#ifndef TOCSIN_PEOPLE_H
#define TOCSIN_PEOPLE_H
#include <tocsin/policy/policy.h>
#include <tocsin/service/config.h>

struct people {
	struct policy policy; /* empty when the file has none */
};
void people_init(struct people *p, const struct config *config);
void people_release(struct people *p);
/* Appends name and role, made harmless; the id itself when it is nobody's. */
void people_put(const struct people *p, struct slice id, struct buf *out);
#endif
