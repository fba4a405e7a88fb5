/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows that hold text of citizens (item, quarantine, dead, outbox_payload) are only appended and are wiped in place,
 * at the same length: SQLite then never moves their bytes to another page, where a copy would outlive a purge. */
#include "schema.h"

#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/arena.h>
#include <tocsin/record/verdict.h>

#include "label.h"

static const char *const schema_1[] = {
	"CREATE TABLE note(key TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;"
	"CREATE TABLE source(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
	"CREATE TABLE bundle(id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE) STRICT;"
	/* One row a comment, and one more for each new version. accepted and pos (batch and place in it) give the order
	 * of acceptance; first and prev are the seq of the first and of the previous version; body and verdict are
	 * wire records, handle is author NUL author_name. */
	"CREATE TABLE item(seq INTEGER PRIMARY KEY, accepted INTEGER NOT NULL, pos INTEGER NOT NULL,"
	" source INTEGER NOT NULL, bundle INTEGER NOT NULL, state INTEGER NOT NULL,"
	" version INTEGER NOT NULL, first INTEGER, prev INTEGER, author BLOB, handle BLOB,"
	" body BLOB NOT NULL, verdict BLOB NOT NULL) STRICT;"
	/* keyed hash of (source, native id) → newest version; lags behind item (note 'looked_up') */
	"CREATE TABLE lookup(hash INTEGER PRIMARY KEY, seq INTEGER NOT NULL) STRICT;"
	/* deletions heard before their comment */
	"CREATE TABLE grave(hash INTEGER PRIMARY KEY, accepted INTEGER NOT NULL, pos INTEGER NOT NULL)"
	" STRICT;"
	/* ranges of a journal batch that are committed: pairs of varints */
	"CREATE TABLE intake(batch INTEGER PRIMARY KEY, done BLOB NOT NULL) STRICT;"
	"CREATE TABLE ledger(hour INTEGER, source INTEGER, fresh INTEGER NOT NULL,"
	" version INTEGER NOT NULL, duplicate INTEGER NOT NULL, tombstone INTEGER NOT NULL,"
	" quarantined INTEGER NOT NULL, dead INTEGER NOT NULL, purged INTEGER NOT NULL,"
	" PRIMARY KEY(hour, source)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE quarantine(id INTEGER PRIMARY KEY, accepted INTEGER NOT NULL,"
	" source INTEGER NOT NULL, place TEXT NOT NULL, reason TEXT NOT NULL, raw BLOB NOT NULL) STRICT;"
	"CREATE TABLE dead(id INTEGER PRIMARY KEY, accepted INTEGER NOT NULL, batch INTEGER NOT NULL,"
	" place INTEGER NOT NULL, source INTEGER NOT NULL, reason TEXT NOT NULL, comment BLOB NOT NULL,"
	" verdict BLOB NOT NULL) STRICT;"
	/* open items only; a decision takes them out. row is the comment's first seq, seq its newest version */
	"CREATE TABLE queue(row INTEGER PRIMARY KEY, seq INTEGER NOT NULL, rank INTEGER NOT NULL,"
	" lanes INTEGER NOT NULL, flagged_at INTEGER NOT NULL, reopened INTEGER NOT NULL) STRICT;"
	"CREATE INDEX queue_order ON queue(rank, flagged_at, row);"
	"CREATE TABLE decision(id INTEGER PRIMARY KEY, row INTEGER NOT NULL, seq INTEGER NOT NULL,"
	" at INTEGER NOT NULL, flagged_at INTEGER, decision TEXT NOT NULL, who TEXT NOT NULL,"
	" reason TEXT NOT NULL, category TEXT NOT NULL) STRICT;"
	"CREATE INDEX decision_row ON decision(row);",
	"CREATE TABLE incident(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, state INTEGER NOT NULL,"
	" level INTEGER NOT NULL, peak INTEGER NOT NULL, topic TEXT NOT NULL, title TEXT NOT NULL,"
	" author BLOB, opened_at INTEGER NOT NULL, raised_at INTEGER NOT NULL,"
	" closed_at INTEGER NOT NULL DEFAULT 0, acked_at INTEGER NOT NULL DEFAULT 0,"
	" ack_expires_at INTEGER NOT NULL DEFAULT 0, acked_by TEXT NOT NULL DEFAULT '',"
	" ack_messages INTEGER NOT NULL DEFAULT 0, ack_level INTEGER NOT NULL DEFAULT 0,"
	" facts BLOB NOT NULL) STRICT;"
	"CREATE INDEX incident_open ON incident(topic, kind) WHERE state < 2;"
	"CREATE TABLE entry(id INTEGER PRIMARY KEY, incident INTEGER NOT NULL, at INTEGER NOT NULL,"
	" written_at INTEGER NOT NULL, kind INTEGER NOT NULL, level INTEGER NOT NULL, who TEXT NOT NULL,"
	" text TEXT NOT NULL) STRICT;"
	"CREATE INDEX entry_incident ON entry(incident);"
	"CREATE TRIGGER entry_kept BEFORE DELETE ON entry BEGIN"
	" SELECT raise(ABORT, 'la main courante ne s''efface pas'); END;"
	"CREATE TABLE silence(topic TEXT PRIMARY KEY, until INTEGER NOT NULL, who TEXT NOT NULL,"
	" reason TEXT NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE outbox(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, channel TEXT NOT NULL,"
	" target TEXT NOT NULL, person TEXT NOT NULL, incident INTEGER NOT NULL, due_at INTEGER NOT NULL,"
	" level INTEGER NOT NULL, urgent INTEGER NOT NULL, added_at INTEGER NOT NULL,"
	" state INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,"
	" next_at INTEGER NOT NULL DEFAULT 0, lease_until INTEGER NOT NULL DEFAULT 0,"
	" maybe_sent INTEGER NOT NULL DEFAULT 0, sent_at INTEGER NOT NULL DEFAULT 0,"
	" detail TEXT NOT NULL DEFAULT '') STRICT;"
	"CREATE INDEX outbox_open ON outbox(channel, due_at) WHERE state < 2;"
	"CREATE INDEX outbox_incident ON outbox(incident);"
	"CREATE TABLE outbox_payload(id INTEGER PRIMARY KEY, payload BLOB NOT NULL) STRICT;"
	"CREATE TABLE audit(id INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL,"
	" verb TEXT NOT NULL, what TEXT NOT NULL, why TEXT NOT NULL) STRICT;"
	/* shards of the full text that lost a text */
	"CREATE TABLE removal(number INTEGER PRIMARY KEY AUTOINCREMENT, shard INTEGER NOT NULL) STRICT;"
	"CREATE TABLE purge(number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL,"
	" removal INTEGER NOT NULL, comments INTEGER NOT NULL) STRICT;",
	NULL};

