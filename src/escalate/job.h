/* SPDX-License-Identifier: GPL-3.0-or-later
 * One attempt to hand over one message, in a process of its own. The parent writes a job to its standard
 * input; the child prints "stage data", "stage all" as it goes and at last "outcome WORD DETAIL". */
#ifndef ESCALATE_JOB_H
#define ESCALATE_JOB_H
#include <stdint.h>
#include <tocsin/base/buf.h>
#include <tocsin/net/net.h>

#define JOB_MAX (8u << 20) /* bytes */
#define JOB_TRANSFER_MS 25000
#define JOB_DEADLINE_MS 30000 /* after this the parent kills the child */

enum job_kind { JOB_MAIL, JOB_POST, JOB_DROP, JOB_SMS };
struct job_spec { /* strings are borrowed; absent is empty */
	enum job_kind kind;
	enum mail_tls tls; /* JOB_MAIL */
	bool maybe; /* an earlier attempt may have arrived */
	struct slice url, user, password_file, ca_file, from, to;
	struct slice url_file, secret_file, idempotency; /* JOB_POST: url or url_file */
	/* JOB_SMS: url is a template ({to}, {text}, {secret}: secret_file's), body the text; form: what is behind the
	 * question mark goes in the body */
	bool form;
	/* Hosts that may be inside, each followed by a newline; near: where a town's own relay is too (net.h) */
	struct slice internal;
	bool near;
	struct slice path; /* JOB_DROP: the file */
	struct slice code, page; /* mails: what the receiver takes charge with */
	struct slice zone; /* mails: local time of the picture */
	struct slice
		body; /* JOB_POST: what is posted; JOB_SMS: the text; mails: the message (message_encode), composed with its picture here */
};
void job_encode(struct buf *out, const struct job_spec *job);
/* Reads a job from standard input, does it, says what became of it on standard output. The exit code. */
int job_main(void);

/* What the parent makes of a child's output: whatever it says, or what its silence means. detail is cut from
 * output. killed: it did not end by itself. */
enum net_outcome job_outcome(struct slice output, bool killed, struct slice *ret_detail);
/* A mail without a server: a file below a folder of this machine, which no child is needed for unless there is a picture
 * to draw. Written twice it is still
 * one, for its name comes from the message. e says what became of it, also when that is NET_SENT. */
enum net_outcome job_drop(const char *path, struct slice body, struct error *e);
#endif
