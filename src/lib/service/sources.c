/* SPDX-License-Identifier: GPL-3.0-or-later
 * The list of sources. */
#include <tocsin/service/config.h>
#include <errno.h>
#include <strings.h>
#include <sys/stat.h>
#include <tocsin/base/clock.h>
#include <tocsin/record/comment.h>
#include "private.h"

#define N(table) (sizeof(table) / sizeof(*(table)))

enum { SOURCES_MAX = 200, HASHTAGS_MAX = 10, RETENTION_DAYS_MAX = 3650, QUOTA_MAX = 100000000 };

static const struct yaml_key source_keys[] = {{"id", "identifiant"}, {"title", "titre"},
	{"kind", "type"}, {"path", "chemin"}, {"follow", "suivre"}, {"command", "commande"},
	{"secret_file", "fichier_secret"}, {"timestamp", "horodatage"}, {"restart", "relance"},
	{"replay", "rejeu"}, {"silence", NULL}, {"url", "adresse"}, {"every", "toutes_les"},
	{"backfill", "rattrapage"}, {"user", "utilisateur"},
	{"password_file", "fichier_mot_de_passe"}, {"ca_file", "fichier_autorités"},
	{"allow_internal", "autoriser_interne"}, {"arm", "armer"},
	{"retention_days", "conservation_jours"}, {"purge_on_delete", "effacer_si_supprimé"},
	{"terms_note", "note_conditions"}, {"token_file", "fichier_jeton"},
	{"hashtags", "mots_dièse"}, {"page", NULL}, {"network", "réseau"},
	{"api_version", "version_api"}, {"verify_file", "fichier_vérification"},
	{"mailbox", "boîte"}, {"columns", "colonnes"}, {"separator", "séparateur"},
	{"encoding", "encodage"}, {"search", "recherche"}, {"quota", NULL}};

/* An id names files, sockets and lines in tables. */
static bool id_ok(const char *id)
{
	size_t n = strlen(id);
	return n > 0 && n <= 64 && id[0] != '.' && id[0] != '-' &&
		strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789._-") == n;
}

/* What a kind needs, and what means nothing to it. */
static void check_kind(const struct section *s, const struct source_config *source)
{
	static const struct {
		const char *kind, *needs;
		const char *takes[14];
	} kinds[] = {
		{"jsonl", "path", {"path", "follow", "replay"}},
		{"csv", "path", {"path", "follow", "columns", "separator", "encoding"}},
		{"command", "command", {"command", "restart"}},
		{"webhook", "secret_file", {"secret_file", "timestamp"}},
		{"imap", "url",
			{"url", "mailbox", "every", "backfill", "user", "password_file", "ca_file",
				"allow_internal"}},
		{"decidim", "url",
			{"url", "every", "quota", "backfill", "ca_file", "allow_internal"}},
		{"mastodon", "url",
			{"url", "every", "quota", "backfill", "token_file", "hashtags", "ca_file",
				"allow_internal", "arm"}},
		{"meta", "page",
			{"url", "every", "quota", "backfill", "token_file", "page", "network",
				"api_version", "verify_file", "secret_file", "ca_file",
				"allow_internal", "arm"}},
		{"wordpress", "url",
			{"url", "every", "quota", "backfill", "user", "password_file", "ca_file",
				"allow_internal", "arm"}},
		{"bluesky", "url",
			{"url", "every", "quota", "backfill", "user", "password_file", "ca_file",
				"allow_internal", "arm", "search"}},
		{"rss", "url",
			{"url", "every", "quota", "backfill", "user", "password_file", "ca_file",
				"allow_internal"}},
	};
	static const char *const special[] = {"path", "follow", "replay", "command", "restart",
		"secret_file", "timestamp", "url", "every", "backfill", "user", "password_file",
		"ca_file", "allow_internal", "arm", "columns", "separator", "encoding", "mailbox",
		"search", "token_file", "hashtags", "page", "network", "api_version", "verify_file",
		"quota"};
	for (size_t k = 0; k < N(kinds); k++) {
		if (strcmp(kinds[k].kind, source->kind) != 0)
			continue;
		if (!section_get(s, kinds[k].needs))
			yaml_problem(&s->c->file, source->node, s->p,
				"ajoutez cette clé à la source ; man tocsin.yaml la montre",
				"la source « %s » (%s) n'a pas de « %s »", source->id, source->kind,
				kinds[k].needs);
		for (size_t i = 0; i < N(special); i++) {
			bool takes = false;
			for (size_t t = 0; t < N(kinds[k].takes) && kinds[k].takes[t]; t++)
				takes |= strcmp(kinds[k].takes[t], special[i]) == 0;
			if (!takes && section_get(s, special[i]))
				yaml_problem(&s->c->file, section_get(s, special[i]), s->p,
					"retirez cette ligne, ou vérifiez « kind » (type)",
					"« %s » n'a pas de sens pour une source « %s »", special[i],
					source->kind);
		}
	}
}

