/* SPDX-License-Identifier: GPL-3.0-or-later
 * The text once more, with what is SMS in it written out: the original goes over byte by byte, but for such words. What
 * each of them becomes may depend on the words before it, as they were written. */
#include <stdlib.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/wordhash.h>
#include <tocsin/text/near.h>

#include "spelling.h"
#include "views.h"

/* Words whose hashes are made before they are in question: the dictionary is megabytes, and mostly not in the cache. */
#define AHEAD 8u

struct desk {
	const struct spelling *sp;
	struct text_views *to, *from;
	const struct text_word *words;
	size_t n, at;
	uint64_t hashes[AHEAD]; /* of the words [at, hashed), each at its number */
	size_t hashed;
	struct slice folded;
	size_t copied; /* the original is written up to here */
	bool small; /* the text has small letters: capitals mean something */
	const struct text_repair *repairs; /* those that are left */
	size_t n_repairs;
	unsigned sure, guessed,
		lost; /* words of the table, by their sound or glue, and strange to the end */
};

/* What a word is written out as. */
struct piece {
	const char *before; /* "je ", "l'" or "" */
	struct slice word;
	bool sure, sound, repair, guessed;
};

static void origin_of(const struct desk *d, size_t start, size_t end, uint32_t *from, uint32_t *to)
{
	text_view_origin(d->from, TEXT_FOLDED, start, end, from, to);
}

static void copy_until(struct desk *d, size_t at)
{
	if (at <= d->copied)
		return;
	buf_add(&d->to->written, d->from->original.p + d->copied, at - d->copied);
	d->copied = at;
}

/* The bytes [start, end) of the folded view are a piece. */
static void put(struct desk *d, size_t start, size_t end, const struct piece *piece)
{
	struct text_views *to = d->to;
	struct patch p = {.sure = piece->sure,
		.sound = piece->sound,
		.repair = piece->repair,
		.guessed = piece->guessed};

	origin_of(d, start, end, &p.from, &p.to);
	if (p.from < d->copied) /* a letter and its marks, of which half is written */
		p.from = (uint32_t)d->copied;
	if (p.to <= p.from)
		return;
	copy_until(d, p.from);
	d->copied = p.to;
	p.start = (uint32_t)to->written.n;
	buf_add_string(&to->written, piece->before);
	buf_add_slice(&to->written, piece->word);
	p.end = (uint32_t)to->written.n;
	to->patches = xgrow(to->patches, to->n_patches, &to->cap_patches, sizeof(*to->patches));
	to->patches[to->n_patches++] = p;
}

/* --- the place of a word among those before it */

/* Determiners of several. */
static const char many[] = " les des ces tous toutes mes tes ses nos vos leurs ";

/* The word that was written last before *at. */
static struct slice word_before(const struct desk *d, size_t *at)
{
	return spelling_before(buf_slice(&d->to->written), at);
}

/* What ending a word has there: "er", "é", "ez", "s", or "" when nothing says so. */
static const char *ending_here(const struct desk *d)
{
	static const char clitics[] = " te t le la les l lui leur me m se s nous vous y en ";
	static const char modals[] =
		" va vais vas vont aller allez allons peut peux peuvent veut veux veulent dois doit "
		"doivent faut faudrait devrait pourrait viens vient viennent fait faire laisse ";
	static const char been[] = " ai as a ont avons avez suis es est sont ";
	enum { CLITICS = 3 };
	size_t at = d->to->written.n;
	bool you = false;

	for (unsigned i = 0; i <= CLITICS; i++) {
		struct slice word = word_before(d, &at);

		if (!word.n)
			break;
		if (slice_is_listed(modals, word))
			return "er";
		if (slice_is_listed(been, word))
			return "é";
		if (!slice_is_listed(clitics, word))
			break;
		you |= slice_is_listed(" vous ", word);
	}
	at = d->to->written.n;
	return you ? "ez" : slice_is_listed(many, word_before(d, &at)) ? "s" : "";
}

