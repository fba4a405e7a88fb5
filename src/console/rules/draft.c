/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draft.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>
#include <tocsin/yaml/yaml.h>

#define BASE_FILE "base"
#define SUFFIX ".yaml"

bool draft_name_ok(struct slice name)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i], small = (char)(c | 0x20);
		bool plain = (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9');
		bool inside = i > 0 && i + 1 < name.n && (c == '.' || c == '-' || c == '_');
		if (!plain && !inside)
			return false;
	}
	return name.n > 0 && name.n <= DRAFT_NAME_MAX;
}

static char *file_of_pack(const char *folder, const char *name)
{
	return xasprintf("%s/%s" SUFFIX, folder, name);
}

static char *file_of_origin(const struct draft *d, const char *name)
{
	return xasprintf("%s/%s." BASE_FILE, d->folder, name);
}

static bool read_hash(const char *path, char ret[static 65])
{
	_buf_ struct buf hash = {0};
	unsigned char digest[DIGEST_SIZE];
	if (access(path, F_OK) < 0 || file_read(path, 65, &hash, NULL) < 0 ||
		digest_unhex(buf_slice(&hash), digest, sizeof(digest)) < 0)
		return false;
	snprintf(ret, 65, "%s", buf_string(&hash));
	return true;
}

/* False: there is no draft. */
static bool read_base(struct draft *d)
{
	_free_ char *path = xasprintf("%s/" BASE_FILE, d->folder);
	return read_hash(path, d->base);
}

static void find_bundle(struct draft *d)
{
	free(d->bundle);
	d->bundle = xasprintf("%s/bundles/%s", d->state, d->base);
}

void draft_begin_from(struct draft *d, struct slice hash)
{
	snprintf(d->base, sizeof(d->base), "%.*s", (int)hash.n, hash.p);
	find_bundle(d);
}

int draft_open(struct visit *v, struct draft *ret)
{
	const char *state = v->c->s->config.state_dir;
	struct error e = {""};
	int r = visit_reader(v);
	*ret = (struct draft){
		.state = state, .folder = xasprintf("%s/brouillons/%s", state, v->session->name)};
	ret->any = read_base(ret);
	if (r == 0 && !ret->any)
		r = reader_bundle(v->c->reader, ret->base, &e);
	if (r == 0 && !ret->base[0])
		r = -ENOENT;
	find_bundle(ret);
	return r;
}

void draft_release(struct draft *d)
{
	free(d->folder);
	free(d->bundle);
	*d = (struct draft){0};
}

bool draft_has(const struct draft *d, const char *name)
{
	_free_ char *path = file_of_pack(d->folder, name);
	return d->any && access(path, F_OK) == 0;
}

bool draft_removes(const struct draft *d, const char *name)
{
	_free_ char *path = file_of_pack(d->folder, name);
	struct stat file;
	return d->any && stat(path, &file) == 0 && file.st_size == 0;
}

static int read_pack(const char *folder, const char *name, struct buf *ret)
{
	_free_ char *path = file_of_pack(folder, name);
	return access(path, F_OK) < 0 ? -errno : file_read(path, YAML_MAX, ret, NULL);
}

int draft_text(const struct draft *d, const char *name, struct buf *ret)
{
	const char *folder = draft_has(d, name) ? d->folder : d->bundle;
	return access(folder, F_OK) < 0 ? -ESTALE : read_pack(folder, name, ret);
}

void draft_from(const struct draft *d, const char *name, char ret[static 65])
{
	_free_ char *path = file_of_origin(d, name);
	if (!draft_has(d, name) || !read_hash(path, ret))
		snprintf(ret, 65, "%s", d->base);
}

int draft_set_from(struct draft *d, const char *name, const char *hash)
{
	_free_ char *path = file_of_origin(d, name);
	return file_write_atomic(path, slice_of(hash), 0600, NULL);
}

bool draft_folders_agree(const char *name, const char *a, const char *b)
{
	_buf_ struct buf x = {0}, y = {0};
	int has_x, has_y;
	if (access(a, F_OK) < 0 || access(b, F_OK) < 0)
		return false;
	has_x = read_pack(a, name, &x);
	has_y = read_pack(b, name, &y);
	has_x = has_x == 0 && !x.n ? -ENOENT : has_x;
	has_y = has_y == 0 && !y.n ? -ENOENT : has_y;
	return has_x == has_y && (has_x == 0 || has_x == -ENOENT) &&
		slice_equal(buf_slice(&x), buf_slice(&y));
}

