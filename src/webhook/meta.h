/* SPDX-License-Identifier: GPL-3.0-or-later
 * What Meta pushes: the word with which its webhook is set up, and what changed on a page or an Instagram account
 * (developers.facebook.com/docs/graph-api/webhooks, objects page and instagram). */
#ifndef WEBHOOK_META_H
#define WEBHOOK_META_H
#include "webhook.h"

bool meta_is(const struct source *source);
/* GET: the challenge, for whoever knows the word. */
void meta_challenge(struct webhook *w, const struct source *source, struct http_request *r);

/* Pure: calls take for each comment, edit and deletion on the source's page; passed by are what else an application may have
 * subscribed to, and words that come so late that they may not be those of now. How many they were; -EINVAL: not what Meta sends. */
int meta_changes(struct json_value v, const struct source_config *source, int64_t now,
	body_take_fn *take, void *user) _must_check_;
#endif
