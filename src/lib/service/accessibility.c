/* SPDX-License-Identifier: GPL-3.0-or-later
 * The section « accessibility: » of the console: what its statement says of the town (loi n° 2005-102, article 47 ; RGAA 4.1). A
 * statement that claims more than its audit found is refused; one that claims less, or whose time has passed, is warned of. */
#include <errno.h>
#include <string.h>
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>
#include "private.h"

#define N(a) (sizeof(a) / sizeof(*(a)))
#define HALF 5000 /* hundredths of a percent */
#define ALL 10000
#define VALID_DAYS (3 * 365 + 1) /* a statement is renewed then at the latest */
#define AUDIT_EXAMPLE "audit: {by: Cabinet Untel, on: 2026-05-03, rate: 71.4, rgaa: '4.1'}"

static const struct yaml_key keys[] = {{"state", "état"}, {"audit", NULL},
	{"gaps", "non_conformités"}, {"exemptions", "dérogations"}, {"contact", NULL},
	{"date", NULL}};
static const struct yaml_key audit_keys[] = {{"by", "par"}, {"on", "le"}, {"rate", "taux"},
	{"rgaa", NULL}, {"with", "avec"}, {"pages", NULL}};
static const struct yaml_key contact_keys[] = {
	{"mail", "courriel"}, {"form", "formulaire"}, {"phone", "téléphone"}};
static const struct yaml_key states[] = {
	{"none", "non"}, {"partial", "partielle"}, {"total", "totale"}};

static void warn(
	const struct section *s, const struct yaml_node *node, const char *hint, const char *text)
{
	problem_add(
		s->p, PROBLEM_WARNING, s->c->file.path, node->line, node->column, hint, "%s", text);
}

static void read_day(const struct section *s, const char *key, int64_t *ret)
{
	const struct yaml_node *node = section_get(s, key);
	const int64_t tomorrow = clock_now() / CLOCK_DAY + 1; /* in whatever zone */
	const char *text = NULL;
	int64_t day;
	section_string(s, key, &text);
	if (!text)
		return;
	if (day_parse(slice_of(text), &day) < 0 || day < 1) {
		yaml_problem(&s->c->file, node, s->p, "par exemple 2026-05-03, ou 03/05/2026",
			"jour inconnu : %s", text);
		return;
	}
	if (day > tomorrow)
		warn(s, node, "vérifiez l'année, et l'horloge de cette machine",
			"ce jour n'est pas encore venu");
	*ret = day;
}

/* "71.4", "71,4 %" → 7140; -EINVAL. Pure. */
static int parse_rate(struct slice text, int64_t *ret)
{
	int64_t v = 0;
	size_t i = 0, decimals = 0;
	while (i < text.n && i < 3 && text.p[i] >= '0' && text.p[i] <= '9')
		v = 10 * v + (text.p[i++] - '0');
	if (i == 0)
		return -EINVAL;
	if (i + 1 < text.n && (text.p[i] == '.' || text.p[i] == ',')) {
		i++;
		while (i < text.n && decimals < 2 && text.p[i] >= '0' && text.p[i] <= '9') {
			v = 10 * v + (text.p[i++] - '0');
			decimals++;
		}
		if (!decimals)
			return -EINVAL;
	}
	for (; decimals < 2; decimals++)
		v *= 10;
	if (i < text.n && text.p[i] == ' ')
		i++;
	if (i < text.n && text.p[i] == '%')
		i++;
	if (i < text.n || v > ALL)
		return -EINVAL;
	*ret = v;
	return 0;
}

static void read_rate(const struct section *audit, int64_t *ret)
{
	const char *text = NULL;
	section_string(audit, "rate", &text);
	if (text && parse_rate(slice_of(text), ret) < 0)
		yaml_problem(&audit->c->file, section_get(audit, "rate"), audit->p,
			"par exemple 71.4 : la part des critères respectés, de 0 à 100",
			"taux refusé : %s", text);
}