static bool ends_with(struct slice word, const char *ending)
{
	size_t n = strlen(ending);

	return word.n > n && memcmp(word.p + word.n - n, ending, n) == 0;
}

/* Of words that sound the same the one that fits here best. */
static struct slice fittest(
	const struct desk *d, const struct sounded *list, size_t n, struct slice plain)
{
	const char *ending = ending_here(d);
	struct slice best = list[0].word;
	size_t cost = SIZE_MAX;

	for (size_t i = 0; i < n; i++) {
		struct slice w = list[i].word;
		size_t apart = w.n > plain.n ? w.n - plain.n : plain.n - w.n;

		apart = 2 * apart + (w.p[w.n - 1] != plain.p[plain.n - 1]);
		apart += *ending && !ends_with(w, ending) ? SOUND_MAX * 4 : 0;
		if (apart < cost) {
			cost = apart;
			best = w;
		}
	}
	return best;
}

/* --- the ways to read a word */

static struct slice span_of(const struct desk *d, size_t last)
{
	uint32_t start = d->words[d->at].start;

	return (struct slice){d->folded.p + start, d->words[last].end - start};
}

/* The words from here to `last` stand one space apart. */
static bool is_phrase(const struct desk *d, size_t last)
{
	for (size_t i = d->at; i < last; i++)
		if (d->words[i + 1].start != d->words[i].end + 1 ||
			d->folded.p[d->words[i].end] != ' ')
			return false;
	return true;
}

/* The entry for the words from here to `last`: with accents it asks for them. */
static const struct sms *find_entry(const struct desk *d, size_t last)
{
	struct slice folded = span_of(d, last), plain = {0};
	uint64_t hash = wordhash(folded);

	for (size_t i = hash & (SPELL_SLOTS - 1); d->sp->table[i].hash;
		i = (i + 1) & (SPELL_SLOTS - 1)) {
		const struct sms_place *place = &d->sp->table[i];

		if (place->hash != hash || !slice_equal(place->folded, folded))
			continue;
		if (slice_is(place->folded, place->entry->sms))
			return place->entry;
		if (!plain.n)
			plain = text_word_plain(d->from,
				(struct text_word){d->words[d->at].start, d->words[last].end});
		if (slice_is(plain, place->entry->sms))
			return place->entry;
	}
	return NULL;
}

/* Short words in capitals are acronyms, where not all is in capitals: PR, TS, DC. */
static bool is_acronym(const struct desk *d)
{
	struct text_word w = d->words[d->at];
	uint32_t from, to;

	if (!d->small || w.end - w.start > 4)
		return false;
	origin_of(d, w.start, w.end, &from, &to);
	for (; from < to; from++)
		if (is_letter(d->from->original.p[from]))
			return false;
	return w.end - w.start > 1;
}

static bool is_apostrophe_behind(const struct desk *d, size_t word)
{
	size_t end = d->words[word].end;

	return end < d->folded.n && d->folded.p[end] == '\'';
}

static void hash_ahead(struct desk *d)
{
	if (d->hashed < d->at)
		d->hashed = d->at;
	for (; d->hashed < d->n && d->hashed < d->at + AHEAD; d->hashed++) {
		struct text_word w = d->words[d->hashed];
		uint64_t hash = wordhash_fast(d->folded.p + w.start, w.end - w.start);

		d->hashes[d->hashed % AHEAD] = hash;
		wordset_prefetch(d->sp->french, hash);
	}
}

/* Of the word at hand. */
static uint64_t hash_here(const struct desk *d)
{
	return d->hashes[d->at % AHEAD];
}

/* False: no entry of the table begins with this word. */
static bool may_be_entry(const struct desk *d)
{
	return spell_has_bit(d->sp->firsts, hash_here(d));
}

