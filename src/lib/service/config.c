/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin.yaml: its keys in both languages, its defaults, its limits. */
#include <tocsin/service/config.h>
#include <errno.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>
#include <tocsin/record/comment.h>
#include "private.h"

#define N(table) (sizeof(table) / sizeof(*(table)))

static const struct yaml_key root_keys[] = {
	{"tocsin", NULL},
	{"town", "ville"},
	{"folders", "dossiers"},
	{"clock", "horloge"},
	{"ingest", "réception"},
	{"score", "analyse"},
	{"trend", "tendances"},
	{"search", "recherche"},
	{"retention", "conservation"},
	{"sources", NULL},
	{"webhook", NULL},
	{"console", NULL},
	{"mail", "courriel"},
	{"sms", NULL},
	/* Read by lib/policy: its own table says the same, and the two are held together by its test. */
	{"hooks", "crochets"},
	{"people", "personnes"},
	{"teams", "équipes"},
	{"calendars", "calendriers"},
	{"levels", "niveaux"},
	{"policy", "politique"},
	/* … by lib/reply, likewise. */
	{"services", NULL},
	{"replies", "réponses"},
	{"cards", "fiches"},
};

static const struct yaml_key town_keys[] = {
	{"name", "nom"}, {"zone", "fuseau"}, {"language", "langue"}};
static const struct yaml_key folder_keys[] = {
	{"state", "données"}, {"run", "exécution"}, {"rules", "règles"}};
static const struct yaml_key ingest_keys[] = {{"backlog", "attente"}, {"line", "ligne"}};
static const struct yaml_key score_keys[] = {{"workers", "processus"}};
static const struct yaml_key trend_keys[] = {{"late", "retard"}, {"emergent", "émergents"},
	{"jaune", NULL}, {"orange", NULL}, {"rouge", NULL}};
static const struct yaml_key retention_keys[] = {{"unflagged", "non_signalés"},
	{"flagged", "signalés"}, {"discriminatory", "discriminatoires"}};
static const struct yaml_key webhook_keys[] = {
	{"listen", "écoute"}, {"public", "adresse_publique"}};
static const struct yaml_key mail_keys[] = {{"url", "adresse"}, {"tls", NULL},
	{"from", "expéditeur"}, {"user", "utilisateur"}, {"password_file", "fichier_mot_de_passe"},
	{"ca_file", "fichier_autorités"}, {"folder", "dossier"},
	{"allow_internal", "autoriser_interne"}};

static const struct yaml_key sms_keys[] = {{"url", "adresse"}, {"method", "méthode"},
	{"secret_file", "fichier_secret"}, {"reply_secret_file", "fichier_secret_réponses"},
	{"allow_internal", "autoriser_interne"}};

