/* SPDX-License-Identifier: GPL-3.0-or-later
 * Problems of packs as people and machines read them. codequality is GitLab's report (JSON of Code Climate issues):
 * the fingerprint leaves the line out, so that an issue stays itself when text moves. */
#include "author.h"
#include <tocsin/base/file.h>
#include <tocsin/digest/digest.h>
#include <tocsin/json/json.h>
#include <tocsin/yaml/yaml.h>
#include "../table.h"

enum { LINE_SHOWN = 160 /* bytes before which a longer line is cut */ };

int report_format_of(struct context *x, const char *word, enum report_format *ret)
{
	static const char *const words_[] = {"text", "json", "codequality"};
	*ret = x->json ? REPORT_JSON : REPORT_TEXT;
	for (size_t i = 0; word && i < sizeof(words_) / sizeof(*words_); i++)
		if (strcmp(word, words_[i]) == 0) {
			*ret = (enum report_format)i;
			return 0;
		}
	return word ? complain(x, EXIT_MISUSE, _w(x, "--format : text, json ou codequality")) : 0;
}

/* One file at a time: problems come file by file. */
struct source_text {
	char *path;
	struct buf text;
};

static struct slice line_of(struct source_text *s, const char *path, unsigned number)
{
	struct error e;
	if (!s->path || strcmp(s->path, path) != 0) {
		free(s->path);
		s->path = strdup(path);
		buf_clear(&s->text);
		if (file_read(path, YAML_MAX, &s->text, &e) < 0)
			buf_clear(&s->text);
	}
	const char *p = s->text.p, *end = p ? p + s->text.n : p;
	for (unsigned i = 1; p < end && i < number; i++) {
		p = memchr(p, '\n', (size_t)(end - p));
		p = p ? p + 1 : end;
	}
	if (p >= end)
		return (struct slice){0};
	const char *stop = memchr(p, '\n', (size_t)(end - p));
	size_t n = (size_t)((stop ? stop : end) - p);
	return (struct slice){p, n};
}

/* The line and a caret below the place, as a compiler shows it. */
static void put_place(struct buf *out, struct slice line, const struct problem *p)
{
	size_t column = 1, at = 0, from = 0;
	while (at < line.n && column < p->column) {
		at++;
		while (at < line.n && ((unsigned char)line.p[at] & 0xc0) == 0x80)
			at++;
		column++;
	}
	if (at > LINE_SHOWN / 2) { /* a long line: around the place */
		from = at - LINE_SHOWN / 2;
		while (from < at && ((unsigned char)line.p[from] & 0xc0) == 0x80)
			from++;
	}
	size_t n = line.n - from > LINE_SHOWN ? LINE_SHOWN : line.n - from;
	while (n && n < line.n - from && ((unsigned char)line.p[from + n] & 0xc0) == 0x80)
		n--;
	buf_printf(out, "%6u | ", p->line);
	table_clean(out, (struct slice){line.p + from, n}, false);
	buf_printf(out, "\n       | %*s^\n",
		(int)table_width((struct slice){line.p + from, at - from}), "");
}

static void report_text(struct context *x, const struct problems *p)
{
	_buf_ struct buf out = {0};
	struct source_text source = {0};
	for (size_t i = 0; i < p->n; i++) {
		struct problem plain = p->list[i];
		plain.hint = NULL;
		problem_print(&out, &plain, _w(x, "erreur"), _w(x, "avertissement"), "");
		struct slice line =
			plain.line ? line_of(&source, plain.path, plain.line) : (struct slice){0};
		if (line.n && plain.column)
			put_place(&out, line, &plain);
		if (p->list[i].hint) {
			buf_printf(&out, "  %s: ", _w(x, "conseil"));
			table_clean(&out, slice_of(p->list[i].hint), false);
			buf_add_char(&out, '\n');
		}
	}
	put_text(buf_slice(&out), stderr);
	free(source.path);
	buf_release(&source.text);
}

static void put_json(struct json_writer *w, const struct problem *p)
{
	json_w_begin(w, '{');
	json_w_text(w, "path", slice_of(p->path));
	json_w_number(w, "line", p->line);
	json_w_number(w, "column", p->column);
	json_w_text(
		w, "severity", p->severity == PROBLEM_ERROR ? SLICE("error") : SLICE("warning"));
	json_w_text(w, "text", slice_of(p->text));
	json_w_key(w, "hint");
	if (p->hint)
		json_w_string(w, slice_of(p->hint));
	else
		json_w_null(w);
	json_w_end(w, '}');
}

static void put_issue(struct json_writer *w, const struct problem *p)
{
	struct digest_state st;
	unsigned char digest[DIGEST_SIZE];
	char hex[DIGEST_HEX];
	digest_begin(&st);
	digest_add(&st, slice_of(p->path));
	digest_add(&st, (struct slice){"", 1});
	digest_add(&st, slice_of(p->text));
	digest_end(&st, digest);
	json_w_begin(w, '{');
	json_w_text(w, "description", slice_of(p->text));
	json_w_text(w, "check_name", SLICE("tocsin rules check"));
	json_w_text(w, "fingerprint", slice_of(digest_hex(digest, sizeof(digest), hex)));
	json_w_text(w, "severity", p->severity == PROBLEM_ERROR ? SLICE("major") : SLICE("minor"));
	json_w_key(w, "location");
	json_w_begin(w, '{');
	json_w_text(w, "path", slice_of(p->path));
	json_w_key(w, "lines");
	json_w_begin(w, '{');
	json_w_number(w, "begin", p->line ? p->line : 1);
	json_w_end(w, '}');
	json_w_end(w, '}');
	json_w_end(w, '}');
}

void report(struct context *x, const struct problems *p, enum report_format format)
{
	_buf_ struct buf out = {0};
	struct json_writer w = {.out = &out};
	if (format == REPORT_TEXT) {
		report_text(x, p);
		return;
	}
	json_w_begin(&w, '[');
	for (size_t i = 0; i < p->n; i++) {
		if (format == REPORT_JSON)
			put_json(&w, &p->list[i]);
		else
			put_issue(&w, &p->list[i]);
	}
	json_w_end(&w, ']');
	buf_add_char(&out, '\n');
	put_text(buf_slice(&out), stdout);
}
