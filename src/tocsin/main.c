/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin: the one command that people type. `tocsin run` is the supervisor, the rest are tools.
 *
 * Reads: tocsin.yaml, the database (read-only), the metrics of the processes. Writes nothing itself: every change is
 * asked of store over the `commit` channel. Only `run` starts processes.
 * When tocsin does not run: the commands that only read still answer from the database; those that change something
 * say so and exit 1. */
#include "command.h"
#include <locale.h>
#include <tocsin/base/problem.h>
#include "change.h"

/* Words that the catalogue must know although they stand in a table. */

const struct command commands[] = {
	{"run", "lancer", command_run,
		WORDS_MARK(
			"lance tout et veille : le superviseur, au premier plan ou sous systemd"),
		"[--until-done] [--account] [--log debug|info|warning|error]"},
	{"status", "état", command_status,
		WORDS_MARK("ce qui tourne, ce qui attend, ce qu'on n'entend pas"), ""},
	{"queue", "file", command_queue,
		WORDS_MARK("ce qu'un humain doit regarder, l'urgent d'abord"),
		"[--lane moderation|reponse] [--limit N] [--search MOTS]"},
	{"decide", "décider", command_decide,
		WORDS_MARK("décide du sort d'un commentaire de la file"),
		"SEQ DÉCISION --who NOM --reason POURQUOI [--category CATÉGORIE] [--text RÉPONSE]\n        [--service SERVICE]"},
	{"incidents", NULL, command_incidents, WORDS_MARK("les alarmes ouvertes"), "[--all]"},
	{"incident", NULL, command_incident,
		WORDS_MARK(
			"une alarme : les faits et la main courante, son rapport, ce qu'on en dit, la consigne"),
		"N\n        tocsin incident report N [--occult]  > page.html\n"
		"        tocsin incident langage N TEXTE --who NOM\n"
		"        tocsin incident consigne N TEXTE --who NOM\n"
		"        tocsin incident reopen N --who NOM --reason POURQUOI"},
	{"ack", "acquitter", command_ack, WORDS_MARK("prend une alarme en charge"),
		"N --who NOM [--for 60min] [--note TEXTE]"},
	{"note", NULL, command_note, WORDS_MARK("écrit dans la main courante d'une alarme"),
		"N TEXTE --who NOM"},
	{"close", "clore", command_close, WORDS_MARK("clôt une alarme"),
		"N --who NOM [--note TEXTE]"},
	{"silence", NULL, command_silence, WORDS_MARK("fait taire un sujet pour un temps"),
		"SUJET --for 2h --who NOM --reason POURQUOI [--force]"},
	{"connect", "raccorder", command_connect,
		WORDS_MARK(
			"lit une source une fois et montre ce qui entrerait, sans rien enregistrer"),
		"test SOURCE"},
	{"verify", "vérifier", command_verify,
		WORDS_MARK(
			"le compte de chaque commentaire reçu, par source et par heure ; une archive de preuves"),
		"[ARCHIVE]"},
	{"purge", "effacer", command_purge,
		WORDS_MARK("efface ce qui a passé sa durée, ou ce qu'une personne a écrit"),
		"[--author COMPTE --source S | --id ID --source S] --who NOM --reason POURQUOI\n"
		"        tocsin purge --preview"},
	{"export", "exporter", command_export,
		WORDS_MARK("sort un fichier : commentaires, preuves, journal de ce qui a été fait"),
		"csv|json|preuves|journal --who NOM --reason POURQUOI > FICHIER"},
	{"backup", "sauvegarder", command_backup,
		WORDS_MARK("une copie cohérente de tout l'état, vérifiée"), "DOSSIER"},
	{"score", "évaluer", command_score,
		WORDS_MARK("évalue des commentaires (JSON, un par ligne) : un verdict par ligne"),
		"[FICHIER…|-] [--rules DOSSIER]"},
	{"replay", "rejouer", command_replay,
		WORDS_MARK(
			"ce qui aurait sonné, quand et pour qui, avec ces règles et cette politique"),
		"[FICHIER|-] [--from DATE] [--to DATE] [--rules DOSSIER] [--policy FICHIER] [--if RÉGLAGE=VALEUR]"},
	{"trend", "tendance", command_trend,
		WORDS_MARK(
			"cherche ce qui monte dans un fichier, sans service ; fait l'ébauche d'une règle de ce qui est enregistré"),
		"series [FICHIER|-]\n        tocsin trend topics [FICHIER|-] [--per-day N]\n        tocsin trend volumes [FICHIER|-]\n        tocsin trend adopt TERME|N [--rules DOSSIER] [--write FICHIER]"},
	{"rules", "règles", command_rules,
		WORDS_MARK("vérifie, essaie, explique, compare et publie des règles"),
		"check [DOSSIER] [--strict] [--format text|json|codequality]\n"
		"        tocsin rules test [DOSSIER] [--format text|json|codequality]\n"
		"        tocsin rules explain [DOSSIER|--in-force] TEXTE|-\n"
		"        tocsin rules try [DOSSIER]\n"
		"        tocsin rules backtest [DOSSIER] [--against DOSSIER] [--input FICHIER] [--from DATE] [--to DATE] [--last N]\n"
		"        tocsin rules diff AVANT APRÈS [--input FICHIER] [--last N] [--from DATE] [--to DATE]\n"
		"        tocsin rules list [DOSSIER]\n"
		"        tocsin rules missed\n"
		"        tocsin rules fmt FICHIER… [--lang fr|en] [--check]\n"
		"        tocsin rules push [DOSSIER] --who NOM --reason POURQUOI [--over EMPREINTE] [--juriste COMPTE] [--force]\n"
		"        tocsin rules sign RÈGLE --juriste COMPTE [--over EMPREINTE]\n"
		"        tocsin rules pull DOSSIER [--force]\n"
		"        tocsin rules log\n"
		"        tocsin rules rollback [EMPREINTE] --who NOM --reason POURQUOI [--over EMPREINTE]\n"
		"        tocsin rules follow N --who NOM [--name TITRE] [--reason POURQUOI]\n"
		"        tocsin rules unfollow N --who NOM [--reason POURQUOI]"},
	{"policy", "plan", command_policy,
		WORDS_MARK("le plan d'alerte : ses trous, et qui serait appelé"),
		"check [--from DATE] [--all]\n"
		"        tocsin policy test --level jaune|orange|rouge|gris|P1 [--at DATE] [--topic SUJET] [--for 2h]"},
	{"exercice", "drill", command_exercice,
		WORDS_MARK("répète la chaîne d'alerte pour de vrai, marquée EXERCICE"),
		"[--level orange] [--topic SUJET] [--as INTITULÉ] [--who NOM] [--for 30min] [--no-wait]"},
	{"user", "compte", command_user,
		WORDS_MARK("les comptes de la console : qui peut y entrer, et pour quoi faire"),
		"list\n"
		"        tocsin user add NOM --roles moderation,dircom,cabinet,admin,regles,juriste,service,dpo,dgs,astreinte\n"
		"                    [--services SERVICES] [--sources SOURCES] [--language fr|en]\n"
		"        tocsin user set NOM [--roles …] [--services SERVICES] [--sources SOURCES|tout] [--language fr|en]\n"
		"                    [--password] [--reason RAISON]\n"
		"        tocsin user remove NOM"},
	{"token", "jeton", command_token,
		WORDS_MARK("les jetons de l'API : quel programme peut quoi, au nom de qui"),
		"list\n"
		"        tocsin token add NOM --account COMPTE --scope queue:read,queue:decide,incidents:read,\n"
		"                     incidents:ack,statistics:read,rules:read,metrics:read [--sources SOURCES] [--days 90]\n"
		"        tocsin token revoke NOM"},
	{"version", NULL, command_version, WORDS_MARK("la version"), ""},
	{"help", "aide", command_help, WORDS_MARK("cette aide"), "[COMMANDE]"},
};
const size_t n_commands = sizeof(commands) / sizeof(*commands);

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < n_commands; i++)
		if (strcmp(commands[i].name, name) == 0 ||
			(commands[i].french && strcmp(commands[i].french, name) == 0))
			return &commands[i];
	return NULL;
}

