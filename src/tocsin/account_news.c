/* SPDX-License-Identifier: GPL-3.0-or-later
 * From the main courante of every incident: its entries say all that happened, also between two looks. */
#include "account_news.h"
#include <tocsin/base/arena.h>
#include <tocsin/base/clock.h>
#include <tocsin/phrase/phrase.h>
#include "table.h"

enum { INCIDENTS_MAX = 1000, ENTRIES_MAX = 5000 };

struct title {
	int64_t id;
	struct slice text;
	uint32_t messages, authors;
};
struct looking {
	struct account_news *n;
	struct arena arena;
	struct title *titles;
	size_t n_titles;
	struct incident_entry *entries;
	size_t n_entries;
};

void account_news_init(struct account_news *n, struct context *x, const struct config *config)
{
	*n = (struct account_news){.x = x, .seen = map_new(), .told = map_new()};
	people_init(&n->people, config);
}

void account_news_release(struct account_news *n)
{
	people_release(&n->people);
	map_free(n->seen);
	map_free(n->told);
}

static int take_title(void *user, const struct incident *i)
{
	struct looking *l = user;
	if (i->kind == INCIDENT_DRILL ||
		l->n_titles >= INCIDENTS_MAX) /* drills have an account of their own */
		return 0;
	l->titles[l->n_titles++] =
		(struct title){i->id, arena_copy(&l->arena, i->title.n ? i->title : i->topic),
			i->facts.messages, i->facts.authors};
	return 0;
}

static int take_entry(void *user, const struct incident_entry *e)
{
	struct looking *l = user;
	bool new;
	if (l->n_entries >= ENTRIES_MAX)
		return 1;
	map_at(l->n->seen, (struct slice){(const char *)&e->id, sizeof(e->id)}, &new);
	if (!new)
		return 0;
	struct incident_entry copy = *e;
	copy.who = arena_copy(&l->arena, e->who);
	copy.text = arena_copy(&l->arena, e->text);
	l->entries[l->n_entries++] = copy;
	return 0;
}

static int by_id(const void *a, const void *b)
{
	const struct incident_entry *x = a, *y = b;
	return (x->id > y->id) - (x->id < y->id);
}

static void put_level(const struct context *x, enum town_level level, struct buf *out)
{
	if (x->terminal)
		buf_printf(out, "\033[%sm%-6s\033[0m", phrase_level_colour(level),
			phrase_level(level));
	else
		buf_printf(out, "%-6s", phrase_level(level));
}

static bool is_reminder(struct account_news *n, const struct incident_entry *e)
{
	_buf_ struct buf key = {0};
	bool new;
	buf_printf(&key, "%lld %d ", (long long)e->incident, (int)e->level);
	buf_add_slice(&key, e->who);
	map_at(n->told, buf_slice(&key), &new);
	return !new;
}

static bool is_left(const struct incident_entry *e)
{
	return slice_is(e->text, ENTRY_LEFT);
}

static bool same_call(const struct incident_entry *a, const struct incident_entry *b)
{
	return b->kind == ENTRY_NOTIFIED && a->incident == b->incident && a->level == b->level &&
		is_left(a) == is_left(b);
}

static const struct title *find_title(const struct looking *l, int64_t id)
{
	for (size_t i = 0; i < l->n_titles; i++)
		if (l->titles[i].id == id)
			return &l->titles[i];
	return NULL;
}

static void put_head(struct looking *l, const struct incident_entry *e, struct buf *out)
{
	char at[CLOCK_TEXT];
	const struct title *title = find_title(l, e->incident);
	buf_printf(out, "%s  ", clock_format_dhm(e->at, at));
	put_level(l->n->x, e->level, out);
	buf_add_string(out, e->kind == ENTRY_NOTIFIED ? " → " : "  ");
	if (title)
		table_clean(out, title->text, false);
	buf_add_string(out, " : ");
}

/* One line for all who were told of the same thing in a row; reminders are only counted. Returns how many entries. */
static size_t put_told(struct looking *l, size_t first, struct buf *out)
{
	struct account_news *n = l->n;
	size_t i = first, named = 0;
	for (; i < l->n_entries && same_call(&l->entries[first], &l->entries[i]); i++) {
		const struct incident_entry *e = &l->entries[i];
		n->messages++;
		if (is_reminder(n, e)) {
			n->reminders++;
			continue;
		}
		if (named++ == 0) {
			put_head(l, e, out);
			buf_printf(out, "%s ",
				is_left(e) ? _w(n->x, "déposé pour :") : _w(n->x, "prévenus :"));
		} else {
			buf_add_string(out, ", ");
		}
		people_put(&n->people, e->who, out);
		if (!slice_is(e->text, "mail") && !is_left(e)) {
			buf_add_string(out, " · ");
			table_clean(out, e->text, false);
		}
	}
	if (named > 0)
		buf_add_char(out, '\n');
	return i - first;
}

static void put_change(struct looking *l, const struct incident_entry *e, struct buf *out)
{
	struct account_news *n = l->n;
	put_head(l, e, out);
	buf_add_string(out, phrase_entry(n->x->lang, e->kind));
	if (e->kind == ENTRY_ACKED || e->kind == ENTRY_FAILED) {
		buf_add_string(out, " · ");
		people_put(&n->people, e->who, out);
	}
	if (e->kind == ENTRY_FAILED && e->text.n > 0) {
		buf_add_string(out, " · ");
		table_clean(out, e->text, false);
	}
	buf_add_char(out, '\n');
	n->failures += e->kind == ENTRY_FAILED;
}

static int read_all(struct looking *l, struct reader *reader)
{
	int r = reader_incidents(reader, true, take_title, l, NULL);
	for (size_t i = 0; r == 0 && i < l->n_titles; i++)
		r = reader_entries(reader, l->titles[i].id, take_entry, l, NULL);
	return r;
}

void account_news_put(struct account_news *n, struct reader *reader, struct buf *out)
{
	struct looking l = {.n = n};
	arena_init(&l.arena, 0);
	l.titles = arena_alloc(&l.arena, INCIDENTS_MAX * sizeof(*l.titles));
	l.entries = arena_alloc(&l.arena, ENTRIES_MAX * sizeof(*l.entries));
	if (read_all(&l, reader) >= 0) {
		qsort(l.entries, l.n_entries, sizeof(*l.entries), by_id);
		for (size_t i = 0; i < l.n_entries;)
			if (l.entries[i].kind == ENTRY_NOTIFIED)
				i += put_told(&l, i, out);
			else
				put_change(&l, &l.entries[i++], out);
	}
	arena_release(&l.arena);
}
