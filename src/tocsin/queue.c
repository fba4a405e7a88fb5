/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin queue: what a human must look at, the urgent first. */
#include "command.h"
#include <errno.h>
#include <sys/ioctl.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/map.h>
#include <tocsin/base/utf8.h>
#include <tocsin/db/search.h>
#include <tocsin/json/json.h>
#include <tocsin/phrase/phrase.h>
#include "table.h"

enum {
	LIMIT = 50,
	LIMIT_MAX = 100000,
	SEARCH_MAX = 1000000,
	EXCERPT = 56 /* characters around the first match */
};

struct queue_view {
	struct context *x;
	struct table table;
	int64_t now, shown, limit;
	struct buf text, json;
	struct map *found; /* --search: the seqs that match; NULL: no search */
};

/* The part of the text around the first match, the matches marked. */
static void put_excerpt(struct buf *out, const struct stored_comment *c)
{
	struct slice text = c->comment.text;
	const struct verdict *v = &c->verdict;
	size_t from = 0;
	if (v->n_matches > 0 && v->matches[0].start < text.n) {
		size_t start = v->matches[0].start, back = 0;
		while (start > 0 && back < EXCERPT / 3) {
			start--;
			back += ((unsigned char)text.p[start] & 0xc0) != 0x80;
		}
		while (start > 0 && start < text.n && text.p[start - 1] != ' ' &&
			back++ < EXCERPT / 2)
			start--;
		while (start < text.n && ((unsigned char)text.p[start] & 0xc0) == 0x80)
			start++;
		from = start;
	}
	if (from > 0)
		buf_add_string(out, "…");
	for (size_t i = from; i < text.n; i++) {
		for (uint32_t m = 0; m < v->n_matches; m++) {
			if (v->matches[m].end == i)
				buf_add_string(out, TABLE_UNMARK);
			if (v->matches[m].start == i)
				buf_add_string(out, TABLE_MARK);
		}
		unsigned char c_ = (unsigned char)text.p[i];
		buf_add_char(out, c_ < 0x20 ? ' ' : (char)c_);
	}
}

static void put_json(struct queue_view *q, const struct queue_item *item)
{
	struct json_writer w = {.out = &q->json};
	buf_clear(&q->json);
	json_w_begin(&w, '{');
	json_w_number(&w, "seq", item->stored.seq);
	json_w_time(&w, "flagged_at", item->flagged_at);
	json_w_key(&w, "why");
	buf_clear(&q->text);
	phrase_verdict(q->x->lang, &item->stored.verdict, &q->text);
	json_w_string(&w, buf_slice(&q->text));
	json_w_key(&w, "comment");
	buf_clear(&q->text);
	comment_to_json(&q->text, &item->stored.comment);
	json_w_raw(&w, buf_slice(&q->text));
	json_w_key(&w, "verdict");
	buf_clear(&q->text);
	verdict_to_json(&q->text, &item->stored.verdict, item->stored.comment.id,
		item->stored.comment.text, "");
	while (q->text.n > 0 && q->text.p[q->text.n - 1] == '\n')
		q->text.n--;
	json_w_raw(&w, buf_slice(&q->text));
	json_w_end(&w, '}');
	buf_add_char(&q->json, '\n');
	put_text(buf_slice(&q->json), stdout);
}

static struct slice seq_key(const int64_t *seq)
{
	return (struct slice){(const char *)seq, sizeof(*seq)};
}

static int add_found(void *user, int64_t seq)
{
	map_at(user, seq_key(&seq), NULL);
	return 0;
}

/* The comments that hold the words, whether they are in the queue or not. */
static int search_words(struct queue_view *q, const char *query)
{
	struct context *x = q->x;
	struct search *search = NULL;
	struct error e = {0};
	if (!x->config.search)
		return complain(x, EXIT_MISUSE,
			_w(x, "la configuration n'a pas de recherche (search: no)"));
	int r = search_open(x->config.state_dir, false, &search, &e);
	if (r == -ENOENT)
		return complain(x, EXIT_PROBLEMS, _w(x, "la recherche n'est pas encore prête"));
	q->found = map_new();
	if (r == 0)
		r = search_query(search, &(struct search_ask){slice_of(query), .limit = SEARCH_MAX},
			add_found, q->found, &e);
	if (search)
		search_close(search);
	return r < 0 ? complain(x, EXIT_PROBLEMS, "%s", e.text) : 0;
}

