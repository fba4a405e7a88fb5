/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLY_PRIVATE_H
#define REPLY_PRIVATE_H
#include <tocsin/reply/reply.h>

/* shipped.c: what tocsin brings. */
extern const struct reply_model shipped_models[];
extern const size_t shipped_models_n;

enum reply_place { PLACE_TOWN, PLACE_SERVICE, PLACE_DELAY, PLACE_LINK, PLACE_TOPIC, PLACE_NONE };
/* fill.c: what a text begins with, and its length. */
enum reply_place reply_place_of(struct slice text, size_t *ret_n);
extern const char *const reply_place_names[];
extern const size_t reply_place_names_n;
#endif
