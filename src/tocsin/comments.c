/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "comments.h"
#include <tocsin/json/json.h>
#include "lines.h"

struct reading {
	struct context *x;
	const char *path;
	struct json_reader *json;
	struct buf extra;
	uint64_t refused;
};

static void refuse(struct reading *f, uint64_t line, const char *why)
{
	fprintf(stderr, "%s:%llu: %s\n", f->path, (unsigned long long)line, why);
	f->refused++;
}

static bool is_blank(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!strchr(" \t\r", s.p[i]))
			return false;
	return true;
}

static int take_line(
	struct reading *f, uint64_t number, struct slice line, comments_fn *fn, void *user)
{
	struct json_value value;
	struct comment c;
	struct error e = {0};
	if (json_parse(f->json, line, &value, &e) == 0 &&
		comment_from_json(value, SLICE("-"), false, &c, &f->extra, &e) == COMMENT_OK)
		return fn(user, &c);
	refuse(f, number, e.text);
	return 0;
}

int comments_each(
	struct context *x, const char *path, comments_fn *fn, void *user, uint64_t *ret_refused)
{
	struct reading f = {.x = x, .path = path};
	struct lines lines;
	struct error e = {0};
	struct slice line;
	int r = lines_open(&lines, path, COMMENT_TEXT_MAX, &e), stop = 0;
	if (r < 0)
		return complain(x, EXIT_PROBLEMS, "%s", e.text);
	f.json = json_reader_new(COMMENT_TEXT_MAX);
	while (!stop && (r = lines_next(&lines, &line)) > 0) {
		if (r == LINES_LONG)
			refuse(&f, lines.number, _w(x, "ligne trop longue (plus de 1 Mio)"));
		else if (!is_blank(line))
			stop = take_line(&f, lines.number, line, fn, user);
	}
	lines_close(&lines);
	json_reader_free(f.json);
	buf_release(&f.extra);
	*ret_refused += f.refused;
	if (r < 0)
		return complain(x, EXIT_PROBLEMS, "%s : %s", path, strerror(-r));
	return stop;
}

int comments_refused(struct context *x, uint64_t refused)
{
	if (!refused)
		return EXIT_DONE;
	return complain(x, EXIT_PROBLEMS,
		words_n(x->lang, "%llu ligne refusée", "%llu lignes refusées", refused),
		(unsigned long long)refused);
}
