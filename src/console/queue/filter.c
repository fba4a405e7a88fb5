/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "filter.h"
#include <errno.h>
#include <tocsin/calendar/day.h>
#include <tocsin/html/html.h>
#include <tocsin/phrase/phrase.h>
#include <tocsin/record/category.h>
#include "../topic.h"
#include "../access/limit.h"

enum { VALUE_MAX = 80 };

static const struct on {
	const char *value, *french;
	enum queue_on on;
} choices[] = {{"personne", WORDS_MARK("personne ne s'en occupe"), ON_ONE},
	{"moi", WORDS_MARK("je m'en occupe"), ON_ONE},
	{"autres", WORDS_MARK("d'autres s'en occupent"), ON_OTHERS},
	{"second", WORDS_MARK("attend un second regard"), ON_SECOND}};
#define COUNT(list) (sizeof(list) / sizeof(*(list)))

void filter_release(struct filter *f)
{
	buf_release(&f->source);
	buf_release(&f->category);
	buf_release(&f->topic);
	buf_release(&f->on);
	buf_release(&f->since);
	buf_release(&f->until);
}

/* Of a day written as 2026-11-30; 0: none. */
static int64_t day_start(const struct buf *text, int after)
{
	int64_t day;
	return text->n && day_parse(buf_slice(text), &day) == 0 ? day_instant(day + after, 0) : 0;
}

static const struct on *on_of(const struct filter *f)
{
	for (size_t i = 0; i < COUNT(choices); i++)
		if (slice_is(buf_slice(&f->on), choices[i].value))
			return &choices[i];
	return NULL;
}

struct origin { /* where a filter is read from */
	struct visit *v; /* what is asked for; NULL: */
	struct slice kept; /* … the query of an address that filter_write made */
};

static int unhex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void decode(struct slice text, struct buf *ret)
{
	for (size_t i = 0; i < text.n; i++) {
		const int high = i + 2 < text.n && text.p[i] == '%' ? unhex(text.p[i + 1]) : -1;
		const int low = high < 0 ? -1 : unhex(text.p[i + 2]);
		buf_add_char(ret, low < 0 ? text.p[i] : (char)(16 * high + low));
		i += low < 0 ? 0 : 2;
	}
}

static void find_value(struct slice query, const char *name, struct buf *ret)
{
	const size_t n = strlen(name);
	while (query.n) {
		const char *end = memchr(query.p, '&', query.n);
		const size_t part = end ? (size_t)(end - query.p) : query.n;
		if (part > n && memcmp(query.p, name, n) == 0 && query.p[n] == '=')
			decode((struct slice){query.p + n + 1, part - n - 1}, ret);
		query.p += part + (end != NULL);
		query.n -= part + (end != NULL);
	}
}

static bool read_value(const struct origin *o, const char *name, struct buf *ret)
{
	int r = 0;
	if (o->v)
		r = visit_query(o->v, name, VALUE_MAX, ret);
	else
		find_value(o->kept, name, ret);
	return (r == 0 || r == -ENOENT) && ret->n <= VALUE_MAX;
}

static bool read_days(const struct origin *o, struct filter *f)
{
	return read_value(o, "du", &f->since) && read_value(o, "au", &f->until) &&
		(!f->since.n || day_start(&f->since, 0)) &&
		(!f->until.n || day_start(&f->until, 1));
}

static bool read_from(const struct origin *o, struct filter *f)
{
	_buf_ struct buf priority = {0}, form = {0};
	if (!read_value(o, "source", &f->source) || !read_value(o, "categorie", &f->category) ||
		!read_value(o, "sujet", &f->topic) || !read_value(o, "suivi", &f->on) ||
		!read_value(o, "priorite", &priority) || !read_value(o, "filtrer", &form) ||
		!read_days(o, f))
		return false;
	f->asked = form.n > 0;
	if (priority.n == 1 && priority.p[0] >= '1' && priority.p[0] <= '4')
		f->priority = (uint8_t)(priority.p[0] - '0');
	return f->read ? !priority.n && !f->on.n
		       : (!priority.n || f->priority) && (!f->on.n || on_of(f));
}

