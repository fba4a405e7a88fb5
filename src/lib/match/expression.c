/* SPDX-License-Identifier: GPL-3.0-or-later
 * From an expression to what finds it: words, literals that announce it, or its cover. */
#include <stdlib.h>

#include <tocsin/base/alloc.h>

#include "builder.h"
#include "literals.h"
#include "regex.h"
#include "widen.h"

/* Literals that stand at more places than this announce too often: the cover is cheaper. */
#define RATE_MAX 3e-4
#define ALSO_RATE_MAX 5e-3 /* of literals that must stand beside those */
#define COVER_MEMORY ((size_t)16 << 20)
#define WORD_MIN 2u /* bytes of the shortest word that is worth a literal of its own */

static bool check_text(struct slice s, struct match_fault *f)
{
	if (!s.n || s.n > MATCH_PATTERN_MAX)
		return !fault(f, "coupez-la en plusieurs expressions, une ligne chacune",
			"une expression a de 1 à %u octets", MATCH_PATTERN_MAX);
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20)
			return !fault(f,
				"dans des guillemets doubles, \\b est un retour arrière : "
				"employez des apostrophes",
				"caractère de contrôle dans l'expression");
	if (!utf8_valid(s))
		return !fault(f, "enregistrez le fichier en UTF-8 dans l'éditeur",
			"l'expression n'est pas de l'UTF-8");
	return true;
}

static bool check_tree(struct slice s, const struct tree *t, struct match_fault *f)
{
	const struct node *gap = tree_gap(t->root);
	struct extent e = node_extent(t->root);

	if (gap)
		return !fault(f, "bornez l'intervalle : .{0,40} au lieu de .*",
			"intervalle sans fin au caractère %zu",
			utf8_length((struct slice){s.p, gap->at}) + 1);
	if (!e.min)
		return !fault(f, "demandez un caractère au moins : a+ au lieu de a*",
			"l'expression accepte un texte vide");
	if ((uint64_t)e.max + tree_outlook(t->root, true) + tree_outlook(t->root, false) >
		EXTENT_MAX)
		return !fault(f, "resserrez les bornes des répétitions",
			"l'expression peut couvrir plus de %u octets", EXTENT_MAX);
	return true;
}

static bool is_word_only(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
			    s.p[i] == '_'))
			return false;
	return true;
}

static bool is_prefix(struct slice a, struct slice b)
{
	return a.n <= b.n && memcmp(a.p, b.p, a.n) == 0;
}

/* Blanks at an end or in a row: the scan, which sees runs of blanks as one, would not know which is meant. */
static bool has_loose_blanks(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (is_blank(s.p[i]) && (i == 0 || i + 1 == s.n || is_blank(s.p[i - 1])))
			return true;
	return false;
}

/* Whether finding each of the strings is the same as matching the expression: at one place at most one of them can
 * match. Then what overlaps is settled by what begins first (collect.c). */
static bool are_words(const struct strings *s)
{
	bool separate = true, left, right;

	if (!s->n || !s->exact)
		return false;
	for (size_t i = 0; i < s->n; i++) {
		struct slice bare = string_bare(s->list[i], &left, &right);

		if (bare.n < WORD_MIN || bare.n > MATCH_TERM_MAX || has_loose_blanks(bare))
			return false;
		separate = separate && left && right && is_word_only(bare);
	}
	for (size_t i = 0; !separate && i < s->n; i++)
		for (size_t k = 0; k < s->n; k++) {
			bool unused;

			if (i != k &&
				is_prefix(string_bare(s->list[i], &unused, &unused),
					string_bare(s->list[k], &unused, &unused)))
				return false;
		}
	return true;
}

