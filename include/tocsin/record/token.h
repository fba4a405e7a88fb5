/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tokens: with one a program does what a person may do in the console, under his name, as far as the token's scopes go. */
#ifndef TOCSIN_RECORD_TOKEN_H
#define TOCSIN_RECORD_TOKEN_H
#include <stdint.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>

enum token_scope { /* bits */
	SCOPE_QUEUE_READ = 1,
	SCOPE_QUEUE_DECIDE = 2,
	SCOPE_INCIDENTS_READ = 4,
	SCOPE_INCIDENTS_ACK = 8,
	SCOPE_STATISTICS = 16,
	SCOPE_RULES = 32,
	SCOPE_METRICS = 64
};
#define SCOPES 7u
#define SCOPES_ALL ((1u << SCOPES) - 1)
extern const char *const token_scope_names[SCOPES]; /* "queue:read" … */
/* "queue:read,rules:read" → bits; 0 when it is empty or names something else. */
uint8_t token_scopes_read(struct slice words);
void token_scopes_write(struct buf *out, uint8_t scopes);
/* What an account of these roles may do at most: as in its pages. A program is never on duty. */
uint8_t token_scopes_of(uint16_t roles);

/* What is left of them where some sources only are seen: figures, alarms and rules are the town's. */
#define SCOPES_LIMITED (SCOPE_QUEUE_READ | SCOPE_QUEUE_DECIDE)

/* What its holder keeps: the mark and 64 small hex digits. Store has its SHA-256 alone. */
#define TOKEN_MARK "tocsin_"
#define TOKEN_TEXT (sizeof(TOKEN_MARK) - 1 + 64)
bool token_text_ok(struct slice text);

#define TOKEN_DAYS 90 /* it holds, unless said otherwise */
#define TOKEN_DAYS_MAX 400
struct token {
	struct slice name; /* as an account's */
	struct slice account; /* whose it is: every change bears this name */
	uint8_t scopes;
	struct slice
		sources; /* the only ones, of those that its account sees; empty: all of these */
	struct slice digest; /* 32 bytes */
	int64_t made_at, expires_at; /* wall ms. made_at is not sent: store sets it */
};
/* REQUEST_TOKEN: -EEXIST for a name that is there, -ENOENT for an account that is not, -EACCES for what the account may or sees not itself
 * (and a scope beyond SCOPES_LIMITED with sources), -EINVAL. */
struct token_request {
	struct token token;
	struct slice who;
};
/* REQUEST_TOKEN_REVOKE */
struct token_revoke_request {
	struct slice name, who;
};
void token_encode(struct buf *out, const struct token_request *r);
int token_decode(struct slice s, struct token_request *ret) _must_check_;
void token_revoke_encode(struct buf *out, const struct token_revoke_request *r);
int token_revoke_decode(struct slice s, struct token_revoke_request *ret) _must_check_;
#endif
