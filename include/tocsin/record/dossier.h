/* SPDX-License-Identifier: GPL-3.0-or-later
 * A dossier: comments that are kept together as pieces, for whom and for what. It holds their texts, and purges respect that,
 * until a jurist or the DPO lifts the hold and says why. What was sent where and when stands in its log. */
#ifndef TOCSIN_RECORD_DOSSIER_H
#define TOCSIN_RECORD_DOSSIER_H
#include <stdint.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>

#define DOSSIER_TITLE_MAX 200u /* bytes */
#define DOSSIER_TEXT_MAX 4000u
#define DOSSIER_PIECES_MAX 500u /* comments in one */

enum dossier_purpose {
	DOSSIER_PHAROS,
	DOSSIER_ARTICLE_40,
	DOSSIER_PLAINTE,
	DOSSIER_PROTECTION,
	DOSSIER_PREFET
};
#define DOSSIER_PURPOSES 5u
extern const char *const dossier_purpose_names[DOSSIER_PURPOSES];
enum dossier_victim {
	DOSSIER_NOBODY /* nobody in particular */,
	DOSSIER_AGENT,
	DOSSIER_ELU,
	DOSSIER_HABITANT
};
#define DOSSIER_VICTIMS 4u
extern const char *const dossier_victim_names[DOSSIER_VICTIMS];
/* Its number among n names, or n. */
unsigned dossier_name(const char *const *names, unsigned n, struct slice name);

enum dossier_entry_kind {
	DOSSIER_OPENED,
	DOSSIER_ADDED, /* a piece: its row */
	DOSSIER_REMOVED,
	DOSSIER_NOTE, /* of people, may name the victim: wiped when the hold is lifted */
	DOSSIER_SENT, /* to whom (purpose), when, with which reference */
	DOSSIER_LIFTED
};
#define DOSSIER_ENTRY_KINDS 6u

/* REQUEST_DOSSIER_OPEN: with its first piece, any version of a comment whose text is there. reply: its number i64. The same asked
 * again, while it is open, is the one that is there. */
struct dossier_open {
	int64_t seq;
	uint8_t purpose, victim;
	struct slice title, note /* may be empty */, who;
};
/* REQUEST_DOSSIER_PIECE: -ENOENT no such dossier or comment, -EALREADY its hold is lifted, the text is gone or the piece is not
 * in it, -E2BIG it is full. Adding what is there changes nothing. */
struct dossier_piece {
	int64_t dossier, seq;
	uint8_t remove; /* 1: and why */
	struct slice reason, who;
};
/* REQUEST_DOSSIER_ENTRY: DOSSIER_NOTE or DOSSIER_SENT. */
struct dossier_entry_request {
	int64_t dossier;
	uint8_t kind, purpose; /* purpose: of DOSSIER_SENT */
	int64_t at; /* when it was sent (wall ms, not to come); 0: now */
	struct slice text, who;
};
/* REQUEST_DOSSIER_LIFT */
struct dossier_lift {
	int64_t dossier;
	struct slice reason, who;
};

void dossier_open_encode(struct buf *out, const struct dossier_open *r);
int dossier_open_decode(struct slice s, struct dossier_open *ret) _must_check_;
void dossier_piece_encode(struct buf *out, const struct dossier_piece *r);
int dossier_piece_decode(struct slice s, struct dossier_piece *ret) _must_check_;
void dossier_entry_encode(struct buf *out, const struct dossier_entry_request *r);
int dossier_entry_decode(struct slice s, struct dossier_entry_request *ret) _must_check_;
void dossier_lift_encode(struct buf *out, const struct dossier_lift *r);
int dossier_lift_decode(struct slice s, struct dossier_lift *ret) _must_check_;
#endif
