/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "author.h"
#include <tocsin/html/html.h>
#include <tocsin/text/script.h>

static void put_mixed(struct visit *v)
{
	buf_add_string(&v->out, " <span class=\"mixed\" title=\"");
	page_word(v,
		words(v->l,
			"Un mot de ce nom a des lettres de deux alphabets, qui se ressemblent : vérifiez qui écrit."));
	buf_add_string(&v->out, "\">");
	page_word(v, words(v->l, "alphabets mêlés"));
	buf_add_string(&v->out, "</span>");
}

void author_put(struct visit *v, const struct comment *c, bool with_account)
{
	const bool both = with_account && c->author_name.n && c->author.n;
	const struct slice name = c->author_name.n ? c->author_name : c->author;
	if (!name.n)
		return;
	buf_add_string(&v->out, " · <span class=\"author\">");
	html_shown(&v->out, name);
	if (both) {
		buf_add_string(&v->out, " (");
		html_shown(&v->out, c->author);
		buf_add_char(&v->out, ')');
	}
	buf_add_string(&v->out, "</span>");
	if (script_mixed(name) || (both && script_mixed(c->author)))
		put_mixed(v);
}