static void check_files(const struct section *s, const struct source_config *source)
{
	if (config_lacks(s->c, source->secret_file, F_OK))
		yaml_problem(&s->c->file, section_get(s, "secret_file"), s->p,
			"une ligne au hasard suffit : openssl rand -hex 32", "fichier absent : %s",
			source->secret_file);
	bool table = source->kind && strcmp(source->kind, "csv") == 0;
	if (!source->kind || (!table && strcmp(source->kind, "jsonl") != 0))
		return;
	if (table && !section_get(s, "columns"))
		yaml_problem(&s->c->file, source->node, s->p,
			"columns: {id: Numéro, text: Commentaire, created_at: Date}",
			"la source « %s » (csv) n'a pas de « columns »", source->id);
	if (table && source->path && strcmp(source->path, "-") == 0)
		yaml_problem(&s->c->file, section_get(s, "path"), s->p,
			"un tableur se lit d'un fichier : path: commentaires.csv",
			"un fichier ou un dossier est attendu : %s", source->path);
	if (source->path && !source->follow && strcmp(source->path, "-") != 0 &&
		config_lacks(s->c, source->path, F_OK))
		yaml_problem(&s->c->file, section_get(s, "path"), s->p,
			"avec « follow: yes », le fichier peut venir plus tard",
			"fichier absent : %s", source->path);
	struct stat st;
	if (source->path && stat(source->path, &st) == 0 && S_ISDIR(st.st_mode) && !table)
		yaml_problem(&s->c->file, section_get(s, "path"), s->p,
			"nommez le fichier lui-même : path: dossier/site.jsonl",
			"un fichier est attendu, ceci est un dossier : %s", source->path);
	if (source->path && source->follow && strcmp(source->path, "-") == 0)
		yaml_problem(&s->c->file, section_get(s, "follow"), s->p,
			"retirez « follow », ou nommez un fichier",
			"« follow » ne va pas avec l'entrée standard (-)");
}

/* One of the schemes and a host; a name and password in it would end in logs. */
static bool url_ok(const char *url, const char *const *schemes)
{
	size_t scheme = 0;
	for (; *schemes && !scheme; schemes++)
		if (strncmp(url, *schemes, strlen(*schemes)) == 0)
			scheme = strlen(*schemes);
	for (const char *p = url; *p; p++)
		if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f)
			return false;
	size_t host = scheme ? strcspn(url + scheme, "/?#") : 0;
	return host && !memchr(url + scheme, '@', host) && url[scheme] != ':';
}

bool config_source_is_internal(const struct source_config *source)
{
	const char *host = source->url ? strstr(source->url, "://") : NULL;
	for (size_t i = 0; host && source->internal && source->internal[i]; i++) {
		size_t n = strlen(source->internal[i]);
		if (strncasecmp(host + 3, source->internal[i], n) == 0 &&
			(!host[3 + n] || strchr(":/?#", host[3 + n])))
			return true;
	}
	return false;
}

bool config_source_acts(const struct source_config *source)
{
	if (!source->kind)
		return false;
	if (strcmp(source->kind, "mastodon") == 0 || strcmp(source->kind, "meta") == 0)
		return source->token_file != NULL;
	return source->user &&
		(strcmp(source->kind, "wordpress") == 0 || strcmp(source->kind, "bluesky") == 0);
}

bool config_source_is_pushed(const struct source_config *source)
{
	return source->kind &&
		(strcmp(source->kind, "webhook") == 0 ||
			(strcmp(source->kind, "meta") == 0 && source->verify_file));
}

bool config_source_names_threads(const struct source_config *source)
{
	return !source->kind || strcmp(source->kind, "imap") != 0;
}

