/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin.yaml: what a good one says, and every kind of mistake with its place and its words. */
#include "place.h"
#include <sys/stat.h>
#include <tocsin/base/clock.h>

static void put_beside(struct place *p, const char *name)
{
	_free_ char *path = xasprintf("%s/%s", p->folder, name);
	put(path, "x\n");
}

static void smallest(void **state)
{
	struct place *p = *state;
	struct config c;
	load(p, "tocsin: 1\n", &c);
	assert_string_equal(c.town, "la commune");
	assert_string_equal(c.zone, "Europe/Paris");
	assert_int_equal(c.lang, WORDS_FR);
	assert_string_equal(c.folder, p->folder);
	assert_string_equal(c.state_dir, "/var/lib/tocsin");
	assert_string_equal(c.run_dir, "/run/tocsin");
	assert_string_equal(c.mail.folder, "/var/lib/tocsin/outbox");
	assert_false(c.clock_event);
	assert_int_equal(c.line_max, 1 << 20);
	assert_int_equal(c.backlog_max, 5000000);
	assert_int_equal(c.workers, 2);
	assert_int_equal(c.late_ms, 2 * CLOCK_MINUTE);
	assert_int_equal(c.emergent_a_day, -1);
	assert_true(c.search);
	assert_int_equal(c.keep.unflagged_ms, 35 * CLOCK_DAY);
	assert_int_equal(c.n_sources, 0);
	assert_null(c.listen);
	assert_null(config_source(&c, "site"));
	config_release(&c);
	config_release(&c); /* twice is no harm */
}

static const char english[] =
	"tocsin: 1\n"
	"town: {name: Valmont-sur-Orle, zone: Indian/Reunion, language: en}\n"
	"folders: {state: state, run: ./run, rules: /srv/rules}\n"
	"clock: event\n"
	"ingest: {backlog: 2000, line: 512 KiB}\n"
	"score: {workers: 3}\n"
	"trend: {late: 90 s, emergent: 3, jaune: 4, rouge: 30}\n"
	"search: no\n"
	"retention: {unflagged: 10 j, flagged: 2 mois, discriminatory: 13 mois}\n"
	"sources:\n"
	"  - {id: facebook, title: Page Facebook, kind: jsonl, path: fb.jsonl, follow: yes, silence: 2 h}\n"
	"  - {id: site, kind: command, command: [./fetch, --all], restart: 5 min}\n"
	"  - {id: formulaire, kind: webhook, secret_file: key, retention_days: 30}\n"
	"  - {id: entree, kind: jsonl, path: '-', replay: 3 h}\n"
	"webhook: {listen: '127.0.0.1:8787'}\n"
	"mail: {url: 'smtp://relais:587', from: t@v.example, user: u, password_file: key}\n";

static const char french[] =
	"tocsin: 1\n"
	"ville: {nom: Valmont-sur-Orle, fuseau: Indian/Reunion, langue: anglais}\n"
	"dossiers: {données: state, exécution: ./run, règles: /srv/rules}\n"
	"horloge: événements\n"
	"réception: {attente: 2000, ligne: 512 Kio}\n"
	"analyse: {processus: 3}\n"
	"tendances: {retard: 90 s, émergents: 3, jaune: 4, rouge: 30}\n"
	"recherche: non\n"
	"conservation: {non_signalés: 10 j, signalés: 2 mois, discriminatoires: 13 mois}\n"
	"sources:\n"
	"  - {identifiant: facebook, titre: Page Facebook, type: jsonl, chemin: fb.jsonl, suivre: oui, silence: 2 h}\n"
	"  - {identifiant: site, type: commande, commande: [./fetch, --all], relance: 5 min}\n"
	"  - {identifiant: formulaire, type: webhook, fichier_secret: key, conservation_jours: 30}\n"
	"  - {identifiant: entree, type: jsonl, chemin: '-', rejeu: 3 h}\n"
	"webhook: {écoute: '127.0.0.1:8787'}\n"
	"courriel: {adresse: 'smtp://relais:587', expéditeur: t@v.example, utilisateur: u, fichier_mot_de_passe: key}\n";

