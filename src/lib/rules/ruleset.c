/* SPDX-License-Identifier: GPL-3.0-or-later
 * A folder of packs, or one file, into a ruleset. */
#include "loader.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>

#include "communes.h"
#include "persons.h"

#define FILES_MAX 256u

void *list_grow(void *list, size_t *n, size_t *cap, size_t size)
{
	if (*n == *cap) {
		*cap = *cap ? 2 * *cap : 16;
		list = xreallocarray(list, *cap, size);
	}
	memset((char *)list + *n * size, 0, size);
	++*n;
	return list;
}

static int by_name(const void *a, const void *b)
{
	const struct source *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static bool is_pack_name(const char *name)
{
	size_t n = strlen(name);

	return n > 5 && name[0] != '.' && strcmp(name + n - 5, ".yaml") == 0;
}

static void add_source(struct loader *l, const char *folder, const char *name)
{
	struct source *s = list_add(l, sources);

	s->name = xstrdup(name);
	s->yaml.path = folder ? xasprintf("%s/%s", folder, name) : xstrdup(name);
}

static int find_sources(struct loader *l, const char *path)
{
	struct dirent *entry;
	struct stat st;
	DIR *folder;
	bool other = false; /* .yml */

	if (stat(path, &st) < 0) {
		int code = -errno;

		problem_add(l->p, PROBLEM_ERROR, path, 0, 0,
			"vérifiez le nom du dossier ; sans nom, c'est celui de tocsin.yaml (folders, rules)",
			"%s",
			code == -ENOENT ? "ce dossier ou ce fichier n'existe pas"
					: strerror(-code));
		return code;
	}
	if (!S_ISDIR(st.st_mode)) {
		const char *slash = strrchr(path, '/');
		struct source *s = list_add(l, sources);

		s->name = xstrdup(slash ? slash + 1 : path);
		s->yaml.path = xstrdup(path);
		return 0;
	}
	folder = opendir(path);
	if (!folder)
		return -errno;
	while ((entry = readdir(folder)) && l->n_sources <= FILES_MAX) {
		const char *dot = strrchr(entry->d_name, '.');

		if (dot && dot != entry->d_name && strcmp(dot, ".yml") == 0) {
			_free_ char *file = xasprintf("%s/%s", path, entry->d_name);
			other = true;
			problem_add(l->p, PROBLEM_WARNING, file, 0, 0, "renommez-le en .yaml",
				"ce fichier n'est pas lu : son nom finit par .yml");
		}
		if (is_pack_name(entry->d_name))
			add_source(l, path, entry->d_name);
	}
	closedir(folder);
	if (!l->n_sources || l->n_sources > FILES_MAX) {
		problem_add(l->p, PROBLEM_ERROR, path, 0, 0,
			l->n_sources ? "réunissez des fichiers, ou retirez ceux qui ne servent plus"
				: other
				? "renommez les fichiers .yml en .yaml"
				: "mettez-y un paquet de règles, dont le nom finit par .yaml",
			l->n_sources ? "plus de %u fichiers de règles"
				     : "aucun fichier .yaml (limite : %u fichiers)",
			FILES_MAX);
		return -EINVAL;
	}
	qsort(l->sources, l->n_sources, sizeof(*l->sources), by_name);
	return 0;
}

/* Reads every file, and counts those that cannot be: what the others ask of those is not known to be missing. */
static void read_sources(struct loader *l)
{

	for (size_t i = 0; i < l->n_sources; i++) {
		struct source *s = &l->sources[i];
		const char *path = s->yaml.path;
		struct error e;
		int r = file_read(path, YAML_MAX, &s->bytes, &e);

		if (r < 0) {
			problem_add(l->p, PROBLEM_ERROR, path, 0, 0,
				"vérifiez que tocsin a le droit de lire ce fichier", "%s", e.text);
		} else {
			r = yaml_read_text(path, buf_slice(&s->bytes), &s->yaml, l->p);
			s->yaml.path = path;
		}
		s->broken = r < 0 && !s->yaml.root;
		l->n_broken += s->broken;
	}
}

static void loader_release(struct loader *l)
{
	for (size_t i = 0; i < l->n_sources; i++) {
		struct source *s = &l->sources[i];
		char *path = (char *)(uintptr_t)s->yaml.path; /* ours */

		yaml_release(&s->yaml);
		buf_release(&s->bytes);
		free(s->name);
		free(path);
	}
	free(l->sources);
	match_builder_free(l->match);
	term_memos_free(l->memos);
	map_free(l->ids);
	map_free(l->named);
	lint_free(l->lint);
	persons_free(l->persons);
	inflect_close(l->inflect);
}

static int compile(struct loader *l)
{
	struct error e;
	int r = match_compile(l->match, &l->r->match, &e);

	if (r < 0)
		problem_add(l->p, PROBLEM_ERROR, "règles", 0, 0,
			"une expression est trop lourde : retirez la dernière ajoutée, puis relancez",
			"%s", e.text);
	else
		hash_sources(l);
	return r;
}

#define KNOWN_BATCH ((size_t)16 << 10) /* bytes that are digested at once */

struct known {
	struct loader *l;
	struct buf lines;
};

static void digest_known(struct known *k)
{
	digest_add(&k->l->forms, buf_slice(&k->lines));
	buf_clear(&k->lines);
}

static bool add_known(void *arg, struct slice form)
{
	struct known *k = arg;

	match_add_known(k->l->match, form);
	buf_add_slice(&k->lines, form);
	buf_add_char(&k->lines, '\n');
	if (k->lines.n > KNOWN_BATCH)
		digest_known(k);
	return true;
}

/* What is a word is no slip of another: the forms of the language, and the names of places. They say what the rules mean,
 * and so are part of their hash. Where no form is known, no guess is made. */
static void add_known_words(struct loader *l)
{
	struct known k = {.l = l};
	size_t at = 0;

	inflect_each(l->inflect, add_known, &k);
	digest_known(&k);
	buf_release(&k.lines);
	if (!inflect_count(l->inflect))
		return;
	for (struct slice name = communes_next(&at); name.n; name = communes_next(&at))
		match_add_known(l->match, name);
	digest_part(&l->forms, communes);
}

/* All that was asked of the dictionary is in the engine: what is not needed any more makes room for the engine's tables. */
static void forget_forms(struct loader *l)
{
	l->memos = term_memos_free(l->memos);
	if (!l->keeps_forms)
		l->inflect = inflect_close(l->inflect);
}

static int load(struct loader *l, const char *path)
{
	size_t errors = l->p->errors;
	int r = find_sources(l, path);

	if (r < 0)
		return r;
	read_sources(l);
	find_shared(l);
	find_overrides(l);
	find_cases(l);
	l->persons = persons_find(l);
	for (uint32_t i = 0; i < l->n_sources; i++)
		if (!l->sources[i].broken)
			read_pack(l, i);
	for (uint32_t i = 0; i < l->n_sources; i++)
		if (l->sources[i].is_cases)
			read_cases(l, &l->sources[i]);
	if (l->p->errors > errors)
		return -EINVAL;
	if (l->names)
		return 0;
	r = compile_cues(l);
	if (r == 0)
		add_known_words(l);
	forget_forms(l);
	return r < 0 ? r : compile(l);
}

/* The forms that a bundle carries; else the machine's dictionary; else the regular rules. */
int open_forms(struct loader *l, const char *path)
{
	_free_ char *packed = xasprintf("%s/" FORMS_FILE, path);
	struct error e = {0};
	int r;

	digest_begin(&l->forms);
	if (access(packed, F_OK) == 0) {
		r = inflect_open_packed(packed, &l->inflect, &e);
	} else {
		r = inflect_open(NULL, &l->inflect, &e);
		l->has_dictionary = r == 0;
	}
	if (r < 0)
		problem_add(l->p, PROBLEM_ERROR, path, 0, 0,
			"réinstallez le paquet hunspell-fr (dictionnaire français)", "%s", e.text);
	return r < 0 ? r : 0;
}

static int pack_forms(struct loader *l, struct buf *packed)
{
	struct error e;
	int r = packed ? inflect_pack(l->inflect, packed, &e) : 0;

	if (r < 0)
		problem_add(l->p, PROBLEM_ERROR, "dictionnaire", 0, 0,
			"réinstallez le paquet hunspell-fr (dictionnaire français)", "%s", e.text);
	return r;
}

int load_rules(
	const char *path, struct ruleset **ret, const struct load_more *more, struct problems *p)
{
	struct loader l = {.p = p,
		.names = more->names,
		.seals = more->persons,
		.path = more->persons ? path : NULL,
		.keeps_forms = more->lint || more->packed};
	int r = 0;

	l.r = xcalloc(1, sizeof(*l.r));
	arena_init(&l.r->arena, 0);
	l.match = match_builder_new();
	l.memos = term_memos_new();
	l.ids = map_new();
	l.named = map_new();
	l.lint = more->lint ? lint_new(more->now) : NULL;
	if (!l.names)
		r = open_forms(&l, path);
	if (r == 0)
		r = load(&l, path);
	if (r == 0)
		r = pack_forms(&l, more->packed);
	if (r == 0 && l.lint) {
		lint(&l);
		r = check_nominative(&l);
	}
	loader_release(&l);
	if (r < 0)
		ruleset_free(l.r);
	else
		*ret = l.r;
	return r;
}

int ruleset_load(const char *path, struct ruleset **ret, struct problems *p)
{
	return load_rules(path, ret, &(struct load_more){0}, p);
}

int ruleset_load_names(const char *path, struct ruleset **ret, struct problems *p)
{
	return load_rules(path, ret, &(struct load_more){.names = true}, p);
}

int ruleset_load_persons(const char *path, struct ruleset **ret, struct problems *p)
{
	return load_rules(path, ret, &(struct load_more){.names = true, .persons = true}, p);
}

int ruleset_check(const char *path, int64_t now, struct ruleset **ret, struct problems *p)
{
	return load_rules(path, ret, &(struct load_more){.lint = true, .now = now}, p);
}

static bool same_bytes(const struct loader *a, const struct loader *b)
{
	bool same = a->n_sources == b->n_sources && !a->n_broken && !b->n_broken;

	for (size_t i = 0; same && i < a->n_sources; i++)
		same = strcmp(a->sources[i].name, b->sources[i].name) == 0 &&
			slice_equal(
				buf_slice(&a->sources[i].bytes), buf_slice(&b->sources[i].bytes));
	return same;
}

bool ruleset_same_sources(const char *a, const char *b)
{
	struct problems p = {0};
	struct loader x = {.p = &p}, y = {.p = &p};
	bool same = find_sources(&x, a) == 0 && find_sources(&y, b) == 0;

	if (same) {
		read_sources(&x);
		read_sources(&y);
		same = same_bytes(&x, &y);
	}
	loader_release(&x);
	loader_release(&y);
	problems_release(&p);
	return same;
}

struct ruleset *ruleset_free(struct ruleset *r)
{
	if (!r)
		return NULL;
	match_set_free(r->match);
	match_set_free(r->cues);
	free(r->rules);
	free(r->packs);
	free(r->samples);
	free(r->cases);
	free(r->clauses);
	arena_release(&r->arena);
	free(r);
	return NULL;
}

const char *ruleset_hash(const struct ruleset *r)
{
	return r->hash;
}

size_t ruleset_cases(const struct ruleset *r, const struct rule_case **ret)
{
	*ret = r->cases;
	return r->n_cases;
}

size_t ruleset_count(const struct ruleset *r)
{
	return r->n_rules;
}

struct rule_info ruleset_info(const struct ruleset *r, size_t i)
{
	const struct rule *rule = &r->rules[i];

	return (struct rule_info){
		.id = rule->id,
		.title = rule->title,
		.category = rule->topic ? (struct slice){0} : slice_of(categories[rule->category]),
		.pack = r->packs[rule->pack].id,
		.topic = rule->topic,
		.status = rule->status,
		.priority = rule->priority,
		.lanes = rule->lanes,
		.score = rule->score,
		.service = rule->service,
		.reply = rule->reply,
		.escalate = rule->escalate,
		.spike = rule->spike,
		.owner = rule->owner,
		.law = rule->law,
		.review_by = rule->review_by,
		.expires = rule->expires,
		.rate = rule->rate,
		.path = rule->path,
		.line = rule->line,
		.column = rule->column,
	};
}
