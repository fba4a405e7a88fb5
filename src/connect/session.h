/* SPDX-License-Identifier: GPL-3.0-or-later
 * Servers that want a token with each request: got once with the account's password, renewed when it is over, and kept in
 * run_dir (0600), so that all looks and actions of a source share one session and nobody logs in at each of them. It is lost
 * when the machine is restarted: then there is a new one. */
#ifndef CONNECT_SESSION_H
#define CONNECT_SESSION_H
#include <tocsin/net/fetch.h>
#include <tocsin/service/service.h>

struct session {
	struct buf token, renewal; /* renewal: with it the next token is got; may be empty */
	struct buf who; /* we are there */
};
struct login;
struct session_job {
	const struct source_config *source;
	const char *run_dir, *password;
	const struct login *login;
	bool keeps; /* a new one is kept: not that of a test, which somebody else may run */
};
/* What a kind knows of it. Both fill session, and are an outcome of fetch.h with its reason for people. */
struct login {
	int (*begin)(const struct session_job *job, struct session *ret,
		struct fetch_answer *answer, struct error *e);
	int (*renew)(const struct session_job *job, struct session *s, struct fetch_answer *answer,
		struct error *e);
	/* Whether the answer means that the token is over, or no longer believed. */
	bool (*is_over)(long status, struct slice body);
};
/* The one that is kept, or a new one; does nothing when s has one. An outcome of fetch.h: one that cannot be kept is a failure, for
 * logging in at each look would soon be refused. */
int session_open(const struct session_job *job, struct session *s, struct fetch_answer *answer,
	struct error *e) _must_check_;
/* Its token is over: the one that another process got meanwhile, or its renewal, or a new session. */
int session_renew(const struct session_job *job, struct session *s, struct fetch_answer *answer,
	struct error *e) _must_check_;
/* Wiped. */
void session_release(struct session *s);
#endif
