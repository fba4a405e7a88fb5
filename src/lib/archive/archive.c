/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/archive/archive.h>

#include <tocsin/base/alloc.h>

#include "pieces.h"
#include "rows.h"

#define PIECE (32u << 10) /* bytes */
#define PART 1000u /* links that are looked at for one piece of a dossier's part */
#define ROWS 5000u /* that are looked at for one piece */

const struct archive_form archive_forms[ARCHIVE_ALL] = {
	[ARCHIVE_CSV] = {"csv", "csv", "text/csv; charset=utf-8; header=present"},
	[ARCHIVE_JSON] = {"json", "jsonl", "application/x-ndjson"},
	[ARCHIVE_EVIDENCE] = {"preuves", "jsonl", "application/x-ndjson"},
	[ARCHIVE_AUDIT] = {"journal", "csv", "text/csv; charset=utf-8; header=present"},
	[ARCHIVE_PERSON] = {"personne", "jsonl", "application/x-ndjson"},
	[ARCHIVE_DOSSIER] = {"dossier", "jsonl", "application/x-ndjson"},
};

enum archive_kind archive_kind_of(struct slice name)
{
	for (unsigned i = 0; i < ARCHIVE_KINDS; i++)
		if (slice_is(name, archive_forms[i].name))
			return (enum archive_kind)i;
	return ARCHIVE_KINDS;
}

struct archive {
	struct archive_spec spec;
	char *town;
	unsigned char author[16], last[DIGEST_SIZE];
	bool begun;
	int64_t seq; /* or the last entry of the account */
	struct evidence_at at;
	struct pieces pieces; /* ARCHIVE_DOSSIER */
	uint64_t rows;
	struct buf *out; /* during a call */
	size_t full;
};

struct archive *archive_new(const struct archive_spec *spec)
{
	struct archive *a = xcalloc(1, sizeof(*a));

	a->spec = *spec;
	if (spec->author)
		memcpy(a->author, spec->author, sizeof(a->author));
	a->town = xstrndup(spec->town.n ? spec->town.p : "", spec->town.n);
	return a;
}

struct archive *archive_free(struct archive *a)
{
	if (a) {
		free(a->town);
		pieces_release(&a->pieces);
	}
	free(a);
	return NULL;
}

uint64_t archive_rows(const struct archive *a)
{
	return a->rows;
}

enum { FULL = 2 }; /* the piece is long enough; where it stopped is kept */

static int counted(struct archive *a)
{
	a->rows++;
	return a->out->n >= a->full ? FULL : 0;
}

static int take_csv(void *user, const struct kept_text *t)
{
	struct archive *a = user;

	row_csv(a->out, t);
	return counted(a);
}

static int take_json(void *user, const struct kept_text *t)
{
	struct archive *a = user;

	row_json(a->out, t);
	return counted(a);
}

static void keep_last(struct archive *a, const struct evidence_item *l)
{
	memset(a->last, 0, sizeof(a->last));
	memcpy(a->last, l->hash.p, l->hash.n < sizeof(a->last) ? l->hash.n : sizeof(a->last));
}

static int take_link(void *user, const struct evidence_item *l)
{
	struct archive *a = user;

	row_evidence(a->out, l);
	keep_last(a, l);
	return counted(a);
}

/* The part of the chain from the first piece to the last. */
static int take_part(void *user, const struct evidence_item *l)
{
	struct archive *a = user;
	const bool piece = pieces_has(&a->pieces, l->seq);
	int code;

	a->pieces.met += piece;
	if (!a->pieces.met) {
		keep_last(a, l);
		return 0;
	}
	if (!a->begun)
		row_part_head(a->out, slice_of(a->town), a->spec.now, a->spec.dossier, a->last);
	a->begun = true;
	if (!piece) {
		row_withheld(a->out, l);
		keep_last(a, l);
		return counted(a);
	}
	code = take_link(a, l);
	return a->pieces.met == a->pieces.n ? FULL : code;
}

static int take_audit(void *user, const struct audit_entry *e)
{
	struct archive *a = user;

	row_audit(a->out, e);
	a->seq = e->id;
	return counted(a);
}

static void begin(struct archive *a)
{
	switch (a->spec.kind) {
	case ARCHIVE_CSV: row_csv_head(a->out); break;
	case ARCHIVE_AUDIT: row_audit_head(a->out); break;
	case ARCHIVE_EVIDENCE: row_evidence_head(a->out, slice_of(a->town), a->spec.now); break;
	case ARCHIVE_DOSSIER: return; /* when the first piece is met */
	case ARCHIVE_JSON:
	case ARCHIVE_PERSON:
	case ARCHIVE_ALL: break;
	}
	a->begun = true;
}

static int audit(struct archive *a, struct reader *r, struct error *e)
{
	const uint64_t before = a->rows;
	int code = reader_audit(r, &(struct audit_filter){0}, a->seq, ROWS, take_audit, a, e);

	return code ? code : a->rows - before < ROWS ? READER_END : 0;
}

/* Behind the last piece nothing of the chain is said. */
static int part(struct archive *a, struct reader *r, struct error *e)
{
	int code = a->pieces.read ? 0 : pieces_read(&a->pieces, r, a->spec.dossier, e);

	if (code == 0 && a->pieces.met < a->pieces.n)
		code = reader_evidence_links(r, &a->at, PART, take_part, a, e);
	return code >= 0 && a->pieces.met == a->pieces.n ? READER_END : code;
}

static int rows(struct archive *a, struct reader *r, struct error *e)
{
	switch (a->spec.kind) {
	case ARCHIVE_CSV: return reader_texts(r, &a->seq, ROWS, take_csv, a, e);
	case ARCHIVE_JSON: return reader_texts(r, &a->seq, ROWS, take_json, a, e);
	case ARCHIVE_EVIDENCE: return reader_evidence_links(r, &a->at, ROWS, take_link, a, e);
	case ARCHIVE_AUDIT: return audit(a, r, e);
	case ARCHIVE_DOSSIER: return part(a, r, e);
	case ARCHIVE_PERSON:
	case ARCHIVE_ALL: break;
	}
	return reader_author(r, a->author, &a->seq, ROWS, take_json, a, e);
}

int archive_next(struct archive *a, struct reader *r, struct buf *out, struct error *e)
{
	int code;

	a->out = out;
	a->full = out->n + PIECE;
	if (!a->begun)
		begin(a);
	code = rows(a, r, e);
	if (code < 0)
		return code;
	if (code == READER_END && !a->begun) /* a dossier without pieces */
		row_part_head(out, slice_of(a->town), a->spec.now, a->spec.dossier, a->last);
	if (code == READER_END &&
		(a->spec.kind == ARCHIVE_EVIDENCE || a->spec.kind == ARCHIVE_DOSSIER))
		row_evidence_end(
			out, a->rows, (struct slice){(const char *)a->last, sizeof(a->last)});
	return code == READER_END ? ARCHIVE_END : 0;
}
