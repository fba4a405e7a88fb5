/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/record/position.h>

void position_take(struct position *p, const struct incident_entry *e)
{
	if (e->kind != ENTRY_WORDING && e->kind != ENTRY_INSTRUCTION)
		return;
	struct incident_entry *to = e->kind == ENTRY_WORDING ? &p->wording : &p->instruction;
	p->wordings += e->kind == ENTRY_WORDING && e->text.n;
	if (e->id < to->id)
		return;
	*to = *e;
	to->who = arena_copy(&p->arena, e->who);
	to->text = arena_copy(&p->arena, e->text);
}

bool position_line(struct slice *text, struct slice *ret)
{
	const char *end = text->n ? memchr(text->p, '\n', text->n) : NULL;
	*ret = (struct slice){text->p, end ? (size_t)(end - text->p) : text->n};
	size_t step = ret->n + (end ? 1 : 0);
	*text = (struct slice){text->p + step, text->n - step};
	return step > 0;
}
