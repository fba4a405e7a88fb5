/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin.yaml is read by several rooms. Whoever wrote it hears of all its faults at once. */
#include "command.h"
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/policy/policy.h>
#include <tocsin/reply/reply.h>

static int in_order(const void *a, const void *b)
{
	const struct problem *x = a, *y = b;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->column < y->column ? -1 : x->column > y->column;
}

/* What the configuration itself does not read: who is told, the models of replies. */
static void read_rest(const char *path, struct problems *p)
{
	struct problems unread = {0}; /* no YAML: that was said */
	struct yaml_file file;
	struct policy policy;
	struct replies replies;
	_free_ char *folder = realpath(path, NULL);
	char *slash = folder ? strrchr(folder, '/') : NULL;
	if (slash)
		slash[slash == folder] = 0;
	if (slash && yaml_read(path, &file, &unread) == 0) {
		if (policy_load(&file, folder, &policy, p) == 0)
			policy_release(&policy);
		if (replies_load(&file, &replies, p) == 0)
			replies_release(&replies);
		yaml_release(&file);
	}
	problems_release(&unread);
}

int settings_load(const char *path, struct config *ret, struct problems *p)
{
	const size_t before = p->n;
	int r = config_load(path, ret, p);
	if (r == 0)
		return 0;
	read_rest(path, p);
	if (p->n > before)
		qsort(p->list + before, p->n - before, sizeof(*p->list), in_order);
	return r;
}
