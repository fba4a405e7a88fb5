/* SPDX-License-Identifier: GPL-3.0-or-later
 * The models that come with tocsin: the ids that its rules name, and one for everything else. */
#include "private.h"
#include <tocsin/base/clock.h>

#define SENT \
	"Bonjour, merci de votre message. Nous avons transmis votre question à nos collègues" \
	" ({service}) et revenons vers vous {delai}."
#define SIGNED "\nL'équipe de {ville}"
#define DELAY (3 * CLOCK_DAY)
#define FOLLOW (2 * CLOCK_DAY)

const struct reply_model shipped_models[] = {
	{.id = "attente",
		.title = "Attente, tout sujet",
		.text = SENT SIGNED,
		.delay_ms = DELAY,
		.follow_ms = FOLLOW},
	{.id = "attente_cantine",
		.title = "Attente, cantine et périscolaire",
		.text = "Bonjour, merci de votre message. Nous vérifions ce qu'il en est pour la cantine avec nos"
			" collègues ({service}) et vous répondons {delai}. Pour la situation de votre enfant,"
			" écrivez-nous plutôt en message privé, sans donner son nom ici." SIGNED,
		.delay_ms = 2 * CLOCK_DAY,
		.follow_ms = CLOCK_DAY},
	{.id = "attente_dechets",
		.title = "Attente, déchets et propreté",
		.text = "Bonjour, merci de nous l'avoir signalé. Nos collègues ({service}) sont prévenus, et nous"
			" revenons vers vous {delai}. Si ce n'est pas fait, donnez-nous la rue et le numéro le plus"
			" proche." SIGNED,
		.delay_ms = DELAY,
		.follow_ms = FOLLOW},
	{.id = "attente_demarches",
		.title = "Attente, état civil et démarches",
		.text = "Bonjour, merci de votre message. Nous demandons la réponse à nos collègues ({service}) et"
			" revenons vers vous {delai}. N'écrivez ici aucun numéro de dossier ni aucune pièce :"
			" nous vous dirons où les envoyer." SIGNED,
		.delay_ms = DELAY,
		.follow_ms = FOLLOW},
	{.id = "attente_eau",
		.title = "Attente, eau et assainissement",
		.text = "Bonjour, merci de votre message. Nous vérifions ce qu'il en est de l'eau dans votre"
			" quartier avec nos collègues ({service}) et vous répondons {delai}. Pour nous aider,"
			" donnez-nous la rue concernée." SIGNED,
		.delay_ms = CLOCK_DAY,
		.follow_ms = 4 * CLOCK_HOUR},
	{.id = "attente_education",
		.title = "Attente, écoles et petite enfance",
		.text = SENT
		" Pour la situation de votre enfant, écrivez-nous plutôt en message privé, sans"
		" donner son nom ici." SIGNED,
		.delay_ms = DELAY,
		.follow_ms = FOLLOW},
	{.id = "attente_habitat",
		.title = "Attente, logement et habitat",
		.text = "Bonjour, merci de votre message. Nous comprenons que le sujet vous importe. Nous demandons"
			" des éléments précis à nos collègues ({service}) et revenons vers vous {delai}." SIGNED,
		.delay_ms = DELAY,
		.follow_ms = FOLLOW},
	{.id = "attente_securite",
		.title = "Attente, sécurité et tranquillité",
		.text = "Bonjour, merci de votre message, que nous transmettons à nos collègues ({service}). Nous"
			" revenons vers vous {delai}. En cas d'urgence ou de danger, appelez le 17." SIGNED,
		.delay_ms = 2 * CLOCK_DAY,
		.follow_ms = CLOCK_DAY},
	{.id = "attente_voirie",
		.title = "Attente, voirie et circulation",
		.text = "Bonjour, merci de nous l'avoir signalé. Nos collègues ({service}) vont regarder, et nous"
			" revenons vers vous {delai}. Pour les aider, donnez-nous la rue et le numéro le plus"
			" proche." SIGNED,
		.delay_ms = DELAY,
		.follow_ms = FOLLOW},
};
const size_t shipped_models_n = sizeof(shipped_models) / sizeof(*shipped_models);
