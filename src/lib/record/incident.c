/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/record/incident.h>

#include <errno.h>
#include <math.h>

#include "list.h"

#define FACTS_VERSION 2u /* 1 has no rarity at its end; databases keep such rows */
#define FACTS_TERMS 3u /* with terms behind that: written only where there are some */
#define FACTS_ENGAGED 4u /* … and likes and shares behind these */

const char *const town_level_names[5] = {"vert", "jaune", "orange", "rouge", "gris"};
const char *const incident_kind_names[9] = {
	"topic", "emergent", "raid", "campaign", "P1", "grey", "whole", "drill", "overdue"};
const char *const incident_state_names[3] = {"open", "acked", "closed"};
const char *const entry_kind_names[19] = {"opened", "raised", "notified", "acked", "ack_expired",
	"ack_broken", "handed", "note", "lowered", "closed", "reopened", "silenced", "failed",
	"wording", "instruction", "point", "rumour", "released", "passed"};

static void put_double(struct buf *out, double v)
{
	uint64_t bits;

	memcpy(&bits, &v, sizeof(bits));
	wire_put_u64(out, bits);
}

static double get_double(struct wire *w)
{
	uint64_t bits = wire_u64(w);
	double v;

	memcpy(&v, &bits, sizeof(v));
	return v;
}

/* Known, and a number; else 0. */
static double get_rarity(struct wire *w)
{
	double v = get_double(w);
	return isfinite(v) && v > 0 ? v : 0;
}

void incident_facts_encode(struct buf *out, const struct incident_facts *f)
{
	bool engaged = f->engagement || f->echoed;

	wire_put_u8(out, engaged ? FACTS_ENGAGED : f->n_terms ? FACTS_TERMS : FACTS_VERSION);
	wire_put_i64(out, f->at);
	wire_put_i64(out, f->since);
	wire_put_varint(out, f->messages);
	wire_put_varint(out, f->authors);
	wire_put_varint(out, f->sources);
	wire_put_varint(out, f->recent);
	put_double(out, f->usual_low);
	put_double(out, f->usual_high);
	wire_put_varint(out, f->max_before);
	wire_put_i64(out, f->listening_since);
	wire_put_varint(out, f->top5_share);
	wire_put_varint(out, f->copied);
	wire_put_varint(out, f->questions);
	wire_put_varint(out, f->offences);
	wire_put_bytes(out, f->series);
	wire_put_varint(out, f->n_per_source);
	for (uint32_t i = 0; i < f->n_per_source; i++) {
		wire_put_bytes(out, f->per_source[i]);
		wire_put_varint(out, f->per_source_count[i]);
	}
	wire_put_varint(out, f->n_examples);
	for (uint32_t i = 0; i < f->n_examples; i++)
		wire_put_i64(out, f->examples[i]);
	wire_put_varint(out, f->n_deaf);
	for (uint32_t i = 0; i < f->n_deaf; i++)
		wire_put_bytes(out, f->deaf[i]);
	wire_put_bytes(out, f->trigger);
	put_double(out, f->once_in);
	put_double(out, f->threshold);
	if (!f->n_terms && !engaged)
		return;
	wire_put_varint(out, f->n_terms);
	for (uint32_t i = 0; i < f->n_terms; i++)
		wire_put_bytes(out, f->terms[i]);
	if (!engaged)
		return;
	wire_put_varint(out, f->engagement);
	wire_put_varint(out, f->echoed);
}

static void read_lists(struct wire *w, struct arena *arena, struct incident_facts *f)
{
	f->n_per_source = list_count(w);
	f->per_source = list_alloc(arena, f->n_per_source, sizeof(*f->per_source));
	f->per_source_count = list_alloc(arena, f->n_per_source, sizeof(*f->per_source_count));
	for (uint32_t i = 0; i < f->n_per_source; i++) {
		f->per_source[i] = wire_bytes(w);
		f->per_source_count[i] = list_u32(w);
	}
	f->n_examples = list_count(w);
	f->examples = list_alloc(arena, f->n_examples, sizeof(*f->examples));
	for (uint32_t i = 0; i < f->n_examples; i++)
		f->examples[i] = wire_i64(w);
	f->n_deaf = list_count(w);
	f->deaf = list_alloc(arena, f->n_deaf, sizeof(*f->deaf));
	for (uint32_t i = 0; i < f->n_deaf; i++)
		f->deaf[i] = wire_bytes(w);
}