bool filter_read(struct visit *v, struct filter *f)
{
	return read_from(&(struct origin){.v = v}, f);
}

bool filter_read_kept(struct slice query, struct filter *f)
{
	return read_from(&(struct origin){.kept = query}, f);
}

bool filter_is_set(const struct filter *f)
{
	return f->source.n || f->category.n || f->topic.n || f->on.n || f->priority || f->since.n ||
		f->until.n;
}

struct queue_filter filter_asked(const struct visit *v, const struct filter *f)
{
	const struct on *on = on_of(f);
	struct queue_filter q = {.source = buf_slice(&f->source),
		.category = buf_slice(&f->category),
		.topic = buf_slice(&f->topic),
		.from = day_start(&f->since, 0),
		.to = day_start(&f->until, 1),
		.priority = f->priority,
		.on = on ? on->on : ON_ANY};
	if (on && on->on != ON_SECOND && strcmp(on->value, "personne") != 0)
		q.who = slice_of(v->session->name);
	return q;
}

struct recent_query filter_asked_recent(const struct visit *v, const struct filter *f)
{
	struct slice source = buf_slice(&f->source);
	if (!source.n && limit_is(v) && !strchr(v->sources, ','))
		source = slice_of(v->sources); /* by its own list: it may be a rare one */
	return (struct recent_query){.source = source,
		.category = buf_slice(&f->category),
		.topic = buf_slice(&f->topic),
		.from = day_start(&f->since, 0),
		.to = day_start(&f->until, 1),
		.event = v->c->s->config.clock_event};
}

/* What stands in the address, but for one of them (NULL: all). */
static void write_without(const struct filter *f, const char *without, struct buf *out)
{
	const char priority = (char)('0' + f->priority);
	const struct {
		const char *name;
		struct slice value;
	} all[] = {{"source", buf_slice(&f->source)}, {"categorie", buf_slice(&f->category)},
		{"sujet", buf_slice(&f->topic)}, {"priorite", {&priority, f->priority ? 1 : 0}},
		{"suivi", buf_slice(&f->on)}, {"du", buf_slice(&f->since)},
		{"au", buf_slice(&f->until)}};
	for (size_t i = 0; i < COUNT(all); i++)
		if (!without || strcmp(without, all[i].name) != 0)
			page_query(out, all[i].name, all[i].value);
}

void filter_write(const struct filter *f, struct buf *out)
{
	write_without(f, NULL, out);
}

/* --- in words */

struct wording {
	struct visit *v;
	const char *path;
	const struct filter *f;
};

static void put_one(
	const struct wording *w, const char *name, const char *label, struct slice value)
{
	struct visit *v = w->v;
	_buf_ struct buf rest = {0};
	if (!value.n)
		return;
	write_without(w->f, name, &rest);
	buf_printf(&v->out, "<li><a href=\"%s", w->path);
	if (rest.n) {
		rest.n--; /* what nothing follows */
		buf_add_char(&v->out, '?');
		html_text(&v->out, buf_slice(&rest));
	}
	buf_add_string(&v->out, "\">");
	page_word(v, label);
	page_word(v, words(v->l, " : "));
	html_shown(&v->out, value);
	buf_add_string(&v->out, " <span aria-hidden=\"true\">×</span></a></li>\n");
}

static struct slice topic_title(struct visit *v, struct slice id)
{
	struct rule_info topic;
	return topic_find(v, id, &topic) && topic.title.n ? topic.title : id;
}