static void check_full(struct place *p, const char *yaml)
{
	struct config c;
	put_beside(p, "key");
	load(p, yaml, &c);
	_free_ char *state_dir = xasprintf("%s/state", p->folder);
	_free_ char *run_dir = xasprintf("%s/run", p->folder);
	_free_ char *fb = xasprintf("%s/fb.jsonl", p->folder);
	_free_ char *key = xasprintf("%s/key", p->folder);
	assert_string_equal(c.town, "Valmont-sur-Orle");
	assert_string_equal(c.zone, "Indian/Reunion");
	assert_int_equal(c.lang, WORDS_EN);
	assert_string_equal(c.state_dir, state_dir);
	assert_string_equal(c.run_dir, run_dir);
	assert_string_equal(c.rules_dir, "/srv/rules");
	assert_true(c.clock_event);
	assert_int_equal(c.backlog_max, 2000);
	assert_int_equal(c.line_max, 512 << 10);
	assert_int_equal(c.workers, 3);
	assert_int_equal(c.late_ms, 90 * CLOCK_SECOND);
	assert_int_equal(c.emergent_a_day, 3);
	assert_int_equal(c.floors[0], 4);
	assert_int_equal(c.floors[1], 0);
	assert_int_equal(c.floors[2], 30);
	assert_false(c.search);
	assert_int_equal(c.keep.unflagged_ms, 10 * CLOCK_DAY);
	assert_int_equal(c.keep.flagged_ms, 60 * CLOCK_DAY);
	assert_int_equal(c.keep.discriminatory_ms, 390 * CLOCK_DAY);
	assert_int_equal(c.n_sources, 4);
	assert_int_equal(c.keep.n_sources, 1);
	assert_int_equal(keep_source_ms(&c.keep, SLICE("formulaire")), 30 * CLOCK_DAY);
	assert_int_equal(keep_source_ms(&c.keep, SLICE("site")), INT64_MAX);
	assert_string_equal(c.sources[0].title, "Page Facebook");
	assert_string_equal(c.sources[0].path, fb);
	assert_true(c.sources[0].follow);
	assert_int_equal(c.sources[0].silence_ms, 2 * CLOCK_HOUR);
	assert_string_equal(c.sources[1].kind, "command");
	assert_string_equal(c.sources[1].title, "site");
	assert_string_equal(c.sources[1].command[0], "./fetch");
	assert_string_equal(c.sources[1].command[1], "--all");
	assert_null(c.sources[1].command[2]);
	assert_int_equal(c.sources[1].restart_ms, 5 * CLOCK_MINUTE);
	assert_string_equal(c.sources[2].secret_file, key);
	assert_string_equal(c.sources[3].path, "-");
	assert_int_equal(c.sources[3].replay_ms, 3 * CLOCK_HOUR);
	assert_ptr_equal(config_source(&c, "formulaire"), &c.sources[2]);
	assert_string_equal(c.listen, "127.0.0.1:8787");
	assert_string_equal(c.mail.url, "smtp://relais:587");
	assert_string_equal(c.mail.tls, "starttls");
	assert_string_equal(c.mail.from, "t@v.example");
	assert_string_equal(c.mail.user, "u");
	assert_string_equal(c.mail.password_file, key);
	config_release(&c);
}

static void full_english(void **state)
{
	check_full(*state, english);
}

static void full_french(void **state)
{
	check_full(*state, french);
}

static void unknown_keys(void **state)
{
	expect_problems(*state,
		"tocsin: 1\n"
		"twon: {name: x}\n"
		"folders: {stat: x}\n"
		"people: []\n"
		"niveaux: {}\n",
		"DIR/tocsin.yaml:2:1: erreur: clé inconnue « twon »\n"
		"  conseil: vouliez-vous dire « town » ?\n"
		"DIR/tocsin.yaml:3:11: erreur: clé inconnue « stat »\n"
		"  conseil: vouliez-vous dire « state » ?\n");
}

