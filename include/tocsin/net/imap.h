/* SPDX-License-Identifier: GPL-3.0-or-later
 * A mailbox on somebody's server, read and never changed (IMAP4rev1, RFC 3501: EXAMINE and BODY.PEEK, so nothing is marked as
 * read). libcurl connects, encrypts and logs in, behind the guard of fetch.h. Blocks up to its deadlines: run it in a child
 * process. Outcomes are those of fetch.h: FETCH_BODY, FETCH_LATER, FETCH_REFUSED, with the reason in French. */
#ifndef TOCSIN_NET_IMAP_H
#define TOCSIN_NET_IMAP_H
#include <tocsin/net/fetch.h>

#define IMAP_NONE 10 /* imap_mail: no such mail any more */
#define IMAP_ODD 11 /* imap_mail: the server has it and does not give it; the session goes on */

struct imap_job {
	const char *
		url; /* imaps://host[:port], or imap:// with STARTTLS, without which only the loopback is told a password */
	const char *user, *password;
	const char *ca_file; /* NULL: the system's authorities */
	const char *const *internal; /* as in fetch.h */
	int64_t timeout_ms; /* of each step */
};
struct imap;
int imap_open(const struct imap_job *job, struct imap **ret, struct error *e) _must_check_;
struct imap *imap_close(struct imap *m);

struct imap_box {
	uint32_t validity; /* another one: all UIDs mean other mails */
	uint32_t next; /* the UID of the next mail, 0: not said */
};
/* name: UTF-8, "INBOX/Contact". */
int imap_examine(struct imap *m, const char *name, struct imap_box *ret, struct error *e)
	_must_check_;
/* The UIDs from `from` on, of mails that came on `since` ("1-Nov-2026", NULL: any day) or later; ascending, in ret, of
 * *ret_n elements, the caller's to free. */
int imap_search(struct imap *m, uint32_t from, const char *since, uint32_t **ret, size_t *ret_n,
	struct error *e) _must_check_;
struct imap_mail {
	struct slice bytes; /* its first max ones; until the next call */
	char date
		[32]; /* when the server received it: "24-Nov-2026 14:05:00 +0100", "" when not said */
};
int imap_mail(struct imap *m, uint32_t uid, size_t max, struct imap_mail *ret, struct error *e)
	_must_check_;
#endif