/* Returns how many words an entry of the table took. */
static size_t by_table(struct desk *d)
{
	for (size_t n = SMS_WORDS_MAX; n; n--) {
		size_t last = d->at + n - 1;
		const struct sms *e;

		if (last >= d->n || !is_phrase(d, last) || is_apostrophe_behind(d, last))
			continue;
		e = find_entry(d, last);
		if (!e || is_acronym(d))
			continue;
		put(d, d->words[d->at].start, d->words[last].end,
			&(struct piece){"", slice_of(e->french), .sure = e->kind != SMS_BESIDE});
		d->sure += e->kind != SMS_BESIDE;
		return n;
	}
	return 0;
}

/* « c est », « d un », « l ecole »: the space is the apostrophe; « g acheté ». */
static bool by_space(struct desk *d)
{
	struct text_word w = d->words[d->at], next;
	char letter = d->folded.p[w.start];
	struct slice behind;

	if (w.end - w.start != 1 || d->at + 1 == d->n || !strchr("cdgjlmnst", letter) ||
		!is_phrase(d, d->at + 1) || is_acronym(d))
		return false;
	next = d->words[d->at + 1];
	behind = (struct slice){d->folded.p + next.start, next.end - next.start};
	if (letter == 'g') {
		if (!ends_with(text_word_plain(d->from, next), "é"))
			return false;
		put(d, w.start, w.end, &(struct piece){"j'ai", {0}, .sure = true});
	} else {
		if (behind.n < 2 || !strchr("aeiouh", *behind.p) ||
			!wordset_has(d->sp->french, behind))
			return false;
		put(d, w.start, next.start,
			&(struct piece){(const char[]){letter, '\'', 0}, {0}, .sure = true});
	}
	d->sure++;
	return true;
}

static bool is_strange(const struct desk *d)
{
	struct slice word = span_of(d, d->at);

	for (size_t i = 0; i < word.n; i++)
		if (!is_letter(word.p[i]))
			return false;
	return word.n >= SPELL_LEAST && !is_apostrophe_behind(d, d->at) &&
		!wordset_has_hash(d->sp->french, hash_here(d));
}

/* A strange word; false when nothing is to be made of it. */
static bool by_sound(struct desk *d)
{
	struct text_word w = d->words[d->at];
	struct slice plain = text_word_plain(d->from, w);
	const struct sounded *list;
	const char *before = "";
	size_t sounds, n = spelling_sounds(d->sp, plain, &list, &sounds), glued;
	struct slice folded = span_of(d, d->at);
	struct piece piece = {"", {0}, .sound = true};

	if (n) {
		piece.word = fittest(d, list, n, plain);
		d->guessed += sounds >= SPELL_ALONE && folded.n >= SPELL_ALONE;
	} else {
		glued = spelling_glue(d->sp, folded, plain, &before);
		if (!glued)
			return false;
		piece = (struct piece){before, {plain.p + glued, plain.n - glued}, .sound = false};
		n = spelling_sounds(d->sp, piece.word, &list, &sounds);
		if (n &&
			!wordset_has(
				d->sp->french, (struct slice){folded.p + glued, folded.n - glued}))
			piece.word = fittest(d, list, n, piece.word);
		d->guessed++;
	}
	put(d, w.start, w.end, &piece);
	return true;
}

/* « va payé » is « va payer ». */
static bool by_verb(struct desk *d, struct text_word w, struct slice plain)
{
	static const char *const endings[] = {"é", "és", "ée", "ées", "ez", "ai", "ait", "ais"};
	const struct sounded *list;
	size_t sounds, n;
	struct slice word;
	bool open = false, sure;

	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		open |= ends_with(plain, endings[i]);
	if (!open || !slice_is(slice_of(ending_here(d)), "er"))
		return false;
	n = spelling_sounds(d->sp, plain, &list, &sounds);
	word = n ? fittest(d, list, n, plain) : plain;
	if (!ends_with(word, "er"))
		return false;
	sure = ends_with(plain, "é");
	put(d, w.start, w.end, &(struct piece){"", word, .sure = sure, .sound = !sure});
	d->sure += sure;
	return true;
}

