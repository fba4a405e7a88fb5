/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/phrase/phrase.h>

void phrase_category(enum words_lang lang, struct slice category, struct buf *out)
{
	static const struct {
		const char *category, *phrase;
	} table[] = {
		{"injure_publique", WORDS_MARK("injure possible, à qualifier")},
		{"injure_discriminatoire",
			WORDS_MARK("injure discriminatoire possible, à qualifier")},
		{"provocation_haine", WORDS_MARK("provocation à la haine possible, à qualifier")},
		{"diffamation", WORDS_MARK("accusation précise, à vérifier")},
		{"outrage", WORDS_MARK("outrage possible, à qualifier")},
		{"menace", WORDS_MARK("menace possible, à qualifier")},
		{"apologie_terrorisme", WORDS_MARK("apologie possible, à qualifier")},
		{"harcelement_raid", WORDS_MARK("harcèlement possible, à qualifier")},
		{"doxxing", WORDS_MARK("donnée personnelle exposée, à vérifier")},
		{"vie_privee", WORDS_MARK("vie privée peut-être atteinte, à qualifier")},
		{"fausse_nouvelle", WORDS_MARK("rumeur possible, à vérifier")},
		{"detresse", WORDS_MARK("détresse possible : cette personne va-t-elle bien ?")},
		{"mineur_danger", WORDS_MARK("mineur peut-être en danger")},
		{"vulgarite", WORDS_MARK("vulgarité")},
		{"signalement_victime", WORDS_MARK("une victime le signale")},
		{"spam", WORDS_MARK("publicité possible")},
		{"demande_usager", WORDS_MARK("demande d'un habitant")},
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (slice_is(category, table[i].category)) {
			buf_add_string(out, words(lang, table[i].phrase));
			return;
		}
	buf_add_slice(out, category);
}

void phrase_verdict(enum words_lang lang, const struct verdict *v, struct buf *out)
{
	if (v->unscored != UNSCORED_NOT) {
		buf_add_string(out, words(lang, "non analysé : à lire"));
		return;
	}
	if (v->n_categories > 0) {
		phrase_category(lang, v->categories[0], out);
		for (uint32_t i = 1; i < v->n_categories && i < 3; i++) {
			buf_add_string(out, " ; ");
			phrase_category(lang, v->categories[i], out);
		}
		return;
	}
	if (v->lanes & LANE_REPONSE)
		buf_add_string(out, words(lang, "question ou demande"));
	for (uint32_t i = 0; i < v->n_topics && i < 2; i++) {
		buf_add_string(out, i == 0 && !(v->lanes & LANE_REPONSE) ? "" : " · ");
		buf_add_slice(out, v->topics[i]);
	}
}

const char *phrase_level(enum town_level level)
{
	static const char *const names[] = {"VERT", "JAUNE", "ORANGE", "ROUGE", "GRIS"};
	return names[(unsigned)level % 5];
}

const char *phrase_level_colour(enum town_level level)
{
	static const char *const colours[] = {"32", "33", "38;5;208", "31;1", "90"};
	return colours[(unsigned)level % 5];
}

const char *phrase_rumour(enum words_lang l, enum rumour_outcome outcome)
{
	switch (outcome) {
	case RUMOUR_TRUE: return words(l, "vérifiée : vraie");
	case RUMOUR_FALSE: return words(l, "vérifiée : fausse");
	case RUMOUR_DROPPED: return words(l, "sans suite");
	case RUMOUR_OPEN:
	default: return words(l, "à vérifier");
	}
}

const char *phrase_state(enum words_lang lang, enum incident_state state)
{
	static const char *const names[] = {
		WORDS_MARK("ouvert"), WORDS_MARK("pris en charge"), WORDS_MARK("clos")};
	return words(lang, names[(unsigned)state % 3]);
}

const char *phrase_entry(enum words_lang lang, enum entry_kind kind)
{
	static const char *const names[] = {WORDS_MARK("ouverture"), WORDS_MARK("monte"),
		WORDS_MARK("prévenu"), WORDS_MARK("pris en charge"),
		WORDS_MARK("prise en charge échue"), WORDS_MARK("prise en charge rompue"),
		WORDS_MARK("transmis"), WORDS_MARK("note"), WORDS_MARK("baisse"),
		WORDS_MARK("clôture"), WORDS_MARK("réouverture"), WORDS_MARK("silence"),
		WORDS_MARK("échec"), WORDS_MARK("éléments de langage"), WORDS_MARK("consigne"),
		WORDS_MARK("prochain point"), WORDS_MARK("rumeur"), WORDS_MARK("main rendue"),
		WORDS_MARK("relais demandé")};
	return words(lang, names[(unsigned)kind % (sizeof(names) / sizeof(*names))]);
}

const char *phrase_event(enum words_lang lang, const struct incident_entry *e)
{
	return e->kind == ENTRY_NOTIFIED && slice_is(e->text, ENTRY_LEFT)
		? words(lang, "déposé")
		: phrase_entry(lang, e->kind);
}

void phrase_trigger(enum words_lang lang, struct slice key, struct buf *out)
{
	static const struct {
		const char *key, *phrase;
	} table[] = {
		{"rise", WORDS_MARK("le sujet monte")},
		{"offences", WORDS_MARK("les offenses possibles montent")},
		{"volume", WORDS_MARK("le volume de l'ensemble monte")},
		{"thread", WORDS_MARK("une publication est très commentée")},
		{"source", WORDS_MARK("le volume d'une source monte")},
		{"raid", WORDS_MARK("raid possible")},
		{"copied", WORDS_MARK("texte recopié")},
		{"silent", WORDS_MARK("source muette")},
		{"emergent", WORDS_MARK("un sujet que personne n'avait déclaré")},
		{"drill", WORDS_MARK("exercice")},
		{"overdue", WORDS_MARK("des signalements attendent un regard")},
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (slice_is(key, table[i].key)) {
			buf_add_string(out, words(lang, table[i].phrase));
			return;
		}
	const struct slice category = incident_reason(key);
	if (!category.n) {
		buf_add_slice(out, key);
		return;
	}
	phrase_category(lang, category, out);
	if (slice_begins(key, INCIDENT_BY_HUMAN))
		buf_add_string(out, words(lang, " (signalé par un humain)"));
	else if (slice_begins(key, INCIDENT_CALLED_OFF))
		buf_add_string(out, words(lang, " (signalé par un humain, puis annulé)"));
}

static uint32_t at_most(uint32_t n, uint32_t most)
{
	return n < most ? n : most;
}

/* Not all that waits asks something: a topic of À répondre sends there whatever it matches. */
static void put_waiting(enum words_lang lang, uint32_t all, uint32_t held, struct buf *out)
{
	char a[40], b[40];
	words_number(lang, all, a);
	if (held == all) {
		buf_printf(out,
			words_n(lang, "%s message a une réponse d'attente",
				"%s messages ont une réponse d'attente", all),
			a);
		return;
	}
	buf_printf(out,
		words_n(lang, "%s message attend une réponse", "%s messages attendent une réponse",
			all),
		a);
	if (held)
		buf_printf(out, words(lang, ", dont %s avec une réponse d'attente"),
			words_number(lang, held, b));
}

bool phrase_questions(enum words_lang lang, const struct incident_facts *f,
	const struct incident_questions *q, struct buf *out)
{
	/* the file is counted when it is read, the alarm's messages when it was heard: some came since */
	const uint32_t waiting = at_most(q->known ? q->unanswered + q->held : 0, f->messages);
	const uint32_t heard = at_most(f->questions, f->messages);
	char number[40];
	if (waiting) {
		put_waiting(lang, waiting, at_most(q->held, waiting), out);
		return true;
	}
	if (!heard)
		return false;
	buf_printf(out, words_n(lang, "%s question ou demande", "%s questions ou demandes", heard),
		words_number(lang, heard, number));
	if (q->known)
		buf_add_string(out,
			words_n(lang, ", qui n'attend plus de réponse",
				", qui n'attendent plus de réponse", heard));
	return true;
}
