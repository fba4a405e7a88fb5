/* SPDX-License-Identifier: GPL-3.0-or-later
 * Calendars of the policy: holidays, hours, astreintes with their plans, absences, quiet hours. */
#include "private.h"
#include <stdlib.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>
#include <tocsin/calendar/day.h>

#define CSV_MAX (4u << 20)
#define SPANS_MAX 50u

static const struct yaml_key calendar_keys[] = {
	{"holidays", "fériés"}, {"hours", "heures"}, {"on_call", "astreintes"}, {"absences", NULL}};
static const struct yaml_key holiday_keys[] = {
	{"zone", NULL}, {"also", "aussi"}, {"except", "sauf"}};
static const struct yaml_key hours_keys[] = {{"id", NULL}, {"title", "titre"}, {"days", "jours"},
	{"from", "de"}, {"to", "à"}, {"spans", "plages"}, {"holidays", "fériés"}};
static const struct yaml_key span_keys[] = {{"days", "jours"}, {"from", "de"}, {"to", "à"}};
static const struct yaml_key rota_keys[] = {{"id", NULL}, {"title", "titre"}, {"turn", "tour"},
	{"start", "début"}, {"handover", "relève"}, {"period", "période"}, {"file", "fichier"},
	{"hours", "heures"}};
static const struct yaml_key absence_keys[] = {
	{"who", "qui"}, {"from", "du"}, {"to", "au"}, {"substitute", "remplaçant"}};
static const struct yaml_key quiet_keys[] = {
	{"levels", "niveaux"}, {"outside", "hors"}, {"days", "jours"}, {"from", "de"}, {"to", "à"}};

bool load_calendars(struct load *l, const struct yaml_node *node, struct part *ret)
{
	return node && part_open(l, node, calendar_keys, COUNT(calendar_keys), "calendriers", ret);
}

static const int64_t *read_days(const struct part *part, const char *english, size_t *ret_n)
{
	struct load *l = part->l;
	const struct yaml_node *list = part_get(part, english);
	struct slice text;
	size_t n = list_length(l, list, english);
	int64_t *days = arena_zero(&l->policy->arena, (n + 1) * sizeof(*days));
	*ret_n = 0;
	for (size_t i = 0; i < n; i++) {
		if (yaml_string(l->f, list->items[i], &text, l->p) < 0)
			continue;
		if (day_parse(text, &days[*ret_n]) < 0)
			yaml_problem(l->f, list->items[i], l->p, "2027-12-24 ou 24/12/2027",
				"jour illisible : %.*s", (int)text.n, text.p);
		else
			(*ret_n)++;
	}
	return days;
}

/* Without `holidays`, those of the metropolis. */
static void read_holidays(struct load *l, const struct yaml_node *node)
{
	struct holidays *h = &l->policy->holidays;
	struct part part;
	size_t zone;
	const struct yaml_node *name = node;
	if (!node)
		return;
	if (node->type == YAML_MAP) {
		if (!part_open(l, node, holiday_keys, COUNT(holiday_keys), "fériés", &part))
			return;
		name = part_get(&part, "zone");
		h->also = read_days(&part, "also", &h->n_also);
		h->except = read_days(&part, "except", &h->n_except);
	}
	if (name &&
		yaml_choice(l->f, name, holiday_zone_names, HOLIDAY_ZONES + 1, &zone, l->p) == 0)
		h->zone = (enum holiday_zone)zone;
}

bool load_span(const struct part *part, struct hours_span *ret)
{
	const char *days = part_text(part, "days", "tous");
	size_t errors = part->l->p->errors;
	*ret = (struct hours_span){.from = 0, .to = DAY_MINUTES};
	if (hours_days_parse(days, &ret->days) < 0)
		yaml_problem(part->l->f, part_get(part, "days"), part->l->p,
			"lun-ven, ou sam, dim ; tous", "jours illisibles : %s", days);
	part_minute(part, "from", &ret->from);
	part_minute(part, "to", &ret->to);
	return part->l->p->errors == errors;
}

