/* SPDX-License-Identifier: GPL-3.0-or-later
 * The alarm as domain experts want it: what rises, since when, against what is usual, how many people and
 * where, what is being said, what is to be done, who knows, and what happens without an answer. */
#include "letter.h"
#include <strings.h>
#include <tocsin/base/clock.h>
#include <tocsin/phrase/duties.h>
#include <tocsin/phrase/phrase.h>
#include <tocsin/record/mask.h>

struct slice compose_category(const struct incident *i)
{
	if (i->topic.n > 3 && memcmp(i->topic.p, "P1:", 3) == 0)
		return (struct slice){i->topic.p + 3, i->topic.n - 3};
	return i->topic;
}

const char *compose_level(enum words_lang l, enum policy_chain chain)
{
	switch (chain) {
	case CHAIN_JAUNE: return words(l, "JAUNE");
	case CHAIN_ORANGE: return words(l, "ORANGE");
	case CHAIN_ROUGE: return words(l, "ROUGE");
	case CHAIN_GRIS: return words(l, "GRIS");
	case CHAIN_P1: return words(l, "URGENCE");
	case CHAINS:
	default: return words(l, "VERT");
	}
}

void compose_title(enum words_lang l, const struct incident *i, struct slice title, struct buf *out)
{
	if (i->kind == INCIDENT_P1)
		buf_add_string(out, duty_of(l, compose_category(i)).label);
	else if (i->kind == INCIDENT_DRILL && !title.n)
		buf_add_string(out, words(l, "essai de la chaîne d'alerte"));
	else if (title.n)
		buf_add_slice(out, title);
	else if (i->kind == INCIDENT_WHOLE)
		buf_add_string(out, words(l, "ensemble des messages"));
	else
		buf_add_slice(out, i->topic);
}

/* « … », 14 messages de 11 auteurs en 2 h */
static void say_emergent(struct letter *j)
{
	struct buf *b = &j->w.text;
	int64_t length = j->f->at - j->f->since;
	char span[40];
	buf_printf(
		b, words_n(j->l, ", %u message", ", %u messages", j->f->messages), j->f->messages);
	buf_printf(b, words_n(j->l, " de %u auteur en %s", " de %u auteurs en %s", j->f->authors),
		j->f->authors,
		words_duration(j->l, length < CLOCK_MINUTE ? CLOCK_MINUTE : length, span));
}

static void say_subject(struct letter *j)
{
	struct buf *b = &j->w.text;
	char time[CLOCK_TEXT], span[40];
	const bool drill = j->i->kind == INCIDENT_DRILL;
	buf_printf(b, "tocsin %s%s%s · ", drill ? words(j->l, "EXERCICE") : "", drill ? " " : "",
		compose_level(j->l, letter_chain(j)));
	compose_title(j->l, j->i, j->w.m->title, b);
	if (j->i->kind == INCIDENT_GREY) {
		if (!j->w.m->title.n)
			buf_add_string(b, words(j->l, " : plus entendu"));
	} else if (j->i->kind == INCIDENT_EMERGENT && j->f->at) {
		say_emergent(j);
	} else if (j->i->kind == INCIDENT_OVERDUE) {
		buf_printf(b, words(j->l, " : %u en retard"), j->f->messages);
	} else if (j->i->kind != INCIDENT_P1 && !drill && j->f->at) {
		int64_t length = j->f->at - j->f->since;
		buf_printf(b,
			words_n(j->l, " : %u personne en %s", " : %u personnes en %s",
				j->f->authors),
			j->f->authors,
			words_duration(j->l, length < CLOCK_MINUTE ? CLOCK_MINUTE : length, span));
	}
	if (j->state.quiet == QUIET_ACKED)
		buf_printf(b, words(j->l, ", prise en charge par %.*s"), (int)j->i->acked_by.n,
			j->i->acked_by.p);
	else if (letter_over(j))
		buf_add_string(b, words(j->l, ", déjà retombée"));
	else if (j->state.next_at)
		buf_printf(b, words(j->l, ", à prendre en charge avant %s"),
			letter_time(j, j->state.next_at, time));
	j->w.m->subject = writer_take(&j->w);
}