static void wrong_values(void **state)
{
	expect_problems(*state,
		"tocsin: 2\n"
		"town: {zone: Europe/Pariss}\n"
		"clock: mur\n"
		"ingest: {backlog: 5, line: 3 bananes}\n"
		"trend: {late: bientôt, jaune: 9, orange: 8}\n"
		"search: peut-être\n"
		"score: [2]\n",
		"DIR/tocsin.yaml:1:9: erreur: version inconnue du format : ce programme lit la version 1\n"
		"  conseil: tocsin: 1\n"
		"DIR/tocsin.yaml:2:14: erreur: fuseau horaire inconnu : Europe/Pariss\n"
		"  conseil: Europe/Paris, America/Guadeloupe, Indian/Reunion…\n"
		"DIR/tocsin.yaml:3:8: erreur: valeur inconnue « mur »\n"
		"  conseil: un de : wall, murale, event, événements\n"
		"DIR/tocsin.yaml:4:19: erreur: entre 1000 et 1000000000\n"
		"  conseil: au plus près : 1000\n"
		"DIR/tocsin.yaml:4:28: erreur: taille incomprise : 3 bananes\n"
		"  conseil: par exemple 1 MiB ou 512 Kio\n"
		"DIR/tocsin.yaml:5:15: erreur: une durée est attendue ici\n"
		"  conseil: par exemple 90 s, 15 min, 2 h, 35 j, 13 mois\n"
		"DIR/tocsin.yaml:5:42: erreur: « orange » demande moins de personnes qu'un niveau moins grave\n"
		"  conseil: jaune, orange, rouge : des nombres qui montent, par exemple 3, 8, 25\n"
		"DIR/tocsin.yaml:6:9: erreur: oui ou non est attendu ici\n"
		"  conseil: écrivez oui ou non\n"
		"DIR/tocsin.yaml:7:8: erreur: « score » doit être une suite de « clé: valeur »\n"
		"  conseil: écrivez {clé: valeur, …}, ou une clé par ligne, décalée de deux espaces\n");
}

