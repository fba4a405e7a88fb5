/* SPDX-License-Identifier: GPL-3.0-or-later
 * What comes in and what goes out: sources, who is told of an alarm, other machines. Of an address only the machine is named:
 * the rest may be a secret. */
#include <tocsin/base/clock.h>
#include <tocsin/base/map.h>
#include <tocsin/html/html.h>
#include "../conformity/conformity.h"
#include "facts.h"

static struct slice host_of(const char *url)
{
	const char *p = url ? strstr(url, "://") : NULL;
	if (!p)
		return (struct slice){0};
	struct slice host = {p + 3, strcspn(p + 3, "/?#")};
	const char *at = memrchr(host.p, '@', host.n);
	if (at) {
		host.n -= (size_t)(at + 1 - host.p);
		host.p = at + 1;
	}
	return host;
}

/* --- sources */

static const char *kind_text(const struct visit *v, const struct source_config *s)
{
	static const struct {
		const char *kind, *french;
	} kinds[] = {{"jsonl", WORDS_MARK("fichier déposé sur la machine")},
		{"csv", WORDS_MARK("tableau (CSV) déposé sur la machine")},
		{"command", WORDS_MARK("programme lancé sur la machine")},
		{"webhook", WORDS_MARK("envois signés d'un autre service")},
		{"imap", WORDS_MARK("boîte de courriel")}, {"rss", WORDS_MARK("flux d'un site")},
		{"bluesky", "Bluesky"}, {"mastodon", "Mastodon"},
		{"decidim", WORDS_MARK("site de participation (Decidim)")},
		{"wordpress", WORDS_MARK("commentaires d'un site WordPress")}};
	if (s->kind && strcmp(s->kind, "meta") == 0)
		return strcmp(s->network, "instagram") == 0 ? words(v->l, "compte Instagram")
							    : words(v->l, "page Facebook");
	for (size_t i = 0; s->kind && i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(s->kind, kinds[i].kind) == 0)
			return words(v->l, kinds[i].french);
	return "–";
}

static void put_source(struct visit *v, const struct source_config *s)
{
	const struct slice host = host_of(s->url);
	_buf_ struct buf kept = {0};
	char text[40];
	sheet_row(v, slice_of(s->title));
	buf_add_string(&v->out, "<td>");
	page_word(v, kind_text(v, s));
	if (host.n) {
		buf_add_string(&v->out, " · ");
		html_shown(&v->out, host);
	}
	if (s->terms_note) {
		buf_add_string(&v->out, " · ");
		html_shown(&v->out, slice_of(s->terms_note));
	}
	buf_add_string(&v->out, "</td>");
	if (s->retention_days)
		buf_printf(&kept, words(v->l, "%s au plus"),
			words_duration(v->l, s->retention_days * CLOCK_DAY, text));
	else
		buf_add_string(&kept, words(v->l, "les durées communes"));
	sheet_cell(v, buf_string(&kept));
	sheet_cell(v,
		s->keeps_deleted ? words(v->l, "gardé comme les autres")
				 : words(v->l, "effacé, sauf s'il est en dossier"));
	sheet_cell(v,
		s->armed ? words(v->l, "oui, quand une personne l'a décidé") : words(v->l, "non"));
	sheet_row_end(v);
}

int fact_sources(struct visit *v, struct error *e)
{
	const struct config *c = &v->c->s->config;
	const char *const heads[] = {words(v->l, "source"), words(v->l, "de quoi il s'agit"),
		words(v->l, "gardés"), words(v->l, "supprimé à la source"),
		words(v->l, "tocsin y agit"), NULL};
	(void)e;
	if (!c->n_sources) {
		page_element(v, "p", words(v->l, "Aucune source n'est configurée."));
		return 0;
	}
	conformity_table(v, words(v->l, "Sources"), heads);
	for (size_t i = 0; i < c->n_sources; i++)
		put_source(v, &c->sources[i]);
	conformity_table_end(v);
	return 0;
}

/* --- alarms */

