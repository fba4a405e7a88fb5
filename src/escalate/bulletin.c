/* SPDX-License-Identifier: GPL-3.0-or-later
 * The Monday bulletin: what the week was, also when it was nothing. A row of the outbox for each receiver and Monday, under a
 * key of its own: a death at any moment sends it once. One that was missed is sent until Wednesday morning. A past that is
 * read in under an event clock has none. */
#include "bulletin.h"
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>
#include "compose.h"
#include "circular.h"
#include "write.h"

#define LATE_MS (2 * CLOCK_DAY)
#define WEEK_DAYS 7

struct week {
	struct escalate *x;
	int64_t from, to;
	uint64_t alarms[5], urgent; /* by their highest level */
	uint64_t flagged, late, waiting, reported;
	size_t gaps;
};

static int count_incident(void *user, const struct incident *i)
{
	struct week *w = user;
	if (i->kind == INCIDENT_DRILL || i->opened_at < w->from || i->opened_at >= w->to)
		return 0;
	if (i->kind == INCIDENT_P1)
		w->urgent++;
	else
		w->alarms[i->peak]++;
	return 0;
}

static int count_handled(void *user, const struct handled *h)
{
	struct week *w = user;
	const int64_t by = policy_look_by(&w->x->policy, h->priority, h->flagged_at);
	if (h->lanes & QUEUE_REPORTED) { /* apart from what is heard */
		w->reported++;
		return 0;
	}
	w->flagged++;
	w->late += h->looked_at ? h->looked_at > by : w->x->clock > by;
	return 0;
}

static int read_week(struct week *w, struct error *e)
{
	struct escalate *x = w->x;
	struct policy_gap *gaps;
	uint64_t by[5];
	int r = reader_incidents(x->reader, true, count_incident, w, e);
	if (r == 0)
		r = reader_handled(x->reader, w->from, w->to, count_handled, w, e);
	if (r == 0)
		r = reader_queue_count(x->reader, by, e);
	for (int i = 0; r == 0 && i < 5; i++)
		w->waiting += by[i];
	w->gaps = policy_gaps(
		&x->policy, x->clock, x->clock + WEEK_DAYS * CLOCK_DAY, &x->arena, &gaps);
	return r;
}

/* --- its sentences */

static void say_alarms(const struct week *w, struct writer *to, enum words_lang l)
{
	static const struct {
		enum town_level level;
		enum policy_chain chain;
	} levels[] = {{LEVEL_ROUGE, CHAIN_ROUGE}, {LEVEL_ORANGE, CHAIN_ORANGE},
		{LEVEL_JAUNE, CHAIN_JAUNE}, {LEVEL_GRIS, CHAIN_GRIS}};
	bool first = true;
	if (w->urgent) {
		buf_printf(&to->text, words_n(l, "%llu urgence", "%llu urgences", w->urgent),
			(unsigned long long)w->urgent);
		first = false;
	}
	for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++) {
		const uint64_t n = w->alarms[levels[i].level];
		if (!n)
			continue;
		writer_comma(to, &first);
		buf_printf(&to->text, "%llu %s", (unsigned long long)n,
			compose_level(l, levels[i].chain));
	}
	if (first)
		buf_add_string(&to->text, words(l, "aucune alerte cette semaine."));
	writer_block(to, BLOCK_TEXT, words(l, "Alertes :"));
}

static void say_work(const struct week *w, struct writer *to, enum words_lang l)
{
	char flagged[40], late[40], waiting[40];
	buf_printf(&to->text,
		words(l, "%s à traiter, dont %s vus trop tard ; %s attendent encore."),
		words_number(l, (int64_t)w->flagged, flagged),
		words_number(l, (int64_t)w->late, late),
		words_number(l, (int64_t)w->waiting, waiting));
	writer_block(to, BLOCK_TEXT, words(l, "Commentaires :"));
	if (!w->reported)
		return;
	buf_printf(&to->text,
		words_n(l, "%s, par téléphone ou par une capture.",
			"%s, par téléphone ou par des captures.", w->reported),
		words_number(l, (int64_t)w->reported, flagged));
	writer_block(to, BLOCK_TEXT, words(l, "Signalements reçus :"));
}

static void say_deaf(const struct week *w, struct writer *to, enum words_lang l)
{
	bool first = true;
	for (size_t i = 0; i < w->x->n_deaf; i++) {
		writer_comma(to, &first);
		buf_add_slice(&to->text, config_source_title(w->x->config, w->x->deaf[i]));
	}
	if (first)
		buf_add_string(&to->text, words(l, "toutes les sources sont entendues."));
	writer_block(to, BLOCK_TEXT, words(l, "Non entendus :"));
}

static void say_gaps(const struct week *w, struct writer *to, enum words_lang l)
{
	if (w->gaps)
		buf_printf(&to->text,
			words_n(l,
				"%zu plage où un niveau n'atteint personne : tocsin policy check.",
				"%zu plages où un niveau n'atteint personne : tocsin policy check.",
				w->gaps),
			w->gaps);
	else
		buf_add_string(
			&to->text, words(l, "chaque niveau atteint quelqu'un à toute heure."));
	writer_block(to, BLOCK_TEXT, words(l, "Semaine qui vient :"));
}

static void compose(
	const struct week *w, const struct policy_target *t, struct slice key, struct message *m)
{
	struct escalate *x = w->x;
	const enum words_lang l = x->config->lang;
	const struct local_time from = clock_local(w->from), to = clock_local(w->to - 1);
	struct writer out = {.arena = &x->arena, .m = m};
	*m = circular(x, t, key, SLICE("bulletin"));
	m->since = w->from;
	buf_printf(&out.text,
		words(l, "tocsin · bulletin du lundi, semaine du %02d/%02d au %02d/%02d"), from.day,
		from.month, to.day, to.month);
	m->subject = writer_take(&out);
	buf_add_string(&out.text,
		words(l,
			"Ce bulletin part chaque lundi, aussi quand rien n'est arrivé : tocsin écoute."));
	m->head = writer_take(&out);
	say_alarms(w, &out, l);
	say_work(w, &out, l);
	say_deaf(w, &out, l);
	say_gaps(w, &out, l);
	buf_release(&out.text);
}

static struct outbox_row row_for(const struct week *w, const struct policy_target *t)
{
	struct escalate *x = w->x;
	const struct local_time day = clock_local(w->to);
	_buf_ struct buf key = {0};
	struct message m;
	buf_printf(&key, "bulletin/%04d-%02d-%02d/%s", day.year, day.month, day.day, t->person);
	compose(w, t, arena_copy(&x->arena, buf_slice(&key)), &m);
	return circular_row(x, t, &m);
}

int bulletin(struct escalate *x, struct error *e)
{
	const struct policy_mailing *b = &x->policy.bulletin;
	if (x->config->clock_event || !b->n_targets)
		return 0;
	const int64_t due = policy_bulletin_due(&x->policy, x->clock);
	if (due == x->bulletin_at || x->clock - due > LATE_MS)
		return 0;
	struct week w = {
		.x = x, .from = day_instant(day_of(due, NULL) - WEEK_DAYS, b->minute), .to = due};
	struct outbox_row *rows = arena_alloc(&x->arena, b->n_targets * sizeof(*rows));
	int r = read_week(&w, e);
	for (size_t i = 0; r == 0 && i < b->n_targets; i++)
		rows[i] = row_for(&w, &b->targets[i]);
	if (r == 0)
		r = add_rows(x, rows, (uint32_t)b->n_targets, e);
	if (r == 0)
		x->bulletin_at = due;
	return r;
}
