/* SPDX-License-Identifier: GPL-3.0-or-later
 * The curve in words. */
#include <tocsin/base/buf.h>
#include <tocsin/base/clock.h>
#include <tocsin/chart/chart.h>

void chart_describe(struct buf *out, const struct chart_series *s, enum words_lang lang)
{
	char from[CLOCK_TEXT], to[CLOCK_TEXT], at[CLOCK_TEXT], total[40], most[40], step[40];
	uint32_t peak, highest = chart_highest(s, &peak);
	int64_t length = (int64_t)s->minutes * CLOCK_MINUTE;
	uint64_t all = chart_total(s);
	words_duration(lang, length, step);
	buf_printf(out,
		words_n(lang, "Du %s au %s : %s message ; au plus %s en %s, à partir de %s.",
			"Du %s au %s : %s messages ; au plus %s en %s, à partir de %s.", all),
		clock_format_dhm(s->since, from), clock_format_dhm(chart_end(s), to),
		words_number(lang, (int64_t)all, total), words_number(lang, highest, most), step,
		clock_format_hm(s->since + peak * length, at));
	if (s->usual_high >= 0)
		buf_printf(out, words(lang, " D'habitude : %.0f à %.0f par heure."), s->usual_low,
			s->usual_high);
	if (s->alarm)
		buf_printf(out, words(lang, " Alerte : %s."), clock_format_dhm(s->alarm, at));
}
