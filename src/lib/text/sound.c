/* SPDX-License-Identifier: GPL-3.0-or-later
 * French letters to sounds, left to right, the longest spelling first. The rules are those of school grammars
 * (Grevisse, Le bon usage, §§ 83-96), without their exceptions. */
#include <tocsin/text/sound.h>

#include <tocsin/base/utf8.h>

#include "scalar.h"

/* é, è, ê, ë of the plain view; others lose their accent. ç is s. */
#define E_ACUTE '{'
#define C_CEDILLA '|'
#define BLANK '}'

/* A set of letters, a bit each: what is looked at here are these three, a to z, and 0. */
#define BIT(c) (1u << ((c)&31))
#define NASALS (BIT('n') | BIT('m'))
#define SOFTENERS (BIT('e') | BIT('i') | BIT('y') | BIT(E_ACUTE))
#define VOWELS (SOFTENERS | BIT('a') | BIT('o') | BIT('u'))
#define ENDS (BIT(BLANK) | BIT(0))

enum { LETTERS_MAX = 96, ZEROS = 3 };

struct spelling {
	/* of one text; BLANK between and behind words, zeros at the end */
	char letters[LETTERS_MAX + 1 + ZEROS];
	size_t n, at;
	char *out;
	size_t sounds;
	size_t word; /* the sounds before this word */
};

static char letter_of(uint32_t c)
{
	if (c < 0x80)
		return c >= 'a' && c <= 'z' ? (char)c : BLANK;
	if (c >= 0xe0 && c <= 0xe5)
		return 'a';
	if (c == 0xe7)
		return C_CEDILLA;
	if (c >= 0xe8 && c <= 0xeb)
		return E_ACUTE;
	if (c >= 0xec && c <= 0xef)
		return 'i';
	if (c >= 0xf2 && c <= 0xf6)
		return 'o';
	if (c >= 0xf9 && c <= 0xfc)
		return 'u';
	return c == 0xf1 ? 'n' : c == 0xff ? 'y' : 0;
}

/* An m or n behind the e that begins a word. */
static bool is_doubled_nasal(const struct spelling *s)
{
	const char *end = s->letters + s->n;

	return s->n >= 2 && (end[-1] == 'm' || end[-1] == 'n') && end[-2] == 'e' &&
		(s->n == 2 || end[-3] == BLANK);
}

/* The letters without blanks in a row, doubled letters and h but for ch, ph, th, sh. */
static bool read_letters(struct spelling *s, struct slice text)
{
	for (size_t i = 0; i < text.n;) {
		size_t length;
		char c = letter_of(scalar_at(text, i, &length)),
		     last = s->n ? s->letters[s->n - 1] : BLANK;

		i += length;
		if (!c || s->n == LETTERS_MAX)
			return false;
		/* emmerder and ennui keep both: the first is spoken through the nose */
		if (c == last && c != 's' && !is_doubled_nasal(s))
			continue;
		if (c == 'h' && last != 'c' && last != 'p' && last != 's')
			continue;
		if (c == 's' && last == 's' && s->n > 1 && s->letters[s->n - 2] == 's')
			continue;
		s->letters[s->n++] = c;
	}
	if (s->n && s->letters[s->n - 1] != BLANK)
		s->letters[s->n++] = BLANK;
	memset(s->letters + s->n, 0, ZEROS);
	return true;
}

static inline bool is_one_of(char c, unsigned set)
{
	return set >> (c & 31) & 1;
}

static inline bool is_vowel(char c)
{
	return is_one_of(c, VOWELS);
}

static inline bool is_end(char c)
{
	return is_one_of(c, ENDS);
}

/* The rest of the word is letters that nobody hears: pute, putes; chat, forts, ils. */
static bool is_mute_rest(const char *p)
{
	const unsigned mute = BIT('s') | BIT('x') | BIT('z') | BIT('t') | BIT('d') | BIT('p');

	if (*p == 'e' && (is_end(p[1]) || (p[1] == 's' && is_end(p[2]))))
		return true;
	while (is_one_of(*p, mute))
		p++;
	return is_end(*p);
}