static const char *const schema_2[] = {
	/* the chain over flagged comments, in the order of flagging: see evidence.c */
	"CREATE TABLE evidence(seq INTEGER PRIMARY KEY, salt BLOB NOT NULL, mark BLOB NOT NULL,"
	" hash BLOB NOT NULL) STRICT;",
	NULL};

static const char *const schema_3[] = {
	/* verdicts that say more since: item is not written again, for its rows hold text (see above) */
	"CREATE TABLE revision(seq INTEGER PRIMARY KEY, verdict BLOB NOT NULL) STRICT;"
	/* links of comments that were flagged later, in their order; each comes behind the links up to seq `after` */
	"CREATE TABLE evidence_late(number INTEGER PRIMARY KEY, seq INTEGER NOT NULL UNIQUE,"
	" after INTEGER NOT NULL) STRICT;",
	NULL};

static const char *const schema_4[] = {
	/* short codes to take charge with: see code.c */
	"CREATE TABLE code(id INTEGER PRIMARY KEY, mark BLOB NOT NULL UNIQUE, salt BLOB NOT NULL,"
	" incident INTEGER NOT NULL, person TEXT NOT NULL, level INTEGER NOT NULL,"
	" expires_at INTEGER NOT NULL, used_at INTEGER NOT NULL DEFAULT 0) STRICT;"
	"CREATE INDEX code_incident ON code(incident, person);",
	NULL};

