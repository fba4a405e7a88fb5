/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEXT_VIEWS_H
#define TEXT_VIEWS_H
#include <tocsin/text/text.h>

#include "map.h"
#include "tables.h"

#define CLUES 512u
struct squeeze_tables {
	unsigned char signs[256], clues[CLUES];
};

struct text_views {
	struct slice original;
	struct buf view[TEXT_VIEWS];
	/* each view's map to the one it was made from: plain → original, folded → plain, squeezed → folded */
	struct map_edges edges[TEXT_VIEWS];
	bool accents, squeezed; /* squeezed: that view differs from the folded one */
	struct buf word; /* scratch of squeeze() */
	struct squeeze_tables squeeze;
	struct tables tables;
};

void squeeze_tables(struct squeeze_tables *t);
/* Fills view[TEXT_SQUEEZED] from view[TEXT_FOLDED]; false when nothing was to be undone. */
bool squeeze(struct text_views *v);
#endif
