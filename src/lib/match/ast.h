/* SPDX-License-Identifier: GPL-3.0-or-later
 * An expression as a tree: the part of PCRE2's syntax that rules may use. What the parser does not know, it refuses:
 * nothing is ever read in another way than PCRE2 reads it.
 *
 * The tree speaks about the views of a text, not about any text (views.c and the tests of this room hold them to it):
 *	- no ASCII capital, no character that PCRE2 holds for a capital or a form of an ASCII letter (K, ſ);
 *	- of the accented letters of Latin-1 only the small ones;
 *	- spaces are single; what else PCRE2 holds for a blank is a line feed; no other control character. */
#ifndef MATCH_AST_H
#define MATCH_AST_H
#include <stdint.h>
#include <tocsin/base/arena.h>
#include <tocsin/match/match.h>

#define REPEAT_INF UINT32_MAX
/* What a repetition without an end counts as, in characters. */
#define REPEAT_COUNTS 64u

/* One character: those that may be meant, never fewer. */
struct chars {
	uint64_t ascii[2]; /* a bit each */
	uint32_t latin; /* U+00E0 to U+00FF, a bit each */
	bool other; /* any character that the two fields above do not hold */
	bool signs; /* of these no letter or figure */
	bool loose; /* the ASCII part may hold too many */
};

enum node_kind {
	NODE_EMPTY,
	NODE_CHARS,
	NODE_SEQUENCE,
	NODE_ALTERNATION,
	NODE_REPEAT,
	NODE_ASSERT, /* \b ^ $ and the like: the letter is in `assertion` */
	NODE_LOOK, /* ahead or behind; its child says what */
	NODE_TEXT /* some text: a back reference, \X, \R */
};

struct node {
	enum node_kind kind;
	struct node *child, *next;
	uint32_t min, max; /* of a repetition */
	bool lazy, possessive; /* of a repetition */
	bool atomic; /* of a sequence or alternation: its first way is its only way */
	bool behind; /* of a look */
	char assertion; /* b B ^ $ A Z z; of a text 1 when it is a back reference */
	struct chars chars;
	uint32_t at, end; /* place in the pattern, bytes */
};

struct tree {
	struct node *root;
	struct arena *arena; /* of the nodes */
	bool plain; /* holds an accented letter: meant for the view with accents */
	bool cased; /* a part of it minds capitals */
	bool backward; /* holds a back reference */
};

/* Fills *ret with nodes in the arena. Returns true, or false with the reason in *f. */
bool tree_parse(struct arena *a, struct slice pattern, struct tree *ret, struct match_fault *f);

/* The reading position, shared by the parser's files. */
struct parser {
	struct slice s;
	size_t at;
	struct arena *arena;
	struct tree *tree;
	struct match_fault *f;
	unsigned depth;
	bool failed;
};
struct node *node_new(struct parser *p, enum node_kind kind);
/* Notes the first fault; returns NULL. */
struct node *parse_fail(struct parser *p, const char *hint, const char *format, ...) _format_(3, 4);
/* The same for what is no correct expression: says where. */
struct node *parse_wrong(struct parser *p, const char *what);
/* At "[": the class, with the cursor behind "]". */
struct node *parse_class(struct parser *p);
/* At "\": what the escape means outside a class. */
struct node *parse_escape(struct parser *p);
/* Reads \p{…} or \P… behind the letter. */
bool parse_property(struct parser *p, bool negated, struct chars *ret);
/* Reads \x, \o, \c, \t … at the letter; false when it is no single character. */
bool parse_char_escape(struct parser *p, uint32_t *ret);
/* \d \D \h … : false when the letter names no class. */
bool chars_of_letter(char letter, struct chars *ret);

void chars_add(struct chars *c, uint32_t first, uint32_t last);
void chars_join(struct chars *c, const struct chars *other);
void chars_negate(struct chars *c);
static inline bool chars_has(const struct chars *c, unsigned char ascii)
{
	return c->ascii[ascii / 64] >> (ascii % 64) & 1;
}
bool chars_overlap(const struct chars *a, const struct chars *b);
/* Every one of them is an ASCII letter, figure or underscore. */
bool chars_are_words(const struct chars *c);
/* Spans words: letters and blanks alike. */
bool chars_are_gap(const struct chars *c);
/* How many characters of a view they are: at most `max`, each UTF-8 in ret; 0 when more, or when others may be meant. */
#define CHARS_FEW 12u
size_t chars_list(const struct chars *c, char ret[static CHARS_FEW][4]);

/* Lengths in bytes of a view; max counts a repetition without an end as REPEAT_COUNTS characters. */
struct extent {
	uint32_t min, max;
	bool exact; /* max is no such convention */
};
struct extent node_extent(const struct node *n);
/* The first repetition without an end over words and blanks, or NULL. */
const struct node *tree_gap(const struct node *n);
/* True when the time of matching may grow faster than the text: it deserves a trial. */
bool tree_is_risky(const struct node *n);
/* How many bytes before or behind a match the expression looks at. */
uint32_t tree_outlook(const struct node *n, bool behind);
#endif
