/* SPDX-License-Identifier: GPL-3.0-or-later
 * Why it rings: how many, since when, against what is usual, how rare that is, and where it is said. */
#include "letter.h"
#include <tocsin/base/clock.h>
#include <tocsin/record/mask.h>

static void say_listening(struct letter *j)
{
	struct buf *b = &j->w.text;
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

static void say_rarity(struct letter *j)
{
	char often[64];
	if (words_return(j->l, j->f->once_in, often))
		buf_printf(&j->w.text, words(j->l, "Niveau attendu %s. "), often);
}

static void say_usual(struct letter *j)
{
	double low = j->f->usual_low, high = j->f->usual_high;
	if (!(high >= 0) || !(low >= 0) || (low <= 0 && high <= 0 && !j->f->listening_since))
		return;
	if ((int64_t)(low + 0.5) == (int64_t)(high + 0.5))
		buf_printf(&j->w.text, words(j->l, "Habituel à cette heure : %.0f. "), high);
	else
		buf_printf(&j->w.text, words(j->l, "Habituel à cette heure : %.0f à %.0f. "), low,
			high);
}

/* What rises with an emergent topic: citizens' words. */
static void say_terms(struct letter *j)
{
	bool first = true;
	if (!j->f->n_terms || j->counts_only)
		return;
	buf_add_string(&j->w.text, words(j->l, "Ce qui monte avec : "));
	for (uint32_t i = 0; i < j->f->n_terms; i++) {
		writer_comma(&j->w, &first);
		mask_text(&j->w.text, j->f->terms[i], COMPOSE_TITLE_BYTES);
	}
	buf_add_string(&j->w.text, ". ");
}

static const char *volume_sentence(const struct letter *j)
{
	return slice_is(j->f->trigger, "thread")
		? words(j->l,
			  "Une publication est bien plus commentée que d'habitude, sans sujet déclaré. ")
		: slice_is(j->f->trigger, "source")
		? words(j->l,
			  "Cette source reçoit bien plus de messages que d'habitude, sans sujet déclaré. ")
		: words(j->l, "Le volume de l'ensemble monte, sans sujet déclaré. ");
}

static void say_kind(struct letter *j)
{
	struct buf *b = &j->w.text;
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

static void say_echo(struct letter *j)
{
	struct buf *b = &j->w.text;
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

void letter_why(struct letter *j)
{
	struct buf *b = &j->w.text;
	char time[CLOCK_TEXT], number[40];
	const struct incident_facts *f = j->f;
	say_kind(j);
	if (!f->at) {
		buf_add_string(b,
			words(j->l, "les chiffres de cette alerte sont illisibles dans la base."));
		writer_block(&j->w, BLOCK_TEXT, words(j->l, "Pourquoi :"));
		return;
	}
	buf_printf(b,
		words_n(j->l, "%s message depuis %s, ", "%s messages depuis %s, ", f->messages),
		words_number(j->l, f->messages, number), letter_time(j, f->since, time));
	buf_printf(b, words_n(j->l, "de %s personne, ", "de %s personnes, ", f->authors),
		words_number(j->l, f->authors, number));
	buf_printf(b, words_n(j->l, "sur %u source. ", "sur %u sources. ", f->sources), f->sources);
	say_usual(j);
	say_listening(j);
	say_rarity(j);
	say_echo(j);
	writer_block(&j->w, BLOCK_TEXT, words(j->l, "Pourquoi :"));
	if (f->recent && f->recent < f->messages) {
		buf_printf(b, words(j->l, "%u avant, %u dans le dernier quart d'heure. "),
			f->messages - f->recent, f->recent);
		size_t said = b->n;
		writer_curve(b, f->series);
		writer_block(
			&j->w, b->n > said ? BLOCK_CURVE : BLOCK_TEXT, words(j->l, "Rythme :"));
	}
}

void letter_where(struct letter *j)
{
	struct buf *b = &j->w.text;
	const struct incident_facts *f = j->f;
	bool first = true;
	for (uint32_t i = 0; i < f->n_per_source; i++) {
		writer_comma(&j->w, &first);
		buf_add_slice(b, j->c->source_title(j->c->user, f->per_source[i]));
		buf_printf(b, "\u00a0%u", f->per_source_count[i]);
	}
	buf_add_string(b, first ? "" : ". ");
	if (f->authors > 5)
		buf_printf(b, words(j->l, "Les cinq comptes les plus actifs : %u %%. "),
			f->top5_share);
	if (f->copied)
		buf_printf(b, words(j->l, "Texte recopié : %u. "), f->copied);
	if (j->i->kind == INCIDENT_TOPIC && f->authors >= 25 && f->top5_share <= 30)
		buf_add_string(b, words(j->l, "Mouvement large, pas un raid. "));
	writer_block(&j->w, BLOCK_TEXT, words(j->l, "Où :"));
}
