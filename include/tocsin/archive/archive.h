/* SPDX-License-Identifier: GPL-3.0-or-later
 * What leaves the database as a file, written piece by piece, so that memory is bounded whatever its length; and the proof of
 * an evidence archive, without any database.
 *
 * CSV is what a French Excel opens right: UTF-8 with a byte order mark, semicolons, every cell in quotes, else RFC 4180. (With
 * commas it would put all in one column, and cut a text at its semicolons, behind which a formula may stand.) A cell that a
 * spreadsheet would take for a formula has an apostrophe put before it.
 * JSON is one object a line.
 * The evidence archive is JSON lines: a head, every link of the chain of evidence in its order, an end. A link has its marks,
 * and of a text that is there the bytes that were sealed (in hex) beside the comment to read:
 *   {"tocsin":"preuves","format":1,"town":…,"made":…}
 *   {"seq":…,"accepted":ms,"mark":hex,"link":hex,"salt":hex,"handle":hex,"body":hex,"comment":{…}}
 *   {"seq":…,"accepted":ms,"mark":hex,"link":hex,"wiped":true}
 *   {"links":…,"last":hex}
 * That of a dossier is the part of the chain from its first piece to its last: its head has the dossier's number and the link
 * before the first one, and what is no piece of it has its marks alone:
 *   {"tocsin":"preuves","format":1,"town":…,"made":…,"dossier":…,"before":hex}
 *   {"seq":…,"accepted":ms,"mark":hex,"link":hex,"withheld":true}
 *   mark = HMAC-SHA256(salt, accepted ‖ handle ‖ body), link = SHA-256(link before, 32 zeros at first ‖ mark ‖ seq ‖ accepted);
 *   numbers are 8 bytes, little-endian; before mark, handle and body stands their length in LEB128. */
#ifndef TOCSIN_ARCHIVE_ARCHIVE_H
#define TOCSIN_ARCHIVE_ARCHIVE_H
#include <tocsin/db/kept.h>
#include <tocsin/db/reader.h>

enum archive_kind {
	ARCHIVE_CSV, /* every text that is there */
	ARCHIVE_JSON,
	ARCHIVE_EVIDENCE,
	ARCHIVE_AUDIT, /* who did what and why, as CSV */
	ARCHIVE_KINDS,
	ARCHIVE_PERSON = ARCHIVE_KINDS, /* what one author wrote, as JSON */
	ARCHIVE_DOSSIER, /* evidence: the pieces of one dossier */
	ARCHIVE_ALL
};
struct archive_form {
	const char *name; /* of the kind, in a command or a form */
	const char *end; /* of its file's name */
	const char *type; /* Content-Type */
};
extern const struct archive_form archive_forms[ARCHIVE_ALL];
/* ARCHIVE_KINDS when it names none. */
enum archive_kind archive_kind_of(struct slice name);

struct archive;
struct archive_spec {
	enum archive_kind kind;
	struct slice town; /* its name */
	int64_t now; /* wall ms */
	const unsigned char *author; /* ARCHIVE_PERSON: 16 bytes */
	int64_t dossier; /* ARCHIVE_DOSSIER: its number */
};
struct archive *archive_new(const struct archive_spec *spec);
struct archive *archive_free(struct archive *a);
/* Appends the next piece, at least one row and about 32 KiB, of what r reads: 0, or ARCHIVE_END when that was the last. */
enum { ARCHIVE_END = 1 };
int archive_next(struct archive *a, struct reader *r, struct buf *out, struct error *e)
	_must_check_;
uint64_t archive_rows(const struct archive *a); /* so far */

/* A cell, and what ends a row. */
void csv_cell(struct buf *out, struct slice text, bool first);
void csv_end(struct buf *out);

/* Holds an evidence archive against its own chain, line by line. */
#define ARCHIVE_LINE_MAX ((size_t)32 << 20)
struct proof {
	unsigned char chain[DIGEST_SIZE];
	bool begun, ended;
	uint64_t lines, links, proven, wiped, withheld;
	int64_t dossier; /* whose pieces these are; 0: it is a whole chain */
};
/* 0, or -EINVAL with what is wrong of this line: the archive proves nothing then. */
struct json_reader;
int proof_line(struct proof *p, struct json_reader *json, struct slice line, struct error *e)
	_must_check_;
/* Behind the last line. */
int proof_end(const struct proof *p, struct error *e) _must_check_;
#endif