static void read_mailbox(const struct section *s, struct source_config *source)
{
	static const char *const schemes[] = {"imaps://", "imap://", NULL};
	section_string(s, "mailbox", &source->mailbox);
	size_t host = source->url ? strcspn(source->url, ":") : 0;
	if (source->url &&
		(!url_ok(source->url, schemes) || strpbrk(source->url + host + 3, "/?#")))
		yaml_problem(&s->c->file, section_get(s, "url"), s->p,
			"imaps://imap.ville.example ; le dossier va dans « mailbox »",
			"adresse refusée : imap:// ou imaps:// et une machine attendues");
	for (const char *p = source->mailbox; p && *p; p++)
		if ((unsigned char)*p < ' ' || strlen(source->mailbox) > 200) {
			yaml_problem(&s->c->file, section_get(s, "mailbox"), s->p,
				"mailbox: INBOX/Contact", "nom de dossier refusé");
			break;
		}
	if (!source->user)
		yaml_problem(&s->c->file, source->node, s->p, "user: …, password_file: …",
			"une boîte (imap) a besoin d'un compte");
}

static void check_secret(const struct section *s, const char *key, const char *path)
{
	if (config_lacks(s->c, path, F_OK))
		yaml_problem(&s->c->file, section_get(s, key), s->p,
			"écrivez-y le mot de passe ou le jeton sur une ligne, que seul tocsin peut lire",
			"fichier absent : %s", path);
}

/* A connection is kept open for each. */
static void check_mastodon(const struct section *s, const struct source_config *source)
{
	size_t n = 0;
	if (!source->token_file)
		yaml_problem(&s->c->file, source->node, s->p,
			"token_file: … ; dans Mastodon : Préférences, Développement, Nouvelle application",
			"un compte Mastodon a besoin d'un jeton d'accès");
	for (; source->hashtags && source->hashtags[n]; n++)
		if (!source->hashtags[n][0] || strpbrk(source->hashtags[n], "#/?& \t"))
			yaml_problem(&s->c->file, section_get(s, "hashtags"), s->p,
				"hashtags: [valmont]", "mot-dièse refusé : %s",
				source->hashtags[n]);
	if (n > HASHTAGS_MAX)
		yaml_problem(&s->c->file, section_get(s, "hashtags"), s->p,
			"gardez les plus suivis, ou ajoutez une deuxième source",
			"trop de mots-dièse (%d au plus)", HASHTAGS_MAX);
}

/* It goes into addresses. */
static bool is_plain(const char *text)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._";
	return *text && strlen(text) < 64 && text[strspn(text, plain)] == 0;
}

static void read_meta(const struct section *s, struct source_config *source)
{
	static const struct yaml_key networks[] = {{"facebook", NULL}, {"instagram", NULL}};
	source->network = "facebook";
	source->api_version = "v25.0";
	source->timestamp = "optional"; /* it signs the body alone */
	if (!source->url)
		source->url = "https://graph.facebook.com";
	section_string(s, "page", &source->page);
	section_choice(s, "network", networks, N(networks), &source->network);
	section_string(s, "api_version", &source->api_version);
	section_path(s, "verify_file", &source->verify_file);
	if ((source->page && !is_plain(source->page)) || !is_plain(source->api_version))
		yaml_problem(&s->c->file, source->node, s->p,
			"page: '1029384756', api_version: v25.0",
			"numéro de page ou version refusés");
	if (!source->token_file)
		yaml_problem(&s->c->file, source->node, s->p, "token_file: …",
			"une page (meta) a besoin d'un jeton d'accès");
	if (source->verify_file && !source->secret_file)
		yaml_problem(&s->c->file, source->node, s->p, "secret_file: …",
			"« verify_file » a besoin de la clé secrète de l'application");
}

/* "500/h": requests of an hour, or of a day. */
static void read_quota(const struct section *s, struct source_config *source)
{
	static const struct {
		const char *word;
		int64_t ms;
	} spans[] = {{"h", CLOCK_HOUR}, {"j", CLOCK_DAY}, {"d", CLOCK_DAY}};
	const char *text = NULL;
	int64_t n = 0;
	section_string(s, "quota", &text);
	const char *slash = text ? strchr(text, '/') : NULL;
	if (!text)
		return;
	for (size_t i = 0; slash && i < N(spans); i++)
		if (strcmp(slash + 1, spans[i].word) == 0)
			source->quota_ms = spans[i].ms;
	if (!source->quota_ms || !slice_number((struct slice){text, (size_t)(slash - text)}, &n) ||
		n < 1 || n > QUOTA_MAX) {
		yaml_problem(&s->c->file, section_get(s, "quota"), s->p,
			"quota: 500/h, ou 5000/j : tant de demandes par heure ou par jour",
			"quota refusé : %s", text);
		return;
	}
	source->quota = (uint32_t)n;
}