void incident_facts_read(struct wire *w, struct arena *arena, struct incident_facts *f)
{
	uint8_t version = wire_u8(w);

	*f = (struct incident_facts){0};
	if (version < 1 || version > FACTS_ENGAGED)
		w->bad = true;
	f->at = wire_i64(w);
	f->since = wire_i64(w);
	f->messages = list_u32(w);
	f->authors = list_u32(w);
	f->sources = list_u32(w);
	f->recent = list_u32(w);
	f->usual_low = get_double(w);
	f->usual_high = get_double(w);
	f->max_before = list_u32(w);
	f->listening_since = wire_i64(w);
	f->top5_share = list_u32(w);
	f->copied = list_u32(w);
	f->questions = list_u32(w);
	f->offences = list_u32(w);
	f->series = wire_bytes(w);
	read_lists(w, arena, f);
	f->trigger = wire_bytes(w);
	if (version < 2)
		return;
	f->once_in = get_rarity(w);
	f->threshold = get_rarity(w);
	if (version < FACTS_TERMS)
		return;
	f->n_terms = list_count(w);
	f->terms = list_alloc(arena, f->n_terms, sizeof(*f->terms));
	for (uint32_t i = 0; i < f->n_terms; i++)
		f->terms[i] = wire_bytes(w);
	if (version < FACTS_ENGAGED)
		return;
	f->engagement = list_u32(w);
	f->echoed = list_u32(w);
}

size_t incident_series(const struct incident_facts *f, uint32_t ret[], size_t max)
{
	struct wire w = wire_reader(f->series);
	size_t n = 0;
	while (n < max && !w.bad && !wire_done(&w)) {
		uint64_t count = wire_varint(&w);
		ret[n++] = count > UINT32_MAX ? UINT32_MAX : (uint32_t)count;
	}
	return w.bad ? 0 : n;
}

int incident_facts_decode(struct slice s, struct arena *arena, struct incident_facts *ret)
{
	struct wire w = wire_reader(s);
	struct incident_facts f;

	incident_facts_read(&w, arena, &f);
	if (!wire_done(&w))
		return -EBADMSG;
	*ret = f;
	return 0;
}

int incident_copy(const struct incident *i, struct arena *arena, struct incident *ret)
{
	_buf_ struct buf facts = {0};
	*ret = *i;
	ret->topic = arena_copy(arena, i->topic);
	ret->title = arena_copy(arena, i->title);
	ret->acked_by = arena_copy(arena, i->acked_by);
	ret->passed_to = arena_copy(arena, i->passed_to);
	incident_facts_encode(&facts, &i->facts);
	return incident_facts_decode(arena_copy(arena, buf_slice(&facts)), arena, &ret->facts);
}

bool incident_urgent(const struct incident *i)
{
	return i->kind == INCIDENT_P1 ||
		(i->kind == INCIDENT_DRILL && slice_is(i->topic, INCIDENT_DRILL_TOPIC "P1")) ||
		(i->kind == INCIDENT_OVERDUE && slice_is(i->topic, INCIDENT_OVERDUE_TOPIC "P1"));
}

struct slice incident_reason(struct slice trigger)
{
	static const char *const starts[] = {
		INCIDENT_BY_RULE, INCIDENT_BY_HUMAN, INCIDENT_CALLED_OFF};

	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++) {
		const size_t n = strlen(starts[i]);

		if (slice_begins(trigger, starts[i]))
			return (struct slice){trigger.p + n, trigger.n - n};
	}
	return (struct slice){0};
}

bool incident_called_off(const struct incident *i)
{
	return i->state == INCIDENT_CLOSED && slice_begins(i->facts.trigger, INCIDENT_CALLED_OFF);
}

struct slice incident_subject(const struct incident *i)
{
	const size_t n = sizeof(INCIDENT_DRILL_MARK) - 1;

	if (i->kind != INCIDENT_DRILL || i->title.n < n ||
		memcmp(i->title.p, INCIDENT_DRILL_MARK, n) != 0)
		return i->title;
	return (struct slice){i->title.p + n, i->title.n - n};
}
