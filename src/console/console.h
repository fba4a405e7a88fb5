/* SPDX-License-Identifier: GPL-3.0-or-later
 * The process, and a visit: one request on its way to its page. */
#ifndef CONSOLE_CONSOLE_H
#define CONSOLE_CONSOLE_H
#include <tocsin/bus/commit.h>
#include <tocsin/db/nearby.h>
#include <tocsin/db/reader.h>
#include <tocsin/http/guess.h>
#include <tocsin/http/http.h>
#include <tocsin/policy/policy.h>
#include <tocsin/reply/reply.h>
#include <tocsin/service/service.h>
#include "access/hash.h"
#include "route.h"
#include "access/session.h"

#define CONSOLE_BODY_MAX (64u << 10) /* bytes of one form */
#define CONSOLE_LARGE_MAX (1536u << 10) /* … that a pack of rules is in */
#define CONSOLE_TEXT_MAX 4000u /* bytes of a reason or a note */

struct api_limits;
struct rules_desk;
struct replays;
struct limits;
struct json_reader;
struct reporting;
struct soon;
struct figures;
struct stints;
struct sinces;
struct console {
	struct service *s;
	struct bus *bus;
	struct http *http;
	struct http *trusted; /* over which a proxy says who comes; NULL: there is none */
	struct commit_client *store;
	struct reporting *reporting; /* reported.h */
	struct reader *
		reader; /* opened when the database is there; while who sees some sources only is served, his */
	struct limits *limits; /* limit.h */
	struct policy policy; /* who is called how; empty when the file has none */
	struct absence_mark absences; /* … with those that people entered, up to here */
	bool absences_known;
	struct replies replies; /* models and services */
	struct ruleset *names; /* of the bundle names_hash: topic.h */
	char names_hash[65];
	struct hasher *hasher;
	struct live *live;
	struct stints *stints; /* pages that are long in the making: conformity/stint.h */
	struct soon *soon; /* prescriptions that end: conformity/soon.h */
	struct figures *figures; /* the team's: team/figures.h */
	struct sinces *sinces; /* of topics: drafts/since.h */
	struct commit_client *purger; /* for what store is long in doing: nobody waits behind it */
	struct sessions sessions;
	struct guesses senders, accounts; /* wrong passwords */
	struct guesses api_senders; /* wrong tokens */
	struct api_limits *api;
	struct rules_desk *rules;
	struct replays *replays; /* replay/replay.h */
	struct json_reader *json; /* of what programs send */
	char nobody
		[DIGEST_PASSWORD]; /* of a password nobody has: a name that is none takes as long as a wrong one */
	uint64_t statuses[600];
	uint64_t signed_in, refused; /* sign-ins */
	struct buf refusal; /* the page of the last request that was too large */
	int64_t away_until; /* monotonic ms: store did not answer */
	int64_t stop_at; /* monotonic ms; 0 = running */
};

struct visit {
	struct console *c;
	struct http_request *r;
	const struct route *route;
	struct slice argument; /* what stands for '*' in the route's path */
	struct session *session; /* NULL: nobody is signed in */
	enum words_lang l;
	char token[SESSION_TOKEN]; /* the visitor's cookie */
	bool new_token; /* it must be sent */
	char sources[ACCOUNT_SOURCES_MAX + 1]; /* the only ones that are shown; "": all */
	struct slice stranger; /* whom the proxy names, who has no account here */
	bool shut_out; /* … or one that is shut out */
	int64_t now; /* wall ms */
	int64_t town; /* town clock */
	bool alone; /* nobody else moderates: second.h */
	struct buf out; /* the page */
	struct nearby_budget nearby; /* around.c: of all that its page shows */
	void *owner; /* a call's own: api.c */
};

/* The town's clock, when the wall's is this. */
int64_t console_town(struct console *c, int64_t now);