static void wrong_sources(void **state)
{
	expect_problems(*state,
		"tocsin: 1\n"
		"sources:\n"
		"  - {id: Mairie, kind: jsonl, path: absent.jsonl}\n"
		"  - {id: a, kind: jsonl}\n"
		"  - {id: a, kind: webhook, secret_file: absent.key, path: x}\n"
		"  - {kind: command, command: ./fetch}\n"
		"  - {id: b}\n"
		"  - {id: c, kind: fax}\n"
		"  - tout\n"
		"  - {id: d, kind: jsonl, path: '-', follow: yes}\n"
		"  - {id: e, kind: jsonl, path: '-'}\n"
		"  - {id: f, kind: jsonl, path: .}\n",
		"DIR/tocsin.yaml:3:10: erreur: identifiant de source refusé : Mairie\n"
		"  conseil: lettres minuscules sans accent, chiffres, point, tiret ; 64 au plus\n"
		"DIR/tocsin.yaml:3:37: erreur: fichier absent : DIR/absent.jsonl\n"
		"  conseil: avec « follow: yes », le fichier peut venir plus tard\n"
		"DIR/tocsin.yaml:4:5: erreur: la source « a » (jsonl) n'a pas de « path »\n"
		"  conseil: ajoutez cette clé à la source ; man tocsin.yaml la montre\n"
		"DIR/tocsin.yaml:5:5: erreur: deux sources portent l'identifiant « a »\n"
		"  conseil: donnez un autre « id » à l'une des deux\n"
		"DIR/tocsin.yaml:5:5: erreur: la source « a » reçoit par webhook, mais aucune adresse d'écoute n'est donnée\n"
		"  conseil: ajoutez « webhook: {listen: 127.0.0.1:8787} »\n"
		"DIR/tocsin.yaml:5:41: erreur: fichier absent : DIR/absent.key\n"
		"  conseil: une ligne au hasard suffit : openssl rand -hex 32\n"
		"DIR/tocsin.yaml:5:59: erreur: « path » n'a pas de sens pour une source « webhook »\n"
		"  conseil: retirez cette ligne, ou vérifiez « kind » (type)\n"
		"DIR/tocsin.yaml:6:5: erreur: une source a besoin d'un identifiant (id)\n"
		"  conseil: ajoutez id: un nom court, sans accent ni espace\n"
		"DIR/tocsin.yaml:6:30: erreur: « command » doit être une liste : le programme, puis ses arguments\n"
		"  conseil: command: [./collecte, --tout]\n"
		"DIR/tocsin.yaml:7:5: erreur: la source « b » n'a pas de « kind »\n"
		"  conseil: kind: jsonl, csv, command, webhook, bluesky, decidim, imap, mastodon, meta, rss ou wordpress\n"
		"DIR/tocsin.yaml:8:19: erreur: valeur inconnue « fax »\n"
		"  conseil: un de : jsonl, csv, command, commande, webhook, imap, courriel, rss, flux, bluesky, decidim, mastodon, meta, wordpress\n"
		"DIR/tocsin.yaml:9:5: erreur: une source est une suite de « clé: valeur »\n"
		"  conseil: {id: site, kind: jsonl, path: site.jsonl}\n"
		"DIR/tocsin.yaml:10:45: erreur: « follow » ne va pas avec l'entrée standard (-)\n"
		"  conseil: retirez « follow », ou nommez un fichier\n"
		"DIR/tocsin.yaml:11:5: erreur: une seule source peut lire l'entrée standard (-)\n"
		"  conseil: donnez à l'autre un fichier : path: site.jsonl\n"
		"DIR/tocsin.yaml:12:32: erreur: un fichier est attendu, ceci est un dossier : DIR/.\n"
		"  conseil: nommez le fichier lui-même : path: dossier/site.jsonl\n");
}

