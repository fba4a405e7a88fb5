/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin backup FOLDER: a copy of the whole state that opens. The database, the journal and the keys are read here
 * (consistent, while everything runs, and nobody waits for it); the published rules and the configuration are copied beside them; then the
 * copy is opened, checked and its ledger counted, and marked (restored.c). To restore: put the folder in the place of the state folder; the
 * register of erasures beside it (lib/db/erasures.h) stays where it is. */
#include "command.h"
#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>

enum { FILE_LIMIT = 64 << 20, DEPTH = 8 };

static int copy_file(const char *from, const char *to, struct error *e)
{
	_buf_ struct buf text = {0};
	int r = file_read(from, FILE_LIMIT, &text, e);
	return r < 0 ? r : file_write_atomic(to, buf_slice(&text), 0600, e);
}

static int copy_tree(const char *from, const char *to, int depth, struct error *e)
{
	DIR *d = opendir(from);
	if (!d)
		return errno == ENOENT ? 0 : error_set(e, -errno, "%s : %s", from, strerror(errno));
	int r = file_make_folder(to, 0700, e);
	for (struct dirent *entry; r == 0 && (entry = readdir(d));) {
		struct stat st;
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		_free_ char *one = xasprintf("%s/%s", from, entry->d_name);
		_free_ char *copy = xasprintf("%s/%s", to, entry->d_name);
		if (lstat(one, &st) < 0 && errno == ENOENT)
			continue; /* old rules that were taken away meanwhile */
		else if (lstat(one, &st) < 0)
			r = error_set(e, -errno, "%s : %s", one, strerror(errno));
		else if (S_ISDIR(st.st_mode) && depth < DEPTH)
			r = copy_tree(one, copy, depth + 1, e);
		else if (S_ISREG(st.st_mode))
			r = copy_file(one, copy, e);
	}
	closedir(d);
	return r;
}

struct count {
	uint64_t received, wrong;
};
static int count_row(void *user, const struct ledger_row *row)
{
	struct count *c = user;
	c->received += row->received;
	c->wrong += !row->balanced;
	return 0;
}

/* The copy opens, is whole, and its ledger is as right as ours. */
static int check_copy(struct context *x, const char *folder)
{
	struct error e = {0};
	struct count c = {0};
	struct reader *copy = NULL;
	int64_t last = 0;
	int r = reader_check(folder, &e);
	if (r == 0)
		r = reader_open(folder, &copy, &e);
	if (r == 0)
		r = reader_last_seq(copy, &last, &e);
	if (copy)
		reader_close(copy);
	if (r == 0)
		r = reader_ledger(folder, count_row, &c, &e);
	if (r < 0)
		return complain(x, EXIT_PROBLEMS, _w(x, "la copie n'est pas bonne : %s"), e.text);
	if (c.wrong > 0)
		return complain(x, EXIT_PROBLEMS,
			_w(x, "la copie s'ouvre, mais son compte ne tombe pas juste"));
	if (x->json)
		printf("{\"committed\":%lld,\"received\":%llu}\n", (long long)last,
			(unsigned long long)c.received);
	else
		printf(_w(x, "sauvegarde vérifiée dans %s : %lld commentaires enregistrés, compte juste\n"),
			folder, (long long)last);
	return EXIT_DONE;
}

/* A new folder, or an empty one. */
static int make_empty(struct context *x, const char *path)
{
	if (mkdir(path, 0700) == 0)
		return 0;
	if (errno == EEXIST && rmdir(path) == 0 && mkdir(path, 0700) == 0)
		return 0;
	if (errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR)
		return complain(
			x, EXIT_MISUSE, _w(x, "%s existe déjà : donnez un dossier neuf"), path);
	return complain(x, EXIT_PROBLEMS, "%s: %s", path, strerror(errno));
}

int command_backup(struct context *x, int argc, char **argv)
{
	int r = options_parse(x, NULL, 0, &argc, argv);
	if (r == 0)
		r = options_words(x, "backup", argc, 1, 1);
	if (r == 0)
		r = need_config(x);
	umask(077); /* what is copied is for our eyes only, wherever the folder goes */
	if (r == 0)
		r = become_owner(x); /* the folder must be store's to write */
	if (r == 0)
		r = make_empty(x, argv[0]);
	if (r)
		return r;
	_free_ char *folder = realpath(argv[0], NULL);
	if (!folder)
		return complain(x, EXIT_PROBLEMS, "%s: %s", argv[0], strerror(errno));
	struct error e = {0};
	if (reader_backup(x->config.state_dir, folder, &e) < 0) {
		rmdir(folder); /* when nothing was written */
		return complain(x, EXIT_PROBLEMS, "%s", e.text);
	}
	_free_ char *bundles = xasprintf("%s/bundles", x->config.state_dir);
	_free_ char *bundles_copy = xasprintf("%s/bundles", folder);
	_free_ char *config_copy = xasprintf("%s/tocsin.yaml", folder);
	if (copy_tree(bundles, bundles_copy, 0, &e) < 0 ||
		copy_file(x->config_path, config_copy, &e) < 0 ||
		restored_mark(&x->config, folder, &e) < 0)
		return complain(x, EXIT_PROBLEMS, "%s", e.text);
	return check_copy(x, folder);
}
