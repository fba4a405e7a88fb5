/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a push is refused for, the folder is refused for as well: a start or SIGHUP must not leave the town deaf, nor follow a
 * candidate, because a file has changed. Before anything is in force there is nothing to lose. */
#include "run.h"
#include <errno.h>
#include <tocsin/base/alloc.h>
#include "rules/author.h"

/* By the configuration as it is written now; with mistakes in it, by that of the start. */
static int check(struct run *r, const char *active)
{
	struct problems p = {0};
	struct config fresh;
	const bool good = config_load(r->crew.config, &fresh, &p) == 0;
	struct context x = {.lang = r->x->lang,
		.config_path = r->crew.config,
		.loaded = true,
		.config = good ? fresh : r->s.config,
		.reader = run_reader(r)};
	_free_ char *former = xasprintf("%s/bundles/%s", r->s.config.state_dir, active);
	int code = lost_check(&x, former, r->s.config.rules_dir);
	if (code == 0)
		code = rules_candidates(&x, r->s.config.rules_dir);
	if (good)
		config_release(&fresh);
	problems_release(&p);
	return code;
}

int run_judge(struct run *r)
{
	struct reader *reader = run_reader(r);
	struct error e = {""};
	char active[65], last[65];
	if (!reader)
		return -EAGAIN;
	int status = reader_bundle(reader, active, &e);
	if (status == 0)
		status = reader_folder_bundle(reader, last, &e);
	if (status < 0) {
		service_log(&r->s, LOG_ERROR_, "%s", e.text);
		return status;
	}
	if (!*active || strcmp(r->bundle, active) == 0 || strcmp(r->bundle, last) == 0 ||
		check(r, active) == 0)
		return 0;
	memcpy(r->bundle, active, sizeof(r->bundle));
	service_log(&r->s, LOG_ERROR_,
		words(r->s.config.lang, "règles refusées : les dernières bonnes restent (%.12s)"),
		r->bundle);
	return 1;
}
