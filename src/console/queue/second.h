/* SPDX-License-Identifier: GPL-3.0-or-later
 * Second pair of eyes: what one person proposes to hide or to answer, another one confirms or refuses. */
#ifndef CONSOLE_SECOND_H
#define CONSOLE_SECOND_H
#include "card.h"

/* Whether hiding it or answering it in public takes two people, as tocsin.yaml says (console.second_regard); never what is urgent. */
bool second_wanted(const struct visit *v, const struct queue_item *q);
/* Whether nobody else moderates here; asked before a list is read. */
bool second_alone(struct visit *v);
/* Who proposes what, and why; with the form that confirms or refuses it, unless it is only read. */
void second_put(struct visit *v, const struct card *c);
/* Before the buttons: that hiding this will be a proposal, or waits for nobody though it would. */
void second_put_notice(struct visit *v, const struct card *c);
/* ", dont 2 attendent un second regard", with a link to them. */
void second_put_count(struct visit *v);
#endif
