/* SPDX-License-Identifier: GPL-3.0-or-later
 * kind imap: the mails of a mailbox, in the order in which they came. The mailbox is only looked at: nothing in it is marked as
 * read, moved or deleted; a mail that leaves it stays a comment.
 *
 * mark     "VALIDITY UID LETTERS": what the latest are called (letters.h), so that an answer has its parent; all up to UID is read. With another VALIDITY the UIDs mean other mails (RFC 3501 section 2.3.1.1):
 *          all that `backfill` allows is read again, and known by its id, a digest of what the mail is: not its Message-ID alone, which anybody may
 *          write into another one. */
#include <errno.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/digest/digest.h>
#include <tocsin/markup/markup.h>
#include <tocsin/mime/mime.h>
#include <tocsin/net/imap.h>

#include "../date.h"
#include "letters.h"
#include "../poller.h"
#include "quoted.h"

#define MAIL_MAX \
	(1u << 20) /* bytes of a mail that are asked for: its text comes before what is attached */
#define STEP_MS 30000
#define BATCH 50u /* mails between two cursors … */
#define BATCH_MS 5000 /* … or so long */
#define TESTED 20u

struct place {
	struct imap_box box; /* as the mailbox is */
	uint32_t last; /* UID that was read */
	bool begun; /* something was read before, with these UIDs */
	struct letters letters;
};

static void read_mark(struct pass *p, struct place *at)
{
	struct slice mark = buf_slice(pass_mark(p)), validity = mark, uid;
	const char *blank = mark.n ? memchr(mark.p, ' ', mark.n) : NULL;
	int64_t numbers[2];
	const char *end;

	if (!blank)
		return;
	validity.n = (size_t)(blank - mark.p);
	uid = (struct slice){blank + 1, mark.n - validity.n - 1};
	end = memchr(uid.p, ' ', uid.n);
	if (end) {
		size_t n = (size_t)(end - uid.p);

		letters_parse(&at->letters, (struct slice){end + 1, uid.n - n - 1});
		uid.n = n;
	}
	if (!slice_number(validity, &numbers[0]) || !slice_number(uid, &numbers[1]))
		return;
	at->begun = numbers[0] == at->box.validity && numbers[1] < UINT32_MAX;
	if (at->begun)
		at->last = (uint32_t)numbers[1];
}

static void write_mark(struct pass *p, const struct place *at)
{
	struct buf *mark = pass_mark(p);

	buf_clear(mark);
	buf_printf(mark, "%u %u ", (unsigned)at->box.validity, (unsigned)at->last);
	letters_print(&at->letters, mark);
}

/* "24-Nov-2026 14:05:00 +0100" */
static int64_t received_at(const char *date)
{
	_buf_ struct buf text = {0};

	buf_add_string(&text, date);
	for (size_t i = 0; i < text.n && i < 11; i++)
		if (text.p[i] == '-')
			text.p[i] = ' ';
	return date_read(buf_slice(&text));
}

static void add_id(const struct mime_mail *m, char hex[static 33])
{
	const struct buf *parts[] = {&m->id, &m->date, &m->author, &m->subject, &m->body};
	unsigned char digest[DIGEST_SIZE];
	_buf_ struct buf all = {0};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		buf_printf(&all, "%zu:", parts[i]->n);
		buf_add_slice(&all, buf_slice(parts[i]));
	}
	digest_sha256(buf_slice(&all), digest);
	digest_hex(digest, 16, hex);
}

/* What it is about, and what its author wrote. */
static void add_words(struct mime_mail *m, struct buf *out)
{
	_buf_ struct buf page = {0};

	if (m->html)
		html_text(buf_slice(&m->body), &page);
	buf_add_slice(out, buf_slice(&m->subject));
	if (m->subject.n)
		buf_add_string(out, "\n\n");
	quoted_trim(m->html ? buf_slice(&page) : buf_slice(&m->body), out);
	while (out->n && out->p[out->n - 1] == '\n')
		out->n--;
}

/* Whether it came before all that counts; the server was asked for whole days. */
static bool is_too_old(const struct pass *p, const struct place *at, int64_t ms)
{
	int64_t backfill = pass_source(p)->backfill_ms;

	return !at->begun && backfill && ms && ms < pass_now(p) - backfill;
}

