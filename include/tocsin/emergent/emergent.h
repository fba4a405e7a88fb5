/* SPDX-License-Identifier: GPL-3.0-or-later
 * Emergent topics: words, pairs of words, hashtags and names that no rule declares, told as soon as several authors
 * say them together; nothing of the address of a page, of mail or of somebody on the net. Pure; event time; continuous (no days, no epochs); memory fixed at about 45 MiB.
 *
 * A *term* is a word (folded, without its plural or feminine ending) or a pair of words near each other, in any order.
 * Each comment counts once for a term, each author once among a term's latest. What a term was in the past is an
 * exponentially weighted count (half-life 60 days) against the same count of all comments; so the measure of time is
 * comments heard, and neither nights nor loud days deceive it.
 *
 * Chance: given a first comment with the term, how probable are k - 1 others among the m comments since? The
 * term's rate is unknown; with h past comments among E it is Gamma(h + 1 - s, E), so that the count is negative
 * binomial, where s is the discount of Pitman and Yor (1997): the share of terms that are heard once and never
 * again, learnt, apart for words and for pairs. The best k and m count (a scan statistic), up to 24 h back. Two
 * ordinary words that the same comments say together are judged by the product of their rates, the same way.
 * The score is -log10 of that chance. What else rises in the same comments names the topic and adds nothing to its score:
 * mostly it is the rest of one sentence. Nor do comments that quote another count: a passage of six words around the term
 * that two have in common is said once; unless five do: that is a slogan, and each who says it counts.
 *
 * What is told: at least three authors, and a score over a bar which each topic raises and time lowers, so that over
 * weeks at most about `topics_a_day` are told, the least likely ones; who wants more is also told what is likelier. French
 * articles, pronouns and auxiliaries are no words; those in every twentieth comment are stop-words, whatever they mean;
 * greetings and signatures become such, or have a past, by themselves.
 *
 * Copied texts are found by their smallest hashes (Broder 1997), count as one comment, and are told as a campaign when
 * four authors sent one. What was told is not told again for a week, under no other word of the same comments; comments
 * that speak of it are known by its number. What half of its comments say to a topic of the rules is not
 * told at all. */
#ifndef TOCSIN_EMERGENT_EMERGENT_H
#define TOCSIN_EMERGENT_EMERGENT_H
#include <stdint.h>
#include <tocsin/base/slice.h>

/* Of one minute of event time so many comments are remembered, so many of an author, and copies beside them: a town has
 * fewer in an hour. What is more is still told from the topics that there are; beyond EMERGENT_FLOOD, an old stock that is
 * read in with one date, nothing is heard. */
#define EMERGENT_MINUTE_MOST 1024u
#define EMERGENT_AUTHOR_MOST 8u
#define EMERGENT_FLOOD 8192u
#define EMERGENT_TERMS 6u
#define EMERGENT_EXAMPLES 5u
#define EMERGENT_HEARD 8u
#define EMERGENT_ID_MAX 128u /* bytes of an id that are kept */

struct emergent_config {
	double topics_a_day; /* how many people want to read at most, about; > 0 */
	uint64_t key; /* of the hashes: keeps collisions from being made by hand */
};
struct emergent_config emergent_config_default(void); /* five in four days */

struct emergent_message { /* borrowed during the call */
	int64_t at; /* event time, ms; earlier than the latest heard counts as the latest; a leap of more
		* than a day ahead, as the first is, is believed when the next comment is as far */
	uint64_t author; /* a hash; 0 = unknown: all unknowns count as one */
	struct slice id, text;
	bool declared; /* a topic of the rules speaks of it */
};

struct emergent_topic { /* lives during the call */
	int64_t at;
	uint32_t number; /* of this topic, from 1; of a campaign 0 */
	bool campaign; /* a copied text; terms[0] is its beginning */
	struct slice terms[EMERGENT_TERMS]; /* as people write them, the most telling first */
	size_t n_terms;
	double score;
	uint32_t authors,
		messages; /* that say the first term, among the latest eight; of a campaign: all */
	struct slice examples[EMERGENT_EXAMPLES]; /* ids, the most telling first */
	size_t n_examples;
	struct slice heard
		[EMERGENT_HEARD]; /* ids of the comments that made it, oldest first; of a campaign none */
	size_t n_heard;
};
typedef void emergent_fn(void *user, const struct emergent_topic *topic);

struct emergent;
struct emergent *emergent_new(const struct emergent_config *config);
struct emergent *emergent_free(struct emergent *e); /* returns NULL */
/* Hears a comment; says at most one topic, that of this comment. Returns the number of the topic that the comment speaks
 * of, one just told or one of the last week (the latest 64 are known), or 0, as for what a flood leaves unheard. */
uint32_t emergent_hear(
	struct emergent *e, const struct emergent_message *message, emergent_fn *fn, void *user);
#endif
