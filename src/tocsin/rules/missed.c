/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin rules missed: what people reported as missed, as tests for a rule: YAML to be put under the rule that should have
 * seen it. Personal data is masked, and whatever looks like a name. */
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/json/json.h>
#include <tocsin/record/mask.h>
#include "author.h"
#include "names.h"

enum { TEXT_BYTES = 500 };

struct found {
	int64_t seq, at;
	struct buf category, note, text;
};
struct founds {
	struct found *list;
	size_t n, cap;
};

static void founds_release(struct founds *all)
{
	for (size_t i = 0; i < all->n; i++) {
		buf_release(&all->list[i].category);
		buf_release(&all->list[i].note);
		buf_release(&all->list[i].text);
	}
	free(all->list);
}

/* One line, nothing of it a control character. */
static void put_masked(struct buf *out, struct slice text)
{
	_buf_ struct buf masked = {0};
	mask_text(&masked, text, TEXT_BYTES);
	names_hide(out, buf_slice(&masked));
}

/* --- reading */

static int take(void *user, const struct missed *m)
{
	struct founds *all = user;
	all->list = xgrow(all->list, all->n, &all->cap, sizeof(*all->list));
	struct found *one = &all->list[all->n++];
	*one = (struct found){.seq = m->seq, .at = m->at};
	buf_add_slice(&one->category, m->category);
	put_masked(&one->note, m->note);
	return 0;
}

static int take_text(void *user, const struct stored_comment *c)
{
	struct found *one = user;
	put_masked(&one->text, c->comment.text);
	return 0;
}

static int read_all(struct context *x, struct founds *all, struct error *e)
{
	int r = reader_missed(x->reader, take, all, e);
	for (size_t i = 0; r == 0 && i < all->n; i++)
		r = reader_comment(x->reader, all->list[i].seq, take_text, &all->list[i], e);
	return r;
}

/* --- printing */

static void put_quoted(struct buf *out, struct slice text)
{
	buf_add_char(out, '\'');
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\'')
			buf_add_char(out, '\'');
		buf_add_char(out, text.p[i]);
	}
	buf_add_char(out, '\'');
}

static void print_yaml(struct context *x, const struct founds *all)
{
	_buf_ struct buf out = {0};
	buf_printf(&out, "# %s\n",
		_w(x, "À placer sous la règle qui aurait dû les voir. Relisez : un nom peut rester."));
	buf_add_string(&out, x->lang == WORDS_EN ? "tests:\n  match:\n" : "exemples:\n  oui:\n");
	for (size_t i = 0; i < all->n; i++) {
		const struct found *one = &all->list[i];
		char at[CLOCK_TEXT];
		if (!one->text.n) /* purged since */
			continue;
		buf_printf(&out, "    # %.*s · %s · ", (int)one->category.n, one->category.p,
			clock_format_dhm(one->at, at));
		buf_add_slice(&out, buf_slice(&one->note));
		buf_add_string(&out, "\n    - ");
		put_quoted(&out, buf_slice(&one->text));
		buf_add_char(&out, '\n');
	}
	put_text(buf_slice(&out), stdout);
}

static void print_json(const struct founds *all)
{
	_buf_ struct buf out = {0};
	for (size_t i = 0; i < all->n; i++) {
		const struct found *one = &all->list[i];
		struct json_writer w = {.out = &out};
		json_w_begin(&w, '{');
		json_w_number(&w, "seq", one->seq);
		json_w_time(&w, "at", one->at);
		json_w_text(&w, "category", buf_slice(&one->category));
		json_w_text(&w, "note", buf_slice(&one->note));
		json_w_text(&w, "text", buf_slice(&one->text));
		json_w_end(&w, '}');
		buf_add_char(&out, '\n');
	}
	fwrite(out.n ? out.p : "", 1, out.n, stdout);
}

int rules_missed(struct context *x, int argc, char **argv)
{
	_cleanup_(founds_release) struct founds all = {0};
	struct error e = {""};
	int r = options_parse(x, NULL, 0, &argc, argv);
	if (r == 0)
		r = options_words(x, "rules missed", argc, 0, 0);
	if (r == 0)
		r = need_reader(x);
	if (r)
		return r;
	if (read_all(x, &all, &e) < 0)
		return complain(x, EXIT_PROBLEMS, "%s", e.text);
	if (x->json)
		print_json(&all);
	else if (all.n)
		print_yaml(x, &all);
	else
		puts(_w(x, "aucun oubli signalé"));
	return 0;
}
