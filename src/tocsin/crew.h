/* SPDX-License-Identifier: GPL-3.0-or-later
 * The processes of a running tocsin: started in order, watched, started again, stopped in order.
 *
 * Stages, from the ground: store; ingest; the workers (score, search, trend, escalate); the edge (webhook, console
 * and the connectors). A stage begins when every process of the one below has said that it works. Stopping goes the other way. */
#ifndef TOCSIN_CREW_H
#define TOCSIN_CREW_H
#include <sys/types.h>
#include <tocsin/bus/bus.h>
#include <tocsin/service/service.h>
#include "backoff.h"

enum stage { STAGE_STORE, STAGE_INGEST, STAGE_WORK, STAGE_EDGE, STAGES };
enum member_state {
	MEMBER_IDLE, /* its stage has not begun */
	MEMBER_RUNNING, /* pid > 0 */
	MEMBER_WAITING, /* dead, to be started again at restart_at */
	MEMBER_DONE, /* a finite connector that ended well */
	MEMBER_STOPPED /* stopped by us */
};
struct member {
	char *label; /* "store", "score.1", "connect.facebook" */
	char *program; /* absolute path */
	char **argv;
	enum stage stage;
	unsigned order; /* within a stage, the lower stops first */
	bool finite; /* exit 0 is its end */
	bool looks_on; /* the console: nothing that is heard depends on it, nobody waits for its end */
	bool scorer; /* ingest is told of its death */
	bool takes_stdin;
	bool reloads; /* reads its part of the configuration again on SIGHUP */
	char *spec; /* of the edge: what it was started with */
	bool wanted; /* of the edge: by the configuration read last */
	bool leaving; /* no longer wanted: it ends, and is forgotten */
	bool renewed; /* its source changed: it ends, and is started anew */
	int64_t leave_by; /* monotonic: SIGKILL then */
	enum member_state state;
	bool ready, ever_ready;
	bool held; /* said that something outside keeps it from working yet: nobody waits for it */
	pid_t pid;
	int ready_fd;
	int64_t started_at, restart_at; /* monotonic ms */
	unsigned starts;
	int last_status; /* of waitpid */
	struct backoff backoff;
};
struct crew {
	struct service *s;
	struct bus *bus;
	struct member *members;
	size_t n;
	char *libexec; /* NULL: the build tree at `tree` */
	char *tree;
	char *config; /* absolute path */
	const char *log_level; /* of every process */
	enum stage stage; /* highest that has begun */
	bool all_ready; /* every stage has begun and every member said so once */
	bool stopping;
	enum stage stop_stage;
	unsigned stop_order;
	int64_t stop_deadline; /* monotonic: SIGKILL then */
	unsigned stop_asked; /* how many times: faster each time */
	bool hopeless; /* something below the sources cannot be started: give up */
	bool source_hopeless; /* a source, or the webhook: matters to --until-done */
	void (*on_stage)(void *user,
		enum stage ready); /* every process of a stage works; may run more than once */
	bool (*drained)(
		void *user); /* nothing accepted waits to be scored (asked while stopping) */
	int64_t drain_deadline;
	void *user;
};

/* Finds the programs and lists the processes that the configuration asks for. The log level is borrowed. */
int crew_init(struct crew *c, struct service *s, struct bus *b, const char *config,
	const char *log_level) _must_check_;
void crew_release(struct crew *c);
/* Starts what is to be started, kills what is late. Call it often (every 50 ms or less, and after SIGCHLD). */
void crew_turn(struct crew *c);
/* Collects the dead. */
void crew_reap(struct crew *c);
/* Begins to stop everything; a second call hurries, a third kills. */
void crew_stop(struct crew *c);
/* The part of crew_turn that stops. */
void crew_stop_turn(struct crew *c);
/* True when nothing runs any more. */
bool crew_stopped(const struct crew *c);
/* Sources: true when each one is finite; how many of them have not ended. */
bool crew_finite(const struct crew *c);
size_t crew_sources_left(const struct crew *c);
/* The process with this label runs and has said that it works. */
bool crew_ready(const struct crew *c, const char *label);
/* The label of one that something outside keeps from working; NULL: none. */
const char *crew_held(const struct crew *c);
/* SIGHUP to those who read their part of the configuration again; without `config` only to those who read other files
 * too. */
void crew_reload(const struct crew *c, bool config);
/* crew_sources.c: starts, stops and renews webhook and connectors so that they are what this configuration wants;
 * nothing of it is kept. */
void crew_sources(struct crew *c, const struct config *config);
/* The part of crew_turn that sees to those who leave. */
void crew_sources_turn(struct crew *c);
/* A member that is not in the crew yet; crew_add takes it over and answers where it is, until the next add. */
struct member crew_member(const struct crew *c, const char *process, const char *instance,
	enum stage stage, const char *last_argument);
struct member *crew_add(struct crew *c, struct member m);
void crew_member_release(struct member *m);
/* Its state, readiness, pid and starts as numbers; those of a member that leaves are nought. */
void crew_metrics(const struct crew *c, const struct member *m);
/* Where the programs are: what crew_program asks. 0 or -errno; the two names are the caller's to free. */
int crew_find(struct crew *c) _must_check_;
/* Path of a process' binary, NULL when there is none; owned by the caller. */
char *crew_program(const struct crew *c, const char *process);
#endif
