/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin connect test SOURCE: one look at a polled source, by the connector itself, and what would come in. Nothing is
 * written, nothing is remembered. Exit 1 when nothing could be read. */
#include "command.h"
#include <tocsin/base/alloc.h>
#include <tocsin/base/child.h>
#include <tocsin/base/clock.h>
#include <tocsin/record/comment.h>
#include "crew.h"
#include "table.h"

enum { LOOK_MS = 90000, OUTPUT_MAX = 64 << 20, TEXT_CELLS = 60, NAME_CELLS = 20 };

struct test {
	struct context *x;
	const struct source_config *source;
	struct json_reader *json;
	struct table table;
	struct buf terms, note, why, extra;
	uint64_t comments, refused;
	bool good; /* the look came to its end */
};

static int look(struct test *t, struct buf *out)
{
	struct context *x = t->x;
	struct crew c = {0};
	struct error e = {0};
	int status = 0;
	if (crew_find(&c) < 0)
		return complain(x, EXIT_PROBLEMS, "%s", _w(x, "programmes introuvables"));
	_free_ char *program = crew_program(&c, "connect");
	_free_ char *config = realpath(x->config_path, NULL);
	_free_ char *id = xstrdup(t->source->id);
	char *argv[] = {(char[]){"tocsin-connect"}, (char[]){"--config"}, config,
		(char[]){"--instance"}, id, (char[]){"test"}, NULL};
	const struct child_spec spec = {.path = program,
		.argv = argv,
		.err = -1,
		.die_with_parent = true,
		.own_group = true};
	int r = child_run(&spec, (struct slice){0}, out, OUTPUT_MAX, LOOK_MS, &status, &e);
	free(c.libexec);
	free(c.tree);
	if (r < 0)
		return complain(x, EXIT_PROBLEMS, "%s", e.text);
	return 0;
}

static void show(struct test *t, const struct comment *c)
{
	struct context *x = t->x;
	char at[CLOCK_TEXT];
	_buf_ struct buf line = {0};
	if (x->json) {
		comment_to_json(&line, c);
		buf_add_char(&line, '\n');
		put_text(buf_slice(&line), stdout);
		return;
	}
	table_add(&t->table,
		c->created_at ? slice_of(clock_format_dhm(c->created_at, at)) : SLICE("–"));
	table_add(&t->table, c->author_name.n ? c->author_name : c->author);
	table_add(&t->table, c->type == COMMENT_TOMBSTONE ? slice_of(_w(x, "supprimé")) : c->kind);
	table_add(&t->table, c->type == COMMENT_TOMBSTONE ? c->id : c->text);
}

static void read_comment(struct test *t, struct slice line)
{
	struct json_value v;
	struct comment c;
	struct error e;
	if (json_parse(t->json, line, &v, &e) < 0 ||
		comment_from_json(v, slice_of(t->source->id), true, &c, &t->extra, &e) !=
			COMMENT_OK) {
		t->refused++;
		return;
	}
	t->comments++;
	show(t, &c);
}

static void read_line(struct test *t, struct slice line)
{
	if (line.n && line.p[0] == '{') {
		read_comment(t, line);
	} else if (slice_begins(line, "terms ")) {
		buf_add(&t->terms, line.p + 6, line.n - 6);
	} else if (slice_begins(line, "note ")) {
		buf_add(&t->note, line.p + 5, line.n - 5);
	} else if (slice_begins(line, "wait ")) {
		const char *text = memchr(line.p + 5, ' ', line.n - 5);
		if (text)
			buf_add(&t->why, text + 1, (size_t)(line.p + line.n - text) - 1);
	} else if (slice_begins(line, "cursor ")) {
		t->good = true;
	}
}

static void read_lines(struct test *t, struct slice out)
{
	while (out.n) {
		const char *newline = memchr(out.p, '\n', out.n);
		size_t n = newline ? (size_t)(newline - out.p) : out.n;
		read_line(t, (struct slice){out.p, n});
		n += newline != NULL;
		out = (struct slice){out.p + n, out.n - n};
	}
}

static void print_end(struct test *t)
{
	struct context *x = t->x;
	_buf_ struct buf out = {0};
	char number[40];
	table_print(&t->table, x->terminal, &out);
	buf_printf(&out, "%s%s : %s", t->comments ? "\n" : "", t->source->id,
		words_number(x->lang, (int64_t)t->comments, number));
	buf_printf(&out, " %s", _w(x, "à prendre"));
	if (t->refused)
		buf_printf(&out, " · %s %s", words_number(x->lang, (int64_t)t->refused, number),
			_w(x, "illisibles"));
	buf_printf(&out, " · %s\n", _w(x, "rien n'est enregistré"));
	if (t->terms.n)
		buf_printf(&out, "%s %s\n", _w(x, "à savoir :"), _w(x, buf_string(&t->terms)));
	if (t->note.n)
		buf_printf(&out, "%s %s\n", _w(x, "à savoir :"), buf_string(&t->note));
	put_text(buf_slice(&out), stdout);
}

static int test(struct test *t)
{
	struct context *x = t->x;
	_buf_ struct buf out = {0};
	const char *const names[] = {
		_w(x, "date"), _w(x, "auteur"), _w(x, "genre"), _w(x, "texte"), NULL};
	int r = look(t, &out);
	if (r)
		return r;
	table_init(&t->table, names);
	t->table.limit[1] = NAME_CELLS;
	t->table.limit[3] = TEXT_CELLS;
	read_lines(t, buf_slice(&out));
	if (!t->good)
		return complain(x, EXIT_PROBLEMS, "%s : %s", t->source->id,
			t->why.n ? buf_string(&t->why) : _w(x, "lecture interrompue"));
	if (!x->json)
		print_end(t);
	return EXIT_DONE;
}

int command_connect(struct context *x, int argc, char **argv)
{
	int r = options_parse(x, NULL, 0, &argc, argv);
	if (!r)
		r = options_words(x, "connect", argc, 2, 2);
	if (r)
		return r;
	if (!option_is(argv[0], "test", "essai"))
		return complain(x, EXIT_MISUSE, _w(x, "« %s » : « test » est attendu"), argv[0]);
	r = need_config(x);
	if (r)
		return r;
	struct test t = {.x = x, .source = config_source(&x->config, argv[1])};
	if (!t.source)
		return complain(x, EXIT_MISUSE, _w(x, "aucune source « %s » dans %s"), argv[1],
			x->config_path);
	if (!t.source->url)
		return complain(x, EXIT_MISUSE,
			_w(x, "« %s » est une source « %s » : seules celles qui ont une « url » s'essaient"),
			argv[1], t.source->kind);
	r = become_owner(x);
	if (r)
		return r;
	t.json = json_reader_new(8u << 20);
	r = test(&t);
	json_reader_free(t.json);
	table_release(&t.table);
	buf_release(&t.terms);
	buf_release(&t.note);
	buf_release(&t.why);
	buf_release(&t.extra);
	return r;
}
