/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sources that are asked again and again. A new one is a file with a table of facts and one pure function; the frame does the
 * rest: when to ask, limits, back-off, what was seen already, the cursor that travels with the batch.
 *
 * One look is one child process (pass.c), told its cursor on standard input. It prints lines:
 *   {…}            a comment (record/comment.h)
 *   cursor {…}     all lines before it belong to this cursor (seen.h); the last word of a look that went
 *                  well, and before `wait`, of one whose later pages have failed: then what was new stands in it as unknown
 *                  (an empty line) it works: an answer came that has nothing new
 *   heard          the source is there, though it has nothing to say
 *   quota MS       what the server, or the source's own quota, allows is used up for so long
 *   left N         requests that are left of the source's own quota
 *   next MS        when this look has gone well the next one comes after so long, instead of its interval
 *   wait MS TEXT   it came to nothing: why, and how long the server wants to be left alone (0: not said)
 *   terms TEXT     (test) what the kind asks for
 *   note TEXT      (test) what the town wrote of it
 * The connector (poller.c) starts it, reads its lines as the window has room, and kills it when it hangs. */
#ifndef CONNECT_POLLER_H
#define CONNECT_POLLER_H
#include <tocsin/net/fetch.h>
#include <tocsin/record/comment.h>
#include <tocsin/service/service.h>

#include "seen.h"

struct deed;
struct login;
struct pass;
/* A page of somebody's server, as it came. */
struct page {
	struct slice body, url;
	long status; /* HTTP: 2xx, or another where a kind takes those */
	bool too_big; /* nothing of it is here: more than max */
};
struct poller {
	const char *name;
	const char *accept; /* as the header wants it */
	const char *types; /* media types that are read, small letters, each between blanks */
	const char *terms; /* French: what asking it is bound to */
	int64_t every_ms,
		every_min_ms; /* between two looks; the least: hosts named in allow_internal may be asked as often as wanted */
	const struct login
		*login; /* NULL: none, or the account's password with each request (Basic) */
	size_t max; /* bytes of an answer, unpacked */
	unsigned pages; /* of one look */
	/* NULL: over HTTP, page by page, as the rest says. Else the kind reads what is new itself, and prints it now and then: an
	 * outcome of fetch.h. */
	int (*read)(struct pass *p, const char *password, bool test, struct error *e);
	/* NULL: the source's url. Else the address to begin with, made of that and of pass_mark. */
	void (*first)(struct pass *p, struct buf *url);
	/* NULL: none. Frees what pass_own holds. */
	void (*end)(struct pass *p);
	bool resumes; /* pass_mark says after each page where to go on: it is kept, and a look may be of many pages */
	bool in_order; /* of what has one date, it adds the oldest first; else the newest, as feeds do */
	const char *const
		*keep; /* headers of the answers that the kind reads (fetch.h); NULL: none */
	bool takes_refusals; /* map sees the answers that are no page (401, 404, 500, another media type …), but for the first */
	bool takes_too_big; /* map sees that an answer was too big, and asks for a smaller page or fails */
	/* Pure: what the page says, through pass_add; pass_next for the page to read after it. 0 or -errno with the reason. */
	int (*map)(struct pass *p, const struct page *page, struct error *e);
	/* NULL: it cannot act. Pure: the next step of an action (deed.h). */
	int (*deed)(struct deed *d, const struct page *last, struct error *e);
};
extern const struct poller poller_bluesky, poller_decidim, poller_imap, poller_mastodon,
	poller_meta, poller_rss, poller_wordpress;
/* NULL when no such kind is polled. */
const struct poller *poller_of(const char *kind);
/* Between two looks of this source: at least, and as it is set. */
int64_t poller_every_min(const struct poller *k, const struct source_config *source);
int64_t poller_every(const struct poller *k, const struct source_config *source);

/* From map: a comment or a tombstone; what this source has sent before in the same words is passed by, with other counts (likes,
 * shares) too. */
void pass_add(struct pass *p, const struct comment *c);
/* What was added goes out, and the mark with it: after a cut it goes on there. */
void pass_print(struct pass *p);
/* Something is there that nobody can read: to quarantine, with these words. */
void pass_odd(struct pass *p, const char *format, ...) _format_(2, 3);
/* From map: the next page. Read in the same look when the kind resumes, or it is the first look at this source (what was
 * published before us). */
void pass_next(struct pass *p, struct slice url);

/* Where a kind was, in its own words, kept in the cursor: "" at first, at most SEEN_MARK bytes. */
struct buf *pass_mark(struct pass *p);
#define PASS_TEST "test" /* what the mark says in a test: show the newest */
/* A place for a kind's own state during a look; NULL at first. */
void **pass_own(struct pass *p);
/* Who we are at the source, as its login told; "" without one. */
struct slice pass_who(const struct pass *p);
/* From read: one request at the source, under its limits and with its account; post, when it is not empty, is sent as JSON. An
 * outcome of fetch.h; ret lives until the next one, and is there for FETCH_REFUSED too when there was an answer (its status is not
 * 0). An answer of another media type is refused. */
int pass_ask(struct pass *p, const char *url, struct slice post, struct page *ret, struct error *e)
	_must_check_;
/* The same without the account, as anybody would ask; not for a kind with a login. */
int pass_ask_openly(struct pass *p, const char *url, struct page *ret, struct error *e)
	_must_check_;
/* The nth header of keep in the last answer, "" when absent. */
const char *pass_kept(const struct pass *p, size_t n);
/* The next look comes after so long, a day at most; after a failed one, not before. */
void pass_after(struct pass *p, int64_t ms);
/* What the server allows is used up for so long: said, and the next look comes after that. */
void pass_spent(struct pass *p, int64_t ms);
/* The clock of the server when it gave the last answer: moments that it names are its own. */
int64_t pass_server_now(const struct pass *p);
/* It listens, and there is nothing to say. */
void pass_heard(struct pass *p);
const struct source_config *pass_source(const struct pass *p);
int64_t pass_now(const struct pass *p);

/* The source's password or token, appended; nothing when it has none. */
int poller_password(const struct source_config *source, struct buf *out, struct error *e)
	_must_check_;
/* One look, in a process of its own. test: everything counts as new, one page, nothing is read from standard input. */
int pass_main(const struct config *config, const struct source_config *source, bool test);
#endif
