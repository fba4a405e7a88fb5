/* SPDX-License-Identifier: GPL-3.0-or-later
 * A person objects to what is done with his comments (RGPD, article 21), by the name of his account. Once accepted, what he
 * writes later is handled like this:
 *
 *   not flagged, asks nothing   its text, address, thread and names are never written; the id, source, time and verdict are. On
 *                               some networks the id holds the account (Bluesky: at://did:plc:…)
 *   asks the town something     kept without a name until it is answered, left alone or transferred, and nothing of that waits any
 *                               more; the next purge takes it then. If somebody finds an offence in it, or hides it, it is kept as
 *                               what is flagged
 *   flagged                     kept as the law's clocks ask, with the name, for the defence of rights (article 21, 1). It
 *                               rings as anybody's
 *
 * His later comments are linked to no other: no counter of authors, no series, no team's figures. Their key stays in the database
 * alone, for access and erasure. Earlier ones are left to an erasure, which also takes the reason and the ground of his objection. */
#ifndef TOCSIN_RECORD_OPPOSE_H
#define TOCSIN_RECORD_OPPOSE_H
#include <tocsin/record/wire.h>

enum opposition_state {
	OPPOSITION_ASKED,
	OPPOSITION_ACCEPTED,
	OPPOSITION_REFUSED, /* for legitimate grounds, which it names */
	OPPOSITION_ENDED /* the person takes it back */
};
#define OPPOSE_TEXT_MAX 1000u /* bytes of a reason and of a ground */
/* REQUEST_OPPOSE: records one (id 0), perhaps decided at once, or decides one that is there: ASKED may become ACCEPTED or REFUSED,
 * ACCEPTED may become ENDED (-EALREADY otherwise). reply: its number i64. Of an account one at a time is asked or accepted: the same
 * asked again is the one that is there, and anything else is -EALREADY. */
struct oppose_request {
	int64_t id;
	struct slice source, author; /* of a new one; the name itself is written down nowhere */
	uint8_t state;
	struct slice who, reason,
		ground; /* reason: what the person says, of a new one; ground: of a refusal */
};
void oppose_encode(struct buf *out, const struct oppose_request *q);
int oppose_decode(struct slice s, struct oppose_request *ret) _must_check_;
#endif
