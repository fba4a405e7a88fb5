/* SPDX-License-Identifier: GPL-3.0-or-later
 * What store is told at a start and a reload. What a push is refused for, the folder is refused for as well: a start or SIGHUP must
 * not leave the town deaf, nor follow a candidate or a person without a signature, because a file has changed. And what was published from elsewhere stays when only
 * tocsin has changed: an upgrade gives the same packs another hash, under which no scorer would find them. */
#include "run.h"
#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/policy/policy.h>
#include <tocsin/rules/merge.h>
#include "rules/author.h"

char *run_bundle_path(const struct run *r, const char *hash)
{
	return xasprintf("%s/bundles/%s", r->s.config.state_dir, hash);
}

static bool has_plan(const struct config *c, struct problems *p)
{
	struct policy policy;
	if (policy_load(&c->file, c->folder, &policy, p) < 0)
		return false;
	policy_release(&policy);
	return true;
}

/* By the configuration as it is written now; with mistakes in it, by that of the start. */
bool run_may_replace(struct run *r, const char *folder)
{
	struct problems p = {0};
	struct config fresh;
	const bool read = config_load(r->crew.config, &fresh, &p) == 0;
	struct context x = {.lang = r->x->lang,
		.config_path = r->crew.config,
		.loaded = true,
		.config = read && has_plan(&fresh, &p) ? fresh : r->s.config,
		.reader = run_reader(r)};
	int code = rules_may_replace(&x, folder, NULL);
	if (read)
		config_release(&fresh);
	problems_release(&p);
	return code == 0;
}

/* The same packs under the hash that this tocsin gives them; "": they do not load any more. */
static void renew(struct run *r, const char *active, char ret[static DIGEST_HEX])
{
	_free_ char *former = run_bundle_path(r, active), *bundles = run_bundle_path(r, "");
	struct problems p = {0};
	if (access(former, F_OK) < 0 || ruleset_publish(former, bundles, ret, &p) < 0)
		ret[0] = 0;
	print_problems(r->x, &p);
	problems_release(&p);
}

static void choose(struct run *r, const char *hash, const char *folder, const char *reason)
{
	struct choice *c = &r->choice;
	snprintf(c->hash, sizeof(c->hash), "%s", hash);
	snprintf(c->folder, sizeof(c->folder), "%s", folder);
	buf_clear(&c->reason);
	buf_add_string(&c->reason, reason);
	buf_clear(&c->disputed);
}

/* What is in force goes on under the hash that this tocsin gives it; the folder is asked about again at the next start. */
static int keep(struct run *r, const char *active, const char *now)
{
	choose(r, now, "",
		words(r->s.config.lang,
			"tocsin a changé : les mêmes règles, sous une autre empreinte"));
	memcpy(r->bundle, now, sizeof(r->bundle));
	r->kept = true;
	return strcmp(now, active) == 0;
}

/* active: what is in force; last: what the folder said when store was told of it last. */
static int judge(struct run *r, const char *active, const char *last)
{
	const enum words_lang lang = r->s.config.lang;
	char now[DIGEST_HEX];
	renew(r, active, now);
	if (!now[0]) {
		service_log(&r->s, LOG_ERROR_,
			words(lang,
				"les règles en vigueur (%.12s) ne se chargent plus : celles du dossier les remplacent"),
			active);
		return 0;
	}
	if (run_merge(r, active, now, last) == 0)
		return 0;
	service_log(&r->s, LOG_ERROR_,
		words(lang, "règles refusées : les dernières bonnes restent (%.12s)"), now);
	return keep(r, active, now);
}

/* What is settled since is not said again. */
static void tell_disputed(struct run *r, const char *active)
{
	_free_ char *bundle = run_bundle_path(r, active);
	_buf_ struct buf files = {0}, names = {0};
	struct error e = {""};
	if (reader_disputed_packs(run_reader(r), &files, &e) == 0)
		packs_differing(buf_slice(&files), r->s.config.rules_dir, bundle, &names);
	if (names.n)
		service_log(
			&r->s, LOG_WARNING_, DISPUTED_PACKS(r->s.config.lang), buf_string(&names));
}

bool run_is_told(struct run *r)
{
	struct reader *reader = run_reader(r);
	struct error e = {""};
	char last[65];
	return reader && reader_folder_bundle(reader, last, &e) == 0 &&
		strcmp(last, r->bundle) == 0;
}

int run_judge(struct run *r)
{
	struct reader *reader = run_reader(r);
	struct error e = {""};
	char active[65], last[65];
	if (!reader)
		return -EAGAIN;
	int status = reader_bundle(reader, active, &e);
	if (status == 0)
		status = reader_folder_bundle(reader, last, &e);
	if (status < 0) {
		service_log(&r->s, LOG_ERROR_, "%s", e.text);
		return status;
	}
	choose(r, r->bundle, r->bundle, words(r->s.config.lang, "contenu du dossier des règles"));
	snprintf(r->choice.over, sizeof(r->choice.over), "%s", active);
	if (r->kept && *active) { /* others have published since: theirs is kept as well */
		char now[DIGEST_HEX];
		renew(r, active, now);
		if (!now[0])
			return 1;
		status = keep(r, active, now);
		snprintf(r->choice.over, sizeof(r->choice.over), "%s", active);
		return status;
	}
	if (!*active || strcmp(r->bundle, active) == 0)
		return 0;
	if (strcmp(r->bundle, last) != 0)
		return judge(r, active, last);
	tell_disputed(r, active);
	return 0;
}
