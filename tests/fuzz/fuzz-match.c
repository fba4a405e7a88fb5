/* SPDX-License-Identifier: GPL-3.0-or-later
 * Input: an expression, a line feed, a text. What is refused says why; what is taken finds in the text what PCRE2 finds
 * in a loop over the same view, or says that a limit was hit. A term of the same letters lies within the text. */
#include <stdint.h>
#include <stdlib.h>
#include <tocsin/base/utf8.h>

#include "regex.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check(bool ok)
{
	if (!ok)
		abort();
}

/* The plain loop; false when it hits a limit. */
static bool loop(const pcre2_code *code, struct slice view, struct match_spans *out)
{
	struct matcher m;
	int r = PCRE2_ERROR_NOMATCH;

	matcher_init(&m);
	for (size_t from = 0; from < view.n;) {
		r = matcher_run(&m, code, view, from, 0);
		if (r < 0)
			break;
		from = matcher_found(&m)[1];
		match_spans_push(out,
			(struct match_span){
				.start = (uint32_t)matcher_found(&m)[0], .end = (uint32_t)from});
	}
	matcher_release(&m);
	return r > 0 || r == PCRE2_ERROR_NOMATCH;
}

static void compare(struct match_scratch *s, const struct regex *re, struct slice pattern)
{
	struct match_spans ours = {0}, theirs = {0};
	struct slice view = text_view(match_views(s), re->plain ? TEXT_PLAIN : TEXT_FOLDED);
	struct match_fault f;
	pcre2_code *code = regex_compile(pattern, &f);

	check(code && regex_ready(code, &f));
	match_collect(s, 0, &ours);
	for (size_t i = 0; i < ours.n; i++)
		check(ours.list[i].start < ours.list[i].end &&
			ours.list[i].end <= text_view(match_views(s), TEXT_FOLDED).n);
	/* of longer texts PCRE2 sees slices, and repetitions without an end count as 64 */
	if (view.n <= SLICE_MAX && loop(code, view, &theirs) && !match_is_limited(s)) {
		check(ours.n == theirs.n);
		for (size_t i = 0; i < ours.n && !re->plain; i++)
			check(ours.list[i].start == theirs.list[i].start &&
				ours.list[i].end == theirs.list[i].end);
	}
	pcre2_code_free(code);
	free(ours.list);
	free(theirs.list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *p = (const char *)data, *line = n ? memchr(p, '\n', n) : NULL;
	struct slice pattern = {p, line ? (size_t)(line - p) : n};
	_buf_ struct buf text = {0}, term = {0};
	struct match_builder *b = match_builder_new();
	uint32_t expression = match_add_atom(b, 0), words = match_add_atom(b, 1);
	struct match_fault f = {0};
	struct match_spans spans = {0};
	struct match_set *set;
	struct match_scratch *s;
	struct error e;
	bool taken;

	utf8_repair(&text, (struct slice){line ? line + 1 : p, line ? n - pattern.n - 1 : 0});
	utf8_repair(&term, pattern);
	taken = match_add_regex(b, expression, pattern, &f) == 0;
	check(taken || *f.text);
	(void)!match_add_term(
		b, words, buf_slice(&term), MATCH_WHOLE | MATCH_DISGUISED, MATCH_E | MATCH_S);
	check(match_compile(b, &set, &e) == 0);
	match_builder_free(b);
	s = match_scratch_new(set);
	match_scan(s, buf_slice(&text));
	match_collect(s, words, &spans);
	for (size_t i = 0; i < spans.n; i++)
		check(spans.list[i].start < spans.list[i].end &&
			spans.list[i].end <= text_view(match_views(s), TEXT_FOLDED).n);
	if (taken)
		compare(s, &set->regexes[0], pattern);
	free(spans.list);
	match_scratch_free(s);
	match_set_free(set);
	return 0;
}
