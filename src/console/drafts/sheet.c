/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sheet.h"
#include <tocsin/html/html.h>

void sheet_todo(struct visit *v, const char *text)
{
	buf_add_string(&v->out, "<p><mark>");
	page_word(v, words(v->l, "à compléter :"));
	buf_add_char(&v->out, ' ');
	page_word(v, text);
	buf_add_string(&v->out, "</mark></p>\n");
}

void sheet_row(struct visit *v, struct slice name)
{
	buf_add_string(&v->out, "<tr><th scope=\"row\">");
	html_shown(&v->out, name);
	buf_add_string(&v->out, "</th>");
}

void sheet_cell(struct visit *v, const char *text)
{
	buf_add_string(&v->out, "<td>");
	page_word(v, text);
	buf_add_string(&v->out, "</td>");
}

void sheet_row_end(struct visit *v)
{
	buf_add_string(&v->out, "</tr>\n");
}

static int put_line(struct visit *v, const struct sheet_line *line, struct error *e)
{
	switch (line->kind) {
	case SHEET_HEAD: page_element(v, "h2", words(v->l, line->french)); break;
	case SHEET_TEXT: page_element(v, "p", words(v->l, line->french)); break;
	case SHEET_ITEM: page_element(v, "li", words(v->l, line->french)); break;
	case SHEET_TODO: sheet_todo(v, words(v->l, line->french)); break;
	case SHEET_FACT: return line->fact(v, e);
	}
	return 0;
}

int sheet_put(struct visit *v, const struct sheet_line *lines, size_t n, struct error *e)
{
	bool list = false;
	int r = 0;
	for (size_t i = 0; i < n && r == 0; i++) {
		const bool item = lines[i].kind == SHEET_ITEM;
		if (item != list)
			buf_add_string(&v->out, item ? "<ul>\n" : "</ul>\n");
		list = item;
		r = put_line(v, &lines[i], e);
	}
	if (list)
		buf_add_string(&v->out, "</ul>\n");
	return r;
}
