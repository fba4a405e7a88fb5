/* SPDX-License-Identifier: GPL-3.0-or-later
 * The parts of the running process. */
#ifndef ESCALATE_ESCALATE_H
#define ESCALATE_ESCALATE_H
#include <tocsin/base/map.h>
#include <tocsin/bus/commit.h>
#include <tocsin/bus/news.h>
#include <tocsin/db/reader.h>
#include <tocsin/policy/dispatch.h>
#include <tocsin/reply/reply.h>
#include <tocsin/service/service.h>
#include "bulk.h"
#include "job.h"
#include "message.h"

#define REQUEST_MS 3000
#define LEASE_MS (JOB_DEADLINE_MS + 5000)
#define MAIL_SLOTS 8u /* mails under way at once */
#define HOOK_SLOTS 2u /* of one hook */
#define SLOTS 32u

struct part { /* one row of what goes together */
	struct leased_row row;
	bool needless; /* nothing of it shall be sent; why says why */
	struct slice why;
	bool broken; /* it cannot be read, and does not go with the others */
};
struct attempt { /* one message, one child */
	struct escalate *owner; /* NULL: the slot is free */
	pid_t pid;
	int64_t began; /* monotonic */
	int fd; /* its standard output */
	int deadline; /* timer */
	bool killed;
	bool drill;
	bool needless; /* every part is */
	bool ended,
		counted; /* the outcome is known and waits to be told to store; the metrics have it */
	enum net_outcome outcome;
	struct slice detail; /* within output */
	struct buf output;
	struct buf wire; /* the leased rows, encoded; their slices point into it */
	struct arena arena;
	struct part *parts; /* in the arena */
	size_t n_parts;
};

struct desk { /* what has been delivered in the last day; see desk.c */
	struct policy_sent *sent;
	size_t n, cap;
	struct slice *names;
	size_t n_names;
	struct arena arena;
	bool loaded;
};

struct ending { /* of an incident: somebody took charge, or it was closed */
	int64_t incident, at; /* town clock */
	int64_t wait; /* town clock: before it nobody can be told; 0 or past: look */
};
struct late { /* endings that may have come before everybody was told */
	struct ending *list;
	size_t n, cap;
	bool fresh; /* one has come since the last look */
	int64_t told_at; /* town clock of the last summary; 0 none */
	int64_t looked_at; /* monotonic */
};

struct calm { /* an open incident of which store has all that is due; see look.c */
	struct incident row; /* as it was then, without its texts and figures */
	int64_t until; /* town clock: before it nothing more is due; 0: it must be looked at */
};

struct overdue { /* what store was told last of a priority; see overdue.c */
	bool told;
	uint32_t waiting;
	int64_t since;
	enum town_level level;
	int64_t late_since; /* under an event clock: something is overdue, by our own clock; 0 nothing */
};

struct reminding { /* of prescriptions; see prescriptions.c */
	int64_t done; /* local day: its reminders are in the outbox */
	struct clocks *clocks; /* of the day that is being looked at; NULL: none is */
	struct map *told;
};

struct escalate {
	struct service service;
	struct config *config; /* the service's, or the one that a reload read */
	struct config reloaded;
	struct policy policy;
	int64_t bulletin_at; /* town clock: the last bulletin that the outbox has */
	struct reminding reminding;
	struct replies replies; /* for the cards */
	struct absence_mark absences; /* those of the policy */
	bool absences_known;
	struct bus *bus;
	struct commit_client *store;
	struct news_reader *news;
	struct reader *reader; /* NULL while the database is not there */
	struct map *known; /* keys of rows that store has */
	struct arena arena; /* of one look */
	struct buf request, reply, work;
	struct attempt attempts[SLOTS];
	int64_t clock; /* town clock of the last look */
	int64_t look_at; /* monotonic; the next look not before */
	struct bulk bulk; /* under an event clock only */
	/* what the last look saw beside the incidents, in its arena; seen: all of it, and the database can be read */
	bool seen;
	char bundle[65];
	struct slice *deaf;
	size_t n_deaf;
	const int64_t *open; /* incidents */
	size_t n_open;
	const struct policy_open
		*explaining; /* … with their states, once somebody asked; NULL: nobody has */
	size_t n_explaining;
	struct calm *calm; /* of the last look, by incident */
	size_t n_calm;
	int64_t entry; /* the main courante is known up to here */
	struct late late;
	struct overdue overdue[2]; /* P1, P2 */
	int64_t overdue_at; /* monotonic, of the last look at the file */
	struct desk desk;
	bool look_wanted, sweep_wanted, stopping, said_trouble;
};

/* Puts what is due of every open incident into the outbox. 0, or -errno: it must be done again. */
int look(struct escalate *x, struct error *e);
/* Policy or database are others: every incident is looked at again. */
void look_anew(struct escalate *x);

/* Takes out of the notices of an incident those that an open topic explains (policy_explains()): the main courante says so,
 * once a receiver and step. Returns how many are left, or -errno. */
int explain(struct escalate *x, const struct policy_case *c, struct policy_notice *list, size_t n,
	struct error *e);
/* An entry of the main courante that is new: an ending is looked at. */
void late_hear(struct escalate *x, const struct incident_entry *e);
/* Tells afterwards, in one summary a person, of alarms that were over before they could be told. 0, or -errno: again. */
int late(struct escalate *x, struct error *e);
/* Opens, changes and closes the alarms about flagged comments that nobody looks at. 0, or -errno: again. */
int overdue(struct escalate *x, struct error *e);
/* Tells of what was decided and could not be done at a source, once. 0, or -errno: again. */
int undone(struct escalate *x, struct error *e);
/* Reminds of points of the situation that were promised and did not come, once. 0, or -errno: again. */
int promised(struct escalate *x, struct error *e);
/* Tells those who are asked to take over an alarm, once. 0, or -errno: again. */
int relay(struct escalate *x, struct error *e);
/* Puts the reminders of prescriptions of the day into the outbox, when they are due. 0, or -errno: again. */
int prescriptions(struct escalate *x, struct error *e);
/* What was looked at so far is looked at again. */
void prescriptions_anew(struct escalate *x);
/* What a leased row says at the moment of sending: composed anew from the incident as it is now. m comes with what was
 * composed when the row was added, and keeps it when nothing else can be said (no incident, database unreadable).
 * False: there is nothing to say any more, and why. m's strings live until the next look. */
bool freshen(struct escalate *x, const struct leased_row *l, struct message *m, struct buf *why);

/* Leases what may go out now and starts a child for each message. */
int pump(struct escalate *x, struct error *e);
/* Whether a child is at work. */
bool pump_running(const struct escalate *x);
/* Ends every child and reports what is known of its attempt. */
void pump_stop(struct escalate *x);
/* Tells store what became of every attempt that has ended; frees their slots. 0, or -errno: the rest waits. */
int pump_settle(struct escalate *x, struct error *e);
/* What one attempt comes to: retry, fallback, dead letter. 0, or -errno: nothing is decided, ask again. */
int settle(struct escalate *x, struct attempt *a, struct error *e);
/* Removes from the mail folder what a purge has wiped. 0, or -errno: again later. */
int sweep(struct escalate *x, struct error *e);
/* Adds rows; on success their keys are known. */
int add_rows(struct escalate *x, const struct outbox_row *rows, uint32_t n, struct error *e);
/* "mail", or "webhook/<hook>": each hook is leased by itself, so that a stuck one delays no other. */
struct slice channel_of(const struct policy_target *t, struct arena *arena);
int ask(struct escalate *x, enum request_verb verb, struct slice body, struct error *e);
#endif