static const char *const schema_5[] = {
	/* who may use the console; who works on which item of the queue, by the wall clock */
	"CREATE TABLE account(name TEXT PRIMARY KEY, roles INTEGER NOT NULL, lang TEXT NOT NULL,"
	" secret TEXT NOT NULL, changed_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE claim(row INTEGER PRIMARY KEY, who TEXT NOT NULL, until INTEGER NOT NULL) STRICT;",
	NULL};

static const char *const schema_6[] = {
	/* each lane's file in its order: see reader/queue.c */
	"ALTER TABLE queue ADD COLUMN source INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE queue ADD COLUMN category TEXT NOT NULL DEFAULT '';" /* the verdict's first */
	"UPDATE queue SET source = (SELECT source FROM item i WHERE i.seq = queue.seq);"
	"CREATE INDEX queue_moderation ON queue(rank, flagged_at, row, lanes, source, category)"
	" WHERE lanes & 1;"
	"CREATE INDEX queue_reponse ON queue(rank, flagged_at, row, lanes, source, category)"
	" WHERE lanes & 2;"
	/* what is new in it, for those who watch */
	"CREATE INDEX queue_seq ON queue(seq);",
	NULL};

static const char *const schema_7[] = {
	/* with what programs come in, under whose name; the digest of each alone */
	"CREATE TABLE token(name TEXT PRIMARY KEY, account TEXT NOT NULL, scopes INTEGER NOT NULL,"
	" digest BLOB NOT NULL UNIQUE, made_at INTEGER NOT NULL, expires_at INTEGER NOT NULL)"
	" STRICT, WITHOUT ROWID;",
	NULL};

static const char *const schema_8[] = {
	/* what was answered to the public: id is the decision's. Text of the town that may name a citizen: wiped in
	 * place with the comment (follow.c) */
	"CREATE TABLE answer(id INTEGER PRIMARY KEY, row INTEGER NOT NULL, model TEXT NOT NULL,"
	" text BLOB NOT NULL) STRICT;"
	"CREATE INDEX answer_row ON answer(row);"
	/* what waits for a service: id is the decision that began it, ended the one that ended it, 0 none yet; times by
	 * the town clock; state: see record/request.h; sent: the service sees it */
	"CREATE TABLE follow(id INTEGER PRIMARY KEY, row INTEGER NOT NULL, service TEXT NOT NULL,"
	" since INTEGER NOT NULL, until INTEGER NOT NULL, state INTEGER NOT NULL DEFAULT 0,"
	" sent INTEGER NOT NULL DEFAULT 0, ended INTEGER NOT NULL DEFAULT 0) STRICT;"
	"CREATE UNIQUE INDEX follow_open ON follow(row) WHERE ended = 0;"
	"CREATE INDEX follow_row ON follow(row);"
	"CREATE INDEX follow_until ON follow(until) WHERE ended = 0 AND state = 0;"
	"CREATE INDEX follow_sent ON follow(until) WHERE ended = 0 AND sent = 1;"
	/* ids, with commas between them */
	"ALTER TABLE account ADD COLUMN services TEXT NOT NULL DEFAULT '';",
	NULL};

