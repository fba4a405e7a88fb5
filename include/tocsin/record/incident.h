/* SPDX-License-Identifier: GPL-3.0-or-later
 * Incidents: one object a topic (or a P1 comment), its level, its facts, its main courante. */
#ifndef TOCSIN_RECORD_INCIDENT_H
#define TOCSIN_RECORD_INCIDENT_H
#include <stdint.h>
#include <tocsin/base/arena.h>
#include <tocsin/base/error.h>
#include <tocsin/record/wire.h>

enum town_level { LEVEL_VERT, LEVEL_JAUNE, LEVEL_ORANGE, LEVEL_ROUGE, LEVEL_GRIS };
extern const char *const town_level_names[5]; /* "vert" … "gris" */

enum incident_kind {
	INCIDENT_TOPIC,
	INCIDENT_EMERGENT,
	INCIDENT_RAID,
	INCIDENT_CAMPAIGN,
	INCIDENT_P1,
	INCIDENT_GREY,
	INCIDENT_WHOLE,
	INCIDENT_DRILL, /* nothing happened: the chain of a level is rehearsed; no observer knows of it */
	INCIDENT_OVERDUE /* what is flagged waits for a human for too long; escalate sees it */
};
extern const char *const incident_kind_names[9]; /* "topic" … as `tocsin replay` prints them */

#define INCIDENT_DRILL_MARK "EXERCICE · " /* begins every drill's title: wherever it is shown */
#define INCIDENT_DRILL_TOPIC "exercice:" /* … and the rehearsed level's name, "orange", "P1" */
#define INCIDENT_CATEGORY_TOPIC \
	"categorie:" /* of the kind topic: begins the topic, before a category */
#define INCIDENT_SOURCE_TOPIC \
	"volume:" /* of the kind whole: begins the topic, before a source's id */
#define INCIDENT_THREAD_TOPIC "fil:" /* … before a mark of the post below which so much is said */
#define INCIDENT_OVERDUE_TOPIC "retard:" /* begins the topic, before "P1" or "P2" */
/* Begins the trigger of a P1, before its category: a rule found it; a human said so; he took that back within his seconds, and it
 * is closed: nobody is told of it any more. */
#define INCIDENT_BY_RULE "p1:"
#define INCIDENT_BY_HUMAN "humain:"
#define INCIDENT_CALLED_OFF "annulé:"

enum incident_state { INCIDENT_OPEN, INCIDENT_ACKED, INCIDENT_CLOSED };
extern const char *const incident_state_names[3];

/* What trend (or store, for a P1) saw. Everything an alarm is written from. */
struct incident_facts {
	int64_t at; /* event time at which it rang or changed, ms */
	int64_t since; /* first message of the rise */
	uint32_t messages, authors, sources;
	uint32_t recent; /* messages of the last 15 min */
	double usual_low, usual_high; /* usual count at this hour, per window */
	/* Once in so many days such a rise comes, by the series' own past and at its height since it opened; 0: not known
	 * (no series, or less than a week of past). */
	double once_in;
	double threshold; /* messages in half an hour that rang at this hour; 0: not known */
	uint32_t max_before; /* highest count of the same window before, */
	int64_t listening_since; /* … in how long a listening */
	uint32_t top5_share; /* percent of messages by the five most active authors */
	uint32_t copied; /* messages that share a copied text */
	uint32_t questions, offences; /* lane reponse, of those that ask; lane moderation */
	uint32_t engagement; /* likes and shares of the messages that are kept, as each came */
	uint32_t echoed; /* messages that have far more of them than is usual, and count for more */
	struct slice
		series; /* counts a minute from `since`, varints packed: the curve; may be empty */
	struct slice *per_source; /* "source\0count" pairs: name slices … */
	uint32_t *per_source_count;
	uint32_t n_per_source;
	int64_t *examples; /* seq of the comments that weigh, at most 5 */
	uint32_t n_examples;
	struct slice *deaf; /* sources not heard now */
	uint32_t n_deaf;
	struct slice
		trigger; /* key of the reason, for the sentence: "rise", "raid", "p1:menace", … */
	struct slice *terms; /* emergent topics: what rises beside the title */
	uint32_t n_terms;
};
/* The curve's counts, of at most max minutes; what is beyond is left out. How many; 0 also when it cannot be read. */
size_t incident_series(const struct incident_facts *f, uint32_t ret[], size_t max);
#define INCIDENT_SERIES_MAX 2880u /* minutes: as many as trend keeps */
void incident_facts_encode(struct buf *out, const struct incident_facts *f);
int incident_facts_decode(struct slice s, struct arena *arena, struct incident_facts *ret)
	_must_check_;