static bool starts(const char *p, const char *with)
{
	while (*with && *p == *with) {
		p++;
		with++;
	}
	return !*with;
}

static void put(struct spelling *s, char sound, size_t letters)
{
	s->at += letters;
	if (s->sounds > SOUND_MAX) /* given up */
		return;
	/* a sound is not repeated within a word: cc, sc */
	if (s->sounds > s->word && s->out[s->sounds - 1] == sound)
		return;
	if (s->sounds < SOUND_MAX)
		s->out[s->sounds] = sound;
	s->sounds++;
}

/* Vowel letters before n or m that are spoken through the nose: not before a vowel or another n. */
static bool nasal(struct spelling *s)
{
	static const struct {
		char letters[4], n, sound;
	} list[] = {{"ain", 3, 'I'}, {"aim", 3, 'I'}, {"ein", 3, 'I'}, {"eim", 3, 'I'},
		{"ien", 3, 0}, {"yn", 2, 'I'}, {"ym", 2, 'I'}, {"in", 2, 'I'}, {"im", 2, 'I'},
		{"un", 2, 'I'}, {"um", 2, 'I'}, {"an", 2, 'A'}, {"am", 2, 'A'}, {"en", 2, 'A'},
		{"em", 2, 'A'}, {"on", 2, 'O'}, {"om", 2, 'O'}};
	const char *p = s->letters + s->at;

	if (!is_one_of(p[1], NASALS) && !is_one_of(p[2], NASALS))
		return false;
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		size_t n = (size_t)list[i].n;

		if (!starts(p, list[i].letters) || is_vowel(p[n]))
			continue;
		if (!list[i].sound) { /* bien: y, then in */
			put(s, 'i', 1);
			put(s, 'I', 2);
		} else {
			put(s, list[i].sound, n);
		}
		return true;
	}
	return false;
}

/* Vowels written with several letters. */
static bool vowels(struct spelling *s)
{
	static const struct {
		const char *letters, *sounds;
	} list[] = {{"eau", "o"}, {"au", "o"}, {"oeu", "2"}, {"eu", "2"}, {"oe", "2"}, {"ou", "w"},
		{"oi", "wa"}, {"oy", "wai"}, {"ai", "e"}, {"ay", "ei"}, {"ei", "e"}, {"ey", "e"}};
	const char *p = s->letters + s->at;

	if (!is_one_of(*p, BIT('a') | BIT('e') | BIT('o')) ||
		!is_one_of(p[1], BIT('a') | BIT('e') | BIT('i') | BIT('u') | BIT('y')))
		return false;
	/* racaille, oreille, payer: the i belongs to what follows */
	if (is_one_of(*p, BIT('a') | BIT('e')) &&
		((starts(p + 1, "il") && (is_mute_rest(p + 3) || is_vowel(p[3]))) ||
			(p[1] == 'y' && is_vowel(p[2])))) {
		put(s, *p, 1);
		return true;
	}
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		if (starts(p, list[i].letters)) {
			size_t n = strlen(list[i].letters);

			for (const char *c = list[i].sounds; *c; c++)
				put(s, *c, 0);
			s->at += n;
			return true;
		}
	return false;
}

/* An e by itself, not the last letter. As é everywhere: the folded view has lost the accent, and only some would
 * hear the difference. -er, -ez, -et are é too. */
static void letter_e(struct spelling *s)
{
	const char *p = s->letters + s->at;
	bool long_enough = s->sounds - s->word >= 2 || p[1] != 'r'; /* mer, fer: the r is heard */
	bool ending = is_one_of(p[1], BIT('r') | BIT('z') | BIT('t')) &&
		(is_end(p[2]) || (p[2] == 's' && is_end(p[3]) && p[1] == 't'));

	put(s, 'e', ending && long_enough ? 2 : 1);
}

