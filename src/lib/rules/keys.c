/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keys.h"

#define NEEDED true
#define FREE false
#define AS_KEY(english, french, type, required, text) {english, french},
#define AS_DOC(english, french, type, required, text) {type, required, text},
#define TABLE(name, LIST) \
	static const struct yaml_key name##_list[] = {LIST(AS_KEY)}; \
	static const struct key_doc name##_docs[] = {LIST(AS_DOC)}; \
	const struct key_table name = { \
		#name, name##_list, name##_docs, sizeof(name##_list) / sizeof(*name##_list)}

#define PACK(K) \
	K("tocsin", NULL, "version", NEEDED, "Version du format : 1.") \
	K("pack", "paquet", "text", NEEDED, "Nom du paquet, unique dans le dossier.") \
	K("title", "titre", "text", FREE, "Titre du paquet, pour les humains.") \
	K("owner", "responsable", "text", FREE, "Qui répond de ces règles : une adresse.") \
	K("shared", "partagé", "yes_no", FREE, \
		"oui : ses listes, macros et exceptions servent à tous les paquets.") \
	K("lists", "listes", "lists", FREE, "Listes de mots, reprises par $nom.") \
	K("persons", "personnes", "persons", FREE, \
		"Personnes que des règles nomment, avec leur mandat public ; reprises par $nom.") \
	K("macros", NULL, "conditions", FREE, "Conditions nommées, reprises par « macro: nom ».") \
	K("exceptions", NULL, "conditions", FREE, \
		"Exceptions nommées, reprises dans « sauf » par « exception: nom ».") \
	K("rules", "règles", "rules", FREE, "Les règles.") \
	K("topics", "sujets", "topics", FREE, "Les sujets : ils comptent, ils ne signalent pas.") \
	K("thresholds", "seuils", "threshold_keys", FREE, \
		"À partir de quelle somme de scores un commentaire est à relire, ou alerte.") \
	K("caps", "plafonds", "caps", FREE, "Ce qu'une catégorie peut compter au plus.")
TABLE(pack_keys, PACK);

#define PERSON(K) \
	K("names", "noms", "words", NEEDED, "Ses noms, comme on les écrit.") \
	K("mandate", "mandat", "text", NEEDED, "Son mandat public : maire, conseiller municipal…")
TABLE(person_keys, PERSON);

#define OVERRIDE(K) \
	K("tocsin", NULL, "version", NEEDED, "Version du format : 1.") \
	K("override", "surcharge", "text", NEEDED, "Nom du paquet que ce fichier adapte.") \
	K("title", "titre", "text", FREE, "Titre, pour les humains.") \
	K("owner", "responsable", "text", FREE, "Qui répond de ces changements : une adresse.") \
	K("append", "ajouter", "lists", FREE, "Mots ajoutés à des listes du paquet.") \
	K("replace", "remplacer", "lists", FREE, "Listes du paquet remplacées en entier.") \
	K("rules", "règles", "rule_overrides", FREE, \
		"Règles du paquet dont le statut, le score ou la priorité changent.") \
	K("topics", "sujets", "rule_overrides", FREE, "Sujets du paquet dont le statut change.") \
	K("thresholds", "seuils", "threshold_keys", FREE, "Seuils, à la place de ceux du paquet.") \
	K("caps", "plafonds", "caps", FREE, "Plafonds, à la place de ceux du paquet.")
TABLE(override_keys, OVERRIDE);

#define THRESHOLD(K) \
	K("queue", "file", "points", FREE, "Somme à partir de laquelle un humain relit (3).") \
	K("alert", "alerte", "points", FREE, "Somme à partir de laquelle on alerte (7).")
TABLE(threshold_keys, THRESHOLD);

/* What rules and topics share: what they are … */
#define HEAD(K) \
	K("id", NULL, "id", NEEDED, "Identifiant unique : minuscules, chiffres, . - _") \
	K("title", "titre", "text", NEEDED, "Ce que lira le modérateur.") \
	K("status", "statut", "status", FREE, \
		"brouillon (exemples seuls), observation (comptée sans effet), active, retirée.")
/* … who answers for them and until when … */
#define CARE(K) \
	K("lane", "voie", "lane", FREE, "Où va le commentaire : modération, reponse, les_deux.") \
	K("service", NULL, "text", FREE, "Le service qui répond.") \
	K("reply", "réponse", "text", FREE, "Le modèle de réponse.") \
	K("owner", "responsable", "text", FREE, "Qui répond de cette règle.") \
	K("review_by", "revoir_avant", "date", FREE, "Date avant laquelle la relire.") \
	K("expires", "expire_le", "date", FREE, \
		"À partir de cette date, la règle vaut retirée pour les commentaires écrits ensuite.")
/* … and what they look for. */
#define SEARCH(K) \
	K("disguise", "déguisement", "yes_no", FREE, \
		"Chercher aussi sous les déguisements (c0nn@rd) : oui pour une règle, non pour un sujet.") \
	K("when", "quand", "condition", NEEDED, "Ce que la règle reconnaît.") \
	K("unless", "sauf", "condition", FREE, "Ce qui efface, dans la même phrase.") \
	K("false_positives", "faux_positifs", "text", FREE, "Ce qui pourrait tromper la règle.") \
	K("tests", "exemples", "sample_keys", FREE, "Phrases reconnues et phrases laissées.") \
	K("accepted", "admis", "accept_keys", FREE, \
		"Avertissements de « rules check » que l'auteur assume, avec la raison.") \
	K("nominative", "nominatif", "nominative_keys", FREE, \
		"Pourquoi une personne y est nommée, et le juriste qui a signé.") \
	K("note", NULL, "text", FREE, "Remarque pour les auteurs.")

#define RULE(K) \
	HEAD(K) \
	K("category", "catégorie", "category", NEEDED, "Catégorie de la fiche de droit.") \
	K("priority", "priorité", "priority", FREE, "P1 minutes … P4 jours.") \
	K("score", "points", "score", FREE, "De 0 à 10.") \
	K("law", "loi", "text", FREE, "Le texte de loi, pour celui qui qualifie.") \
	CARE(K) SEARCH(K)
TABLE(rule_keys, RULE);

#define TOPIC(K) \
	HEAD(K) \
	CARE(K) \
	K("escalate", "escalade", "text", FREE, "La chaîne d'alerte à suivre.") \
	K("spike", "pic", "spike_keys", FREE, "À partir de quand un volume sonne.") \
	SEARCH(K)
TABLE(topic_keys, TOPIC);

#define RULE_OVERRIDE(K) \
	K("id", NULL, "id", NEEDED, "La règle ou le sujet à changer.") \
	K("status", "statut", "status", FREE, "Son statut dans cette ville.") \
	K("score", "points", "score", FREE, "Son score dans cette ville.") \
	K("priority", "priorité", "priority", FREE, "Sa priorité dans cette ville.") \
	K("note", NULL, "text", FREE, "Pourquoi.")
TABLE(rule_override_keys, RULE_OVERRIDE);

#define SPIKE(K) K("sensitivity", "sensibilité", "spike", FREE, "faible, normale, forte, aucune.")
TABLE(spike_keys, SPIKE);

#define SAMPLE(K) \
	K("match", "oui", "samples", FREE, "Phrases que la règle doit reconnaître.") \
	K("no_match", "non", "samples", FREE, "Phrases qu'elle doit laisser.") \
	K("todo", "à_faire", "samples", FREE, "Phrases qu'on aimerait reconnaître un jour.")
TABLE(sample_keys, SAMPLE);

#define SAMPLE_TEXT(K) \
	K("text", "texte", "text", NEEDED, "Le commentaire.") \
	K("source", NULL, "text", FREE, "D'où il vient.") \
	K("lang", "langue", "text", FREE, "Sa langue.") \
	K("thread", "fil", "text", FREE, "Son fil.") \
	K("author", "auteur", "text", FREE, "Son compte.") \
	K("at", "le", "date", FREE, "Sa date.")
TABLE(sample_text_keys, SAMPLE_TEXT);

/* A rule or a topic that names a person. */
#define NOMINATIVE(K) \
	K("reason", "motif", "text", NEEDED, "Pourquoi cette personne est nommée.") \
	K("jurist", "juriste", "text", FREE, "Qui a signé : un compte qui a le rôle juriste.") \
	K("signed_on", "signé_le", "date", FREE, "Le jour de la signature.") \
	K("seal", "sceau", "text", FREE, \
		"Ce qui est signé : « rules check » le donne ; il change avec la condition.")
TABLE(nominative_keys, NOMINATIVE);

/* In the order of enum lint. */
#define ACCEPT(K) \
	K("dictionary", "dictionnaire", "text", FREE, \
		"Pourquoi la règle peut reconnaître ces mots du dictionnaire.") \
	K("communes", NULL, "text", FREE, "Pourquoi elle peut reconnaître ces communes.") \
	K("cost", "coût", "text", FREE, "Pourquoi une expression lente est nécessaire.") \
	K("duplicate", "doublon", "text", FREE, "Pourquoi une autre règle a la même condition.") \
	K("impossible", NULL, "text", FREE, "Pourquoi « sauf » peut toujours effacer des mots.") \
	K("person", "personne", "text", FREE, \
		"Pourquoi ce nom n'est pas celui d'une personne : une rue, un stade.")
TABLE(accept_keys, ACCEPT);

/* The order decides between suggestions that are equally near: « mot » is rather « mots » than « not ». */
#define CONDITION(K) \
	K("words", "mots", "words", FREE, "Mots ou groupes entiers, avec leurs accords.") \
	K("verbs", "verbes", "words", FREE, "Verbes à l'infinitif : toutes leurs formes.") \
	K("phrase", "expression", "words", FREE, "Mots tels quels, entiers.") \
	K("any", "au_choix", "any", FREE, "L'une au moins de ces conditions.") \
	K("all", "ensemble", "any", FREE, "Toutes ces conditions.") \
	K("near", "proche", "near_keys", FREE, "Des conditions à peu de mots l'une de l'autre.") \
	K("regex", "motif", "regex", FREE, "Expression régulière PCRE2, entre apostrophes.") \
	K("contains", "contient", "words", FREE, "N'importe où, même au milieu d'un mot.") \
	K("macro", NULL, "text", FREE, "Une condition nommée sous « macros ».") \
	K("exception", NULL, "text", FREE, "Une exception nommée ; seulement dans « sauf ».") \
	K("count", "compte", "count_keys", FREE, "Combien de fois une condition est reconnue.") \
	K("clues", "indices", "clues_keys", FREE, "Des indices dont chacun vaut des points.") \
	K("context", "contexte", "context_keys", FREE, \
		"Ne garde, des autres clés, que ce qui est dit ainsi.") \
	K("rate", "rythme", "rate_keys", FREE, \
		"La règle ne compte qu'à la n-ième fois, par auteur ou par fil.") \
	K("source", NULL, "values", FREE, "Le commentaire vient de l'une de ces sources.") \
	K("lang", "langue", "values", FREE, "Le commentaire est dans l'une de ces langues.") \
	K("thread", "fil", "values", FREE, "Le commentaire est dans l'un de ces fils.") \
	K("author", "auteur", "values", FREE, \
		"Le commentaire vient d'un compte officiel, déclaré dans la liste comptes_officiels.") \
	K("not", "sans", "condition", FREE, "La condition n'est pas reconnue.")
TABLE(condition_keys, CONDITION);

#define NEAR(K) \
	K("within", "distance", "distance", FREE, "Mots entre deux voisins, au plus (5).") \
	K("ordered", "dans_cet_ordre", "yes_no", FREE, "oui : dans l'ordre écrit.") \
	K("all", "ensemble", "pair", NEEDED, "Deux conditions ou plus.")
TABLE(near_keys, NEAR);

#define CONTEXT(K) \
	K("addressed", "adressé", "yes_no", FREE, \
		"Vise une personne : tu, vous, espèce de, le maire.") \
	K("quoted", "cité", "yes_no", FREE, "Entre guillemets, ou rapporté : il m'a traité de…") \
	K("negated", "nié", "yes_no", FREE, "Nié dans sa proposition : vous n'êtes pas…") \
	K("thing", "chose", "yes_no", FREE, "Dit d'une chose : cette route est pourrie.") \
	K("question", NULL, "yes_no", FREE, "La phrase est une question.")
TABLE(context_keys, CONTEXT);

#define COUNT(K) \
	K("at_least", "au_moins", "number", FREE, "Nombre de fois, au moins (1).") \
	K("at_most", "au_plus", "number", FREE, "Nombre de fois, au plus.") \
	K("distinct", "distincts", "yes_no", FREE, "oui : le même texte ne compte qu'une fois.") \
	K("of", "de", "condition", NEEDED, "Ce qui est compté.")
TABLE(count_keys, COUNT);

#define CLUES(K) \
	K("at_least", "au_moins", "number", NEEDED, "Points, au moins.") \
	K("within", "distance", "distance", FREE, \
		"Mots entre le premier et le dernier, au plus (25).") \
	K("of", "de", "clues", NEEDED, "Les indices ; chacun compte une fois.")
TABLE(clues_keys, CLUES);

#define CLUE(K) \
	K("worth", "vaut", "worth", NEEDED, \
		"De -10 à 10 points ; moins de zéro : où qu'il soit dans le commentaire.") \
	K("when", "quand", "condition", NEEDED, "Ce qui est reconnu.")
TABLE(clue_keys, CLUE);

#define RATE(K) \
	K("by", "par", "rate_by", NEEDED, "auteur ou fil.") \
	K("at_least", "au_moins", "number", NEEDED, "Nombre de commentaires.") \
	K("within", "en", "duration", NEEDED, "En combien de temps : 1 h.")
TABLE(rate_keys, RATE);

/* An item of a list of words that is a verb: {verbe: insulter}. */
#define VERB(K) K("verb", "verbe", "text", NEEDED, "Un verbe à l'infinitif : toutes ses formes.")
TABLE(verb_keys, VERB);

#define CASES(K) \
	K("tocsin", NULL, "version", NEEDED, "Version du format : 1.") \
	K("title", "titre", "text", FREE, "Titre du fichier, pour les humains.") \
	K("cases", "cas", "cases", NEEDED, "Les cas que « rules test » joue.")
TABLE(cases_keys, CASES);

#define CASE(K) \
	K("title", "titre", "text", NEEDED, "Ce que le cas montre.") \
	K("on", "le", "date", FREE, "Le jour où il se passe.") \
	K("comments", "commentaires", "case_comments", NEEDED, "Les commentaires, dans l'ordre.")
TABLE(case_keys, CASE);

#define CASE_COMMENT(K) \
	K("text", "texte", "text", NEEDED, "Le commentaire.") \
	K("source", NULL, "text", FREE, "D'où il vient.") \
	K("lang", "langue", "text", FREE, "Sa langue.") \
	K("thread", "fil", "text", FREE, "Son fil.") \
	K("author", "auteur", "text", FREE, "Son compte.") \
	K("at", "heure", "time", FREE, "Son heure, ce jour-là : 12:00.") \
	K("after", "après", "duration", FREE, "Combien de temps après le précédent : 5 min.") \
	K("expect", "attendu", "expect_keys", FREE, "Ce qui doit en sortir.")
TABLE(case_comment_keys, CASE_COMMENT);

#define EXPECT(K) \
	K("level", "niveau", "level", FREE, "rien, file ou alerte.") \
	K("match", "oui", "values", FREE, "Règles et sujets qui doivent compter.") \
	K("rated", "en_attente", "values", FREE, \
		"Règles reconnues qui attendent encore leur rythme.") \
	K("no_match", "non", "values", FREE, "Règles et sujets qui ne doivent rien reconnaître.")
TABLE(expect_keys, EXPECT);

const struct key_table *const key_tables[KEY_TABLES] = {&pack_keys, &person_keys, &override_keys,
	&threshold_keys, &rule_keys, &topic_keys, &rule_override_keys, &spike_keys, &sample_keys,
	&sample_text_keys, &nominative_keys, &accept_keys, &condition_keys, &near_keys,
	&context_keys, &count_keys, &clues_keys, &clue_keys, &rate_keys, &verb_keys, &cases_keys,
	&case_keys, &case_comment_keys, &expect_keys};

const char *const status_choices[STATUS_CHOICES] = {
	"draft", "brouillon", "shadow", "observation", "live", "active", "retired", "retirée"};
const char *const lane_choices[LANE_CHOICES] = {
	"none", "aucune", "moderation", "modération", "reply", "reponse", "both", "les_deux"};
const char *const spike_choices[SPIKE_CHOICES] = {
	"low", "faible", "normal", "normale", "high", "forte", "off", "aucune"};
const char *const level_choices[LEVEL_CHOICES] = {
	"none", "rien", "queue", "file", "alert", "alerte"};
const char *const rate_choices[RATE_CHOICES] = {"author", "auteur", "thread", "fil"};