/* The level before the last rise, from the main courante. */
static enum policy_chain chain_before(const struct letter *j)
{
	const struct policy_case *c = j->c->c;
	enum town_level level = LEVEL_VERT, before = LEVEL_VERT;
	for (size_t i = 0; i < c->n_entries; i++) {
		const struct incident_entry *e = &c->entries[i];
		if (e->kind == ENTRY_RAISED || e->kind == ENTRY_OPENED ||
			e->kind == ENTRY_LOWERED || e->kind == ENTRY_REOPENED) {
			before = e->kind == ENTRY_RAISED ? level : LEVEL_VERT;
			level = e->level;
		}
	}
	return before >= LEVEL_JAUNE && before <= LEVEL_ROUGE
		? (enum policy_chain)(before - LEVEL_JAUNE + CHAIN_JAUNE)
		: CHAIN_NONE;
}

/* What is in force of it; NULL: nothing. */
static const struct incident_entry *in_force(const struct letter *j, enum entry_kind kind)
{
	const struct policy_case *c = j->c->c;
	for (size_t i = c->n_entries; i > 0; i--)
		if (c->entries[i - 1].kind == kind)
			return c->entries[i - 1].text.n ? &c->entries[i - 1] : NULL;
	return NULL;
}

static const struct incident_entry *last_ack(const struct letter *j)
{
	const struct policy_case *c = j->c->c;
	for (size_t i = c->n_entries; i > 0; i--)
		if (c->entries[i - 1].kind == ENTRY_ACKED || c->entries[i - 1].kind == ENTRY_HANDED)
			return &c->entries[i - 1];
	return NULL;
}

/* Nobody has it since the one who had it gave it back. */
static void say_given_back(struct letter *j)
{
	const struct policy_case *c = j->c->c;
	const struct incident_entry *last = NULL;
	char time[CLOCK_TEXT];
	for (size_t i = 0; i < c->n_entries; i++)
		if (c->entries[i].kind == ENTRY_RELEASED)
			last = &c->entries[i];
		else if (c->entries[i].kind == ENTRY_ACKED || c->entries[i].kind == ENTRY_HANDED)
			last = NULL;
	if (!last)
		return;
	buf_add_char(&j->w.text, ' ');
	buf_printf(&j->w.text, words(j->l, "Main rendue à %s (%.*s)."),
		letter_time(j, last->at, time), (int)last->who.n, last->who.p);
}

static void say_urgent(struct letter *j)
{
	const bool human = slice_begins(j->f->trigger, INCIDENT_BY_HUMAN);
	buf_printf(&j->w.text,
		human ? words(j->l, "Urgence, signalée par un humain : %s.")
		      : words(j->l, "Urgence : %s, à qualifier par un humain."),
		duty_of(j->l, compose_category(j->i)).label);
}

/* What has happened since the message was due. False: nothing, it is as it was. */
static bool say_since(struct letter *j)
{
	struct buf *b = &j->w.text;
	char from[CLOCK_TEXT], until[CLOCK_TEXT];
	enum policy_chain now = letter_chain(j);
	const char *level = compose_level(j->l, now);
	if (j->state.quiet == QUIET_ACKED) {
		buf_printf(b,
			words(j->l,
				"Alerte %s, prise en charge %s par %.*s (fin : %s). "
				"Pour information."),
			level, letter_at(j, j->i->acked_at, from), (int)j->i->acked_by.n,
			j->i->acked_by.p, letter_time(j, j->i->ack_expires_at, until));
	} else if (letter_over(j)) {
		buf_printf(b, words(j->l, "L'alerte %s de %s est déjà retombée."), level,
			letter_time(j, j->n->base, from));
	} else if (now < j->n->chain && j->n->chain <= CHAIN_ROUGE) {
		buf_printf(b, words(j->l, "Niveau %s atteint %s, redescendu à %s depuis."),
			compose_level(j->l, j->n->chain), letter_at(j, j->n->base, from), level);
	} else {
		return false;
	}
	return true;
}