static struct slice role_of(const struct visit *v, const struct policy_target *t)
{
	const struct policy_hook *hook = policy_hook(&v->c->policy, slice_of(t->address));
	if (t->who)
		return *t->who->role ? slice_of(t->who->role)
				     : slice_of(words(v->l, "à compléter : un rôle"));
	return slice_of(hook && hook->title ? hook->title : t->address);
}

/* Each once. */
static void put_roles(
	struct visit *v, const struct policy_target *targets, size_t n, struct map *seen)
{
	for (size_t t = 0; t < n; t++) {
		const struct slice role = role_of(v, &targets[t]);
		bool fresh = false;
		if (!targets[t].only_in_trial)
			map_at(seen, role, &fresh);
		if (!fresh)
			continue;
		buf_add_string(&v->out, map_count(seen) > 1 ? ", " : "");
		html_shown(&v->out, role);
	}
}

static void put_steps(struct visit *v, const char *name, const struct policy_step *steps, size_t n)
{
	struct map *seen = map_new();
	sheet_row(v, slice_of(name));
	buf_add_string(&v->out, "<td>");
	for (size_t s = 0; s < n; s++)
		put_roles(v, steps[s].targets, steps[s].n_targets, seen);
	if (!map_count(seen))
		page_word(v, words(v->l, "personne n'est nommé"));
	buf_add_string(&v->out, "</td>");
	sheet_row_end(v);
	map_free(seen);
}

int fact_recipients(struct visit *v, struct error *e)
{
	const struct policy *p = v->c->policy.untried ? v->c->policy.untried : &v->c->policy;
	const char *const heads[] = {words(v->l, "niveau"), words(v->l, "prévenus"), NULL};
	const struct policy_step others[] = {{0, p->fallback, p->n_fallback},
		{0, p->bulletin.targets, p->bulletin.n_targets},
		{0, p->prescriptions.targets, p->prescriptions.n_targets}};
	(void)e;
	conformity_table(v, words(v->l, "Destinataires des alertes"), heads);
	for (enum policy_chain chain = 0; chain < CHAINS; chain++)
		put_steps(v, policy_chain_names[chain], p->chains[chain].list, p->chains[chain].n);
	put_steps(v, words(v->l, "secours, si personne ne peut être prévenu"), &others[0], 1);
	put_steps(v, words(v->l, "bulletin du lundi"), &others[1], 1);
	put_steps(v, words(v->l, "rappels de prescription"), &others[2], 1);
	conformity_table_end(v);
	return 0;
}

/* --- other machines */

static void put_machine(struct visit *v, const char *what, struct slice host)
{
	if (!host.n)
		return;
	buf_add_string(&v->out, "<li>");
	page_word(v, what);
	buf_add_string(&v->out, " : ");
	html_shown(&v->out, host);
	buf_add_string(&v->out, "</li>\n");
}

int fact_outside(struct visit *v, struct error *e)
{
	const struct config *c = &v->c->s->config;
	const struct policy *p = &v->c->policy;
	(void)e;
	const size_t open = v->out.n;
	buf_add_string(&v->out, "<ul>\n");
	const size_t empty = v->out.n;
	put_machine(v, words(v->l, "courriels d'alerte, confiés au serveur"), host_of(c->mail.url));
	put_machine(v, words(v->l, "SMS d'alerte, confiés à la passerelle"), host_of(c->sms.url));
	for (size_t i = 0; i < p->n_hooks; i++)
		put_machine(v, words(v->l, "alertes postées vers"),
			p->hooks[i].url
				? host_of(p->hooks[i].url)
				: slice_of(p->hooks[i].title ? p->hooks[i].title : p->hooks[i].id));
	for (size_t i = 0; i < c->n_sources; i++)
		put_machine(v, words(v->l, "commentaires demandés à"), host_of(c->sources[i].url));
	if (v->out.n > empty) {
		buf_add_string(&v->out, "</ul>\n");
		return 0;
	}
	v->out.n = open;
	page_element(v, "p",
		words(v->l,
			"La configuration ne nomme aucune autre machine avec laquelle tocsin parle."));
	return 0;
}