/* What is asked again and again. */
static void read_polled(const struct section *s, struct source_config *source)
{
	static const char *const web[] = {"https://", "http://", NULL};
	section_string(s, "url", &source->url);
	section_duration(s, "every", CLOCK_SECOND, &source->every_ms);
	section_duration(s, "backfill", 1, &source->backfill_ms);
	read_quota(s, source);
	section_string(s, "user", &source->user);
	section_path(s, "password_file", &source->password_file);
	section_path(s, "ca_file", &source->ca_file);
	section_hosts(s, &source->internal);
	section_words(s, "search", "search: ['Valmont', '#valmont']", "des mots ou des #mots-clés",
		&source->search);
	section_path(s, "token_file", &source->token_file);
	section_words(s, "hashtags", "hashtags: [valmont, piscinevalmont]", "des mots, sans « # »",
		&source->hashtags);
	section_bool(s, "arm", &source->armed);
	if (source->kind && strcmp(source->kind, "mastodon") == 0)
		check_mastodon(s, source);
	if (source->kind && strcmp(source->kind, "meta") == 0)
		read_meta(s, source);
	if (source->armed && !source->user && !source->token_file)
		yaml_problem(&s->c->file, source->node, s->p, "user: …, password_file: …",
			"« arm » a besoin d'un compte à la source");
	if (source->kind && strcmp(source->kind, "bluesky") == 0 && !source->user)
		yaml_problem(&s->c->file, source->node, s->p, "user: …, password_file: …",
			"Bluesky a besoin d'un compte, celui de la ville");
	if (source->kind && strcmp(source->kind, "imap") == 0)
		read_mailbox(s, source);
	else if (source->url && !url_ok(source->url, web))
		yaml_problem(&s->c->file, section_get(s, "url"), s->p,
			"https://www.ville.example/feed/ ; un mot de passe va dans « password_file »",
			"adresse refusée : http:// ou https:// attendue");
	if (!!source->user != !!source->password_file)
		yaml_problem(&s->c->file, source->node, s->p,
			"ajoutez celui qui manque, ou retirez l'autre",
			"« user » et « password_file » vont ensemble");
	if ((source->user || source->token_file) && source->url &&
		strncmp(source->url, "http://", 7) == 0 && !config_source_is_internal(source))
		yaml_problem(&s->c->file, section_get(s, "url"), s->p,
			"https:// ; ou, pour une machine de la mairie, la nommer dans « allow_internal »",
			"mot de passe refusé sans chiffrement (http://)");
	check_secret(s, "password_file", source->password_file);
	check_secret(s, "token_file", source->token_file);
	check_secret(s, "verify_file", source->verify_file);
}