/* door.c: the request's way to its handler. */
bool door_admit(void *user, struct http_request *r, struct http_response *refuse);
void door_handle(void *user, struct http_request *r);
/* Every handler ends in one of these; the visit is over then. */
void visit_page(struct visit *v, unsigned status); /* what is in v->out */
/* … as a file of this type and name */
void visit_file(struct visit *v, const char *type, const char *name);
void visit_go(struct visit *v, const char *path); /* 303 */
/* … to a path that is made. */
void visit_go_to(struct visit *v, const char *format, ...) _format_(2, 3);
/* … to where the form was: the page of the one thing in the path when it says `ici`, else its place in the list. */
void visit_back(struct visit *v, const char *list);
void visit_problem(struct visit *v, unsigned status);
/* Makes the cookie of a new session the visitor's, and has it written down how he came in. */
void visit_sign(struct visit *v, const struct login *a);
/* Has it written down that who said to be this was not let in. */
void visit_refused(struct visit *v, struct slice name);
/* proxy.c: who comes over the socket of a proxy, by what that says: a session of his, or v->stranger. */
void proxy_identify(struct visit *v);
/* What to do about somebody who has no account, or whom the proxy does not name. */
void proxy_stranger(struct visit *v);
/* … who has left: the proxy would let him in again. */
void proxy_left(struct visit *v);
/* The number in the path; 0 when it is none. */
int64_t visit_number(const struct visit *v);
/* A field of the form, at most max bytes; false when it is missing or too long. Line ends become \n. */
bool visit_field(struct visit *v, const char *name, size_t max, struct buf *ret) _must_check_;
/* The same of the address: 0, -ENOENT when it has none, or why not. */
int visit_query(struct visit *v, const char *name, size_t max, struct buf *ret) _must_check_;
/* The database: 0, or -errno (there is none yet, …). */
int visit_reader(struct visit *v) _must_check_;
enum {
	ASK_AWAY = 1, /* store does not answer, and was not even asked */
	ASK_UNSURE = 2 /* it was asked and has not answered in time: it may do it yet */
};
/* A request to store: 0, one of these, or store's -errno with its text. */
int visit_ask(struct visit *v, enum request_verb verb, const struct buf *body, struct buf *reply,
	struct error *e) _must_check_;
/* The same without holding up anybody else: the visit goes on in `then`, now or later, unless it had a session that has ended by then.
 * e says why not when r is negative. Nothing of the visit but its request is as it was. */
typedef void visit_then_fn(struct visit *v, int r, struct slice reply, const struct error *e);
void visit_ask_then(
	struct visit *v, enum request_verb verb, const struct buf *body, visit_then_fn *then);
/* For the next page of the session. */
void visit_tell(struct visit *v, bool bad, const char *text);
/* What people read when a request came to that. */
const char *visit_why(const struct visit *v, int code, const struct error *e);
void visit_tell_error(struct visit *v, int code, const struct error *e);
/* A visit that goes on when its password is hashed. */
struct visit *visit_keep(const struct visit *v);
/* It goes on, with its session and the reader of what that sees (limit.h). False: it is over. Either way limit_end(before). */
bool visit_resume(struct visit *v, struct reader **before) _must_check_;
void visit_end(struct visit *v); /* of a kept one */

/* page.c: what every page is made of. */
void page_open(struct visit *v, const char *title);
void page_close(struct visit *v);
void page_csrf(struct visit *v, char out[static SESSION_TOKEN]);
void page_form(struct visit *v, const char *class, const char *format, ...) _format_(3, 4);
/* name=value& of an address, written for it; nothing when there is no value. */
void page_query(struct buf *out, const char *name, struct slice value);
/* For a form that decides: up to which decision the page knows (struct queue_item). */
void page_known(struct visit *v, int64_t decision);
void page_word(struct visit *v, const char *text); /* our own sentence, escaped */
void page_element(struct visit *v, const char *element, const char *text);
/* A row of a table of facts; none when there is no value. */
void page_row(struct visit *v, const char *name, struct slice value);
/* A person by the id, as the policy names him. */
void page_person(struct visit *v, struct slice id);
/* when.c: how every page says when. Of today the hour, of six days before or after the day and the hour, else the date. */
enum time_form {
	TIME_BARE, /* "16:30", "lun. 16:30", "02/11 16:30", "02/11/2025 16:30" */
	TIME_AT, /* "à 16:30", "lundi à 16:30", "le 02/11 à 16:30" */
	TIME_AFTER, /* behind « avant » or « depuis »: "16:30", "lundi 16:30", "le 02/11 à 16:30" */
	TIME_UNTIL, /* "jusqu'à 16:30", "jusqu'à lundi 16:30", "jusqu'au 02/11 à 16:30" */
	TIME_DATED /* in lists over weeks: bare, but the date always */
};
#define PAGE_MOMENT 100
/* ret. */
const char *page_moment(
	const struct visit *v, int64_t at, enum time_form form, char ret[static PAGE_MOMENT]);
/* An element with its exact time; page_time: bare. */
void page_time_as(struct visit *v, int64_t at, enum time_form form);
void page_time(struct visit *v, int64_t at);
/* Our own sentence with it in place of its %s. */
void page_said_at(struct visit *v, const char *format, int64_t at, enum time_form form);
/* "il y a 12 min" with its exact time. */
void page_ago(struct visit *v, int64_t at);
/* "En retard de 5 min · ", before what was due; its element has the class "late". */
void page_late(struct visit *v, int64_t by);
/* A line: "Compté à 01:06". */
void page_counted(struct visit *v, int64_t at);