static size_t read_spans(const struct part *part, struct hours_span *spans)
{
	struct load *l = part->l;
	const struct yaml_node *list = part_get(part, "spans");
	struct part one;
	size_t n = 0;
	if (!list)
		return load_span(part, spans);
	for (size_t i = 0; i < list_length(l, list, "spans") && i < SPANS_MAX; i++)
		if (part_open(l, list->items[i], span_keys, COUNT(span_keys), "plage", &one))
			n += load_span(&one, &spans[n]);
	return n;
}

static void read_hours(struct load *l, const struct yaml_node *node)
{
	struct policy *policy = l->policy;
	struct part part;
	bool holidays = false;
	if (!part_open(l, node, hours_keys, COUNT(hours_keys), "heures", &part))
		return;
	struct hours *h = &policy->hours[policy->n_hours];
	struct hours_span *spans = arena_zero(&policy->arena, SPANS_MAX * sizeof(*spans));
	*h = (struct hours){.id = part_id(&part), .spans = spans};
	h->title = part_text(&part, "title", h->id);
	h->n_spans = read_spans(&part, spans);
	const struct yaml_node *word = part_get(&part, "holidays");
	if (word && yaml_bool(l->f, word, &holidays, l->p) < 0)
		return;
	h->closed_on = holidays ? NULL : l->closed_on;
	for (size_t i = 0; h->id && i < policy->n_hours; i++)
		if (strcmp(policy->hours[i].id, h->id) == 0)
			yaml_problem(l->f, part_get(&part, "id"), l->p,
				"donnez un autre « id » à l'un des deux",
				"identifiant donné deux fois : %s", h->id);
	if (h->id)
		policy->n_hours++;
}

void load_hours(struct load *l, const struct part *calendars)
{
	struct holidays *closed_on = arena_zero(&l->policy->arena, sizeof(*closed_on));
	read_holidays(l, part_get(calendars, "holidays"));
	*closed_on = l->policy->holidays;
	l->closed_on = closed_on;
	const struct yaml_node *list = part_get(calendars, "hours");
	size_t n = list_length(l, list, "hours");
	l->policy->hours = arena_zero(&l->policy->arena, (n + 1) * sizeof(*l->policy->hours));
	for (size_t i = 0; i < n; i++)
		read_hours(l, list->items[i]);
}

const struct hours *load_hours_named(struct load *l, const struct yaml_node *node, const char *id)
{
	const struct policy *policy = l->policy;
	for (size_t i = 0; i < policy->n_hours; i++)
		if (strcmp(policy->hours[i].id, id) == 0)
			return &policy->hours[i];
	yaml_problem(l->f, node, l->p,
		"déclarez-les dans « calendars », « hours » ; « always » : à toute heure",
		"heures inconnues : %s", id);
	return NULL;
}

/* A person's number; ROTA_NOBODY (said) for an unknown one. */
static size_t person_at(struct load *l, const struct yaml_node *node)
{
	struct slice id;
	if (yaml_string(l->f, node, &id, l->p) < 0)
		return ROTA_NOBODY;
	const struct policy_person *who = policy_person(l->policy, id);
	if (who)
		return (size_t)(who - l->policy->people);
	yaml_problem(
		l->f, node, l->p, load_nearest(l, id), "personne inconnue : %.*s", (int)id.n, id.p);
	return ROTA_NOBODY;
}

/* In a plan people stand by their id or their name. */
static size_t find_person(void *user, struct slice name)
{
	const struct policy *policy = user;
	for (size_t i = 0; i < policy->n_people; i++)
		if (slice_is(name, policy->people[i].id) || slice_is(name, policy->people[i].name))
			return i;
	return ROTA_NOBODY;
}

static void read_plan(const struct part *part, int handover, struct rota *r)
{
	struct load *l = part->l;
	const char *path = part_path(part, "file");
	struct rota_shift *shifts;
	struct error e;
	_buf_ struct buf text = {0};
	if (!path)
		return;
	if (file_read(path, CSV_MAX, &text, &e) < 0) {
		yaml_problem(l->f, part_get(part, "file"), l->p,
			"vérifiez le nom du fichier, et que tocsin a le droit de le lire", "%s",
			e.text);
		return;
	}
	if (rota_csv(path, buf_slice(&text), handover, find_person, l->policy, &shifts,
		    &r->n_shifts, l->p) < 0)
		return;
	size_t bytes = r->n_shifts * sizeof(*shifts);
	struct rota_shift *kept = arena_zero(&l->policy->arena, bytes + 1);
	if (bytes)
		memcpy(kept, shifts, bytes);
	r->shifts = kept;
	free(shifts);
}