/* « les voleur » is « les voleurs ». */
static void by_number(struct desk *d, struct text_word w, struct slice plain)
{
	size_t at = d->to->written.n, sounds, n;
	const struct sounded *list;

	if (ends_with(plain, "s") || !slice_is_listed(many, word_before(d, &at)))
		return;
	n = spelling_sounds(d->sp, plain, &list, &sounds);
	for (size_t i = 0; i < n; i++)
		if (list[i].word.n == plain.n + 1 && ends_with(list[i].word, "s") &&
			memcmp(list[i].word.p, plain.p, plain.n) == 0) {
			put(d, w.start, w.end, &(struct piece){"", list[i].word, .sound = true});
			return;
		}
}

/* A word of the language, in a text that is SMS already: what its place asks for. */
static void by_place(struct desk *d)
{
	struct text_word w = d->words[d->at];
	struct slice plain = text_word_plain(d->from, w);

	if (!by_verb(d, w, plain))
		by_number(d, w, plain);
}

/* False: by_place leaves the word as it is, whatever stands before it. */
static bool may_have_place(const struct desk *d)
{
	struct text_word w = d->words[d->at];
	struct slice word = span_of(d, d->at);
	bool accented = text_is_changed(d->from, w.start, w.end);

	/* behind « les », or what was written there */
	if (d->at && (d->folded.p[d->words[d->at - 1].end - 1] == 's' || d->to->n_patches))
		return true;
	return (accented && (ends_with(word, "e") || ends_with(word, "es"))) ||
		ends_with(word, "ez") || ends_with(word, "ai") || ends_with(word, "ait") ||
		ends_with(word, "ais");
}

/* The word at hand; how many words it took. */
static size_t write_word(struct desk *d)
{
	struct text_word w = d->words[d->at];
	bool entry = may_be_entry(d), strange;
	uint32_t from, to;
	size_t n;

	if (!text_word_is_free(d->from, w) || text_word_is_hyphened(d->from, w) || by_space(d))
		return 1;
	strange = is_strange(d);
	if ((!entry && !strange && !may_have_place(d)) || text_word_is_name(d->from, w))
		return 1;
	/* what the word may be depends on what was written before it */
	origin_of(d, w.start, w.end, &from, &to);
	copy_until(d, from);
	n = entry ? by_table(d) : 0;
	if (n)
		return n;
	if (is_acronym(d))
		return 1;
	if (strange)
		d->lost += !by_sound(d);
	else
		by_place(d);
	return 1;
}

/* The disguise is of letters alone (couiiillon), and what it sounds like is known. */
static bool sounds_itself(struct desk *d, const struct text_repair *r)
{
	struct text_word w = d->words[d->at];

	return d->sp && w.start == r->start && w.end == r->end && is_strange(d) && by_sound(d);
}

/* Says what it says, or in SMS what that sounds like: c0nar. */
static struct piece piece_of(struct desk *d, const struct text_repair *r)
{
	const struct sounded *list;
	size_t sounds, n = 0;

	if (d->sp && !wordset_has(d->sp->french, r->says))
		n = spelling_sounds(d->sp, r->says, &list, &sounds);
	return n ? (struct piece){"", fittest(d, list, n, r->says), .sound = true}
		 : (struct piece){"", r->says, .repair = true, .guessed = r->guessed};
}

/* The next repair, where it begins no later than the word at hand ends; how many words it took. */
static size_t by_repair(struct desk *d)
{
	struct text_repair r;
	struct piece piece;
	size_t n = 0;
	uint32_t from, to;

	if (!d->n_repairs || d->repairs->start >= d->words[d->at].end)
		return 0;
	r = *d->repairs;
	d->repairs++;
	d->n_repairs--;
	origin_of(d, r.start, r.end, &from, &to);
	copy_until(d, from);
	if (sounds_itself(d, &r))
		return 1;
	piece = piece_of(d, &r);
	put(d, r.start, r.end, &piece);
	while (d->at + n < d->n && d->words[d->at + n].start < r.end)
		n++;
	return n;
}

