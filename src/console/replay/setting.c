/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay.h"
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>
#include <tocsin/html/html.h>
#include <tocsin/phrase/phrase.h>
#include "../rules/rules.h"
#include "../topic.h"

enum { WORD_MAX = 20, PEOPLE_LEAST = 2, PEOPLE_MOST = 10000, TOPICS_MOST = 1000, HOURS_MOST = 240 };

void asked_release(struct asked *a)
{
	buf_release(&a->what);
	buf_release(&a->value);
}

const char *setting_name(enum setting setting)
{
	static const char *const names[SETTINGS] = {[SETTING_FLOOR] = "seuil",
		[SETTING_TOPIC] = "sujet",
		[SETTING_EMERGENT] = "emergents",
		[SETTING_SOURCE] = "source",
		[SETTING_ABSENT] = "absent",
		[SETTING_QUIET] = "calme",
		[SETTING_TRIAL] = "rodage"};
	return names[setting];
}

const char *sensitivity_word(struct visit *v, size_t i, const char **ret_value)
{
	static const char *const values[] = {"forte", "normale", "faible", "aucune"};
	static const char *const said[] = {WORDS_MARK("forte : sonne plus tôt"),
		WORDS_MARK("normale"), WORDS_MARK("faible : sonne plus tard"),
		WORDS_MARK("aucune : compté, ne sonne pas")};
	if (i >= sizeof(values) / sizeof(*values))
		return NULL;
	*ret_value = values[i];
	return words(v->l, said[i]);
}

/* --- reading */

static bool read_number(
	struct visit *v, const char *name, int64_t least, int64_t most, struct buf *ret)
{
	int64_t n;
	return visit_field(v, name, WORD_MAX, ret) && slice_number(buf_slice(ret), &n) &&
		n >= least && n <= most;
}

static bool read_floor(struct visit *v, struct asked *a)
{
	static const char levels[] = " jaune orange rouge ";
	return visit_field(v, "niveau", WORD_MAX, &a->what) &&
		slice_is_listed(levels, buf_slice(&a->what)) &&
		read_number(v, "personnes", PEOPLE_LEAST, PEOPLE_MOST, &a->value);
}

static bool read_topic(struct visit *v, struct asked *a)
{
	struct rule_info info;
	const char *value;
	if (!visit_field(v, "sujet", REPLAY_ID_MAX, &a->what) ||
		!topic_find(v, buf_slice(&a->what), &info) ||
		!visit_field(v, "sensibilite", WORD_MAX, &a->value))
		return false;
	for (size_t i = 0; sensitivity_word(v, i, &value); i++)
		if (slice_is(buf_slice(&a->value), value))
			return true;
	return false;
}

static bool read_source(struct visit *v, struct asked *a)
{
	return visit_field(v, "source", REPLAY_ID_MAX, &a->what) &&
		config_source(&v->c->s->config, buf_string(&a->what)) &&
		read_number(v, "silence", 1, HOURS_MOST, &a->value);
}

static bool read_person(struct visit *v, const char *name, bool must, struct buf *ret)
{
	return visit_field(v, name, REPLAY_ID_MAX, ret) &&
		(ret->n ? policy_person(&v->c->policy, buf_slice(ret)) != NULL : !must);
}

static bool read_absent(struct visit *v, struct asked *a)
{
	return read_person(v, "absent", true, &a->what) &&
		read_person(v, "remplacant", false, &a->value) &&
		!slice_equal(buf_slice(&a->what), buf_slice(&a->value));
}

/* Both ends, or neither: no quiet hours. */
static bool read_quiet(struct visit *v, struct asked *a)
{
	_buf_ struct buf from = {0}, to = {0};
	a->from = -1;
	if (!visit_field(v, "de", WORD_MAX, &from) || !visit_field(v, "a", WORD_MAX, &to))
		return false;
	if (!from.n && !to.n)
		return true;
	return day_minute_parse(buf_slice(&from), &a->from) == 0 &&
		day_minute_parse(buf_slice(&to), &a->to) == 0 && a->from != a->to;
}

