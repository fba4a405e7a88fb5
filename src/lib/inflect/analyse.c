/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyse.h"

#include "regular.h"

/* Words that hold a term together. */
static const struct {
	const char *text;
	bool boundary;
	uint32_t allowed; /* 0: all */
} joints[] = {
	{"de", true, 0},
	{"d", true, 0},
	{"du", true, MARK_GENDER | MARK_SG},
	{"des", true, MARK_GENDER | MARK_PL},
	{"à", true, 0},
	{"au", true, MARK_GENDER | MARK_SG},
	{"aux", true, MARK_GENDER | MARK_PL},
	{"en", true, 0},
	{"par", true, 0},
	{"pour", true, 0},
	{"sans", true, 0},
	{"sur", true, 0},
	{"sous", true, 0},
	{"avec", true, 0},
	{"chez", true, 0},
	{"contre", true, 0},
	{"dans", true, 0},
	{"entre", true, 0},
	{"vers", true, 0},
	{"que", true, 0},
	{"qu", true, 0},
	{"l", false, MARK_GENDER | MARK_SG},
	{"c", false, 0},
	{"j", false, 0},
	{"m", false, 0},
	{"n", false, 0},
	{"s", false, 0},
	{"t", false, 0},
};

/* Forms that no rule of the dictionary leads to from their word. */
static const struct {
	const char *base, *form;
	uint32_t marks;
} pairs[] = {
	{"œil", "yeux", MARK_MAS | MARK_PL},
	{"ciel", "cieux", MARK_MAS | MARK_PL},
	{"aïeul", "aïeux", MARK_MAS | MARK_PL},
	{"monsieur", "messieurs", MARK_MAS | MARK_PL},
	{"madame", "mesdames", MARK_FEM | MARK_PL},
	{"mademoiselle", "mesdemoiselles", MARK_FEM | MARK_PL},
	{"bonhomme", "bonshommes", MARK_MAS | MARK_PL},
	{"gentilhomme", "gentilshommes", MARK_MAS | MARK_PL},
	{"nouveau", "nouvel", MARK_MAS | MARK_SG},
	{"connard", "connasse", MARK_FEM | MARK_SG},
	{"connard", "connasses", MARK_FEM | MARK_PL},
	{"salaud", "salope", MARK_FEM | MARK_SG},
	{"salaud", "salopes", MARK_FEM | MARK_PL},
};

struct work {
	struct inflect *i;
	struct token *t;
	struct arena *arena;
	uint32_t typed; /* cells of the word as it was typed, in what is read now */
	uint32_t whole; /* cells of all forms of its entry */
	uint32_t want; /* only forms with one of these marks count; 0: all */
	bool found;
};

/* What is not said is open. */
static uint32_t cells_of(uint32_t marks)
{
	if (!(marks & MARK_GENDER))
		marks |= MARK_GENDER;
	if (!(marks & MARK_NUMBER))
		marks |= MARK_NUMBER;
	return marks & MARK_CELLS;
}

static void add_choice(struct work *w, struct slice plain, uint32_t marks)
{
	struct token *t = w->t;

	for (size_t n = 0; n < t->n; n++)
		if (t->choices[n].marks == marks && slice_equal(t->choices[n].text, plain))
			return;
	if (t->n < CHOICES_MAX)
		t->choices[t->n++] = (struct choice){arena_copy(w->arena, plain), marks};
}

/* A form of an entry: kept when it is of the kind that is wanted. */
static void take_form(void *arg, struct slice form, uint32_t marks)
{
	struct work *w = arg;
	_buf_ struct buf plain = {0};

	if ((marks & (MARK_PREFIXED | MARK_CLITIC | MARK_ERROR)) || (w->want && !(marks & w->want)))
		return;
	plain_add(w->i->plain, &plain, form);
	if (slice_equal(buf_slice(&plain), w->t->text)) {
		w->typed |= cells_of(marks);
		w->found = true;
	}
	w->whole |= cells_of(marks);
	add_choice(w, buf_slice(&plain), cells_of(marks));
}

/* Reads one entry's forms; they count only when the typed word is among them. */
static void take_entry(struct work *w, const struct entry *entry)
{
	size_t before = w->t->n;
	uint32_t typed = w->typed, whole = w->whole;

	w->found = entry->derived;
	w->want = entry->marks & MARK_VERB ? MARK_PARTICIPLE : 0;
	if (!(entry->marks & (MARK_VERB | MARK_NOUN | MARK_ADJ)))
		return;
	expand_entry(&w->i->dict, entry, take_form, w);
	if (w->found)
		return;
	w->t->n = before;
	w->typed = typed;
	w->whole = whole;
}

struct origin {
	struct work *w;
	const struct entry *last[16];
	size_t n;
};