static void say_head(struct letter *j)
{
	struct buf *b = &j->w.text;
	char time[CLOCK_TEXT];
	enum policy_chain now = letter_chain(j), before = chain_before(j);
	const char *level = compose_level(j->l, now);
	bool quiet = j->state.quiet != QUIET_NOT;
	buf_printf(b, "%s. ", clock_format_hm(j->c->now, time));
	if (say_since(j))
		; /* said */
	else if (j->i->kind == INCIDENT_OVERDUE)
		buf_add_string(b,
			words(j->l,
				"Le délai est passé : personne n'a encore regardé ces signalements."));
	else if (j->n->repeat && !j->c->first)
		buf_printf(b, words(j->l, "Rappel : toujours %s, personne n'a pris en charge."),
			j->i->kind == INCIDENT_P1 ? duty_of(j->l, compose_category(j->i)).label
						  : level);
	else if (j->i->kind == INCIDENT_DRILL)
		buf_printf(b, words(j->l, "Exercice d'alerte %s."), level);
	else if (now == CHAIN_P1)
		say_urgent(j);
	else if (now == CHAIN_GRIS)
		buf_add_string(b,
			words(j->l, "Une source n'est plus entendue : le calme n'est pas établi."));
	else if (before == CHAIN_ORANGE && before != now)
		buf_printf(b, words(j->l, "Passage d'ORANGE à %s."), level);
	else if (before != CHAIN_NONE && before != now)
		buf_printf(
			b, words(j->l, "Passage de %s à %s."), compose_level(j->l, before), level);
	else
		buf_printf(b, words(j->l, "Alerte %s."), level);
	if (j->n->step > 1 && !j->n->repeat && !quiet)
		buf_printf(b, " %s", words(j->l, "Personne n'a encore pris en charge."));
	if (!j->n->step && !quiet)
		buf_printf(b, " %s",
			words(j->l,
				"Vous êtes le secours : personne que ce niveau nomme n'est de service."));
	const struct incident_entry *ack = last_ack(j);
	if (j->state.ack_lost && ack && !quiet) {
		buf_add_char(b, ' ');
		buf_printf(b, words(j->l, "Prise en charge de %s (%.*s) à confirmer."),
			letter_time(j, ack->at, time), (int)ack->who.n, ack->who.p);
	}
	if (!quiet)
		say_given_back(j);
	j->w.m->head = writer_take(&j->w);
}

static void say_verbatims(struct letter *j, const char *label)
{
	for (size_t i = 0; i < j->c->n_verbatims; i++) {
		buf_add_slice(&j->w.text, j->c->verbatims[i]);
		buf_add_char(&j->w.text, '\n');
	}
	writer_block(&j->w, BLOCK_QUOTES, label);
}

static void say_rumours(struct letter *j)
{
	for (size_t i = 0; i < j->c->n_rumours; i++) {
		buf_add_slice(&j->w.text, j->c->rumours[i]);
		buf_add_char(&j->w.text, '\n');
	}
	writer_block(&j->w, BLOCK_QUOTES, words(j->l, "Rumeurs à vérifier :"));
}

static void say_work(struct letter *j)
{
	struct buf *b = &j->w.text;
	const struct incident_facts *f = j->f;
	if (phrase_questions(j->l, f, &j->c->questions, b))
		buf_add_string(b, ". ");
	if (f->offences)
		buf_printf(b,
			words_n(j->l, "%u offense possible, à qualifier. ",
				"%u offenses possibles, à qualifier. ", f->offences),
			f->offences);
	if (!in_force(j, ENTRY_WORDING))
		buf_add_string(b, words(j->l, "Éléments de langage validés : aucun."));
	writer_block(&j->w, BLOCK_TEXT, words(j->l, "À traiter :"));
}

