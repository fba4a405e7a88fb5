/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin.yaml, read the same by every process. Every key has an English and a French spelling.
 *
 *   tocsin: 1
 *   town: {name: Valmont-sur-Orle, zone: Europe/Paris, language: fr}
 *   folders: {state: /var/lib/tocsin, run: /run/tocsin, rules: rules/fr}
 *   clock: wall                  # or event: the data's own time (samples, replays)
 *   ingest: {backlog: 5000000, line: 1 MiB}
 *   score: {workers: 2}
 *   trend: {late: 2 min, emergent: 2, jaune: 5, orange: 8, rouge: 25}
 *   search: yes
 *   retention: {unflagged: 35 j, flagged: 4 mois, discriminatory: 13 mois}
 *   sources:
 *     - {id: facebook, title: Page Facebook, kind: jsonl, path: facebook.jsonl, follow: yes}
 *     - {id: site, kind: command, command: [./fetch, --all]}
 *     - {id: blog, kind: rss, url: 'https://www.ville.example/comments/feed/', every: 2 min}
 *     - {id: formulaire, kind: webhook, secret_file: /etc/tocsin/formulaire.key}
 *     - {id: ville, kind: wordpress, url: 'https://www.ville.example', user: tocsin, password_file: …, arm: yes}
 *     - {id: bluesky, kind: bluesky, url: 'https://bsky.social', user: ville.example, password_file: …, search: ['#valmont']}
 *   webhook: {listen: 127.0.0.1:8787, public: 'https://tocsin.ville.example'}
 *   console: {listen: 127.0.0.1:8788, public: 'https://console.tocsin.ville.example',
 *             second_regard: [diffamation, facebook/blin], register_public: no,
 *             accessibility: {state: partial, audit: {by: Untel, on: 2026-05-03, rate: 71.4, rgaa: '4.1'}, gaps: [...],
 *                             contact: {mail: accessibilite@ville.example}, date: 2026-06-01},
 *             proxy: {socket: /run/tocsin-console/socket, users: [www-data], header: Remote-User, logout: 'https://…'}}
 *   mail: {url: smtp://relais.example:587, tls: starttls, from: tocsin@ville.example, user: …, password_file: …, ca_file: …, folder: outbox}
 *   sms: {url: 'http://127.0.0.1:13013/cgi-bin/sendsms?username=tocsin&password={secret}&to={to}&text={text}&charset=UTF-8',
 *         allow_internal: [127.0.0.1], method: get, secret_file: …, reply_secret_file: …}
 *   hooks: …                     # named webhook receivers, read by lib/policy
 *   people: …  levels: … …       # the policy, read by lib/policy from `root`
 */
#ifndef TOCSIN_SERVICE_CONFIG_H
#define TOCSIN_SERVICE_CONFIG_H
#include <stdint.h>
#include <tocsin/record/keep.h>
#include <tocsin/words/words.h>
#include <tocsin/yaml/yaml.h>

/* Which column of a table is what of a comment. */
enum source_column {
	SOURCE_ID,
	SOURCE_TEXT,
	SOURCE_AUTHOR,
	SOURCE_AUTHOR_NAME,
	SOURCE_CREATED_AT,
	SOURCE_EDITED_AT,
	SOURCE_URL,
	SOURCE_THREAD,
	SOURCE_PARENT,
	SOURCE_CHANNEL,
	SOURCE_LANG,
	SOURCE_KIND,
	SOURCE_LIKES,
	SOURCE_SHARES,
	SOURCE_COLUMNS
};
enum source_encoding { SOURCE_UTF8, SOURCE_WINDOWS_1252, SOURCE_AUTO };
struct source_config {
	const char *id, *title,
		*kind; /* jsonl, csv, command, webhook, or one that is asked again and again: bluesky, decidim, imap, mastodon, meta, rss, wordpress */
	const char *path; /* jsonl: file (absolute) or "-"; csv: file or folder */
	bool follow;
	char **command; /* command: argv, NULL-terminated; run in the configuration's folder */
	const char *secret_file; /* webhook; meta: of the application, NULL: none */
	const char *
		timestamp; /* webhook: "required" (default), or "optional": requests without one are taken too */
	int64_t restart_ms; /* command: pause before it is run again; 0 = once */
	const char *url; /* polled: http or https; imap or imaps */
	const char *mailbox; /* imap: NULL: INBOX */
	int64_t every_ms; /* polled: between two looks; 0 = as its kind has it */
	uint32_t quota; /* polled: requests … */
	int64_t quota_ms; /* … in so long; 0: as many as there are to make */
	int64_t backfill_ms; /* polled: on the first look nothing older counts; 0 = all that is there */
	const char *user, *password_file,
		*ca_file; /* polled: NULL: none, none, the system's authorities */
	char **search; /* bluesky: words and #tags that are searched for; NULL-terminated, or NULL */
	const char *token_file; /* polled: instead of user and password; NULL: none */
	const char *page, *network,
		*api_version; /* meta: the page's id; "facebook" or "instagram"; "v25.0" */
	const char *
		verify_file; /* meta: the word with which its webhook is set up; NULL: no webhook */
	char **hashtags; /* mastodon: without #; NULL-terminated, or NULL */
	char **internal; /* polled: hosts, or host:port, that may be inside; NULL-terminated, or NULL */
	const char *columns[SOURCE_COLUMNS]; /* csv: their names in the first line, or NULL */
	const char *separator; /* csv: one character, NULL: found */
	enum source_encoding encoding; /* csv */
	int64_t retention_days; /* its owner allows no more; 0: as long as any other */
	bool keeps_deleted; /* purge_on_delete: no: what is deleted there stays here as long as any other text */
	const char *terms_note; /* what its owner allows, in the town's own words; may be NULL */
	bool armed; /* what people decide is done at the source; else à blanc: asked, said, not done */
	int64_t replay_ms; /* jsonl: spread the file over so long, by count; 0 = as fast as it goes */
	int64_t silence_ms; /* grey after so long without a sign; 0 = its own rhythm */
	const struct yaml_node *node;
};
/* What the statement of accessibility says (loi n° 2005-102, article 47; RGAA 4.1). Days are counted as in calendar/day.h. */
enum accessibility_state {
	ACCESSIBILITY_UNSAID, /* the file says nothing of it: non-compliant, as whoever has no audit is */
	ACCESSIBILITY_NONE,
	ACCESSIBILITY_PARTIAL,
	ACCESSIBILITY_TOTAL
};
struct accessibility {
	enum accessibility_state state;
	bool audited; /* without it, nothing of the audit is there */
	struct {
		const char *by, *rgaa; /* "4.1" */
		int64_t day;
		int64_t rate; /* hundredths of a percent */
		char **with, **pages; /* NULL-terminated; NULL: not said */
	} audit;
	char **gaps, **exemptions; /* NULL-terminated; NULL: none */
	const char *mail, *form, *phone; /* NULL: none */
	int64_t day; /* of the statement; 0: not said */
};
#define CONFIG_ZONE "Europe/Paris" /* where the file names none */
struct config {
	struct yaml_file file;
	const char *folder; /* where the file is: relative paths count from here */
	const char *town, *zone;
	enum words_lang lang;
	const char *state_dir, *run_dir, *rules_dir; /* absolute */
	bool clock_event;
	int64_t backlog_max; /* comments waiting before ingest says busy */
	int64_t line_max; /* bytes of one input line */
	int64_t workers;
	int64_t late_ms;
	int64_t emergent_a_day; /* topics that no rule declares, about; -1: the usual number; 0: none */
	int64_t floors[3]; /* people of jaune, orange, rouge at least; 0: the usual number */
	bool search;
	struct keep keep; /* its sources: the limits that some have of their own */
	struct source_config *sources;
	size_t n_sources;
	const char *listen; /* webhook: host:port, NULL: no webhook process */
	const char
		*public; /* what the proxy in front of it is called, without a slash at the end; NULL: no page to
	                       take charge on */
	struct { /* listen NULL: no console */
		const char *listen; /* host:port of this machine */
		const char
			*public; /* what the proxy in front of it is called, without a slash at the end, or NULL */
		/* categories, topics, rules and accounts ("source/account") of what only two people hide;
		 * NULL-terminated, NULL: none */
		char **second_regard;
		struct accessibility accessibility;
		bool register_public; /* the topics that are listened for are shown to everybody */
		struct { /* it says who comes; socket NULL: there is none */
			const char *socket; /* the Unix socket over which it comes */
			const unsigned *users; /* under which users of this system it runs */
			size_t n_users;
			const char *header; /* the field that names the account */
			const char *logout; /* where its own session is ended, or NULL */
		} proxy;
	} console;
	struct { /* url NULL: no SMS */
		const char *
			url; /* with {to}, {text} and perhaps {secret}, which are put in percent-encoded */
		const char *secret_file;
		const char *
			reply_secret_file; /* for the gateway that brings answers; NULL: none are taken */
		char **internal; /* the gateway may be inside when it names it; NULL-terminated, or NULL */
		const struct yaml_node *node; /* its url in the file */
		bool post; /* what stands behind the question mark goes as the body of a form */
	} sms;
	struct {
		const char *url, *tls /* "starttls", "implicit", "none" */, *from, *user,
			*password_file,
			*ca_file; /* authorities for mail and hooks; NULL: the system's */
		char **internal; /* NULL: where a town's relay is (net/net.h); else as for a source */
		const char *folder; /* no url: mails are left here as .eml */
		bool meant; /* the file names that folder */
	} mail;
	struct config_private *private_;
};
/* Relative paths count from the file's own folder. 0, or -EINVAL with every problem in p (which may also hold
 * warnings after a 0). Unknown top-level keys are errors except those of lib/policy. */
int config_load(const char *path, struct config *ret, struct problems *p) _must_check_;
/* The same of a text that was read from there before and found good (config_text). Whether the files that it names are still there is
 * not asked: whoever needs one will see. */
int config_load_text(const char *path, struct slice text, struct config *ret, struct problems *p)
	_must_check_;
/* What was read. */
struct slice config_text(const struct config *c);
void config_release(struct config *c);
/* The file to read: given when it is not NULL, $TOCSIN_CONFIG, ./tocsin.yaml, /etc/tocsin/tocsin.yaml. */
const char *config_find(const char *given);
/* The folder of the packs that come with tocsin: the installed one, or that of the tree in which this program was built. */
const char *config_shipped_rules(void);
/* The source with this id, or NULL. */
const struct source_config *config_source(const struct config *c, const char *id);
/* Whether the host of its url is one that allow_internal names. */
bool config_source_is_internal(const struct source_config *source);
/* Whether a decision on its comments can be carried out there: its kind can, and an account is given. */
bool config_source_acts(const struct source_config *source);
/* Whether others push its comments to our door: kind webhook, or meta with its word. */
bool config_source_is_pushed(const struct source_config *source);
#define CONFIG_BACKUP_MARK \
	"sauvegarde" /* in a copy of the state: when it was made; in the state: that it is restored */
/* Whether the state was restored from a backup, and of when that is (wall); 0 when the mark does not say. */
bool config_restored(const struct config *c, int64_t *ret_at);
/* Without a relay for mail: that nobody is told by mail, and where the messages stay; else nothing is appended. */
void config_no_relay(const struct config *c, enum words_lang lang, struct buf *out);
/* Whether its threads are called as the comment that begins them: a mail's is called as the mails' headers call the first one,
 * which is nobody's id. */
bool config_source_names_threads(const struct source_config *source);
/* What people call a source: its title, else the id itself. config: a struct config, or NULL;
 * it serves as a callback. */
struct slice config_source_title(const void *config, struct slice id);
/* Where people find the console, without a slash at the end; it has one. */
void config_console_address(const struct config *c, struct buf *out);
#endif
