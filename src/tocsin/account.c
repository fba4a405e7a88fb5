/* SPDX-License-Identifier: GPL-3.0-or-later
 * The live account, see account.h. */
#include "account.h"
#include <sys/ioctl.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include "account_news.h"
#include "gauges.h"
#include <tocsin/phrase/phrase.h>
#include "table.h"

struct account {
	struct context *x;
	const struct config *config;
	int64_t started_at, next_at, last_at; /* monotonic ms */
	int64_t last_recorded; /* the number of the last comment recorded, a look ago; -1: none yet */
	double rate;
	struct account_news news;
	unsigned drawn; /* lines of the block on the terminal */
	struct buf block, shown; /* shown: the last one on a plain output */
};

struct account *account_new(struct context *x, const struct config *config)
{
	struct account *a = xcalloc(1, sizeof(*a));
	a->x = x;
	a->config = config;
	a->started_at = a->last_at = clock_monotonic();
	a->last_recorded = -1;
	account_news_init(&a->news, x, config);
	return a;
}

struct account *account_free(struct account *a)
{
	if (!a)
		return NULL;
	account_news_release(&a->news);
	buf_release(&a->shown);
	buf_release(&a->block);
	free(a);
	return NULL;
}

static void put_level(struct account *a, struct buf *out, enum town_level level)
{
	if (a->x->terminal)
		buf_printf(
			out, "\033[%sm%s\033[0m", phrase_level_colour(level), phrase_level(level));
	else
		buf_add_string(out, phrase_level(level));
}

/* Lines that stay, above the block. */
static void say(struct account *a, struct slice lines)
{
	if (a->drawn > 0)
		printf("\033[%uA\033[J", a->drawn);
	a->drawn = 0;
	put_text(lines, stdout);
}

struct looking {
	struct account *a;
	struct buf *out;
	struct reader *reader;
	uint64_t open;
};

static int put_open_level(void *user, const struct incident *i)
{
	struct looking *l = user;
	if (i->level == LEVEL_VERT || i->kind == INCIDENT_DRILL || l->open >= 6)
		return 0;
	if (l->open++ > 0)
		buf_add_string(l->out, " · ");
	put_level(l->a, l->out, i->level);
	buf_add_char(l->out, ' ');
	table_clean(l->out, i->title.n ? i->title : i->topic, false);
	if (i->state == INCIDENT_ACKED)
		buf_add_string(l->out, _w(l->a->x, " (pris en charge)"));
	return 0;
}

static void put_number(struct account *a, struct buf *out, double v)
{
	char text[40];
	buf_add_string(out, words_number(a->x->lang, (int64_t)v, text));
}

static void put_flow(struct account *a, struct reader *reader, struct buf *out)
{
	_gauges_ struct gauges g = {0};
	gauges_read(&g, a->config->run_dir);
	int64_t now = clock_monotonic(), last_seq = 0;
	if (reader_last_seq(reader, &last_seq, NULL) < 0)
		last_seq = 0;
	if (a->last_recorded < 0)
		a->last_recorded = last_seq;
	if (now - a->last_at >= 900) {
		a->rate = (double)(last_seq - a->last_recorded) * 1000 / (double)(now - a->last_at);
		a->last_at = now;
		a->last_recorded = last_seq;
	}
	buf_printf(out, "%s ", _w(a->x, "enregistrés"));
	put_number(a, out, (double)last_seq);
	buf_add_string(out, " (");
	put_number(a, out, a->rate > 0 ? a->rate : 0);
	buf_printf(out, "/s) · %s ", _w(a->x, "en attente"));
	put_number(a, out, gauge_get(&g, "ingest_waiting", NULL, 0));
	double searched = gauge_get(&g, "search_seq", NULL, -1);
	if (searched >= 0 && searched < (double)last_seq) {
		buf_printf(out, " · %s ", _w(a->x, "recherche en retard de"));
		put_number(a, out, (double)last_seq - searched);
	}
}

