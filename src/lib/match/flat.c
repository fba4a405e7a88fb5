/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the literal scan sees: the folded view, but that runs of blanks are one space. So « mise\\s+en\\s+examen » is one
 * literal, whatever stands between its words. Most comments have no line feed: then it is the folded view itself. */
#include <stdlib.h>

#include <tocsin/base/alloc.h>

#include "scratch.h"

bool flatten(struct match_scratch *s)
{
	struct slice view = s->folded;
	char *out;
	size_t n = 0;

	if (!view.n || !memchr(view.p, '\n', view.n))
		return false;
	buf_clear(&s->flat);
	out = buf_reserve(&s->flat, view.n + TEXT_SLACK);
	if (s->cap_places < view.n) {
		s->cap_places = view.n;
		s->places = xreallocarray(s->places, view.n, sizeof(*s->places));
	}
	for (size_t i = 0; i < view.n; i++) {
		char c = view.p[i] == '\n' ? ' ' : view.p[i];

		if (c == ' ' && n && out[n - 1] == ' ')
			continue;
		s->places[n] = (uint32_t)i;
		out[n++] = c;
	}
	s->flat.n = n;
	memset(out + n, ' ', TEXT_SLACK);
	return true;
}
