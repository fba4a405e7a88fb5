/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who sees some sources only. Before each table of the database stands a view of the same name, in this connection alone, so
 * that no verb can ask past it: SQLite finds temporary names first. A table that is not listed here shows nothing: what a
 * migration adds is hidden until somebody has thought of it. */
#include "limit.h"

#include <errno.h>
#include <tocsin/record/account.h>

/* ?S: the numbers of the sources. t: the row that is asked for. */
#define OF(column) \
	"EXISTS (SELECT 1 FROM main.item i WHERE i.seq = t." column " AND i.source IN ?S)"
/* id: the number of a dossier whose pieces, those that were taken out too, are all of them, and that has one. Its log names each. */
#define DOSSIER_OF(id) \
	"EXISTS (SELECT 1 FROM main.dossier_entry l WHERE l.dossier = t." id " AND l.row > 0)" \
	" AND NOT EXISTS (SELECT 1 FROM main.dossier_entry l WHERE l.dossier = t." id \
	" AND l.row > 0 AND NOT EXISTS (SELECT 1 FROM main.item i WHERE i.seq = l.row" \
	" AND i.source IN ?S))"
#define WHOLE "1"

static const struct shown {
	const char *table, *where;
} shown[] = {
	/* nothing of a comment */
	{"note", WHOLE},
	{"bundle", WHOLE},
	{"account", WHOLE},
	{"setup", WHOLE},
	{"token", WHOLE},
	{"absence", WHOLE},
	{"bulk", WHOLE},
	{"label", WHOLE},
	{"labelled", WHOLE},
	{"heard", WHOLE},
	/* a team's names for its lists may speak of anything */
	{"view", "t.owner <> ''"},
	/* of his sources */
	{"source", "t.id IN ?S"},
	{"item", "t.source IN ?S"},
	{"queue", "t.source IN ?S"},
	{"revision", OF("seq")},
	{"decision", OF("row")},
	{"claim", OF("row")},
	{"answer", OF("row")},
	{"follow", OF("row")},
	{"second", OF("row")},
	{"evidence", OF("seq")},
	{"dossier", DOSSIER_OF("id")},
	{"dossier_piece", DOSSIER_OF("dossier")},
	{"dossier_entry", DOSSIER_OF("dossier")},
	/* what is done at a source because somebody decided it */
	{"outbox",
		"t.key GLOB 'action/*' AND EXISTS (SELECT 1 FROM main.decision d JOIN main.item i"
		" ON i.seq = d.row WHERE d.id = CAST(substr(t.key, 8) AS INTEGER) AND i.source IN ?S)"},
};

static const char *where_of(struct slice table)
{
	for (size_t i = 0; i < sizeof(shown) / sizeof(*shown); i++)
		if (slice_is(table, shown[i].table))
			return shown[i].where;
	return "0";
}

/* (SELECT id FROM main.source WHERE name IN ('facebook','site')) */
static void write_sources(struct slice sources, struct buf *out)
{
	buf_add_string(out, "(SELECT id FROM main.source WHERE name IN ('");
	for (size_t i = 0; i < sources.n; i++)
		if (sources.p[i] == ',')
			buf_add_string(out, "','");
		else
			buf_add_char(out, sources.p[i]);
	buf_add_string(out, "'))");
}

static void write_view(struct slice table, struct slice sources, struct buf *out)
{
	const char *where = where_of(table);

	buf_printf(out, "CREATE TEMP VIEW \"%.*s\" AS SELECT t.* FROM main.\"%.*s\" t WHERE ",
		(int)table.n, table.p, (int)table.n, table.p);
	for (const char *mark; (mark = strstr(where, "?S")); where = mark + 2) {
		buf_add(out, where, (size_t)(mark - where));
		buf_add_slice(out, sources);
	}
	buf_add_string(out, where);
	buf_add_string(out, ";");
}

struct views {
	struct slice sources;
	struct buf sql;
};

static int take_table(void *user, sqlite3_stmt *s)
{
	struct views *v = user;

	write_view(sq_col(s, 0), v->sources, &v->sql);
	return 0;
}

int limit_views(struct sq *q, struct slice sources, struct error *e)
{
	_buf_ struct buf numbers = {0};
	struct views v = {.sql = {0}};
	sqlite3_stmt *s;
	int code;

	if (!sources.n)
		return error_set(e, -EINVAL, "aucune source");
	if (!account_sources_ok(sources)) /* it becomes part of a statement */
		return error_set(e, -EINVAL, "sources illisibles");
	write_sources(sources, &numbers);
	v.sources = buf_slice(&numbers);
	code = sq_exec(q->db, "PRAGMA temp_store = MEMORY", e);
	if (code == 0)
		code = sq_query(q, e, &s,
			"SELECT name FROM main.sqlite_master WHERE type IN ('table', 'view')"
			" AND name NOT GLOB 'sqlite_*'",
			"");
	if (code == 0)
		code = sq_each(s, take_table, &v, e);
	if (code == 0)
		code = sq_exec(q->db, buf_string(&v.sql), e);
	buf_release(&v.sql);
	return code;
}
