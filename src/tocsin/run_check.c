/* SPDX-License-Identifier: GPL-3.0-or-later
 * Before anything is started: the folders, the lock, the rules. */
#include "run.h"
#include <errno.h>
#include <pwd.h>
#include <sys/stat.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>
#include <tocsin/policy/policy.h>
#include <tocsin/reply/reply.h>
#include <tocsin/rules/rules.h>

#define GAPS_MS \
	(62 * CLOCK_DAY) /* a start looks so far ahead for hours in which nobody is reached */

/* Publishes the folder of rules when it has no error; prints every problem. Leaves r->bundle alone on error. */
int run_publish(struct run *r)
{
	struct problems p = {0};
	char hash[DIGEST_HEX];
	_free_ char *bundles = xasprintf("%s/bundles", r->s.config.state_dir);
	int status = ruleset_publish(r->s.config.rules_dir, bundles, hash, &p);
	print_problems(r->x, &p);
	if (status < 0 && p.errors == 0)
		service_log(&r->s, LOG_ERROR_, "%s: %s", r->s.config.rules_dir, strerror(-status));
	problems_release(&p);
	if (status < 0)
		return EXIT_PROBLEMS;
	prune_touch(r, r->bundle);
	memcpy(r->bundle, hash, sizeof(r->bundle));
	r->kept = false;
	prune_touch(r, r->bundle);
	r->prune.asked = true;
	return 0;
}

/* Levels that reach nobody at some hours: said at every start, the first hour of each level. */
static void tell_gaps(struct run *r, const struct policy *policy)
{
	const enum words_lang lang = r->s.config.lang;
	const bool english = lang == WORDS_EN;
	char first[DAY_TEXT], last[DAY_TEXT];
	int64_t now = clock_now();
	struct policy_gap *gaps;
	_cleanup_(arena_release) struct arena arena = {0};
	arena_init(&arena, 0);
	size_t n = policy_gaps(policy, now, now + GAPS_MS, &arena, &gaps);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || gaps[i].chain != gaps[i - 1].chain)
			service_log(&r->s, LOG_WARNING_,
				words(lang,
					"plan d'alerte : « %s » n'atteint personne du %s au %s ; "
					"« tocsin policy check » montre tout et dit que faire"),
				policy_chain_names[gaps[i].chain],
				day_format(gaps[i].from, english, first),
				day_format(gaps[i].to, english, last));
}

/* The policy is escalate's, but what is wrong with it is said before anything starts. */
static int check_policy(struct run *r, const struct config *config)
{
	struct problems p = {0};
	struct policy policy;
	int status = policy_load(&config->file, config->folder, &policy, &p);
	print_problems(r->x, &p);
	problems_release(&p);
	if (status < 0)
		return EXIT_MISUSE;
	if (policy.empty)
		service_log(&r->s, LOG_WARNING_, "%s",
			words(r->s.config.lang,
				"personne n'est à prévenir : la configuration n'a ni « people » ni « levels »"));
	tell_gaps(r, &policy);
	_buf_ struct buf deaf = {0};
	config_no_relay(config, r->s.config.lang, &deaf);
	if (deaf.n && !policy.empty)
		service_log(&r->s, config->mail.meant ? LOG_INFO_ : LOG_WARNING_, "%s",
			buf_string(&deaf));
	policy_release(&policy);
	return 0;
}

/* Models of replies and services are the console's, but what is wrong with them is said before anything starts. */
static int check_replies(struct run *r, const struct config *config)
{
	struct problems p = {0};
	struct replies replies;
	int status = replies_load(&config->file, &replies, &p);
	print_problems(r->x, &p);
	problems_release(&p);
	if (status == 0)
		replies_release(&replies);
	return status < 0 ? EXIT_MISUSE : 0;
}

/* Topics of the rules that name a model which is none: said at every start. */
static void tell_models(struct run *r)
{
	const enum words_lang lang = r->s.config.lang;
	struct problems p = {0};
	struct replies replies;
	struct ruleset *rules = NULL;
	_free_ char *path = xasprintf("%s/bundles/%s", r->s.config.state_dir, r->bundle);
	if (replies_load(&r->s.config.file, &replies, &p) == 0 &&
		ruleset_load_names(path, &rules, &p) == 0)
		for (size_t i = 0; i < ruleset_count(rules); i++) {
			const struct rule_info rule = ruleset_info(rules, i);
			if (!rule.topic || !rule.reply.n || replies_model(&replies, rule.reply))
				continue;
			const char *near = replies_near(&replies, rule.reply);
			service_log(&r->s, LOG_WARNING_,
				words(lang,
					"sujet « %.*s » : aucun modèle de réponse « %.*s » (%s)"),
				(int)rule.id.n, rule.id.p, (int)rule.reply.n, rule.reply.p,
				near ? near : words(lang, "à écrire dans « replies »"));
		}
	ruleset_free(rules);
	replies_release(&replies);
	problems_release(&p);
}