bool draft_same(const struct draft *d, const char *name, const char *a, const char *b)
{
	_free_ char *one = xasprintf("%s/bundles/%s", d->state, a);
	_free_ char *other = xasprintf("%s/bundles/%s", d->state, b);
	return strcmp(a, b) == 0 || draft_folders_agree(name, one, other);
}

size_t draft_conflicts(const struct draft *d, const char *hash, char **ret, size_t max)
{
	_free_ char *bundle = xasprintf("%s/bundles/%s", d->state, hash);
	size_t n = d->any ? draft_names(d->folder, ret, max) : 0, kept = 0;
	char from[65];
	for (size_t i = 0; i < n; i++) {
		draft_from(d, ret[i], from);
		if (draft_same(d, ret[i], from, hash) ||
			draft_folders_agree(ret[i], d->folder, bundle))
			free(ret[i]);
		else
			ret[kept++] = ret[i];
	}
	return kept;
}

/* The folder with what it began from. */
static int begin(struct draft *d, const char *base)
{
	_free_ char *path = xasprintf("%s/" BASE_FILE, d->folder);
	int r = file_make_folder(d->folder, 0700, NULL);
	if (r == 0)
		r = file_write_atomic(path, slice_of(base), 0600, NULL);
	if (r == 0)
		d->any = true;
	return r;
}

/* A draft that changes nothing is none. */
static int settle(struct draft *d)
{
	char *name = NULL;
	size_t n = draft_names(d->folder, &name, 1);
	free(name);
	return n ? 0 : draft_drop(d);
}

static int forget(const struct draft *d, const char *name)
{
	_free_ char *path = file_of_pack(d->folder, name);
	_free_ char *origin = file_of_origin(d, name);
	if (unlink(path) < 0 && errno != ENOENT)
		return -errno;
	return unlink(origin) < 0 && errno != ENOENT ? -errno : 0;
}

static bool is_full(const struct draft *d)
{
	char *names[DRAFT_FILES_MAX];
	size_t n = draft_names(d->folder, names, DRAFT_FILES_MAX);
	for (size_t i = 0; i < n; i++)
		free(names[i]);
	return n == DRAFT_FILES_MAX;
}

static int put(struct draft *d, const char *name, struct slice text)
{
	_free_ char *path = file_of_pack(d->folder, name);
	if (!draft_has(d, name) && is_full(d))
		return -EDQUOT;
	int r = d->any ? 0 : begin(d, d->base);
	return r ? r : file_write_atomic(path, text, 0600, NULL);
}

int draft_restore(struct draft *d, const char *name)
{
	int r = d->any ? forget(d, name) : 0;
	return r || !d->any ? r : settle(d);
}

/* Those of a folder, but for this one and what the draft takes away. */
static size_t count_others(const struct draft *d, const char *folder, const char *name)
{
	char *names[DRAFT_FILES_MAX];
	size_t n = draft_names(folder, names, DRAFT_FILES_MAX), others = 0;
	for (size_t i = 0; i < n; i++) {
		others += strcmp(names[i], name) != 0 && !draft_removes(d, names[i]);
		free(names[i]);
	}
	return others;
}

int draft_remove(struct draft *d, const char *name)
{
	if (!count_others(d, d->bundle, name) && !count_others(d, d->folder, name))
		return -EPERM;
	_free_ char *published = file_of_pack(d->bundle, name);
	if (access(published, F_OK) == 0)
		return put(d, name, (struct slice){0});
	return draft_has(d, name) ? draft_restore(d, name) : -ENOENT;
}

int draft_rename(struct draft *d, const char *name, const char *to, struct slice text)
{
	_free_ char *published = file_of_pack(d->bundle, to);
	const bool taken = draft_has(d, to) ? !draft_removes(d, to) : access(published, F_OK) == 0;
	int r = taken ? -EEXIST : put(d, to, text);
	return r ? r : draft_remove(d, name);
}