static bool seen(const struct origin *o, const struct entry *entry)
{
	for (size_t n = 0; n < o->n; n++)
		if (o->last[n] == entry)
			return true;
	return false;
}

static void from_origin(void *arg, const struct entry *entry)
{
	struct origin *o = arg;

	if (seen(o, entry) || o->n == sizeof(o->last) / sizeof(*o->last))
		return;
	o->last[o->n++] = entry;
	take_entry(o->w, entry);
}

struct match {
	struct inflect *i;
	struct slice word;
	bool found;
};

static void same_form(void *arg, struct slice form, uint32_t marks)
{
	struct match *m = arg;
	_buf_ struct buf plain = {0};

	(void)marks;
	if (m->found)
		return;
	plain_add(m->i->plain, &plain, form);
	m->found = slice_equal(buf_slice(&plain), m->word);
}

static void same_entry(void *arg, const struct entry *entry)
{
	struct match *m = arg;

	if (!m->found)
		expand_entry(&m->i->dict, entry, same_form, m);
}

bool is_known(struct inflect *i, struct slice plain)
{
	struct match m = {i, plain, false};

	for (uint32_t at = dict_find(&i->dict, plain); at; at = i->dict.entries[at].next)
		if (!(i->dict.entries[at].marks & MARK_ERROR))
			return true;
	unfix_word(&i->dict, plain, same_entry, &m);
	return m.found;
}

/* A form that is feminine alone, or plural alone, of a word that has others: it stays so. */
static void narrow(struct work *w)
{
	w->t->allowed = MARK_CELLS;
	if (!(w->typed & MARK_MAS) && (w->whole & MARK_MAS))
		w->t->allowed &= ~(uint32_t)MARK_MAS;
	if (!(w->typed & MARK_SG) && (w->whole & MARK_SG))
		w->t->allowed &= ~(uint32_t)MARK_SG;
}

static void add_pairs(struct work *w)
{
	for (size_t n = 0; n < sizeof(pairs) / sizeof(*pairs); n++) {
		_buf_ struct buf base = {0};

		plain_add(w->i->plain, &base, slice_of(pairs[n].base));
		if (!slice_equal(buf_slice(&base), w->t->text))
			continue;
		add_choice(w, slice_of(pairs[n].form), pairs[n].marks);
	}
}

static void take_regular(void *arg, struct slice form, uint32_t marks)
{
	add_choice(arg, form, marks);
}

/* A joint, or an article and its like: what it binds; true when that is all there is to say. */
static bool is_joint(struct inflect *i, struct token *t)
{
	uint32_t bound = 0;
	bool determiner = false, tool = false, adjective = false;

	for (size_t n = 0; n < sizeof(joints) / sizeof(*joints); n++)
		if (slice_is(t->text, joints[n].text)) {
			t->boundary = joints[n].boundary;
			t->allowed = joints[n].allowed ? joints[n].allowed : MARK_CELLS;
			return true;
		}
	for (uint32_t at = dict_find(&i->dict, t->text); at; at = i->dict.entries[at].next) {
		uint32_t marks = i->dict.entries[at].marks;

		tool |= (marks & MARK_TOOL) != 0;
		adjective |= (marks & MARK_ADJ) != 0;
		determiner |= (marks & MARK_DET) != 0;
		if (marks & MARK_DET)
			bound |= cells_of(marks);
	}
	if (determiner)
		t->allowed = bound;
	return (tool && !adjective) || (determiner && bound != MARK_CELLS);
}

/* As a base form: its entries. Says whether one of them is an infinitive. */
static bool take_entries(struct work *w)
{
	const struct dict *d = &w->i->dict;
	bool infinitive = false;

	for (uint32_t at = dict_find(d, w->t->text); at; at = d->entries[at].next) {
		infinitive |= (d->entries[at].marks & MARK_VERB) != 0;
		if ((d->entries[at].marks & (MARK_NOUN | MARK_ADJ)) && !d->entries[at].capitals)
			take_entry(w, &d->entries[at]);
	}
	return infinitive;
}

void analyse(struct inflect *i, struct token *t, struct arena *arena, bool alone, bool may_guess)
{
	struct work w = {.i = i, .t = t, .arena = arena};
	struct origin o = {.w = &w};
	bool infinitive;

	t->allowed = MARK_CELLS;
	if (!alone && is_joint(i, t))
		return;
	infinitive = take_entries(&w);
	if (infinitive && !alone) {
		t->n = 0;
		return;
	}
	if (!t->n)
		unfix_word(&i->dict, t->text, from_origin, &o);
	if (t->n) {
		narrow(&w);
		add_pairs(&w);
		t->inflects = true;
		return;
	}
	if (!may_guess || is_known(i, t->text))
		return;
	regular_word(t->text, take_regular, &w);
	t->regular = true;
	t->inflects = t->n > 1;
}
