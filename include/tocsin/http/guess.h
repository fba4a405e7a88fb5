/* SPDX-License-Identifier: GPL-3.0-or-later
 * How many wrong codes or passwords one sender may try: an address, an IPv6 network of a subscriber (/64), a number, an
 * account. Pure: time is an argument. Store bounds the wrong codes of all pages together (lib/db/code.c), so that many
 * addresses gain nothing there. */
#ifndef TOCSIN_HTTP_GUESS_H
#define TOCSIN_HTTP_GUESS_H
#include <stdbool.h>
#include <stdint.h>
#include <tocsin/base/slice.h>

#define GUESS_MINUTE 5u /* wrong codes in a minute */
#define GUESS_TOTAL 30u /* … and in an hour from the first */
#define GUESS_SENDERS 512u /* the one that has been quiet longest is forgotten for a new one */
#define GUESS_NAME 46u /* an address's key or a number; what is longer is cut */

struct guesses {
	uint32_t times; /* the limits so many times over; 0: once */
	struct guess_sender {
		char name[GUESS_NAME];
		size_t n_name; /* 0: free */
		int64_t minute, hour; /* when each began, ms */
		int64_t last;
		uint32_t in_minute, in_hour;
	} senders[GUESS_SENDERS];
};
/* Whether a code from this sender may be looked at; from nobody (empty): always. */
bool guess_allowed(const struct guesses *g, struct slice sender, int64_t now);
/* It was wrong. */
void guess_wrong(struct guesses *g, struct slice sender, int64_t now);
#endif
