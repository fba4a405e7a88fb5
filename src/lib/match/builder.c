/* SPDX-License-Identifier: GPL-3.0-or-later
 * Atoms and their terms: what is looked for in each view. */
#include "builder.h"

#include <stdlib.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/large.h>
#include <tocsin/base/wordhash.h>

#include "literals.h"

enum { SLOTS_FIRST = 1024, SLOTS_MANY = 16384 };

struct match_builder *match_builder_new(void)
{
	struct match_builder *b = xcalloc(1, sizeof(*b));

	b->set = xcalloc(1, sizeof(*b->set));
	b->set->gists = gists_new();
	arena_init(&b->set->arena, 0);
	arena_init(&b->trees, 0);
	b->views = text_views_new();
	b->patterns = map_new();
	b->n_slots = SLOTS_FIRST;
	b->slots = xlarge_zero(b->n_slots, sizeof(*b->slots));
	return b;
}

struct match_builder *match_builder_free(struct match_builder *b)
{
	if (!b)
		return NULL;
	match_set_free(b->set);
	text_views_free(b->views);
	arena_release(&b->trees);
	free(b->wants);
	free(b->slots);
	free(b->uses);
	map_free(b->patterns);
	free(b->expressions);
	bare_free(b->bare);
	free(b);
	return NULL;
}

uint32_t match_add_atom(struct match_builder *b, uint32_t owner)
{
	struct match_set *s = b->set;

	s->atoms = xgrow(s->atoms, s->n_atoms, &b->cap_atoms, sizeof(*s->atoms));
	s->atoms[s->n_atoms] = (struct atom){.owner = MATCH_NOBODY, .regex = -1};
	if (owner != MATCH_NOBODY)
		match_wake(b, (uint32_t)s->n_atoms, owner);
	return (uint32_t)s->n_atoms++;
}

void match_wake(struct match_builder *b, uint32_t atom, uint32_t owner)
{
	struct match_set *s = b->set;

	s->atoms[atom].owner = owner;
	if (owner >= s->n_owners)
		s->n_owners = owner + (size_t)1;
}

double match_frequency(const struct match_builder *b, uint32_t atom)
{
	return b->set->atoms[atom].frequency;
}

/* About how often the literal is found at a place of French text. */
static double frequency(struct slice literal, uint8_t flags)
{
	char text[MATCH_TERM_MAX + 2];
	size_t n = 0;

	if (literal.n > MATCH_TERM_MAX)
		return 0;
	if (flags & TERM_LEFT)
		text[n++] = EDGE;
	memcpy(text + n, literal.p, literal.n);
	n += literal.n;
	if (flags & TERM_RIGHT)
		text[n++] = EDGE;
	return rarity((struct slice){text, n});
}

/* --- what is asked for, each once */

static bool is_same(const struct want *a, const struct want *b)
{
	return slice_equal(a->literal, b->literal) && slice_equal(a->plain, b->plain) &&
		a->endings == b->endings && a->flags == b->flags;
}

static uint32_t hash_of(const struct want *w)
{
	uint64_t how = (uint64_t)w->endings << 8 | w->flags;

	/* the two texts are mostly the same: a step between them, or they would undo each other */
	how = wordhash_step(how, wordhash(w->literal));
	return (uint32_t)(wordhash_end(wordhash_step(how, wordhash(w->plain))) >> 32);
}

/* The slot of the want, or the free one where it would go. */
static struct want_slot *slot_of(const struct match_builder *b, const struct want *w, uint32_t hash)
{
	size_t i = hash & (b->n_slots - 1);

	while (b->slots[i].place &&
		(b->slots[i].hash != hash || !is_same(&b->wants[b->slots[i].place - 1], w)))
		i = (i + 1) & (b->n_slots - 1);
	return &b->slots[i];
}

static void grow_slots(struct match_builder *b)
{
	struct want_slot *old = b->slots;
	size_t n = b->n_slots;

	b->n_slots *= 2;
	if (b->n_slots > SLOTS_MANY)
		b->set->arena.block_size = LARGE_PAGE; /* from here on */
	b->slots = xlarge_zero(b->n_slots, sizeof(*b->slots));
	for (size_t i = 0; i < n; i++) {
		size_t at = old[i].hash & (b->n_slots - 1);

		while (old[i].place && b->slots[at].place)
			at = (at + 1) & (b->n_slots - 1);
		if (old[i].place)
			b->slots[at] = old[i];
	}
	free(old);
}