static const char *const schema_9[] = {
	/* Dossiers: record/dossier.h. Rows hold text of the town that may name people: appended, wiped in place. A dossier
	 * whose log has a DOSSIER_LIFTED holds nothing any more. */
	"CREATE TABLE dossier(id INTEGER PRIMARY KEY, opened_at INTEGER NOT NULL, who TEXT NOT NULL,"
	" purpose INTEGER NOT NULL, victim INTEGER NOT NULL, title TEXT NOT NULL) STRICT;"
	/* every version of a comment that is in it; row: the comment's */
	"CREATE TABLE dossier_piece(dossier INTEGER NOT NULL, seq INTEGER NOT NULL, row INTEGER NOT NULL,"
	" at INTEGER NOT NULL, who TEXT NOT NULL, PRIMARY KEY(dossier, row, seq)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX dossier_piece_row ON dossier_piece(row);"
	/* row: of a piece, 0 none; at: when it happened, by the wall clock */
	"CREATE TABLE dossier_entry(id INTEGER PRIMARY KEY, dossier INTEGER NOT NULL, at INTEGER NOT NULL,"
	" written_at INTEGER NOT NULL, kind INTEGER NOT NULL, purpose INTEGER NOT NULL,"
	" row INTEGER NOT NULL, who TEXT NOT NULL, text BLOB NOT NULL) STRICT;"
	"CREATE INDEX dossier_entry_of ON dossier_entry(dossier);"
	"CREATE UNIQUE INDEX dossier_lifted ON dossier_entry(dossier) WHERE kind = 5;",
	NULL};

static const char *const schema_10[] = {
	/* what one person proposes and another one is to confirm: id is the decision that proposes it, ended the one that
	 * ended it (-1: it was undone, or its text is gone), 0 none yet */
	"CREATE TABLE second(id INTEGER PRIMARY KEY, row INTEGER NOT NULL, ended INTEGER NOT NULL DEFAULT 0)"
	" STRICT;"
	"CREATE UNIQUE INDEX second_open ON second(row) WHERE ended = 0;"
	"CREATE INDEX second_ended ON second(row, ended);"
	/* one decision on many comments: reply and undone are what the two requests came to */
	"CREATE TABLE bulk(id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, at INTEGER NOT NULL,"
	" who TEXT NOT NULL, reply BLOB NOT NULL, undone BLOB) STRICT;"
	"ALTER TABLE decision ADD COLUMN bulk INTEGER;"
	"CREATE INDEX decision_bulk ON decision(bulk) WHERE bulk IS NOT NULL;"
	/* filters kept under a name; owner '': the team */
	"CREATE TABLE view(id INTEGER PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL,"
	" address TEXT NOT NULL, who TEXT NOT NULL, at INTEGER NOT NULL, UNIQUE(owner, name)) STRICT;"
	/* every category and topic of the verdict, " c:menace t:cantine ": what the files are filtered by */
	"ALTER TABLE queue ADD COLUMN tags TEXT NOT NULL DEFAULT '';"
	"DROP INDEX queue_moderation; DROP INDEX queue_reponse;"
	"CREATE INDEX queue_moderation ON queue(rank, flagged_at, row, lanes, source, tags)"
	" WHERE lanes & 1;"
	"CREATE INDEX queue_reponse ON queue(rank, flagged_at, row, lanes, source, tags)"
	" WHERE lanes & 2;",
	NULL};

static const char *const schema_11[] = {
	/* absences that people entered: record/absence.h. An id is never given twice, so that the last one and how many there
	 * are tell of every change. */
	"CREATE TABLE absence(id INTEGER PRIMARY KEY AUTOINCREMENT, person TEXT NOT NULL,"
	" substitute TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,"
	" who TEXT NOT NULL, at INTEGER NOT NULL, UNIQUE(person, since, until, substitute)) STRICT;"
	/* the team's figures: handled.c. Times by the town clock, 0: not yet */
	"CREATE TABLE handled(row INTEGER PRIMARY KEY, flagged_at INTEGER NOT NULL,"
	" category TEXT NOT NULL, priority INTEGER NOT NULL, lanes INTEGER NOT NULL,"
	" looked_at INTEGER NOT NULL DEFAULT 0, decided_at INTEGER NOT NULL DEFAULT 0,"
	" answered_at INTEGER NOT NULL DEFAULT 0) STRICT;"
	"CREATE INDEX handled_flagged ON handled(flagged_at);"
	"CREATE TRIGGER queue_handled AFTER INSERT ON queue BEGIN"
	" INSERT OR IGNORE INTO handled(row, flagged_at, category, priority, lanes)"
	" VALUES(NEW.row, NEW.flagged_at, NEW.category, NEW.rank / 2, NEW.lanes); END;"
	"INSERT INTO handled(row, flagged_at, category, priority, lanes)"
	" SELECT row, flagged_at, category, rank / 2, lanes FROM queue;",
	NULL};

