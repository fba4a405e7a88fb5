/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who is signed in. In memory alone: a restart signs everybody out. Of a token only its digest is kept. Pure but for the
 * randomness of tokens; time is an argument. */
#ifndef CONSOLE_SESSION_H
#define CONSOLE_SESSION_H
#include <stdint.h>
#include <tocsin/base/buf.h>
#include <tocsin/digest/digest.h>
#include <tocsin/record/account.h>
#include <tocsin/record/shortcut.h>

#define SESSION_TOKEN DIGEST_HEX /* 64 hex digits and NUL */
#define SESSIONS_MAX 256u /* the one that has been quiet longest ends for a new one */
#define SESSION_IDLE_MS (4 * INT64_C(3600000))
#define SESSION_MOST_MS (12 * INT64_C(3600000))

struct session {
	unsigned char id[DIGEST_SIZE]; /* digest of the token */
	bool used;
	bool by_socket; /* the proxy said who comes: worth nothing over another way in */
	char name[ACCOUNT_NAME_MAX + 1];
	int64_t account_changed_at; /* the account as it was: ends when that changes */
	uint16_t roles; /* as the account has them now */
	char lang[3];
	char services[ACCOUNT_SERVICES_MAX + 1]; /* of ROLE_SERVICE, as the account has them now */
	char sources[ACCOUNT_SOURCES_MAX + 1]; /* the only ones that he sees; "": all */
	struct shortcuts shortcuts; /* as the account has them now */
	int64_t since, last; /* wall ms */
	/* said on the next page */
	struct buf told;
	bool told_bad;
	int64_t undo; /* seq of a decision that may be undone from there; 0 none */
	int64_t undo_bulk; /* … number of one on many */
	int64_t decided; /* seq of the comment that it is about; 0 none */
	int64_t alarm; /* … the alarm that it left open, and whether nobody is in charge of it; 0 none */
	bool alarm_free;
	/* a link that its next page shows, once, to be handed on; "": none */
	char link[SESSION_TOKEN];
	char link_of[ACCOUNT_NAME_MAX + 1];
};
struct sessions {
	unsigned char key[DIGEST_KEY]; /* of the tokens against forged forms */
	struct session list[SESSIONS_MAX];
};
void sessions_init(struct sessions *s);
void sessions_release(struct sessions *s);
void session_token(char out[static SESSION_TOKEN]);
/* 64 small hex digits. */
bool session_token_ok(struct slice token);
struct session *session_begin(
	struct sessions *s, const char *token, const struct login *a, int64_t now);
/* The session of a token, its time renewed; NULL when there is none (any more). */
struct session *session_find(struct sessions *s, const char *token, int64_t now);
/* The same without renewing it: nobody asked for anything. */
struct session *session_peek(struct sessions *s, const char *token, int64_t now);
void session_end(struct session *session);
/* What a form of the holder of this cookie must bring: keyed, so that it is no use without the cookie, and can be made for
 * a visitor who is not signed in. */
void session_csrf(const struct sessions *s, const char *token, char out[static SESSION_TOKEN]);
/* The secret of a link that the holder of this cookie makes for somebody: the same for the same form, and none that he could
 * choose. nonce: the form's. */
void session_link(const struct sessions *s, const char *token, struct slice name,
	struct slice nonce, char out[static SESSION_TOKEN]);
bool session_csrf_is(const struct sessions *s, const char *token, struct slice given);
#endif