/* The handlers. */
void home_get(struct visit *v);
void health_get(struct visit *v);
void ready_get(struct visit *v);
void metrics_get(struct visit *v);
void style_get(struct visit *v);
void script_get(struct visit *v);
void live_script_get(struct visit *v);
void live_get(struct visit *v);
void sign_in_get(struct visit *v);
void sign_in_post(struct visit *v);
void sign_out_post(struct visit *v);
void setup_get(struct visit *v);
void setup_post(struct visit *v);
void accounts_get(struct visit *v);
void account_get(struct visit *v);
void account_post(struct visit *v);
void account_roles_post(struct visit *v);
void account_link_post(struct visit *v);
void account_shut_post(struct visit *v);
void account_open_post(struct visit *v);
void account_new_get(struct visit *v);
void account_new_post(struct visit *v);
void password_get(struct visit *v);
void password_post(struct visit *v);
void moderation_get(struct visit *v);
void reponse_get(struct visit *v);
void recent_get(struct visit *v);
void views_get(struct visit *v);
void views_post(struct visit *v);
void views_remove_post(struct visit *v);
void shortcuts_get(struct visit *v);
void shortcuts_post(struct visit *v);
void search_get(struct visit *v);
void item_get(struct visit *v);
void claim_post(struct visit *v);
void release_post(struct visit *v);
void decide_post(struct visit *v);
void undo_post(struct visit *v);
void missed_post(struct visit *v);
void bulk_post(struct visit *v);
void bulk_decide_post(struct visit *v);
void bulk_undo_post(struct visit *v);
void bulk_script_get(struct visit *v);
void holding_get(struct visit *v);
void reply_get(struct visit *v);
void transfer_get(struct visit *v);
void service_get(struct visit *v);
void service_one_get(struct visit *v);
void service_propose_post(struct visit *v);
void service_undo_post(struct visit *v);
void situation_get(struct visit *v);
void alarm_get(struct visit *v);
void called_get(struct visit *v);
void drill_get(struct visit *v);
void drill_post(struct visit *v);
void drill_end_post(struct visit *v);
void replay_get(struct visit *v);
void replay_post(struct visit *v);
void replay_stop_post(struct visit *v);
void absences_get(struct visit *v);
void statistics_get(struct visit *v);
void statistics_file_get(struct visit *v);
void absence_post(struct visit *v);
void absence_remove_post(struct visit *v);
void report_get(struct visit *v);
void charge_post(struct visit *v);
void prolong_post(struct visit *v);
void hand_back_post(struct visit *v);
void pass_on_post(struct visit *v);
void note_post(struct visit *v);
void rumour_post(struct visit *v);
void point_post(struct visit *v);
void instruction_post(struct visit *v);
void wording_post(struct visit *v);
void silence_post(struct visit *v);
void close_post(struct visit *v);
void reopen_post(struct visit *v);
void reported_get(struct visit *v);
void reported_post(struct visit *v);
void follow_post(struct visit *v);
void unfollow_post(struct visit *v);
void rules_script_get(struct visit *v);
void rules_get(struct visit *v);
void rules_log_get(struct visit *v);
void rules_return_get(struct visit *v);
void rules_return_post(struct visit *v);
void sign_post(struct visit *v);
void rule_get(struct visit *v);
void pack_get(struct visit *v);
void try_get(struct visit *v);
void try_post(struct visit *v);
void edit_list_get(struct visit *v);
void edit_get(struct visit *v);
void edit_post(struct visit *v);
void edit_drop_post(struct visit *v);
void lexicon_get(struct visit *v);
void lexicon_list_get(struct visit *v);
void lexicon_list_post(struct visit *v);
void missed_list_get(struct visit *v);
void missed_list_post(struct visit *v);
void dossiers_get(struct visit *v);
void dossier_get(struct visit *v);
void dossier_open_get(struct visit *v);
void dossier_open_post(struct visit *v);
void dossier_note_post(struct visit *v);
void dossier_sent_post(struct visit *v);
void dossier_remove_post(struct visit *v);
void dossier_lift_post(struct visit *v);
void dossier_export_post(struct visit *v);
void kept_get(struct visit *v);
void purge_get(struct visit *v);
void purge_post(struct visit *v);
void purged_get(struct visit *v);
void prescriptions_get(struct visit *v);
void audit_get(struct visit *v);
void exports_get(struct visit *v);
void exports_post(struct visit *v);
void person_get(struct visit *v);
void person_post(struct visit *v);
void person_export_post(struct visit *v);
void person_erase_post(struct visit *v);
void opposition_post(struct visit *v);
void opposition_decide_post(struct visit *v);
void drafts_get(struct visit *v);
void draft_get(struct visit *v);
void draft_file_get(struct visit *v);
void accessibility_get(struct visit *v);
void listened_get(struct visit *v);
#endif
