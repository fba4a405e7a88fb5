/* SPDX-License-Identifier: GPL-3.0-or-later
 * The curve of an incident, for the picture in its mails. */
#include <tocsin/chart/chart.h>
#include "letter.h"

static bool usual_known(const struct incident_facts *f)
{
	return f->usual_low >= 0 && f->usual_high >= f->usual_low &&
		(f->usual_high > 0 || f->listening_since);
}

void letter_curve(struct letter *j)
{
	const struct incident_facts *f = j->f;
	struct message *m = j->w.m;
	struct chart_series s;
	uint32_t *minutes = arena_alloc(j->w.arena, INCIDENT_SERIES_MAX * sizeof(*minutes));
	size_t n = incident_series(f, minutes, INCIDENT_SERIES_MAX);
	if (chart_gather(f->since, minutes, n, &s) == CHART_NOTHING)
		return;
	if (usual_known(f)) {
		s.usual_low = f->usual_low;
		s.usual_high = f->usual_high;
	}
	s.threshold = f->threshold;
	chart_mark(&s, j->i->raised_at ? j->i->raised_at : j->i->opened_at);
	chart_write(&j->w.text, &s);
	m->curve = writer_take(&j->w);
	chart_describe(&j->w.text, &s, j->l);
	m->curve_words = writer_take(&j->w);
	m->curve_after = m->n_blocks;
}
