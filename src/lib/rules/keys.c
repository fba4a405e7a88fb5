/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keys.h"

#define TABLE(name, ...) \
	static const struct yaml_key name##_list[] = {__VA_ARGS__}; \
	const struct key_table name = {name##_list, sizeof(name##_list) / sizeof(*name##_list)}

TABLE(pack_keys, {"tocsin", NULL}, {"pack", "paquet"}, {"title", "titre"}, {"owner", "responsable"},
	{"shared", "partagé"}, {"lists", "listes"}, {"rules", "règles"}, {"topics", "sujets"},
	{"thresholds", "seuils"}, {"caps", "plafonds"});
TABLE(threshold_keys, {"queue", "file"}, {"alert", "alerte"});
TABLE(rule_keys, {"id", NULL}, {"title", "titre"}, {"status", "statut"}, {"category", "catégorie"},
	{"priority", "priorité"}, {"score", "points"}, {"lane", "voie"},
	{"disguise", "déguisement"}, {"when", "quand"}, {"unless", "sauf"},
	{"false_positives", "faux_positifs"}, {"tests", "exemples"}, {"note", NULL});
TABLE(topic_keys, {"id", NULL}, {"title", "titre"}, {"status", "statut"}, {"lane", "voie"},
	{"service", NULL}, {"reply", "réponse"}, {"escalate", "escalade"}, {"spike", "pic"},
	{"review_by", "revoir_avant"}, {"disguise", "déguisement"}, {"when", "quand"},
	{"unless", "sauf"}, {"false_positives", "faux_positifs"}, {"tests", "exemples"},
	{"note", NULL});
TABLE(spike_keys, {"sensitivity", "sensibilité"});
TABLE(sample_keys, {"match", "oui"}, {"no_match", "non"}, {"todo", "à_faire"});
/* The order decides between suggestions that are equally near: « mot » is rather « mots » than « not ». */
TABLE(condition_keys, {"words", "mots"}, {"phrase", "expression"}, {"any", "au_choix"},
	{"all", "ensemble"}, {"near", "proche"}, {"regex", "motif"}, {"contains", "contient"},
	{"not", "sans"});
TABLE(near_keys, {"within", "distance"}, {"ordered", "dans_cet_ordre"}, {"all", "ensemble"});

const char *const status_choices[STATUS_CHOICES] = {
	"draft", "brouillon", "shadow", "observation", "live", "active", "retired", "retirée"};
const char *const lane_choices[LANE_CHOICES] = {
	"none", "aucune", "moderation", "modération", "reply", "reponse", "both", "les_deux"};
const char *const spike_choices[SPIKE_CHOICES] = {
	"low", "faible", "normal", "normale", "high", "forte", "off", "aucune"};

const char *const categories[CATEGORIES] = {"injure_publique", "injure_discriminatoire",
	"provocation_haine", "diffamation", "outrage", "menace", "apologie_terrorisme",
	"harcelement_raid", "doxxing", "vie_privee", "fausse_nouvelle", "detresse", "mineur_danger",
	"vulgarite", "critique_politique", "signalement_victime", "spam", "demande_usager"};
