/* SPDX-License-Identifier: GPL-3.0-or-later
 * One setting is chosen, with what it would be. */
#include <tocsin/html/html.h>
#include <tocsin/phrase/phrase.h>
#include "replay.h"
#include "../topic.h"

static void open_choice(struct visit *v, enum setting setting, const char *title)
{
	const char *name = setting_name(setting);
	buf_printf(&v->out,
		"<p class=\"setting\" role=\"group\" aria-labelledby=\"s-%s\"><label><input type=\"radio\" name=\"reglage\" value=\"%s\"%s> <span id=\"s-%s\">",
		name, name, setting ? "" : " checked", name);
	page_word(v, title);
	buf_add_string(&v->out, "</span></label> ");
}

static void close_choice(struct visit *v)
{
	buf_add_string(&v->out, "</p>\n");
}

static void open_select(struct visit *v, const char *name, const char *label)
{
	buf_add_string(&v->out, "<label><span>");
	page_word(v, label);
	buf_printf(&v->out, "</span> <select name=\"%s\">", name);
}

static void close_select(struct visit *v)
{
	buf_add_string(&v->out, "</select></label> ");
}

static void put_option(struct visit *v, struct slice value, struct slice text)
{
	buf_add_string(&v->out, "<option value=\"");
	html_text(&v->out, value);
	buf_add_string(&v->out, "\">");
	html_text(&v->out, text);
	buf_add_string(&v->out, "</option>");
}

static void put_input(
	struct visit *v, const char *name, const char *label, const char *more, const char *value)
{
	buf_add_string(&v->out, "<label><span>");
	page_word(v, label);
	buf_printf(
		&v->out, "</span> <input name=\"%s\" value=\"%s\" %s></label> ", name, value, more);
}

static void put_people(struct visit *v, const char *name, const char *label, const char *nobody)
{
	const struct policy *p = &v->c->policy;
	open_select(v, name, label);
	if (nobody)
		put_option(v, (struct slice){0}, slice_of(nobody));
	for (size_t i = 0; i < p->n_people; i++)
		put_option(v, slice_of(p->people[i].id), slice_of(p->people[i].name));
	close_select(v);
}

static void put_floor(struct visit *v)
{
	static const char *const levels[] = {"jaune", "orange", "rouge"};
	open_choice(v, SETTING_FLOOR, words(v->l, "Un autre seuil"));
	open_select(v, "niveau", words(v->l, "niveau"));
	for (size_t i = 0; i < 3; i++)
		put_option(v, slice_of(levels[i]), slice_of(phrase_level(LEVEL_JAUNE + (int)i)));
	close_select(v);
	put_input(v, "personnes", words(v->l, "à partir de combien de personnes"),
		"type=\"number\" min=\"2\" max=\"10000\"", "5");
	close_choice(v);
}

static void put_topic(struct visit *v)
{
	const char *value, *text;
	bool any = false;
	for (size_t i = 0; v->c->names && i < ruleset_count(v->c->names); i++)
		any |= ruleset_info(v->c->names, i).topic;
	if (!any)
		return;
	open_choice(v, SETTING_TOPIC, words(v->l, "Un sujet plus ou moins sensible"));
	open_select(v, "sujet", words(v->l, "sujet"));
	for (size_t i = 0; i < ruleset_count(v->c->names); i++) {
		const struct rule_info info = ruleset_info(v->c->names, i);
		if (info.topic)
			put_option(v, info.id, info.title);
	}
	close_select(v);
	open_select(v, "sensibilite", words(v->l, "sensibilité"));
	for (size_t i = 0; (text = sensitivity_word(v, i, &value)); i++)
		put_option(v, slice_of(value), slice_of(text));
	close_select(v);
	close_choice(v);
}

static void put_heard(struct visit *v)
{
	const struct config *c = &v->c->s->config;
	open_choice(v, SETTING_EMERGENT, words(v->l, "Plus ou moins de sujets émergents"));
	put_input(v, "emergents", words(v->l, "combien par jour, environ"),
		"type=\"number\" min=\"0\" max=\"1000\"", "5");
	close_choice(v);
	if (!c->n_sources)
		return;
	open_choice(v, SETTING_SOURCE, words(v->l, "Une source dite muette plus tôt ou plus tard"));
	open_select(v, "source", words(v->l, "source"));
	for (size_t i = 0; i < c->n_sources; i++) {
		const struct slice id = slice_of(c->sources[i].id);
		put_option(v, id, config_source_title(c, id));
	}
	close_select(v);
	put_input(v, "silence", words(v->l, "après combien d'heures"),
		"type=\"number\" min=\"1\" max=\"240\"", "12");
	close_choice(v);
}

static void put_called(struct visit *v)
{
	if (v->c->policy.empty)
		return;
	open_choice(v, SETTING_ABSENT, words(v->l, "Quelqu'un d'autre de service"));
	put_people(v, "absent", words(v->l, "absent"), NULL);
	put_people(v, "remplacant", words(v->l, "à sa place, pour ses astreintes"),
		words(v->l, "personne"));
	close_choice(v);
	open_choice(v, SETTING_QUIET, words(v->l, "D'autres heures calmes (JAUNE et GRIS)"));
	put_input(v, "de", words(v->l, "de"), "type=\"time\"", "21:00");
	put_input(v, "a", words(v->l, "à (vides : aucune)"), "type=\"time\"", "07:30");
	close_choice(v);
	open_choice(v, SETTING_TRIAL, words(v->l, "Un rodage"));
	put_people(v, "rodage", words(v->l, "qui reçoit tout"), words(v->l, "pas de rodage"));
	close_choice(v);
}

void replay_put_form(struct visit *v)
{
	static const int weeks[] = {2, 4, 8};
	page_element(v, "h2", words(v->l, "Un réglage à essayer"));
	page_form(v, "settings", "/situation/rejouer");
	put_floor(v);
	put_topic(v);
	put_heard(v);
	put_called(v);
	buf_add_string(&v->out, "<p>");
	open_select(v, "semaines", words(v->l, "Sur"));
	for (size_t i = 0; i < sizeof(weeks) / sizeof(*weeks); i++) {
		char number[12];
		_buf_ struct buf text = {0};
		snprintf(number, sizeof(number), "%d", weeks[i]);
		buf_printf(&text, words(v->l, "les %d dernières semaines"), weeks[i]);
		put_option(v, slice_of(number), buf_slice(&text));
	}
	close_select(v);
	buf_add_string(&v->out, "<button class=\"main\">");
	page_word(v, words(v->l, "Rejouer"));
	buf_add_string(&v->out, "</button></p></form>\n");
}
