/* SPDX-License-Identifier: GPL-3.0-or-later
 * The accounts that somebody may mean. Who asks for his data knows what the network shows: a name, a handle with or without "@", the
 * address of something that he wrote or of his page; the account itself may be a number that he has never seen. Names are in no
 * index: the comments of the source are gone over, so many rows a call. Homonyms stay apart: a human picks. */
#ifndef TOCSIN_DB_WHOM_H
#define TOCSIN_DB_WHOM_H
#include <stdbool.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>

#define WHOM_MAX 20u /* accounts that are listed, the nearest first */

struct reader;

/* How near: the account's own name, the address of one of its comments or of its page, the name or handle that it is shown under, or
 * only a part of one of these. */
enum whom_by { WHOM_ACCOUNT, WHOM_ADDRESS, WHOM_SHOWN, WHOM_PART };
struct whom_account {
	unsigned char key[16];
	enum whom_by by;
	struct buf account,
		shown; /* account: "" when its name is not kept (its owner objects); shown: the last one, may be empty */
	uint64_t texts; /* that are there, versions too */
	int64_t last; /* ms: when it wrote the last of them */
};
struct whom {
	struct whom_account list[WHOM_MAX];
	uint32_t n;
	bool more; /* than are listed */
	uint64_t
		nameless; /* texts under that name or address of which the source tells no account */
	/* its own */
	struct buf source, typed, name, address, scratch;
	unsigned char key[16];
	int64_t seq;
	bool counting;
};

/* w is all zero; key: of the account of exactly this name (REQUEST_HANDLE), which is found by it even when its name is not kept; or
 * NULL. */
void whom_begin(struct whom *w, struct slice source, struct slice typed, const unsigned char *key);
void whom_release(struct whom *w);
/* The next `rows` rows: 0, or READER_END when all is found and counted. */
int reader_whom(struct reader *r, struct whom *w, uint32_t rows, struct error *e) _must_check_;
/* How near an account with this name, shown under that one, whose comment has this address, is to what was typed; -1: it is not
 * meant. Pure but for its scratch. */
int whom_near(struct whom *w, struct slice account, struct slice shown, struct slice url);
#endif
