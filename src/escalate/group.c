/* SPDX-License-Identifier: GPL-3.0-or-later
 * Several messages for one receiver as one: a line each, the highest first; or the full text of one that could not wait,
 * with the others behind it. */
#include "group.h"
#include <stdlib.h>
#include <tocsin/policy/dispatch.h>
#include "write.h"

static enum policy_chain chain_of(const struct message *m)
{
	for (int c = 0; c < CHAINS; c++)
		if (slice_is(m->level, policy_chain_names[c]))
			return (enum policy_chain)c;
	return CHAIN_NONE;
}

/* What still asks first, for it gives the message its title and its code; then the highest, then the oldest. */
static int by_weight(const void *a, const void *b)
{
	const struct message *const *x = a, *const *y = b;
	if (!(*x)->before != !(*y)->before)
		return (*x)->before ? -1 : 1;
	int wx = policy_weight(chain_of(*x)), wy = policy_weight(chain_of(*y));
	if (wx != wy)
		return wy - wx;
	return ((*x)->incident > (*y)->incident) - ((*x)->incident < (*y)->incident);
}

static void say_lines(
	struct writer *w, const struct message *const *list, size_t n, const char *label)
{
	enum words_lang l = w->m->lang;
	for (size_t i = 0; i < n; i++) {
		buf_add_slice(&w->text, message_about(list[i]));
		buf_printf(&w->text, words(l, " (n° %lld)"), (long long)list[i]->incident);
		if (message_asks(list[i]))
			buf_printf(&w->text, words(l, " · code %.*s"), (int)list[i]->code.n,
				list[i]->code.p);
		buf_add_char(&w->text, '\n');
	}
	writer_block(w, BLOCK_LIST, label);
}

/* By how many messages in how long he asked to be told. */
static void say_limit(struct buf *b, enum words_lang l, struct policy_limit limit)
{
	char span[40];
	buf_printf(b,
		words_n(l,
			" Vous recevez au plus %u message en %s ; rouge et urgence passent toujours.",
			" Vous recevez au plus %u messages en %s ; rouge et urgence passent toujours.",
			limit.n),
		limit.n, words_duration(l, limit.ms, span));
}

static void say_subject(
	struct writer *w, const struct message *const *list, size_t n, const struct grouping *g)
{
	const struct message *first = list[0];
	char time[CLOCK_TEXT];
	int64_t before = 0;
	buf_printf(&w->text,
		g->fallback
			? words(w->m->lang, "tocsin SECOURS · %s · %zu messages non remis, dont ")
			: words(w->m->lang, "tocsin %s · %zu alertes, dont "),
		compose_level(w->m->lang, chain_of(first)), n);
	buf_add_slice(&w->text, first->title.n ? first->title : message_about(first));
	for (size_t i = 0; i < n; i++)
		if (list[i]->before && (!before || list[i]->before < before))
			before = list[i]->before;
	if (before)
		buf_printf(&w->text, words(w->m->lang, ", à prendre en charge avant %s"),
			writer_time(before, first->at, time));
	w->m->before = before;
	w->m->subject = writer_take(w);
}

/* Why they were not delivered, when that is the same for all: it is of one attempt. */
static void say_why(
	struct writer *w, const struct message *const *list, size_t n, const struct grouping *g)
{
	bool same = g->fallback && list[0]->n_blocks;
	for (size_t i = 1; same && i < n; i++)
		same = list[i]->n_blocks &&
			slice_equal(list[i]->blocks[0].text, list[0]->blocks[0].text);
	w->m->n_blocks = same ? 1 : 0; /* a fallback's message begins with it */
}

