/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin incident reopen: what was closed was not over. It rings again. */
#include "incident.h"
#include "change.h"

bool reopen_is(const char *word)
{
	return strcmp(word, "reopen") == 0 || strcmp(word, "rouvrir") == 0;
}

int reopen_ask(struct context *x, int argc, char **argv, const char *who, const char *reason)
{
	int64_t id = 0;
	int r = options_words(x, "incident", argc, 2, 2);
	if (r == 0)
		r = option_number(x, _w(x, "numéro d'alarme"), argv[1], 1, INT64_MAX, &id);
	if (r == 0 && !(reason && *reason))
		return complain(x, EXIT_MISUSE, "%s",
			_w(x, "--reason : dites pourquoi, la main courante le garde"));
	if (r == 0)
		r = change_signed(x, who, reason);
	if (r)
		return r;
	_buf_ struct buf body = {0};
	struct close_request request = {id, slice_of(who), slice_of(reason)};
	close_encode(&body, &request);
	return change_ask(x, REQUEST_REOPEN, &body,
		_w(x, "alarme rouverte : elle sonne de nouveau à son niveau"));
}
