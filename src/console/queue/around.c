/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "around.h"
#include "../access/duty.h"
#include <tocsin/base/clock.h>
#include <tocsin/html/html.h>
#include "author.h"
#include "card.h"

enum {
	SIDE = 5, /* neighbours on each side */
	FIRST_WORDS = 160, /* bytes */
	THREAD_ROWS = 5000,
	CARD_ROWS = 300, /* a page has many cards */
	AUTHOR_ROWS = 20000,
	AUTHOR_DAYS = 30,
	AUTHOR_SHOWN = 5
};
#define PAGE_BYTES (32u << 20) /* looked through for one page: everybody else waits meanwhile */

static struct nearby_budget *budget_of(struct visit *v)
{
	v->nearby.most = PAGE_BYTES;
	return &v->nearby;
}

static const char *spent(const struct visit *v)
{
	return words(v->l, "tocsin n'a pas cherché plus loin : il y avait trop à lire.");
}

/* Cut at a character, and at a word when there is one near. */
static void put_words(struct visit *v, struct slice text)
{
	size_t n = text.n, word;
	if (n > FIRST_WORDS) {
		for (n = FIRST_WORDS; n && ((unsigned char)text.p[n] & 0xC0) == 0x80;)
			n--;
		for (word = n; word > n - 30 && text.p[word] != ' ';)
			word--;
		n = text.p[word] == ' ' ? word : n;
	}
	html_shown(&v->out, (struct slice){text.p, n});
	if (n < text.n)
		buf_add_string(&v->out, " …");
}

static void put_state(struct visit *v, const struct nearby *n)
{
	buf_add_string(&v->out, " · ");
	if (n->waits)
		page_word(v, words(v->l, "attend un regard"));
	else if (n->decision.n)
		card_decision(v, n->decision);
	else
		page_word(v,
			n->flagged ? words(v->l, "signalé par tocsin")
				   : words(v->l, "rien de signalé"));
}

static void put_line(struct visit *v, const struct nearby *n)
{
	const struct comment *c = &n->comment;
	page_time(v, n->at);
	author_put(v, c, false);
	put_state(v, n);
	buf_printf(&v->out, "<br><a href=\"/moderation/%lld\">", (long long)n->seq);
	if (n->gone || !c->text.n)
		page_word(v, words(v->l, "(texte effacé)"));
	else
		put_words(v, c->text);
	buf_add_string(&v->out, "</a>");
}

/* --- the thread */

struct side { /* its lines, the nearest first */
	struct visit *v;
	struct buf lines[SIDE];
	uint32_t n;
	int64_t last; /* the farthest that is shown */
	bool more;
};

static void side_release(struct side *s)
{
	for (uint32_t i = 0; i < SIDE; i++)
		buf_release(&s->lines[i]);
}

static int take_neighbour(void *user, const struct nearby *n)
{
	struct side *s = user;
	struct buf page = s->v->out;
	s->more = s->n == SIDE;
	if (s->more)
		return 0;
	s->v->out = s->lines[s->n];
	buf_add_string(&s->v->out, "<li>");
	put_line(s->v, n);
	buf_add_string(&s->v->out, "</li>\n");
	s->lines[s->n++] = s->v->out;
	s->last = n->seq;
	s->v->out = page;
	return 0;
}

static int put_plain(void *user, const struct nearby *n)
{
	put_line(user, n);
	return 0;
}

/* An article, which is no comment. */
static void put_web(struct visit *v, struct slice address)
{
	buf_add_string(&v->out, "<a rel=\"noreferrer noopener nofollow\" href=\"");
	html_text(&v->out, address);
	buf_add_string(&v->out, "\">");
	html_shown(&v->out, address);
	buf_add_string(&v->out, "</a>");
}

/* The post, or what is answered. */
static int put_one(
	struct visit *v, const char *title, const struct stored_comment *c, struct slice id)
{
	const struct named_query q = {
		c->comment.source, id, c->seq, THREAD_ROWS, THREAD_ROWS, budget_of(v)};
	struct error e = {""};
	page_element(v, "h3", title);
	buf_add_string(&v->out, "<p>");
	int r = reader_named(v->c->reader, &q, put_plain, v, &e);
	if (r == READER_END && (slice_begins(id, "https://") || slice_begins(id, "http://")))
		put_web(v, id);
	else if (r == READER_END)
		page_word(v,
			v->nearby.spent ? spent(v)
					: words(v->l, "tocsin ne l'a pas reçu, ou ne l'a plus."));
	buf_add_string(&v->out, "</p>\n");
	return r < 0 ? r : 0;
}

