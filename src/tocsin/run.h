/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the files of `tocsin run` share. */
#ifndef TOCSIN_RUN_H
#define TOCSIN_RUN_H
#include "account.h"
#include "command.h"
#include "crew.h"

struct prunable;
struct prune { /* of old bundles, under way */
	struct prunable *list; /* all bundles, the newest first */
	size_t n;
	int64_t seq; /* verdicts up to it were read */
	bool asked, running;
};
struct run {
	struct context *x;
	struct service s;
	struct bus *bus;
	struct commit_client *store;
	struct crew crew;
	struct reader *reader; /* opened when the database is there */
	char bundle[65]; /* published last, "" none */
	struct choice { /* of run_judge(): as struct bundle_request has it */
		char hash[65], folder[65], over[65];
		struct buf reason, disputed;
	} choice;
	bool bundle_told; /* store has taken it */
	bool kept; /* the folder was refused: bundle is what is in force, and says nothing of the folder */
	bool told_all, told_held; /* that everything runs; who keeps it waiting */
	bool setup_told; /* the way to the first account is open, or not needed */
	bool restored; /* from a backup, at the start */
	int64_t told_at; /* monotonic: when it was asked last */
	bool until_done, account_wanted;
	const char *log_level;
	struct account *account;
	int64_t purge_at; /* monotonic: the next purge by age */
	struct prune prune;
	int64_t next_look;
	const char *awaited; /* at the last look */
	int64_t quiet_since; /* monotonic: since when nothing is left to do; 0 not */
	bool finished; /* until_done: came to its end */
	int64_t began; /* wall */
	size_t owed; /* until_done: messages that wait for another try, after those of this run */
	char owed_why[256]; /* of the first of them: by which way, and why not */
};

/* run_check.c: everything that people wrote, before anything is started. 0, or the exit code after saying why. */
int run_publish(struct run *r) _must_check_;
int run_prepare(struct run *r, int *ret_lock) _must_check_;
/* The configuration again, and its sources into the crew. False, after saying why, when it has mistakes: nothing of it
 * counts. */
bool run_reload_config(struct run *r);
/* run_rules.c: what store is to be told, in r->choice: 0, 1 (nothing: what is in force stays, and r->bundle says so) or -errno (not
 * known yet). What is refused is said. */
int run_judge(struct run *r) _must_check_;
/* Whether store knows that the folder says this bundle. */
bool run_is_told(struct run *r);
char *run_bundle_path(const struct run *r, const char *hash);
/* run_merge.c: what the folder says now with what was published elsewhere since `last`, into r->choice and a folder of bundles. renewed:
 * the hash of `active` under this tocsin. 0, or 1 after saying why it is refused. */
int run_merge(struct run *r, const char *active, const char *renewed, const char *last)
	_must_check_;
/* run_rules.c: whether this folder may take the place of what is in force; says why not. */
bool run_may_replace(struct run *r, const char *folder);
/* prune.c: a step of taking old bundles away, when that was asked for. */
void prune_turn(struct run *r);
/* This bundle was active until now. */
void prune_touch(const struct run *r, const char *hex);
void prune_release(struct prune *p);
/* run_done.c: nothing is left to do (with --until-done). */
bool run_done(struct run *r);
/* run_done.c: nothing accepted waits to be scored. */
bool run_drained(struct run *r);
/* run_setup.c: as long as the console has no account, prints where to make the first one; once a start. */
void run_setup(struct run *r);
/* The database's reader, or NULL while there is none. */
struct reader *run_reader(struct run *r);
#endif
