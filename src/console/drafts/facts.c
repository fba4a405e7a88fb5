/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts.h"
#include <tocsin/base/clock.h>
#include <tocsin/base/map.h>
#include <tocsin/html/html.h>
#include <tocsin/phrase/phrase.h>
#include "../access/roles.h"
#include "../conformity/conformity.h"
#include "../topic.h"

int fact_town(struct visit *v, struct error *e)
{
	(void)e;
	buf_add_string(&v->out, "<p><strong>");
	html_shown(&v->out, slice_of(v->c->s->config.town));
	buf_add_string(&v->out, "</strong></p>\n");
	return 0;
}

static const struct sheet_line entry[] = {
	ITEM(WORDS_MARK(
		"Chacun entre avec son propre compte ; le mot de passe a douze caractères au moins et n'est gardé que sous une forme qui ne permet pas de le retrouver (Argon2id).")),
	ITEM(WORDS_MARK(
		"Après cinq mots de passe faux en une minute, les essais suivants sont refusés ; une session se ferme après quatre heures sans visite, et après douze heures dans tous les cas.")),
	ITEM(WORDS_MARK("Chaque page vérifie le rôle de qui la demande.")),
	ITEM(WORDS_MARK(
		"La console n'écoute que sur sa propre machine ; les fichiers que tocsin écrit ne sont lisibles que par son compte système.")),
	ITEM(WORDS_MARK(
		"Les connexions, les recherches, les accès à une personne, les décisions, les exports et les effacements sont inscrits à un journal, avec leur auteur.")),
	ITEM(WORDS_MARK(
		"Une recherche, un accès à une personne, un export ou une purge demandée dans la console ne se fait pas sans motif.")),
};

int fact_entry(struct visit *v, struct error *e)
{
	return sheet_put(v, entry, sizeof(entry) / sizeof(*entry), e);
}

int fact_durations(struct visit *v, struct error *e)
{
	const struct keep *k = &v->c->s->config.keep;
	const int64_t keeps[KEPT_KINDS] = {k->unflagged_ms, k->flagged_ms, k->discriminatory_ms};
	const char *title = words(v->l, "Durées de conservation");
	const char *const heads[] = {words(v->l, "textes"), words(v->l, "gardés"), NULL};
	char text[40];
	(void)e;
	conformity_table(v, title, heads);
	for (enum kept_as kind = 0; kind < KEPT_KINDS; kind++) {
		sheet_row(v, slice_of(conformity_kind(v, kind)));
		sheet_cell(v,
			kind == KEPT_HELD ? words(v->l, "jusqu'à la levée du dossier")
				: kind == KEPT_OPPOSED ? words(v->l, "jusqu'à la purge suivante")
						       : words_duration(v->l, keeps[kind], text));
		sheet_row_end(v);
	}
	conformity_table_end(v);
	return 0;
}

/* --- who has access */

static int count_account(void *user, const struct login *a)
{
	uint64_t *by = user;
	for (unsigned role = 0; role < ROLES; role++)
		by[role] += a->roles >> role & 1;
	return 0;
}

int fact_accounts(struct visit *v, struct error *e)
{
	const char *const heads[] = {
		words(v->l, "rôle"), words(v->l, "voit"), words(v->l, "comptes"), NULL};
	uint64_t by[ROLES] = {0};
	int r = reader_accounts(v->c->reader, count_account, by, e);
	if (r < 0)
		return r;
	conformity_table(v, words(v->l, "Qui a accès"), heads);
	for (unsigned role = 0; role < ROLES; role++) {
		sheet_row(v, slice_of(role_title(v, role)));
		sheet_cell(v, role_sees(v, role));
		conformity_number(v, by[role]);
		sheet_row_end(v);
	}
	conformity_table_end(v);
	page_element(v, "p",
		words(v->l,
			"Un compte peut avoir plusieurs rôles : il est alors compté dans chacun. Un programme peut entrer par l'API, avec un jeton fait sur la machine (« tocsin token »)."));
	return 0;
}