static void say_all(
	struct writer *w, const struct message *const *list, size_t n, const struct grouping *g)
{
	enum words_lang l = w->m->lang;
	char time[CLOCK_TEXT];
	say_subject(w, list, n, g);
	clock_format_hm(w->m->at, time);
	buf_printf(&w->text,
		g->fallback ? words(l,
				      "%s. %zu messages ne sont pas remis. Prévenez ces personnes "
				      "autrement, ou prenez en charge.")
			: g->morning
			? words(l,
				  "%s. Vos heures calmes ont pris fin : %zu alertes sonnent encore.")
			: words(l, "%s. %zu alertes vous sont dites ensemble."),
		time, n);
	if (g->held)
		say_limit(&w->text, l, g->limit);
	w->m->head = writer_take(w);
	say_why(w, list, n, g);
	w->m->curve = w->m->curve_words = (struct slice){0}; /* it was of one of them */
	say_lines(w, list, n, words(l, "Les alertes :"));
	/* a room of a chat has no code, nor has what somebody is in charge of */
	for (size_t i = 0; i < n; i++)
		if (message_asks(list[i])) {
			buf_printf(&w->text, words(l, "chacune par son code, sur %.*s ; "),
				(int)list[i]->page.n, list[i]->page.p);
			break;
		}
	buf_add_string(&w->text,
		words(l,
			"chacune par son numéro, au poste de veille : tocsin ack NUMÉRO --who NOM ; le détail : tocsin incident NUMÉRO"));
	writer_block(w, BLOCK_TEXT, words(l, "Prendre en charge :"));
	buf_add_string(&w->text, words(l, "Rien n'est masqué automatiquement."));
	writer_block(w, BLOCK_TEXT, "");
}

static void say_along(struct writer *w, const struct message *const *list, size_t n)
{
	enum words_lang l = w->m->lang;
	_buf_ struct buf label = {0};
	buf_printf(&label,
		words_n(l, "Et %zu autre alerte, qui attendait :",
			"Et %zu autres alertes, qui attendaient :", n),
		n);
	if (w->m->n_blocks == MESSAGE_BLOCKS_MAX)
		w->m->n_blocks--;
	say_lines(w, list, n, buf_string(&label));
}

/* What is past already, as its own summary lists it. */
static void say_past(struct writer *w, const struct message *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < list[i]->n_blocks; k++) {
			if (list[i]->blocks[k].kind != BLOCK_LIST)
				continue;
			if (w->m->n_blocks == MESSAGE_BLOCKS_MAX)
				w->m->n_blocks--;
			w->m->blocks[w->m->n_blocks++] = list[i]->blocks[k];
		}
}

/* Whether the first is said whole: not when somebody is in charge of it and another one still asks. */
static bool is_led(const struct grouping *g)
{
	bool asks = false;
	for (size_t i = 1; i < g->n; i++)
		asks |= g->list[i].before != 0;
	return g->led && (g->list[0].before || !asks);
}

/* The messages in the order of their weight, summaries of what is past behind the others. Returns how many others. */
static size_t sort(const struct grouping *g, size_t led, const struct message **list)
{
	size_t n = 0;
	for (int past = 0; past < 2; past++)
		for (size_t i = 0; i < g->n; i++)
			if (slice_is(g->list[i].kind, MESSAGE_PAST) == (past == 1))
				list[n++] = &g->list[i];
	for (n = 0; n < g->n && !slice_is(list[n]->kind, MESSAGE_PAST);)
		n++;
	if (n > led)
		qsort(list + led, n - led, sizeof(const void *), by_weight);
	return n;
}

void compose_group(const struct grouping *g, struct arena *arena, struct message *ret)
{
	struct writer w = {.arena = arena, .m = ret};
	const struct message **list = arena_alloc(arena, g->n * sizeof(const void *));
	const bool led = is_led(g);
	size_t n = sort(g, led ? 1 : 0, list);
	*ret = *list[0];
	ret->others = n > 1 ? (uint32_t)(n - 1) : 0;
	ret->listed = n > 1 && !led;
	ret->code_before = list[0]->before;
	ret->key = g->key;
	if (!led)
		ret->thread = n == 1 ? list[0]->thread : ret->key;
	if (led && n > 1)
		say_along(&w, list + 1, n - 1);
	else if (n > 1)
		say_all(&w, list, n, g);
	say_past(&w, list + (n ? n : 1), g->n - (n ? n : 1));
	buf_release(&w.text);
}
