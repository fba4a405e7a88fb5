/* SPDX-License-Identifier: GPL-3.0-or-later
 * What happens in a drill, line by line, from the main courante; then what it came to. */
#include <signal.h>
#include <tocsin/base/clock.h>
#include <tocsin/json/json.h>
#include "exercice.h"
#include "people.h"
#include <tocsin/phrase/phrase.h>
#include "table.h"

#define LOOK_MS 300

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	(void)number;
	interrupted = 1;
}

struct follow {
	struct context *x;
	const struct drill *d;
	struct people people;
	struct buf out;
	int64_t entry; /* said up to here */
	int64_t began, answered; /* wall; 0 not yet */
	char by[128];
	bool over;
	unsigned delivered, left, waiting,
		failed; /* left: mails in a folder, for want of a relay */
};

static void json_line(struct follow *f, const struct incident_entry *e)
{
	struct json_writer w = {.out = &f->out};
	json_w_begin(&w, '{');
	json_w_time(&w, "at", e->written_at);
	json_w_text(&w, "event", slice_of(entry_kind_names[e->kind]));
	json_w_text(&w, "who", e->who);
	json_w_text(&w, "text", e->text);
	json_w_end(&w, '}');
	buf_add_char(&f->out, '\n');
}

static void text_line(struct follow *f, const struct incident_entry *e)
{
	char at[CLOCK_TEXT];
	buf_printf(
		&f->out, "%s  %s", clock_format_hm(e->written_at, at), phrase_event(f->x->lang, e));
	if (e->kind != ENTRY_NOTE) {
		buf_add_string(&f->out, " · ");
		people_put(&f->people, e->who, &f->out);
	}
	if (e->text.n && e->kind != ENTRY_OPENED) {
		buf_add_string(&f->out, " · ");
		table_clean(&f->out, e->text, false);
	}
	buf_add_char(&f->out, '\n');
}

static int on_entry(void *user, const struct incident_entry *e)
{
	struct follow *f = user;
	if (e->id <= f->entry)
		return 0;
	f->entry = e->id;
	if (e->kind == ENTRY_OPENED)
		f->began = e->written_at;
	if (e->kind == ENTRY_ACKED) {
		f->answered = e->written_at;
		snprintf(f->by, sizeof(f->by), "%.*s", (int)e->who.n, e->who.p);
	}
	f->over |= e->kind == ENTRY_CLOSED;
	if (f->x->json)
		json_line(f, e);
	else
		text_line(f, e);
	return 0;
}

static int on_row(void *user, const struct outbox_view *v)
{
	struct follow *f = user;
	const bool left = slice_begins(v->detail, OUTBOX_LEFT);
	f->delivered += v->state == OUTBOX_DONE && !left;
	f->left += v->state == OUTBOX_DONE && left;
	f->waiting += v->state < OUTBOX_DONE;
	f->failed += v->state == OUTBOX_DEAD_LETTER;
	return 0;
}

static void say(struct follow *f)
{
	put_text(buf_slice(&f->out), stdout);
	fflush(stdout);
	buf_clear(&f->out);
}

static int look(struct follow *f)
{
	struct error e;
	if (reader_entries(f->x->reader, f->d->id, on_entry, f, &e) < 0)
		return complain(f->x, EXIT_PROBLEMS, "%s", e.text);
	say(f);
	return 0;
}

static void put_json_account(struct follow *f)
{
	struct json_writer w = {.out = &f->out};
	json_w_begin(&w, '{');
	json_w_number(&w, "delivered", f->delivered);
	json_w_number(&w, "left", f->left);
	json_w_number(&w, "waiting", f->waiting);
	json_w_number(&w, "failed", f->failed);
	json_w_key(&w, "acknowledged_by");
	if (f->answered)
		json_w_string(&w, slice_of(f->by));
	else
		json_w_null(&w);
	json_w_number(&w, "after_ms", f->answered ? f->answered - f->began : 0);
	json_w_end(&w, '}');
	buf_add_char(&f->out, '\n');
}

static void put_account(struct follow *f)
{
	struct context *x = f->x;
	char span[40];
	buf_printf(&f->out, _w(x, "Bilan : remis %u"), f->delivered);
	if (f->left)
		buf_printf(&f->out, _w(x, ", déposé %u (personne ne l'a reçu)"), f->left);
	buf_printf(&f->out, _w(x, ", en attente %u, jamais remis %u"), f->waiting, f->failed);
	if (f->answered)
		buf_printf(&f->out, _w(x, " ; pris en charge par %s après %s.\n"), f->by,
			words_duration(x->lang, f->answered - f->began, span));
	else if (f->over)
		buf_add_string(&f->out, _w(x, " ; clos sans que personne ait répondu.\n"));
	else
		buf_printf(&f->out,
			_w(x, " ; personne n'a répondu, et il sonne encore : « tocsin close %lld --who NOM » l'arrête.\n"),
			(long long)f->d->id);
}

static int account(struct follow *f)
{
	struct error e;
	if (reader_outbox(f->x->reader, f->d->id, false, on_row, f, &e) < 0)
		return complain(f->x, EXIT_PROBLEMS, "%s", e.text);
	if (f->x->json)
		put_json_account(f);
	else
		put_account(f);
	say(f);
	return f->answered && !f->failed ? EXIT_DONE : EXIT_PROBLEMS;
}

int drill_follow(struct context *x, const struct drill *d)
{
	struct follow f = {.x = x, .d = d};
	const struct sigaction stop = {.sa_handler = on_signal};
	int64_t end = d->patience ? clock_monotonic() + d->patience : INT64_MAX;
	int r = 0;
	people_init(&f.people, &x->config);
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
	while (r == 0) {
		r = look(&f);
		if (r || f.over || interrupted || clock_monotonic() >= end)
			break;
		usleep(LOOK_MS * 1000);
	}
	if (r == 0)
		r = account(&f);
	people_release(&f.people);
	buf_release(&f.out);
	return r;
}