static void read_source(
	struct section *root, const struct yaml_node *node, struct source_config *source)
{
	static const struct yaml_key kinds[] = {{"jsonl", NULL}, {"csv", NULL},
		{"command", "commande"}, {"webhook", NULL}, {"imap", "courriel"}, {"rss", "flux"},
		{"bluesky", NULL}, {"decidim", NULL}, {"mastodon", NULL}, {"meta", NULL},
		{"wordpress", NULL}};
	static const struct yaml_key stamps[] = {{"required", "exigé"}, {"optional", "facultatif"}};
	struct section s = {root->c, node, source_keys, N(source_keys), root->p};
	bool purges = true;
	struct slice path = {0};
	source->node = node;
	yaml_check_keys(&root->c->file, node, source_keys, N(source_keys), root->p);
	section_string(&s, "id", &source->id);
	if (!source->id) {
		yaml_problem(&root->c->file, node, root->p,
			"ajoutez id: un nom court, sans accent ni espace",
			"une source a besoin d'un identifiant (id)");
		source->id = "?";
	} else if (!id_ok(source->id)) {
		yaml_problem(&root->c->file, section_get(&s, "id"), root->p,
			"lettres minuscules sans accent, chiffres, point, tiret ; 64 au plus",
			"identifiant de source refusé : %s", source->id);
	} else if (strcmp(source->id, COMMENT_REPORTED) == 0) {
		yaml_problem(&root->c->file, section_get(&s, "id"), root->p,
			"donnez un autre « id » à cette source",
			"cet identifiant est réservé à ce qui est signalé à la mairie : %s",
			source->id);
	}
	source->title = source->id;
	section_string(&s, "title", &source->title);
	section_choice(&s, "kind", kinds, N(kinds), &source->kind);
	if (!section_get(&s, "kind"))
		yaml_problem(&root->c->file, node, root->p,
			"kind: jsonl, csv, command, webhook, bluesky, decidim, imap, mastodon, meta, rss ou wordpress",
			"la source « %s » n'a pas de « kind »", source->id);
	const struct yaml_node *path_node = section_get(&s, "path");
	if (path_node && path_node->type == YAML_SCALAR)
		path = path_node->text;
	if (slice_is(path, "-"))
		source->path = "-";
	else
		section_path(&s, "path", &source->path);
	section_bool(&s, "follow", &source->follow);
	section_path(&s, "secret_file", &source->secret_file);
	source->timestamp = "required";
	section_choice(&s, "timestamp", stamps, N(stamps), &source->timestamp);
	section_duration(&s, "restart", 1, &source->restart_ms);
	section_duration(&s, "replay", 1, &source->replay_ms);
	section_duration(&s, "silence", 1, &source->silence_ms);
	section_int(&s, "retention_days", 1, RETENTION_DAYS_MAX, &source->retention_days);
	section_bool(&s, "purge_on_delete", &purges);
	source->keeps_deleted = !purges;
	section_string(&s, "terms_note", &source->terms_note);
	section_words(&s, "command", "command: [./collecte, --tout]",
		"le programme, puis ses arguments", &source->command);
	read_polled(&s, source);
	config_read_columns(&s, source);
	if (source->kind)
		check_kind(&s, source);
	check_files(&s, source);
}

/* What only one source may have: its id, and standard input. */
static void check_others(struct section *root, const struct source_config *source)
{
	struct config *c = root->c;
	for (size_t j = 0; j + 1 < c->n_sources; j++) {
		const struct source_config *other = &c->sources[j];
		if (strcmp(other->id, source->id) == 0 && source->id[0] != '?')
			yaml_problem(&c->file, source->node, root->p,
				"donnez un autre « id » à l'une des deux",
				"deux sources portent l'identifiant « %s »", source->id);
		if (other->path && source->path && strcmp(other->path, "-") == 0 &&
			strcmp(source->path, "-") == 0)
			yaml_problem(&c->file, source->node, root->p,
				"donnez à l'autre un fichier : path: site.jsonl",
				"une seule source peut lire l'entrée standard (-)");
	}
}

/* The limits that sources have of their own. */
static void gather_limits(struct config *c)
{
	struct keep_source *list =
		arena_zero(&c->private_->arena, (c->n_sources + 1) * sizeof(*list));
	size_t n = 0;
	for (size_t i = 0; i < c->n_sources; i++)
		if (c->sources[i].retention_days)
			list[n++] = (struct keep_source){slice_of(c->sources[i].id),
				c->sources[i].retention_days * CLOCK_DAY};
	c->keep.sources = list;
	c->keep.n_sources = n;
}

void config_read_sources(struct section *root)
{
	struct config *c = root->c;
	const struct yaml_node *list = section_get(root, "sources");
	if (!list)
		return;
	if (list->type != YAML_LIST) {
		yaml_problem(&c->file, list, root->p,
			"sources:\n  - {id: site, kind: jsonl, path: site.jsonl}",
			"« sources » doit être une liste");
		return;
	}
	if (list->n > SOURCES_MAX) {
		yaml_problem(&c->file, list, root->p,
			"réunissez-en : un fichier ou un flux peut servir plusieurs pages",
			"trop de sources (%d au plus)", SOURCES_MAX);
		return;
	}
	c->sources = arena_zero(&c->private_->arena, (list->n + 1) * sizeof(*c->sources));
	for (size_t i = 0; i < list->n; i++) {
		const struct yaml_node *node = list->items[i];
		if (node->type != YAML_MAP) {
			yaml_problem(&c->file, node, root->p,
				"{id: site, kind: jsonl, path: site.jsonl}",
				"une source est une suite de « clé: valeur »");
			continue;
		}
		struct source_config *source = &c->sources[c->n_sources++];
		read_source(root, node, source);
		check_others(root, source);
	}
	gather_limits(c);
}