int draft_keep(struct draft *d, const char *name, struct slice text)
{
	_buf_ struct buf was = {0};
	if (text.n > DRAFT_TEXT_MAX)
		return -EFBIG;
	int r = read_pack(d->bundle, name, &was);
	if (r == 0 && slice_equal(buf_slice(&was), text)) {
		r = forget(d, name);
		return r ? r : settle(d);
	}
	return put(d, name, text);
}

int draft_drop(struct draft *d)
{
	d->any = false;
	return file_remove_tree(d->folder);
}

int draft_settle(struct draft *d, const char *folder)
{
	char *names[DRAFT_FILES_MAX];
	size_t n = draft_names(d->folder, names, DRAFT_FILES_MAX);
	int r = 0;
	for (size_t i = 0; i < n; i++) {
		if (r == 0 && draft_folders_agree(names[i], d->folder, folder))
			r = forget(d, names[i]);
		free(names[i]);
	}
	return r ? r : settle(d);
}

int draft_rebase(struct draft *d, const char *hash)
{
	char *names[DRAFT_FILES_MAX];
	size_t n = draft_names(d->folder, names, DRAFT_FILES_MAX);
	int r = begin(d, hash);
	for (size_t i = 0; i < n; i++) {
		_free_ char *origin = file_of_origin(d, names[i]);
		if (r == 0 && unlink(origin) < 0 && errno != ENOENT)
			r = -errno;
		free(names[i]);
	}
	return r;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

size_t draft_names(const char *folder, char **ret, size_t max)
{
	DIR *d = opendir(folder);
	size_t n = 0;
	for (struct dirent *entry; d && n < max && (entry = readdir(d));) {
		struct slice name = slice_of(entry->d_name);
		if (!slice_ends(name, SUFFIX))
			continue;
		name.n -= sizeof(SUFFIX) - 1;
		if (draft_name_ok(name))
			ret[n++] = xasprintf("%.*s", (int)name.n, name.p);
	}
	if (d)
		closedir(d);
	qsort(ret, n, sizeof(*ret), by_name);
	return n;
}

static int copy_pack(const char *from, const char *to, const char *file)
{
	_free_ char *source = xasprintf("%s/%s", from, file);
	_free_ char *target = xasprintf("%s/%s", to, file);
	_buf_ struct buf text = {0};
	int r = file_read(source, YAML_MAX, &text, NULL);
	if (r == 0 && !text.n) /* the draft takes it away */
		return unlink(target) < 0 && errno != ENOENT ? -errno : 0;
	_fclose_ FILE *f = r ? NULL : fopen(target, "we");
	if (r == 0 && (!f || fwrite(text.p, 1, text.n, f) != text.n || fflush(f) != 0))
		r = -EIO;
	return r;
}

/* All of them, whatever they are called. */
static int copy_packs(const char *from, const char *to)
{
	DIR *d = opendir(from);
	int r = 0;
	if (!d)
		return -errno;
	for (struct dirent *entry; r == 0 && (entry = readdir(d));)
		if (entry->d_name[0] != '.' && slice_ends(slice_of(entry->d_name), SUFFIX))
			r = copy_pack(from, to, entry->d_name);
	closedir(d);
	return r;
}

int draft_copy(const struct draft *d, const char *run, char **ret)
{
	_free_ char *copy = xasprintf("%s/" DRAFT_COPY "XXXXXX", run);
	if (access(d->bundle, F_OK) < 0)
		return -ENOENT;
	if (!mkdtemp(copy))
		return -errno;
	int r = copy_packs(d->bundle, copy);
	if (r == 0 && d->any)
		r = copy_packs(d->folder, copy);
	if (r < 0) {
		(void)!file_remove_tree(copy);
		return r;
	}
	*ret = copy;
	copy = NULL;
	return 0;
}

const char *draft_fault(enum words_lang l, int r)
{
	switch (r) {
	case -ESTALE:
		return words(l,
			"La version dont part votre brouillon n'existe plus : repartez de la version en vigueur.");
	case -EDQUOT: return words(l, "Ce brouillon change trop de paquets.");
	case -EFBIG: return words(l, "Ce paquet est trop grand pour être modifié ici.");
	default: return words(l, "Le service ne répond pas : réessayez dans une minute.");
	}
}
