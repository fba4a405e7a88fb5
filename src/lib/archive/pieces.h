/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which links of the chain are pieces of a dossier. */
#ifndef ARCHIVE_PIECES_H
#define ARCHIVE_PIECES_H
#include <tocsin/db/dossier.h>

struct pieces {
	bool read;
	int64_t *seqs; /* in their order: every version that is a link */
	size_t n, cap, met; /* met: so many were handed out */
};
int pieces_read(struct pieces *p, struct reader *r, int64_t dossier, struct error *e) _must_check_;
bool pieces_has(const struct pieces *p, int64_t seq);
void pieces_release(struct pieces *p);
#endif