static void put_way(struct visit *v, int64_t seq, const struct side *s, const char *text)
{
	if (!s->more)
		return;
	buf_printf(&v->out, "<p><a href=\"/moderation/%lld?fil=%lld#fil\">", (long long)seq,
		(long long)s->last);
	page_word(v, text);
	buf_add_string(&v->out, "</a></p>\n");
}

static int64_t centre_of(struct visit *v, int64_t seq)
{
	_buf_ struct buf asked = {0};
	int64_t at;
	return visit_query(v, "fil", 20, &asked) == 0 && slice_number(buf_slice(&asked), &at) &&
			at > 0 && at < INT64_MAX - THREAD_ROWS
		? at
		: seq;
}

/* Elsewhere than here, the comment in the middle is one of them. */
static int read_sides(struct visit *v, struct thread_query q, bool here, struct side *before,
	struct side *after, struct error *e)
{
	int r;
	q.after = true;
	r = reader_thread(v->c->reader, &q, take_neighbour, after, e);
	q.after = false;
	q.at += !here;
	return r < 0 ? r : reader_thread(v->c->reader, &q, take_neighbour, before, e);
}

static int put_neighbours(
	struct visit *v, const struct stored_comment *c, struct slice thread, struct error *e)
{
	const struct thread_query q = {c->comment.source, thread, centre_of(v, c->seq),
		.rows = THREAD_ROWS, .limit = SIDE + 1, .budget = budget_of(v)};
	_cleanup_(side_release) struct side before = {.v = v}, after = {.v = v};
	const bool here = q.at == c->seq;
	int r = read_sides(v, q, here, &before, &after, e);
	if (r < 0 || (here && !before.n && !after.n))
		return r;
	page_element(v, "h3", words(v->l, "Avant et après, dans l'ordre de réception"));
	put_way(v, c->seq, &before, words(v->l, "Plus haut dans le fil"));
	buf_add_string(&v->out, "<ol class=\"history\">\n");
	for (uint32_t i = before.n; i-- > 0;)
		buf_add_slice(&v->out, buf_slice(&before.lines[i]));
	if (here) {
		buf_add_string(&v->out, "<li aria-current=\"true\"><strong>");
		page_word(v, words(v->l, "Ce commentaire"));
		buf_add_string(&v->out, "</strong></li>\n");
	}
	for (uint32_t i = 0; i < after.n; i++)
		buf_add_slice(&v->out, buf_slice(&after.lines[i]));
	buf_add_string(&v->out, "</ol>\n");
	put_way(v, c->seq, &after, words(v->l, "Plus bas dans le fil"));
	return 0;
}

static bool is_named_by_id(const struct visit *v, struct slice source)
{
	_buf_ struct buf id = {0};
	buf_add_slice(&id, source);
	const struct source_config *s = config_source(&v->c->s->config, buf_string(&id));
	return !s || config_source_names_threads(s);
}

static void put_thread(struct visit *v, const struct stored_comment *c)
{
	const struct comment *said = &c->comment;
	const struct slice thread = said->thread.n ? said->thread : said->id;
	struct error e = {""};
	int r = 0;
	if (!thread.n)
		return;
	buf_add_string(&v->out, "<section class=\"around\" id=\"fil\"><h2>");
	page_word(v, words(v->l, "Le fil"));
	buf_add_string(&v->out, "</h2>\n");
	const size_t before = v->out.n;
	if (said->thread.n && !slice_equal(said->thread, said->id) &&
		is_named_by_id(v, said->source))
		r = put_one(v, words(v->l, "Le message de départ"), c, said->thread);
	if (r == 0 && said->parent.n && !slice_equal(said->parent, said->thread))
		r = put_one(v, words(v->l, "En réponse à"), c, said->parent);
	const bool told = v->nearby.spent;
	if (r == 0)
		r = put_neighbours(v, c, thread, &e);
	if (r < 0)
		page_element(v, "p", words(v->l, "Le fil n'a pas pu être lu."));
	else if (v->nearby.spent && !told)
		page_element(v, "p", spent(v));
	else if (v->out.n == before)
		page_element(v, "p", words(v->l, "Ce commentaire est seul dans son fil."));
	buf_add_string(&v->out, "</section>\n");
}

