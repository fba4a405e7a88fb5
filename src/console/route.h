/* SPDX-License-Identifier: GPL-3.0-or-later
 * Every address of the console, who may use it, and who answers. Nothing is reached that is not in the table; the tests of
 * who may do what are made from it (`tocsin-console --routes`). */
#ifndef CONSOLE_ROUTE_H
#define CONSOLE_ROUTE_H
#include <stdint.h>
#include <tocsin/base/buf.h>
#include <tocsin/record/account.h>

struct visit;
/* Beside the bits of enum account_role; those who conduct an alarm say what the town hall says and does of it. */
enum {
	ROUTE_DUTY = 0x4000, /* ROLE_ONCALL while on duty: duty.h */
	ROUTE_LIMITED = 0x2000, /* … also for who sees some sources only: limit.h */
	ROUTE_ALL = 0x8000,
	ROUTE_SIGNED = ROLES_ALL,
	ROUTE_CONDUCTS = ROLE_DIRCOM | ROLE_CABINET | ROLE_DGS
};
struct route {
	const char *method; /* "GET" serves HEAD too */
	const char *path; /* '*' stands for one part without a slash */
	uint16_t roles; /* one of these is enough */
	bool machine; /* answers programs: no page, no cookie */
	void (*handle)(struct visit *v);
};
/* Pure. ret_argument: what stands for '*'. NULL: none; *ret_known: the path is there under another method. */
const struct route *route_find(
	struct slice method, struct slice path, struct slice *ret_argument, bool *ret_known);
/* Whether a path is one of a pattern, and what stands for '*' in it. Pure. */
bool route_fits(const char *pattern, struct slice path, struct slice *ret);
/* "GET, HEAD": value of Allow for a path. */
void route_allow(struct slice path, struct buf *out);
/* The table, one line each: METHOD PATH ROLES, where ROLES is "*" for everybody, "garde" stands for ROUTE_DUTY, "sources" for ROUTE_LIMITED. */
void route_print(struct buf *out);
#endif
