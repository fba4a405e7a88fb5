/* SPDX-License-Identifier: GPL-3.0-or-later
 * Regular inflection of words that no dictionary knows: slang, misspellings that became words. Pure. */
#include "regular.h"

#include <tocsin/inflect/inflect.h>

enum {
	MS = MARK_MAS | MARK_SG,
	MP = MARK_MAS | MARK_PL,
	FS = MARK_FEM | MARK_SG,
	FP = MARK_FEM | MARK_PL,
	SG = MARK_GENDER | MARK_SG,
	PL = MARK_GENDER | MARK_PL,
	M = MARK_MAS | MARK_NUMBER,
};

struct ending {
	uint8_t cut; /* bytes that give way */
	const char *add;
	uint32_t marks;
};
struct pattern {
	const char *end;
	uint32_t own; /* marks of the word as it stands */
	struct ending others[6]; /* up to one without marks */
};

/* First line that fits wins: longer ends first. */
static const struct pattern patterns[] = {
	{"é", MS, {{0, "e", FS}, {0, "s", MP}, {0, "es", FP}}},
	{"eur", MS, {{0, "s", MP}, {1, "se", FS}, {1, "ses", FP}}},
	{"eux", M, {{1, "se", FS}, {1, "ses", FP}}},
	{"if", MS, {{0, "s", MP}, {1, "ve", FS}, {1, "ves", FP}}},
	{"al", MS, {{0, "s", MP}, {1, "ux", MP}, {0, "e", FS}, {0, "es", FP}}},
	{"ard", MS, {{0, "s", MP}, {0, "e", FS}, {0, "es", FP}, {3, "asse", FS}, {3, "asses", FP}}},
	{"eau", MS, {{0, "s", MP}, {0, "x", MP}}},
	{"au", MS, {{0, "s", MP}, {0, "x", MP}}},
	{"eu", MS, {{0, "s", MP}, {0, "x", MP}, {0, "e", FS}, {0, "es", FP}}},
	{"ou", MS, {{0, "s", MP}, {0, "x", MP}}},
	{"on", MS, {{0, "s", MP}, {0, "ne", FS}, {0, "nes", FP}}},
	{"ien", MS, {{0, "s", MP}, {0, "ne", FS}, {0, "nes", FP}}},
	{"el", MS, {{0, "s", MP}, {0, "le", FS}, {0, "les", FP}}},
	{"er", MS, {{0, "s", MP}, {2, "ère", FS}, {2, "ères", FP}}},
	{"e", SG, {{0, "s", PL}}},
	{"s", M, {{0, "e", FS}, {0, "es", FP}}},
	{"x", MARK_GENDER | MARK_NUMBER, {{0}}},
	{"z", MARK_GENDER | MARK_NUMBER, {{0}}},
	{"", MS, {{0, "e", FS}, {0, "s", MP}, {0, "es", FP}}},
};
/* « pd », « fdp » in small letters: nobody says them as words. */
static const struct pattern spelt = {"", MARK_GENDER | MARK_SG, {{0, "s", MARK_GENDER | MARK_PL}}};

static bool ends_with(struct slice s, const char *end)
{
	size_t n = strlen(end);

	return s.n > n && memcmp(s.p + s.n - n, end, n) == 0;
}

static bool is_vowel(char c)
{
	return (c && strchr("aeiouy", c)) || (unsigned char)c >= 0x80;
}

static bool has_vowel(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (is_vowel(s.p[i]))
			return true;
	return false;
}

void regular_word(struct slice word, form_fn *fn, void *arg)
{
	const struct pattern *p = patterns;
	char form[DICT_FORM_MAX];

	if (!word.n || word.n > DICT_FORM_MAX - 8)
		return;
	while (!ends_with(word, p->end))
		p++;
	if (!has_vowel(word))
		p = &spelt;
	fn(arg, word, p->own);
	for (const struct ending *o = p->others; o->marks; o++) {
		size_t kept = word.n - o->cut, n = strlen(o->add);

		memcpy(form, word.p, kept);
		memcpy(form + kept, o->add, n);
		fn(arg, (struct slice){form, kept + n}, o->marks);
	}
}

