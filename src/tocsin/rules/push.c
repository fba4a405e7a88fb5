/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin rules push: somebody publishes a folder. What others published since (in the console, by « Suivre ce sujet », by another
 * push) does not go without a word: the folder of the configuration is merged with it as a start merges it, and any other folder
 * that lacks it is refused. --over says that whoever publishes has seen what is in force; --force, that all else may go. */
#include "author.h"
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include "../replay/folder.h"
#include "merging.h"

struct push {
	struct context *x;
	struct signature *s;
	const char *folder;
	char active[65], last[65];
	struct folder merged; /* where it is made */
	struct merging m;
};

static int fail(struct push *p, const struct error *e)
{
	return complain(p->x, EXIT_PROBLEMS, "%s", e->text);
}

/* What is in force is what the folder is published over, from here on. */
static int look(struct push *p)
{
	struct error e = {""};
	int r = need_reader(p->x);
	if (r)
		return r;
	if (reader_bundle(p->x->reader, p->active, &e) < 0 ||
		reader_folder_bundle(p->x->reader, p->last, &e) < 0)
		return fail(p, &e);
	_free_ char *bundle = xasprintf("%s/bundles/%s", p->x->config.state_dir, p->active);
	const bool seen = p->s->over && !p->s->town;
	if (seen || !*p->active || access(bundle, F_OK) < 0)
		return 0; /* nothing to lose without a word */
	p->m = (struct merging){.reader = p->x->reader,
		.state_dir = p->x->config.state_dir,
		.lang = p->x->lang,
		.folder = p->folder,
		.active = p->active,
		.last = p->last};
	if (folder_make(&p->merged, &e) < 0 || merging_make(&p->m, p->merged.path, &e) < 0)
		return fail(p, &e);
	return 0;
}

/* "suivi-3, essai": what is in force and would go, although the folder has not changed it, or both have. */
static void lost_names(const struct push *p, struct buf *out)
{
	buf_add_slice(out, buf_slice(&p->m.kept));
	if (p->s->town && p->m.disputed.n) {
		buf_add_string(out, out->n ? ", " : "");
		buf_add_slice(out, buf_slice(&p->m.disputed));
	}
}

static void say_gone(const struct push *p)
{
	_buf_ struct buf names = {0};
	lost_names(p, &names);
	if (names.n)
		complain(p->x, 0, _w(p->x, "publiés ailleurs, et plus comme en vigueur : %s"),
			buf_string(&names));
}

static int refuse_other(struct push *p)
{
	struct context *x = p->x;
	complain(x, EXIT_PROBLEMS,
		_w(x, "publiés ailleurs (dans la console, par « Suivre ce sujet »), et pas dans ce dossier : %s"),
		buf_string(&p->m.kept));
	return complain(x, EXIT_PROBLEMS,
		_w(x,
			"rien n'est publié : un dossier remplace tout ce qui est en vigueur. « tocsin rules pull AUTRE-DOSSIER » écrit ce qui "
			"est en vigueur : portez-y vos changements ; « tocsin rules push --force » publie quand même"));
}

static int refuse_disputed(struct push *p)
{
	struct context *x = p->x;
	complain(x, EXIT_PROBLEMS, _w(x, "changés dans le dossier et aussi ailleurs : %s"),
		buf_string(&p->m.disputed));
	return complain(x, EXIT_PROBLEMS,
		_w(x,
			"rien n'est publié. « tocsin rules pull AUTRE-DOSSIER » écrit ce qui est en vigueur : portez-le dans le vôtre, ou "
			"modifiez ces paquets dans la console ; « tocsin rules push --force » publie le dossier tel quel"));
}

/* Each alone is sound; together they may not be. */
static int check_together(struct push *p)
{
	struct context *x = p->x;
	struct ruleset *rules = NULL;
	int r = packs_load(x, p->merged.path, &rules);
	ruleset_free(rules);
	if (r)
		return complain(x, EXIT_PROBLEMS,
			_w(x,
				"le dossier des règles ne va pas avec ce qui a été publié ailleurs : "
				"partez de « tocsin rules pull » et changez-y ce qu'il faut"));
	printf(_w(x, "restent, publiés ailleurs : %s"), buf_string(&p->m.kept));
	printf("\n");
	return rules_examples(x, p->merged.path);
}

/* The folder that is to be published, or the exit code. */
static int settle(struct push *p, const char **ret)
{
	*ret = p->folder;
	if (p->s->force) {
		say_gone(p);
		return 0;
	}
	if (!p->s->town)
		return p->m.kept.n ? refuse_other(p) : 0;
	if (p->m.disputed.n)
		return refuse_disputed(p);
	if (!p->m.kept.n)
		return 0;
	*ret = p->merged.path;
	return check_together(p);
}

static int push(struct push *p)
{
	const char *folder;
	_buf_ struct buf reason = {0};
	int r = rules_examples(p->x, p->folder);
	if (r == 0)
		r = look(p);
	if (r == 0)
		r = settle(p, &folder);
	if (r)
		return r;
	if (folder != p->folder) {
		buf_printf(&reason, "%s ; ", p->s->reason);
		buf_printf(&reason, words(p->x->config.lang, "restent, publiés ailleurs : %s"),
			buf_string(&p->m.kept));
		p->s->reason = buf_string(&reason);
	}
	if (!p->s->over && *p->active)
		p->s->over = p->active;
	return rules_put(p->x, folder, p->s);
}

int rules_push(struct context *x, int argc, char **argv)
{
	struct signature s = {0};
	struct push p = {.x = x, .s = &s};
	int r = signature_read(x, true, &s, &argc, argv);
	if (r == 0)
		r = need_config(x);
	if (r == 0)
		r = rules_folder(x, argc ? argv[0] : NULL, &p.folder);
	if (r == 0) {
		s.town = rules_is_town(x, p.folder) ? p.folder : NULL;
		r = push(&p);
	}
	merging_release(&p.m);
	(void)!folder_remove(&p.merged);
	buf_release(&s.signs);
	return r;
}
