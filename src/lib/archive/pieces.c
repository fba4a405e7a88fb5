/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pieces.h"

#include <stdlib.h>
#include <tocsin/base/alloc.h>

static int take(void *user, const struct dossier_item *i)
{
	struct pieces *p = user;

	if (!i->link.n)
		return 0;
	p->seqs = xgrow(p->seqs, p->n, &p->cap, sizeof(*p->seqs));
	p->seqs[p->n++] = i->stored->seq;
	return 0;
}

static int compare(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int pieces_read(struct pieces *p, struct reader *r, int64_t dossier, struct error *e)
{
	int code = reader_dossier_items(r, dossier, take, p, e);

	if (p->n)
		qsort(p->seqs, p->n, sizeof(*p->seqs), compare);
	p->read = code == 0;
	return code;
}

bool pieces_has(const struct pieces *p, int64_t seq)
{
	return p->n && bsearch(&seq, p->seqs, p->n, sizeof(seq), compare);
}

void pieces_release(struct pieces *p)
{
	free(p->seqs);
	*p = (struct pieces){0};
}
