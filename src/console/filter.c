/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "filter.h"
#include <errno.h>
#include <tocsin/html/html.h>
#include <tocsin/phrase/phrase.h>

enum { VALUE_MAX = 80 };

static const char *const categories[] = {"injure_publique", "injure_discriminatoire",
	"provocation_haine", "diffamation", "outrage", "menace", "apologie_terrorisme",
	"harcelement_raid", "doxxing", "vie_privee", "fausse_nouvelle", "detresse", "mineur_danger",
	"vulgarite", "signalement_victime", "spam", "demande_usager", NULL};
static const struct on {
	const char *value, *french;
	enum queue_on on;
} choices[] = {{"personne", WORDS_MARK("personne ne s'en occupe"), ON_ONE},
	{"moi", WORDS_MARK("je m'en occupe"), ON_ONE},
	{"autres", WORDS_MARK("d'autres s'en occupent"), ON_OTHERS},
	{"second", WORDS_MARK("attend un second regard"), ON_SECOND}};
#define COUNT(list) (sizeof(list) / sizeof(*(list)))

bool category_known(struct slice category)
{
	for (size_t i = 0; categories[i]; i++)
		if (slice_is(category, categories[i]))
			return true;
	return false;
}

void filter_release(struct filter *f)
{
	buf_release(&f->source);
	buf_release(&f->category);
	buf_release(&f->on);
}

static const struct on *on_of(const struct filter *f)
{
	for (size_t i = 0; i < COUNT(choices); i++)
		if (slice_is(buf_slice(&f->on), choices[i].value))
			return &choices[i];
	return NULL;
}

static bool read_value(struct visit *v, const char *name, struct buf *ret)
{
	int r = visit_query(v, name, VALUE_MAX, ret);
	return r == 0 || r == -ENOENT;
}

bool filter_read(struct visit *v, struct filter *f)
{
	_buf_ struct buf priority = {0};
	if (!read_value(v, "source", &f->source) || !read_value(v, "categorie", &f->category) ||
		!read_value(v, "suivi", &f->on) || !read_value(v, "priorite", &priority))
		return false;
	if (priority.n == 1 && priority.p[0] >= '1' && priority.p[0] <= '4')
		f->priority = (uint8_t)(priority.p[0] - '0');
	return (!priority.n || f->priority) && (!f->on.n || on_of(f));
}

bool filter_is_set(const struct filter *f)
{
	return f->source.n || f->category.n || f->on.n || f->priority;
}

struct queue_filter filter_asked(const struct visit *v, const struct filter *f)
{
	const struct on *on = on_of(f);
	struct queue_filter q = {.source = buf_slice(&f->source),
		.category = buf_slice(&f->category),
		.priority = f->priority,
		.on = on ? on->on : ON_ANY};
	if (on && strcmp(on->value, "personne") != 0)
		q.who = slice_of(v->session->name);
	return q;
}

void filter_write(const struct filter *f, struct buf *out)
{
	const char priority = (char)('0' + f->priority);
	page_query(out, "source", buf_slice(&f->source));
	page_query(out, "categorie", buf_slice(&f->category));
	page_query(out, "priorite", (struct slice){&priority, f->priority ? 1 : 0});
	page_query(out, "suivi", buf_slice(&f->on));
}

/* --- the form */

static void put_select(struct visit *v, const char *name, const char *label)
{
	buf_add_string(&v->out, "<label>");
	page_word(v, label);
	buf_printf(&v->out, "<select name=\"%s\"><option value=\"\">", name);
	page_word(v, words(v->l, "indifférent"));
	buf_add_string(&v->out, "</option>\n");
}

static void put_option(struct visit *v, struct slice value, struct slice chosen, struct slice text)
{
	buf_add_string(&v->out, "<option value=\"");
	html_text(&v->out, value);
	buf_printf(&v->out, "\"%s>", slice_equal(value, chosen) ? " selected" : "");
	html_text(&v->out, text);
	buf_add_string(&v->out, "</option>\n");
}

static void end_select(struct visit *v)
{
	buf_add_string(&v->out, "</select></label>\n");
}

static void put_sources(struct visit *v, const struct filter *f)
{
	const struct config *config = &v->c->s->config;
	const struct slice chosen = buf_slice(&f->source);
	bool known = !chosen.n;
	put_select(v, "source", words(v->l, "Source"));
	for (size_t i = 0; i < config->n_sources; i++) {
		const struct slice id = slice_of(config->sources[i].id);
		known |= slice_equal(id, chosen);
		put_option(v, id, chosen, config_source_title(config, id));
	}
	if (!known)
		put_option(v, chosen, chosen, chosen);
	end_select(v);
}

void filter_put_categories(struct visit *v, struct slice chosen)
{
	for (size_t i = 0; categories[i]; i++) {
		_buf_ struct buf text = {0};
		phrase_category(v->l, slice_of(categories[i]), &text);
		put_option(v, slice_of(categories[i]), chosen, buf_slice(&text));
	}
}

static void put_categories(struct visit *v, const struct filter *f)
{
	put_select(v, "categorie", words(v->l, "Supposition"));
	filter_put_categories(v, buf_slice(&f->category));
	end_select(v);
}

static void put_priorities(struct visit *v, const struct filter *f)
{
	char chosen[2] = {(char)('0' + f->priority), 0}, value[2] = "1", text[3] = "P1";
	put_select(v, "priorite", words(v->l, "Priorité"));
	for (; value[0] <= '4'; value[0]++) {
		text[1] = value[0];
		put_option(v, slice_of(value), slice_of(chosen), slice_of(text));
	}
	end_select(v);
}

static void put_on(struct visit *v, const struct filter *f)
{
	put_select(v, "suivi", words(v->l, "Suivi"));
	for (size_t i = 0; i < COUNT(choices); i++)
		put_option(v, slice_of(choices[i].value), buf_slice(&f->on),
			slice_of(words(v->l, choices[i].french)));
	end_select(v);
}

void filter_put(struct visit *v, const char *path, const struct filter *f)
{
	buf_printf(
		&v->out, "<details class=\"filters\"%s><summary>", filter_is_set(f) ? " open" : "");
	page_word(v, words(v->l, "Filtrer"));
	buf_printf(&v->out, "</summary><form action=\"%s\">\n", path);
	put_sources(v, f);
	put_categories(v, f);
	put_priorities(v, f);
	put_on(v, f);
	buf_add_string(&v->out, "<button>");
	page_word(v, words(v->l, "Filtrer"));
	buf_add_string(&v->out, "</button>");
	if (filter_is_set(f)) {
		buf_printf(&v->out, " <a href=\"%s\">", path);
		page_word(v, words(v->l, "Tout montrer"));
		buf_add_string(&v->out, "</a>");
	}
	buf_add_string(&v->out, "</form></details>\n");
}