static void say_one(struct letter *j, enum entry_kind kind, const char *label)
{
	const struct incident_entry *e = in_force(j, kind);
	char time[CLOCK_TEXT];
	if (!e)
		return;
	const struct policy_person *who = policy_person(j->c->policy, e->who);
	buf_add_slice(&j->w.text, e->text);
	buf_add_string(&j->w.text, " (");
	buf_add_slice(&j->w.text, who ? slice_of(who->name) : e->who);
	buf_printf(&j->w.text, ", %s)", letter_time(j, e->at, time));
	writer_block(&j->w, BLOCK_TEXT, label);
}

/* What the town hall says of it, and what its teams are to do. */
static void say_position(struct letter *j)
{
	say_one(j, ENTRY_INSTRUCTION, words(j->l, "Consigne :"));
	say_one(j, ENTRY_WORDING, words(j->l, "Éléments de langage :"));
}

static void say_deaf(struct letter *j)
{
	bool first = true;
	for (size_t i = 0; i < j->c->n_deaf; i++) {
		writer_comma(&j->w, &first);
		buf_add_slice(&j->w.text, j->c->source_title(j->c->user, j->c->deaf[i]));
	}
	buf_add_string(&j->w.text, first ? words(j->l, "les sources déclarées répondent.") : ".");
	buf_printf(&j->w.text, " %s",
		words(j->l, "Groupes privés et messageries ne sont jamais entendus."));
	writer_block(
		&j->w, BLOCK_TEXT, first ? words(j->l, "Écoute :") : words(j->l, "Non entendus :"));
}

static void say_card(struct letter *j)
{
	buf_add_slice(&j->w.text, j->c->card);
	writer_block(&j->w, BLOCK_TEXT, words(j->l, "Fiche réflexe :"));
}

static void say_foot(struct letter *j)
{
	struct buf *b = &j->w.text;
	if (j->i->kind == INCIDENT_TOPIC && j->i->topic.n)
		buf_printf(b, words(j->l, "Règle %.*s, jeu %.8s. "), (int)j->i->topic.n,
			j->i->topic.p, j->c->bundle[0] ? j->c->bundle : "–");
	else
		buf_printf(b, words(j->l, "Jeu de règles %.8s. "),
			j->c->bundle[0] ? j->c->bundle : "–");
	buf_add_string(b, words(j->l, "Rien n'est masqué automatiquement."));
	writer_block(&j->w, BLOCK_TEXT, "");
}

/* One incident, several messages: of one author, of one thread, or a flood. */
static void say_series(struct letter *j)
{
	char time[CLOCK_TEXT], number[40];
	if (j->f->messages < 2)
		return;
	words_number(j->l, j->f->messages, number);
	letter_time(j, j->f->since, time);
	if (j->counts_only)
		buf_printf(&j->w.text,
			words(j->l, "%s messages depuis %s, tous dans la file de modération."),
			number, time);
	else
		buf_printf(&j->w.text,
			words(j->l,
				"%s messages depuis %s ; %zu sont ci-dessus, tous dans la file de "
				"modération."),
			number, time, j->c->n_verbatims);
	writer_block(&j->w, BLOCK_TEXT, words(j->l, "Combien :"));
}