/* Consonants that depend on what follows. */
static void letter_cgs(struct spelling *s)
{
	const char *p = s->letters + s->at;
	char before = s->at ? s->letters[s->at - 1] : BLANK;
	/* « geule » is meant to be gueule */
	bool soft = is_one_of(p[1], SOFTENERS) && !(before == BLANK && starts(p, "geu"));

	switch (*p) {
	case 'c':
		if (p[1] == 'h')
			put(s, p[2] == 'r' || p[2] == 'l' ? 'k' : 'C', 2);
		else
			put(s, soft ? 's' : 'k',
				p[1] == 'k' || (p[1] == 'q' && p[2] == 'u') ? 2 : 1);
		break;
	case 'g':
		if (p[1] == 'n')
			put(s, 'N', 2);
		else if (p[1] == 'u' && is_one_of(p[2], SOFTENERS))
			put(s, 'g', 2);
		else if (p[1] == 'e' && is_one_of(p[2], BIT('a') | BIT('o')))
			put(s, 'j', 2);
		else
			put(s, soft ? 'j' : 'g', 1);
		break;
	default: /* s */
		if (p[1] == 'h')
			put(s, 'C', 2);
		else if (p[1] == 'c' && is_one_of(p[2], SOFTENERS))
			put(s, 's', 2);
		else
			put(s, is_vowel(before) && is_vowel(p[1]) ? 'z' : 's', p[1] == 's' ? 2 : 1);
		break;
	}
}

static void consonant(struct spelling *s)
{
	const char *p = s->letters + s->at;

	switch (*p) {
	case 'c':
	case 'g':
	case 's': letter_cgs(s); break;
	case C_CEDILLA: put(s, 's', 1); break;
	case 'p': put(s, p[1] == 'h' ? 'f' : 'p', p[1] == 'h' ? 2 : 1); break;
	case 'q': put(s, 'k', p[1] == 'u' ? 2 : 1); break;
	case 't':
		if (starts(p, "tion"))
			put(s, 's', 1);
		else
			put(s, 't', 1);
		break;
	case 'w': put(s, 'v', 1); break;
	case 'x':
		put(s, 'k', 0);
		put(s, 's', 1);
		break;
	case 'h': s->at++; break;
	default: put(s, *p, 1); break;
	}
}

/* ill after a vowel or another consonant: bataille, fille. */
static bool letter_ill(struct spelling *s)
{
	const char *p = s->letters + s->at;
	bool vowel = s->at && is_vowel(s->letters[s->at - 1]);

	/* doubled letters are single here, so ill is il */
	if (!starts(p, "il") || !vowel || !(is_mute_rest(p + 2) || is_vowel(p[2])))
		return false;
	put(s, 'i', 2);
	return true;
}

static void next_sound(struct spelling *s)
{
	const char *p = s->letters + s->at;
	bool inside = s->sounds > s->word;

	if (*p == BLANK) {
		s->at++;
		s->word = s->sounds;
	} else if (inside && is_mute_rest(p)) {
		while (!is_end(s->letters[s->at]))
			s->at++;
	} else if (is_vowel(*p) && (nasal(s) || letter_ill(s) || vowels(s))) {
		return;
	} else if (*p == 'e') {
		letter_e(s);
	} else if (*p == E_ACUTE) {
		put(s, 'e', 1);
	} else if (*p == 'y') {
		put(s, 'i', 1);
	} else if (is_vowel(*p)) {
		put(s, *p, 1);
	} else {
		consonant(s);
	}
}

size_t sound_key(char out[static SOUND_MAX], struct slice text)
{
	struct spelling s; /* its letters are not cleared */

	s.out = out;
	s.n = s.at = s.sounds = s.word = 0;
	if (!read_letters(&s, text))
		return 0;
	while (s.at < s.n)
		next_sound(&s);
	return s.sounds <= SOUND_MAX ? s.sounds : 0;
}