static void wrong_polled(void **state)
{
	expect_problems(*state,
		"tocsin: 1\n"
		"sources:\n"
		"  - {id: a, kind: rss}\n"
		"  - {id: b, kind: rss, url: 'ftp://x/'}\n"
		"  - {id: c, kind: rss, url: 'https://u:p@x/', path: x}\n"
		"  - {id: d, kind: wordpress, url: 'https://x/', user: u}\n"
		"  - {id: e, kind: rss, url: 'http://x/', user: u, password_file: tocsin.yaml}\n"
		"  - {id: f, kind: rss, url: 'http://x:80/', user: u, password_file: tocsin.yaml, allow_internal: [X]}\n"
		"  - {id: g, kind: rss, url: 'http://xy/', user: u, password_file: tocsin.yaml, allow_internal: [x]}\n"
		"  - {id: h, kind: rss, url: 'https://x/', every: 10 ms, allow_internal: x}\n"
		"  - {id: i, kind: imap, url: 'https://x'}\n"
		"  - {id: j, kind: imap, url: 'imaps://x/INBOX', user: u, password_file: tocsin.yaml, mailbox: \"a\\nb\"}\n"
		"  - {id: k, kind: mastodon, url: 'https://x/', hashtags: ['#a b']}\n"
		"  - {id: l, kind: mastodon, url: 'http://x/', token_file: absent.txt, page: '1'}\n"
		"  - {id: m, kind: meta, page: '../1', token_file: tocsin.yaml, verify_file: tocsin.yaml}\n"
		"  - {id: n, kind: meta, network: x}\n"
		"  - {id: o, kind: decidim, url: 'https://x/', arm: yes}\n",
		"DIR/tocsin.yaml:3:5: erreur: la source « a » (rss) n'a pas de « url »\n"
		"  conseil: ajoutez cette clé à la source ; man tocsin.yaml la montre\n"
		"DIR/tocsin.yaml:4:29: erreur: adresse refusée : http:// ou https:// attendue\n"
		"  conseil: https://www.ville.example/feed/ ; un mot de passe va dans « password_file »\n"
		"DIR/tocsin.yaml:5:29: erreur: adresse refusée : http:// ou https:// attendue\n"
		"  conseil: https://www.ville.example/feed/ ; un mot de passe va dans « password_file »\n"
		"DIR/tocsin.yaml:5:53: erreur: « path » n'a pas de sens pour une source « rss »\n"
		"  conseil: retirez cette ligne, ou vérifiez « kind » (type)\n"
		"DIR/tocsin.yaml:6:5: erreur: « user » et « password_file » vont ensemble\n"
		"  conseil: ajoutez celui qui manque, ou retirez l'autre\n"
		"DIR/tocsin.yaml:7:29: erreur: mot de passe refusé sans chiffrement (http://)\n"
		"  conseil: https:// ; ou, pour une machine de la mairie, la nommer dans « allow_internal »\n"
		"DIR/tocsin.yaml:9:29: erreur: mot de passe refusé sans chiffrement (http://)\n"
		"  conseil: https:// ; ou, pour une machine de la mairie, la nommer dans « allow_internal »\n"
		"DIR/tocsin.yaml:10:50: erreur: « every » est trop court\n"
		"  conseil: allongez la durée : par exemple 15 min, 2 h, 35 j\n"
		"DIR/tocsin.yaml:10:73: erreur: « allow_internal » doit être une liste : des noms de machines, avec ou sans « :port »\n"
		"  conseil: allow_internal: [intranet.ville.example]\n"
		"DIR/tocsin.yaml:11:5: erreur: une boîte (imap) a besoin d'un compte\n"
		"  conseil: user: …, password_file: …\n"
		"DIR/tocsin.yaml:11:30: erreur: adresse refusée : imap:// ou imaps:// et une machine attendues\n"
		"  conseil: imaps://imap.ville.example ; le dossier va dans « mailbox »\n"
		"DIR/tocsin.yaml:12:30: erreur: adresse refusée : imap:// ou imaps:// et une machine attendues\n"
		"  conseil: imaps://imap.ville.example ; le dossier va dans « mailbox »\n"
		"DIR/tocsin.yaml:12:95: erreur: nom de dossier refusé\n"
		"  conseil: mailbox: INBOX/Contact\n"
		"DIR/tocsin.yaml:13:5: erreur: un compte Mastodon a besoin d'un jeton d'accès\n"
		"  conseil: token_file: … ; dans Mastodon : Préférences, Développement, Nouvelle application\n"
		"DIR/tocsin.yaml:13:58: erreur: mot-dièse refusé : #a b\n"
		"  conseil: hashtags: [valmont]\n"
		"DIR/tocsin.yaml:14:34: erreur: mot de passe refusé sans chiffrement (http://)\n"
		"  conseil: https:// ; ou, pour une machine de la mairie, la nommer dans « allow_internal »\n"
		"DIR/tocsin.yaml:14:59: erreur: fichier absent : DIR/absent.txt\n"
		"  conseil: écrivez-y le mot de passe ou le jeton sur une ligne, que seul tocsin peut lire\n"
		"DIR/tocsin.yaml:14:77: erreur: « page » n'a pas de sens pour une source « mastodon »\n"
		"  conseil: retirez cette ligne, ou vérifiez « kind » (type)\n"
		"DIR/tocsin.yaml:15:5: erreur: numéro de page ou version refusés\n"
		"  conseil: page: '1029384756', api_version: v25.0\n"
		"DIR/tocsin.yaml:15:5: erreur: « verify_file » a besoin de la clé secrète de l'application\n"
		"  conseil: secret_file: …\n"
		"DIR/tocsin.yaml:15:5: erreur: la source « m » reçoit par webhook, mais aucune adresse d'écoute n'est donnée\n"
		"  conseil: ajoutez « webhook: {listen: 127.0.0.1:8787} »\n"
		"DIR/tocsin.yaml:16:5: erreur: une page (meta) a besoin d'un jeton d'accès\n"
		"  conseil: token_file: …\n"
		"DIR/tocsin.yaml:16:5: erreur: la source « n » (meta) n'a pas de « page »\n"
		"  conseil: ajoutez cette clé à la source ; man tocsin.yaml la montre\n"
		"DIR/tocsin.yaml:16:34: erreur: valeur inconnue « x »\n"
		"  conseil: un de : facebook, instagram\n"
		"DIR/tocsin.yaml:17:5: erreur: « arm » a besoin d'un compte à la source\n"
		"  conseil: user: …, password_file: …\n"
		"DIR/tocsin.yaml:17:52: erreur: « arm » n'a pas de sens pour une source « decidim »\n"
		"  conseil: retirez cette ligne, ou vérifiez « kind » (type)\n");
}

