/* SPDX-License-Identifier: GPL-3.0-or-later
 * A Hunspell dictionary in memory (hunspell(5)): affix rules and entries. What is read: SET UTF-8, FLAG (all four
 * kinds), AF, AM, SFX, PFX with conditions and continuation flags, FULLSTRIP, NEEDAFFIX, FORBIDDENWORD, CIRCUMFIX,
 * ONLYINCOMPOUND, and of the morphological fields po:, is:, st:, ds:. The rest serves suggestions and compounds, and is
 * passed over. Not applied: prefixes that elide (l', qu'…), rules of a circumfix, a prefix in a suffix's continuation. */
#ifndef INFLECT_DICT_H
#define INFLECT_DICT_H
#include <stdint.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>
#include "plain.h"

/* Marks of a form: word class, gender, number. */
enum {
	MARK_NOUN = 1 << 0,
	MARK_ADJ = 1 << 1,
	MARK_VERB = 1 << 2, /* entry of a verb */
	MARK_INFINITIVE = 1 << 3,
	MARK_PARTICIPLE = 1 << 4, /* past */
	MARK_DET = 1 << 5,
	MARK_CLITIC = 1 << 6, /* never without a pronoun behind it: vas-y, cassè(-je) */
	MARK_ERROR = 1 << 7,
	MARK_MAS = 1 << 8,
	MARK_FEM = 1 << 9,
	MARK_SG = 1 << 10,
	MARK_PL = 1 << 11,
	MARK_TOOL = 1 << 14, /* a grammatical word: tu, pas, moins */
	MARK_STEM = 1 << 12, /* set by expand: the entry itself */
	MARK_PREFIXED = 1 << 13, /* set by expand: another word (kilomètre) */
};
#define MARK_GENDER (MARK_MAS | MARK_FEM)
#define MARK_NUMBER (MARK_SG | MARK_PL)

#define DICT_FILE_MAX ((size_t)32 << 20)
#define DICT_ENTRIES_MAX ((size_t)1 << 20)
#define DICT_RULES_MAX ((size_t)1 << 16)
/* Rules tried for one entry; beyond, its other forms are left out. French needs a tenth. */
#define DICT_ENTRY_WORK (1u << 13)
#define DICT_FORM_MAX 250u /* bytes; longer forms are left out */

/* A run of flags in dict.pool. */
struct flags {
	uint32_t first;
	uint16_t n;
};
struct rule {
	struct slice strip, add, condition;
	struct flags next; /* continuation */
	uint32_t marks;
	uint16_t flag;
	uint8_t condition_length; /* characters that it looks at */
	bool literal; /* the condition is text, without classes */
	bool needs_affix, off; /* off: elides, or is half of a circumfix */
};
struct group {
	uint32_t first, n;
	bool prefix, cross;
};
struct entry {
	struct slice stem, key; /* as written; as plain text */
	struct flags flags;
	uint32_t marks;
	uint32_t next; /* in its chain, 0: end */
	bool capitals; /* an acronym or a symbol: VA */
	bool derived; /* stands here for the word that it is a form of (st:) */
};
enum flag_kind { FLAG_BYTE, FLAG_LONG, FLAG_NUM, FLAG_UTF8 };
struct aliases {
	struct slice *list;
	size_t n, cap, expected;
	bool declared;
};
/* Suffix rules by what they add. */
struct suffix_run {
	uint32_t first, end; /* in suffix_index.rules; end 0: none */
};
struct suffix_index {
	uint32_t *rules;
	size_t n;
	struct suffix_run *slots; /* open addressing */
	size_t n_slots, longest; /* bytes of what is added */
};
struct dict {
	struct buf aff, dic; /* the files; slices below point into them */
	struct plain *plain; /* borrowed; set before dict_read */
	struct buf
		keys; /* plain keys that differ from what is written; filled before any slice is taken */
	enum flag_kind flag_kind;
	bool full_strip;
	uint16_t needs_affix, forbidden, circumfix, compound_only; /* 0: none */
	struct aliases flags_aliases, marks_aliases;
	struct rule *rules;
	size_t n_rules, cap_rules;
	struct suffix_index suffixes;
	struct group *groups; /* from 1 */
	size_t n_groups, cap_groups;
	uint16_t *group_of; /* by flag; 0: none */
	uint16_t *pool;
	size_t n_pool, cap_pool;
	struct entry *entries; /* from 1 */
	size_t n_entries, cap_entries;
	uint32_t *slots; /* chains by key */
	size_t n_slots;
};

/* Reads both files' text (moved into d, which is zeroed but for plain). The names are for messages. */
int dict_read(struct dict *d, struct buf *aff, const char *aff_name, struct buf *dic,
	const char *dic_name, struct error *e) _must_check_;
void dict_release(struct dict *d);
/* First entry of a plain key, or 0; then entries[n].next. */
uint32_t dict_find(const struct dict *d, struct slice key);

/* reader.c: what both files' readers share */
struct reader {
	struct dict *d;
	const char *name;
	struct slice rest;
	size_t line;
	struct error *e;
};
bool reader_line(struct reader *r, struct slice *ret);
struct slice reader_word(struct slice *line);
int reader_fault(const struct reader *r, const char *text, struct slice what);
int reader_flags(struct reader *r, struct slice text, struct flags *ret) _must_check_;
int reader_marks(struct reader *r, struct slice text, uint32_t *ret_marks, struct slice *ret_stem)
	_must_check_;
bool flags_have(const struct dict *d, struct flags f, uint16_t flag);

int aff_read(struct dict *d, const char *name, struct error *e) _must_check_;
int dic_read(struct dict *d, const char *name, struct error *e) _must_check_;

/* expand.c. The text of a form is as the dictionary writes it and holds until fn returns. Returns the rules tried. */
typedef void form_fn(void *arg, struct slice form, uint32_t marks);
unsigned expand_entry(const struct dict *d, const struct entry *entry, form_fn *fn, void *arg);
/* Whether a rule may be applied to a word. */
bool condition_fits(const struct rule *rule, bool prefix, struct slice text);

/* unfix.c. What unfix_word needs; once all rules are read. */
void index_suffixes(struct dict *d);
/* The base forms that a plain word may come from: calls back each entry that some suffix leads back to (one may come
 * twice; that the word is a form of it is for the caller to see). */
typedef void entry_fn(void *arg, const struct entry *entry);
void unfix_word(const struct dict *d, struct slice word, entry_fn *fn, void *arg);
#endif