static void add_mail(struct pass *p, struct place *at, const struct imap_mail *mail)
{
	struct mime_mail m = {0};
	struct comment c = {.type = COMMENT_ITEM, .kind = SLICE("mail")};
	_buf_ struct buf text = {0};
	const char *parent;
	char id[33];

	mime_read(mail->bytes, &m);
	if (!m.automatic) {
		add_id(&m, id);
		add_words(&m, &text);
		parent = letters_find(&at->letters, buf_slice(&m.answered));
		c.id = slice_of(id);
		c.text = buf_slice(&text);
		c.author = buf_slice(&m.author);
		c.author_name = buf_slice(&m.name);
		c.thread = buf_slice(&m.root);
		c.parent = slice_of(parent ? parent : "");
		c.created_at = received_at(mail->date);
		if (!c.created_at)
			c.created_at = date_read(buf_slice(&m.date));
		if (!is_too_old(p, at, c.created_at)) {
			pass_add(p, &c);
			letters_add(&at->letters, buf_slice(&m.id), id);
		}
	}
	mime_release(&m);
}

/* The mails one after the other; what was read counts, however it ends. */
static int read_mails(struct pass *p, struct imap *box, struct place *at, const uint32_t *uids,
	size_t n, struct error *e)
{
	int64_t said = clock_monotonic();
	size_t unsaid = 0;
	int r = FETCH_BODY;

	for (size_t i = 0; i < n && r == FETCH_BODY; i++) {
		struct imap_mail mail;

		r = imap_mail(box, uids[i], MAIL_MAX, &mail, e);
		if (r == FETCH_BODY)
			add_mail(p, at, &mail);
		if (r == IMAP_ODD)
			pass_odd(p, "mail UID %u : %s", (unsigned)uids[i], e->text);
		if (r == IMAP_ODD || r == IMAP_NONE)
			r = FETCH_BODY;
		if (r != FETCH_BODY)
			break;
		at->last = uids[i];
		if (++unsaid < BATCH && clock_monotonic() - said < BATCH_MS)
			continue;
		write_mark(p, at);
		pass_print(p);
		unsaid = 0;
		said = clock_monotonic();
	}
	if (at->last) {
		write_mark(p, at);
		pass_print(p);
	}
	return r;
}

/* The first day that counts, NULL: all do. */
static const char *since_of(const struct pass *p, const struct place *at, char out[static 16])
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char text[CLOCK_TEXT];
	int month;

	if (at->begun || !pass_source(p)->backfill_ms)
		return NULL;
	/* a day earlier: the server's day is another one, and its time is looked at anyway */
	clock_format(pass_now(p) - pass_source(p)->backfill_ms - 24 * CLOCK_HOUR, text);
	month = (text[5] - '0') * 10 + text[6] - '0';
	snprintf(out, 16, "%.2s-%.3s-%.4s", text + 8, months + (size_t)(month - 1) * 3, text);
	return out;
}

static int read_box(struct pass *p, struct imap *box, bool test, struct error *e)
{
	const char *name = pass_source(p)->mailbox ? pass_source(p)->mailbox : "INBOX";
	struct place at = {0};
	uint32_t *uids = NULL;
	size_t n = 0, skipped = 0;
	char since[16];
	int r = imap_examine(box, name, &at.box, e);

	if (r != FETCH_BODY)
		return r;
	read_mark(p, &at);
	r = imap_search(box, at.last + 1, since_of(p, &at, since), &uids, &n, e);
	if (r != FETCH_BODY)
		return r;
	if (test && n > TESTED)
		skipped = n - TESTED;
	if (uids)
		r = read_mails(p, box, &at, uids + skipped, n - skipped, e);
	free(uids);
	if (r == FETCH_BODY && !n && at.box.next && at.box.next - 1 > at.last)
		at.last = at.box.next - 1; /* what was there is too old */
	write_mark(p, &at);
	return r;
}

static int read_all(struct pass *p, const char *password, bool test, struct error *e)
{
	const struct source_config *source = pass_source(p);
	const struct imap_job job = {.url = source->url,
		.user = source->user,
		.password = password,
		.ca_file = source->ca_file,
		.internal = (const char *const *)source->internal,
		.timeout_ms = STEP_MS};
	struct imap *box;
	int r = imap_open(&job, &box, e);

	if (r == FETCH_BODY)
		r = read_box(p, box, test, e);
	imap_close(box);
	return r;
}

const struct poller poller_imap = {
	.name = "imap",
	.terms = WORDS_MARK(
		"la boîte est la vôtre : elle est seulement regardée, rien n'y est marqué comme lu, déplacé ni supprimé"),
	.every_ms = CLOCK_MINUTE,
	.every_min_ms = 15 * CLOCK_SECOND,
	.resumes = true,
	.in_order = true,
	.read = read_all,
};
