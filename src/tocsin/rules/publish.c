/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin rules pull|log|rollback, and what publishing is: what is published is the truth, with who and why. It is checked and its
 * examples are run before anything changes; store swaps the whole set at once, and keeps a trace of it. */
#include "author.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>
#include <tocsin/json/json.h>
#include <tocsin/yaml/yaml.h>
#include "../table.h"

enum { LOG_LIMIT = 100000, HASH_SHOWN = 12, PREFIX_MIN = 4 };

/* --- who and why */

static int need_signature(struct context *x, const struct signature *s)
{
	if (!s->who || !*s->who)
		return complain(x, EXIT_MISUSE, _w(x, "--who NOM manque : qui publie ?"));
	if (!s->reason || !*s->reason)
		return complain(x, EXIT_MISUSE, _w(x, "--reason POURQUOI manque : pourquoi ?"));
	return 0;
}

/* --juriste and --force, for a push, are last. */
int signature_read(struct context *x, bool push, struct signature *ret, int *argc, char **argv)
{
	const struct option_spec options[] = {{"who", "qui", NULL, &ret->who},
		{"reason", "motif", NULL, &ret->reason}, {"over", "sur", NULL, &ret->over},
		{"jurist", "juriste", NULL, &ret->jurist}, {"force", NULL, &ret->force, NULL}};
	int r = options_parse(
		x, options, sizeof(options) / sizeof(*options) - (push ? 0 : 2), argc, argv);
	if (r == 0)
		r = options_words(x, "rules", *argc, 0, 1);
	return r ? r : need_signature(x, ret);
}

static char *bundle_folder(struct context *x, const char *hash)
{
	return xasprintf("%s/bundles/%s", x->config.state_dir, hash);
}

/* Tells store; says what is active now. town: what the configuration's folder says, "" when it is not that one. */
static int activate(
	struct context *x, const char *hash, const char *town, const struct signature *s)
{
	_buf_ struct buf body = {0}, reply = {0};
	_free_ char *folder = bundle_folder(x, hash);
	/* the supervisor takes away what was not active for long: the folder's time says when */
	(void)!utimensat(AT_FDCWD, folder, NULL, 0);
	bundle_encode(&body,
		&(struct bundle_request){.hash = slice_of(hash),
			.who = slice_of(s->who),
			.reason = slice_of(s->reason),
			.over = slice_of(s->over),
			.folder = slice_of(town),
			.pushed = *town != 0,
			.signs = buf_slice(&s->signs),
			.jurist = slice_of(s->signs.n ? s->jurist : "")});
	int r = ask_store(x, REQUEST_BUNDLE, buf_slice(&body), &reply);
	if (r)
		return r;
	printf(_w(x, "règles publiées : %.12s\n"), buf_string(&reply));
	printf("%s\n",
		_w(x, "ce qui est déjà jugé garde son verdict ; « tocsin rules backtest » dit ce qu'elles en auraient fait"));
	return 0;
}

/* --- publishing */

/* Root publishes for the account that runs tocsin: its scorers must be able to read. */
static int give_away(struct context *x, const char *folder)
{
	struct stat st;
	_buf_ struct buf path = {0};
	if (geteuid() != 0 || stat(x->config.state_dir, &st) < 0 || st.st_uid == 0)
		return 0;
	DIR *d = opendir(folder);
	int r = d ? lchown(folder, st.st_uid, st.st_gid) : -1;
	for (struct dirent *entry; r == 0 && (entry = readdir(d));) {
		if (entry->d_name[0] == '.')
			continue;
		buf_clear(&path);
		buf_printf(&path, "%s/%s", folder, entry->d_name);
		r = lchown(buf_string(&path), st.st_uid, st.st_gid);
	}
	int code = r < 0 ? complain(x, EXIT_PROBLEMS, "%s : %s", folder, strerror(errno)) : 0;
	if (d)
		closedir(d);
	return code;
}

