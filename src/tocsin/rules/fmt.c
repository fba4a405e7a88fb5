/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin rules fmt: packs with their keys in French or English, lines tidied; comments stay. */
#include <dirent.h>
#include <sys/stat.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>
#include <tocsin/yaml/yaml.h>
#include "author.h"

struct formatting {
	struct context *x;
	enum ruleset_spelling spelling;
	bool check; /* only says which would change */
	int code;
};

static void format_file(struct formatting *f, const char *path)
{
	_buf_ struct buf text = {0}, out = {0};
	struct problems p = {0};
	struct error e = {0};
	int r = file_read(path, YAML_MAX, &text, &e);
	if (r < 0) {
		f->code = complain(f->x, EXIT_PROBLEMS, "%s", e.text);
		return;
	}
	r = ruleset_format(buf_slice(&text), path, f->spelling, &out, &p);
	report(f->x, &p, REPORT_TEXT);
	problems_release(&p);
	if (r < 0) {
		f->code = EXIT_PROBLEMS;
		return;
	}
	if (slice_equal(buf_slice(&text), buf_slice(&out)))
		return;
	printf("%s\n", path);
	if (f->check)
		f->code = EXIT_PROBLEMS;
	else if (file_write_atomic(path, buf_slice(&out), 0644, &e) < 0)
		f->code = complain(f->x, EXIT_PROBLEMS, "%s", e.text);
}

static void format_folder(struct formatting *f, const char *path)
{
	struct dirent **list;
	int n = scandir(path, &list, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		const char *name = list[i]->d_name;
		size_t length = strlen(name);
		_free_ char *file = xasprintf("%s/%s", path, name);
		if (length > 5 && name[0] != '.' && strcmp(name + length - 5, ".yaml") == 0)
			format_file(f, file);
		free(list[i]);
	}
	if (n >= 0)
		free(list);
}

int rules_fmt(struct context *x, int argc, char **argv)
{
	struct formatting f = {.x = x};
	struct stat st;
	const char *keys = NULL;
	const struct option_spec options[] = {
		{"check", NULL, &f.check, NULL}, {"keys", "clés", NULL, &keys}};
	/* --lang also says in which language we speak; here it is the packs' */
	for (int i = 1; i < argc && argv[i] && !keys; i++)
		if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc)
			keys = argv[i + 1];
		else if (strncmp(argv[i], "--lang=", 7) == 0)
			keys = argv[i] + 7;
	int r = options_parse(x, options, 2, &argc, argv);
	if (r == 0)
		r = options_words(x, "rules", argc, 1, 1000);
	if (r)
		return r;
	if (keys && strcmp(keys, "fr") == 0)
		f.spelling = RULESET_FRENCH;
	else if (keys && strcmp(keys, "en") == 0)
		f.spelling = RULESET_ENGLISH;
	else if (keys)
		return complain(x, EXIT_MISUSE, _w(x, "--lang : fr ou en"));
	for (int i = 0; i < argc; i++) {
		if (stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode))
			format_folder(&f, argv[i]);
		else
			format_file(&f, argv[i]);
	}
	return f.code;
}