static int unknown(struct context *x, const char *name)
{
	const char *names[64];
	size_t n = 0;
	for (size_t i = 0; i < n_commands && n < 62; i++) {
		names[n++] = commands[i].name;
		if (commands[i].french)
			names[n++] = commands[i].french;
	}
	const char *near = problem_did_you_mean(slice_of(name), names, n);
	if (near)
		return complain(x, EXIT_MISUSE,
			_w(x, "commande inconnue : %s (vouliez-vous dire « %s » ?)"), name, near);
	return complain(
		x, EXIT_MISUSE, _w(x, "commande inconnue : %s ; « tocsin help » les montre"), name);
}

static void print_usage(struct context *x, const struct command *c, FILE *out)
{
	fprintf(out, "%s : tocsin %s %s\n  %s", _w(x, "usage"), c->name, c->usage,
		_w(x, c->summary));
	if (c->french)
		fprintf(out, _w(x, " (s'écrit aussi « %s »)"), c->french);
	if (c->run == command_decide) {
		_buf_ struct buf choices = {0};
		decide_choices(x, &choices);
		fprintf(out, "\n%.*s  ", (int)choices.n, choices.p);
	} else {
		fputs("\n  ", out);
	}
	fprintf(out, "%s\n",
		_w(x, "partout : --config FICHIER, --lang fr|en, --json, --help ; le manuel : man tocsin"));
}