struct bare {
	inflect_fn *fn;
	void *arg;
};

static void without_marks(void *arg, struct slice form, uint32_t marks)
{
	struct bare *b = arg;

	(void)marks;
	b->fn(b->arg, form);
}

void inflect_regular_word(struct slice word, inflect_fn *fn, void *arg)
{
	regular_word(word, without_marks, &(struct bare){fn, arg});
}

/* First group. The endings from the mute one on have an e that is not heard. */
static const char *const first_group[] = {"er", "ant", "ons", "ez", "ais", "ait", "ions", "iez",
	"aient", "ai", "as", "a", "âmes", "âtes", "èrent", "asse", "asses", "ât", "assions",
	"assiez", "assent", "é", "és", "ée", "ées", NULL};
static const char *const mute[] = {"e", "es", "ent", "erai", "eras", "era", "erons", "erez",
	"eront", "erais", "erait", "erions", "eriez", "eraient", NULL};
static const char *const second_group[] = {"ir", "issant", "is", "it", "issons", "issez", "issent",
	"issais", "issait", "issions", "issiez", "issaient", "îmes", "îtes", "irent", "irai",
	"iras", "ira", "irons", "irez", "iront", "irais", "irait", "irions", "iriez", "iraient",
	"isse", "isses", "ît", "i", "ie", "ies", NULL};

/* Stems before each ending; soft: the stem before a and o. */
static void conjugate(
	struct slice stem, struct slice soft, const char *const *endings, inflect_fn *fn, void *arg)
{
	char form[DICT_FORM_MAX];

	for (; *endings; endings++) {
		const char *end = *endings;
		bool is_soft = *end == 'a' || *end == 'o' || strncmp(end, "â", 2) == 0;
		struct slice s = is_soft ? soft : stem;
		size_t n = strlen(end);

		memcpy(form, s.p, s.n);
		/* NOLINTNEXTLINE(bugprone-not-null-terminated-result): a slice has no end mark */
		memcpy(form + s.n, end, n);
		fn(arg, (struct slice){form, s.n + n});
	}
}

/* The stem with è before a mute ending (accélérer, lever), or with i for y; false when it has none. */
static bool other_stem(struct slice stem, struct buf *out)
{
	size_t at = stem.n;

	if (stem.p[at - 1] == 'y' && at > 1 && is_vowel(stem.p[at - 2])) {
		buf_add(out, stem.p, at - 1);
		buf_add_char(out, 'i');
		return true;
	}
	while (at && !is_vowel(stem.p[at - 1]))
		at--;
	if (at == stem.n || stem.n - at > 2 || !at)
		return false;
	if (at >= 2 && memcmp(stem.p + at - 2, "é", 2) == 0)
		buf_add(out, stem.p, at - 2);
	else if (stem.p[at - 1] == 'e' && stem.n - at == 1)
		buf_add(out, stem.p, at - 1);
	else
		return false;
	buf_add_string(out, "è");
	buf_add(out, stem.p + at, stem.n - at);
	return true;
}

bool inflect_regular_verb(struct slice lemma, inflect_fn *fn, void *arg)
{
	_buf_ struct buf soft = {0}, other = {0};
	struct slice stem;

	if (lemma.n > DICT_FORM_MAX - 16 || lemma.n < 4)
		return false;
	stem = (struct slice){lemma.p, lemma.n - 2};
	if (ends_with(lemma, "ir")) {
		conjugate(stem, stem, second_group, fn, arg);
		return true;
	}
	if (!ends_with(lemma, "er"))
		return false;
	buf_add_slice(&soft, stem);
	if (stem.p[stem.n - 1] == 'g') {
		buf_add_char(&soft, 'e');
	} else if (stem.p[stem.n - 1] == 'c') {
		soft.n--;
		buf_add_string(&soft, "ç");
	}
	conjugate(stem, buf_slice(&soft), first_group, fn, arg);
	conjugate(stem, stem, mute, fn, arg);
	if (other_stem(stem, &other))
		conjugate(buf_slice(&other), buf_slice(&other), mute, fn, arg);
	return true;
}
