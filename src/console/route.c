/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "route.h"
#include "console.h"

#define READS (ROLE_MODERATION | ROLE_DIRCOM) /* what citizens wrote, and who */

#define WORKS (READS | ROUTE_LIMITED) /* … and whoever reads some sources only, of those */
#define URGENT (WORKS | ROUTE_DUTY) /* … of what is urgent */
#define LOOKS (READS | ROLE_CABINET | ROLE_DGS | ROLE_ONCALL) /* how many and where, never who */
#define CHARGES (READS | ROLE_CABINET | ROLE_DGS | ROUTE_DUTY)
#define FOLLOWS (ROLE_DIRCOM | ROLE_DGS) /* a topic that emerged */
#define REHEARSES (ROLE_DIRCOM | ROLE_DGS) /* what another setting would have rung */
#define DRILLS (ROLE_DIRCOM | ROLE_DGS | ROLE_ADMIN) /* who rehearses the chain; no content */
#define AWAY (ROLE_DIRCOM | ROLE_DGS | ROLE_ADMIN) /* who is away */

#define DOSSIERS (WORKS | ROLE_JURIST | ROLE_DPO) /* what was kept together; the DPO sees no text */
#define CONDUCTS (ROLE_JURIST | ROUTE_LIMITED) /* a dossier */
#define RULES (ROLE_RULES | ROLE_JURIST | ROLE_DIRCOM) /* what the rules say and find */
#define TEAM (LOOKS | ROLE_ADMIN) /* who is there, and what the team does: no content */
#define CLOCKS (READS | ROLE_JURIST | ROLE_DPO) /* what the law gives how long; no content */
#define ANSWERS (ROLE_DPO | ROLE_ADMIN) /* for what is kept; no content */
#define DRAFTS (ANSWERS | ROLE_JURIST) /* papers about all that; no content */

