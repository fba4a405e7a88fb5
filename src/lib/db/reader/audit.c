/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/db/kept.h>

#include "rd.h"

struct audits {
	int (*fn)(void *user, const struct audit_entry *a);
	void *user;
};

static int hand_audit(void *user, sqlite3_stmt *s)
{
	const struct audits *to = user;
	const struct audit_entry a = {.id = sq_col_int(s, 0),
		.at = sq_col_int(s, 1),
		.who = sq_col(s, 2),
		.verb = sq_col(s, 3),
		.what = sq_col(s, 4),
		.why = sq_col(s, 5)};

	return to->fn(to->user, &a);
}

/* As decide.c, revise.c, dossier.c and bulk.c write of which comment they speak; ?7: its row. */
#define OF_COMMENT \
	"CASE verb WHEN 'revise' THEN" \
	" (SELECT ifnull(first, seq) FROM item WHERE seq = CAST(what AS INTEGER)) = ?7" \
	" WHEN 'dossier' THEN what LIKE '% (n° ' || ?7 || ')'" \
	" WHEN 'bulk' THEN EXISTS(SELECT 1 FROM decision d WHERE d.row = ?7" \
	" AND d.bulk = CAST(substr(what, 4) AS INTEGER))" \
	" ELSE instr('" AUDIT_OF_COMMENTS \
	"', ' ' || verb || ' ') AND substr(what || ',', 1, length(?7) + 1) = ?7 || ',' END"

int reader_audit(struct reader *r, const struct audit_filter *f, int64_t before, uint32_t limit,
	int (*fn)(void *user, const struct audit_entry *a), void *user, struct error *e)
{
	struct audits to = {fn, user};
	int64_t row = f->comment;
	sqlite3_stmt *s;
	int code = 0;

	if (row)
		code = sq_get(&r->q, e, &row, "SELECT ifnull(first, seq) FROM item WHERE seq = ?",
			"i", f->comment);
	if (code >= 0)
		code = sq_query(&r->q, e, &s,
			"SELECT id, at, who, verb, what, why FROM audit"
			" WHERE id < ?1 AND (?2 = '' OR instr(?2, ' ' || verb || ' '))"
			" AND (?3 = '' OR who = ?3) AND at >= ?4 AND at < ?5"
			" AND (?7 = 0 OR " OF_COMMENT ") ORDER BY id DESC LIMIT ?6",
			"ittiiii", before > 0 ? before : INT64_MAX, slice_of(f->verbs), f->who,
			f->since, f->until ? f->until : INT64_MAX, (int64_t)limit, row);

	return code < 0 ? code : sq_each(s, hand_audit, &to, e);
}
