/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin trend series: rows « date,valeur » in, one row « date,valeur,score » out for each, before the next is read.
 * The detector is the one of the pipeline (surge.h says what a score is); no service and no database is needed.
 *
 * A heading is skipped, blank lines too. A row that cannot be read is said on standard error with its number and what
 * to do, and answered with « ,,0 », so that whoever waits for an answer gets one. */
#include "trend.h"
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <tocsin/base/clock.h>
#include <tocsin/json/json.h>
#include <tocsin/trend/surge.h>
#include "lines.h"

enum { LINE_MAX_BYTES = 4096, CLOSED = -1 /* nobody reads our output any more */ };

struct rows {
	struct context *x;
	const char *path;
	struct lines lines;
	struct surge *surge;
	struct buf out;
	uint64_t refused;
};

/* Blanks and one pair of quotes off. */
static struct slice trim(struct slice s)
{
	while (s.n && isspace((unsigned char)*s.p))
		s = (struct slice){s.p + 1, s.n - 1};
	while (s.n && isspace((unsigned char)s.p[s.n - 1]))
		s.n--;
	if (s.n >= 2 && *s.p == '"' && s.p[s.n - 1] == '"')
		s = (struct slice){s.p + 1, s.n - 2};
	return s;
}

/* The two fields of a row, parted by a semicolon, a tab or a comma. */
static bool part(struct slice line, struct slice *ret_date, struct slice *ret_value)
{
	for (const char *mark = ";\t,"; *mark; mark++) {
		const char *at = memchr(line.p, *mark, line.n);
		if (!at)
			continue;
		size_t n = (size_t)(at - line.p);
		*ret_date = trim((struct slice){line.p, n});
		*ret_value = trim((struct slice){at + 1, line.n - n - 1});
		return true;
	}
	return false;
}

/* As clock_parse, or shorter: to the minute, or a day alone. */
static int read_date(struct slice s, int64_t *ret_ms)
{
	char text[64];
	if (s.n >= sizeof(text) - 10)
		return -EINVAL;
	int n = snprintf(text, sizeof(text), "%.*s%s", (int)s.n, s.p,
		s.n == 10           ? "T00:00:00"
			: s.n == 16 ? ":00"
				    : "");
	return clock_parse((struct slice){text, (size_t)n}, ret_ms);
}

/* A count: decimals (with a point or a comma) are rounded. False when it is none. */
static bool read_count(struct slice s, uint32_t *ret)
{
	char text[64], *end;
	if (s.n == 0 || s.n >= sizeof(text) || !isdigit((unsigned char)*s.p))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = 0;
	char *comma = strchr(text, ',');
	if (comma)
		*comma = '.';
	double v = strtod(text, &end);
	if (*end || !isfinite(v) || tolower((unsigned char)text[1]) == 'x')
		return false;
	*ret = v < UINT32_MAX ? (uint32_t)lround(v) : UINT32_MAX;
	return true;
}

static void warn(struct rows *f, const char *what)
{
	fprintf(stderr, "%s:%llu: %s\n", f->path, (unsigned long long)f->lines.number, what);
}

static int answer(struct rows *f, struct slice date, struct slice value, double score)
{
	buf_clear(&f->out);
	if (f->x->json) {
		struct json_writer w = {.out = &f->out};
		json_w_begin(&w, '{');
		json_w_text(&w, "timestamp", date);
		json_w_text(&w, "value", value);
		json_w_key(&w, "score");
		json_w_double(&w, score);
		json_w_end(&w, '}');
		buf_add_char(&f->out, '\n');
	} else {
		buf_printf(&f->out, "%.*s,%.*s,%.6g\n", (int)date.n, date.p, (int)value.n, value.p,
			score);
	}
	bool done = fwrite(f->out.p, 1, f->out.n, stdout) == f->out.n && fflush(stdout) == 0;
	return done ? 0 : CLOSED;
}

static int refuse(struct rows *f, const char *why)
{
	warn(f, why);
	f->refused++;
	return answer(f, SLICE(""), SLICE(""), 0);
}

static int take_row(struct rows *f, struct slice line)
{
	struct slice date, value;
	int64_t at;
	uint32_t count;
	double score;
	if (!part(line, &date, &value))
		return refuse(f,
			_w(f->x,
				"pas de virgule : une ligne est « date,valeur », par exemple 2026-01-27 11:40:00,12"));
	int r = read_date(date, &at);
	bool counted = read_count(value, &count);
	if (f->lines.number == 1 && r < 0 && !counted)
		return 0; /* a heading */
	if (r < 0)
		return refuse(f,
			r == -ERANGE
				? _w(f->x, "date hors de 1970 à 2100 : corrigez l'année")
				: _w(f->x,
					  "date illisible : écrivez AAAA-MM-JJ HH:MM:SS, par exemple 2026-01-27 11:40:00"));
	if (!counted)
		return refuse(f,
			_w(f->x,
				"valeur illisible : un nombre, 0 ou plus, est attendu après la virgule"));
	if (surge_hear(f->surge, at, count, &score) == SURGE_LATE)
		warn(f,
			_w(f->x,
				"plus de 8 h avant la ligne la plus récente, non comptée : triez les lignes par date"));
	return answer(f, date, value, score);
}

static int each_row(struct rows *f)
{
	struct slice line;
	int r, stop = 0;
	while (!stop && (r = lines_next(&f->lines, &line)) > 0) {
		if (f->lines.number == 1 && line.n >= 3 && memcmp(line.p, "\xef\xbb\xbf", 3) == 0)
			line = (struct slice){line.p + 3, line.n - 3};
		if (r == LINES_LONG)
			stop = refuse(
				f, _w(f->x, "ligne trop longue : « date,valeur » est attendu"));
		else if (trim(line).n)
			stop = take_row(f, trim(line));
	}
	if (stop)
		return EXIT_PROBLEMS;
	if (r < 0)
		return complain(f->x, EXIT_PROBLEMS, "%s : %s", f->path, strerror(-r));
	if (!f->refused)
		return EXIT_DONE;
	return complain(f->x, EXIT_PROBLEMS,
		words_n(f->x->lang, "%llu ligne refusée", "%llu lignes refusées", f->refused),
		(unsigned long long)f->refused);
}

int command_trend_series(struct context *x, int argc, char **argv)
{
	struct rows f = {.x = x, .path = "-"};
	struct error e = {0};
	int r = options_parse(x, NULL, 0, &argc, argv);
	if (r == 0)
		r = options_words(x, "trend", argc, 0, 1);
	if (r)
		return r;
	if (argc == 1)
		f.path = argv[0];
	if (lines_open(&f.lines, f.path, LINE_MAX_BYTES, &e) < 0)
		return complain(x, EXIT_PROBLEMS, "%s", e.text);
	f.surge = surge_new();
	r = each_row(&f);
	surge_free(f.surge);
	lines_close(&f.lines);
	buf_release(&f.out);
	return r;
}