static const char *const schema_12[] = {
	/* reminders of prescriptions that were given: record/remind.h */
	"CREATE TABLE remind(row INTEGER NOT NULL, day INTEGER NOT NULL, before INTEGER NOT NULL,"
	" PRIMARY KEY(row, day, before)) STRICT, WITHOUT ROWID;",
	NULL};

static const char *const schema_13[] = {
	/* who objects to what is done with his comments: record/oppose.h. author: the key of the account; times: wall */
	"CREATE TABLE opposition(id INTEGER PRIMARY KEY, author BLOB NOT NULL, source TEXT NOT NULL,"
	" at INTEGER NOT NULL, who TEXT NOT NULL, reason TEXT NOT NULL, state INTEGER NOT NULL,"
	" decided_at INTEGER NOT NULL DEFAULT 0, decided_by TEXT NOT NULL DEFAULT '',"
	" ground TEXT NOT NULL DEFAULT '') STRICT;"
	"CREATE UNIQUE INDEX opposition_open ON opposition(author) WHERE state < 2;"
	/* the words that were looked for: an erasure looks through them */
	"CREATE INDEX audit_search ON audit(id) WHERE verb = 'search';"
	/* what they write is not in the team's figures (128: ITEM_OPPOSED) */
	"DROP TRIGGER queue_handled;"
	"CREATE TRIGGER queue_handled AFTER INSERT ON queue"
	" WHEN NOT (SELECT state & 128 FROM item WHERE seq = NEW.row) BEGIN"
	" INSERT OR IGNORE INTO handled(row, flagged_at, category, priority, lanes)"
	" VALUES(NEW.row, NEW.flagged_at, NEW.category, NEW.rank / 2, NEW.lanes); END;",
	NULL};

static const char *const schema_14[] = {
	/* of a holding reply that is proposed: whom it waits for then, and until when (town clock) */
	"ALTER TABLE second ADD COLUMN service TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE second ADD COLUMN until INTEGER NOT NULL DEFAULT 0;",
	NULL};

static const char *const schema_15[] = {
	/* what could not be done at a source: escalate tells of it */
	"CREATE INDEX outbox_undone ON outbox(id) WHERE state = 3 AND channel GLOB 'source/*';",
	NULL};

static const char *const schema_16[] = {
	/* each one's keys on the console's lists: record/shortcut.h */
	"ALTER TABLE account ADD COLUMN shortcuts TEXT NOT NULL DEFAULT '';", NULL};

static const char *const schema_17[] = {
	/* what comments are found by: see label.h */
	"CREATE TABLE label(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
	"CREATE TABLE labelled(label INTEGER NOT NULL, chunk INTEGER NOT NULL, blocks BLOB NOT NULL,"
	" PRIMARY KEY(label, chunk))"
	" STRICT, WITHOUT ROWID;"
	"CREATE TABLE heard(hour INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL)"
	" STRICT;",
	NULL};

static const char *const schema_18[] = {
	/* what was reported as missed and is done with: id is the decision that reported it; why: in audit */
	"CREATE TABLE missed_end(id INTEGER PRIMARY KEY) STRICT;", NULL};

