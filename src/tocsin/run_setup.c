/* SPDX-License-Identifier: GPL-3.0-or-later
 * The way into a console that nobody has entered yet: a secret that store takes once, for the first account. */
#include "run.h"
#include <tocsin/digest/digest.h>
#include <tocsin/record/account.h>

enum { ANSWER_MS = 2000 };

static void print_link(struct run *r, const char *secret)
{
	const struct config *c = &r->s.config;
	_buf_ struct buf base = {0};
	config_console_address(c, &base);
	fprintf(stderr, "\n%s\n  %s/premier-compte/%s\n\n",
		words(c->lang,
			"La console n'a pas encore de compte. Pour faire le premier, une seule fois :"),
		buf_string(&base), secret);
}

void run_setup(struct run *r)
{
	unsigned char random[DIGEST_SIZE];
	char secret[DIGEST_HEX];
	_buf_ struct buf reply = {0};
	struct error e = {0};
	if (r->setup_told || !r->s.config.console.listen || r->crew.stopping ||
		!crew_ready(&r->crew, "console") || !crew_ready(&r->crew, "store"))
		return;
	digest_random(random, sizeof(random));
	digest_hex(random, sizeof(random), secret);
	if (commit_request(r->store, REQUEST_SETUP, slice_of(secret), ANSWER_MS, &reply, &e) == 0) {
		r->setup_told = true;
		if (reply.n == 1 && reply.p[0])
			print_link(r, secret);
	}
	digest_wipe(secret, sizeof(secret));
	digest_wipe(random, sizeof(random));
}