static void read_town(struct section *root)
{
	struct config *c = root->c;
	struct section town = config_section(root, "town", town_keys, N(town_keys));
	section_string(&town, "name", &c->town);
	section_string(&town, "zone", &c->zone);
	char path[PATH_MAX];
	struct stat st;
	int n = snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", c->zone);
	if (c->zone[0] == '/' || strstr(c->zone, "..") || n >= (int)sizeof(path) ||
		stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		yaml_problem(&c->file, section_get(&town, "zone"), root->p,
			"Europe/Paris, America/Guadeloupe, Indian/Reunion…",
			"fuseau horaire inconnu : %s", c->zone);
	static const struct yaml_key languages[] = {{"fr", "français"}, {"en", "anglais"}};
	const char *language = "fr";
	section_choice(&town, "language", languages, N(languages), &language);
	c->lang = words_lang_of(language);
}

static const char *below(struct config *c, const char *folder, const char *name)
{
	_buf_ struct buf path = {0};
	buf_printf(&path, "%s/%s", folder, name);
	return arena_string(&c->private_->arena, buf_slice(&path));
}

static void read_folders(struct section *root)
{
	struct config *c = root->c;
	struct section folders = config_section(root, "folders", folder_keys, N(folder_keys));
	section_path(&folders, "state", &c->state_dir);
	section_path(&folders, "run", &c->run_dir);
	section_path(&folders, "rules", &c->rules_dir);
	if (!c->rules_dir)
		c->rules_dir = config_shipped_rules();
	if (!c->run_dir && c->state_dir)
		c->run_dir = below(c, c->state_dir, "run");
	if (!c->run_dir)
		c->run_dir = "/run/tocsin";
	if (!c->state_dir)
		c->state_dir = "/var/lib/tocsin";
	/* An address of a local socket holds 107 bytes; the longest name below the folder takes 20. */
	if (strlen(c->run_dir) > 85)
		yaml_problem(&c->file, section_get(&folders, "run"), root->p,
			"un chemin court, par exemple /run/tocsin",
			"dossier d'exécution trop long (85 octets au plus) : %s", c->run_dir);
	if (strcmp(c->run_dir, c->state_dir) == 0)
		yaml_problem(&c->file, section_get(&folders, "run"), root->p,
			"par exemple state: /var/lib/tocsin, run: /run/tocsin",
			"les dossiers « state » et « run » doivent être différents");
}

/* Those that are given rise with their level. */
static void read_floors(const struct section *trend)
{
	struct config *c = trend->c;
	static const char *const names[] = {"jaune", "orange", "rouge"};
	int64_t before = 0;
	for (size_t i = 0; i < N(names); i++) {
		section_int(trend, names[i], 2, 10000, &c->floors[i]);
		if (c->floors[i] && c->floors[i] < before)
			yaml_problem(&c->file, section_get(trend, names[i]), trend->p,
				"jaune, orange, rouge : des nombres qui montent, par exemple 3, 8, 25",
				"« %s » demande moins de personnes qu'un niveau moins grave",
				names[i]);
		before = c->floors[i] ? c->floors[i] : before;
	}
}

static void read_work(struct section *root)
{
	struct config *c = root->c;
	static const struct yaml_key clocks[] = {{"wall", "murale"}, {"event", "événements"}};
	const char *clock = "wall";
	section_choice(root, "clock", clocks, N(clocks), &clock);
	c->clock_event = strcmp(clock, "event") == 0;
	struct section ingest = config_section(root, "ingest", ingest_keys, N(ingest_keys));
	section_int(&ingest, "backlog", 1000, INT64_C(1000000000), &c->backlog_max);
	section_size(&ingest, "line", 1024, INT64_C(8) << 20, &c->line_max);
	struct section score = config_section(root, "score", score_keys, N(score_keys));
	section_int(&score, "workers", 1, 64, &c->workers);
	struct section trend = config_section(root, "trend", trend_keys, N(trend_keys));
	section_duration(&trend, "late", 0, &c->late_ms);
	section_int(&trend, "emergent", 0, 1000, &c->emergent_a_day);
	read_floors(&trend);
	section_bool(root, "search", &c->search);
	struct section keep = config_section(root, "retention", retention_keys, N(retention_keys));
	section_duration(&keep, "unflagged", CLOCK_DAY, &c->keep.unflagged_ms);
	section_duration(&keep, "flagged", CLOCK_DAY, &c->keep.flagged_ms);
	section_duration(&keep, "discriminatory", CLOCK_DAY, &c->keep.discriminatory_ms);
}

/* host:port with a port number. */
bool config_listen_ok(const char *text)
{
	const char *colon = strrchr(text, ':');
	if (!colon || colon == text || strlen(colon + 1) > 5 || !colon[1])
		return false;
	char *end;
	long port = strtol(colon + 1, &end, 10);
	return !*end && port >= 0 && port <= 65535 && colon[1] >= '0' && colon[1] <= '9';
}

void config_read_public(struct section *section, const char **ret)
{
	struct config *c = section->c;
	const char *public = NULL;
	section_string(section, "public", &public);
	if (!public)
		return;
	size_t n = strlen(public);
	bool ok = strncmp(public, "https://", 8) == 0 || strncmp(public, "http://", 7) == 0;
	for (const char *p = public; *p; p++)
		ok &= *p > ' ' && *p < 0x7f && !strchr("?#@<>\"'", *p);
	if (!ok || n > 200)
		yaml_problem(&c->file, section_get(section, "public"), section->p,
			"par exemple https://tocsin.ville.example", "adresse publique refusée : %s",
			public);
	while (n && public[n - 1] == '/')
		n--;
	*ret = arena_string(&c->private_->arena, (struct slice){public, n});
}

static void read_webhook(struct section *root)
{
	struct config *c = root->c;
	struct section webhook = config_section(root, "webhook", webhook_keys, N(webhook_keys));
	section_string(&webhook, "listen", &c->listen);
	if (c->listen && !config_listen_ok(c->listen))
		yaml_problem(&c->file, section_get(&webhook, "listen"), root->p,
			"par exemple 127.0.0.1:8787", "adresse:port attendu, reçu : %s", c->listen);
	config_read_public(&webhook, &c->public);
	size_t used = c->public || c->sms.reply_secret_file;
	for (size_t i = 0; i < c->n_sources; i++) {
		const struct source_config *s = &c->sources[i];
		if (!config_source_is_pushed(s))
			continue;
		used++;
		if (!c->listen)
			yaml_problem(&c->file, s->node, root->p,
				"ajoutez « webhook: {listen: 127.0.0.1:8787} »",
				"la source « %s » reçoit par webhook, mais aucune adresse d'écoute n'est donnée",
				s->id);
	}
	if (!c->listen && (c->public || c->sms.reply_secret_file))
		yaml_problem(&c->file, section_get(root, c->public ? "webhook" : "sms"), root->p,
			"ajoutez « webhook: {listen: 127.0.0.1:8787} »",
			"les prises en charge arrivent par webhook, mais aucune adresse d'écoute n'est donnée");
	if (c->listen && !used)
		yaml_problem(&c->file, section_get(root, "webhook"), root->p,
			"ajoutez une source « kind: webhook » ou « public », ou retirez cette section",
			"une adresse d'écoute est donnée, mais aucune source ne s'en sert");
}

static void read_mail(struct section *root)
{
	struct config *c = root->c;
	struct section mail = config_section(root, "mail", mail_keys, N(mail_keys));
	static const struct yaml_key modes[] = {
		{"starttls", NULL}, {"implicit", "implicite"}, {"none", "aucun"}};
	section_string(&mail, "url", &c->mail.url);
	section_string(&mail, "from", &c->mail.from);
	section_string(&mail, "user", &c->mail.user);
	section_path(&mail, "password_file", &c->mail.password_file);
	section_path(&mail, "ca_file", &c->mail.ca_file);
	section_path(&mail, "folder", &c->mail.folder);
	section_hosts(&mail, &c->mail.internal);
	const char *url = c->mail.url;
	if (url && strncmp(url, "smtp://", 7) != 0 && strncmp(url, "smtps://", 8) != 0)
		yaml_problem(&c->file, section_get(&mail, "url"), root->p,
			"par exemple smtp://relais.ville.fr:587",
			"une adresse smtp:// ou smtps:// est attendue, reçu : %s", url);
	c->mail.tls = url && strncmp(url, "smtps://", 8) == 0 ? "implicit" : "starttls";
	section_choice(&mail, "tls", modes, N(modes), &c->mail.tls);
	if (url && !c->mail.from)
		yaml_problem(&c->file, mail.map, root->p, "from: tocsin@ville.example",
			"un serveur de courriel est donné, mais pas l'expéditeur (from)");
	if (!!c->mail.user != !!c->mail.password_file)
		yaml_problem(&c->file, mail.map, root->p,
			"ajoutez celui qui manque, ou retirez l'autre",
			"« user » et « password_file » vont ensemble");
	if (config_lacks(c, c->mail.password_file, F_OK))
		yaml_problem(&c->file, section_get(&mail, "password_file"), root->p,
			"écrivez-y le mot de passe sur une ligne, que seul tocsin peut lire",
			"fichier absent : %s", c->mail.password_file);
	if (config_lacks(c, c->mail.ca_file, R_OK))
		yaml_problem(&c->file, section_get(&mail, "ca_file"), root->p,
			"vérifiez le nom, ou retirez la ligne : les autorités du système suffisent d'ordinaire",
			"fichier absent ou illisible : %s", c->mail.ca_file);
	c->mail.meant = c->mail.folder;
	if (!c->mail.from)
		c->mail.from = "tocsin@localhost";
	if (!url && !c->mail.folder)
		c->mail.folder = below(c, c->state_dir, "outbox");
}

/* Every name in braces is one that is known; {to} and {text} are there. */
static bool template_ok(const char *url)
{
	static const char *const names[] = {"{to}", "{text}", "{secret}"};
	for (const char *p = strpbrk(url, "{}"); p; p = strpbrk(p, "{}")) {
		size_t i = 0;
		while (i < N(names) && strncmp(p, names[i], strlen(names[i])) != 0)
			i++;
		if (i == N(names))
			return false;
		p += strlen(names[i]);
	}
	for (const char *p = url; *p; p++)
		if (*p <= ' ' || *p >= 0x7f)
			return false;
	const char *query = strchr(url, '?');
	bool http = strncmp(url, "https://", 8) == 0 || strncmp(url, "http://", 7) == 0;
	return http && query && strstr(query, "{to}") && strstr(query, "{text}");
}

static void read_sms(struct section *root)
{
	struct config *c = root->c;
	static const struct yaml_key methods[] = {{"get", NULL}, {"post", NULL}};
	struct section sms = config_section(root, "sms", sms_keys, N(sms_keys));
	const char *method = "get";
	section_string(&sms, "url", &c->sms.url);
	c->sms.node = section_get(&sms, "url");
	section_choice(&sms, "method", methods, N(methods), &method);
	section_path(&sms, "secret_file", &c->sms.secret_file);
	section_hosts(&sms, &c->sms.internal);
	section_path(&sms, "reply_secret_file", &c->sms.reply_secret_file);
	c->sms.post = strcmp(method, "post") == 0;
	if (sms.map && !c->sms.url)
		yaml_problem(&c->file, sms.map, root->p, "url: 'https://…?to={to}&text={text}'",
			"l'adresse de la passerelle SMS manque (url)");
	if (c->sms.url && !template_ok(c->sms.url))
		yaml_problem(&c->file, section_get(&sms, "url"), root->p,
			"url: 'http://127.0.0.1:13013/cgi-bin/sendsms?username=tocsin&password={secret}"
			"&to={to}&text={text}&charset=UTF-8', allow_internal: [127.0.0.1]",
			"une adresse http avec {to} et {text} derrière « ? » est attendue, reçu : %s",
			c->sms.url);
	if (c->sms.url && !strstr(c->sms.url, "{secret}") != !c->sms.secret_file)
		yaml_problem(&c->file, sms.map, root->p,
			"ajoutez celui qui manque, ou retirez l'autre",
			"« {secret} » dans l'adresse et « secret_file » vont ensemble");
	if (config_lacks(c, c->sms.secret_file, F_OK))
		yaml_problem(&c->file, section_get(&sms, "secret_file"), root->p,
			"écrivez-y le secret de la passerelle sur une ligne, que seul tocsin peut lire",
			"fichier absent : %s", c->sms.secret_file);
}

static void set_defaults(struct config *c)
{
	c->town = "la commune";
	c->zone = CONFIG_ZONE;
	c->lang = WORDS_FR;
	c->backlog_max = 5000000;
	c->line_max = 1 << 20;
	c->workers = 2;
	c->late_ms = 2 * CLOCK_MINUTE;
	c->emergent_a_day = -1;
	c->search = true;
	c->keep.unflagged_ms = 35 * CLOCK_DAY;
	c->keep.flagged_ms = 120 * CLOCK_DAY;
	c->keep.discriminatory_ms = 390 * CLOCK_DAY;
}

static void read_root(struct config *c, struct problems *p)
{
	const struct yaml_node *map = c->file.root;
	struct section root = {c, map, root_keys, N(root_keys), p};
	if (!map || map->type != YAML_MAP) {
		problem_add(p, PROBLEM_ERROR, c->file.path, map ? map->line : 1,
			map ? map->column : 1, "tocsin: 1",
			"la configuration doit être une suite de « clé: valeur »");
		return;
	}
	yaml_check_keys(&c->file, map, root_keys, N(root_keys), p);
	const struct yaml_node *version = section_get(&root, "tocsin");
	if (version && (version->type != YAML_SCALAR || !slice_is(version->text, "1")))
		yaml_problem(&c->file, version, p, "tocsin: 1",
			"version inconnue du format : ce programme lit la version 1");
	if (!version)
		problem_add(p, PROBLEM_ERROR, c->file.path, 1, 1,
			"écrivez « tocsin: 1 » en première ligne",
			"la version du format manque (tocsin)");
	read_town(&root);
	read_folders(&root);
	read_work(&root);
	config_read_sources(&root);
	read_sms(&root);
	read_webhook(&root);
	config_read_console(&root);
	read_mail(&root);
}

/* The absolute folder of the file. */
static int set_folder(struct config *c, const char *path, struct problems *p)
{
	_free_ char *real = c->private_->again ? xstrdup(path) : realpath(path, NULL);
	if (!real || real[0] != '/') {
		problem_add(p, PROBLEM_ERROR, path, 0, 0,
			"donnez le fichier par --config, ou TOCSIN_CONFIG",
			"configuration illisible : %s", strerror(errno));
		return -EINVAL;
	}
	char *slash = strrchr(real, '/');
	size_t n = slash == real ? 1 : (size_t)(slash - real);
	c->folder = c->private_->folder =
		arena_string(&c->private_->arena, (struct slice){real, n});
	return 0;
}

/* In the order of the file: sections are read in ours. Stable, and the lists are short. */
static void sort_problems(struct problems *p, size_t first)
{
	for (size_t i = first + 1; i < p->n; i++) {
		struct problem moved = p->list[i];
		size_t at = i;
		for (; at > first; at--) {
			const struct problem *before = &p->list[at - 1];
			if (before->line < moved.line ||
				(before->line == moved.line && before->column <= moved.column))
				break;
			p->list[at] = *before;
		}
		p->list[at] = moved;
	}
}

/* From the file, or, when it was read before, from its text. */
static int read_text(
	struct config *c, const char *path, const struct slice *text, struct problems *p)
{
	struct buf *own = &c->private_->text;
	if (text)
		buf_add_slice(own, *text);
	else if (file_read(path, YAML_MAX, own, NULL) < 0)
		return yaml_read(path, &c->file, p) < 0 ? -EINVAL : -EIO; /* says why */
	return yaml_read_text(path, buf_slice(own), &c->file, p);
}

static int load(const char *path, const struct slice *text, struct config *ret, struct problems *p)
{
	struct config c = {.private_ = xcalloc(1, sizeof(*c.private_))};
	c.private_->again = text != NULL;
	size_t errors = p->errors, before = p->n;
	arena_init(&c.private_->arena, 4096);
	set_defaults(&c);
	int r = set_folder(&c, path, p);
	if (r == 0)
		r = read_text(&c, path, text, p);
	if (r == 0)
		read_root(&c, p);
	sort_problems(p, before);
	if (r < 0 || p->errors > errors) {
		config_release(&c);
		return -EINVAL;
	}
	*ret = c;
	return 0;
}

int config_load(const char *path, struct config *ret, struct problems *p)
{
	return load(path, NULL, ret, p);
}

int config_load_text(const char *path, struct slice text, struct config *ret, struct problems *p)
{
	return load(path, &text, ret, p);
}

struct slice config_text(const struct config *c)
{
	return buf_slice(&c->private_->text);
}

void config_release(struct config *c)
{
	if (!c->private_)
		return;
	yaml_release(&c->file);
	arena_release(&c->private_->arena);
	buf_release(&c->private_->text);
	free(c->private_);
	*c = (struct config){0};
}

const char *config_find(const char *given)
{
	if (given)
		return given;
	const char *env = getenv("TOCSIN_CONFIG");
	if (env && *env)
		return env;
	return access("tocsin.yaml", F_OK) == 0 ? "tocsin.yaml" : "/etc/tocsin/tocsin.yaml";
}

struct slice config_source_title(const void *config, struct slice id)
{
	const struct config *c = config;
	for (size_t i = 0; c && i < c->n_sources; i++)
		if (slice_is(id, c->sources[i].id) && c->sources[i].title)
			return slice_of(c->sources[i].title);
	if (c && slice_is(id, COMMENT_REPORTED))
		return slice_of(words(c->lang, "Signalements reçus"));
	return id;
}

const struct source_config *config_source(const struct config *c, const char *id)
{
	for (size_t i = 0; i < c->n_sources; i++)
		if (strcmp(c->sources[i].id, id) == 0)
			return &c->sources[i];
	return NULL;
}

void config_no_relay(const struct config *c, enum words_lang lang, struct buf *out)
{
	if (!c->mail.url)
		buf_printf(out,
			words(lang,
				"aucun relais de courriel (courriel, adresse) : les messages restent dans %s, personne n'est prévenu par courriel"),
			c->mail.folder);
}

bool config_restored(const struct config *c, int64_t *ret_at)
{
	_free_ char *path = xasprintf("%s/" CONFIG_BACKUP_MARK, c->state_dir);
	_buf_ struct buf text = {0};
	*ret_at = 0;
	if (access(path, F_OK) < 0)
		return false;
	if (file_read(path, CLOCK_TEXT, &text, NULL) < 0 ||
		clock_parse(buf_slice(&text), ret_at) < 0)
		*ret_at = 0;
	return true;
}
