/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "testing.h"

static bool open(struct probe *p, struct slice pattern, bool knows, struct match_fault *f)
{
	static const char *const known[] = {"vous", "allez", "payer", "sale", "con", "rire"};
	struct match_builder *b = match_builder_new();
	uint32_t atom = match_add_atom(b, 0);
	struct match_cost cost;
	struct error e;

	if (match_add_regex(b, atom, pattern, f) != 0) {
		match_builder_free(b);
		return false;
	}
	for (size_t i = 0; knows && i < sizeof(known) / sizeof(*known); i++) {
		match_add_known(b, slice_of(known[i]));
		assert_int_equal(
			match_add_term(b, match_add_atom(b, 1), slice_of(known[i]), MATCH_WHOLE, 0),
			0);
	}
	match_cost(b, atom, &cost);
	p->way = cost.way;
	if (match_compile(b, &p->set, &e) < 0)
		fail_msg("%s", e.text);
	match_builder_free(b);
	p->plain = p->set->regexes[0].plain;
	p->scratch = match_scratch_new(p->set);
	p->code = regex_compile(pattern, f);
	assert_non_null(p->code);
	assert_true(regex_ready(p->code, f));
	matcher_init(&p->matcher);
	return true;
}

bool probe_open(struct probe *p, struct slice pattern, struct match_fault *f)
{
	return open(p, pattern, false, f);
}

bool probe_open_knowing(struct probe *p, struct slice pattern, struct match_fault *f)
{
	return open(p, pattern, true, f);
}

void probe_close(struct probe *p)
{
	matcher_release(&p->matcher);
	pcre2_code_free(p->code);
	match_scratch_free(p->scratch);
	match_set_free(p->set);
}

/* What the last scan found, against PCRE2. */
static unsigned compare(struct probe *p, struct slice pattern)
{
	struct match_spans found = {0};
	struct slice view;
	size_t from = 0, n = 0;
	int r = PCRE2_ERROR_NOMATCH;

	match_collect(p->scratch, 0, &found);
	view = text_view(match_views(p->scratch), p->plain ? TEXT_PLAIN : TEXT_FOLDED);
	for (; from < view.n; n++) {
		size_t start, end;

		r = matcher_run(&p->matcher, p->code, view, from, 0);
		if (r < 0)
			break;
		start = matcher_found(&p->matcher)[0];
		end = from = matcher_found(&p->matcher)[1];
		if (p->plain) {
			start = text_plain_to_folded(match_views(p->scratch), start);
			end = text_plain_to_folded(match_views(p->scratch), end);
		}
		if (match_is_limited(p->scratch))
			break;
		if (n >= found.n || found.list[n].start != start || found.list[n].end != end)
			fail_msg(
				"/%.*s/ (way %d) on « %.*s »: not %zu–%zu but %zu spans, there %u–%u",
				(int)pattern.n, pattern.p, (int)p->way, (int)view.n, view.p, start,
				end, found.n, n < found.n ? found.list[n].start : 0,
				n < found.n ? found.list[n].end : 0);
	}
	if (from < view.n && r < 0 && r != PCRE2_ERROR_NOMATCH) {
		/* the engine may have been cleverer, but it may not call the text clean for want of trying */
		if (!match_is_limited(p->scratch) && found.n < n)
			fail_msg("/%.*s/: a limit that nobody tells", (int)pattern.n, pattern.p);
		n = 0;
	} else if (!match_is_limited(p->scratch) && found.n != n) {
		fail_msg("/%.*s/ (way %d) on « %.*s »: %zu spans, not %zu", (int)pattern.n,
			pattern.p, (int)p->way, (int)view.n, view.p, found.n, n);
	}
	free(found.list);
	return (unsigned)n;
}

unsigned probe_compare(struct probe *p, struct slice pattern, struct slice text)
{
	match_scan(p->scratch, text);
	return compare(p, pattern);
}

unsigned probe_compare_spelled(
	struct probe *p, struct slice pattern, struct slice text, bool *ret_spelled)
{
	match_scan(p->scratch, text);
	*ret_spelled = match_scan_spelled(p->scratch);
	return *ret_spelled ? compare(p, pattern) : 0;
}

unsigned below(unsigned n)
{
	static uint64_t seed;

	/* MATCH_SEED=n searches elsewhere than the ordinary run */
	if (!seed)
		seed = getenv("MATCH_SEED") ? strtoul(getenv("MATCH_SEED"), NULL, 10) : 7;
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % n;
}