/* A string as the scan sees it: without accents, letter by letter, and runs of blanks as one space. */
static struct slice scanned(struct match_builder *b, struct slice s)
{
	char *out = arena_alloc(&b->trees, 2 * s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n;) {
		size_t length = (unsigned char)s.p[i] < 0x80 ? 1 : 2;
		struct slice one = {s.p + i, length};

		if (length == 2) {
			text_views_make(b->views, one);
			one = text_view(b->views, TEXT_FOLDED);
		}
		i += length;
		if (is_blank(*one.p)) {
			if (!n || out[n - 1] != ' ')
				out[n++] = ' ';
			continue;
		}
		memcpy(out + n, one.p, one.n);
		n += one.n;
	}
	return (struct slice){out, n};
}

static void add_strings(struct match_builder *b, struct regex *re, const struct strings *s,
	uint8_t flags, uint32_t atom)
{
	if (!(flags & TERM_BESIDES))
		re->literals = arena_alloc(&b->set->arena, s->n * sizeof(*re->literals));
	for (size_t i = 0; i < s->n; i++) {
		bool left, right;
		struct slice bare = string_bare(s->list[i], &left, &right);
		uint8_t how = flags;

		how |= left ? TERM_LEFT : 0;
		how |= right ? TERM_RIGHT : 0;
		if (!(flags & TERM_BESIDES))
			re->literals[re->n_literals++] =
				arena_copy(&b->set->arena, scanned(b, bare));
		how |= re->plain ? TERM_PLAIN : 0;
		add_use(b,
			(struct want){.literal = scanned(b, bare),
				.plain = flags & TERM_EXACT ? bare : (struct slice){0},
				.flags = how},
			atom);
	}
}

static void add_opening(struct shared *shared, const struct tree *t)
{
	struct opening **o;

	if (shared->n >= COVER_FEW)
		return;
	o = &shared->openings[shared->n / OPENING_MAX];
	if (!*o)
		*o = opening_new();
	opening_add(*o, shared->n % OPENING_MAX, t);
}

/* Gives the expression to a scan that it shares with others. */
static bool add_to_shared(struct match_builder *b, const struct tree *t, uint32_t atom)
{
	struct shared *shared = &b->set->shared[t->plain ? TEXT_PLAIN : TEXT_FOLDED];
	_buf_ struct buf text = {0};

	b->set->atoms[atom].frequency = 1;
	if (gists_add(b->set->gists, t, atom))
		return true;
	if (!shared->cover)
		shared->cover = cover_new(COVER_MEMORY);
	tree_widen(t, &text);
	if (cover_add(shared->cover, text.p, text.n) < 0)
		return false;
	add_opening(shared, t);
	shared->atoms = xgrow(shared->atoms, shared->n, &shared->cap, sizeof(*shared->atoms));
	shared->atoms[shared->n++] = atom;
	return true;
}

/* Gives the expression to those who will find it. */
static bool place(struct match_builder *b, const struct tree *t, const struct literals *l,
	struct regex *re, uint32_t atom, struct match_fault *f)
{
	re->rate = l->need.rate;
	if (l->need.any.n && l->need.solid && l->need.rate <= RATE_MAX) {
		re->way = MATCH_BY_LITERALS;
		re->reach = l->need.reach;
		add_strings(b, re, &l->need.any, TERM_REGEX, atom);
		if (l->need.also.n && l->need.also_rate <= ALSO_RATE_MAX) {
			b->set->atoms[atom].besides = true;
			add_strings(b, re, &l->need.also, TERM_REGEX | TERM_BESIDES, atom);
		}
		return true;
	}
	re->way = MATCH_BY_SHARED_SCAN;
	re->reach = UINT32_MAX;
	if (add_to_shared(b, t, atom))
		return true;
	return !fault(f, "resserrez les bornes des répétitions",
		"expression trop longue pour le balayage commun");
}

static pcre2_code *compiled(
	struct slice pattern, const struct tree *t, bool words, struct match_fault *f)
{
	pcre2_code *code = regex_compile(pattern, f);