static void wrong_tables(void **state)
{
	expect_problems(*state,
		"tocsin: 1\n"
		"sources:\n"
		"  - {id: a, kind: csv, columns: {text: Texte}}\n"
		"  - {id: b, kind: csv, path: .}\n"
		"  - {id: c, kind: csv, path: ., columns: {id: Numéro, texte_: Texte}}\n"
		"  - {id: d, kind: csv, path: '-', columns: [Texte], separator: '#'}\n"
		"  - {id: e, kind: csv, path: ., columns: {texte: Texte}, encodage: ebcdic}\n"
		"  - {id: f, kind: jsonl, path: tocsin.yaml, separator: ';'}\n",
		"DIR/tocsin.yaml:3:5: erreur: la source « a » (csv) n'a pas de « path »\n"
		"  conseil: ajoutez cette clé à la source ; man tocsin.yaml la montre\n"
		"DIR/tocsin.yaml:4:5: erreur: la source « b » (csv) n'a pas de « columns »\n"
		"  conseil: columns: {id: Numéro, text: Commentaire, created_at: Date}\n"
		"DIR/tocsin.yaml:5:42: erreur: il manque la colonne du texte (text)\n"
		"  conseil: columns: {text: Commentaire} : le nom que porte la colonne à la première ligne\n"
		"DIR/tocsin.yaml:5:55: erreur: clé inconnue « texte_ »\n"
		"  conseil: vouliez-vous dire « texte » ?\n"
		"DIR/tocsin.yaml:6:30: erreur: un fichier ou un dossier est attendu : -\n"
		"  conseil: un tableur se lit d'un fichier : path: commentaires.csv\n"
		"DIR/tocsin.yaml:6:44: erreur: « columns » doit être une suite de « clé: valeur »\n"
		"  conseil: columns: {id: Numéro, text: Commentaire, created_at: Date}\n"
		"DIR/tocsin.yaml:6:64: erreur: valeur inconnue « # »\n"
		"  conseil: un de : ;, ,, |, tab, tabulation\n"
		"DIR/tocsin.yaml:7:68: erreur: valeur inconnue « ebcdic »\n"
		"  conseil: un de : utf-8, windows-1252, latin-1, auto\n"
		"DIR/tocsin.yaml:8:56: erreur: « separator » n'a pas de sens pour une source « jsonl »\n"
		"  conseil: retirez cette ligne, ou vérifiez « kind » (type)\n");
}

static void wrong_mail(void **state)
{
	expect_problems(*state,
		"tocsin: 1\n"
		"webhook: {listen: '8787'}\n"
		"mail: {url: 'http://relais', user: u, tls: ssl}\n",
		"DIR/tocsin.yaml:2:10: erreur: une adresse d'écoute est donnée, mais aucune source ne s'en sert\n"
		"  conseil: ajoutez une source « kind: webhook » ou « public », ou retirez cette section\n"
		"DIR/tocsin.yaml:2:19: erreur: adresse:port attendu, reçu : 8787\n"
		"  conseil: par exemple 127.0.0.1:8787\n"
		"DIR/tocsin.yaml:3:7: erreur: un serveur de courriel est donné, mais pas l'expéditeur (from)\n"
		"  conseil: from: tocsin@ville.example\n"
		"DIR/tocsin.yaml:3:7: erreur: « user » et « password_file » vont ensemble\n"
		"  conseil: ajoutez celui qui manque, ou retirez l'autre\n"
		"DIR/tocsin.yaml:3:13: erreur: une adresse smtp:// ou smtps:// est attendue, reçu : http://relais\n"
		"  conseil: par exemple smtp://relais.ville.fr:587\n"
		"DIR/tocsin.yaml:3:44: erreur: valeur inconnue « ssl »\n"
		"  conseil: un de : starttls, implicit, implicite, none, aucun\n");
}

