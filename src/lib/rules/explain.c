/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain.h"

static enum explained_reading reading_of(const struct scorer *s, struct match_span span)
{
	enum spell_trust trust =
		s->spelled ? text_spell_trust(s->views, span.start, span.end) : SPELL_UNTOUCHED;

	if (span.by == MATCH_BY_TEXT && trust != SPELL_UNTOUCHED)
		return trust == SPELL_GUESSED     ? READING_SOUND
			: trust == SPELL_REPAIRED ? READING_DISGUISE
						  : READING_SPELLED;
	switch ((enum match_by)span.by) {
	case MATCH_BY_TEXT: return READING_TEXT;
	case MATCH_BY_JOINING: return READING_FRAGMENTS;
	case MATCH_BY_SLIP: return READING_SLIP;
	case MATCH_BY_SOUND: return READING_SOUND;
	case MATCH_BY_SQUEEZING:
	case MATCH_BY_GLUE:
	case MATCH_BY_MASK:
	default: return READING_DISGUISE;
	}
}

static void tell(const struct scorer *s, struct explained *e)
{
	e->rule = s->explainer->rule;
	s->explainer->fn(s->explainer->user, e);
}

static void to_original(const struct scorer *s, uint32_t start, uint32_t end, uint32_t *ret_start,
	uint32_t *ret_end)
{
	*ret_start = *ret_end = 0;
	if (start < end)
		text_view_origin(s->views, TEXT_FOLDED, start, end, ret_start, ret_end);
}

void explain_views(struct scorer *s)
{
	static const char *const names[] = {"clair", "sans accents", "déguisements défaits"};

	if (s->spelled) {
		tell(s,
			&(struct explained){.what = EXPLAINED_VIEW,
				.name = "en toutes lettres",
				.text = text_view(s->views, TEXT_PLAIN)});
		return;
	}
	for (unsigned i = TEXT_PLAIN; i <= TEXT_SQUEEZED; i++) {
		struct explained e = {.what = EXPLAINED_VIEW,
			.name = names[i],
			.text = text_view(s->views, (enum text_view)i)};

		if (i == TEXT_SQUEEZED && !text_is_squeezed(s->views))
			continue; /* as the one before it */
		tell(s, &e);
	}
}

void explain_rule(struct scorer *s, const struct rule *rule)
{
	struct explained e = {.what = EXPLAINED_RULE};

	s->explainer->rule = (size_t)(rule - s->r->rules);
	tell(s, &e);
}

void explain_context(struct scorer *s, enum context_operator op, struct match_span span,
	const struct finding *f, bool kept)
{
	struct explained e = {.what = EXPLAINED_CONTEXT,
		.name = context_keys.keys[op].french ? context_keys.keys[op].french
						     : context_keys.keys[op].english,
		.disguised = span.squeezed,
		.holds = f->holds,
		.kept = kept,
		.why = f->why};

	to_original(s, span.start, span.end, &e.start, &e.end);
	to_original(s, f->start, f->end, &e.cue_start, &e.cue_end);
	tell(s, &e);
}

void explain_spans(struct scorer *s, enum explained_what what, size_t from, size_t end)
{
	for (size_t i = from; i < end; i++) {
		struct explained e = {.what = what,
			.disguised = s->spans.list[i].squeezed,
			.reading = reading_of(s, s->spans.list[i])};

		to_original(s, s->spans.list[i].start, s->spans.list[i].end, &e.start, &e.end);
		tell(s, &e);
	}
}

void explain_clue(struct scorer *s, struct match_span span, int32_t worth)
{
	struct explained e = {.what = EXPLAINED_CLUE,
		.disguised = span.squeezed,
		.reading = reading_of(s, span),
		.worth = worth};

	to_original(s, span.start, span.end, &e.start, &e.end);
	tell(s, &e);
}

void explain_outcome(struct scorer *s, enum explained_outcome outcome)
{
	struct explained e = {.what = EXPLAINED_OUTCOME, .outcome = outcome};

	tell(s, &e);
}

void explain_score(
	struct scorer *s, const struct rule *rule, uint32_t weighed, uint32_t added, uint32_t cap)
{
	struct explained e = {.what = EXPLAINED_SCORE,
		.score = rule->score,
		.weighed = weighed,
		.added = added,
		.cap = cap,
		.disguised = weighed < rule->score};

	tell(s, &e);
}

void explain_pack(struct scorer *s, const struct pack *pack, uint32_t sum)
{
	struct explained e = {.what = EXPLAINED_PACK,
		.text = pack->id,
		.sum = sum,
		.queue = pack->queue,
		.alert = pack->alert,
		.level = sum >= pack->alert  ? VERDICT_ALERT
			: sum >= pack->queue ? VERDICT_QUEUE
					     : VERDICT_NONE};

	tell(s, &e);
}

void scorer_explain(struct scorer *s, const struct comment *c, explained_fn *fn, void *user,
	struct verdict *ret)
{
	struct explainer explainer = {.fn = fn, .user = user};

	s->explainer = &explainer;
	scorer_score(s, c, ret);
	s->explainer = NULL;
}
