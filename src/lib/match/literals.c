/* SPDX-License-Identifier: GPL-3.0-or-later
 * Each node gives the whole list of strings that it may be, if that is short, and the best set of strings of which
 * one is needed. A sequence multiplies its parts' lists as long as they stay short (a window), and starts another
 * window where it cannot; an alternation needs what each of its branches needs. The same idea as in RE2's prefilter
 * and in Google Code Search (R. Cox, 2012). */
#include "literals.h"

#define WINDOW_MAX 64u /* strings of a window; the whole list may be longer */
#define NEED_MIN 2u /* bytes of a string worth looking for */
#define SOLID_MIN 3u /* of one that is worth it alone; or a byte less at a border */
#define STRING_MAX 120u
#define STEM_MIN 4u
#define LITERAL_COST 2e-6 /* what one more string to look for costs, in candidates a place */

static const struct extent nothing = {0, 0, true};

static struct strings one(struct arena *a, const char *text, size_t n, bool exact)
{
	struct strings s = {arena_alloc(a, sizeof(*s.list)), 1, exact};

	s.list[0] = arena_copy(a, (struct slice){text, n});
	return s;
}

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
		(unsigned char)c >= 0x80;
}

struct slice string_bare(struct slice s, bool *ret_left, bool *ret_right)
{
	*ret_left = s.n && *s.p == EDGE;
	if (*ret_left)
		s = (struct slice){s.p + 1, s.n - 1};
	*ret_right = s.n && s.p[s.n - 1] == EDGE;
	if (*ret_right)
		s.n--;
	return s;
}

/* a and b joined, edges between them resolved. 1, or 0 when no text can read so, or -1 when we cannot say it. */
static int join(struct arena *arena, struct slice a, struct slice b, struct slice *ret)
{
	char *p = arena_alloc(arena, a.n + b.n + 1);
	bool edge = false;

	while (a.n && a.p[a.n - 1] == EDGE) {
		a.n--;
		edge = true;
	}
	while (b.n && *b.p == EDGE) {
		b = (struct slice){b.p + 1, b.n - 1};
		edge = true;
	}
	if (edge && a.n && b.n) {
		if (is_word_byte(a.p[a.n - 1]) == is_word_byte(*b.p))
			return 0;
		edge = false;
	}
	/* spaces are single in a view */
	if (a.n && b.n && a.p[a.n - 1] == ' ' && *b.p == ' ')
		return 0;
	if (a.n && b.n && is_blank(a.p[a.n - 1]) && is_blank(*b.p) &&
		(a.p[a.n - 1] == BLANKS || *b.p == BLANKS))
		return -1;
	memcpy(p, a.p, a.n);
	if (edge)
		p[a.n] = EDGE;
	memcpy(p + a.n + edge, b.p, b.n);
	*ret = (struct slice){p, a.n + edge + b.n};
	return 1;
}

static bool cross(struct arena *arena, const struct strings *a, const struct strings *b, size_t max,
	struct strings *ret)
{
	struct strings r = {NULL, 0, a->exact && b->exact};

	if (a->n * b->n > max)
		return false;
	r.list = arena_alloc(arena, (a->n * b->n + 1) * sizeof(*r.list));
	for (size_t i = 0; i < a->n; i++)
		for (size_t k = 0; k < b->n; k++) {
			int joined = join(arena, a->list[i], b->list[k], &r.list[r.n]);

			if (joined < 0 || a->list[i].n + b->list[k].n > STRING_MAX)
				return false;
			r.n += (size_t)joined;
		}
	/* no text can match: unheard of, and not worth a case of its own */
	if (!r.n)
		return false;
	*ret = r;
	return true;
}

/* a or b, without doubles. */
static bool unite(
	struct arena *arena, const struct strings *a, const struct strings *b, struct strings *ret)
{
	struct strings r = {NULL, 0, a->exact && b->exact};

	if (a->n + b->n > STRINGS_MAX)
		return false;
	r.list = arena_alloc(arena, (a->n + b->n + 1) * sizeof(*r.list));
	for (size_t i = 0; i < a->n + b->n; i++) {
		struct slice s = i < a->n ? a->list[i] : b->list[i - a->n];
		size_t k = 0;

		while (k < r.n && !slice_equal(r.list[k], s))
			k++;
		if (k == r.n)
			r.list[r.n++] = s;
	}
	*ret = r;
	return true;
}

/* Keeps the better one in *best, and of the other one what is needed besides. */
static void keep(struct need *best, const struct need *other)
{
	struct need better = *best, worse = *other;

	if (!other->any.n)
		return;
	if (!best->any.n || other->rate < best->rate) {
		better = *other;
		worse = *best;
	}
	*best = better;
	if (worse.any.n)
		best->solid = better.solid || worse.solid;
	if (worse.any.n && (!better.also.n || worse.rate < better.also_rate)) {
		best->also = worse.any;
		best->also_rate = worse.rate;
	}
}