static void wrong_answers(void **state)
{
	expect_problems(*state,
		"tocsin: 1\n"
		"webhook: {public: 'ftp://x'}\n"
		"sms: {url: 'http://x/?to={to}', secret_file: absent, method: put}\n",
		"DIR/tocsin.yaml:2:10: erreur: les prises en charge arrivent par webhook, mais aucune adresse d'écoute n'est donnée\n"
		"  conseil: ajoutez « webhook: {listen: 127.0.0.1:8787} »\n"
		"DIR/tocsin.yaml:2:19: erreur: adresse publique refusée : ftp://x\n"
		"  conseil: par exemple https://tocsin.ville.example\n"
		"DIR/tocsin.yaml:3:6: erreur: « {secret} » dans l'adresse et « secret_file » vont ensemble\n"
		"  conseil: ajoutez celui qui manque, ou retirez l'autre\n"
		"DIR/tocsin.yaml:3:12: erreur: une adresse http avec {to} et {text} derrière « ? » est attendue, reçu : http://x/?to={to}\n"
		"  conseil: url: 'http://127.0.0.1:13013/cgi-bin/sendsms?username=tocsin&password={secret}&to={to}&text={text}&charset=UTF-8', allow_internal: [127.0.0.1]\n"
		"DIR/tocsin.yaml:3:46: erreur: fichier absent : DIR/absent\n"
		"  conseil: écrivez-y le secret de la passerelle sur une ligne, que seul tocsin peut lire\n"
		"DIR/tocsin.yaml:3:62: erreur: valeur inconnue « put »\n"
		"  conseil: un de : get, post\n");
}

static void not_a_map(void **state)
{
	expect_problems(*state, "- a\n- b\n",
		"DIR/tocsin.yaml:1:1: erreur: la configuration doit être une suite de « clé: valeur »\n"
		"  conseil: tocsin: 1\n");
	expect_problems(*state, "",
		"DIR/tocsin.yaml:1:1: erreur: la configuration doit être une suite de « clé: valeur »\n"
		"  conseil: tocsin: 1\n");
	expect_problems(*state, "town: x\n",
		"DIR/tocsin.yaml:1:1: erreur: la version du format manque (tocsin)\n"
		"  conseil: écrivez « tocsin: 1 » en première ligne\n"
		"DIR/tocsin.yaml:1:7: erreur: « town » doit être une suite de « clé: valeur »\n"
		"  conseil: écrivez {clé: valeur, …}, ou une clé par ligne, décalée de deux espaces\n");
}

static void long_run_folder(void **state)
{
	expect_problems(*state,
		"tocsin: 1\nfolders: {run: /0123456789012345678901234567890123456789/0123456789012345678901234567890123456789/0123456789}\n",
		"DIR/tocsin.yaml:2:16: erreur: dossier d'exécution trop long (85 octets au plus) : /0123456789012345678901234567890123456789/0123456789012345678901234567890123456789/0123456789\n"
		"  conseil: un chemin court, par exemple /run/tocsin\n");
}

static void missing_file(void **state)
{
	struct place *p = *state;
	struct problems problems = {0};
	struct config c;
	assert_int_equal(config_load(p->file, &c, &problems), -EINVAL);
	assert_int_equal(problems.errors, 1);
	problems_release(&problems);
}

