/* SPDX-License-Identifier: GPL-3.0-or-later
 * Addresses in a comment: of pages, of mail, of people on the net. Nothing of them names a topic, for a part of one may be
 * somebody's name. */
#ifndef EMERGENT_ADDRESS_H
#define EMERGENT_ADDRESS_H
#include <stdbool.h>
#include <stdint.h>
#include <tocsin/base/slice.h>

/* Over the pieces between blanks of a folded view, in order; begin with the view, cut and zeros. */
struct addresses {
	struct slice view;
	bool cut; /* the text goes on behind the view: what its last piece is is not known */
	size_t end; /* of the piece at hand */
	bool is_address; /* that piece */
	uint32_t n; /* addresses so far */
};
/* Whether the word that begins at `start` is of an address; called for words in their order. */
bool addresses_have(struct addresses *a, size_t start);
#endif
