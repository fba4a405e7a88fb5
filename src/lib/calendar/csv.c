/* SPDX-License-Identifier: GPL-3.0-or-later
 * The plan of an astreinte, as a spreadsheet saves it. */
#include <errno.h>
#include <stdlib.h>
#include <strings.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>
#include <tocsin/calendar/rota.h>

enum column { COLUMN_FROM, COLUMN_TO, COLUMN_WHO, COLUMNS };
#define FIELDS_MAX 32u
#define LINES_MAX 20000u

struct field {
	struct slice text;
	unsigned column; /* from 1, in characters */
};
struct line_shift {
	struct rota_shift shift;
	unsigned line;
};
struct csv {
	const char *path;
	char cut;
	int handover;
	size_t (*find)(void *user, struct slice name);
	void *user;
	size_t place[COLUMNS];
	struct line_shift *list;
	size_t n, cap;
	struct problems *p;
};

static const char *const names[COLUMNS][4] = {{"début", "debut", "start", "du"},
	{"fin", "end", "au", NULL}, {"personne", "person", "qui", "agent"}};

static unsigned characters(const char *from, const char *to)
{
	unsigned n = 0;
	for (; from < to; from++)
		n += ((unsigned char)*from & 0xc0) != 0x80;
	return n;
}

static struct slice trimmed(struct slice s)
{
	while (s.n && strchr(" \t\"", s.p[0]))
		s = (struct slice){s.p + 1, s.n - 1};
	while (s.n && strchr(" \t\"\r", s.p[s.n - 1]))
		s.n--;
	return s;
}

/* A field in quotes may hold the cutting character. */
static size_t split(const struct csv *c, struct slice line, struct field fields[FIELDS_MAX])
{
	size_t n = 0;
	const char *p = line.p, *end = line.p + line.n;
	while (p <= end && n < FIELDS_MAX) {
		const char *start = p;
		for (bool quoted = false; p < end && (quoted || *p != c->cut); p++)
			quoted ^= *p == '"';
		struct slice raw = {start, (size_t)(p - start)};
		fields[n].text = trimmed(raw);
		fields[n].column =
			1 + characters(line.p, fields[n].text.n ? fields[n].text.p : start);
		n++;
		p++;
	}
	return n;
}

static bool named(struct slice s, enum column column)
{
	for (size_t i = 0; i < 4 && names[column][i]; i++)
		if (strlen(names[column][i]) == s.n && strncasecmp(names[column][i], s.p, s.n) == 0)
			return true;
	return false;
}

/* Takes the columns' places from a line of names; false: it is none. */
static bool header(struct csv *c, const struct field *fields, size_t n)
{
	size_t place[COLUMNS] = {FIELDS_MAX, FIELDS_MAX, FIELDS_MAX};
	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < COLUMNS; k++)
			if (named(fields[i].text, (enum column)k))
				place[k] = i;
	for (int k = 0; k < COLUMNS; k++)
		if (place[k] == FIELDS_MAX)
			return false;
	memcpy(c->place, place, sizeof(place));
	return true;
}

static void wrong(
	struct csv *c, unsigned line, const struct field *f, const char *hint, const char *text)
{
	problem_add(c->p, PROBLEM_ERROR, c->path, line, f->column, hint, "%s : %.*s", text,
		(int)(f->text.n < 80 ? f->text.n : 80), f->text.p);
}

static bool read_time(struct csv *c, unsigned line, const struct field *f, bool end, int64_t *ret)
{
	int64_t day;
	int minute;
	if (day_time_parse(f->text, &day, &minute) < 0) {
		wrong(c, line, f, "2027-08-15 18:00 ou 15/08/2027 18:00", "date illisible");
		return false;
	}
	if (minute < 0)
		minute = c->handover >= 0 ? c->handover : end ? DAY_MINUTES : 0;
	*ret = day_instant(day, minute);
	return true;
}

