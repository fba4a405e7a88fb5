/* SPDX-License-Identifier: GPL-3.0-or-later
 * The hash of a bundle, and its place among the bundles. */
#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>

#include "loader.h"

/* Raised when the same sources come to mean something else. */
#define ENGINE_VERSION "rules 4"

void add_part(struct buf *out, struct slice s)
{
	buf_printf(out, "%zu:", s.n);
	buf_add_slice(out, s);
}

void digest_part(struct digest_state *st, struct slice s)
{
	_buf_ struct buf part = {0};

	add_part(&part, s);
	digest_add(st, buf_slice(&part));
}

void hash_sources(struct loader *l)
{
	unsigned char digest[DIGEST_SIZE];
	struct digest_state st;
	_buf_ struct buf engine = {0};

	match_version(&engine);
	digest_begin(&st);
	digest_part(&st, SLICE(ENGINE_VERSION));
	digest_part(&st, slice_of(text_version()));
	digest_part(&st, buf_slice(&engine));
	for (size_t i = 0; i < l->n_sources; i++) {
		digest_part(&st, slice_of(l->sources[i].name));
		digest_part(&st, buf_slice(&l->sources[i].bytes));
	}
	digest_end(&l->forms, digest);
	digest_part(&st, (struct slice){(const char *)digest, sizeof(digest)});
	digest_end(&st, digest);
	digest_hex(digest, sizeof(digest), l->r->hash);
}

static int fail(struct problems *p, const char *path, int code, const char *text)
{
	problem_add(p, PROBLEM_ERROR, path, 0, 0,
		"vérifiez que ce dossier existe, et que tocsin a le droit d'y lire et d'y écrire",
		"%s", text);
	return code;
}

static int copy_file(const char *from, const char *to, struct problems *p)
{
	_buf_ struct buf bytes = {0};
	struct error e;
	int r = file_read(from, YAML_MAX, &bytes, &e);

	if (r == 0)
		r = file_write_atomic(to, buf_slice(&bytes), 0640, &e);
	return r < 0 ? fail(p, from, r, e.text) : 0;
}

static int copy_packs(const char *folder, const char *to, struct problems *p)
{
	struct dirent *entry;
	DIR *d = opendir(folder);
	int r = 0;

	if (!d)
		return fail(p, folder, -errno, strerror(errno));
	while (r == 0 && (entry = readdir(d))) {
		_free_ char *source = NULL, *target = NULL;
		size_t n = strlen(entry->d_name);

		if (n <= 5 || entry->d_name[0] == '.' ||
			strcmp(entry->d_name + n - 5, ".yaml") != 0)
			continue;
		source = xasprintf("%s/%s", folder, entry->d_name);
		target = xasprintf("%s/%s", to, entry->d_name);
		r = copy_file(source, target, p);
	}
	closedir(d);
	return r;
}

/* The copy is what counts: it is loaded again before it takes its name, in case someone was writing. */
static int check_copy(const char *copy, const char *hash, struct problems *p)
{
	struct ruleset *again = NULL;
	int r = ruleset_load(copy, &again, p);

	if (r == 0 && strcmp(ruleset_hash(again), hash) != 0)
		r = fail(p, copy, -EAGAIN, "les règles ont changé pendant la copie : recommencez");
	ruleset_free(again);
	return r;
}

/* Everything into a folder that is not there yet; whoever fails leaves it to be removed. */
static int fill_copy(const char *folder, const char *copy, struct slice packed, const char *hash,
	struct problems *p)
{
	_free_ char *forms = xasprintf("%s/" FORMS_FILE, copy);
	struct error e;
	int r = file_make_folder(copy, 0750, &e);

	if (r < 0)
		return fail(p, copy, r, e.text);
	r = copy_packs(folder, copy, p);
	if (r == 0 && (r = file_write_atomic(forms, packed, 0640, &e)) < 0)
		fail(p, forms, r, e.text);
	return r < 0 ? r : check_copy(copy, hash, p);
}

int ruleset_publish(const char *folder, const char *bundles, char ret_hash[static DIGEST_HEX],
	struct problems *p)
{
	_free_ char *copy = NULL, *target = NULL;
	_buf_ struct buf packed = {0};
	struct ruleset *rules = NULL;
	char hash[DIGEST_HEX];
	struct stat st;
	int r = load_rules(folder, &rules, &(struct load_more){.packed = &packed}, p);

	if (r < 0)
		return r;
	memcpy(hash, ruleset_hash(rules), sizeof(hash));
	ruleset_free(rules);
	target = xasprintf("%s/%s", bundles, hash);
	if (stat(target, &st) == 0) {
		memcpy(ret_hash, hash, sizeof(hash));
		return 0;
	}
	copy = xasprintf("%s/.%s.%ld", bundles, hash, (long)getpid());
	r = fill_copy(folder, copy, buf_slice(&packed), hash, p);
	/* someone else may have published the same bundle meanwhile: then it is there */
	if (r == 0 && rename(copy, target) < 0 && errno != EEXIST && errno != ENOTEMPTY)
		r = fail(p, target, -errno, strerror(errno));
	if (file_remove_tree(copy) < 0 && r == 0)
		r = 0; /* renamed: nothing left to remove */
	if (r == 0)
		memcpy(ret_hash, hash, sizeof(hash));
	return r;
}
