/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "moment.h"
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>

enum { MOMENT_BYTES = 30 };

void moment_put(struct visit *v, const char *name, int64_t at)
{
	const struct local_time t = clock_local(at);
	buf_printf(&v->out, "<input type=\"datetime-local\" name=\"%s\"", name);
	if (at)
		buf_printf(&v->out, " value=\"%04d-%02d-%02dT%02d:%02d\"", t.year, t.month, t.day,
			t.hour, t.minute);
	buf_add_char(&v->out, '>');
}

bool moment_read(struct visit *v, const char *name, int64_t *ret)
{
	_buf_ struct buf text = {0};
	int64_t day;
	int minute;
	*ret = 0;
	if (!visit_field(v, name, MOMENT_BYTES, &text))
		return false;
	if (!text.n)
		return true;
	if (day_time_parse(buf_slice(&text), &day, &minute) < 0)
		return false;
	*ret = day_instant(day, minute < 0 ? 0 : minute);
	return *ret > 0;
}