static int show(void *user, const struct queue_item *item)
{
	struct queue_view *q = user;
	const struct stored_comment *c = &item->stored;
	char age[40];
	if (q->found && !map_find(q->found, seq_key(&c->seq)))
		return 0;
	if (q->shown++ >= q->limit)
		return 1;
	if (q->x->json) {
		put_json(q, item);
		return 0;
	}
	table_printf(&q->table, "%lld", (long long)c->seq);
	if (c->verdict.priority)
		table_printf(&q->table, "P%u", c->verdict.priority);
	else
		table_add(&q->table, SLICE("–"));
	int64_t since = q->now > item->flagged_at ? q->now - item->flagged_at : 0;
	table_add(&q->table, slice_of(words_duration(q->x->lang, since, age)));
	table_add(&q->table, c->comment.source);
	buf_clear(&q->text);
	phrase_verdict(q->x->lang, &c->verdict, &q->text);
	table_add(&q->table, buf_slice(&q->text));
	buf_clear(&q->text);
	if (c->gone)
		buf_add_string(&q->text, _w(q->x, "(supprimé à la source)"));
	else
		put_excerpt(&q->text, c);
	table_add(&q->table, buf_slice(&q->text));
	return 0;
}

static unsigned columns_left(const struct context *x, unsigned used)
{
	struct winsize size = {0};
	if (!x->terminal || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
		return 90;
	return size.ws_col > used + 30 ? size.ws_col - used : 30;
}

static int print_table(struct queue_view *q)
{
	_buf_ struct buf out = {0};
	uint64_t by[5];
	struct error e = {0};
	q->table.limit[3] = 16;
	q->table.limit[4] = 34;
	q->table.limit[5] = columns_left(q->x, 80);
	table_print(&q->table, q->x->terminal, &out);
	if (reader_queue_count(q->x->reader, by, &e) < 0)
		return complain(q->x, EXIT_PROBLEMS, "%s", e.text);
	uint64_t all = by[0] + by[1] + by[2] + by[3] + by[4];
	if (q->found && q->shown == 0)
		buf_printf(&out, "%s\n", _w(q->x, "rien dans la file ne contient ces mots"));
	else if (all == 0)
		buf_printf(&out, "%s\n", _w(q->x, "la file est vide"));
	else
		buf_printf(&out,
			words_n(q->x->lang, "%llu commentaire attend un regard humain\n",
				"%llu commentaires attendent un regard humain\n", all),
			(unsigned long long)all);
	put_text(buf_slice(&out), stdout);
	return EXIT_DONE;
}

static int parse_lane(struct context *x, const char *lane, uint8_t *ret)
{
	if (!lane)
		*ret = LANE_MODERATION | LANE_REPONSE;
	else if (option_is(lane, "moderation", "modération"))
		*ret = LANE_MODERATION;
	else if (option_is(lane, "reponse", "réponse"))
		*ret = LANE_REPONSE;
	else
		return complain(x, EXIT_MISUSE, _w(x, "--lane : moderation ou reponse"));
	return 0;
}

int command_queue(struct context *x, int argc, char **argv)
{
	const char *lane = NULL, *limit = NULL, *query = NULL;
	struct queue_view q = {.x = x, .limit = LIMIT};
	uint8_t lanes = 0;
	const struct option_spec specs[] = {{"lane", "voie", NULL, &lane},
		{"limit", "limite", NULL, &limit}, {"search", "chercher", NULL, &query}};
	int r = options_parse(x, specs, 3, &argc, argv);
	if (r == 0)
		r = options_words(x, "queue", argc, 0, 0);
	if (r == 0)
		r = parse_lane(x, lane, &lanes);
	if (r == 0 && limit)
		r = option_number(x, "--limit", limit, 1, LIMIT_MAX, &q.limit);
	if (r == 0)
		r = need_reader(x);
	if (r == 0 && query)
		r = search_words(&q, query);
	if (r)
		return r;
	q.now = town_clock(x);
	const char *const names[] = {_w(x, ">n°"), "P", _w(x, "depuis"), _w(x, "source"),
		_w(x, "supposition"), _w(x, "commentaire"), NULL};
	table_init(&q.table, names);
	struct error e = {0};
	uint32_t rows = q.found ? SEARCH_MAX : (uint32_t)q.limit;
	int status = reader_queue(x->reader, lanes, rows, show, &q, &e);
	if (status < 0)
		r = complain(x, EXIT_PROBLEMS, "%s", e.text);
	else if (!x->json)
		r = print_table(&q);
	table_release(&q.table);
	buf_release(&q.text);
	buf_release(&q.json);
	map_free(q.found);
	return r;
}