static void read_turn(const struct part *part, struct rota *r)
{
	struct load *l = part->l;
	const struct yaml_node *list = part_get(part, "turn");
	size_t n = list_length(l, list, "turn");
	size_t *turn = arena_zero(&l->policy->arena, (n + 1) * sizeof(*turn));
	for (size_t i = 0; i < n; i++) {
		turn[r->n_turn] = person_at(l, list->items[i]);
		r->n_turn += turn[r->n_turn] != ROTA_NOBODY;
	}
	r->turn = turn;
	int64_t period = 7 * CLOCK_DAY;
	int none;
	part_duration(part, "period", CLOCK_DAY, &period);
	if (period % CLOCK_DAY)
		yaml_problem(l->f, part_get(part, "period"), l->p, "7 j",
			"« period » compte en jours entiers");
	r->period = period / CLOCK_DAY;
	if (!part_time(part, "start", &r->start, &none) && n > 1 && !part_get(part, "start"))
		yaml_problem(l->f, list, l->p, "start: 2027-01-01",
			"il manque « start » (début) : le jour où la première personne prend son tour");
}

static void read_rota(struct load *l, const struct yaml_node *node)
{
	struct policy *policy = l->policy;
	struct part part;
	if (!part_open(l, node, rota_keys, COUNT(rota_keys), "astreinte", &part))
		return;
	struct rota *r = &policy->rotas[policy->n_rotas];
	int handover = -1;
	*r = (struct rota){.id = part_id(&part)};
	r->title = part_text(&part, "title", r->id);
	part_minute(&part, "handover", &handover);
	r->handover = handover < 0 ? 0 : handover;
	const char *hours = part_text(&part, "hours", NULL);
	if (hours)
		r->hours = load_hours_named(l, part_get(&part, "hours"), hours);
	read_turn(&part, r);
	read_plan(&part, handover, r);
	if (!part_get(&part, "turn") && !part_get(&part, "file"))
		yaml_problem(l->f, node, l->p, "turn: [dupont, martin]",
			"donnez « turn » (tour) ou « file » (fichier)");
	if (r->id && load_id_free(l, &part, r->id))
		policy->n_rotas++;
}

static void read_absence(struct load *l, const struct yaml_node *node)
{
	struct policy *policy = l->policy;
	struct part part;
	int64_t from = 0, to = 0;
	int first = 0, last = 0;
	if (!part_open(l, node, absence_keys, COUNT(absence_keys), "absence", &part))
		return;
	const struct yaml_node *who = part_get(&part, "who");
	const struct yaml_node *substitute = part_get(&part, "substitute");
	struct rota_absence a = {.who = ROTA_NOBODY, .substitute = ROTA_NOBODY};
	if (!who || !part_get(&part, "from") || !part_get(&part, "to")) {
		yaml_problem(l->f, node, l->p, "{who: dupont, from: 2027-08-01, to: 2027-08-15}",
			"« who », « from » et « to » (qui, du, au) sont attendus");
		return;
	}
	a.who = person_at(l, who);
	if (substitute)
		a.substitute = person_at(l, substitute);
	if (!part_time(&part, "from", &from, &first) || !part_time(&part, "to", &to, &last) ||
		a.who == ROTA_NOBODY)
		return;
	a.from = day_instant(from, first < 0 ? 0 : first);
	a.to = day_instant(to, last < 0 ? DAY_MINUTES : last); /* the last day whole */
	if (a.to <= a.from)
		yaml_problem(l->f, part_get(&part, "to"), l->p,
			"« to » (au) est le dernier jour de l'absence, compris",
			"la fin ne vient pas après le début");
	policy->absences[policy->n_absences++] = a;
}