static int publish(struct context *x, const char *folder, char hash[static DIGEST_HEX])
{
	_free_ char *bundles = xasprintf("%s/bundles", x->config.state_dir);
	struct problems p = {0};
	struct error e = {0};
	if (file_make_folder(bundles, 0700, &e) < 0)
		return complain(x, EXIT_PROBLEMS, "%s", e.text);
	int r = ruleset_publish(folder, bundles, hash, &p);
	report(x, &p, REPORT_TEXT);
	if (r < 0 && !p.errors)
		complain(x, EXIT_PROBLEMS, "%s : %s", folder, strerror(-r));
	problems_release(&p);
	_free_ char *made = r < 0 ? NULL : bundle_folder(x, hash);
	return r < 0 ? EXIT_PROBLEMS : give_away(x, made);
}

int rules_may_replace(struct context *x, const char *folder, struct signature *s)
{
	struct error e = {0};
	char active[65] = "";
	int r = need_reader(x);
	if (r)
		return r;
	if (reader_bundle(x->reader, active, &e) < 0)
		return complain(x, EXIT_PROBLEMS, "%s", e.text);
	_free_ char *former = bundle_folder(x, active);
	if (*active && !(s && s->force))
		r = lost_check(x, former, folder);
	if (r == 0)
		r = rules_candidates(x, folder);
	return r ? r : rules_persons(x, folder, *active ? former : NULL, s);
}

int rules_examples(struct context *x, const char *folder)
{
	char *test[] = {(char[]){"test"}, (char *)(uintptr_t)folder /* only read */};
	int r = rules_test(x, 2, test);
	return r ? complain(x, r, _w(x, "rien n'est publié")) : 0;
}

int rules_put(struct context *x, const char *folder, struct signature *s)
{
	char hash[DIGEST_HEX], town[DIGEST_HEX] = "";
	int r = rules_may_replace(x, folder, s);
	if (r == 0)
		r = publish(x, folder, hash);
	if (r == 0 && s->town)
		r = publish(x, s->town, town);
	return r ? r : activate(x, hash, town, s);
}

int rules_publish(struct context *x, const char *folder, struct signature *s)
{
	int r = rules_examples(x, folder);
	return r ? r : rules_put(x, folder, s);
}

/* --- log */

struct log {
	struct context *x;
	struct table table;
	char active[65];
	bool shown; /* the active one: its newest line only */
};

static void put_json(const struct publication *p, bool active)
{
	_buf_ struct buf out = {0};
	struct json_writer w = {.out = &out};
	json_w_begin(&w, '{');
	json_w_time(&w, "at", p->at);
	json_w_text(&w, "hash", p->hash);
	json_w_text(&w, "who", p->who);
	json_w_text(&w, "reason", p->reason);
	json_w_key(&w, "active");
	json_w_bool(&w, active);
	json_w_end(&w, '}');
	buf_add_char(&out, '\n');
	put_text(buf_slice(&out), stdout);
}

static int add_line(void *user, const struct publication *p)
{
	struct log *log = user;
	char at[CLOCK_TEXT];
	bool active = !log->shown && slice_is(p->hash, log->active);
	log->shown |= active;
	if (log->x->json) {
		put_json(p, active);
		return 0;
	}
	table_add(&log->table, active ? SLICE("*") : (struct slice){0});
	table_printf(&log->table, "%s", clock_format_dhm(p->at, at));
	table_printf(&log->table, "%.*s", HASH_SHOWN, p->hash.p);
	table_add(&log->table, p->who);
	table_add(&log->table, p->reason);
	return 0;
}

int rules_log(struct context *x, int argc, char **argv)
{
	const char *const names[] = {
		"", _w(x, "le"), _w(x, "empreinte"), _w(x, "par"), _w(x, "pourquoi"), NULL};
	_buf_ struct buf out = {0};
	struct log log = {.x = x};
	struct error e = {0};
	int r = options_parse(x, NULL, 0, &argc, argv);
	if (r == 0)
		r = options_words(x, "rules", argc, 0, 0);
	if (r == 0)
		r = need_reader(x);
	if (r)
		return r;
	table_init(&log.table, names);
	r = reader_bundle(x->reader, log.active, &e);
	if (r == 0)
		r = reader_publications(x->reader, LOG_LIMIT, add_line, &log, &e);
	if (r == 0 && !x->json)
		table_print(&log.table, x->terminal, &out);
	put_text(buf_slice(&out), stdout);
	table_release(&log.table);
	return r < 0 ? complain(x, EXIT_PROBLEMS, "%s", e.text) : EXIT_DONE;
}