static const struct route routes[] = {
	{"GET", "/healthz", ROUTE_ALL, true, health_get},
	{"GET", "/readyz", ROUTE_ALL, true, ready_get},
	{"GET", "/metrics", ROUTE_ALL, true, metrics_get},
	{"GET", "/fixe/console.css", ROUTE_ALL, true, style_get},
	{"GET", "/fixe/console.js", ROUTE_ALL, true, script_get},
	{"GET", "/fixe/direct.js", ROUTE_ALL, true, live_script_get},
	{"GET", "/fixe/rules.js", ROUTE_ALL, true, rules_script_get},
	{"GET", "/fixe/bulk.js", ROUTE_ALL, true, bulk_script_get},
	{"GET", "/evenements", LOOKS, true, live_get},
	{"GET", "/connexion", ROUTE_ALL, false, sign_in_get},
	{"POST", "/connexion", ROUTE_ALL, false, sign_in_post},
	{"GET", "/premier-compte/*", ROUTE_ALL, false, setup_get},
	{"POST", "/premier-compte/*", ROUTE_ALL, false, setup_post},
	{"GET", "/mot-de-passe/*", ROUTE_ALL, false, setup_get},
	{"POST", "/mot-de-passe/*", ROUTE_ALL, false, setup_post},
	{"POST", "/deconnexion", ROUTE_SIGNED | ROUTE_LIMITED, false, sign_out_post},
	{"GET", "/mot-de-passe", ROUTE_SIGNED | ROUTE_LIMITED, false, password_get},
	{"POST", "/mot-de-passe", ROUTE_SIGNED | ROUTE_LIMITED, false, password_post},
	{"GET", "/", ROUTE_SIGNED | ROUTE_LIMITED, false, home_get},
	{"GET", "/moderation", URGENT, false, moderation_get},
	{"GET", "/reponse", WORKS, false, reponse_get},
	{"GET", "/commentaires", WORKS, false, recent_get},
	{"GET", "/vues", WORKS, false, views_get},
	{"POST", "/vues", WORKS, false, views_post},
	{"POST", "/vues/*/retirer", WORKS, false, views_remove_post},
	{"GET", "/raccourcis", LOOKS | ROUTE_LIMITED, false, shortcuts_get},
	{"POST", "/raccourcis", LOOKS | ROUTE_LIMITED, false, shortcuts_post},
	{"GET", "/recherche", WORKS, false, search_get},
	{"POST", "/moderation/lot", WORKS, false, bulk_post},
	{"POST", "/moderation/lot/decider", WORKS, false, bulk_decide_post},
	{"POST", "/moderation/lot/*/annuler", WORKS, false, bulk_undo_post},
	{"GET", "/moderation/*", URGENT, false, item_get},
	{"GET", "/moderation/*/attente", URGENT, false, holding_get},
	{"GET", "/moderation/*/reponse", URGENT, false, reply_get},
	{"GET", "/moderation/*/transferer", URGENT, false, transfer_get},
	{"POST", "/moderation/*/prendre", URGENT, false, claim_post},
	{"POST", "/moderation/*/rendre", URGENT, false, release_post},
	{"POST", "/moderation/*/decider", URGENT, false, decide_post},
	{"POST", "/moderation/*/oubli", WORKS, false, missed_post},
	{"POST", "/moderation/*/annuler", URGENT, false, undo_post},
	{"GET", "/moderation/*/dossier", WORKS, false, dossier_open_get},
	{"POST", "/moderation/*/dossier", WORKS, false, dossier_open_post},
	{"GET", "/dossiers", DOSSIERS, false, dossiers_get},
	{"GET", "/dossiers/*", DOSSIERS, false, dossier_get},
	{"POST", "/dossiers/*/noter", CONDUCTS, false, dossier_note_post},
	{"POST", "/dossiers/*/envoi", CONDUCTS, false, dossier_sent_post},
	{"POST", "/dossiers/*/retirer", CONDUCTS, false, dossier_remove_post},
	{"POST", "/dossiers/*/lever", CONDUCTS | ROLE_DPO, false, dossier_lift_post},
	{"POST", "/dossiers/*/exporter", ROLE_JURIST | ROLE_DPO, false, dossier_export_post},
	{"GET", "/signalement", LOOKS, false, reported_get},
	{"POST", "/signalement", LOOKS, false, reported_post},
	{"GET", "/situation", LOOKS, false, situation_get},
	{"GET", "/situation/appels", LOOKS, false, called_get},
	{"GET", "/situation/rejouer", REHEARSES, false, replay_get},
	{"POST", "/situation/rejouer", REHEARSES, false, replay_post},
	{"POST", "/situation/rejouer/arreter", REHEARSES, false, replay_stop_post},
	{"GET", "/situation/exercice", DRILLS, false, drill_get},
	{"POST", "/situation/exercice", DRILLS, false, drill_post},
	{"POST", "/situation/exercice/arreter", DRILLS, false, drill_end_post},
	{"GET", "/situation/*", LOOKS, false, alarm_get},
	{"GET", "/situation/*/rapport", LOOKS, false, report_get},
	{"POST", "/situation/*/prendre", CHARGES, false, charge_post},
	{"POST", "/situation/*/prolonger", CHARGES, false, prolong_post},
	{"POST", "/situation/*/rendre", CHARGES, false, hand_back_post},
	{"POST", "/situation/*/relais", CHARGES, false, pass_on_post},
	{"POST", "/situation/*/noter", CHARGES, false, note_post},
	{"POST", "/situation/*/point", CHARGES, false, point_post},
	{"POST", "/situation/*/rumeur", CHARGES, false, rumour_post},
	{"POST", "/situation/*/consigne", ROUTE_CONDUCTS, false, instruction_post},
	{"POST", "/situation/*/elements", ROUTE_CONDUCTS, false, wording_post},
	{"POST", "/situation/*/sourdine", ROUTE_CONDUCTS, false, silence_post},
	{"POST", "/situation/*/clore", ROUTE_CONDUCTS, false, close_post},
	{"POST", "/situation/*/rouvrir", ROUTE_CONDUCTS, false, reopen_post},
	{"POST", "/situation/*/suivre", FOLLOWS, false, follow_post},
	{"POST", "/situation/*/ne-plus-suivre", FOLLOWS, false, unfollow_post},
	{"GET", "/equipe", TEAM, false, absences_get},
	{"GET", "/equipe/statistiques", TEAM, false, statistics_get},
	{"GET", "/equipe/statistiques.csv", TEAM, false, statistics_file_get},
	{"POST", "/equipe/absences", AWAY, false, absence_post},
	{"POST", "/equipe/absences/*/retirer", AWAY, false, absence_remove_post},
	{"GET", "/regles", RULES, false, rules_get},
	{"GET", "/regles/journal", RULES, false, rules_log_get},
	{"GET", "/regles/revenir/*", ROLE_RULES, false, rules_return_get},
	{"POST", "/regles/revenir/*", ROLE_RULES, false, rules_return_post},
	{"GET", "/regles/regle/*", RULES, false, rule_get},
	{"POST", "/regles/signer/*", ROLE_JURIST, false, sign_post},
	{"GET", "/regles/paquet/*", RULES, false, pack_get},
	{"GET", "/regles/essayer", RULES | ROLE_MODERATION, false, try_get},
	{"POST", "/regles/essayer", RULES | ROLE_MODERATION, false, try_post},
	{"GET", "/regles/modifier", ROLE_RULES, false, edit_list_get},
	{"GET", "/regles/modifier/*", ROLE_RULES, false, edit_get},
	{"POST", "/regles/modifier/*", ROLE_RULES, false, edit_post},
	{"POST", "/regles/abandonner", ROLE_RULES, false, edit_drop_post},
	{"GET", "/regles/lexique", RULES, false, lexicon_get},
	{"GET", "/regles/lexique/*", RULES, false, lexicon_list_get},
	{"POST", "/regles/lexique/*", ROLE_RULES, false, lexicon_list_post},
	{"GET", "/regles/oublis", RULES, false, missed_list_get},
	{"POST", "/regles/oublis/*", ROLE_RULES, false, missed_list_post},
	{"GET", "/service", ROLE_SERVICE, false, service_get},
	{"GET", "/service/*", ROLE_SERVICE, false, service_one_get},
	{"POST", "/service/*/proposer", ROLE_SERVICE, false, service_propose_post},
	{"POST", "/service/*/annuler", ROLE_SERVICE, false, service_undo_post},
	{"GET", "/conformite", ANSWERS, false, kept_get},
	{"GET", "/conformite/purge", ANSWERS, false, purge_get},
	{"POST", "/conformite/purge", ANSWERS, false, purge_post},
	{"GET", "/conformite/purge/*", ANSWERS, false, purged_get},
	{"GET", "/conformite/prescriptions", CLOCKS, false, prescriptions_get},
	{"GET", "/conformite/journal", ANSWERS, false, audit_get},
	{"GET", "/conformite/exports", ROLE_DPO, false, exports_get},
	{"POST", "/conformite/exports", ROLE_DPO, false, exports_post},
	{"GET", "/conformite/personne", ROLE_DPO, false, person_get},
	{"POST", "/conformite/personne", ROLE_DPO, false, person_post},
	{"POST", "/conformite/personne/exporter", ROLE_DPO, false, person_export_post},
	{"POST", "/conformite/personne/effacer", ROLE_DPO, false, person_erase_post},
	{"POST", "/conformite/personne/opposition", ROLE_DPO, false, opposition_post},
	{"POST", "/conformite/opposition/*", ROLE_DPO, false, opposition_decide_post},
	{"GET", "/conformite/modeles", DRAFTS, false, drafts_get},
	{"GET", "/conformite/modeles/*", DRAFTS, false, draft_get},
	{"GET", "/conformite/modeles/*/fichier", DRAFTS, false, draft_file_get},
	{"GET", "/accessibilite", ROUTE_ALL, false, accessibility_get},
	{"GET", "/ecoute", ROUTE_ALL, false, listened_get},
	{"GET", "/comptes", ROLE_ADMIN, false, accounts_get},
	{"GET", "/comptes/*", ROLE_ADMIN, false, account_get},
	{"POST", "/comptes/*", ROLE_ADMIN, false, account_post},
	{"POST", "/comptes/*/roles", ROLE_ADMIN, false, account_roles_post},
	{"POST", "/comptes/*/lien", ROLE_ADMIN, false, account_link_post},
	{"POST", "/comptes/*/fermer", ROLE_ADMIN, false, account_shut_post},
	{"POST", "/comptes/*/rouvrir", ROLE_ADMIN, false, account_open_post},
	{"GET", "/comptes-nouveau", ROLE_ADMIN, false, account_new_get},
	{"POST", "/comptes-nouveau", ROLE_ADMIN, false, account_new_post},
};
#define N_ROUTES (sizeof(routes) / sizeof(*routes))