void load_rotas(struct load *l, const struct part *calendars)
{
	struct policy *policy = l->policy;
	const struct yaml_node *absences = part_get(calendars, "absences");
	const struct yaml_node *rotas = part_get(calendars, "on_call");
	size_t n = list_length(l, absences, "absences");
	policy->absences = arena_zero(&policy->arena, (n + 1) * sizeof(*policy->absences));
	for (size_t i = 0; i < n; i++)
		read_absence(l, absences->items[i]);
	policy->n_absences_given = policy->n_absences;
	n = list_length(l, rotas, "on_call");
	policy->rotas = arena_zero(&policy->arena, (n + 1) * sizeof(*policy->rotas));
	for (size_t i = 0; i < n; i++)
		read_rota(l, rotas->items[i]);
	for (size_t i = 0; i < policy->n_rotas; i++) {
		policy->rotas[i].absences = policy->absences;
		policy->rotas[i].n_absences = policy->n_absences;
	}
}

static unsigned read_levels(const struct part *part)
{
	static const char *const allowed[] = {"jaune", "orange", "gris"};
	static const enum policy_chain chains[] = {CHAIN_JAUNE, CHAIN_ORANGE, CHAIN_GRIS};
	struct load *l = part->l;
	const struct yaml_node *node = part_get(part, "levels");
	unsigned bits = 0;
	if (!node) {
		yaml_problem(l->f, part->map, l->p, "levels: [jaune, gris]",
			"il manque « levels » (niveaux)");
		return 0;
	}
	size_t n = node->type == YAML_LIST ? node->n : 1;
	for (size_t i = 0; i < n; i++) {
		const struct yaml_node *item = node->type == YAML_LIST ? node->items[i] : node;
		size_t chosen;
		struct slice word;
		if (yaml_string(l->f, item, &word, l->p) < 0)
			continue;
		if (slice_is(word, "rouge") || slice_is(word, "P1") || slice_is(word, "urgence"))
			yaml_problem(l->f, item, l->p,
				"retirez-les de « levels » (niveaux) ; jaune, orange et gris peuvent attendre",
				"« rouge » et « P1 » n'attendent jamais");
		else if (yaml_choice(l->f, item, allowed, COUNT(allowed), &chosen, l->p) == 0)
			bits |= 1u << chains[chosen];
	}
	return bits;
}

static void read_quiet(struct load *l, const struct yaml_node *node)
{
	struct policy *policy = l->policy;
	struct policy_quiet_hours *q = &policy->quiet[policy->n_quiet];
	struct hours_span *span = arena_zero(&policy->arena, sizeof(*span));
	struct hours *hours = arena_zero(&policy->arena, sizeof(*hours));
	struct part part;
	if (!part_open(l, node, quiet_keys, COUNT(quiet_keys), "calme", &part))
		return;
	q->chains = read_levels(&part);
	const char *outside = part_text(&part, "outside", NULL);
	q->outside = outside != NULL;
	if (outside) {
		q->hours = load_hours_named(l, part_get(&part, "outside"), outside);
		if (part_get(&part, "from") || part_get(&part, "to") || part_get(&part, "days"))
			yaml_problem(l->f, node, l->p,
				"gardez « outside: bureau », ou « from » et « to »",
				"donnez « outside » (hors), ou un début et une fin, pas les deux");
	} else {
		if (!part_get(&part, "from") || !part_get(&part, "to"))
			yaml_problem(l->f, node, l->p, "from: '21:00', to: '07:30'",
				"il manque « from » et « to » (de, à), ou « outside » (hors)");
		*hours = (struct hours){.id = "calme", .title = "calme", .spans = span};
		hours->n_spans = load_span(&part, span);
		q->hours = hours;
	}
	if (q->hours)
		policy->n_quiet++;
}

void load_quiet(struct load *l, const struct yaml_node *node)
{
	size_t n = node->type == YAML_LIST ? list_length(l, node, "quiet") : 1;
	l->policy->quiet = arena_zero(&l->policy->arena, (n + 1) * sizeof(*l->policy->quiet));
	for (size_t i = 0; i < n; i++)
		read_quiet(l, node->type == YAML_LIST ? node->items[i] : node);
}