static const char *const schema_19[] = {
	"ALTER TABLE incident ADD COLUMN next_at INTEGER NOT NULL DEFAULT 0;"
	/* what was found of each: record/rumour.h */
	"CREATE TABLE rumour(incident INTEGER NOT NULL, row INTEGER NOT NULL, outcome INTEGER NOT NULL,"
	" who TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(incident, row)) STRICT, WITHOUT ROWID;",
	NULL};

static const char *const schema_20[] = {
	/* of the only sources that an account sees, with commas between them: reader/limit.c */
	"ALTER TABLE account ADD COLUMN sources TEXT NOT NULL DEFAULT '';", NULL};

static const char *const schema_21[] = {
	/* of the only sources that a token sees, of its account's */
	"ALTER TABLE token ADD COLUMN sources TEXT NOT NULL DEFAULT '';", NULL};

static const char *const schema_22[] = {
	/* whom reports ask to call back, by name and by number: caller.h */
	"CREATE TABLE caller(seq INTEGER NOT NULL, mark BLOB NOT NULL, PRIMARY KEY(seq, mark))"
	" STRICT, WITHOUT ROWID;"
	"CREATE INDEX caller_mark ON caller(mark);",
	NULL};

static const char *const schema_23[] = {
	/* comments that rang because a human said so: incident_human.c. id: the decision */
	"CREATE TABLE rung(id INTEGER PRIMARY KEY, row INTEGER NOT NULL UNIQUE, seq INTEGER NOT NULL,"
	" incident INTEGER NOT NULL) STRICT;"
	/* whom the one in charge asks to take over, and when */
	"ALTER TABLE incident ADD COLUMN passed_to TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE incident ADD COLUMN passed_at INTEGER NOT NULL DEFAULT 0;"
	/* what waited and is gone at its source: the latest, for those who watch */
	"CREATE TABLE gone(number INTEGER PRIMARY KEY AUTOINCREMENT, row INTEGER NOT NULL,"
	" seq INTEGER NOT NULL) STRICT;",
	NULL};

static const char *const schema_24[] = {
	/* of who is shut out, whose roles are 0: those that he has again when he is let in */
	"ALTER TABLE account ADD COLUMN held INTEGER NOT NULL DEFAULT 0;"
	/* when he gave himself roles, until somebody else changes them */
	"ALTER TABLE account ADD COLUMN raised_at INTEGER NOT NULL DEFAULT 0;"
	/* links that let people choose a password: setup.c. account '': the way to the first one, which no time ends */
	"CREATE TABLE setup(account TEXT PRIMARY KEY, digest BLOB NOT NULL, until INTEGER NOT NULL)"
	" STRICT, WITHOUT ROWID;"
	"INSERT INTO setup SELECT '', value, 0 FROM note WHERE key = 'setup';"
	"DELETE FROM note WHERE key = 'setup';",
	NULL};

/* [v] leads from version v to v + 1; the last of the parts is NULL */
static const char *const *const migrations[SCHEMA_VERSION] = {schema_1, schema_2, schema_3,
	schema_4, schema_5, schema_6, schema_7, schema_8, schema_9, schema_10, schema_11, schema_12,
	schema_13, schema_14, schema_15, schema_16, schema_17, schema_18, schema_19, schema_20,
	schema_21, schema_22, schema_23, schema_24};

void queue_tags(const struct verdict *v, struct buf *out)
{
	for (uint32_t i = 0; i < v->n_categories && out->n < TAGS_MAX; i++)
		buf_printf(out, " c:%.*s", (int)v->categories[i].n, v->categories[i].p);
	for (uint32_t i = 0; i < v->n_topics && out->n < TAGS_MAX; i++)
		buf_printf(out, " t:%.*s", (int)v->topics[i].n, v->topics[i].p);
	if (out->n)
		buf_add_char(out, ' ');
}