static void read_line(struct csv *c, unsigned line, const struct field *fields, size_t n)
{
	struct line_shift s = {.line = line};
	for (int k = 0; k < COLUMNS; k++)
		if (c->place[k] >= n) {
			problem_add(c->p, PROBLEM_ERROR, c->path, line, 1,
				"2027-08-13 18:00;2027-08-20 18:00;dupont",
				"début, fin et personne sont attendus");
			return;
		}
	const struct field *who = &fields[c->place[COLUMN_WHO]];
	const struct field *to = &fields[c->place[COLUMN_TO]];
	bool ok = read_time(c, line, &fields[c->place[COLUMN_FROM]], false, &s.shift.from);
	ok = read_time(c, line, to, true, &s.shift.to) && ok;
	s.shift.who = c->find(c->user, who->text);
	if (s.shift.who == ROTA_NOBODY)
		wrong(c, line, who, "l'identifiant ou le nom de « people »", "personne inconnue");
	else if (ok && s.shift.to <= s.shift.from)
		wrong(c, line, to,
			"la deuxième colonne est la fin : mettez-y un moment d'après le début",
			"la fin ne vient pas après le début");
	else if (ok) {
		c->list = xgrow(c->list, c->n, &c->cap, sizeof(*c->list));
		c->list[c->n++] = s;
	}
}

static void read_lines(struct csv *c, struct slice text)
{
	struct field fields[FIELDS_MAX];
	const char *p = text.p, *end = text.p + text.n;
	bool first = true;
	for (unsigned line = 1; p < end; line++) {
		const char *stop = memchr(p, '\n', (size_t)(end - p));
		struct slice whole = {p, (size_t)((stop ? stop : end) - p)};
		p += whole.n + 1;
		if (line > LINES_MAX) {
			problem_add(c->p, PROBLEM_ERROR, c->path, line, 1,
				"gardez l'année en cours et la suivante, les lignes passées ne servent plus",
				"plan trop long");
			return;
		}
		struct slice bare = trimmed(whole);
		if (!bare.n || bare.p[0] == '#')
			continue;
		if (first) /* the character that cuts the first line cuts all */
			c->cut = memchr(whole.p, ';', whole.n)   ? ';'
				: memchr(whole.p, '\t', whole.n) ? '\t'
								 : ',';
		size_t n = split(c, whole, fields);
		if (!first || !header(c, fields, n))
			read_line(c, line, fields, n);
		first = false;
	}
}

static int by_start(const void *a, const void *b)
{
	const struct line_shift *x = a, *y = b;
	if (x->shift.from != y->shift.from)
		return x->shift.from < y->shift.from ? -1 : 1;
	return x->line < y->line ? -1 : 1;
}

static void check_overlaps(struct csv *c)
{
	char from[DAY_TEXT];
	for (size_t i = 1; i < c->n; i++)
		if (c->list[i].shift.from < c->list[i - 1].shift.to)
			problem_add(c->p, PROBLEM_ERROR, c->path, c->list[i].line, 1,
				"avancez la fin de l'une, ou retardez le début de l'autre",
				"deux personnes d'astreinte à la fois, le %s (l'autre : ligne %u)",
				day_format(c->list[i].shift.from, false, from),
				c->list[i - 1].line);
}

int rota_csv(const char *path, struct slice text, int handover,
	size_t (*find)(void *user, struct slice name), void *user, struct rota_shift **ret,
	size_t *ret_n, struct problems *p)
{
	struct csv c = {.path = path,
		.handover = handover,
		.find = find,
		.user = user,
		.place = {COLUMN_FROM, COLUMN_TO, COLUMN_WHO},
		.p = p};
	size_t errors = p->errors;
	if (text.n >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0) /* a byte order mark */
		text = (struct slice){text.p + 3, text.n - 3};
	if (text.n)
		read_lines(&c, text);
	if (c.n)
		qsort(c.list, c.n, sizeof(*c.list), by_start);
	check_overlaps(&c);
	if (p->errors == errors) {
		*ret_n = c.n;
		*ret = c.n ? xreallocarray(NULL, c.n, sizeof(**ret)) : NULL;
		for (size_t i = 0; i < c.n; i++)
			(*ret)[i] = c.list[i].shift;
	}
	free(c.list);
	return p->errors == errors ? 0 : -EINVAL;
}
