/* SPDX-License-Identifier: GPL-3.0-or-later
 * One message to one person, composed when it is due, kept as the outbox row's payload, and composed anew at each
 * attempt (fresh.c) under the same key; mail and webhook forms are made from it. Everything in it may be shown to its receiver. */
#ifndef ESCALATE_MESSAGE_H
#define ESCALATE_MESSAGE_H
#include <stdint.h>
#include <tocsin/base/arena.h>
#include <tocsin/base/buf.h>
#include <tocsin/policy/policy.h>
#include <tocsin/words/words.h>

enum block_kind {
	BLOCK_TEXT,
	BLOCK_QUOTES /* one verbatim a line */,
	BLOCK_LIST /* one item a line */,
	BLOCK_CURVE /* a text whose last word is the curve in signs: not said where the picture shows it */
};
struct message_block {
	enum block_kind kind;
	struct slice label, text; /* label may be empty */
};
static inline bool message_block_lists(const struct message_block *b)
{
	return b->kind == BLOCK_QUOTES || b->kind == BLOCK_LIST;
}
#define MESSAGE_BLOCKS_MAX 24u
#define MESSAGE_PAST "past" /* the kind of a summary of alarms that are over: never urgent */

struct message { /* slices are borrowed */
	enum words_lang lang;
	struct slice key; /* the outbox row's: Message-ID, Idempotency-Key, boundary come from it */
	struct slice thread; /* the same for every message of an incident */
	struct slice town, name /* the receiver's, for people */, person;
	struct slice subject, head; /* head: the first sentence */
	struct slice level; /* "rouge" … "P1", as in policy_chain_names */
	struct slice kind, topic, title;
	int64_t incident, at /* town clock */, since, before /* answer expected, 0 none */;
	int64_t written_at; /* wall clock: the Date of the mail */
	uint32_t messages, authors, sources;
	struct message_block blocks[MESSAGE_BLOCKS_MAX];
	uint32_t n_blocks;
	bool bare; /* nothing of what citizens say is in it */
	/* The curve as tocsin-chart reads it, empty when there is none; what it shows, in words; how many blocks stand
	 * before it. */
	struct slice curve, curve_words;
	uint32_t curve_after;
	/* Known only at sending, empty in every row: the receiver's code to take charge with, and the page that asks for it. */
	struct slice code, page;
	uint32_t others; /* alarms that the message tells of besides */
	bool listed; /* … and each has its code in its line */
	int64_t code_before; /* … when an answer is expected to the one whose code this is; before: to the first of them */
};

/* Whether it rehearses: then every form of it says so first. */
bool message_is_drill(const struct message *m);
/* The subject without the bell's name in front. */
struct slice message_about(const struct message *m);
/* What a drill's message begins with. */
const char *message_drill(const struct message *m);

void message_encode(struct buf *out, const struct message *m);
/* Borrows from s. 0 or -EBADMSG. */
int message_decode(struct slice s, struct message *ret) _must_check_;

/* A name made from the key alone: 32 hex digits. */
const char *message_name(const struct message *m, char out[static 33]);

/* The mail: RFC 5322 with CRLF, text and HTML (multipart/alternative), all ASCII. from and to are bare
 * addresses. maybe: an earlier attempt may have arrived: marked « doublon possible ». picture: a PNG of the curve that the
 * HTML shows (multipart/related), or empty. */
void message_mail(struct buf *out, const struct message *m, const char *from, const char *to,
	bool maybe, struct slice picture);
/* An SMS: 160 signs of the GSM alphabet at most, as UTF-8, unless a long page address makes it two parts. */
struct message_sms {
	bool maybe; /* an earlier attempt may have arrived */
	bool fallback; /* tells of a message that was not delivered */
	bool reply; /* the code can be sent back by SMS */
};
void message_sms(struct buf *out, const struct message *m, const struct message_sms *s);
/* Whether the message asks its receiver to take charge with a code on the page. */
bool message_asks(const struct message *m);
/* The body of a webhook. */
void message_hook(struct buf *out, const struct message *m, enum hook_form form, bool maybe);
/* The readable text, lines cut at `width` characters (0: not). LF. */
void message_text(struct buf *out, const struct message *m, bool maybe, unsigned width);
/* Opening and closing quotation marks, with their blanks. */
const char *message_quote(const struct message *m, bool closing);
/* « doublon possible » in the message's language. */
const char *message_maybe(const struct message *m);
#endif
