/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source.h"
#include <tocsin/html/html.h>

static void put_option(struct visit *v, struct slice id, struct slice title)
{
	buf_add_string(&v->out, "<option value=\"");
	html_text(&v->out, id);
	buf_add_string(&v->out, "\">");
	html_text(&v->out, title);
	if (!slice_equal(title, id)) {
		buf_add_string(&v->out, " (");
		html_text(&v->out, id);
		buf_add_char(&v->out, ')');
	}
	buf_add_string(&v->out, "</option>");
}

static const struct source_config *configured(const struct visit *v, struct slice id)
{
	const struct config *c = &v->c->s->config;
	for (size_t i = 0; i < c->n_sources; i++)
		if (slice_is(id, c->sources[i].id))
			return &c->sources[i];
	return NULL;
}

static int put_former(void *user, struct slice id)
{
	struct visit *v = user;
	if (!configured(v, id))
		put_option(v, id, id);
	return 0;
}

int source_put(struct visit *v, struct error *e)
{
	const struct config *c = &v->c->s->config;
	buf_add_string(&v->out, "<p><label>");
	page_word(v, words(v->l, "Source"));
	buf_add_string(&v->out, "<select name=\"source\" required><option value=\"\">");
	page_word(v, words(v->l, "Choisissez"));
	buf_add_string(&v->out, "</option>");
	for (size_t i = 0; i < c->n_sources; i++) {
		const struct slice id = slice_of(c->sources[i].id);
		put_option(v, id, config_source_title(c, id));
	}
	int r = reader_sources(v->c->reader, put_former, v, e);
	buf_add_string(&v->out, "</select></label></p>\n");
	return r;
}

static int is_same(void *user, struct slice id)
{
	return slice_equal(id, *(const struct slice *)user);
}

int source_is(struct visit *v, struct slice id, struct error *e)
{
	if (configured(v, id))
		return 1;
	int r = visit_reader(v);
	return r < 0 ? r : reader_sources(v->c->reader, is_same, &id, e);
}