/* Whether a is b without b's ending, and long enough to be looked for without its border. */
static bool is_stem(struct slice a, struct slice b)
{
	return a.n > STEM_MIN && a.p[a.n - 1] == EDGE && b.n > a.n &&
		memcmp(a.p, b.p, a.n - 1) == 0;
}

/* The strings that hold no other one of them: where one stands, the other stands too. A stem stands for its
 * inflected forms. */
static struct strings smallest(struct arena *arena, const struct strings *s)
{
	struct slice *list = arena_alloc(arena, s->n * sizeof(*list));
	struct strings r = {arena_alloc(arena, s->n * sizeof(*r.list)), 0, false};

	for (size_t i = 0; i < s->n; i++) {
		list[i] = s->list[i];
		for (size_t k = 0; k < s->n && list[i].n == s->list[i].n; k++)
			if (k != i && is_stem(s->list[i], s->list[k]))
				list[i].n--;
	}
	for (size_t i = 0; i < s->n; i++) {
		bool holds = false;

		for (size_t k = 0; k < s->n && !holds; k++)
			holds = list[k].n < list[i].n &&
				memmem(list[i].p, list[i].n, list[k].p, list[k].n);
		if (!holds)
			r.list[r.n++] = list[i];
	}
	return r;
}

/* Offers a window that begins at most `before` bytes behind the node's start. */
static void offer(
	struct arena *arena, struct need *best, const struct strings *all, struct extent before)
{
	double rate = 0;
	size_t longest = 0;
	bool left, right, known = before.exact;
	struct need need = {.solid = true};

	if (!all->n || all->n > WINDOW_MAX)
		return;
	/* a short string may stand at the end of a long one that is left out: the reach is the long one's */
	for (size_t i = 0; i < all->n; i++) {
		struct slice bare = string_bare(all->list[i], &left, &right);

		longest = bare.n > longest ? bare.n : longest;
		known = known && !(bare.n && memchr(bare.p, BLANKS, bare.n));
	}
	need.any = smallest(arena, all);
	for (size_t i = 0; i < need.any.n; i++) {
		struct slice bare = string_bare(need.any.list[i], &left, &right);

		if (bare.n < NEED_MIN)
			return;
		need.solid = need.solid && bare.n + (left || right) >= SOLID_MIN;
		rate += rarity(need.any.list[i]) + LITERAL_COST;
	}
	need.rate = rate;
	need.reach = known ? before.max + (uint32_t)longest : UINT32_MAX;
	keep(best, &need);
}

static void offer_need(struct need *best, const struct need *inner, struct extent before)
{
	struct need need = *inner;

	if (inner->reach != UINT32_MAX && before.exact)
		need.reach = inner->reach + before.max;
	else
		need.reach = UINT32_MAX;
	keep(best, &need);
}

static void analyse(const struct tree *t, const struct node *n, struct literals *ret);

/* The state of a walk along a sequence. */
struct walk {
	const struct tree *tree;
	struct need best;
	struct strings window; /* what the text read last must end with */
	struct extent before, here; /* up to the window, up to here */
	bool whole; /* the window holds all of the sequence */
};

static void restart(struct walk *w, const struct strings *window, struct extent before)
{
	offer(w->tree->arena, &w->best, &w->window, w->before);
	w->whole = false;
	w->window = window ? *window : one(w->tree->arena, "", 0, true);
	w->before = before;
}

static void step(struct walk *w, const struct strings *part)
{
	struct strings before = w->window;

	if (!cross(w->tree->arena, &w->window, part, w->whole ? STRINGS_MAX : WINDOW_MAX,
		    &w->window))
		restart(w, part, w->here);
	else if (w->window.n > WINDOW_MAX) /* too long to be offered: what it was before */
		offer(w->tree->arena, &w->best, &before, w->before);
}

static void pass(struct walk *w, struct extent part)
{
	w->here.min += part.min;
	w->here.max += part.max;
	w->here.exact = w->here.exact && part.exact;
}

/* child{min,max}, where it is no short list: the first and the last round are still known. */
static void step_repeat(struct walk *w, const struct node *n)
{
	struct literals child;

	analyse(w->tree, n->child, &child);
	/* from here on, windows are said to begin behind the repetition: an upper bound */
	pass(w, node_extent(n));
	if (n->min) {
		offer_need(&w->best, &child.need, w->here);
		for (uint32_t i = 0; child.whole.n && i < n->min && i < 4; i++)
			step(w, &child.whole);
	}
	restart(w, n->min && child.whole.n ? &child.whole : NULL, w->here);
}

