/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the latest mails are called, by their Message-ID, so that an answer finds what it answers. Pure. */
#ifndef CONNECT_LETTERS_H
#define CONNECT_LETTERS_H
#include <tocsin/base/buf.h>

#define LETTERS_MAX 256u /* of more the oldest are forgotten */
#define LETTERS_ID 32u /* bytes of an id */

struct letter {
	unsigned char name[8]; /* the first bytes of the SHA-256 of its Message-ID */
	char id[LETTERS_ID + 1];
};
struct letters {
	struct letter list[LETTERS_MAX]; /* a ring */
	unsigned next, n;
};
/* Its first bearer keeps a name: whoever takes it for another mail is not answered for it. Without a name nothing is kept. */
void letters_add(struct letters *l, struct slice message_id, const char *id);
/* NULL: not known. */
const char *letters_find(const struct letters *l, struct slice message_id);
/* As text, appended, and back; what is no text of ours is nothing. */
void letters_print(const struct letters *l, struct buf *out);
void letters_parse(struct letters *l, struct slice text);
#endif