static void a_public_register(void **state)
{
	struct config c;
	load(*state, "tocsin: 1\nconsole: {}\n", &c);
	assert_false(c.console.register_public);
	config_release(&c);
	load(*state, "tocsin: 1\nconsole: {registre_public: oui}\n", &c);
	assert_true(c.console.register_public);
	config_release(&c);
	expect_problems(*state, "tocsin: 1\nconsole: {register_public: peut-être}\n",
		"DIR/tocsin.yaml:2:28: erreur: oui ou non est attendu ici\n"
		"  conseil: écrivez oui ou non\n");
}

static void a_proxy(void **state)
{
	struct config c;
	load(*state,
		"tocsin: 1\n"
		"console: {proxy: {socket: prise, users: [root], header: X-Compte, logout: 'https://acces.example/'}}\n",
		&c);
	assert_string_equal(c.console.listen, "127.0.0.1:8788");
	assert_string_equal(strrchr(c.console.proxy.socket, '/'), "/prise");
	assert_int_equal(c.console.proxy.n_users, 1);
	assert_int_equal(c.console.proxy.users[0], 0);
	assert_string_equal(c.console.proxy.header, "X-Compte");
	assert_string_equal(c.console.proxy.logout, "https://acces.example/");
	config_release(&c);
	expect_problems(*state,
		"tocsin: 1\n"
		"console: {mandataire: {utilisateurs: [personne-de-ce-nom], en-tête: Cookie, déconnexion: 'javascript:1'}}\n",
		"DIR/tocsin.yaml:2:23: erreur: il manque « socket » : un chemin\n"
		"  conseil: socket: /run/tocsin-console/prise\n"
		"DIR/tocsin.yaml:2:39: erreur: ce système n'a pas de compte « personne-de-ce-nom »\n"
		"  conseil: « id -un » dit celui d'un programme qui tourne\n"
		"DIR/tocsin.yaml:2:69: erreur: en-tête refusé : Cookie\n"
		"  conseil: par exemple Remote-User\n"
		"DIR/tocsin.yaml:2:90: erreur: adresse refusée : javascript:1\n"
		"  conseil: par exemple https://acces.ville.example/logout\n");
	expect_problems(*state,
		"tocsin: 1\n"
		"console: {proxy: {socket: prise}}\n",
		"DIR/tocsin.yaml:2:18: erreur: il manque « users » : le compte de ce système sous lequel ce serveur tourne\n"
		"  conseil: users: [www-data]\n");
}

/* Whoever reads it again from what was read sees what was read, whatever became of the file and of those that it names. */
static void again(void **state)
{
	struct place *p = *state;
	struct problems problems = {0};
	struct config c, later;
	put_beside(p, "key");
	put(p->file,
		"tocsin: 1\n"
		"sms: {url: 'https://x.example/?to={to}&text={text}&k={secret}', secret_file: key}\n");
	assert_int_equal(config_load(p->file, &c, &problems), 0);
	assert_int_equal(file_remove_tree(p->folder), 0);
	assert_int_equal(config_load_text(p->file, config_text(&c), &later, &problems), 0);
	assert_string_equal(later.sms.url, c.sms.url);
	assert_string_equal(later.sms.secret_file, c.sms.secret_file);
	assert_string_equal(later.folder, c.folder);
	assert_string_equal(later.run_dir, c.run_dir);
	config_release(&later);
	assert_int_equal(config_load_text(p->file, SLICE("tocsin: ["), &later, &problems), -EINVAL);
	assert_int_equal(
		config_load_text("tocsin.yaml", config_text(&c), &later, &problems), -EINVAL);
	problems_release(&problems);
	config_release(&c);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, make_place, remove_place)
	const struct CMUnitTest tests[] = {T(a_proxy), T(a_public_register), T(smallest),
		T(full_english), T(full_french), T(unknown_keys), T(wrong_values), T(wrong_sources),
		T(wrong_polled), T(wrong_tables), T(wrong_mail), T(wrong_answers), T(not_a_map),
		T(long_run_folder), T(again), T(missing_file)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
