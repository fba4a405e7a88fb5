/* SPDX-License-Identifier: GPL-3.0-or-later
 * Why it rings: how many, since when, against what is usual, how rare that is. */
#include <tocsin/base/clock.h>
#include <tocsin/phrase/phrase.h>
#include <tocsin/record/mask.h>

enum { TITLE_BYTES = 200 };

struct told {
	enum words_lang l;
	const struct incident *i;
	const struct incident_facts *f;
	bool counts_only;
	struct buf *out;
};

static void say_listening(const struct told *j)
{
	struct buf *b = j->out;
	int64_t days = j->f->listening_since ? (j->f->at - j->f->listening_since) / CLOCK_DAY : 0;
	char span[40], number[40];
	if (days <= 0)
		return;
	if (days >= 14)
		snprintf(span, sizeof(span), words(j->l, "%lld semaines"), (long long)days / 7);
	else
		snprintf(span, sizeof(span),
			words_n(j->l, "%lld jour", "%lld jours", (uint64_t)days), (long long)days);
	if (j->f->messages > j->f->max_before)
		buf_printf(b, words(j->l, "Jamais vu en %s d'écoute (maximum : %s). "), span,
			words_number(j->l, j->f->max_before, number));
	else
		buf_printf(b, words(j->l, "Maximum en %s d'écoute : %s. "), span,
			words_number(j->l, j->f->max_before, number));
}

static void say_rarity(const struct told *j)
{
	char often[64];
	if (words_return(j->l, j->f->once_in, often))
		buf_printf(j->out, words(j->l, "Niveau attendu %s. "), often);
}

static void say_usual(const struct told *j)
{
	double low = j->f->usual_low, high = j->f->usual_high;
	if (!(high >= 0) || !(low >= 0) || (low <= 0 && high <= 0 && !j->f->listening_since))
		return;
	if ((int64_t)(low + 0.5) == (int64_t)(high + 0.5))
		buf_printf(j->out, words(j->l, "Habituel à cette heure : %.0f. "), high);
	else
		buf_printf(
			j->out, words(j->l, "Habituel à cette heure : %.0f à %.0f. "), low, high);
}

/* What rises with an emergent topic: citizens' words. */
static void say_terms(const struct told *j)
{
	if (!j->f->n_terms || j->counts_only)
		return;
	buf_add_string(j->out, words(j->l, "Ce qui monte avec : "));
	for (uint32_t i = 0; i < j->f->n_terms; i++) {
		buf_add_string(j->out, i ? ", " : "");
		mask_text(j->out, j->f->terms[i], TITLE_BYTES);
	}
	buf_add_string(j->out, ". ");
}

static const char *volume_sentence(const struct told *j)
{
	return slice_is(j->f->trigger, "thread")
		? words(j->l,
			  "Une publication est bien plus commentée que d'habitude, sans sujet déclaré. ")
		: slice_is(j->f->trigger, "source")
		? words(j->l,
			  "Cette source reçoit bien plus de messages que d'habitude, sans sujet déclaré. ")
		: words(j->l, "Le volume de l'ensemble monte, sans sujet déclaré. ");
}

static void say_kind(const struct told *j)
{
	struct buf *b = j->out;
	switch (j->i->kind) {
	case INCIDENT_RAID:
		buf_add_string(
			b, words(j->l, "Peu de comptes, beaucoup de messages : raid possible. "));
		break;
	case INCIDENT_CAMPAIGN:
		buf_add_string(b, words(j->l, "Un même texte est recopié : campagne possible. "));
		break;
	case INCIDENT_EMERGENT:
		buf_add_string(b, words(j->l, "Sujet que personne n'avait déclaré. "));
		say_terms(j);
		break;
	case INCIDENT_WHOLE: buf_add_string(b, volume_sentence(j)); break;
	case INCIDENT_TOPIC:
	case INCIDENT_P1:
	case INCIDENT_GREY:
	case INCIDENT_DRILL:
	case INCIDENT_OVERDUE:
	default: break;
	}
}

static void say_echo(const struct told *j)
{
	struct buf *b = j->out;
	char number[40];
	if (!j->f->echoed)
		return;
	buf_printf(b,
		words_n(j->l,
			"%s message bien plus aimé ou relayé que d'habitude, qui compte davantage",
			"%s messages bien plus aimés ou relayés que d'habitude, qui comptent davantage",
			j->f->echoed),
		words_number(j->l, j->f->echoed, number));
	buf_printf(b, words(j->l, " (j'aime et partages : %s). "),
		words_number(j->l, j->f->engagement, number));
}

void phrase_why(enum words_lang lang, const struct incident *i, const char *since, bool counts_only,
	struct buf *out)
{
	const struct incident_facts *f = &i->facts;
	const struct told told = {lang, i, f, counts_only, out};
	char number[40];
	say_kind(&told);
	if (!f->at) {
		buf_add_string(out,
			words(lang, "les chiffres de cette alerte sont illisibles dans la base."));
		return;
	}
	buf_printf(out,
		words_n(lang, "%s message depuis %s, ", "%s messages depuis %s, ", f->messages),
		words_number(lang, f->messages, number), since);
	buf_printf(out, words_n(lang, "de %s personne, ", "de %s personnes, ", f->authors),
		words_number(lang, f->authors, number));
	buf_printf(
		out, words_n(lang, "sur %u source. ", "sur %u sources. ", f->sources), f->sources);
	say_usual(&told);
	say_listening(&told);
	say_rarity(&told);
	say_echo(&told);
}

bool phrase_rhythm(enum words_lang lang, const struct incident_facts *f, struct buf *out)
{
	if (!f->at || !f->recent || f->recent >= f->messages)
		return false;
	buf_printf(out, words(lang, "%u avant, %u dans le dernier quart d'heure. "),
		f->messages - f->recent, f->recent);
	return true;
}

void phrase_breadth(enum words_lang lang, const struct incident *i, struct buf *out)
{
	if (i->kind == INCIDENT_TOPIC && i->facts.authors >= 25 && i->facts.top5_share <= 30)
		buf_add_string(out, words(lang, "Mouvement large, pas un raid. "));
}
