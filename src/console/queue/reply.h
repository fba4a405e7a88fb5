/* SPDX-License-Identifier: GPL-3.0-or-later
 * Answering the public: a holding reply, from a model, or the answer itself; and handing the question to a service that
 * knows. tocsin sends nothing: the text is copied to the source by a person, and kept here with the decision. */
#ifndef CONSOLE_REPLY_H
#define CONSOLE_REPLY_H
#include "../console.h"

struct reply_typed { /* what a form of the page sent */
	struct slice text /* for the public, or for the service */, model, service;
};
/* Whether a decision bears a text for the public. */
bool reply_is(struct slice decision);
/* Whether it is written on a page of its own: these, and what is transferred. */
bool reply_has_page(struct slice decision);
/* The page on which it is written, again: with what was typed, and why it was not taken. */
void reply_again(struct visit *v, unsigned status, const char *wrong, struct slice decision,
	const struct reply_typed *t);
/* When the service is to be reminded (town clock), of a model by its id; an unknown one: after two working days. */
int64_t reply_until(const struct visit *v, struct slice model);
/* The service's name, or its id when the configuration has none. */
struct slice reply_service_name(const struct visit *v, struct slice id);
/* The same in the page, with its address, if it has one, to write to. */
void reply_put_service(struct visit *v, struct slice id);
/* "Copier le texte", for the element with this id; scripts show it. */
void reply_put_copy(struct visit *v, const char *id);
#endif
