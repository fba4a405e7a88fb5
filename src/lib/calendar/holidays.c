/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/calendar/holidays.h>
#include <tocsin/base/clock.h>

const char *const holiday_zone_names[HOLIDAY_ZONES + 1] = {"metropole", "alsace-moselle",
	"guadeloupe", "guyane", "martinique", "mayotte", "reunion", "saint-barthelemy",
	"saint-martin", "saint-pierre-et-miquelon", "nouvelle-caledonie", "polynesie",
	"wallis-et-futuna", "aucune"};

/* Easter Sunday of the Gregorian calendar: the anonymous algorithm of Nature (1876), in J. Meeus, Astronomical
 * Algorithms, chapter 8. */
static int64_t easter(int year)
{
	int a = year % 19, b = year / 100, c = year % 100;
	int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
	int h = (19 * a + b - d - g + 15) % 30;
	int i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7;
	int m = (a + 11 * h + 22 * l) / 451;
	int n = h + l - 7 * m + 114;
	return clock_days_of(year, n / 31, n % 31 + 1);
}

#define EVERYWHERE 0xffffu
#define IN(zone) (1u << HOLIDAY_##zone)

struct fixed {
	int month, day;
	unsigned zones;
	int from, to; /* years */
	const char *name;
};
static const struct fixed fixed_days[] = {
	{1, 1, EVERYWHERE, 0, 9999, "Jour de l'an"},
	{5, 1, EVERYWHERE, 0, 9999, "Fête du travail"},
	{5, 8, EVERYWHERE, 1982, 9999, "Victoire 1945"},
	{7, 14, EVERYWHERE, 0, 9999, "Fête nationale"},
	{8, 15, EVERYWHERE, 0, 9999, "Assomption"},
	{11, 1, EVERYWHERE, 0, 9999, "Toussaint"},
	{11, 11, EVERYWHERE, 0, 9999, "Armistice 1918"},
	{12, 25, EVERYWHERE, 0, 9999, "Noël"},
	{12, 26, IN(ALSACE_MOSELLE), 0, 9999, "Saint-Étienne"},
	{4, 27, IN(MAYOTTE), 1984, 9999, "Abolition de l'esclavage"},
	{5, 22, IN(MARTINIQUE), 1984, 9999, "Abolition de l'esclavage"},
	{5, 27, IN(GUADELOUPE), 1984, 9999, "Abolition de l'esclavage"},
	{5, 27, IN(SAINT_MARTIN), 1984, 2017, "Abolition de l'esclavage"},
	{5, 28, IN(SAINT_MARTIN), 2018, 9999, "Abolition de l'esclavage"},
	{6, 10, IN(GUYANE), 1984, 9999, "Abolition de l'esclavage"},
	{10, 9, IN(SAINT_BARTHELEMY), 1984, 9999, "Abolition de l'esclavage"},
	{12, 20, IN(REUNION), 1982, 9999, "Abolition de l'esclavage"},
	{9, 24, IN(NOUVELLE_CALEDONIE), 2004, 9999, "Fête de la citoyenneté"},
	{3, 5, IN(POLYNESIE), 0, 9999, "Arrivée de l'Évangile"},
	{6, 29, IN(POLYNESIE), 1985, 2024, "Fête de l'autonomie"},
	{11, 20, IN(POLYNESIE), 2025, 9999, "Matari'i i ni'a"},
	{4, 28, IN(WALLIS), 0, 9999, "Saint Pierre Chanel"},
	{7, 29, IN(WALLIS), 0, 9999, "Fête du territoire"},
};
static const struct moving {
	int after_easter;
	unsigned zones;
	const char *name;
} moving_days[] = {
	{-2, IN(ALSACE_MOSELLE) | IN(POLYNESIE), "Vendredi saint"},
	{1, EVERYWHERE, "Lundi de Pâques"},
	{39, EVERYWHERE, "Ascension"},
	{50, EVERYWHERE, "Lundi de Pentecôte"},
};

const char *holiday_name(enum holiday_zone zone, int64_t day)
{
	int year, month, date;
	const unsigned bit = 1u << zone;
	if (zone >= HOLIDAY_NONE)
		return NULL;
	clock_date_of(day, &year, &month, &date);
	for (size_t i = 0; i < sizeof(fixed_days) / sizeof(*fixed_days); i++) {
		const struct fixed *f = &fixed_days[i];
		if (f->month == month && f->day == date && (f->zones & bit) && year >= f->from &&
			year <= f->to)
			return f->name;
	}
	if (month < 3 || month > 6)
		return NULL;
	int64_t sunday = easter(year);
	for (size_t i = 0; i < sizeof(moving_days) / sizeof(*moving_days); i++)
		if (day == sunday + moving_days[i].after_easter && (moving_days[i].zones & bit))
			return moving_days[i].name;
	return NULL;
}

static bool among(const int64_t *list, size_t n, int64_t day)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == day)
			return true;
	return false;
}

bool holiday_is(const struct holidays *h, int64_t day)
{
	if (among(h->except, h->n_except, day))
		return false;
	return among(h->also, h->n_also, day) || holiday_name(h->zone, day) != NULL;
}