/* --- the author */

struct listing {
	struct visit *v;
	int64_t but; /* seq */
	uint32_t n;
};

static int take_of_author(void *user, const struct nearby *n)
{
	struct listing *l = user;
	if (n->seq == l->but || l->n == AUTHOR_SHOWN)
		return 0;
	l->n++;
	buf_add_string(&l->v->out, "<li>");
	put_line(l->v, n);
	buf_add_string(&l->v->out, "</li>\n");
	return 0;
}

/* "8 commentaires en 30 jours, dont 2 signalés par tocsin." */
static void put_count(struct visit *v, const struct author_count *n)
{
	char number[40];
	buf_add_string(&v->out, "<p>");
	buf_printf(&v->out,
		words_n(v->l, "%s commentaire en %d jours", "%s commentaires en %d jours",
			n->comments),
		words_number(v->l, (int64_t)n->comments, number), (int)AUTHOR_DAYS);
	if (n->flagged)
		buf_printf(&v->out,
			words_n(v->l, ", dont %llu signalé par tocsin",
				", dont %llu signalés par tocsin", n->flagged),
			(unsigned long long)n->flagged);
	buf_add_string(&v->out, ".</p>\n");
	if (!n->cut)
		return;
	buf_add_string(&v->out, "<p class=\"meta\">");
	buf_printf(&v->out, words(v->l, "Compté parmi les %s derniers commentaires reçus."),
		words_number(v->l, AUTHOR_ROWS, number));
	buf_add_string(&v->out, "</p>\n");
}

static void put_author(struct visit *v, const struct stored_comment *c)
{
	static const unsigned char nobody[16];
	const struct author_query q = {c->author_key, v->town - AUTHOR_DAYS * CLOCK_DAY,
		v->c->s->config.clock_event, AUTHOR_ROWS, AUTHOR_SHOWN + 1, budget_of(v)};
	struct listing l = {v, c->seq, 0};
	struct author_count n;
	struct error e = {""};
	struct buf page = v->out;
	char name[9];
	if (memcmp(c->author_key, nobody, sizeof(nobody)) == 0)
		return;
	_buf_ struct buf lines = {0};
	v->out = lines;
	int r = reader_author_recent(v->c->reader, &q, &n, take_of_author, &l, &e);
	lines = v->out;
	v->out = page;
	buf_add_string(&v->out, "<section class=\"around\"><h2>");
	buf_printf(&v->out, words(v->l, "Le même compte (%s)"), digest_hex(c->author_key, 4, name));
	buf_add_string(&v->out, "</h2>\n");
	if (r < 0) {
		page_element(v, "p", words(v->l, "Ses commentaires n'ont pas pu être lus."));
	} else {
		put_count(v, &n);
		if (v->nearby.spent)
			page_element(v, "p", spent(v));
		if (lines.n) {
			buf_add_string(&v->out, "<ol class=\"history\">\n");
			buf_add_slice(&v->out, buf_slice(&lines));
			buf_add_string(&v->out, "</ol>\n");
		}
	}
	buf_add_string(&v->out, "</section>\n");
}

void around_put(struct visit *v, const struct stored_comment *c)
{
	if (duty_is(v)) /* what stands around may be anything */
		return;
	if (c->gone)
		return;
	put_thread(v, c);
	put_author(v, c);
}

/* --- on a card */

static int put_first_words(void *user, const struct nearby *n)
{
	struct visit *v = user;
	if (n->gone || !n->comment.text.n)
		return 0;
	buf_add_string(&v->out, "<p class=\"meta parent\">");
	page_word(v, words(v->l, "En réponse à :"));
	buf_add_string(&v->out, " « ");
	put_words(v, n->comment.text);
	buf_add_string(&v->out, " »</p>\n");
	return 0;
}

void around_put_parent(struct visit *v, const struct stored_comment *c)
{
	if (duty_is(v))
		return;
	const struct named_query q = {
		c->comment.source, c->comment.parent, c->seq, CARD_ROWS, 0, budget_of(v)};
	struct error e = {""};
	if (q.id.n)
		(void)!reader_named(v->c->reader, &q, put_first_words, v, &e);
}