int command_help(struct context *x, int argc, char **argv)
{
	int r = options_parse(x, NULL, 0, &argc, argv);
	if (r)
		return r;
	if (argc > 0) {
		const struct command *c = find(argv[0]);
		if (!c)
			return unknown(x, argv[0]);
		print_usage(x, c, stdout);
		return EXIT_DONE;
	}
	puts(_w(x, "tocsin : la cloche d'alarme d'une commune\n"));
	for (size_t i = 0; i < n_commands; i++)
		printf("  %-12s %s\n", commands[i].name, _w(x, commands[i].summary));
	puts(_w(x,
		"\n« tocsin help COMMANDE » en dit plus ; le manuel : man tocsin, man tocsin.yaml"));
	return EXIT_DONE;
}

int command_version(struct context *x, int argc, char **argv)
{
	int r = options_parse(x, NULL, 0, &argc, argv);
	if (r)
		return r;
	printf("tocsin %s\n", TOCSIN_VERSION);
	return EXIT_DONE;
}

/* Options before the command's name: --config FILE, --lang LANG, --help, --version. */
static int global_options(struct context *x, int *argc, char ***argv)
{
	int i = 1;
	for (; i < *argc && (*argv)[i][0] == '-'; i++) {
		const char *word = (*argv)[i];
		bool value = i + 1 < *argc;
		if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
			static char word_help[] = "help";
			(*argv)[i] = word_help;
			break;
		}
		if (strcmp(word, "--version") == 0)
			return -1;
		if (strcmp(word, "--json") == 0)
			x->json = true;
		else if (strcmp(word, "--config") == 0 && value)
			x->config_path = (*argv)[++i];
		else if (strcmp(word, "--lang") == 0 && value)
			x->lang = words_lang_of((*argv)[++i]);
		else
			return complain(x, EXIT_MISUSE,
				_w(x, "option inconnue avant la commande : %s"), word);
	}
	*argc -= i;
	*argv += i;
	return 0;
}

static bool asks_help(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0 ||
			strcmp(argv[i], "--aide") == 0)
			return true;
	return false;
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "C.UTF-8"); /* for the width of characters in tables */
	struct context x = {.lang = words_lang_of(NULL), .terminal = isatty(STDOUT_FILENO)};
	int r = global_options(&x, &argc, &argv);
	if (r < 0)
		return command_version(&x, 1, argv);
	if (r > 0)
		return r;
	char *help[] = {(char[]){"help"}, NULL};
	if (argc == 0) {
		r = command_help(&x, 1, help);
		return r ? r : EXIT_MISUSE;
	}
	const struct command *c = find(argv[0]);
	if (!c)
		return unknown(&x, argv[0]);
	if (asks_help(argc, argv)) {
		print_usage(&x, c, stdout);
		return EXIT_DONE;
	}
	r = c->run(&x, argc, argv);
	context_release(&x);
	if (r == EXIT_DONE && (fflush(stdout) != 0 || ferror(stdout)))
		r = complain(&x, EXIT_PROBLEMS, "%s", _w(&x, "l'écriture du résultat a échoué"));
	return r;
}