	if (!code || words)
		return code;
	if (regex_ready(code, f) &&
		!(tree_is_risky(t->root) && regex_runs_away(pattern, code) &&
			fault(f, "évitez les répétitions l'une dans l'autre : (a+)+, (\\w+\\s?)+",
				"expression trop coûteuse : elle dépasse la limite sur un texte "
				"répétitif")))
		return code;
	pcre2_code_free(code);
	return NULL;
}

/* What a cover announces is announced for one atom, and is not shared. */
static void remember(struct match_builder *b, struct slice pattern, struct expression e)
{
	if (b->set->regexes[e.regex].way == MATCH_BY_SHARED_SCAN)
		return;
	b->expressions = xgrow(
		b->expressions, b->n_expressions, &b->cap_expressions, sizeof(*b->expressions));
	b->expressions[b->n_expressions++] = e;
	*map_at(b->patterns, pattern, NULL) = b->n_expressions;
}

static void add_again(struct match_builder *b, uint32_t atom, const struct expression *e)
{
	match_add_again(b, atom, e->from, e->to);
	b->set->atoms[atom].regex = e->regex;
	b->set->atoms[atom].besides = e->besides;
}

static int add_new(
	struct match_builder *b, uint32_t atom, struct slice pattern, struct match_fault *f)
{
	struct match_set *s = b->set;
	struct tree tree;
	struct literals literals = {0};
	struct regex re = {0};
	bool words;

	arena_clear(&b->trees);
	if (!check_text(pattern, f) || !tree_parse(&b->trees, pattern, &tree, f))
		return MATCH_REGEX_REFUSED;
	if (node_extent(tree.root).max <= EXTENT_MAX)
		tree_literals(&tree, &literals);
	words = are_words(&literals.whole);
	re.code = compiled(pattern, &tree, words, f);
	if (!re.code)
		return MATCH_REGEX_REFUSED;
	re.plain = tree.plain;
	re.longest = node_extent(tree.root).max;
	re.before = tree_outlook(tree.root, true);
	re.behind = tree_outlook(tree.root, false);
	if (!check_tree(pattern, &tree, f) ||
		(!words && !place(b, &tree, &literals, &re, atom, f))) {
		pcre2_code_free(re.code);
		return MATCH_REGEX_REFUSED;
	}
	if (!words) {
		re.narrow = regex_narrow(pattern);
	} else {
		pcre2_code_free(re.code);
		re.code = NULL;
		re.way = MATCH_BY_WORDS;
		add_strings(b, &re, &literals.whole, TERM_EXACT, atom);
	}
	s->regexes = xgrow(s->regexes, s->n_regexes, &b->cap_regexes, sizeof(*s->regexes));
	s->regexes[s->n_regexes] = re;
	s->atoms[atom].regex = (int32_t)s->n_regexes++;
	return 0;
}

int match_add_regex(
	struct match_builder *b, uint32_t atom, struct slice pattern, struct match_fault *f)
{
	const uint64_t *known = map_find(b->patterns, pattern);
	struct expression e = {.from = match_mark(b)};
	const struct atom *added;
	int r;

	if (known) {
		add_again(b, atom, &b->expressions[*known - 1]);
		return 0;
	}
	r = add_new(b, atom, pattern, f);
	if (r)
		return r;
	added = &b->set->atoms[atom];
	e.to = match_mark(b);
	e.regex = added->regex;
	e.besides = added->besides;
	remember(b, pattern, e);
	return 0;
}

bool match_is_always(const struct match_builder *b, uint32_t atom)
{
	struct match_cost cost;

	match_cost(b, atom, &cost);
	return cost.way == MATCH_BY_SHARED_SCAN;
}

void match_cost(const struct match_builder *b, uint32_t atom, struct match_cost *ret)
{
	int32_t i = b->set->atoms[atom].regex;
	const struct regex *re = i < 0 ? NULL : &b->set->regexes[i];

	*ret = (struct match_cost){.way = MATCH_BY_WORDS};
	if (re)
		*ret = (struct match_cost){re->way, re->literals, re->n_literals, re->rate};
}
