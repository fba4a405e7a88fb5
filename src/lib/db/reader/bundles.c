/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which bundles of rules are still needed: verdicts name them in one file, batches may be stamped with them in the other. */
#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/digest/digest.h>

#include "rd.h"

int reader_bundles(
	struct reader *r, int64_t *seq, uint32_t rows, bundle_fn *fn, void *user, struct error *e)
{
	int64_t last = 0, to = *seq + rows;
	char hex[DIGEST_HEX];
	sqlite3_stmt *s;
	int code = sq_get(&r->q, e, &last, "SELECT max(seq) FROM item", "");

	if (code >= 0)
		code = sq_query(&r->q, e, &s,
			"SELECT hash FROM bundle WHERE id IN (SELECT DISTINCT bundle FROM item"
			" WHERE seq > ? AND seq <= ? AND state & ? = 0)",
			"iii", *seq, to, (int64_t)ITEM_PURGED);
	while (code >= 0 && (code = sq_step(s, e)) == 0)
		if (sq_col(s, 0).n == DIGEST_SIZE)
			fn(user,
				digest_hex(
					(const unsigned char *)sq_col(s, 0).p, DIGEST_SIZE, hex));
	if (code < 0)
		return code;
	*seq = to;
	return to >= last ? READER_END : 0;
}

int reader_pending(
	const char *state_dir, int64_t *ret_oldest, char ret_bundle[static 65], struct error *e)
{
	_free_ char *path = xasprintf("%s/journal.db", state_dir);
	struct sq q = {0};
	sqlite3_stmt *s;
	int code = sq_open(path, SQLITE_OPEN_READONLY, &q.db, e);

	*ret_oldest = INT64_MAX;
	ret_bundle[0] = 0;
	if (code == 0)
		code = sq_get(&q, e, ret_oldest, "SELECT min(accepted_at) FROM batch", "");
	if (code >= 0)
		code = sq_query(&q, e, &s, "SELECT value FROM note WHERE key = 'bundle'", "");
	if (code >= 0 && (code = sq_step(s, e)) == 0 && sq_col(s, 0).n == DIGEST_SIZE)
		digest_hex((const unsigned char *)sq_col(s, 0).p, DIGEST_SIZE, ret_bundle);
	sq_release(&q);
	return code < 0 ? code : 0;
}