static void put_words(struct visit *v, const char *path, const struct filter *f)
{
	const struct wording w = {v, path, f};
	const struct on *on = on_of(f);
	const char priority[] = {'P', (char)('0' + f->priority)};
	_buf_ struct buf category = {0};
	if (f->category.n)
		phrase_category(v->l, buf_slice(&f->category), &category);
	buf_printf(&v->out, "<ul class=\"chosen\" aria-label=\"%s\">\n",
		words(v->l, "Filtres ; en suivre un le retire"));
	put_one(&w, "source", words(v->l, "Source"),
		f->source.n ? config_source_title(&v->c->s->config, buf_slice(&f->source))
			    : (struct slice){0});
	put_one(&w, "categorie", words(v->l, "Supposition"), buf_slice(&category));
	put_one(&w, "sujet", words(v->l, "Sujet"), topic_title(v, buf_slice(&f->topic)));
	put_one(&w, "priorite", words(v->l, "Priorité"),
		(struct slice){priority, f->priority ? 2 : 0});
	put_one(&w, "suivi", words(v->l, "Suivi"), slice_of(on ? words(v->l, on->french) : ""));
	put_one(&w, "du", words(v->l, "Depuis le"), buf_slice(&f->since));
	put_one(&w, "au", words(v->l, "Jusqu'au"), buf_slice(&f->until));
	buf_add_string(&v->out, "</ul>\n");
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
		if (limit_has(v, id))
			put_option(v, id, chosen, config_source_title(config, id));
	}
	if (!known)
		put_option(v, chosen, chosen, chosen);
	end_select(v);
}

void filter_put_categories(struct visit *v, struct slice chosen)
{
	for (size_t i = 0; i < CATEGORIES; i++) {
		_buf_ struct buf text = {0};
		const struct slice name = slice_of(categories[i]);
		if (!category_known(name))
			continue;
		phrase_category(v->l, name, &text);
		put_option(v, name, chosen, buf_slice(&text));
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

static void put_topics(struct visit *v, const struct filter *f)
{
	const struct ruleset *names = v->c->names;
	const struct slice chosen = buf_slice(&f->topic);
	bool known = !chosen.n;
	put_select(v, "sujet", words(v->l, "Sujet"));
	for (size_t i = 0; names && i < ruleset_count(names); i++) {
		const struct rule_info one = ruleset_info(names, i);
		if (!one.topic || one.status != RULE_LIVE)
			continue;
		known |= slice_equal(one.id, chosen);
		put_option(v, one.id, chosen, one.title.n ? one.title : one.id);
	}
	if (!known)
		put_option(v, chosen, chosen, chosen);
	end_select(v);
}

static void put_day(struct visit *v, const char *name, const char *label, const struct buf *value)
{
	buf_add_string(&v->out, "<label>");
	page_word(v, label);
	buf_printf(&v->out, "<input type=\"date\" name=\"%s\" value=\"", name);
	html_text(&v->out, buf_slice(value));
	buf_add_string(&v->out, "\"></label>\n");
}

static void put_form(struct visit *v, const char *path, const struct filter *f)
{
	buf_printf(&v->out, "<form class=\"filters\" action=\"%s\">\n", path);
	put_sources(v, f);
	put_categories(v, f);
	put_topics(v, f);
	if (!f->read) {
		put_priorities(v, f);
		put_on(v, f);
	}
	put_day(v, "du", words(v->l, "Depuis le"), &f->since);
	put_day(v, "au", words(v->l, "Jusqu'au"), &f->until);
	buf_add_string(&v->out, "<button>");
	page_word(v, words(v->l, "Filtrer"));
	buf_printf(&v->out, "</button> <a href=\"%s\">", path);
	page_word(v, words(v->l, "Tout montrer"));
	buf_add_string(&v->out, "</a></form>\n");
}

/* The form comes when it is asked for: every first visit would carry it. */
void filter_put(struct visit *v, const char *path, const struct filter *f)
{
	if (filter_is_set(f))
		put_words(v, path, f);
	if (f->asked || filter_is_set(f))
		put_form(v, path, f);
}

void filter_put_way(struct visit *v, const char *path, const struct filter *f)
{
	if (f->asked || filter_is_set(f))
		return;
	buf_printf(&v->out, "<a href=\"%s?filtrer=1\">", path);
	page_word(v, words(v->l, "Filtrer"));
	buf_add_string(&v->out, "</a>\n");
}
