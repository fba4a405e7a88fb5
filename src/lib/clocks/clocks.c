/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/clocks/clocks.h>

#include <stdio.h>
#include <stdlib.h>
#include <tocsin/calendar/prescription.h>

enum { LINKS = 1000 };

/* The shortest clock of what the rules suppose, or the one of what a person called it. */
static int shortest(const struct kept_text *t, struct slice *ret_category)
{
	const struct verdict *v = &t->stored->verdict;
	int months = prescription_months(t->category);
	*ret_category = t->category;
	if (t->category.n)
		return months;
	for (uint32_t i = 0; i < v->n_categories; i++) {
		const int of = prescription_months(v->categories[i]);
		if (of && (!months || of < months)) {
			months = of;
			*ret_category = v->categories[i];
		}
	}
	return months;
}

/* An older version of the same comment was said earlier: its clock is the one that counts. */
static bool is_known(const struct clocks *c, int64_t row)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->list[i].row == row)
			return true;
	return false;
}

static int take(void *user, const struct kept_text *t)
{
	struct clocks *c = user;
	struct slice category;
	const int months = shortest(t, &category);
	const int64_t said = t->stored->comment.created_at ? t->stored->comment.created_at
							   : t->stored->accepted_at;
	if (!months || slice_is(t->decision, "laisser"))
		return 0;
	const int64_t day = prescription_day(said, months);
	if (day <= c->today || is_known(c, t->stored->row))
		return 0;
	c->soon += day <= c->today + CLOCKS_SOON;
	if (day > c->today + CLOCKS_WARN) {
		c->later += !t->superseded;
		return 0;
	}
	if (c->wants && !c->wants(c->user, t->stored->row, day))
		return 0;
	if (c->n == CLOCKS_MAX) {
		c->beyond++;
		return 0;
	}
	struct clock_of *one = &c->list[c->n++];
	*one = (struct clock_of){.row = t->stored->row,
		.seq = t->stored->seq,
		.said_at = said,
		.day = day,
		.held = t->held};
	snprintf(one->category, sizeof(one->category), "%.*s", (int)category.n, category.p);
	snprintf(one->decision, sizeof(one->decision), "%.*s", (int)t->decision.n,
		t->decision.n ? t->decision.p : "");
	return 0;
}

static int by_day(const void *a, const void *b)
{
	const struct clock_of *x = a, *y = b;
	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

int clocks_step(struct reader *r, struct clocks *c, struct error *e)
{
	return reader_flagged(r, &c->seq, LINKS, take, c, e);
}

void clocks_sort(struct clocks *c)
{
	qsort(c->list, c->n, sizeof(*c->list), by_day);
}
