/* SPDX-License-Identifier: GPL-3.0-or-later
 * With what the town answers the public: models of replies, and the services that know the answer. Pure.
 *
 *   services:
 *     - {id: habitat, name: Service habitat, mail: habitat@ville.example}     # nom, courriel; mail: optional
 *   replies:                                     # réponses
 *     - id: attente_habitat                      # what a topic of the rules names as `reply`
 *       title: Logement, attente                 # titre
 *       text: |                                  # texte
 *         Bonjour, nous avons transmis votre question à nos collègues ({service}) et revenons vers vous {delai}.
 *       service: habitat                         # who answers when the topic names nobody
 *       link: 'https://www.ville.example/habitat'        # lien: stands for {lien}
 *       delay: 5 j                               # délai: by when an answer is promised, in working time; 3 j without it
 *       follow_up: 2 j                           # relance: when the service is reminded; halfway without it
 *   cards:                                       # fiches: what to do first when a topic rises (fiche réflexe)
 *     - topic: demolition_logement               # sujet: a topic of the rules, or the category of an emergency (menace)
 *       text: |                                  # texte: short lines
 *         Appeler le bailleur (04 00 00 00 00). Ne rien promettre sur le relogement.
 *       link: 'https://intranet.ville.example/fiche'     # lien: the whole document
 *
 * In a text stand {ville}, {service}, {delai}, {lien} and {sujet} (the topic's title). tocsin brings models of its own, with
 * the ids that its rules name; one of the town with the same id takes its place. */
#ifndef TOCSIN_REPLY_REPLY_H
#define TOCSIN_REPLY_REPLY_H
#include <stdint.h>
#include <tocsin/base/arena.h>
#include <tocsin/yaml/yaml.h>

/* The top-level keys of tocsin.yaml that are read here, in both spellings. */
extern const struct yaml_key reply_root_keys[];
extern const size_t reply_root_keys_n;

#define REPLY_ID_MAX YAML_ID_MAX /* bytes of an id */
#define REPLY_TEXT_MAX 2000u /* bytes of a model's text */

struct reply_service {
	const char *id, *name;
	const char *mail; /* or NULL */
};
struct reply_model {
	const char *id, *title, *text;
	const char *service; /* id, or NULL */
	const char *link; /* or NULL */
	int64_t delay_ms, follow_ms; /* whole days are working days */
};
struct reply_card {
	const char *topic, *text;
	const char *link; /* or NULL */
};
struct replies {
	struct reply_card *cards;
	size_t n_cards;
	struct reply_service *services;
	size_t n_services;
	struct reply_model *
		models; /* the town's first, then tocsin's; the first of all serves when a topic names none */
	size_t n_models;
	struct arena arena;
};

/* Reads both lists from the root of tocsin.yaml; every problem goes to p with its place. 0 or -EINVAL (then ret is empty). */
int replies_load(const struct yaml_file *f, struct replies *ret, struct problems *p) _must_check_;
void replies_release(struct replies *r);
/* NULL: nobody has this id. */
const struct reply_service *replies_service(const struct replies *r, struct slice id);
const struct reply_model *replies_model(const struct replies *r, struct slice id);
/* Of an incident's topic ("demolition_logement", "P1:menace"); NULL: none. */
const struct reply_card *replies_card(const struct replies *r, struct slice topic);
/* The nearest id of a model to one that is none, or NULL. */
const char *replies_near(const struct replies *r, struct slice id);

struct reply_values { /* what is empty is said in words that fit anywhere: "service concerné" */
	struct slice town, service, topic;
	int64_t by; /* ms: by when an answer is promised */
};
/* The model's text with everything in its place. French: it is for the public. */
void reply_fill(struct buf *out, const struct reply_model *m, const struct reply_values *v);
#endif
