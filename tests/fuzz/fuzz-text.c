/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes, UTF-8 or not: valid views within their bounds, places that map into the text in order and on the borders of
 * its characters, and the same again from what is made when asked for. */
#include <tocsin/base/utf8.h>
#include <tocsin/text/near.h>
#include <tocsin/text/sound.h>
#include <tocsin/text/spell.h>
#include <tocsin/text/text.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void require(bool truth)
{
	if (!truth)
		abort();
}

static bool is_inside(struct slice s, size_t at)
{
	return at < s.n && ((unsigned char)s.p[at] & 0xc0) == 0x80;
}

/* in: what the places of the view map to. */
static void check_places(
	const struct text_views *v, enum text_view which, struct slice in, bool valid)
{
	struct slice view = text_view(v, which);
	uint32_t last = 0;
	/* a long text: some places only */
	for (size_t i = 0; i < view.n; i += 1 + view.n / 4096) {
		uint32_t start, end;
		text_view_origin(v, which, i, i + 1, &start, &end);
		require(start < end && end <= in.n && start >= last);
		require(!valid || (!is_inside(in, start) && !is_inside(in, end)));
		last = start;
		enum text_border border = text_border(v, which, i);
		require((border == TEXT_BORDER_WORD) == text_is_border(view, i));
	}
}

static void check_masks(struct text_views *v)
{
	static const char *const terms[] = {"con", "ta gueule", "fils de pute", "enc", "a"};
	const struct text_mask *m;
	size_t n = text_masks(v, &m), view = text_view(v, TEXT_FOLDED).n;
	require(n <= TEXT_MASKS_MAX);
	for (size_t i = 0; i < n; i++) {
		require(m[i].start < m[i].end && m[i].end <= view);
		require(!i || m[i - 1].end <= m[i].start);
		for (size_t k = 0; k < sizeof(terms) / sizeof(*terms); k++) {
			size_t start, end;
			unsigned letters;
			if (text_mask_fits(v, &m[i], slice_of(terms[k]), &start, &end, &letters))
				require(start <= m[i].start && m[i].end <= end && end <= view &&
					letters);
		}
	}
}

static void check_words(struct text_views *v, const struct near *near)
{
	const struct text_word *w;
	size_t n = text_words(v, &w);
	struct slice view = text_view(v, TEXT_FOLDED);
	for (size_t i = 0; i < n; i++) {
		char key[SOUND_MAX];
		uint32_t ids[4];
		require(w[i].start < w[i].end && w[i].end <= view.n);
		struct slice word = {view.p + w[i].start, w[i].end - w[i].start};
		require(sound_key(key, word) <= SOUND_MAX);
		require(sound_key(key, text_word_plain(v, w[i])) <= SOUND_MAX);
		require(near_find(near, word, ids, 4) <= 4);
		require(text_joined(v, i, 2).n <= 64);
		require(utf8_valid(text_joined(v, i, 3)));
	}
}

static struct spelling *new_spelling(void)
{
	static const char *const words[] = {"aller", "allez", "défoncer", "famille", "regretter",
		"payer", "habite", "connard", "gueule"};
	struct wordset *french = wordset_new();
	wordset_add(french, SLICE("habite"));
	wordset_add(french, SLICE("vous"));
	wordset_add(french, SLICE("paye"));
	struct spelling *s = spelling_new(french);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		spelling_add(s, slice_of(words[i]));
	spelling_seal(s);
	return s;
}

/* The text written out: its places map into the same original. */
static void check_spelled(struct text_views *v, struct slice in)
{
	static struct text_views *spelled;
	static struct spelling *spelling;
	if (!spelled) {
		spelled = text_views_new();
		spelling = new_spelling();
	}
	struct text_repair repairs[8];
	const struct text_undone *undone;
	size_t n = text_undone(v, &undone), squeezed = text_view(v, TEXT_SQUEEZED).n;
	for (size_t i = 0; i < n; i++) {
		require(undone[i].start <= undone[i].end && undone[i].says <= undone[i].says_end);
		require(undone[i].end <= text_view(v, TEXT_FOLDED).n &&
			undone[i].says_end <= squeezed);
		require(!i || undone[i - 1].end <= undone[i].start);
		if (i < 8)
			repairs[i] = (struct text_repair){undone[i].start, undone[i].end,
				{text_view(v, TEXT_SQUEEZED).p + undone[i].says,
					undone[i].says_end - undone[i].says}};
	}
	if (!text_views_repair(spelled, v, in.n % 2 ? spelling : NULL, repairs, n < 8 ? n : 8) &&
		!text_views_repair(spelled, v, spelling, NULL, 0))
		return;
	require(utf8_valid(text_original(spelled)) || !utf8_valid(in));
	for (int which = TEXT_PLAIN; which < TEXT_VIEWS; which++)
		check_places(spelled, (enum text_view)which, in, utf8_valid(in));
	struct slice view = text_view(spelled, TEXT_FOLDED);
	for (size_t i = 0; i < view.n; i += 1 + view.n / 512)
		require(text_spell_trust(spelled, i, view.n) <= SPELL_REPAIRED);
	check_masks(spelled);
	require(text_view(v, TEXT_FOLDED).n <= 3 * in.n && text_original(v).p == in.p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct text_views *v;
	static struct near *near;
	struct slice in = {(const char *)data, n};
	if (!v) {
		v = text_views_new();
		near = near_new();
		near_add(near, SLICE("connard"), 0);
		near_add(near, SLICE("salope"), 1);
	}
	if (n > 1 << 20)
		return 0;
	text_views_make(v, in);
	for (int which = TEXT_PLAIN; which < TEXT_VIEWS; which++) {
		struct slice view = text_view(v, (enum text_view)which);
		require(utf8_valid(view) && view.n <= 3 * n);
		check_places(v, (enum text_view)which, in, utf8_valid(in));
	}
	check_masks(v);
	check_words(v, near);
	check_spelled(v, in);
	return 0;
}
