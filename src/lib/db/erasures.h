/* SPDX-License-Identifier: GPL-3.0-or-later
 * The register of erasures: a file that no backup replaces, from which an erasure can be done again when a backup took the place of
 * the database. It stands in a folder beside the state folder and holds no name: of each erasure when it was asked, and the
 * pseudonym, under the town's key, of the account or of the comment; then those of the comments that went with an account.
 *
 *   tocsin effacements 1 KEY N CHECK      which key, and the last line that is not in it any more
 *   N AT compte|commentaire|texte WHOM CHECK
 *   copie AT                              up to here it is what a backup had of it; what came after is not known
 *
 * A line is on the disk before what it says is done. CHECK is a keyed digest of the line: one that is torn or changed is none. The
 * database says which line it knows (note "erasures"): a restored one knows an older line. Lines go when no text of a backup
 * can be that old. */
#ifndef DB_ERASURES_H
#define DB_ERASURES_H
#include <sys/types.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>
#include <tocsin/base/map.h>
#include <tocsin/digest/digest.h>

#define ERASURES_CHECK 8u
#define ERASURES_MAX ((size_t)256 << 20) /* bytes of the file */
#define ERASURES_COPY "effacements" /* in a copy of the state: what the register said then */

enum erasure_kind { ERASURE_ACCOUNT, ERASURE_COMMENT, ERASURE_TEXT };
/* A place in it: after line n; all zero: before the first. */
struct erasures_at {
	int64_t n;
	unsigned char check[ERASURES_CHECK];
};
struct erasure {
	struct erasures_at line;
	int64_t at; /* wall ms: when it was asked */
	enum erasure_kind kind;
	unsigned char whom[16]; /* as author_pseudonym has it */
};
struct erasures {
	char *path; /* NULL: none is kept */
	const unsigned char *key;
	int fd; /* -1: it cannot be written: why */
	struct error why;
	off_t size;
	struct erasure *list; /* of a start */
	size_t n, cap;
	struct erasures_at base, last; /* base: what has gone already */
	bool lost; /* it was not there, or another town's, and began anew */
	bool damaged; /* lines that say nothing */
	int64_t sound; /* the last line before the first of those */
	int64_t copied,
		copied_at; /* the last line of a backup's copy, and when that was made; 0: is none */
	struct map *gone; /* pseudonyms of comments that were erased */
	struct buf pending;
	struct erasures_at pending_last;
};

/* Reads it, or begins it behind `known`; when it is missing, what a backup had of it (in state_dir) takes its place. A fault is
 * kept in `why`: nothing is written then. path NULL: none is kept. */
void erasures_open(struct erasures *l, const char *path, const char *state_dir,
	const unsigned char *key, const struct erasures_at *known);
void erasures_release(struct erasures *l);
/* Whether it knows all that was erased since `known`. */
bool erasures_whole(const struct erasures *l, const struct erasures_at *known);
/* Whether that line is in it, or was the last that went. */
bool erasures_has(const struct erasures *l, const struct erasures_at *known);
/* A line, gathered until erasures_write puts all on the disk: 0, or -errno and none of them is there. */
void erasures_add(struct erasures *l, int64_t at, enum erasure_kind kind,
	const unsigned char whom[static 16]);
int erasures_write(struct erasures *l, struct error *e) _must_check_;
void erasures_drop(struct erasures *l); /* what is gathered */
/* Lines that are older than that go, unless it is damaged. */
int erasures_expire(struct erasures *l, int64_t before, struct error *e) _must_check_;
/* "12 0123456789abcdef", as the database notes it. */
void erasures_at_put(struct buf *out, const struct erasures_at *at);
int erasures_at_read(struct slice s, struct erasures_at *ret) _must_check_;
#endif