bool route_fits(const char *pattern, struct slice path, struct slice *ret)
{
	const char *star = strchr(pattern, '*');
	*ret = (struct slice){0};
	if (!star)
		return slice_is(path, pattern);
	size_t before = (size_t)(star - pattern), after = strlen(star + 1);
	if (path.n <= before + after || memcmp(path.p, pattern, before) != 0 ||
		!slice_ends(path, star + 1))
		return false;
	*ret = (struct slice){path.p + before, path.n - before - after};
	return !memchr(ret->p, '/', ret->n);
}

static bool answers(const struct route *r, struct slice method)
{
	return slice_is(method, r->method) ||
		(slice_is(method, "HEAD") && strcmp(r->method, "GET") == 0);
}

const struct route *route_find(
	struct slice method, struct slice path, struct slice *ret_argument, bool *ret_known)
{
	*ret_known = false;
	for (size_t i = 0; i < N_ROUTES; i++) {
		if (!route_fits(routes[i].path, path, ret_argument))
			continue;
		*ret_known = true;
		if (answers(&routes[i], method))
			return &routes[i];
	}
	return NULL;
}

void route_allow(struct slice path, struct buf *out)
{
	struct slice argument;
	for (size_t i = 0; i < N_ROUTES; i++)
		if (route_fits(routes[i].path, path, &argument))
			buf_printf(out, "%s%s", out->n ? ", " : "",
				strcmp(routes[i].method, "GET") == 0 ? "GET, HEAD"
								     : routes[i].method);
}

void route_print(struct buf *out)
{
	for (size_t i = 0; i < N_ROUTES; i++) {
		const struct route *r = &routes[i];
		buf_printf(out, "%s %s ", r->method, r->path);
		if (r->roles == ROUTE_ALL)
			buf_add_char(out, '*');
		else
			account_roles_write(out, r->roles);
		if (r->roles != ROUTE_ALL && r->roles & ROUTE_DUTY)
			buf_add_string(out, ",garde");
		if (r->roles != ROUTE_ALL && r->roles & ROUTE_LIMITED)
			buf_add_string(out, ",sources");
		buf_add_char(out, '\n');
	}
}
