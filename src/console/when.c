/* SPDX-License-Identifier: GPL-3.0-or-later
 * How pages say when: of today the hour, of this week the day and the hour, else the date. Registers, dossiers and papers, which are
 * kept, have whole dates of their own. */
#include <stdio.h>
#include <string.h>
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>
#include "console.h"

enum { NEAR_DAYS = 6 /* a weekday within them means one day */ };

static const char *weekday(const struct visit *v, int day, bool whole)
{
	static const char *const names[7][2] = {
		{WORDS_MARK("lun."), WORDS_MARK("lundi")},
		{WORDS_MARK("mar."), WORDS_MARK("mardi")},
		{WORDS_MARK("mer."), WORDS_MARK("mercredi")},
		{WORDS_MARK("jeu."), WORDS_MARK("jeudi")},
		{WORDS_MARK("ven."), WORDS_MARK("vendredi")},
		{WORDS_MARK("sam."), WORDS_MARK("samedi")},
		{WORDS_MARK("dim."), WORDS_MARK("dimanche")},
	};
	return words(v->l, names[day][whole]);
}

static void say_today(const struct visit *v, enum time_form form, const char *hour, char *ret)
{
	if (form == TIME_AT)
		snprintf(ret, PAGE_MOMENT, words(v->l, "à %s"), hour);
	else if (form == TIME_UNTIL)
		snprintf(ret, PAGE_MOMENT, words(v->l, "jusqu'à %s"), hour);
	else
		snprintf(ret, PAGE_MOMENT, "%s", hour);
}

static void say_day(
	const struct visit *v, enum time_form form, int day, const char *hour, char *ret)
{
	const char *name = weekday(v, day, form != TIME_BARE);
	if (form == TIME_AT)
		snprintf(ret, PAGE_MOMENT, words(v->l, "%s à %s"), name, hour);
	else if (form == TIME_UNTIL)
		snprintf(ret, PAGE_MOMENT, words(v->l, "jusqu'à %s %s"), name, hour);
	else
		snprintf(ret, PAGE_MOMENT, "%s %s", name, hour);
}

static void say_date(
	const struct visit *v, enum time_form form, const char *date, const char *hour, char *ret)
{
	if (form == TIME_AT)
		snprintf(ret, PAGE_MOMENT, words(v->l, "le %s à %s"), date, hour);
	else if (form == TIME_UNTIL)
		snprintf(ret, PAGE_MOMENT, words(v->l, "jusqu'au %s à %s"), date, hour);
	else if (form == TIME_AFTER)
		snprintf(ret, PAGE_MOMENT, words(v->l, "le %s %s"), date, hour);
	else
		snprintf(ret, PAGE_MOMENT, "%s %s", date, hour);
}

const char *page_moment(
	const struct visit *v, int64_t at, enum time_form form, char ret[static PAGE_MOMENT])
{
	const struct local_time t = clock_local(at), now = clock_local(v->town);
	const int64_t day = day_of(at, NULL), apart = day - day_of(v->town, NULL);
	char date[40], hour[CLOCK_TEXT];
	clock_format_hm(at, hour);
	/* where the town's clock is that of its comments, some times are of the machine's */
	const bool dated = form == TIME_DATED;
	if (!dated && (!apart || day == day_of(v->now, NULL))) {
		say_today(v, form, hour, ret);
	} else if (!dated && apart >= -NEAR_DAYS && apart <= NEAR_DAYS) {
		say_day(v, form, t.weekday, hour, ret);
	} else {
		const int n = snprintf(date, sizeof(date), "%02d/%02d", t.day, t.month);
		if (t.year != now.year)
			snprintf(date + n, sizeof(date) - (size_t)n, "/%d", t.year);
		say_date(v, form, date, hour, ret);
	}
	return ret;
}

/* "lundi 02/11/2026 16:30" */
static void put_open(struct visit *v, int64_t at)
{
	const struct local_time t = clock_local(at);
	char exact[CLOCK_TEXT];
	buf_printf(&v->out, "<time datetime=\"%s\" title=\"%s %02d/%02d/%d %02d:%02d\">",
		clock_format(at, exact), weekday(v, t.weekday, true), t.day, t.month, t.year,
		t.hour, t.minute);
}

void page_time_as(struct visit *v, int64_t at, enum time_form form)
{
	char text[PAGE_MOMENT];
	put_open(v, at);
	buf_printf(&v->out, "%s</time>", page_moment(v, at, form, text));
}

void page_time(struct visit *v, int64_t at)
{
	page_time_as(v, at, TIME_BARE);
}

void page_said_at(struct visit *v, const char *format, int64_t at, enum time_form form)
{
	const char *place = strstr(format, "%s");
	_buf_ struct buf before = {0};
	if (!place)
		return;
	buf_add(&before, format, (size_t)(place - format));
	page_word(v, buf_string(&before));
	page_time_as(v, at, form);
	page_word(v, place + 2);
}

void page_late(struct visit *v, int64_t by)
{
	char since[40];
	buf_add_string(&v->out, "<strong>");
	buf_printf(&v->out, words(v->l, "En retard de %s"),
		words_duration(v->l, v->town > by ? v->town - by : 0, since));
	buf_add_string(&v->out, "</strong> · ");
}

void page_counted(struct visit *v, int64_t at)
{
	buf_add_string(&v->out, "<p class=\"count\">");
	page_said_at(v, words(v->l, "Compté %s"), at, TIME_AT);
	buf_add_string(&v->out, "</p>\n");
}

void page_ago(struct visit *v, int64_t at)
{
	const int64_t ms = v->town - at;
	char since[40];
	put_open(v, at);
	if (ms < CLOCK_SECOND)
		page_word(v, words(v->l, "à l'instant"));
	else
		buf_printf(&v->out, words(v->l, "il y a %s"), words_duration(v->l, ms, since));
	buf_add_string(&v->out, "</time>");
}
