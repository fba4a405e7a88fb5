/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin rules try: a prompt. Each line that is typed is explained; rules that were saved meanwhile are read again
 * first, so that an author writes in one window and tries in the other. */
#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <tocsin/base/alloc.h>
#include "explain.h"

struct session {
	struct context *x;
	const char *folder;
	struct ruleset *rules;
	struct scorer *scorer;
	struct timespec saved; /* newest change of what is loaded */
};

static void keep_newest(struct timespec *newest, const char *path)
{
	struct stat st;
	if (stat(path, &st) < 0)
		return;
	if (st.st_mtim.tv_sec > newest->tv_sec ||
		(st.st_mtim.tv_sec == newest->tv_sec && st.st_mtim.tv_nsec > newest->tv_nsec))
		*newest = st.st_mtim;
}

static struct timespec last_change(const char *folder)
{
	struct timespec newest = {0};
	DIR *d = opendir(folder);
	keep_newest(&newest, folder);
	for (struct dirent *entry; d && (entry = readdir(d));) {
		_free_ char *path = xasprintf("%s/%s", folder, entry->d_name);
		size_t n = strlen(entry->d_name);
		if (n > 5 && strcmp(entry->d_name + n - 5, ".yaml") == 0)
			keep_newest(&newest, path);
	}
	if (d)
		closedir(d);
	return newest;
}

/* Reads the rules when they changed; with mistakes the last good ones stay. False when there are none at all. */
static bool refresh(struct session *s)
{
	struct timespec now = last_change(s->folder);
	struct ruleset *rules = NULL;
	if (s->rules && now.tv_sec == s->saved.tv_sec && now.tv_nsec == s->saved.tv_nsec)
		return true;
	s->saved = now;
	if (packs_load(s->x, s->folder, &rules) != 0) {
		if (s->rules)
			complain(s->x, 0, _w(s->x, "les règles d'avant restent"));
		return s->rules != NULL;
	}
	if (s->rules)
		fprintf(stderr, "%s\n", _w(s->x, "règles relues"));
	scorer_free(s->scorer);
	ruleset_free(s->rules);
	s->rules = rules;
	s->scorer = scorer_new(rules);
	return true;
}

static void prompt(const struct session *s)
{
	if (!s->x->terminal || !isatty(0))
		return;
	fputs("\n> ", stdout);
	fflush(stdout);
}

int rules_try(struct context *x, int argc, char **argv)
{
	struct session s = {.x = x};
	_free_ char *line = NULL;
	size_t cap = 0;
	int r = options_parse(x, NULL, 0, &argc, argv);
	if (r == 0)
		r = options_words(x, "rules", argc, 0, 1);
	if (r == 0)
		r = rules_folder(x, argc ? argv[0] : NULL, &s.folder);
	if (r)
		return r;
	if (!refresh(&s))
		return EXIT_PROBLEMS;
	if (x->terminal && isatty(0))
		puts(_w(x, "Un texte par ligne ; Ctrl-D pour finir."));
	prompt(&s);
	for (ssize_t n; (n = getline(&line, &cap, stdin)) > 0; prompt(&s)) {
		while (n && (line[n - 1] == '\n' || line[n - 1] == '\r'))
			n--;
		struct slice text = {line, (size_t)n};
		if (!text.n)
			continue;
		refresh(&s);
		if (!utf8_valid(text) || memchr(text.p, 0, text.n))
			complain(x, 0, _w(x, "le texte n'est pas en UTF-8"));
		else
			explain_text(x, s.rules, s.scorer, text);
		fflush(stdout);
	}
	scorer_free(s.scorer);
	ruleset_free(s.rules);
	return EXIT_DONE;
}