static int fill_row(
	sqlite3_stmt *to, const struct verdict *v, bool tags, int64_t row, struct error *e)
{
	_buf_ struct buf text = {0};

	if (tags)
		queue_tags(v, &text);
	else if (v->n_categories)
		buf_add_slice(&text, v->categories[0]);
	sq_bind_text(to, 1, buf_slice(&text));
	sq_bind_int(to, 2, row);
	return sq_run(to, e);
}

/* What SQL cannot read from a verdict. */
static int fill_queue(sqlite3 *db, bool tags, struct error *e)
{
	struct arena arena;
	sqlite3_stmt *from = NULL, *to = NULL;
	int r = sq_prepare(db,
		"SELECT q.row, ifnull((SELECT verdict FROM revision r WHERE r.seq = q.seq), i.verdict)"
		" FROM queue q JOIN item i ON i.seq = q.seq ORDER BY q.row",
		&from, e);

	arena_init(&arena, 0);
	if (r == 0)
		r = sq_prepare(db,
			tags ? "UPDATE queue SET tags = ? WHERE row = ?"
			     : "UPDATE queue SET category = ? WHERE row = ?",
			&to, e);
	while (r == 0) {
		struct verdict v;

		r = sq_step(from, e);
		if (r)
			break;
		arena_clear(&arena);
		if (verdict_decode(sq_col(from, 1), &arena, &v) == 0)
			r = fill_row(to, &v, tags, sq_col_int(from, 0), e);
	}
	sqlite3_finalize(from);
	sqlite3_finalize(to);
	arena_release(&arena);
	return r < 0 ? r : 0;
}

static int copy_file(sqlite3 *db, const char *path, int64_t version, struct error *e)
{
	_free_ char *copy = xasprintf("%s.v%lld", path, (long long)version);
	sqlite3_stmt *s = NULL;
	int r;

	unlink(copy);
	r = sq_prepare(db, "VACUUM INTO ?", &s, e);
	if (r < 0)
		return r;
	sq_bind_text(s, 1, slice_of(copy));
	r = sq_run(s, e);
	sqlite3_finalize(s);
	return r;
}

int schema_migrate(sqlite3 *db, const char *path, struct error *e)
{
	int64_t version;
	int r = sq_int(db, "PRAGMA user_version", 0, &version, e);

	if (r < 0)
		return r;
	if (version > SCHEMA_VERSION || version < 0)
		return error_set(e, -EPROTO, "schéma de version %lld, inconnu ici (%d)",
			(long long)version, SCHEMA_VERSION);
	if (version == SCHEMA_VERSION)
		return 0;
	if (version) {
		r = copy_file(db, path, version, e);
		if (r < 0)
			return r;
	}
	r = sq_exec(db, "BEGIN EXCLUSIVE", e);
	for (int64_t v = version; r == 0 && v < SCHEMA_VERSION; v++) {
		for (size_t i = 0; r == 0 && migrations[v][i]; i++)
			r = sq_exec(db, migrations[v][i], e);
		if (r == 0 && (v == 5 || v == 9))
			r = fill_queue(db, v == 9, e);
		if (r == 0 && v == 16)
			r = labels_fill(db, e);
	}
	if (r == 0) {
		_free_ char *sql = xasprintf("PRAGMA user_version = %d", SCHEMA_VERSION);

		r = sq_exec(db, sql, e);
	}
	if (r == 0)
		r = sq_exec(db, "COMMIT", e);
	sq_rollback(db);
	return r;
}

int schema_check(sqlite3 *db, struct error *e)
{
	int64_t version;
	int r = sq_int(db, "PRAGMA user_version", 0, &version, e);

	if (r < 0)
		return r;
	if (!version)
		return error_set(e, -ENOENT, "base de données pas encore créée");
	return version == SCHEMA_VERSION
		? 0
		: error_set(e, -EPROTO, "schéma de version %lld, inconnu ici (%d)",
			  (long long)version, SCHEMA_VERSION);
}
