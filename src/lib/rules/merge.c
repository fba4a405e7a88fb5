/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/rules/merge.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>
#include <tocsin/yaml/yaml.h>

/* One side of a pack. */
struct side {
	struct buf text;
	bool there;
};

static void side_release(struct side *s)
{
	buf_release(&s->text);
}

#define _side_ _cleanup_(side_release) struct side

static int read_side(const char *folder, const char *file, struct side *ret, struct error *e)
{
	_free_ char *path = xasprintf("%s/%s", folder, file);
	int r = file_read(path, YAML_MAX, &ret->text, e);

	ret->there = r == 0;
	return r == -ENOENT ? 0 : r;
}

static bool same(const struct side *a, const struct side *b)
{
	return a->there == b->there &&
		(!a->there || slice_equal(buf_slice(&a->text), buf_slice(&b->text)));
}

bool packs_agree(const char *file, const char *a, const char *b)
{
	_side_ one = {0};
	_side_ other = {0};
	struct error e;

	return read_side(a, file, &one, &e) == 0 && read_side(b, file, &other, &e) == 0 &&
		same(&one, &other);
}

void pack_add_name(struct buf *out, struct slice file)
{
	if (slice_ends(file, ".yaml"))
		file.n -= strlen(".yaml");
	if (out->n)
		buf_add_string(out, ", ");
	buf_add_slice(out, file);
}

void packs_differing(struct slice files, const char *a, const char *b, struct buf *out)
{
	while (files.n) {
		const char *end = memchr(files.p, '\n', files.n);
		const size_t n = end ? (size_t)(end - files.p) : files.n;
		const struct slice name = {files.p, n};
		_free_ char *file = xasprintf("%.*s", (int)n, files.p);

		if (n && !strchr(file, '/') && !packs_agree(file, a, b))
			pack_add_name(out, name);
		files.p += n + (end != NULL);
		files.n -= n + (end != NULL);
	}
}

static bool was_in_force(const struct pack_sides *s, const char *file, const struct side *folder)
{
	struct error e;

	for (size_t i = 0; i < s->n_since; i++) {
		_side_ former = {0};

		if (access(s->since[i], F_OK) == 0 &&
			read_side(s->since[i], file, &former, &e) == 0 && same(&former, folder))
			return true;
	}
	return false;
}

/* active and folder differ. */
static int judge(const struct pack_sides *s, const char *file, const struct side *folder,
	const struct side *active, enum pack_outcome *ret, struct error *e)
{
	_side_ base = {0};
	int r;

	if (!s->base) {
		*ret = !active->there                   ? PACK_TAKEN
			: !folder->there                ? PACK_KEPT
			: was_in_force(s, file, folder) ? PACK_KEPT
							: PACK_DISPUTED;
		return 0;
	}
	r = read_side(s->base, file, &base, e);
	if (r < 0)
		return r;
	*ret = same(&base, folder)              ? PACK_KEPT
		: same(&base, active)           ? PACK_TAKEN
		: was_in_force(s, file, folder) ? PACK_KEPT
						: PACK_DISPUTED;
	return 0;
}

static int merge_pack(const struct pack_sides *s, const char *file, const char *into,
	pack_merged_fn *fn, void *user, struct error *e)
{
	_free_ char *path = xasprintf("%s/%s", into, file);
	_side_ folder = {0};
	_side_ active = {0};
	enum pack_outcome outcome = PACK_SAME;
	int r = read_side(s->folder, file, &folder, e);

	if (r == 0)
		r = read_side(s->active, file, &active, e);
	if (r == 0 && !same(&folder, &active))
		r = judge(s, file, &folder, &active, &outcome, e);
	const struct side *chosen = outcome == PACK_TAKEN ? &folder : &active;
	if (r == 0 && chosen->there)
		r = file_write_atomic(path, buf_slice(&chosen->text), 0600, e);
	if (r == 0)
		fn(user, file, outcome, chosen->there);
	return r;
}

static int is_pack(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && slice_ends(slice_of(entry->d_name), ".yaml");
}

/* The packs of one folder, in their order; those that `without` has too are left out. */
static int merge_packs(const struct pack_sides *s, const char *of, const char *without,
	const char *into, pack_merged_fn *fn, void *user, struct error *e)
{
	struct dirent **list = NULL;
	int n = scandir(of, &list, is_pack, alphasort);
	int r = n < 0 ? error_set(e, -errno, "%s : %s", of, strerror(errno)) : 0;

	for (int i = 0; i < n; i++) {
		_free_ char *other = without ? xasprintf("%s/%s", without, list[i]->d_name) : NULL;

		if (r == 0 && !(other && access(other, F_OK) == 0))
			r = merge_pack(s, list[i]->d_name, into, fn, user, e);
		free(list[i]);
	}
	free(list);
	return r;
}

int packs_merge(const struct pack_sides *s, const char *into, pack_merged_fn *fn, void *user,
	struct error *e)
{
	int r = merge_packs(s, s->active, NULL, into, fn, user, e);

	return r < 0 ? r : merge_packs(s, s->folder, s->active, into, fn, user, e);
}
