/* SPDX-License-Identifier: GPL-3.0-or-later
 * One action at the source (record/action.h), in a child process of its own (`act`), told what to do on standard input. It
 * prints one line: OUTCOME MS TEXT (enum action_outcome, what the server asks us to wait, words for people).
 *
 * A kind is one pure function: given the last answer (NULL at first) it names the next request, or says that it is over.
 * It asks first what is true at the source: an attempt before this one may have arrived, and the human may have seen
 * another text than the one that stands there now. */
#ifndef CONNECT_DEED_H
#define CONNECT_DEED_H
#include <tocsin/json/json.h>
#include <tocsin/record/action.h>

#include "poller.h"

#define DEED_STEPS 8u /* requests of one action at most */
enum {
	DEED_ASK = 1, /* GET url */
	DEED_WRITE, /* POST body (JSON) to url: not sent à blanc; e, when it says something: what would be done, for people */
	DEED_DONE, /* e, when it says something, is for people */
	DEED_REFUSED, /* e: why, for people */
	DEED_LATER, /* e: why, for people */
	DEED_DEAD /* e: why, for people */
};
struct deed {
	const struct leased_action *action;
	const struct source_config *source;
	struct slice who; /* we are at the source, as its login told */
	int64_t now;
	struct json_reader *json;
	unsigned step; /* of the kind; 0 at first */
	int64_t subject; /* of the kind */
	struct buf memo; /* of the kind */
	const char *password; /* the account's password or token, for what has to be made of it */
	struct buf url, body; /* the next request: empty before each step */
	bool keyed; /* what is written bears the action's mark as its Idempotency-Key */
};
int deed_main(const struct config *config, const struct source_config *source);
#endif