/* "4.1", "4.1.2" */
static void read_rgaa(const struct section *audit, const char **ret)
{
	const char *text = NULL;
	section_string(audit, "rgaa", &text);
	if (!text)
		return;
	bool ok = strlen(text) <= 8 && text[0] >= '1' && text[0] <= '9' && !strstr(text, "..") &&
		text[strlen(text) - 1] != '.' && text[strspn(text, "0123456789.")] == '\0';
	if (!ok)
		yaml_problem(&audit->c->file, section_get(audit, "rgaa"), audit->p, "rgaa: '4.1'",
			"version du RGAA refusée : %s", text);
	*ret = text;
}

static void read_audit(struct section *section, struct accessibility *a)
{
	struct section audit = config_section(section, "audit", audit_keys, N(audit_keys));
	static const char *const needed[] = {"by", "on", "rate", "rgaa"};
	if (!audit.map)
		return;
	a->audited = true;
	section_string(&audit, "by", &a->audit.by);
	read_day(&audit, "on", &a->audit.day);
	read_rate(&audit, &a->audit.rate);
	read_rgaa(&audit, &a->audit.rgaa);
	section_words(&audit, "with", "with: ['Firefox et NVDA', axe-core]",
		"les navigateurs, lecteurs d'écran et outils de l'audit", &a->audit.with);
	section_words(&audit, "pages", "pages: [connexion, file de modération]",
		"les pages que l'audit a vues", &a->audit.pages);
	for (size_t i = 0; i < N(needed); i++)
		if (!section_get(&audit, needed[i]))
			yaml_problem(&section->c->file, audit.map, section->p, AUDIT_EXAMPLE,
				"il manque « %s » : la déclaration dit qui a fait l'audit, quel jour, avec quel taux et quelle version du RGAA",
				needed[i]);
}

/* In print, and nothing that could end or change a link. */
static bool link_ok(const char *text, const char *refused)
{
	for (const char *p = text; *p; p++)
		if (*p <= ' ' || *p >= 0x7f || strchr(refused, *p))
			return false;
	return strlen(text) <= 200;
}

static bool mail_ok(const char *mail)
{
	const char *at = strchr(mail, '@');
	return at && at != mail && at[1] && !strchr(at + 1, '@') &&
		link_ok(mail, "<>\"'(),;:\\?&%[]");
}

static bool form_ok(const char *form)
{
	const bool web = strncmp(form, "https://", 8) == 0 || strncmp(form, "http://", 7) == 0;
	return web && link_ok(form, "@<>\"'\\");
}

static bool phone_ok(const char *phone)
{
	const size_t digits = phone[0] == '+' ? 1 : 0;
	return phone[digits] >= '0' && phone[digits] <= '9' && strlen(phone) <= 24 &&
		phone[digits + strspn(phone + digits, "0123456789 .-")] == '\0';
}

static void read_contact(struct section *section, struct accessibility *a)
{
	struct section contact = config_section(section, "contact", contact_keys, N(contact_keys));
	const struct {
		const char *key, **value;
		bool (*ok)(const char *);
		const char *hint;
	} ways[] = {{"mail", &a->mail, mail_ok, "par exemple accessibilite@ville.example"},
		{"form", &a->form, form_ok, "par exemple https://www.ville.example/contact"},
		{"phone", &a->phone, phone_ok, "par exemple '01 23 45 67 89'"}};
	if (!contact.map)
		return;
	for (size_t i = 0; i < N(ways); i++) {
		section_string(&contact, ways[i].key, ways[i].value);
		if (*ways[i].value && !ways[i].ok(*ways[i].value))
			yaml_problem(&section->c->file, section_get(&contact, ways[i].key),
				section->p, ways[i].hint, "contact refusé : %s", *ways[i].value);
	}
	if (!contact.map->n)
		yaml_problem(&section->c->file, contact.map, section->p,
			"contact: {mail: accessibilite@ville.example}",
			"il faut au moins un moyen de signaler un défaut : mail, form ou phone");
}

