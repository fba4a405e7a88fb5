/* SPDX-License-Identifier: GPL-3.0-or-later
 * The words of a text with what stands between them and the cues they are part of: what the context operators walk.
 * Built when a condition first asks for a context, so that an ordinary comment does not pay for it. */
#ifndef RULES_TOKENS_H
#define RULES_TOKENS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum gap { /* what stands before a token */
	GAP_SENTENCE = 1, /* it begins a sentence */
	GAP_CLAUSE = 2, /* semicolon, parenthesis */
	GAP_COMMA = 4, /* comma, dash */
	GAP_QUOTE = 8, /* a quotation mark */
	GAP_MENTION = 16, /* @ */
	GAP_COLON = 32 /* what follows belongs to what stands before */
};

struct token { /* bytes of the folded view */
	uint32_t start, end;
	uint32_t cues; /* bits of enum cue */
	uint8_t gap;
	bool quoted; /* stands between a pair of quotation marks */
};

struct tokens {
	struct token *list;
	size_t n, cap;
	bool built;
};

struct scorer;
/* The tokens of the text at hand. */
const struct tokens *tokens_of(struct scorer *s);
/* The first token that ends behind `at`; n when there is none. */
size_t token_at(const struct tokens *t, uint32_t at);
#endif
