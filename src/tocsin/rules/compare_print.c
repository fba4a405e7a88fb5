/* SPDX-License-Identifier: GPL-3.0-or-later
 * A comparison as people read it: totals, the rules that changed, examples of both sides. */
#include <stdlib.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/utf8.h>
#include <tocsin/json/json.h>
#include "compare.h"

enum { EXCERPT = 70 /* bytes of text on either side of a match */ };

static int compare_changes(const void *a, const void *b)
{
	const struct rule_change *x = a, *y = b;
	uint64_t left = x->found + x->lost, right = y->found + y->lost;
	if (left != right)
		return left > right ? -1 : 1;
	return slice_compare(x->id, y->id);
}

static void put_example(struct buf *out, const struct example *e, bool terminal)
{
	size_t from = e->start > EXCERPT ? e->start - EXCERPT : 0;
	size_t to = e->end + EXCERPT < e->text.n ? e->end + (size_t)EXCERPT : e->text.n;
	while (from && ((unsigned char)e->text.p[from] & 0xc0) == 0x80)
		from--;
	while (to < e->text.n && ((unsigned char)e->text.p[to] & 0xc0) == 0x80)
		to++;
	buf_printf(out, "    « %s", from ? "…" : "");
	table_clean(out, (struct slice){e->text.p + from, e->start - from}, false);
	buf_add_string(out, terminal ? "\033[1m" : "[");
	table_clean(out, (struct slice){e->text.p + e->start, e->end - e->start}, false);
	buf_add_string(out, terminal ? "\033[0m" : "]");
	table_clean(out, (struct slice){e->text.p + e->end, to - e->end}, false);
	buf_printf(out, "%s »\n", to < e->text.n ? "…" : "");
}

static void put_examples(struct context *x, struct buf *out, const struct comparison *c, bool found,
	const char *title)
{
	bool any = false;
	for (size_t i = 0; i < c->n; i++) {
		const struct rule_change *rule = &c->rules[i];
		const struct example *list = found ? rule->found_examples : rule->lost_examples;
		if (!list[0].text.n)
			continue;
		if (!any)
			buf_printf(out, "\n%s\n", title);
		any = true;
		buf_printf(out, "  %.*s\n", (int)rule->id.n, rule->id.p);
		for (size_t k = 0; k < EXAMPLES && list[k].text.n; k++)
			put_example(out, &list[k], x->terminal);
	}
}

static void put_totals(struct context *x, struct buf *out, const struct comparison *c)
{
	char first[CLOCK_TEXT], last[CLOCK_TEXT];
	buf_printf(out, _w(x, "%llu commentaires relus"), (unsigned long long)c->comments);
	if (c->first_at)
		buf_printf(out, _w(x, ", du %s au %s"), clock_format_dhm(c->first_at, first),
			clock_format_dhm(c->last_at, last));
	buf_printf(out,
		_w(x,
			"\n  à modérer : %llu avant, %llu après (%llu de plus, %llu de moins)\n"
			"  alertes   : %llu avant, %llu après (%llu de plus, %llu de moins)\n\n"),
		(unsigned long long)c->before[1], (unsigned long long)c->after[1],
		(unsigned long long)c->found[1], (unsigned long long)c->lost[1],
		(unsigned long long)c->before[2], (unsigned long long)c->after[2],
		(unsigned long long)c->found[2], (unsigned long long)c->lost[2]);
}