bool asked_read(struct visit *v, struct asked *ret)
{
	static bool (*const readers[SETTINGS])(struct visit * v, struct asked * a) = {
		[SETTING_FLOOR] = read_floor,
		[SETTING_TOPIC] = read_topic,
		[SETTING_SOURCE] = read_source,
		[SETTING_ABSENT] = read_absent,
		[SETTING_QUIET] = read_quiet};
	_buf_ struct buf which = {0}, weeks = {0};
	int64_t n = 0;
	if (!visit_field(v, "reglage", WORD_MAX, &which) ||
		!visit_field(v, "semaines", WORD_MAX, &weeks) ||
		!slice_number(buf_slice(&weeks), &n) || n < 1 || n > 12)
		return false;
	ret->weeks = (int)n;
	ret->setting = SETTING_FLOOR;
	while (ret->setting < SETTINGS && !slice_is(buf_slice(&which), setting_name(ret->setting)))
		ret->setting++;
	if (ret->setting == SETTINGS)
		return false;
	if (ret->setting == SETTING_EMERGENT)
		return read_number(v, "emergents", 0, TOPICS_MOST, &ret->value);
	if (ret->setting == SETTING_TRIAL) /* nobody: without it */
		return read_person(v, "rodage", false, &ret->value);
	return readers[ret->setting](v, ret);
}

/* --- for the command */

void asked_write(const struct asked *a, struct buf *out)
{
	const int what = (int)a->what.n, value = (int)a->value.n;
	switch (a->setting) {
	case SETTING_FLOOR: buf_printf(out, "%.*s=%.*s", what, a->what.p, value, a->value.p); break;
	case SETTING_TOPIC:
		buf_printf(out, "topic:%.*s=%.*s", what, a->what.p, value, a->value.p);
		break;
	case SETTING_EMERGENT: buf_printf(out, "emergent=%.*s", value, a->value.p); break;
	case SETTING_SOURCE:
		buf_printf(out, "source:%.*s=%.*s h", what, a->what.p, value, a->value.p);
		break;
	case SETTING_ABSENT:
		buf_printf(out, "absent:%.*s=%.*s", what, a->what.p, value, a->value.p);
		break;
	case SETTING_QUIET:
		buf_add_string(out, "quiet=");
		if (a->from < 0)
			buf_add_string(out, "no");
		else
			buf_printf(out, "%02d:%02d-%02d:%02d", a->from / 60, a->from % 60,
				a->to / 60, a->to % 60);
		break;
	case SETTING_TRIAL:
	case SETTINGS:
	default: buf_printf(out, "trial=%.*s", value ? value : 2, value ? a->value.p : "no"); break;
	}
}

/* --- for people */

static const char *person_name(const struct visit *v, const struct buf *id)
{
	const struct policy_person *p = policy_person(&v->c->policy, buf_slice(id));
	return p ? p->name : "?";
}

static const char *level_word(const struct asked *a)
{
	enum town_level level = slice_is(buf_slice(&a->what), "jaune") ? LEVEL_JAUNE
		: slice_is(buf_slice(&a->what), "orange")              ? LEVEL_ORANGE
								       : LEVEL_ROUGE;
	return phrase_level(level);
}

static void say_who(struct visit *v, const struct asked *a, struct buf *out)
{
	if (a->setting == SETTING_TRIAL && a->value.n)
		buf_printf(out, words(v->l, "en rodage : toutes les alertes vont à %s"),
			person_name(v, &a->value));
	else if (a->setting == SETTING_TRIAL)
		buf_add_string(out, words(v->l, "sans rodage"));
	else if (a->value.n)
		buf_printf(out, words(v->l, "%s absent, %s à sa place"), person_name(v, &a->what),
			person_name(v, &a->value));
	else
		buf_printf(out, words(v->l, "%s absent, personne à sa place"),
			person_name(v, &a->what));
}

static void say_heard(struct visit *v, const struct asked *a, struct buf *out)
{
	const int value = (int)a->value.n;
	const struct slice title = a->setting == SETTING_TOPIC
		? rule_title(v, buf_slice(&a->what))
		: config_source_title(&v->c->s->config, buf_slice(&a->what));
	if (a->setting == SETTING_FLOOR)
		buf_printf(out, words(v->l, "%s à partir de %.*s personnes"), level_word(a), value,
			a->value.p);
	else if (a->setting == SETTING_EMERGENT)
		buf_printf(out, words(v->l, "environ %.*s sujets émergents par jour"), value,
			a->value.p);
	else if (a->setting == SETTING_TOPIC)
		buf_printf(out, words(v->l, "sujet « %.*s », sensibilité %.*s"), (int)title.n,
			title.p, value, a->value.p);
	else
		buf_printf(out, words(v->l, "source « %.*s » muette après %.*s h"), (int)title.n,
			title.p, value, a->value.p);
}