/* [] says that there are none. */
static void read_list(
	const struct section *s, const char *key, const char *hint, const char *what, char ***ret)
{
	const struct yaml_node *node = section_get(s, key);
	if (!node || node->type != YAML_LIST || node->n)
		section_words(s, key, hint, what, ret);
}

/* --- what contradicts itself */

static void check_claim(const struct section *s, const struct accessibility *a)
{
	const struct yaml_node *state = section_get(s, "state");
	const struct yaml_file *file = &s->c->file;
	const bool total = a->state == ACCESSIBILITY_TOTAL;
	if (!a->audited && a->state > ACCESSIBILITY_NONE)
		yaml_problem(file, state, s->p, AUDIT_EXAMPLE " ; sans audit, state: none",
			"sans audit, une console est non conforme : c'est la règle du RGAA");
	if (!a->audited || a->audit.rate < 0)
		return;
	if (total && a->audit.rate < ALL)
		yaml_problem(file, state, s->p, "state: partial, ou le taux de l'audit corrigé",
			"une conformité totale demande un taux de 100");
	if (total && a->gaps)
		yaml_problem(file, section_get(s, "gaps"), s->p, "retirez-les, ou state: partial",
			"une conformité totale n'a pas de non-conformités");
	if (a->state == ACCESSIBILITY_PARTIAL && a->audit.rate < HALF)
		yaml_problem(file, state, s->p, "state: none, ou le taux de l'audit corrigé",
			"une conformité partielle demande un taux de 50 au moins");
	if (a->state == ACCESSIBILITY_PARTIAL && a->audit.rate == ALL)
		warn(s, state, "state: total, si rien d'autre ne manque",
			"un taux de 100 est celui d'une conformité totale");
	if (a->state == ACCESSIBILITY_NONE && a->audit.rate >= HALF)
		warn(s, state,
			"state: partial (ou total, à 100) tant que l'audit est valable ; sinon retirez l'audit",
			"ce taux est celui d'une conformité partielle ou totale");
}

static void check_days(const struct section *s, const struct accessibility *a)
{
	const struct yaml_node *date = section_get(s, "date");
	if (!a->day)
		return;
	if (a->audit.day > a->day)
		yaml_problem(&s->c->file, date, s->p,
			"la date de la déclaration est celle de l'audit, ou un jour après",
			"la déclaration serait plus ancienne que son audit");
	else if (clock_now() / CLOCK_DAY - a->day > VALID_DAYS)
		warn(s, date,
			"revoyez la page /accessibilite, puis donnez la date de cette relecture",
			"cette déclaration a plus de trois ans : elle est à renouveler");
}

void config_read_accessibility(struct section *console)
{
	struct config *c = console->c;
	struct accessibility *a = &c->console.accessibility;
	struct section s = config_section(console, "accessibility", keys, N(keys));
	const char *state = NULL;
	*a = (struct accessibility){.audit.rate = -1};
	if (!s.map)
		return;
	section_choice(&s, "state", states, N(states), &state);
	for (size_t i = 0; state && i < N(states); i++)
		if (strcmp(state, states[i].english) == 0)
			a->state = ACCESSIBILITY_NONE + i;
	if (!section_get(&s, "state"))
		yaml_problem(&c->file, s.map, s.p, "state: none, partial ou total",
			"il manque « state » : l'état de conformité");
	read_audit(&s, a);
	read_list(&s, "gaps", "gaps: ['La courbe n''a pas de tableau']",
		"ce que l'audit a trouvé de non conforme", &a->gaps);
	read_list(&s, "exemptions", "exemptions: ['…, charge disproportionnée : …']",
		"ce qui est laissé tel quel, et pourquoi", &a->exemptions);
	read_contact(&s, a);
	read_day(&s, "date", &a->day);
	check_claim(&s, a);
	check_days(&s, a);
}
