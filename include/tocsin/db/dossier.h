/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading dossiers (record/dossier.h). As in reader.h: rows come to a callback, slices live during it. */
#ifndef TOCSIN_DB_DOSSIER_H
#define TOCSIN_DB_DOSSIER_H
#include <tocsin/db/reader.h>
#include <tocsin/record/dossier.h>

struct dossier {
	int64_t id, opened_at, lifted_at; /* wall ms; lifted_at 0: it holds its pieces */
	struct slice who, title;
	enum dossier_purpose purpose;
	enum dossier_victim victim;
	uint64_t pieces; /* comments */
	int64_t sent_at; /* the last thing that was sent, 0 nothing yet */
};
typedef int dossier_fn(void *user, const struct dossier *d);
/* Those with an id < before (0: all), the newest first; open_only: those that hold their pieces. */
int reader_dossiers(struct reader *r, bool open_only, int64_t before, uint32_t limit,
	dossier_fn *fn, void *user, struct error *e) _must_check_;
/* One: 0, or READER_END when there is none (fn is not called then). */
int reader_dossier(struct reader *r, int64_t id, dossier_fn *fn, void *user, struct error *e)
	_must_check_;
/* Those that a comment (stored_comment.row) is a piece of, the newest first. */
int reader_dossiers_of(struct reader *r, int64_t row, dossier_fn *fn, void *user, struct error *e)
	_must_check_;

/* The versions of its pieces, comment by comment in the order of arrival; a version that is gone has no text. */
struct dossier_item {
	const struct stored_comment *stored;
	int64_t added_at; /* wall ms */
	struct slice added_by; /* empty: it was edited when it was a piece already */
	struct slice link; /* of the chain of evidence; empty: none */
};
int reader_dossier_items(struct reader *r, int64_t id,
	int (*fn)(void *user, const struct dossier_item *i), void *user, struct error *e)
	_must_check_;

/* Its log, the oldest first. */
struct dossier_entry {
	int64_t at, written_at, row; /* wall ms; row: of a piece, 0 none */
	enum dossier_entry_kind kind;
	enum dossier_purpose purpose; /* of DOSSIER_OPENED and DOSSIER_SENT */
	struct slice who, text; /* text: zeros when it was wiped */
};
int reader_dossier_log(struct reader *r, int64_t id,
	int (*fn)(void *user, const struct dossier_entry *l), void *user, struct error *e)
	_must_check_;
#endif