static void say_duty(struct letter *j)
{
	struct buf *b = &j->w.text;
	struct duty d = duty_of(j->l, compose_category(j->i));
	char time[CLOCK_TEXT];
	say_series(j);
	if (j->c->verbatim_source.n && j->f->at) {
		buf_add_slice(b, j->c->source_title(j->c->user, j->c->verbatim_source));
		buf_printf(b, words(j->l, ", %s."), letter_at(j, j->f->since, time));
		writer_block(&j->w, BLOCK_TEXT, words(j->l, "Où :"));
	}
	if (d.call) {
		buf_add_string(b, d.call);
		writer_block(&j->w, BLOCK_TEXT, words(j->l, "Qui appeler :"));
	}
	buf_add_string(b, d.todo);
	writer_block(&j->w, BLOCK_TEXT, words(j->l, "À faire :"));
	buf_add_string(b, d.evidence);
	writer_block(&j->w, BLOCK_TEXT, words(j->l, "Preuve :"));
	buf_add_string(b, d.law);
	writer_block(&j->w, BLOCK_TEXT, words(j->l, "En droit :"));
	if (slice_begins(j->f->trigger, INCIDENT_BY_HUMAN)) {
		buf_add_string(b,
			words(j->l,
				"signalé par un humain qui l'a lu ; tocsin n'y avait pas vu d'urgence."));
		writer_block(&j->w, BLOCK_TEXT, words(j->l, "D'où cela vient :"));
		return;
	}
	buf_add_string(b,
		words(j->l, "une machine a reconnu des mots ; elle suppose, un humain qualifie."));
	writer_block(&j->w, BLOCK_TEXT, words(j->l, "Supposition :"));
}

static void say_grey(struct letter *j)
{
	char time[CLOCK_TEXT];
	if (j->f->at)
		buf_printf(&j->w.text,
			words(j->l,
				"Dernier signe de vie : %s. Ce qui s'y écrit n'est pas entendu ; "
				"les niveaux des sujets peuvent être trop bas."),
			letter_time(j, j->f->since, time));
	writer_block(&j->w, BLOCK_TEXT, words(j->l, "Pourquoi :"));
	buf_add_string(&j->w.text,
		words(j->l, "vérifier le jeton d'accès, le réseau, la page elle-même."));
	writer_block(&j->w, BLOCK_TEXT, words(j->l, "À faire :"));
}

/* What waits, since when, and where it is. */
static void say_overdue(struct letter *j)
{
	struct buf *b = &j->w.text;
	const unsigned priority = incident_urgent(j->i) ? 1 : 2;
	const int64_t ms = policy_look_ms(j->c->policy, priority);
	char time[CLOCK_TEXT], number[40], span[40];
	buf_printf(b,
		words_n(j->l, "%s signalement P%u attend, ", "%s signalements P%u attendent, ",
			j->f->messages),
		words_number(j->l, j->f->messages, number), priority);
	buf_printf(
		b, words(j->l, "le plus ancien depuis %s ; "), letter_time(j, j->f->since, time));
	buf_printf(b,
		priority == 1 ? words(j->l, "le plan donne %s pour les voir.")
			      : words(j->l, "le plan donne %s, en heures ouvrées, pour les voir."),
		words_duration(j->l, ms, span));
	writer_block(&j->w, BLOCK_TEXT, words(j->l, "Pourquoi :"));
	say_verbatims(j, words(j->l, "Les plus anciens :"));
	buf_add_string(b,
		words(j->l,
			"ouvrir la file de modération et décider de chacun ; l'alerte se clôt quand plus rien n'est en retard."));
	writer_block(&j->w, BLOCK_TEXT, words(j->l, "À faire :"));
}

/* Who rehearses, and that a true alarm comes first. */
static void say_drill(struct letter *j)
{
	const struct policy_case *c = j->c->c;
	char time[CLOCK_TEXT];
	if (!c->n_entries)
		return;
	buf_printf(&j->w.text, words(j->l, "%.*s, %s."), (int)c->entries[0].who.n,
		c->entries[0].who.p, letter_at(j, j->i->opened_at, time));
	writer_block(&j->w, BLOCK_TEXT, words(j->l, "Lancé par :"));
}

/* Returns whether something of it is left out. */
static bool put_title(const struct letter *j, struct buf *out)
{
	_buf_ struct buf bare = {0};
	const bool cut = j->counts_only && phrase_bare_title(j->l, j->i, &bare);
	/* it may quote a citizen */
	mask_text(out, cut ? buf_slice(&bare) : incident_subject(j->i), COMPOSE_TITLE_BYTES);
	return cut;
}