static void put_queue(struct account *a, struct reader *reader, struct buf *out)
{
	uint64_t by[5];
	if (reader_queue_count(reader, by, NULL) < 0)
		return;
	buf_printf(out, "%s P1 %llu · P2 %llu · P3 %llu · P4 %llu", _w(a->x, "file"),
		(unsigned long long)by[1], (unsigned long long)by[2], (unsigned long long)by[3],
		(unsigned long long)by[4]);
	if (by[0] > 0)
		buf_printf(out, _w(a->x, " · sans priorité %llu"), (unsigned long long)by[0]);
}

/* The block: three lines on a terminal, one elsewhere. */
static void put_block(struct account *a, struct reader *reader)
{
	const char *between = a->x->terminal ? "\n" : " | ";
	char at[CLOCK_TEXT];
	int64_t clock;
	buf_clear(&a->block);
	if (reader_clock(reader, a->config->clock_event, &clock, NULL) == 0 && clock > 0)
		buf_printf(&a->block, "%s · ", clock_format_dhm(clock, at));
	put_flow(a, reader, &a->block);
	buf_add_string(&a->block, between);
	put_queue(a, reader, &a->block);
	buf_add_string(&a->block, between);
	struct looking l = {a, &a->block, reader, 0};
	buf_printf(&a->block, "%s ", _w(a->x, "tocsin"));
	if (reader_incidents(reader, false, put_open_level, &l, NULL) < 0 || l.open == 0)
		put_level(a, &a->block, LEVEL_VERT);
	buf_add_char(&a->block, '\n');
}

static unsigned count_lines(struct slice text)
{
	struct winsize size = {0};
	size_t columns =
		ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
	unsigned lines = 0;
	size_t width = 0;
	bool escape = false;
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		if (c == '\n') {
			lines += 1 + (unsigned)(width ? (width - 1) / columns : 0);
			width = 0;
		} else if (c == 033) {
			escape = true;
		} else if (escape) {
			escape = c != 'm';
		} else {
			width += (c & 0xc0) != 0x80;
		}
	}
	return lines;
}

/* What rang since the last look. */
static void tell_news(struct account *a, struct reader *reader)
{
	_buf_ struct buf lines = {0};
	account_news_put(&a->news, reader, &lines);
	if (lines.n > 0)
		say(a, buf_slice(&lines));
}

void account_turn(struct account *a, struct reader *reader)
{
	enum { TERMINAL = 250, PLAIN = 2000 };
	int64_t now = clock_monotonic();
	if (!reader || now < a->next_at)
		return;
	a->next_at = now + (a->x->terminal ? TERMINAL : PLAIN);
	tell_news(a, reader);
	put_block(a, reader);
	if (!a->x->terminal && slice_equal(buf_slice(&a->block), buf_slice(&a->shown)))
		return; /* nothing has changed */
	buf_clear(&a->shown);
	buf_add_slice(&a->shown, buf_slice(&a->block));
	say(a, buf_slice(&a->block));
	if (a->x->terminal)
		a->drawn = count_lines(buf_slice(&a->block));
	fflush(stdout);
}

/* --- the end */

struct totals {
	uint64_t received, fresh, version, duplicate, tombstone, quarantined, dead, pending;
	bool unbalanced;
};
static int add_row(void *user, const struct ledger_row *l)
{
	struct totals *t = user;
	t->received += l->received;
	t->fresh += l->fresh;
	t->version += l->version;
	t->duplicate += l->duplicate;
	t->tombstone += l->tombstone;
	t->quarantined += l->quarantined;
	t->dead += l->dead;
	t->pending += l->pending;
	t->unbalanced |= !l->balanced;
	return 0;
}

static void line(struct account *a, struct table *t, const char *name, uint64_t v)
{
	char text[40];
	if (v == 0)
		return;
	table_add(t, slice_of(name));
	table_add(t, slice_of(words_number(a->x->lang, (int64_t)v, text)));
}

