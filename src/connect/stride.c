/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stride.h"

#define CALM 3u /* what is too much has neighbours */

void stride_begin(struct stride *s, unsigned whole)
{
	*s = (struct stride){.size = whole, .whole = whole};
}

bool stride_refused(struct stride *s)
{
	const bool less = s->size > 1;

	s->calm = 0;
	s->size = less ? s->size / 2 : s->size;
	return less;
}

void stride_came(struct stride *s)
{
	const unsigned most = s->held ? s->whole : s->whole / 2;

	s->calm++;
	s->held |= s->size == s->whole;
	if (s->calm <= CALM || s->size >= most)
		return;
	s->size += s->size / 4 + 1;
	if (s->size > most)
		s->size = most;
}