static void start(struct letter *j, struct message *m)
{
	const struct incident *i = j->i;
	_buf_ struct buf thread = {0}, title = {0};
	const bool cut = put_title(j, &title);
	buf_printf(&thread, "incident-%lld-%lld", (long long)i->id, (long long)i->opened_at);
	*m = (struct message){.lang = j->l,
		.key = arena_copy(j->w.arena, slice_of(j->n->key)),
		.thread = arena_copy(j->w.arena, buf_slice(&thread)),
		.town = j->c->town,
		.name = slice_of(j->n->target->name),
		.person = slice_of(j->n->target->person),
		.level = slice_of(policy_chain_names[letter_chain(j)]),
		.kind = slice_of(incident_kind_names[i->kind]),
		.topic = cut ? slice_of(incident_kind_names[i->kind]) : i->topic,
		.title = arena_copy(j->w.arena, buf_slice(&title)),
		.bare = j->counts_only,
		.incident = i->id,
		.at = j->c->now,
		.since = j->f->since,
		.before = j->state.next_at,
		.written_at = j->c->wall,
		.messages = j->f->messages,
		.authors = j->f->authors,
		.sources = j->f->sources};
}

static bool same_address(struct slice a, struct slice b)
{
	return a.n == b.n && a.n && strncasecmp(a.p, b.p, a.n) == 0;
}

bool compose_is_counted(const struct slice *counted, size_t n, const struct compose_reader *reader)
{
	for (size_t i = 0; i < n; i++)
		if (slice_equal(counted[i], reader->person) ||
			same_address(counted[i], reader->address))
			return true;
	return false;
}

/* Without what citizens say, for who is told how many alone. */
static bool counts_only(const struct compose *c, const struct policy_notice *n, struct compose *ret)
{
	const struct compose_reader to = {
		slice_of(n->target->person), slice_of(n->target->address)};
	*ret = *c;
	if (!compose_is_counted(c->counted, c->n_counted, c->reader.person.n ? &c->reader : &to))
		return false;
	ret->n_verbatims = ret->n_rumours = 0;
	return true;
}

void compose_notice(const struct compose *whole, const struct policy_notice *n, struct arena *arena,
	struct message *ret)
{
	struct compose told;
	const bool counted = counts_only(whole, n, &told);
	const struct compose *c = &told;
	struct letter j = {.c = c,
		.counts_only = counted,
		.n = n,
		.i = c->c->incident,
		.f = &c->c->incident->facts,
		.l = c->lang,
		.state = policy_state(c->policy, c->c, c->now),
		.w = {.arena = arena, .m = ret}};
	start(&j, ret);
	say_subject(&j);
	say_head(&j);
	if (j.i->kind == INCIDENT_P1) {
		say_verbatims(&j,
			j.c->n_verbatims > 1 ? words(j.l, "Les messages :")
					     : words(j.l, "Le message :"));
		say_duty(&j);
	} else if (j.i->kind == INCIDENT_DRILL) {
		say_drill(&j);
		letter_charge(&j);
		letter_trial(&j);
		buf_release(&j.w.text);
		return;
	} else if (j.i->kind == INCIDENT_OVERDUE) {
		say_overdue(&j);
	} else if (j.i->kind == INCIDENT_GREY) {
		say_grey(&j);
	} else {
		letter_why(&j);
		letter_curve(&j);
		letter_where(&j);
		say_verbatims(&j, words(j.l, "Verbatims :"));
		say_rumours(&j);
		say_work(&j);
	}
	say_position(&j);
	say_deaf(&j);
	say_card(&j);
	letter_charge(&j);
	letter_next(&j);
	letter_trial(&j);
	letter_election(&j);
	say_foot(&j);
	buf_release(&j.w.text);
}
