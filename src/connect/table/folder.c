/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include <tocsin/base/alloc.h>
#include <tocsin/digest/digest.h>

struct state_key state_key(const char *path, const struct stat *st)
{
	unsigned char digest[DIGEST_SIZE];
	_buf_ struct buf text = {0};
	struct state_key key;

	buf_printf(&text, "%s\n%llu %llu %lld %lld.%09ld", path, (unsigned long long)st->st_dev,
		(unsigned long long)st->st_ino, (long long)st->st_size,
		(long long)st->st_mtim.tv_sec, st->st_mtim.tv_nsec);
	digest_sha256(buf_slice(&text), digest);
	memcpy(key.digest, digest, sizeof(key.digest));
	return key;
}

bool states_have(const struct states *s, struct state_key key)
{
	for (size_t i = 0; i < s->n; i++)
		if (memcmp(s->keys[i].digest, key.digest, sizeof(key.digest)) == 0)
			return true;
	return false;
}

void states_add(struct states *s, struct state_key key)
{
	if (states_have(s, key))
		return;
	s->keys = xgrow(s->keys, s->n, &s->cap, sizeof(*s->keys));
	s->keys[s->n++] = key;
}

void states_release(struct states *s)
{
	free(s->keys);
	*s = (struct states){0};
}

void states_print(struct buf *out, const struct states *s)
{
	char hex[2 * sizeof(struct state_key) + 1];

	for (size_t i = 0; i < s->n; i++)
		buf_add_string(out, digest_hex(s->keys[i].digest, sizeof(s->keys[i].digest), hex));
}

bool states_parse(struct slice text, struct states *ret)
{
	const size_t digits = 2 * sizeof(struct state_key);
	struct state_key key;

	for (; text.n >= digits; text = (struct slice){text.p + digits, text.n - digits}) {
		if (digest_unhex((struct slice){text.p, digits}, key.digest, sizeof(key.digest)) <
			0)
			break;
		states_add(ret, key);
	}
	if (text.n)
		states_release(ret);
	return text.n == 0;
}

static bool is_table(const char *name)
{
	struct slice s = slice_of(name);

	return s.n > 4 && name[0] != '.' &&
		slice_is_listed(" .csv .tsv .txt ", (struct slice){s.p + s.n - 4, 4});
}

static void add(struct folder *f, const char *path, const struct stat *st)
{
	f->more = f->n == FOLDER_MAX;
	if (f->more)
		return;
	f->list = xgrow(f->list, f->n, &f->cap, sizeof(*f->list));
	f->list[f->n++] = (struct table_file){xstrdup(path), *st};
}

static int by_name(const void *a, const void *b)
{
	const struct table_file *x = a, *y = b;

	return strcmp(x->path, y->path);
}

int folder_list(const char *path, struct folder *ret)
{
	struct dirent *d;
	struct stat st;
	DIR *dir;

	*ret = (struct folder){0};
	if (stat(path, &st) < 0)
		return -errno;
	if (!S_ISDIR(st.st_mode)) {
		if (!S_ISREG(st.st_mode))
			return -EINVAL;
		add(ret, path, &st);
		return 0;
	}
	dir = opendir(path);
	if (!dir)
		return -errno;
	while ((d = readdir(dir)) && !ret->more) {
		_free_ char *name = xasprintf("%s/%s", path, d->d_name);

		if (is_table(d->d_name) && lstat(name, &st) == 0 && S_ISREG(st.st_mode))
			add(ret, name, &st);
	}
	closedir(dir);
	if (ret->n)
		qsort(ret->list, ret->n, sizeof(*ret->list), by_name);
	return 0;
}

void folder_release(struct folder *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->list[i].path);
	free(f->list);
	*f = (struct folder){0};
}

int folder_open(const struct table_file *file)
{
	int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) == 0 && st.st_dev == file->st.st_dev && st.st_ino == file->st.st_ino)
		return fd;
	close(fd);
	return -ESTALE;
}