/* What only a start takes over. */
static void tell_unheard(struct run *r, const struct config *fresh)
{
	const struct config *now = &r->s.config;
	const struct {
		const char *key;
		bool changed;
	} list[] = {
		{"town",
			strcmp(now->town, fresh->town) != 0 ||
				strcmp(now->zone, fresh->zone) != 0 || now->lang != fresh->lang},
		{"folders",
			strcmp(now->state_dir, fresh->state_dir) != 0 ||
				strcmp(now->run_dir, fresh->run_dir) != 0 ||
				strcmp(now->rules_dir, fresh->rules_dir) != 0},
		{"clock", now->clock_event != fresh->clock_event},
		{"ingest",
			now->backlog_max != fresh->backlog_max || now->line_max != fresh->line_max},
		{"score", now->workers != fresh->workers},
		{"trend", now->late_ms != fresh->late_ms},
		{"search", now->search != fresh->search},
	};
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		if (list[i].changed)
			service_log(&r->s, LOG_WARNING_,
				words(now->lang,
					"« %s » a changé : pris en compte au prochain lancement"),
				list[i].key);
}

bool run_reload_config(struct run *r)
{
	struct problems p = {0};
	struct config fresh;
	bool good = settings_load(r->crew.config, &fresh, &p) == 0;
	print_problems(r->x, &p);
	problems_release(&p);
	if (good) {
		const int policy = check_policy(r, &fresh);
		if (check_replies(r, &fresh) != 0 || policy != 0) {
			config_release(&fresh);
			good = false;
		}
	}
	if (!good) {
		service_log(&r->s, LOG_ERROR_, "%s",
			words(r->s.config.lang, "configuration refusée : la dernière bonne reste"));
		return false;
	}
	tell_unheard(r, &fresh);
	crew_sources(&r->crew, &fresh);
	config_release(&fresh);
	service_log(&r->s, LOG_INFO_, "%s", words(r->s.config.lang, "configuration relue"));
	return true;
}

static int make_folder(struct run *r, const char *path)
{
	struct error e = {0};
	if (file_make_folder(path, 0700, &e) == 0)
		return 0;
	service_log(&r->s, LOG_ERROR_, "%s", e.text);
	return EXIT_PROBLEMS;
}

/* Files of another user in the state would stop that user's next run. */
static int check_owner(struct run *r)
{
	const char *folder = r->s.config.state_dir;
	struct stat st;
	if (stat(folder, &st) < 0 || st.st_uid == geteuid())
		return 0;
	const struct passwd *owner = getpwuid(st.st_uid);
	service_log(&r->s, LOG_ERROR_,
		words(r->s.config.lang,
			"%s appartient à l'utilisateur %s, qui seul peut lancer tocsin sur ce dossier"),
		folder, owner ? owner->pw_name : "?");
	return EXIT_PROBLEMS;
}

int run_prepare(struct run *r, int *ret_lock)
{
	const struct config *config = &r->s.config;
	struct error e = {0};
	int code = check_policy(r, config), replies = check_replies(r, config);
	if (code == 0)
		code = replies;
	if (code == 0)
		code = check_owner(r);
	if (code == 0)
		code = make_folder(r, config->state_dir);
	if (code == 0)
		code = make_folder(r, config->run_dir);
	if (code)
		return code;
	_free_ char *path = xasprintf("%s/tocsin.lock", config->run_dir);
	int status = file_lock(path, ret_lock, &e);
	if (status == -EWOULDBLOCK) {
		service_log(&r->s, LOG_ERROR_,
			words(config->lang, "un autre « tocsin run » tient déjà %s (%s)"),
			config->run_dir, e.text);
		return EXIT_PROBLEMS;
	}
	if (status < 0) {
		service_log(&r->s, LOG_ERROR_, "%s", e.text);
		return EXIT_PROBLEMS;
	}
	_free_ char *metrics = xasprintf("%s/metrics", config->run_dir);
	(void)!file_remove_tree(metrics); /* numbers of a run that is over */
	code = run_publish(r);
	if (code == 0)
		tell_models(r);
	return code;
}