/* --- rollback */

struct search_log {
	struct slice prefix; /* empty: the newest that is not active */
	char active[65], found[65];
	unsigned n; /* different ones that fit */
};

static int look(void *user, const struct publication *p)
{
	struct search_log *s = user;
	bool fits = s->prefix.n
		? p->hash.n >= s->prefix.n && memcmp(p->hash.p, s->prefix.p, s->prefix.n) == 0
		: !slice_is(p->hash, s->active);
	if (!fits || p->hash.n >= sizeof(s->found) || slice_is(p->hash, s->found) ||
		(!s->prefix.n && s->n))
		return 0;
	memcpy(s->found, p->hash.p, p->hash.n);
	s->found[p->hash.n] = 0;
	s->n++;
	return 0;
}

static int find_former(struct context *x, const char *prefix, char ret[static 65])
{
	struct search_log s = {.prefix = slice_of(prefix ? prefix : "")};
	struct error e = {0};
	int r = need_reader(x);
	if (r)
		return r;
	if (prefix && s.prefix.n < PREFIX_MIN)
		return complain(x, EXIT_MISUSE, _w(x, "une empreinte a au moins %d caractères"),
			PREFIX_MIN);
	r = reader_bundle(x->reader, s.active, &e);
	if (r == 0)
		r = reader_publications(x->reader, LOG_LIMIT, look, &s, &e);
	if (r < 0)
		return complain(x, EXIT_PROBLEMS, "%s", e.text);
	if (s.n != 1)
		return complain(x, EXIT_PROBLEMS,
			s.n ? _w(x, "plusieurs publications ont cette empreinte : donnez-en plus")
			    : _w(x, "aucune publication de ce nom : voir « tocsin rules log »"));
	memcpy(ret, s.found, sizeof(s.found));
	return 0;
}

int rules_rollback(struct context *x, int argc, char **argv)
{
	struct signature s = {.again = true};
	struct ruleset *rules = NULL;
	char hash[65], active[65] = "";
	struct error e = {0};
	int r = signature_read(x, false, &s, &argc, argv);
	if (r == 0)
		r = find_former(x, argc ? argv[0] : NULL, hash);
	if (r)
		return r;
	_free_ char *folder = bundle_folder(x, hash);
	if (access(folder, F_OK) < 0)
		return complain(x, EXIT_PROBLEMS,
			_w(x, "les fichiers de %.12s n'existent plus : publiez-les à nouveau avec « rules push »"),
			hash);
	r = packs_load(x, folder, &rules);
	if (r == 0 && strcmp(ruleset_hash(rules), hash) != 0)
		r = complain(x, EXIT_PROBLEMS,
			_w(x, "%s : d'une autre version de tocsin ; publiez ces fichiers avec « rules push »"),
			folder);
	ruleset_free(rules);
	if (r == 0 && reader_bundle(x->reader, active, &e) < 0)
		r = complain(x, EXIT_PROBLEMS, "%s", e.text);
	_free_ char *former = bundle_folder(x, active);
	if (r == 0)
		r = rules_candidates(x, folder);
	if (r == 0)
		r = rules_persons(x, folder, *active ? former : NULL, &s);
	return r ? r : activate(x, hash, "", &s);
}

/* --- pull */

static bool is_pack(const char *name)
{
	size_t n = strlen(name);
	return n > 5 && name[0] != '.' && strcmp(name + n - 5, ".yaml") == 0;
}