static int add_incident(void *user, const struct incident *i)
{
	struct table *t = user;
	char at[CLOCK_TEXT];
	if (i->kind == INCIDENT_DRILL)
		return 0;
	table_printf(t, "%lld", (long long)i->id);
	table_add(t, slice_of(clock_format_dhm(i->opened_at, at)));
	table_add(t, slice_of(phrase_level(i->peak)));
	table_add(t, i->title.n ? i->title : i->topic);
	table_printf(t, "%u", i->facts.messages);
	table_printf(t, "%u", i->facts.authors);
	return 0;
}

static void put_totals(struct account *a, struct buf *out)
{
	struct totals sum = {0};
	struct error e = {0};
	if (reader_ledger(a->config->state_dir, add_row, &sum, &e) < 0) {
		buf_printf(out, "%s\n", e.text);
		return;
	}
	_table_ struct table t;
	const char *const names[] = {_w(a->x, "commentaires"), ">", NULL};
	table_init(&t, names);
	line(a, &t, _w(a->x, "reçus"), sum.received);
	line(a, &t, _w(a->x, "nouveaux"), sum.fresh);
	line(a, &t, _w(a->x, "nouvelles versions"), sum.version);
	line(a, &t, _w(a->x, "doublons"), sum.duplicate);
	line(a, &t, _w(a->x, "supprimés à la source"), sum.tombstone);
	line(a, &t, _w(a->x, "mis de côté (illisibles)"), sum.quarantined);
	line(a, &t, _w(a->x, "lettres mortes"), sum.dead);
	line(a, &t, _w(a->x, "en attente"), sum.pending);
	table_print(&t, a->x->terminal, out);
	buf_printf(out, "%s\n",
		sum.unbalanced ? _w(a->x, "COMPTE FAUX : voir « tocsin verify »")
			       : _w(a->x, "le compte est juste : rien n'est perdu"));
}

void account_summary(struct account *a, struct reader *reader)
{
	if (!reader)
		return;
	a->next_at = 0;
	tell_news(a, reader);
	put_block(a, reader);
	_buf_ struct buf out = {0};
	char text[40];
	buf_add_slice(&out, buf_slice(&a->block));
	buf_add_char(&out, '\n');
	put_totals(a, &out);
	_table_ struct table t;
	const char *const names[] = {_w(a->x, ">alarme"), _w(a->x, "ouverte"),
		_w(a->x, "au plus haut"), _w(a->x, "sujet"), _w(a->x, ">messages"),
		_w(a->x, ">auteurs"), NULL};
	table_init(&t, names);
	t.limit[3] = 50;
	if (reader_incidents(reader, true, add_incident, &t, NULL) == 0 && t.n > t.columns) {
		buf_add_char(&out, '\n');
		table_print(&t, a->x->terminal, &out);
	}
	buf_printf(&out, "\n%s", _w(a->x, "messages partis : "));
	put_number(a, &out, (double)a->news.messages);
	if (a->news.reminders > 0)
		buf_printf(&out, _w(a->x, " (dont %llu rappels)"),
			(unsigned long long)a->news.reminders);
	if (a->news.failures > 0)
		buf_printf(&out, _w(a->x, ", échecs : %llu"), (unsigned long long)a->news.failures);
	if (a->config->mail.url)
		buf_printf(&out, _w(a->x, " ; courriels confiés à %s"), a->config->mail.url);
	else
		buf_printf(&out, _w(a->x, " ; courriels laissés dans %s"), a->config->mail.folder);
	int64_t took = clock_monotonic() - a->started_at;
	buf_printf(&out, "\n%s %s\n", _w(a->x, "durée"), words_duration(a->x->lang, took, text));
	say(a, buf_slice(&out));
	fflush(stdout);
}
