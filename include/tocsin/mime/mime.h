/* SPDX-License-Identifier: GPL-3.0-or-later
 * A mail as it came (RFC 5322, MIME): who, what about, the text. Whatever is broken in it, something is read; nothing is
 * fetched, attachments are passed by. Sole user of GMime. */
#ifndef TOCSIN_MIME_MIME_H
#define TOCSIN_MIME_MIME_H
#include <tocsin/base/buf.h>

#define MIME_DEPTH 16 /* parts inside parts */

struct mime_mail { /* valid UTF-8, "" when absent; zeroed or used before */
	struct buf subject;
	struct buf author, name; /* the first address of From, in small letters, and its name */
	struct buf id; /* Message-ID */
	struct buf
		root; /* the first mail of its conversation: of References, else In-Reply-To, else itself */
	struct buf
		answered; /* the mail that it answers: In-Reply-To, else the last of References */
	struct buf date; /* Date, as it stands */
	struct buf
		body; /* the first text that is no attachment; plain if there is a plain one with words */
	bool html; /* … it is HTML */
	bool automatic; /* a machine answered: out of office (RFC 3834), not delivered (RFC 6522) */
};
void mime_read(struct slice bytes, struct mime_mail *ret);
void mime_release(struct mime_mail *m);
#endif
