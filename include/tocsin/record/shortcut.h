/* SPDX-License-Identifier: GPL-3.0-or-later
 * The keys of one person on the console's lists: one for each act, all with Alt or all alone, or none at all. Pure. */
#ifndef TOCSIN_RECORD_SHORTCUT_H
#define TOCSIN_RECORD_SHORTCUT_H
#include <stdint.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>

enum shortcut {
	SHORTCUT_NEXT,
	SHORTCUT_BACK,
	SHORTCUT_OPEN,
	SHORTCUT_DOSSIER,
	SHORTCUT_HELP,
	SHORTCUT_TAKE,
	SHORTCUT_RELEASE, /* … or chooses it, where many are chosen from */
	SHORTCUT_LEAVE,
	SHORTCUT_MASK,
	SHORTCUT_HOLD,
	SHORTCUT_ANSWER,
	SHORTCUT_TRANSFER,
	SHORTCUT_CONFIRM,
	SHORTCUT_REFUSE
};
#define SHORTCUTS (SHORTCUT_REFUSE + 1)
#define SHORTCUTS_TEXT (2 + 2 * SHORTCUTS) /* bytes at most */
struct shortcuts {
	bool off, alt;
	uint32_t keys[SHORTCUTS]; /* what the key writes, a small letter if it is one; 0: none */
};
/* As tocsin comes. */
extern const struct shortcuts shortcuts_usual;
/* The key as it is kept, or 0: no key of a French keyboard writes that alone, or it waits for another one (^). */
uint32_t shortcut_key(uint32_t scalar);
/* Whether two acts have one key: then both are told. */
bool shortcuts_clash(
	const struct shortcuts *s, enum shortcut *ret_first, enum shortcut *ret_second);

/* As it is kept with an account; an empty text is the usual keys. 0, or -EBADMSG: nobody wrote that here. */
void shortcuts_write(struct buf *out, const struct shortcuts *s);
int shortcuts_read(struct slice text, struct shortcuts *ret) _must_check_;

/* REQUEST_SHORTCUTS: kept for an account (-ENOENT). */
struct shortcuts_request {
	struct slice who, text;
};
void shortcuts_encode(struct buf *out, const struct shortcuts_request *r);
int shortcuts_decode(struct slice s, struct shortcuts_request *ret) _must_check_;
#endif
