/* SPDX-License-Identifier: GPL-3.0-or-later
 * Passwords are hashed beside the loop, one at a time, for each takes 64 MiB and some 50 ms; a few may wait. */
#ifndef CONSOLE_HASH_H
#define CONSOLE_HASH_H
#include <tocsin/base/error.h>
#include <tocsin/digest/digest.h>
#include <tocsin/record/account.h>

#define HASH_WAITING 8u

struct hash_job {
	char password[ACCOUNT_PASSWORD_MAX + 1];
	size_t n;
	char secret[DIGEST_PASSWORD]; /* given: is it the password of this? "": makes one */
	int outcome; /* 0 (it is; it is made), -EACCES it is not, or another -errno */
	void (*done)(void *user,
		struct hash_job *job); /* called by hash_turn; the password is wiped by then */
	void *user;
};
struct hasher;
int hash_open(struct hasher **ret, struct error *e) _must_check_;
/* Jobs that wait are dropped: none may when it is called, or nobody misses them. */
struct hasher *hash_close(struct hasher *h);
/* Readable when a job is done. */
int hash_fd(const struct hasher *h);
void hash_turn(struct hasher *h);
/* Copies the job. False: too many wait. */
bool hash_ask(struct hasher *h, const struct hash_job *job);
#endif
