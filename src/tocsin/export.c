/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin export: takes a file out of the database, to standard output. Who, what and why is written down by store first. */
#include "change.h"
#include <tocsin/archive/archive.h>
#include <tocsin/base/clock.h>

static int write_out(struct context *x, enum archive_kind kind)
{
	const struct archive_spec spec = {kind, slice_of(x->config.town), clock_now(), NULL};
	struct archive *a = archive_new(&spec);
	_buf_ struct buf piece = {0};
	struct error e = {0};
	int r = 0;
	while (r == 0) {
		buf_clear(&piece);
		r = archive_next(a, x->reader, &piece, &e);
		if (r >= 0)
			put_text(buf_slice(&piece), stdout);
		if (ferror(stdout))
			break; /* main says it */
	}
	archive_free(a);
	return r < 0 ? complain(x, EXIT_PROBLEMS, "%s", e.text) : EXIT_DONE;
}

int command_export(struct context *x, int argc, char **argv)
{
	const char *who = NULL, *reason = "";
	const struct option_spec specs[] = {
		{"who", "qui", NULL, &who}, {"reason", "raison", NULL, &reason}};
	int r = options_parse(x, specs, 2, &argc, argv);
	if (r == 0)
		r = options_words(x, "export", argc, 1, 1);
	if (r == 0)
		r = change_signed(x, who, reason);
	if (r == 0 && !*reason)
		r = complain(x, EXIT_MISUSE, _w(x, "il manque --%s"), "reason");
	if (r)
		return r;
	const enum archive_kind kind = archive_kind_of(slice_of(argv[0]));
	if (kind == ARCHIVE_KINDS)
		return complain(x, EXIT_MISUSE,
			_w(x, "export inconnu : %s (csv, json, preuves, journal)"), argv[0]);
	r = need_reader(x);
	if (r)
		return r;
	_buf_ struct buf body = {0}, reply = {0};
	searched_encode(&body,
		&(struct searched_request){
			slice_of(who), slice_of(archive_forms[kind].name), slice_of(reason)});
	r = ask_store(x, REQUEST_EXPORTED, buf_slice(&body), &reply);
	return r ? r : write_out(x, kind);
}
