/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draft.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
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

/* False: there is no draft. */
static bool read_base(struct draft *d)
{
	_free_ char *path = xasprintf("%s/" BASE_FILE, d->folder);
	_buf_ struct buf hash = {0};
	unsigned char digest[DIGEST_SIZE];
	if (access(path, F_OK) < 0 || file_read(path, sizeof(d->base), &hash, NULL) < 0 ||
		digest_unhex(buf_slice(&hash), digest, sizeof(digest)) < 0)
		return false;
	snprintf(d->base, sizeof(d->base), "%s", buf_string(&hash));
	return true;
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

static int read_pack(const char *folder, const char *name, struct buf *ret)
{
	_free_ char *path = file_of_pack(folder, name);
	return access(path, F_OK) < 0 ? -errno : file_read(path, YAML_MAX, ret, NULL);
}

int draft_text(const struct draft *d, const char *name, struct buf *ret)
{
	return read_pack(draft_has(d, name) ? d->folder : d->bundle, name, ret);
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

int draft_keep(struct draft *d, const char *name, struct slice text)
{
	_free_ char *path = file_of_pack(d->folder, name);
	_buf_ struct buf was = {0};
	int r = read_pack(d->bundle, name, &was);
	if (r == 0 && slice_equal(buf_slice(&was), text)) {
		if (unlink(path) < 0 && errno != ENOENT)
			return -errno;
		return settle(d);
	}
	r = d->any ? 0 : begin(d, d->base);
	return r ? r : file_write_atomic(path, text, 0600, NULL);
}

int draft_drop(struct draft *d)
{
	d->any = false;
	return file_remove_tree(d->folder);
}

int draft_rebase(struct draft *d, const char *hash)
{
	return begin(d, hash);
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