/* A row as readers get it. */
struct incident {
	int64_t id;
	enum incident_kind kind;
	enum incident_state state;
	enum town_level level, peak;
	struct slice
		topic; /* topic id, "P1:<category>", "source:<id>", "whole", "exercice:<level>", "retard:P2" */
	struct slice title; /* words for people */
	int64_t opened_at, raised_at, closed_at; /* event time; raised_at = last change upward */
	int64_t acked_at, ack_expires_at; /* 0 none */
	struct slice acked_by;
	struct slice passed_to; /* who is asked to take over from acked_by, */
	int64_t passed_at; /* … and when; empty, 0: nobody */
	uint32_t ack_messages; /* volume when acknowledged: doubling breaks it */
	int64_t silenced_until; /* 0 none */
	int64_t next_at; /* the next point of the situation is promised for then; 0 none */
	struct incident_facts facts; /* at is 0: they cannot be read */
};
/* What waits in À répondre of what it is about, whether it asks something or not: how it stands when it is read, not when it was
 * heard. */
struct incident_questions {
	bool known; /* false: nothing in the queue says which are its own */
	uint32_t unanswered; /* the public has no answer, nor a holding reply that still runs */
	uint32_t held; /* … has a holding reply that still runs */
};
/* Whether it is a P1, the drill of one, or P1 that nobody looks at: its chain is that of emergencies, whatever its level. */
bool incident_urgent(const struct incident *i);
/* The category of a P1's trigger, whoever found it; nothing of any other. */
struct slice incident_reason(struct slice trigger);
bool incident_called_off(const struct incident *i);
/* A drill's title without its mark; any other's as it is. */
struct slice incident_subject(const struct incident *i);
/* All that it points to goes into the arena. 0 or -EBADMSG. */
int incident_copy(const struct incident *i, struct arena *arena, struct incident *ret) _must_check_;

/* The main courante: never erased. */
enum entry_kind {
	ENTRY_OPENED,
	ENTRY_RAISED,
	ENTRY_NOTIFIED,
	ENTRY_ACKED,
	ENTRY_ACK_EXPIRED,
	ENTRY_ACK_BROKEN,
	ENTRY_HANDED,
	ENTRY_NOTE,
	ENTRY_LOWERED,
	ENTRY_CLOSED,
	ENTRY_REOPENED,
	ENTRY_SILENCED,
	ENTRY_FAILED,
	/* Of each the latest is in force, or nothing when that has no text. */
	ENTRY_WORDING, /* éléments de langage: what the town hall says */
	ENTRY_INSTRUCTION, /* consigne: what its teams are to do */
	ENTRY_POINT, /* when the next point of the situation is promised */
	ENTRY_RUMOUR, /* what was found of a rumour */
	ENTRY_RELEASED, /* who was in charge has given it back */
	ENTRY_PASSED /* … or asks somebody, the text, to take it over */
};
extern const char *const entry_kind_names[19];
struct incident_entry {
	int64_t id, incident, at /* event */, written_at /* entry time */;
	enum entry_kind kind;
	enum town_level level;
	struct slice who, text;
};
#define ENTRY_LEFT \
	"mail, sans relais" /* the text of ENTRY_NOTIFIED when the mail was only left in a folder */
#endif