static void analyse_sequence(const struct tree *t, const struct node *n, struct literals *ret)
{
	struct walk w = {.tree = t, .before = nothing, .here = nothing, .whole = true};

	w.window = one(t->arena, "", 0, !n->atomic);
	for (const struct node *c = n->child; c; c = c->next) {
		struct literals part;

		analyse(t, c, &part);
		if (part.whole.n) {
			step(&w, &part.whole);
			pass(&w, node_extent(c));
		} else if (c->kind == NODE_REPEAT) {
			step_repeat(&w, c);
		} else {
			offer_need(&w.best, &part.need, w.here);
			pass(&w, node_extent(c));
			restart(&w, NULL, w.here);
		}
	}
	offer(t->arena, &w.best, &w.window, w.before);
	ret->need = w.best;
	if (w.whole)
		ret->whole = w.window;
}

static void analyse_alternation(const struct tree *t, const struct node *n, struct literals *ret)
{
	struct strings whole = {NULL, 0, !n->atomic};
	struct need need = {.solid = true};
	bool all_whole = true, all_need = true;

	for (const struct node *c = n->child; c; c = c->next) {
		struct literals branch;

		analyse(t, c, &branch);
		all_whole = all_whole && branch.whole.n &&
			unite(t->arena, &whole, &branch.whole, &whole);
		all_need = all_need && branch.need.any.n &&
			unite(t->arena, &need.any, &branch.need.any, &need.any) &&
			need.any.n <= WINDOW_MAX;
		need.rate += branch.need.rate;
		need.solid = need.solid && branch.need.solid;
		if (branch.need.reach > need.reach)
			need.reach = branch.need.reach;
	}
	if (all_whole)
		ret->whole = whole;
	if (all_need)
		keep(&ret->need, &need);
	if (all_whole)
		offer(t->arena, &ret->need, &ret->whole, nothing);
}

static bool is_any_blank(const struct strings *s)
{
	return s->exact && s->n == 2 && slice_is(s->list[0], "\n") && slice_is(s->list[1], " ");
}

/* child{min,max} as a list, where that is short. */
static void analyse_repeat(const struct tree *t, const struct node *n, struct literals *ret)
{
	static const char blanks[] = {BLANKS};
	struct strings power = one(t->arena, "", 0, !n->possessive), sum = {NULL, 0, true};
	struct literals child;
	bool blank;

	analyse(t, n->child, &child);
	if (n->min)
		ret->need = child.need;
	if (n->max == REPEAT_INF && n->min <= 1 && is_any_blank(&child.whole)) {
		power = one(t->arena, blanks, 1, !n->possessive && !n->lazy);
		if (!n->min) {
			sum = one(t->arena, "", 0, true);
			(void)unite(t->arena, &power, &sum, &power);
		}
		ret->whole = power;
		return;
	}
	/* spaces are single in a view: two of them are no text */
	blank = child.whole.n == 1 && slice_is(child.whole.list[0], " ");
	if (!child.whole.n || (n->max > 4 && !blank))
		return;
	for (uint32_t i = 0; i <= n->max; i++) {
		if (i >= n->min && !unite(t->arena, &sum, &power, &sum))
			return;
		if (i < n->max && !cross(t->arena, &power, &child.whole, STRINGS_MAX, &power)) {
			if (!blank || !sum.n)
				return;
			break;
		}
	}
	ret->whole = sum;
	offer(t->arena, &ret->need, &ret->whole, nothing);
}

static void analyse_chars(const struct tree *t, const struct node *n, struct literals *ret)
{
	char list[CHARS_FEW][4];
	size_t count = chars_list(&n->chars, list);

	if (!count)
		return;
	ret->whole.list = arena_alloc(t->arena, count * sizeof(*ret->whole.list));
	for (size_t i = 0; i < count; i++)
		ret->whole.list[i] = arena_copy(t->arena,
			(struct slice){list[i], (unsigned char)list[i][0] >= 0x80 ? 2 : 1});
	ret->whole.n = count;
	ret->whole.exact = !n->chars.loose && !t->cased;
}

static void analyse(const struct tree *t, const struct node *n, struct literals *ret)
{
	static const char edge[] = {EDGE};

	*ret = (struct literals){0};
	switch (n->kind) {
	case NODE_CHARS: analyse_chars(t, n, ret); break;
	case NODE_SEQUENCE: analyse_sequence(t, n, ret); break;
	case NODE_ALTERNATION: analyse_alternation(t, n, ret); break;
	case NODE_REPEAT: analyse_repeat(t, n, ret); break;
	case NODE_EMPTY: ret->whole = one(t->arena, "", 0, true); break;
	case NODE_ASSERT:
		if (n->assertion == 'b')
			ret->whole = one(t->arena, edge, 1, true);
		else
			ret->whole = one(t->arena, "", 0, false);
		break;
	case NODE_LOOK: ret->whole = one(t->arena, "", 0, false); break;
	case NODE_TEXT:
	default: break;
	}
}

void tree_literals(const struct tree *tree, struct literals *ret)
{
	analyse(tree, tree->root, ret);
}
