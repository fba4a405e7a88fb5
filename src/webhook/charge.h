/* SPDX-License-Identifier: GPL-3.0-or-later
 * Taking charge with a code: the page /a and the answers of an SMS gateway at /sms. The code goes to store as a request;
 * nothing of the database is known here. */
#ifndef WEBHOOK_CHARGE_H
#define WEBHOOK_CHARGE_H
#include "webhook.h"

/* Whether the path is one of ours (and open: the configuration says so). */
bool charge_is_ours(const struct webhook *w, struct slice path);
/* Before the body is read: status 0 lets it in. */
struct http_response charge_admission(const struct webhook *w, struct http_request *r);
void charge_handle(struct webhook *w, struct http_request *r);
#endif