static void print_table(struct context *x, const struct comparison *c)
{
	const char *const names[] = {_w(x, "règle"), _w(x, ">avant"), _w(x, ">après"),
		_w(x, ">nouveaux"), _w(x, ">perdus"), JUDGED_COLUMNS(x), NULL};
	_buf_ struct buf out = {0};
	_table_ struct table t;
	size_t changed = 0;
	changes_print(x, &c->written, &out);
	put_totals(x, &out, c);
	table_init(&t, names);
	for (size_t i = 0; i < c->n; i++) {
		const struct rule_change *r = &c->rules[i];
		const bool decided = judged_all(&r->judged) > 0;
		if (!r->found && !r->lost && !decided)
			continue;
		changed += r->found || r->lost;
		table_add(&t, r->id);
		table_printf(&t, "%llu", (unsigned long long)r->before);
		table_printf(&t, "%llu", (unsigned long long)r->after);
		table_printf(&t, "%llu", (unsigned long long)r->found);
		table_printf(&t, "%llu", (unsigned long long)r->lost);
		judged_print(&t, &r->judged);
	}
	table_print(&t, x->terminal, &out);
	if (!changed)
		buf_add_string(&out, _w(x, "aucune règle ne reconnaît autre chose qu'avant\n"));
	put_examples(x, &out, c, true, _w(x, "Nouvellement reconnus"));
	put_examples(x, &out, c, false, _w(x, "Ne sont plus reconnus"));
	put_text(buf_slice(&out), stdout);
}

static void put_side(struct json_writer *w, const char *key, const struct example *list)
{
	json_w_key(w, key);
	json_w_begin(w, '[');
	for (size_t i = 0; i < EXAMPLES && list[i].text.n; i++)
		json_w_string(w, list[i].id);
	json_w_end(w, ']');
}

static void put_quotes(struct json_writer *w, const char *side, const struct example *list)
{
	for (size_t i = 0; i < EXAMPLES && list[i].text.n; i++) {
		json_w_begin(w, '{');
		json_w_text(w, "side", slice_of(side));
		json_w_text(w, "id", list[i].id);
		json_w_text(w, "text", list[i].text);
		json_w_number(w, "start", list[i].start);
		json_w_number(w, "end", list[i].end);
		json_w_end(w, '}');
	}
}

static void print_json(const struct comparison *c)
{
	static const char *const levels[] = {NULL, "queue", "alert"};
	_buf_ struct buf out = {0};
	struct json_writer w = {.out = &out};
	json_w_begin(&w, '{');
	json_w_number(&w, "comments", c->comments);
	json_w_time(&w, "first", c->first_at);
	json_w_time(&w, "last", c->last_at);
	for (int i = 1; i < 3; i++) {
		json_w_key(&w, levels[i]);
		json_w_begin(&w, '{');
		json_w_number(&w, "before", c->before[i]);
		json_w_number(&w, "after", c->after[i]);
		json_w_number(&w, "new", c->found[i]);
		json_w_number(&w, "lost", c->lost[i]);
		json_w_end(&w, '}');
	}
	changes_json(&c->written, &w);
	json_w_key(&w, "rules");
	json_w_begin(&w, '[');
	for (size_t i = 0; i < c->n; i++) {
		const struct rule_change *r = &c->rules[i];
		json_w_begin(&w, '{');
		json_w_text(&w, "rule", r->id);
		json_w_number(&w, "before", r->before);
		json_w_number(&w, "after", r->after);
		json_w_number(&w, "new", r->found);
		json_w_number(&w, "lost", r->lost);
		judged_json(&w, &r->judged);
		put_side(&w, "new_examples", r->found_examples);
		put_side(&w, "lost_examples", r->lost_examples);
		json_w_key(&w, "quotes");
		json_w_begin(&w, '[');
		put_quotes(&w, "new", r->found_examples);
		put_quotes(&w, "lost", r->lost_examples);
		json_w_end(&w, ']');
		json_w_end(&w, '}');
	}
	json_w_end(&w, ']');
	json_w_end(&w, '}');
	buf_add_char(&out, '\n');
	put_text(buf_slice(&out), stdout);
}

void comparison_print(struct context *x, struct comparison *c)
{
	if (c->n)
		qsort(c->rules, c->n, sizeof(*c->rules), compare_changes);
	if (x->json)
		print_json(c);
	else
		print_table(x, c);
}
