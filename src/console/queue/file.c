/* SPDX-License-Identifier: GPL-3.0-or-later
 * The lists of comments, page by page. A page begins behind the key of an item (apres), so that each costs the same however
 * long the list is; what left or came meanwhile neither repeats nor hides anything. */
#include "file.h"
#include <errno.h>
#include <stdlib.h>
#include <tocsin/html/html.h>
#include "bulk.h"
#include "card.h"
#include "../access/duty.h"
#include "../access/limit.h"
#include "filter.h"
#include "place.h"
#include "reported.h"
#include "second.h"
#include "../shortcuts.h"
#include "../topic.h"
#include "views.h"

enum {
	SHOWN = 40, /* a first visit stays below 100 KB, comments of an ordinary length included */
	RETURN_MAX = 1000,
};

#define SEARCH "/recherche"

const struct file files[FILES] = {
	{"/moderation", WORDS_MARK("À modérer"), LANE_MODERATION},
	{"/reponse", WORDS_MARK("À répondre"), LANE_REPONSE},
	{"/commentaires", WORDS_MARK("Tout lire"), 0},
};

const struct file *file_of(const struct visit *v)
{
	for (size_t i = 0; i < FILES; i++)
		if (slice_is(v->r->path, files[i].path))
			return &files[i];
	return NULL;
}

/* --- there and back */

bool file_is_list(struct slice address)
{
	const char *question = address.n ? memchr(address.p, '?', address.n) : NULL;
	struct slice path = {address.p, question ? (size_t)(question - address.p) : address.n};
	bool known = slice_is(path, SEARCH);
	for (size_t i = 0; i < FILES; i++)
		known |= slice_is(path, files[i].path);
	for (size_t i = path.n; i < address.n; i++)
		if (!strchr("?=&%+-._~", address.p[i]) &&
			!(address.p[i] >= '0' && address.p[i] <= '9') &&
			!((address.p[i] | 0x20) >= 'a' && (address.p[i] | 0x20) <= 'z'))
			return false;
	return known;
}

void file_put_return(struct visit *v)
{
	_buf_ struct buf here = {0};
	if (!(file_of(v) || slice_is(v->r->path, SEARCH)) ||
		(slice_is(v->r->path, files[0].path) && !v->r->query.n))
		return;
	buf_add_slice(&here, v->r->path);
	if (v->r->query.n)
		buf_add_char(&here, '?');
	buf_add_slice(&here, v->r->query);
	if (here.n > RETURN_MAX || !file_is_list(buf_slice(&here)))
		return;
	buf_add_string(&v->out, "<input type=\"hidden\" name=\"retour\" value=\"");
	html_text(&v->out, buf_slice(&here));
	buf_add_string(&v->out, "\">");
}

void file_go_back(struct visit *v, int64_t seq)
{
	_buf_ struct buf to = {0};
	if (!visit_field(v, "retour", RETURN_MAX, &to) || !file_is_list(buf_slice(&to))) {
		buf_clear(&to);
		buf_add_string(&to, files[0].path);
	}
	if (seq)
		buf_printf(&to, "#c%lld", (long long)seq);
	visit_go(v, buf_string(&to));
}

/* --- a page */

struct list {
	struct visit *v;
	const struct file *file;
	struct filter filter;
	struct queue_key last;
	unsigned n;
	bool more; /* something is behind the page */
	bool picking, all; /* comments are chosen from it; at first all are */
	struct buf listed; /* bulk.h */
};

static unsigned shown(const struct list *l)
{
	return l->picking ? BULK_MAX : SHOWN;
}

static void put_card(struct list *l, const struct card *c, struct queue_key key)
{
	if (l->n == shown(l)) {
		l->more = true;
		return;
	}
	l->last = key;
	l->n++;
	buf_add_string(&l->v->out, "<li>");
	card_put(l->v, c);
	buf_add_string(&l->v->out, "</li>\n");
}

static int take_item(void *user, const struct queue_item *q)
{
	struct list *l = user;
	const struct card c = {.stored = &q->stored,
		.waits = q,
		.lane = l->file->lane,
		.reading = l->picking,
		.pick = l->picking,
		.picked = l->all};
	if (l->picking && l->n < shown(l))
		bulk_list(&l->listed, q);
	put_card(l, &c, q->key);
	return 0;
}

static int take_comment(void *user, const struct stored_comment *s)
{
	const struct card c = {.stored = s};
	put_card(user, &c, (struct queue_key){.row = s->seq});
	return 0;
}

