/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who is called of one level, as a table. */
#ifndef CONSOLE_CALLED_H
#define CONSOLE_CALLED_H
#include "../console.h"

/* Should it ring at a moment and nobody take charge. */
void called_put_chain(
	struct visit *v, const struct policy *policy, enum policy_chain chain, int64_t at);
/* "Urgence (menace, détresse, adresse livrée)", or the level as a word and a colour. */
void called_put_level(struct visit *v, enum policy_chain chain);
/* Mails go nowhere, or into a folder: that is said; else nothing. */
void called_put_no_relay(struct visit *v);
#endif
