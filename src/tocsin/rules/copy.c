/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "copy.h"
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>
#include <tocsin/yaml/yaml.h>

static int copy_pack(const char *from, const char *to, struct error *e)
{
	_buf_ struct buf text = {0};
	int r = file_read(from, YAML_MAX, &text, e);
	return r < 0 ? r : file_write_atomic(to, buf_slice(&text), 0600, e);
}

int packs_copy(const char *bundle, const char *except, struct folder *ret, struct error *e)
{
	int r = folder_make(ret, e);
	DIR *d = r == 0 ? opendir(bundle) : NULL;
	if (r == 0 && !d)
		r = error_set(e, -errno, "%s : %s", bundle, strerror(errno));
	for (struct dirent *entry; d && r == 0 && (entry = readdir(d));) {
		_free_ char *from = xasprintf("%s/%s", bundle, entry->d_name);
		_free_ char *to = xasprintf("%s/%s", ret->path, entry->d_name);
		if (entry->d_name[0] != '.' && slice_ends(slice_of(entry->d_name), ".yaml") &&
			(!except || strcmp(entry->d_name, except) != 0))
			r = copy_pack(from, to, e);
	}
	if (d)
		closedir(d);
	return r;
}
