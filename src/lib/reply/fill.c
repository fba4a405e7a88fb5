/* SPDX-License-Identifier: GPL-3.0-or-later
 * Placeholders of a reply, and what stands in them. */
#include "private.h"
#include <stdio.h>
#include <string.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/clock.h>

static const struct {
	const char *name;
	enum reply_place place;
} places[] = {{"{ville}", PLACE_TOWN}, {"{service}", PLACE_SERVICE}, {"{delai}", PLACE_DELAY},
	{"{délai}", PLACE_DELAY}, {"{lien}", PLACE_LINK}, {"{sujet}", PLACE_TOPIC},
	{"{town}", PLACE_TOWN}, {"{delay}", PLACE_DELAY}, {"{link}", PLACE_LINK},
	{"{topic}", PLACE_TOPIC}};
#define N_PLACES (sizeof(places) / sizeof(*places))

const char *const reply_place_names[] = {"{ville}", "{service}", "{delai}", "{lien}", "{sujet}"};
const size_t reply_place_names_n = sizeof(reply_place_names) / sizeof(*reply_place_names);

enum reply_place reply_place_of(struct slice text, size_t *ret_n)
{
	for (size_t i = 0; i < N_PLACES; i++)
		if (slice_begins(text, places[i].name)) {
			*ret_n = strlen(places[i].name);
			return places[i].place;
		}
	*ret_n = 0;
	return PLACE_NONE;
}

/* "d'ici le jeudi 3 décembre" */
static void put_day(struct buf *out, int64_t at)
{
	static const char *const days[] = {
		"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"};
	static const char *const months[] = {"janvier", "février", "mars", "avril", "mai", "juin",
		"juillet", "août", "septembre", "octobre", "novembre", "décembre"};
	const struct local_time t = clock_local(at);
	buf_printf(out, "d'ici le %s %d%s %s", days[t.weekday], t.day, t.day == 1 ? "er" : "",
		months[t.month - 1]);
}

static void put_or(struct buf *out, struct slice text, const char *otherwise)
{
	if (text.n)
		buf_add_slice(out, text);
	else
		buf_add_string(out, otherwise);
}

static void put_place(struct buf *out, enum reply_place place, const struct reply_model *m,
	const struct reply_values *v)
{
	switch (place) {
	case PLACE_TOWN: put_or(out, v->town, "la commune"); break;
	case PLACE_SERVICE: put_or(out, v->service, "service concerné"); break;
	case PLACE_TOPIC: put_or(out, v->topic, "votre question"); break;
	case PLACE_LINK: buf_add_string(out, m->link ? m->link : ""); break;
	case PLACE_DELAY:
		if (v->by)
			put_day(out, v->by);
		else
			buf_add_string(out, "dès que possible");
		break;
	case PLACE_NONE: break;
	}
}

void reply_fill(struct buf *out, const struct reply_model *m, const struct reply_values *v)
{
	struct slice rest = slice_of(m->text);
	while (rest.n) {
		size_t n;
		const enum reply_place place = reply_place_of(rest, &n);
		if (place == PLACE_NONE) {
			n = 1;
			buf_add_char(out, rest.p[0]);
		} else {
			put_place(out, place, m, v);
		}
		rest = (struct slice){rest.p + n, rest.n - n};
	}
	while (out->n && out->p[out->n - 1] == '\n') /* of a block of YAML */
		out->n--;
}
