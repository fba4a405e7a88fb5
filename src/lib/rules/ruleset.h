/* SPDX-License-Identifier: GPL-3.0-or-later
 * A compiled ruleset, as the scorer walks it.
 *
 *   comment ─views─▶ one literal scan ─▶ terms checked at the spot ─▶ hits of atoms ─▶ rules that have a hit
 *
 * An atom is a leaf of a condition (words, phrase, contains, regex); it belongs to one rule. A literal is
 * what the scanner looks for; a term is one way to accept it (borders, endings, accents), and serves atoms. */
#ifndef RULES_RULESET_H
#define RULES_RULESET_H
#define PCRE2_CODE_UNIT_WIDTH 8
#include <hs/hs.h>
#include <pcre2.h>
#include <tocsin/rules/rules.h>
#include <tocsin/text/text.h>

#define SLICE_MAX 8192u /* bytes of text given to PCRE2 at once */
#define SLICE_OVERLAP 1024u /* longest match we promise to find across a cut */
#define MATCH_LIMIT 10000u
#define HEAP_LIMIT_KIB 2048u
#define HITS_MAX 4096u /* of one comment; more than that is for a human */
#define SCORE_ONE 100u /* scores are hundredths */

enum rule_status { RULE_DRAFT, RULE_SHADOW, RULE_LIVE, RULE_RETIRED };

/* What may follow a term inside its word. */
enum ending { ENDING_E = 1, ENDING_S = 2, ENDING_ES = 4, ENDING_X = 8 };

enum term_flags {
	TERM_LEFT = 1, /* begins at a border */
	TERM_RIGHT = 2, /* ends at a border, after an ending that it allows */
	TERM_SQUEEZED = 4, /* exists in the squeezed view only */
	TERM_REGEX = 8, /* only says that a regex may match */
	TERM_DISGUISED = 16 /* its rule also wants to find it in the squeezed view */
};

struct term {
	struct slice plain; /* with its accents */
	uint8_t endings, flags;
	uint32_t first_atom, n_atoms; /* in ruleset.term_atoms */
};

struct literal {
	uint32_t length;
	uint32_t first_term, n_terms;
	bool left; /* every term of it begins at a border */
};

struct regex {
	pcre2_code *code;
	bool plain; /* runs on the view with accents */
};

struct atom {
	uint32_t rule;
	int32_t regex; /* -1: none */
	bool always; /* a regex that no literal announces */
};

enum condition_type { CONDITION_ATOM, CONDITION_ANY, CONDITION_ALL, CONDITION_NOT, CONDITION_NEAR };
struct condition {
	enum condition_type type;
	uint32_t atom;
	uint32_t within; /* words between two neighbours */
	bool ordered;
	struct condition **children;
	size_t n;
};

struct rule {
	struct slice id, title;
	uint32_t pack;
	enum rule_status status;
	bool topic;
	int category; /* index of categories[], -1 for a topic */
	uint8_t priority; /* 0, 1..4 */
	uint8_t lanes;
	bool disguise;
	uint32_t score; /* hundredths */
	struct condition *when, *unless; /* unless may be NULL */
	struct slice service, reply, escalate, spike;
	bool always; /* has an atom that no literal announces */
};

struct pack {
	struct slice id;
	uint32_t queue, alert; /* hundredths */
	uint32_t *caps; /* a category */
};

enum sample_kind { SAMPLE_MATCH, SAMPLE_NO_MATCH, SAMPLE_TODO };
struct sample {
	enum sample_kind kind;
	uint32_t rule;
	struct slice text;
	const char *path;
	unsigned line, column;
};

#define LIST(type, name) \
	type *name; \
	size_t n_##name, cap_##name
struct ruleset {
	struct arena arena;
	LIST(struct rule, rules);
	LIST(struct pack, packs);
	LIST(struct atom, atoms);
	LIST(struct regex, regexes);
	LIST(struct sample, samples);
	LIST(uint32_t, always); /* rules to look at in every comment */
	struct literal *literals;
	struct term *terms;
	uint32_t *term_atoms;
	size_t n_literals;
	hs_database_t *scanner; /* NULL without literals */
	char hash[DIGEST_HEX];
};

/* Appends a zeroed element to a LIST of a struct. */
void *list_grow(void *list, size_t *n, size_t *cap, size_t size);
#define list_add(owner, name) \
	((owner)->name = list_grow( \
		 (owner)->name, &(owner)->n_##name, &(owner)->cap_##name, sizeof(*(owner)->name)), \
		&(owner)->name[(owner)->n_##name - 1])
#endif