/* Where the page begins; false: the address is none of ours. */
static bool read_place(struct visit *v, struct queue_key *ret)
{
	_buf_ struct buf text = {0};
	int r = visit_query(v, "apres", PLACE_MAX, &text);
	*ret = (struct queue_key){0};
	return r == -ENOENT || (r == 0 && place_read(buf_slice(&text), ret));
}

static void put_page_link(
	struct list *l, const struct queue_key *behind, const char *rel, const char *text)
{
	_buf_ struct buf to = {0};
	buf_printf(&to, "%s?", l->file->path);
	filter_write(&l->filter, &to);
	if (l->picking)
		buf_add_string(&to, "choisir=1&");
	if (behind->row) {
		buf_add_string(&to, "apres=");
		place_write(&to, behind);
		buf_add_char(&to, '&');
	}
	to.n--; /* what nothing follows */
	buf_printf(&l->v->out, "<li><a%s href=\"", rel);
	html_text(&l->v->out, buf_slice(&to));
	buf_add_string(&l->v->out, "\">");
	page_word(l->v, text);
	buf_add_string(&l->v->out, "</a></li>\n");
}

static int put_pages(struct list *l, const struct queue_key *from, struct error *e)
{
	struct visit *v = l->v;
	const struct file_query q = {.lane = l->file->lane,
		.filter = filter_asked(v, &l->filter),
		.from = *from,
		.limit = shown(l)};
	struct queue_key back = {0};
	int r = 0;
	if (!from->row && !l->more)
		return 0;
	buf_printf(&v->out, "<nav class=\"pages\" aria-label=\"%s\"><ul>\n",
		words(v->l, "Pages de la liste"));
	if (from->row)
		put_page_link(l, &(struct queue_key){0}, "", words(v->l, "Début de la liste"));
	if (from->row && l->file->lane) {
		r = reader_file_find_back(v->c->reader, &q, &back, e);
		put_page_link(l, &back, " rel=\"prev\"", words(v->l, "Précédents"));
	}
	if (l->more)
		put_page_link(l, &l->last, " rel=\"next\"", words(v->l, "Suivants"));
	buf_add_string(&v->out, "</ul></nav>\n");
	return r;
}

/* Of the questions, those that a service has. */
static void put_followed(struct visit *v)
{
	struct error e = {""};
	uint64_t n;
	if (reader_followed_count(v->c->reader, &n, &e) == 0 && n)
		buf_printf(&v->out,
			words_n(v->l, ", dont %llu attend un service",
				", dont %llu attendent un service", n),
			(unsigned long long)n);
}

static void put_count(struct visit *v, const struct file *file, const uint64_t by[5])
{
	char number[40];
	uint64_t all = by[0] + by[1] + by[2] + by[3] + by[4];
	buf_add_string(&v->out, "<p class=\"count\">");
	if (!all) {
		page_word(v,
			file->lane == LANE_REPONSE
				? words(v->l, "Aucune question n'attend de réponse.")
				: words(v->l, "Rien n'attend un regard humain."));
	} else {
		buf_printf(&v->out,
			file->lane == LANE_REPONSE
				? words_n(v->l, "%s question ou demande attend une réponse",
					  "%s questions ou demandes attendent une réponse", all)
				: words_n(v->l, "%s commentaire attend un regard humain",
					  "%s commentaires attendent un regard humain", all),
			words_number(v->l, (int64_t)all, number));
		if (by[1])
			buf_printf(&v->out, words(v->l, ", dont %llu en urgence"),
				(unsigned long long)by[1]);
		if (file->lane == LANE_REPONSE)
			put_followed(v);
		buf_add_char(&v->out, '.');
		if (file->lane == LANE_MODERATION)
			second_put_count(v);
	}
	buf_add_string(&v->out, "</p>\n");
}

static void put_picking(struct list *l)
{
	_buf_ struct buf query = {0};
	if (duty_is(l->v) || !l->picking)
		return;
	filter_write(&l->filter, &query);
	bulk_put_begin(l->v, l->file->path, buf_slice(&query));
}

static void put_way_to_pick(struct list *l)
{
	_buf_ struct buf query = {0};
	if (l->picking)
		return;
	filter_write(&l->filter, &query);
	bulk_put_way(l->v, l->file->path, buf_slice(&query));
}