static bool has_small(struct slice text)
{
	for (size_t i = 0; i < text.n; i++)
		if (is_letter(text.p[i]))
			return true;
	return false;
}

/* False: another language, which looks like a text of slips, or nothing that was written out. */
static bool write_out(struct desk *d)
{
	buf_clear(&d->to->written);
	d->to->n_patches = d->at = d->hashed = d->copied = 0;
	for (d->n = text_words(d->from, &d->words); d->at < d->n && (d->sp || d->n_repairs);) {
		size_t n;

		if (d->sp)
			hash_ahead(d);
		n = by_repair(d);
		d->at += n ? n : d->sp ? write_word(d) : 1;
	}
	return d->sure + d->guessed && !(d->lost > d->sure + d->guessed && 3 * d->lost > d->n);
}

bool text_views_repair(struct text_views *to, struct text_views *from,
	const struct spelling *spelling, const struct text_repair *repairs, size_t n)
{
	struct desk d = {.sp = spelling,
		.to = to,
		.from = from,
		.folded = text_view(from, TEXT_FOLDED),
		.small = has_small(from->original),
		.repairs = repairs,
		.n_repairs = n};
	bool sms = spelling && write_out(&d);
	size_t patches;

	if (!sms) {
		d.sp = NULL;
		d.repairs = repairs;
		d.n_repairs = n;
		(void)write_out(&d);
	}
	if (!to->n_patches)
		return false;
	copy_until(&d, from->original.n);
	patches = to->n_patches;
	text_views_make(to, buf_slice(&to->written));
	to->n_patches = patches;
	to->sms = sms;
	to->crowded = sms && d.sure + d.guessed >= 3 && 5 * (d.sure + d.guessed) >= d.n;
	return true;
}

/* --- back to the original */

/* The first patch that ends behind `at` of the written text. */
static size_t patch_at(const struct text_views *v, size_t at)
{
	size_t low = 0, high = v->n_patches;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (v->patches[middle].end <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* A place outside the patches: as far from the end of the one before it. */
static uint32_t in_step(const struct text_views *v, size_t patch, uint32_t at)
{
	const struct patch *before = patch ? &v->patches[patch - 1] : NULL;

	return before ? before->to + (at - before->end) : at;
}

void patches_origin(const struct text_views *v, uint32_t *start, uint32_t *end)
{
	size_t first = patch_at(v, *start), last = patch_at(v, *end ? *end - 1 : 0);

	*start = first < v->n_patches && v->patches[first].start <= *start
		? v->patches[first].from
		: in_step(v, first, *start);
	*end = last < v->n_patches && v->patches[last].start < *end ? v->patches[last].to
								    : in_step(v, last, *end);
}

enum spell_trust text_spell_trust(const struct text_views *v, size_t start, size_t end)
{
	size_t n = 0, i;
	bool sure = false, sound = false, repair = true, guessed = false;

	text_view_below(v, TEXT_FOLDED, start, end, &start, &end);
	text_view_below(v, TEXT_PLAIN, start, end, &start, &end);
	for (i = patch_at(v, start); i < v->n_patches && v->patches[i].start < end; i++, n++) {
		sure |= v->patches[i].sure;
		sound |= v->patches[i].sound;
		repair &= v->patches[i].repair;
		guessed |= v->patches[i].guessed;
	}
	if (!n)
		return SPELL_UNTOUCHED;
	if (repair)
		return guessed ? SPELL_GUESSED : SPELL_REPAIRED;
	/* one word, read by its sound alone */
	if (n == 1 && sound && v->patches[i - 1].start <= start && end <= v->patches[i - 1].end)
		return SPELL_GUESSED;
	if (v->n_patches == 1)
		return sound ? SPELL_GUESSED : SPELL_SINGLE;
	return sure || n > 1 || v->crowded || !sound ? SPELL_SURE : SPELL_GUESSED;
}
