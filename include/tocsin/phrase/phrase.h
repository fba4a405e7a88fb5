/* SPDX-License-Identifier: GPL-3.0-or-later
 * How tocsin words what the machine saw: a label is a supposition, never a legal qualification. */
#ifndef TOCSIN_PHRASE_H
#define TOCSIN_PHRASE_H
#include <tocsin/record/incident.h>
#include <tocsin/record/rumour.h>
#include <tocsin/record/verdict.h>
#include <tocsin/words/words.h>

/* "injure possible, à qualifier"; the category itself when it has no phrase. Appended. */
void phrase_category(enum words_lang lang, struct slice category, struct buf *out);
/* Why a verdict sends a comment to people: the gravest category, a question, or that it could not be scored. */
void phrase_verdict(enum words_lang lang, const struct verdict *v, struct buf *out);
/* "ORANGE"; its colour for a terminal. */
const char *phrase_level(enum town_level level);
const char *phrase_level_colour(enum town_level level);
/* "ouvert", "pris en charge", "clos". */
/* What was found of a rumour: "à vérifier", "vérifiée : fausse" … */
const char *phrase_rumour(enum words_lang lang, enum rumour_outcome outcome);
const char *phrase_state(enum words_lang lang, enum incident_state state);
/* What an entry of the main courante is. */
const char *phrase_entry(enum words_lang lang, enum entry_kind kind);
/* The same of one entry: a mail that was only left in a folder has told nobody. */
const char *phrase_event(enum words_lang lang, const struct incident_entry *e);
/* What made an incident open or rise, from its key ("rise", "p1:menace"); other text as it is. Appended. */
void phrase_trigger(enum words_lang lang, struct slice key, struct buf *out);
/* Why an alarm rings, in sentences: how many since when, from how many, against what is usual, how rare. since: its first message as
 * people say it. counts_only: nothing of what citizens say. Appended. */
void phrase_why(enum words_lang lang, const struct incident *i, const char *since, bool counts_only,
	struct buf *out);
/* "99 avant, 5 dans le dernier quart d'heure. " Appended; false: it is no older, or not known. */
bool phrase_rhythm(enum words_lang lang, const struct incident_facts *f, struct buf *out);
/* That many speak, not a few. Appended. */
void phrase_breadth(enum words_lang lang, const struct incident *i, struct buf *out);
/* An incident's title, or its topic's id, without what a citizen wrote in it: for whoever is told how many, and for papers
 * that are given away. Appended; true: what the title quotes is left out. */
bool phrase_bare_title(enum words_lang lang, const struct incident *i, struct buf *out);
/* What of it is to be answered, never more than its messages: "9 messages attendent une réponse, dont 2 avec une réponse d'attente";
 * when none waits, or that is not known, how many asked something. Appended; false: there is none to tell of. */
bool phrase_questions(enum words_lang lang, const struct incident_facts *f,
	const struct incident_questions *q, struct buf *out);
#endif