static uint32_t add_want(struct match_builder *b, struct want w)
{
	struct arena *a = &b->set->arena;
	uint32_t hash = hash_of(&w);
	struct want_slot *slot;

	if (2 * (b->n_wants + 1) > b->n_slots)
		grow_slots(b);
	slot = slot_of(b, &w, hash);
	if (slot->place)
		return slot->place - 1;
	w.literal = arena_copy(a, w.literal);
	w.plain = slice_equal(w.plain, w.literal) ? w.literal : arena_copy(a, w.plain);
	w.key = literal_key(w.literal);
	w.frequency = frequency(w.literal, w.flags);
	b->wants = xlarge_grow(b->wants, b->n_wants, &b->cap_wants, sizeof(*b->wants));
	b->wants[b->n_wants++] = w;
	*slot = (struct want_slot){hash, (uint32_t)b->n_wants};
	return slot->place - 1;
}

static void use(struct match_builder *b, uint32_t want, uint32_t atom)
{
	b->uses = xlarge_grow(b->uses, b->n_uses, &b->cap_uses, sizeof(*b->uses));
	b->uses[b->n_uses++] = (struct use){want, atom};
	b->set->atoms[atom].frequency += b->wants[want].frequency;
}

void add_use(struct match_builder *b, struct want want, uint32_t atom)
{
	use(b, add_want(b, want), atom);
}

size_t match_mark(const struct match_builder *b)
{
	return b->n_uses;
}

void match_add_again(struct match_builder *b, uint32_t atom, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		use(b, b->uses[i].want, atom);
}

/* --- terms */

/* The shapes that exist in the squeezed view only: no doubled letters, no blanks. */
static void add_squeezed(
	struct match_builder *b, struct slice folded, uint8_t endings, uint8_t flags, uint32_t atom)
{
	struct want want = {.endings = endings, .flags = flags};
	_buf_ struct buf collapsed = {0}, joined = {0};

	text_collapse(&collapsed, folded);
	if (collapsed.n < folded.n && collapsed.n >= 3) {
		want.literal = buf_slice(&collapsed);
		add_use(b, want, atom);
	}
	for (size_t i = 0; i < folded.n; i++)
		if (folded.p[i] != ' ' && folded.p[i] != '\'' && folded.p[i] != '-')
			buf_add_char(&joined, folded.p[i]);
	if (joined.n < folded.n && joined.n >= 5) {
		want.literal = buf_slice(&joined);
		add_use(b, want, atom);
	}
}

static struct slice trimmed(struct slice s)
{
	while (s.n && (*s.p == ' ' || *s.p == '\n')) {
		s.p++;
		s.n--;
	}
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\n'))
		s.n--;
	return s;
}

int match_add_term(
	struct match_builder *b, uint32_t atom, struct slice text, uint8_t flags, uint8_t endings)
{
	struct slice plain, folded;
	uint8_t how = 0;

	/* through the views, as a comment goes: both sides agree by construction */
	text_views_make(b->views, text);
	plain = trimmed(text_view(b->views, TEXT_PLAIN));
	folded = trimmed(text_view(b->views, TEXT_FOLDED));
	if (!folded.n)
		return MATCH_TERM_EMPTY;
	if (folded.n > MATCH_TERM_MAX)
		return MATCH_TERM_LONG;
	if (flags & MATCH_WHOLE) {
		how |= text_is_word(folded, 0) ? TERM_LEFT : 0;
		how |= text_is_word(folded, folded.n - 1) ? TERM_RIGHT : 0;
	}
	if (!(how & TERM_RIGHT))
		endings = 0;
	if (flags & MATCH_DISGUISED)
		how |= TERM_DISGUISED;
	add_use(b,
		(struct want){.literal = folded, .plain = plain, .endings = endings, .flags = how},
		atom);
	if ((flags & MATCH_DISGUISED) && (flags & MATCH_WHOLE))
		add_squeezed(b, folded, endings, how | TERM_SQUEEZED, atom);
	return 0;
}