static void put_elsewhere(struct visit *v, const struct file *file)
{
	buf_add_string(&v->out, "<a href=\"" SEARCH "\">");
	page_word(v, words(v->l, "Rechercher dans tous les textes"));
	buf_add_string(&v->out, "</a>\n");
	if (file->lane == LANE_MODERATION && !limit_is(v))
		reported_put_link(v);
}

/* What else can be done with the list, on one line; of what is under way here, the way out is elsewhere. */
static void put_tools(struct list *l)
{
	struct visit *v = l->v;
	buf_add_string(&v->out, "<div class=\"tools\">\n");
	if (!duty_is(v)) {
		filter_put_way(v, l->file->path, &l->filter);
		if (l->file->lane)
			put_way_to_pick(l);
		put_elsewhere(v, l->file);
	}
	shortcuts_put_help(v);
	buf_add_string(&v->out, "</div>\n");
}

static void put_filter(struct list *l)
{
	struct visit *v = l->v;
	put_tools(l);
	if (duty_is(v)) {
		duty_put(v, &l->filter);
		return;
	}
	views_put(v);
	filter_put(v, l->file->path, &l->filter);
	if (filter_is_set(&l->filter))
		views_put_form(v, l->file->path, &l->filter);
}

/* What waits in a lane, or the part of it that is asked for. */
static int put_waiting(struct list *l, const struct queue_key *from, struct error *e)
{
	struct visit *v = l->v;
	struct reader *reader = v->c->reader;
	const struct file_query q = {.lane = l->file->lane,
		.filter = filter_asked(v, &l->filter),
		.from = *from,
		.limit = shown(l) + 1};
	uint64_t by[5];
	int r = filter_is_set(&l->filter) ? reader_file_find_count(reader, &q, by, e)
					  : reader_file_count(reader, q.lane, by, e);
	if (r < 0)
		return r;
	put_count(v, l->file, by);
	put_filter(l);
	put_picking(l);
	buf_add_string(&v->out, "<ol class=\"queue\">\n");
	return reader_file_find(reader, &q, take_item, l, e);
}

static int put_everything(struct list *l, const struct queue_key *from, struct error *e)
{
	struct visit *v = l->v;
	struct recent_query q = filter_asked_recent(v, &l->filter);
	q.before = from->row;
	q.limit = SHOWN + 1;
	page_element(v, "p", words(v->l, "Tout ce qui est reçu, le plus récent d'abord."));
	put_filter(l);
	buf_add_string(&v->out, "<ol class=\"queue\">\n");
	return reader_recent_find(v->c->reader, &q, take_comment, l, e);
}

static int put_list(struct list *l, const struct queue_key *from, struct error *e)
{
	int r = l->file->lane ? put_waiting(l, from, e) : put_everything(l, from, e);
	buf_add_string(&l->v->out, "</ol>\n");
	if (r == 0 && !l->file->lane && !l->n && filter_is_set(&l->filter))
		page_element(l->v, "p", words(l->v->l, "Rien de reçu ne passe ces filtres."));
	if (l->picking)
		bulk_put_end(l->v, buf_slice(&l->listed));
	return r < 0 ? r : put_pages(l, from, e);
}

static void put_file(struct list *l, const struct queue_key *from)
{
	struct visit *v = l->v;
	struct error e = {""};
	const char *title = words(v->l, l->file->title);
	int r = visit_reader(v);
	if (r == 0)
		topics_refresh(v);
	v->alone = second_alone(v);
	page_open(v, title);
	page_element(v, "h1", title);
	if (r == 0)
		r = put_list(l, from, &e);
	if (r < 0) {
		visit_problem(v, 503);
		return;
	}
	page_close(v);
	visit_page(v, 200);
}

static void file_page(struct visit *v, const struct file *file)
{
	struct list l = {.v = v, .file = file, .filter = {.read = !file->lane}};
	struct queue_key from;
	if (read_place(v, &from) && filter_read(v, &l.filter) &&
		(!file->lane || bulk_read(v, &l.picking, &l.all))) {
		duty_narrow(v, &l.filter);
		l.picking = l.picking && !duty_is(v);
		put_file(&l, &from);
	} else {
		visit_problem(v, 400);
	}
	filter_release(&l.filter);
	buf_release(&l.listed);
}

void moderation_get(struct visit *v)
{
	file_page(v, &files[0]);
}

void reponse_get(struct visit *v)
{
	file_page(v, &files[1]);
}

void recent_get(struct visit *v)
{
	file_page(v, &files[2]);
}
