/* SPDX-License-Identifier: GPL-3.0-or-later
 * One row of an archive. */
#ifndef ARCHIVE_ROWS_H
#define ARCHIVE_ROWS_H
#include <tocsin/archive/archive.h>

void row_csv_head(struct buf *out);
void row_csv(struct buf *out, const struct kept_text *t);
void row_json(struct buf *out, const struct kept_text *t);
void row_audit_head(struct buf *out);
void row_audit(struct buf *out, const struct audit_entry *a);
void row_evidence_head(struct buf *out, struct slice town, int64_t now);
void row_evidence(struct buf *out, const struct evidence_item *l);
void row_part_head(struct buf *out, struct slice town, int64_t now, int64_t dossier,
	const unsigned char before[static DIGEST_SIZE]);
void row_withheld(struct buf *out, const struct evidence_item *l);
void row_evidence_end(struct buf *out, uint64_t links, struct slice last);
#endif
