/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a person wrote in a mail, without what the mail programs put around it. Pure. */
#ifndef CONNECT_QUOTED_H
#define CONNECT_QUOTED_H
#include <tocsin/base/buf.h>

/* The text without quoted lines (">"), without what stands behind the line that introduces the mail that is answered (« Le … a
 * écrit : », "On … wrote:", Outlook's De : / Envoyé : block, "Message d'origine"), without the signature behind "-- " and
 * without « Envoyé de mon … »; appended, ends trimmed. An answer below a quotation stays. When nothing would be left (a mail
 * that only passes something on), all of the text is what was written. */
void quoted_trim(struct slice text, struct buf *out);
#endif
