/* SPDX-License-Identifier: GPL-3.0-or-later
 * Commands and answers of an IMAP session. A literal is counted, never read as lines: no mail can play the server. */
#ifndef NET_IMAP_WIRE_H
#define NET_IMAP_WIRE_H
#include <tocsin/net/imap.h>
#include "private.h"

#define WIRE_TEXT_MAX (16u << 20) /* bytes of an answer besides its literal: a million of UIDs */
#define WIRE_SLACK 4096u

struct imap {
	struct transfer t;
	struct gate gate;
	int64_t timeout_ms, until; /* until: monotonic, of this step */
	curl_socket_t fd;
	unsigned tag;
	size_t literal_max;
	struct buf in; /* what came and was not read yet, from `at` on */
	size_t at;
	struct buf text,
		literal; /* one answer: its lines with the literals left out, and the last of these */
	bool has_literal;
};
enum wire_status { WIRE_OK, WIRE_NO, WIRE_BAD };
typedef void wire_fn(void *user, const struct imap *m);
/* Sends a command (without its tag) and hands over each untagged answer to it. WIRE_*, or a negative fault; e is said. */
int wire_command(struct imap *m, const char *command, wire_fn *each, void *user, struct error *e)
	_must_check_;
/* A quoted string; the name of a mailbox in its modified UTF-7 (RFC 3501 section 5.1.3). Appended. */
void wire_add_mailbox(struct buf *out, const char *name);
#endif
