/* SPDX-License-Identifier: GPL-3.0-or-later
 * The pages of the rules: what is in force, what each rule finds, trying a text, changing, publishing, going back.
 * What costs is done by `tocsin rules` in a child process (work.h): the same answers as on the command line. */
#ifndef CONSOLE_RULES_RULES_H
#define CONSOLE_RULES_RULES_H
#include <tocsin/base/map.h>
#include <tocsin/html/html.h>
#include <tocsin/json/json.h>
#include <tocsin/rules/rules.h>
#include "../console.h"
#include "draft.h"
#include "work.h"

struct rules_desk {
	struct works *works;
	struct counted { /* what `tocsin rules list --json` said last */
		struct buf said;
		int64_t town; /* when it was begun, by the town clock; 0: never */
		char hash[65]; /* the bundle that was in force when one was begun last */
		int64_t began, next; /* monotonic ms: that; not again before */
		int64_t asked; /* town clock: that */
		bool going, failed;
	} counted;
};
/* Folders of `run` that an earlier process left are removed. */
struct rules_desk *desk_new(struct bus *b, const char *run);
struct rules_desk *desk_free(struct rules_desk *d);

/* A visit that waits for a command, and what it needs afterwards. */
struct job;
typedef void job_fn(struct job *j, const struct work_result *r);
struct job {
	struct visit *v;
	job_fn *then;
	char *folder; /* of its own, removed at the end; may be NULL */
	char name[DRAFT_NAME_MAX + 1]; /* the pack that is edited */
	char base[65]; /* hash of what the draft began from */
	char from[65]; /* … and of what this pack's text began from */
	struct buf text, reason, found; /* what was typed; what a first command said */
	bool loses; /* the page asks whether that is meant */
};
/* Keeps the visit: nothing of v is used any more. job_end frees it, and the visit with it, after the answer. */
struct job *job_new(struct visit *v);
void job_end(struct job *j);
/* Runs `tocsin rules WORDS…`, NULL-terminated; then is called with a session that is still there. */
void job_run(struct job *j, const char *const *words, struct slice input, int64_t deadline_ms,
	job_fn *then);
/* Why a command did not come to its end: for people. */
const char *job_why(const struct visit *v, const struct work_result *r);
/* Whether a change that was asked of store may have been made though the command did not say so. */
bool job_unsure(const struct work_result *r);
#define JOB_UNSURE(v) \
	words((v)->l, "On ne sait pas si c'est publié : rechargez la page avant de recommencer.")

enum { WORK_SHORT_MS = 15000, WORK_MS = 30000, WORK_LONG_MS = 60000 };

/* What the account of the visit may do. */
bool rules_may_read(const struct visit *v);
bool rules_may_write(const struct visit *v);
/* The links between these pages, the one that is shown marked. */
void rules_open(struct visit *v, const char *title);
/* "en service", "à blanc", … */
const char *rules_status(const struct visit *v, enum rule_status status);
/* A rule or a topic of the bundle in force; false: it has none of that name. */
bool rules_info(const struct visit *v, struct slice id, struct rule_info *ret);
/* The same of the rule that the path names. False: it cannot be had, which the visitor has been told. */
bool rules_asked(struct visit *v, struct rule_info *ret);
/* The name of the file that it stands in, without ".yaml"; "" when it is none that can be edited here. */
void rules_pack_name(const struct rule_info *i, char ret[static DRAFT_NAME_MAX + 1]);
/* What a citizen wrote, with marks: as alarms quote it (record/mask.h) for whoever does not read the queue. */
void rules_quote(struct visit *v, struct slice text, const struct html_span *spans, size_t n);
/* 12 digits of a hash. */
void rules_hash(struct visit *v, const char *hash);
/* A message in the page itself. */
void rules_say(struct visit *v, bool bad, const char *text);
/* Members of a JSON object: empty, 0 or false when they are missing. */
struct slice rules_text(struct json_value object, const char *key);
int64_t rules_number(struct json_value object, const char *key);
bool rules_flag(struct json_value object, const char *key);
/* The elements of an array member, or false at the end; *it starts at 0. */
bool rules_each(struct json_value object, const char *key, uint32_t *it, struct json_value *ret);

/* usage.c: what a rule found in 30 days, in force and à blanc. */
struct rule_found {
	uint64_t hits, upheld, other, left;
};
struct rule_usage {
	struct rule_found live, shadow;
};
/* Counts anew behind the page, when it is time or other rules are in force: the whole history is read, which may take long. */
void usage_renew(struct visit *v);
/* A line: when it was counted; or why not. */
void usage_put_when(struct visit *v);
struct usage {
	struct map *ids;
	struct rule_usage *list; /* NULL: they are not counted yet */
};
void usage_read(const struct visit *v, struct usage *ret);
void usage_release(struct usage *u);
/* Zero when it found nothing. */
struct rule_usage usage_of(const struct usage *u, struct slice id);
/* "8 sur 10 ; autre catégorie : 1 ; laissés : 1", or a dash, what was found à blanc after it; "12", or "12 à blanc". */
void usage_put_upheld(struct visit *v, const struct rule_usage *u);
void usage_put_hits(struct visit *v, const struct rule_usage *u);

/* explained.c, found.c: what the commands said, as a page says it. False: it could not be read. */
bool explained_put(struct visit *v, struct slice json, struct slice text);
struct found_counts {
	size_t errors, warnings;
};
/* Problems of `check` and `test`, each with its line: of the pack that is edited, or of another one of the folder. */
bool problems_put(
	struct visit *v, struct slice json, const struct job *j, struct found_counts *ret);
/* What a command said on its standard error, the folder's name left out. */
void said_put(struct visit *v, struct slice text, const char *folder);
bool compared_put(struct visit *v, struct slice json);
/* Whether `push` refused because much of what is in force would go; and what. */
bool lost_said(struct slice out);
bool lost_put(struct visit *v, struct slice out);
#endif