void asked_say(struct visit *v, const struct asked *a, struct buf *out)
{
	if (a->setting == SETTING_QUIET && a->from < 0)
		buf_add_string(out, words(v->l, "sans heures calmes"));
	else if (a->setting == SETTING_QUIET)
		buf_printf(out, words(v->l, "heures calmes de %02d:%02d à %02d:%02d (JAUNE, GRIS)"),
			a->from / 60, a->from % 60, a->to / 60, a->to % 60);
	else if (a->setting == SETTING_ABSENT || a->setting == SETTING_TRIAL)
		say_who(v, a, out);
	else
		say_heard(v, a, out);
}

/* --- to keep it */

static void write_lines(const struct asked *a, int64_t today, struct buf *out)
{
	const struct local_time day = clock_local(today);
	const int what = (int)a->what.n, value = (int)a->value.n;
	if (a->setting == SETTING_FLOOR)
		buf_printf(out, "tendances: {%.*s: %.*s}", what, a->what.p, value, a->value.p);
	else if (a->setting == SETTING_EMERGENT)
		buf_printf(out, "tendances: {émergents: %.*s}", value, a->value.p);
	else if (a->setting == SETTING_SOURCE)
		buf_printf(out, "sources:\n  - {id: %.*s, …, silence: %.*s h}", what, a->what.p,
			value, a->value.p);
	else if (a->setting == SETTING_TOPIC)
		buf_printf(out, "  - id: %.*s\n    …\n    pic: {sensibilité: %.*s}", what,
			a->what.p, value, a->value.p);
	else if (a->setting == SETTING_QUIET && a->from >= 0)
		buf_printf(out,
			"politique:\n  calme: [{niveaux: [jaune, gris], de: '%02d:%02d', à: '%02d:%02d'}]",
			a->from / 60, a->from % 60, a->to / 60, a->to % 60);
	else if (a->setting == SETTING_TRIAL && value)
		buf_printf(out,
			"politique:\n  rodage: {début: %04d-%02d-%02d, période: 14 j, prévenir: %.*s}",
			day.year, day.month, day.day, value, a->value.p);
}

static void put_link(struct visit *v, const char *path, const char *text)
{
	buf_printf(&v->out, "<p><a href=\"%s\">", path);
	page_word(v, text);
	buf_add_string(&v->out, "</a></p>\n");
}

void asked_put_lasting(struct visit *v, const struct asked *a)
{
	_buf_ struct buf lines = {0};
	write_lines(a, v->town, &lines);
	buf_add_string(&v->out, "<h2 id=\"ecrire\">");
	page_word(v, words(v->l, "Pour l'adopter"));
	buf_add_string(&v->out, "</h2>\n");
	if (a->setting == SETTING_ABSENT) {
		put_link(v, "/equipe", words(v->l, "Une absence se déclare dans la page Équipe"));
		return;
	}
	if (a->setting == SETTING_TOPIC) {
		page_element(v, "p",
			words(v->l,
				"Dans le paquet du sujet, par qui écrit les règles, puis publiez :"));
	} else if (lines.n) {
		page_element(v, "p",
			words(v->l,
				"Dans tocsin.yaml, par qui tient la machine ; « tocsin policy check » le vérifie, puis tocsin est relancé :"));
	} else {
		page_element(v, "p",
			a->setting == SETTING_TRIAL
				? words(v->l,
					  "Dans tocsin.yaml, retirez « rodage » de « politique », puis relancez tocsin.")
				: words(v->l,
					  "Dans tocsin.yaml, retirez « calme » de « politique », puis relancez tocsin."));
	}
	if (lines.n) {
		buf_add_string(&v->out, "<pre class=\"yaml\" tabindex=\"0\">");
		html_text(&v->out, buf_slice(&lines));
		buf_add_string(&v->out, "</pre>\n");
	}
	if (a->setting == SETTING_TOPIC && rules_may_read(v)) {
		_buf_ struct buf path = {0};
		buf_printf(&path, "/regles/regle/%.*s", (int)a->what.n, a->what.p);
		put_link(v, buf_string(&path), words(v->l, "Ce sujet dans les règles"));
	}
}
