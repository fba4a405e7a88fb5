/* SPDX-License-Identifier: GPL-3.0-or-later
 * The pieces of a mail: headers that nothing can break out of, bodies in quoted-printable. */
#ifndef ESCALATE_MIME_H
#define ESCALATE_MIME_H
#include <stdint.h>
#include <tocsin/base/buf.h>

/* "Name: text" folded at 76 columns, with encoded words (RFC 2047) where text is not plain ASCII. Control
 * characters become blanks; invalid UTF-8 becomes U+FFFD. */
void mime_header(struct buf *out, const char *name, struct slice text);
/* "Name: "phrase" <address>", or the bare address when phrase is empty. address has been checked. */
void mime_mailbox(struct buf *out, const char *name, struct slice phrase, const char *address);
/* RFC 5322 date in local time with its offset. */
void mime_date(struct buf *out, int64_t ms);
/* UTF-8 text with LF → quoted-printable (RFC 2045) with CRLF; a leading "." or "From " is encoded too. */
void mime_quoted_printable(struct buf *out, struct slice text);
/* Any bytes → base64 (RFC 2045) in lines of 76 characters with CRLF. */
void mime_base64(struct buf *out, struct slice bytes);
#endif
