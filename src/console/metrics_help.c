/* SPDX-License-Identifier: GPL-3.0-or-later
 * What each number of the processes says; in French alone, as it is read beside the numbers. Sorted by name; a scenario
 * (console-metrics) holds this list against the source. */
#include <stdlib.h>
#include "metrics.h"

static const struct help {
	const char *name, *french;
} helps[] = {
	{"bus_rejected_total", "messages d'un pair inconnu, refusés"},
	{"connect_actions_failed_total", "essais manqués d'une action à la source, par source"},
	{"connect_actions_total", "actions faites à la source, par source"},
	{"connect_armed", "1 : ce qu'on décide est fait à la source ; 0 : à blanc"},
	{"connect_lines_total", "lignes lues"},
	{"connect_looks_failed_total", "lectures manquées, par source interrogée"},
	{"connect_looks_total", "lectures, par source interrogée"},
	{"connect_put_again_total", "lots donnés une fois de plus à ingest"},
	{"connect_quarantined_total", "lignes mises en quarantaine"},
	{"connect_taken_total", "commentaires pris par ingest"},
	{"console_answers_total", "réponses, par statut HTTP"},
	{"console_connections", "connexions ouvertes"},
	{"console_guard_refused_total", "requêtes refusées par la garde HTTP"},
	{"console_port", "port sur lequel la console écoute"},
	{"console_sign_ins_total", "connexions de personnes"},
	{"console_viewers", "pages ouvertes qui reçoivent les nouvelles"},
	{"console_wrong_passwords_total", "mots de passe faux"},
	{"escalate_clock_seconds", "horloge de la ville"},
	{"escalate_dropped_total", "messages devenus inutiles"},
	{"escalate_held", "messages retenus par la limite d'une personne"},
	{"escalate_pending", "messages à remettre"},
	{"escalate_sent_total", "messages remis"},
	{"escalate_unreached_total", "étapes qui n'ont joint personne"},
	{"ingest_accepted_total", "commentaires acceptés dans le journal"},
	{"ingest_bundle_known", "1 quand les règles actives sont connues"},
	{"ingest_bypassed_total", "commentaires rendus sans score après trop d'essais"},
	{"ingest_in_flight", "lots chez les scoreurs"},
	{"ingest_put_busy_total", "lots refusés : trop en attente"},
	{"ingest_put_full_total", "lots refusés : disque plein"},
	{"ingest_put_refused_total", "lots refusés : illisibles"},
	{"ingest_redelivered_total", "lots donnés une fois de plus"},
	{"ingest_scrub_pending", "effacements du journal en attente"},
	{"ingest_split_total", "lots coupés après un échec"},
	{"ingest_waiting", "commentaires qui attendent un scoreur"},
	{"ingest_workers", "scoreurs présents"},
	{"member_pid", "processus d'un membre ; 0 quand il ne tourne pas"},
	{"member_ready", "1 quand le membre est prêt"},
	{"member_starts", "démarrages du membre"},
	{"member_state", "état du membre, comme « tocsin status » le dit"},
	{"process_pid", "numéro du processus"},
	{"process_started_seconds", "heure de démarrage"},
	{"process_written_seconds", "heure de ces mesures"},
	{"score_committed_total", "verdicts rendus et enregistrés"},
	{"score_kept", "verdicts gardés jusqu'à leur enregistrement"},
	{"score_refused_total", "lots refusés faute de règles"},
	{"score_scored_total", "commentaires passés par les règles"},
	{"score_unscored_total", "commentaires sans score, pour un humain"},
	{"search_lag_comments", "retard de la recherche"},
	{"search_purge", "dernier effacement suivi par la recherche"},
	{"search_seq", "dernier numéro cherchable"},
	{"source_accepted_total", "commentaires acceptés, par source"},
	{"source_error", "1 quand la source est en défaut"},
	{"source_error_since_seconds", "début du défaut de la source, 0 : aucun"},
	{"source_last_seconds", "heure du dernier commentaire de la source"},
	{"source_next_seconds", "quand une source en défaut est rappelée ; 0 : pas connu"},
	{"source_quota_left", "demandes qui restent du quota que la ville donne à la source"},
	{"source_quota_reset_seconds", "quand une source au quota épuisé reprend, ou 0"},
	{"source_refused_total", "commentaires refusés, par source"},
	{"store_clock_seconds", "horloge de la ville, d'après les commentaires"},
	{"store_commits_total", "transactions"},
	{"store_committed_total", "commentaires enregistrés"},
	{"store_dead_total", "lettres mortes"},
	{"store_duplicate_total", "doublons"},
	{"store_faults_total", "écritures impossibles (disque plein, panne)"},
	{"store_kept_results", "résultats gardés faute de pouvoir écrire"},
	{"store_quarantined_total", "lignes en quarantaine"},
	{"store_redelivered_total", "résultats reçus une fois de plus"},
	{"store_seq", "dernier numéro enregistré"},
	{"store_version_total", "nouvelles versions de commentaires"},
	{"trend_lag", "commentaires que la détection n'a pas encore lus"},
	{"trend_late_total", "commentaires arrivés après la fin de leur minute"},
	{"trend_minute_seconds", "dernière minute close"},
	{"trend_open", "alertes ouvertes"},
	{"trend_revised_total", "verdicts révisés par un rythme"},
	{"trend_seq", "dernier numéro lu par la détection"},
	{"trend_series", "séries comptées"},
	{"webhook_accepted_total", "commentaires poussés et acceptés"},
	{"webhook_answers_total", "réponses, par statut HTTP"},
	{"webhook_codes_taken_total", "prises en charge par code"},
	{"webhook_connections", "connexions ouvertes"},
	{"webhook_connections_total", "connexions reçues"},
	{"webhook_guard_evicted_total", "connexions coupées pour faire place"},
	{"webhook_guard_refused_total", "requêtes refusées par la garde HTTP"},
	{"webhook_guard_timeouts_total", "connexions trop lentes"},
	{"webhook_guard_turned_away_total", "connexions de trop d'une même adresse"},
	{"webhook_port", "port sur lequel webhook écoute"},
	{"webhook_quarantined_total", "envois en quarantaine"},
	{"webhook_waiting_bytes", "octets qui attendent ingest"},
	{"webhook_wrong_codes_total", "codes faux"},
};

static int compare(const void *key, const void *entry)
{
	const struct slice *name = key;
	const struct help *h = entry;
	size_t n = strlen(h->name);
	int d = memcmp(name->p, h->name, name->n < n ? name->n : n);
	return d ? d : (name->n > n) - (name->n < n);
}

const char *metrics_help(struct slice name)
{
	const size_t prefix = strlen("tocsin_");
	const struct slice own = {name.p + prefix, name.n - prefix};
	const struct help *h =
		bsearch(&own, helps, sizeof(helps) / sizeof(*helps), sizeof(*helps), compare);
	return h ? h->french : NULL;
}