/* One file of the published set; 1 when it differs from what is there. */
static int pull_file(struct context *x, const char *from, const char *to, bool write)
{
	_buf_ struct buf now = {0}, there = {0};
	struct error e = {0};
	int r = file_read(from, YAML_MAX, &now, &e);
	if (r < 0)
		return complain(x, -EXIT_PROBLEMS, "%s", e.text);
	bool exists = access(to, F_OK) == 0;
	if (exists && file_read(to, YAML_MAX, &there, &e) == 0 &&
		slice_equal(buf_slice(&now), buf_slice(&there)))
		return 0;
	if (!write)
		return exists;
	r = file_write_atomic(to, buf_slice(&now), 0644, &e);
	if (r < 0)
		return complain(x, -EXIT_PROBLEMS, "%s", e.text);
	printf("%s\n", to);
	return 0;
}

/* Looks (write false) or writes; the number of files that differ, or minus the exit code. */
static int pull_files(struct context *x, const char *from, const char *to, bool write)
{
	DIR *d = opendir(from);
	int differ = 0, r = 0;
	if (!d)
		return complain(x, -EXIT_PROBLEMS, "%s : %s", from, strerror(errno));
	for (struct dirent *entry; r >= 0 && (entry = readdir(d));) {
		if (!is_pack(entry->d_name))
			continue;
		_free_ char *source = xasprintf("%s/%s", from, entry->d_name);
		_free_ char *target = xasprintf("%s/%s", to, entry->d_name);
		r = pull_file(x, source, target, write);
		if (r > 0) {
			differ++;
			fprintf(stderr, "%s\n", target);
		}
	}
	closedir(d);
	return r < 0 ? r : differ;
}

/* Packs of the folder that are not published: they would be by the next push. */
static void name_others(struct context *x, const char *from, const char *to)
{
	DIR *d = opendir(to);
	for (struct dirent *entry; d && (entry = readdir(d));) {
		_free_ char *source = xasprintf("%s/%s", from, entry->d_name);
		if (is_pack(entry->d_name) && access(source, F_OK) < 0)
			complain(x, 0, _w(x, "%s/%s n'est pas dans les règles publiées"), to,
				entry->d_name);
	}
	if (d)
		closedir(d);
}

/* The configuration's folder says from here on what is in force: what is changed in it next was changed by nobody else. */
static int tell_pulled(struct context *x, const char *hash)
{
	_buf_ struct buf body = {0}, reply = {0};
	bundle_encode(&body,
		&(struct bundle_request){.hash = slice_of(hash),
			.who = SLICE("tocsin rules pull"),
			.over = slice_of(hash),
			.folder = slice_of(hash)});
	return ask_store(x, REQUEST_BUNDLE, buf_slice(&body), &reply);
}

int rules_pull(struct context *x, int argc, char **argv)
{
	bool force = false;
	char hash[65];
	struct error e = {0};
	const struct option_spec options[] = {{"force", NULL, &force, NULL}};
	int r = options_parse(x, options, 1, &argc, argv);
	if (r == 0)
		r = options_words(x, "rules", argc, 1, 1);
	if (r == 0)
		r = need_reader(x);
	if (r)
		return r;
	if (reader_bundle(x->reader, hash, &e) < 0)
		return complain(x, EXIT_PROBLEMS, "%s", e.text);
	if (!*hash)
		return complain(x, EXIT_PROBLEMS, _w(x, "rien n'est encore publié"));
	_free_ char *folder = bundle_folder(x, hash);
	if (file_make_folder(argv[0], 0755, &e) < 0)
		return complain(x, EXIT_PROBLEMS, "%s", e.text);
	r = force ? 0 : pull_files(x, folder, argv[0], false);
	if (r > 0)
		return complain(x, EXIT_PROBLEMS,
			_w(x, "ces fichiers disent autre chose que ce qui est publié ; --force les remplace"));
	if (r == 0)
		r = pull_files(x, folder, argv[0], true);
	if (r == 0)
		name_others(x, folder, argv[0]);
	if (r == 0 && rules_is_town(x, argv[0]) && supervisor_runs(&x->config))
		return tell_pulled(x, hash);
	return r < 0 ? -r : EXIT_DONE;
}
