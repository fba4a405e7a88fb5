/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who may use the console, and who works on what in it: accounts, claims, what is undone. */
#ifndef TOCSIN_RECORD_ACCOUNT_H
#define TOCSIN_RECORD_ACCOUNT_H
#include <stdint.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>

enum account_role { /* bits */
	ROLE_MODERATION = 1, /* reads and decides what waits */
	ROLE_DIRCOM = 2, /* … and takes charge of alarms */
	ROLE_CABINET = 4, /* looks at the situation and takes charge; sees no handle, no history */
	ROLE_ADMIN = 8, /* accounts, and what is kept how long; no content */
	ROLE_RULES = 16, /* writes, tries and publishes rules */
	ROLE_JURIST = 32, /* reads rules, tries texts */
	ROLE_SERVICE =
		64, /* what was transferred to its services, to propose an answer; nothing else */
	ROLE_DPO =
		128, /* what is kept, of whom, and its end: purges, exports, access and erasure */
	ROLE_DGS = 256, /* the situation, figures, the team; takes charge and conducts; no files */
	ROLE_ONCALL = 512 /* "astreinte": looks at the situation; on duty, takes charge, and decides
			     what is urgent (P1, P2) */
};
#define ROLES 10u
#define ROLES_ALL ((1u << ROLES) - 1)
extern const char *const account_role_names[ROLES];
/* "moderation,admin" → bits; 0 when it is empty or names something else. */
uint16_t account_roles_read(struct slice words);
void account_roles_write(struct buf *out, uint16_t roles);

#define ACCOUNT_NAME_MAX 40u /* bytes */
#define ACCOUNT_PASSWORD_MIN 12u
#define ACCOUNT_PASSWORD_MAX 200u
#define ACCOUNT_SERVICES_MAX 200u /* bytes */
/* "habitat,eau": ids with commas between them, none empty, no blank. Empty: none. */
bool account_services_ok(struct slice services);
#define ACCOUNT_SOURCES_MAX 600u /* bytes */
#define ACCOUNT_ALL_SOURCES "*" /* of a change: no limit any more */
/* "facebook,site": ids of sources with commas between them. Empty: all. */
bool account_sources_ok(struct slice sources);
/* Whether this one is among them. */
bool account_sees(struct slice sources, struct slice source);
/* Those that both are: true, with nothing in ret for all; false: there are none. */
bool account_sources_meet(struct slice one, struct slice other, struct buf *ret);
/* The first of them, cut off; false: none is left. */
bool account_source_next(struct slice *sources, struct slice *ret);
/* Only these may be limited to sources: whoever conducts, writes rules or answers for what is kept sees the town. */
#define ROLES_LIMITABLE (ROLE_MODERATION | ROLE_JURIST)
/* Small letters without accents, digits, and . - _ inside: the same as a person's id in tocsin.yaml, so that who has both is
 * shown as he is named there. */
bool account_name_ok(struct slice name);

/* Of struct login.secret: nobody's password is it. Its owner has none yet (a link lets him choose one), or comes by a proxy. */
#define ACCOUNT_NO_PASSWORD "!"

struct login { /* an account */
	struct slice name;
	uint16_t roles; /* 0: he is shut out */
	struct slice lang; /* "fr", "en", or empty: as the browser asks */
	struct slice secret; /* of the password: digest_password */
	struct slice services; /* ids, with commas between them: of ROLE_SERVICE */
	struct slice sources; /* … of the only ones that he sees; empty: all */
	int64_t changed_at; /* wall ms; sessions from before end. Not sent: store sets it */
	/* not sent either */
	struct slice shortcuts; /* as shortcuts_write made it */
	uint16_t
		held; /* of who is shut out: the roles that he has again when he is let in; else 0 */
	int64_t raised_at; /* wall ms: he gave himself roles, and nobody else has changed them since; 0: no */
	int64_t link_until; /* wall ms: until when his link lets him choose a password, and 1 when it does no more; 0: he
	                       has none */
};
/* What a change does to who may come in. */
enum account_door { DOOR_AS_IT_IS, DOOR_SHUT, DOOR_OPEN };
/* REQUEST_ACCOUNT. Without `replace` one of the name must not be there (-EEXIST), with it it must (-ENOENT); an empty secret,
 * no roles, services or sources then leave those as they were. known: the account's changed_at as it was looked at (-ESTALE: it
 * has changed since); 0: however it is. guarded: -EBUSY when no account of the administration that can come in would be left.
 * With a link the secret is ACCOUNT_NO_PASSWORD; the same link asked for again is done already. */
struct account_request {
	struct login account;
	struct slice
		setup; /* the secret of a link: of the way to the first account, or of this account's, which then only gets its
			  password (-EACCES: it is none, or serves no more); empty: somebody who may asks */
	struct slice who, reason; /* reason: may be empty */
	int64_t known;
	uint8_t replace;
	uint8_t guarded;
	enum account_door door; /* of a change */
	struct slice
		link; /* digest of a secret that lets its holder choose the password; empty: none */
	int64_t link_until; /* wall ms */
};
/* REQUEST_PASSWORD: somebody changes his own. changed_at: the account as it was when his old one was looked at (-ESTALE: it
 * has changed since, -ENOENT: it went). Reply: i64, its new changed_at; every session that knows another one ends. */
struct password_request {
	struct slice name, secret;
	int64_t changed_at;
};
/* REQUEST_ACCOUNT_REMOVE */
struct account_remove_request {
	struct slice name, who;
};
/* REQUEST_SETUP: a secret opens the way while there is no account. Store keeps its digest; the last one counts. */
#define SETUP_SECRET 64u /* hex digits */
/* A link that an administrator hands to somebody holds so long. */
#define SETUP_LINK_MS (72 * INT64_C(3600000))

/* REQUEST_CLAIM: "je m'en occupe", by the wall clock. */
#define CLAIM_DEFAULT_MS (15 * INT64_C(60000))
struct claim_request {
	int64_t seq;
	struct slice who;
	int64_t for_ms; /* 0: leaves it */
};
enum claim_outcome { CLAIM_TAKEN, CLAIM_LEFT, CLAIM_OTHERS, CLAIM_GONE /* waits no more */ };
struct claim_reply {
	enum claim_outcome outcome;
	struct slice who; /* who works on it: nobody when empty */
	int64_t until; /* wall ms */
};
/* REQUEST_UNDO: the last decision on the comment, when `who` made it no longer ago than UNDO_MS: -ETIME else. The item waits
 * again; the history keeps both. */
#define UNDO_MS (15 * INT64_C(1000))
#define DECISION_UNDONE "annuler"
struct undo_request {
	int64_t seq;
	struct slice who;
};

void account_encode(struct buf *out, const struct account_request *r);
int account_decode(struct slice s, struct account_request *ret) _must_check_;
void password_encode(struct buf *out, const struct password_request *r);
int password_decode(struct slice s, struct password_request *ret) _must_check_;
void account_remove_encode(struct buf *out, const struct account_remove_request *r);
int account_remove_decode(struct slice s, struct account_remove_request *ret) _must_check_;
void claim_encode(struct buf *out, const struct claim_request *r);
int claim_decode(struct slice s, struct claim_request *ret) _must_check_;
void claim_reply_encode(struct buf *out, const struct claim_reply *r);
int claim_reply_decode(struct slice s, struct claim_reply *ret) _must_check_;
void undo_encode(struct buf *out, const struct undo_request *r);
int undo_decode(struct slice s, struct undo_request *ret) _must_check_;
#endif