int fact_access(struct visit *v, struct error *e)
{
	const struct config *c = &v->c->s->config;
	(void)e;
	if (c->console.proxy.socket)
		page_element(v, "p",
			words(v->l,
				"Un serveur d'accès de la ville vérifie aussi qui entre ; les rôles restent donnés dans tocsin."));
	if (c->console.public && strncmp(c->console.public, "https://", 8) == 0)
		page_element(v, "p",
			words(v->l,
				"La configuration donne aux autres postes une adresse chiffrée (HTTPS)."));
	else
		sheet_todo(v,
			words(v->l,
				"comment les autres postes atteignent la console ; la configuration ne nomme aucune adresse chiffrée (HTTPS)"));
	return 0;
}

static void put_folder(struct visit *v, const char *what, const char *path)
{
	buf_add_string(&v->out, "<p>");
	page_word(v, what);
	buf_add_string(&v->out, " <code>");
	html_string(&v->out, path);
	buf_add_string(&v->out, "</code></p>\n");
}

int fact_place(struct visit *v, struct error *e)
{
	const struct config *c = &v->c->s->config;
	(void)e;
	put_folder(v,
		words(v->l,
			"La base, le journal d'arrivée et l'index de recherche sont dans un dossier de la machine où tocsin tourne :"),
		c->state_dir);
	if (!c->mail.url && c->mail.folder)
		put_folder(v, words(v->l, "Les courriels d'alerte y sont laissés en fichiers :"),
			c->mail.folder);
	return 0;
}

/* --- what people decide of */

int fact_suppositions(struct visit *v, struct error *e)
{
	const struct ruleset *rules = v->c->names;
	struct map *seen = map_new();
	(void)e;
	for (size_t i = 0; rules && i < ruleset_count(rules); i++) {
		const struct rule_info info = ruleset_info(rules, i);
		_buf_ struct buf text = {0};
		bool fresh;
		if (info.topic || info.status != RULE_LIVE || !info.category.n)
			continue;
		map_at(seen, info.category, &fresh);
		if (!fresh)
			continue;
		phrase_category(v->l, info.category, &text);
		buf_add_string(&v->out, map_count(seen) == 1 ? "<ul>\n<li>" : "<li>");
		html_shown(&v->out, buf_slice(&text));
		buf_add_string(&v->out, "</li>\n");
	}
	if (map_count(seen))
		buf_add_string(&v->out, "</ul>\n");
	else
		page_element(v, "p", words(v->l, "Aucune règle n'est encore publiée."));
	map_free(seen);
	return 0;
}

/* Of working time, of which a day is no day. */
static void hours_text(const struct visit *v, int64_t ms, char out[static 40])
{
	if (ms % CLOCK_HOUR)
		words_duration(v->l, ms, out);
	else
		snprintf(out, 40, "%lld h", (long long)(ms / CLOCK_HOUR));
}

int fact_deadlines(struct visit *v, struct error *e)
{
	const char *const heads[] = {words(v->l, "priorité"), words(v->l, "premier regard"), NULL};
	char name[4], text[40];
	(void)e;
	conformity_table(v, words(v->l, "Délais"), heads);
	for (unsigned p = 1; p <= LOOK_PRIORITIES; p++) {
		snprintf(name, sizeof(name), "P%u", p);
		hours_text(v, policy_look_ms(&v->c->policy, p), text);
		sheet_row(v, slice_of(name));
		sheet_cell(v, text);
		sheet_row_end(v);
	}
	conformity_table_end(v);
	page_element(v, "p",
		words(v->l,
			"P1 : à toute heure. Les autres : en heures de travail, dont huit ou neuf font un jour ouvré."));
	return 0;
}

int fact_two(struct visit *v, struct error *e)
{
	char *const *ids = v->c->s->config.console.second_regard;
	(void)e;
	if (!ids || !*ids) {
		page_element(v, "p",
			words(v->l,
				"Aucune décision ne demande deux personnes, d'après la configuration."));
		return 0;
	}
	page_element(v, "p",
		words(v->l,
			"Sauf urgence (P1), on ne masque qu'à deux, et on ne répond en public qu'à deux, à ce qui touche :"));
	buf_add_string(&v->out, "<ul>\n");
	for (; *ids; ids++) {
		buf_add_string(&v->out, "<li>");
		html_shown(&v->out, slice_of(*ids));
		buf_add_string(&v->out, "</li>\n");
	}
	buf_add_string(&v->out, "</ul>\n");
	return 0;
}
