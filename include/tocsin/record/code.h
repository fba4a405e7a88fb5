/* SPDX-License-Identifier: GPL-3.0-or-later
 * The short code with which a person takes charge of an incident from a telephone: eight signs that no reader takes for
 * others. What is written for them (0, 1, I, L, O, U) is in no code; B, S and Z are read as 8, 5 and 2. Pure.
 *
 * Guessing. Each half of a code that is given out has a digit: (27^4 - 19^4)^2 = 1.6e11 codes, of which some twenty are
 * alive on a bad day. CODE_WRONG_MINUTE wrong ones a minute from all sides, all day long, are 1.44 million: one hits a live
 * code with a chance of 1.44e6 * 20 / 1.6e11 = 1.8e-4, below 1 in 5,000 a day. A telephone is asked for its number besides, of
 * which the code must be, and each sender is bounded (webhook/guess.h). */
#ifndef TOCSIN_RECORD_CODE_H
#define TOCSIN_RECORD_CODE_H
#include <stdbool.h>
#include <stdint.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>

#define CODE_SIGNS 8u
#define CODE_TEXT (CODE_SIGNS + 1)
#define CODE_SHOWN (CODE_TEXT + 1)
#define CODE_COUNT UINT64_C(282429536481) /* 27 signs, eight times */
#define CODE_WRONG_MINUTE \
	1000u /* wrong ones in a minute, by the page; beyond, none is looked at until it is over */

/* The code that a random number stands for. */
const char *code_write(uint64_t random, char out[static CODE_TEXT]);
/* As people see it: "4KPM-7TXW". Nothing for "". */
const char *code_show(struct slice code, char out[static CODE_SHOWN]);
/* Each half has a digit, so that no word (« je prends en charge ») passes for it; others are not given out. */
bool code_is_clear(const char *code);
/* The code in what a person typed: in any case, cut by blanks, dots or hyphens ("4kpm-7txw"), or the only clear one
 * among other words ("OUI 4KPM 7TXW"). False when there is none, or more than one. */
bool code_read(struct slice typed, char out[static CODE_TEXT]);

/* REQUEST_CODE: what a code that somebody sent comes to. */
enum code_outcome {
	CODE_TAKEN, /* the incident is taken charge of, until … */
	CODE_UNKNOWN, /* no such code, or another person's */
	CODE_STRANGER, /* SMS: from a number of nobody in the policy */
	CODE_EXPIRED,
	CODE_USED, /* it has served; until: the same person is in charge still, 0 not any more */
	CODE_CLOSED, /* the incident is */
	CODE_SURPASSED, /* the incident has risen since: a newer message has a newer code */
	CODE_LIMITED, /* too many wrong codes: none is looked at for a while; never by SMS */
	CODE_OUTCOMES
};
#define CODE_NONE SLICE("00000000") /* is no code */
struct code_request {
	struct slice code; /* as code_read gives it; CODE_NONE: only whose the number is */
	struct slice sender; /* SMS: the number, which must be the person's; empty: not asked for */
	struct slice means; /* for the main courante: "code, par SMS" */
};
struct code_reply {
	enum code_outcome outcome;
	int64_t until; /* town clock; CODE_TAKEN, CODE_USED */
};
void code_request_encode(struct buf *out, const struct code_request *r);
int code_request_decode(struct slice s, struct code_request *ret) _must_check_;
void code_reply_encode(struct buf *out, const struct code_reply *r);
int code_reply_decode(struct slice s, struct code_reply *ret) _must_check_;

/* Two numbers of telephones in the international form are the same: "+33 6 12…", "0033612…", "33612…". */
bool code_same_number(struct slice a, struct slice b);
#endif
