/* SPDX-License-Identifier: GPL-3.0-or-later
 * In an election period no topic is about a candidate: what is about to be published is read for the names that `election:` of
 * tocsin.yaml lists. A topic names somebody in what it looks for and in its title, or by a list that it takes ($nom), whoever's
 * pack that is of. Rules are left alone: an insult to a candidate is one still. */
#include <dirent.h>
#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/policy/policy.h>
#include <tocsin/text/text.h>
#include <tocsin/yaml/yaml.h>
#include "author.h"

/* What of a pack says nothing by itself, or is no topic's. */
static const char *const apart[] = {"rules", "règles", "lists", "listes", "append", "ajouter",
	"replace", "remplacer", "persons", "personnes", "tests", "exemples", "owner", "responsable",
	NULL};
static const char *const lists[] = {"lists", "listes", "append", "ajouter", "replace", "remplacer",
	"persons", "personnes", NULL};

struct names {
	char **list; /* folded, between blanks */
	const char **written;
	size_t n;
};
struct search {
	struct context *x;
	const struct policy_election *election;
	struct text_views *views;
	struct names names;
	struct buf taken; /* of lists that topics take: "\n$nom\n…" */
	struct yaml_file *file;
	struct problems p;
};

static bool is_one(struct slice key, const char *const *all)
{
	for (size_t i = 0; all[i]; i++)
		if (slice_is(key, all[i]))
			return true;
	return false;
}

/* Words of the folded text, a blank before, between and after them. */
static char *words_of_text(struct search *s, struct slice text)
{
	const struct text_word *list;
	struct buf out = {0};
	text_views_make(s->views, text);
	const struct slice folded = text_view(s->views, TEXT_FOLDED);
	const size_t n = text_words(s->views, &list);
	buf_add_char(&out, ' ');
	for (size_t i = 0; i < n; i++) {
		buf_add(&out, folded.p + list[i].start, list[i].end - list[i].start);
		buf_add_char(&out, ' ');
	}
	buf_add_char(&out, 0);
	return out.p;
}

static bool is_taken(struct search *s, struct slice name)
{
	_buf_ struct buf line = {0};
	buf_printf(&line, "\n$%.*s\n", (int)name.n, name.p);
	return strstr(buf_string(&s->taken), buf_string(&line));
}

static void look_at(struct search *s, const struct yaml_node *node)
{
	_free_ char *text = words_of_text(s, node->text);
	for (size_t i = 0; i < s->names.n; i++)
		if (strstr(text, s->names.list[i])) {
			yaml_problem(s->file, node, &s->p,
				_w(s->x, "retirez ce nom, ou publiez après le scrutin"),
				_w(s->x,
					"un sujet ne porte pas sur un candidat en période électorale : %s"),
				s->names.written[i]);
			return;
		}
	const struct slice taken = {node->text.p + 1, node->text.n - 1};
	if (node->text.n > 1 && node->text.p[0] == '$' && !is_taken(s, taken))
		buf_printf(&s->taken, "%.*s\n", (int)node->text.n, node->text.p);
}

static void look_below(struct search *s, const struct yaml_node *node)
{
	if (node->type == YAML_SCALAR)
		look_at(s, node);
	for (size_t i = 0; node->type != YAML_SCALAR && i < node->n; i++)
		if (node->type == YAML_LIST || !is_one(node->keys[i]->text, apart))
			look_below(s, node->items[i]);
}

/* Lists that topics take, and those that these take. */
static void look_at_lists(struct search *s)
{
	const struct yaml_node *root = s->file->root;
	for (size_t i = 0; root && root->type == YAML_MAP && i < root->n; i++) {
		const struct yaml_node *all = root->items[i];
		if (all->type != YAML_MAP || !is_one(root->keys[i]->text, lists))
			continue;
		for (size_t k = 0; k < all->n; k++)
			if (is_taken(s, all->keys[k]->text))
				look_below(s, all->items[k]);
	}
}

static void look_at_topics(struct search *s)
{
	if (s->file->root && s->file->root->type == YAML_MAP)
		look_below(s, s->file->root);
}

static int is_pack(const struct dirent *entry)
{
	const size_t n = strlen(entry->d_name);
	return entry->d_name[0] != '.' && n > 5 && strcmp(entry->d_name + n - 5, ".yaml") == 0;
}

/* Each pack of the folder in turn. */
static int each_pack(struct search *s, const char *folder, void (*look)(struct search *s))
{
	struct dirent **list = NULL;
	int n = scandir(folder, &list, is_pack, alphasort), r = n < 0 ? -errno : 0;
	for (int i = 0; i < n; i++) {
		_free_ char *path = xasprintf("%s/%s", folder, list[i]->d_name);
		struct yaml_file file;
		if (r == 0)
			r = yaml_read(path, &file, &s->p);
		if (r == 0) {
			s->file = &file;
			look(s);
			s->file = NULL;
			yaml_release(&file);
		}
		free(list[i]);
	}
	free(list);
	return r;
}

static int search(struct search *s, const char *folder)
{
	const struct policy_election *e = s->election;
	s->names = (struct names){xcalloc(e->n_candidates + 1, sizeof(char *)), e->candidates, 0};
	for (; s->names.n < e->n_candidates; s->names.n++)
		s->names.list[s->names.n] = words_of_text(s, slice_of(e->candidates[s->names.n]));
	buf_add_char(&s->taken, '\n');
	int r = each_pack(s, folder, look_at_topics);
	/* a list may take others: as long as that names more of them */
	for (size_t before = 0; r == 0 && before != s->taken.n && !s->p.errors;) {
		before = s->taken.n;
		r = each_pack(s, folder, look_at_lists);
	}
	for (size_t i = 0; i < s->names.n; i++)
		free(s->names.list[i]);
	free(s->names.list);
	return r;
}

int rules_candidates(struct context *x, const char *folder)
{
	struct search s = {.x = x};
	struct policy policy;
	int r = need_reader(x);
	if (r)
		return r;
	if (policy_load(&x->config.file, x->config.folder, &policy, &s.p) < 0) {
		report(x, &s.p, REPORT_TEXT);
		problems_release(&s.p);
		return complain(x, EXIT_PROBLEMS, _w(x, "rien n'est publié"));
	}
	s.election = policy_election_at(&policy, town_clock(x));
	if (s.election && s.election->n_candidates) {
		s.views = text_views_new();
		r = search(&s, folder);
		text_views_free(s.views);
	}
	report(x, &s.p, REPORT_TEXT);
	if (r < 0 && !s.p.errors)
		complain(x, EXIT_PROBLEMS, "%s : %s", folder, strerror(-r));
	r = r < 0 || s.p.errors ? EXIT_PROBLEMS : 0;
	buf_release(&s.taken);
	problems_release(&s.p);
	policy_release(&policy);
	return r ? complain(x, r, _w(x, "rien n'est publié")) : 0;
}
