/* SPDX-License-Identifier: GPL-3.0-or-later
 * One map of the configuration file, read key by key into values with defaults. */
#include "private.h"
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#include <tocsin/base/alloc.h>

const struct yaml_node *section_get(const struct section *s, const char *english)
{
	return s->map ? yaml_get(s->map, english, s->keys, s->n_keys) : NULL;
}

struct section config_section(
	struct section *root, const char *english, const struct yaml_key *keys, size_t n_keys)
{
	struct section s = {root->c, section_get(root, english), keys, n_keys, root->p};
	if (s.map && s.map->type != YAML_MAP) {
		_free_ char *empty = xasprintf("%s: {}", english);
		yaml_problem(&root->c->file, s.map, root->p,
			s.map->type == YAML_SCALAR && !s.map->text.n
				? empty
				: "écrivez {clé: valeur, …}, ou une clé par ligne, décalée de deux espaces",
			"« %s » doit être une suite de « clé: valeur »", english);
		s.map = NULL;
	}
	if (s.map)
		yaml_check_keys(&root->c->file, s.map, keys, n_keys, root->p);
	return s;
}

/* A scalar's text, or false (absent, or not a scalar: said). Empty text is a problem too. */
static bool get_text(const struct section *s, const char *english, struct slice *ret)
{
	const struct yaml_node *node = section_get(s, english);
	if (!node || yaml_string(&s->c->file, node, ret, s->p) < 0)
		return false;
	if (ret->n == 0 || memchr(ret->p, 0, ret->n)) {
		yaml_problem(&s->c->file, node, s->p,
			"écrivez une valeur derrière les deux-points, ou retirez la ligne",
			"« %s » est vide", english);
		return false;
	}
	return true;
}

void section_string(const struct section *s, const char *english, const char **ret)
{
	struct slice text;
	if (get_text(s, english, &text))
		*ret = arena_string(&s->c->private_->arena, text);
}

/* "credential:NAME": what systemd gives the service (LoadCredential=, systemd.exec(5)). NULL: it is none. */
static const char *credential_path(struct config *c, struct slice path)
{
	static const char prefix[] = "credential:";
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	const size_t n = sizeof(prefix) - 1;
	_buf_ struct buf joined = {0};
	if (!slice_begins(path, prefix) || path.n == n || memchr(path.p + n, '/', path.n - n))
		return NULL;
	buf_printf(&joined, "%s/%.*s", folder ? folder : "/run/credentials/tocsin.service",
		(int)(path.n - n), path.p + n);
	return arena_string(&c->private_->arena, buf_slice(&joined));
}

bool config_lacks(const struct config *c, const char *path, int mode)
{
	return path && !c->private_->again && access(path, mode) < 0;
}

const char *config_path(struct config *c, struct slice path)
{
	struct arena *a = &c->private_->arena;
	const char *credential = credential_path(c, path);
	if (credential)
		return credential;
	if (path.p[0] == '/')
		return arena_string(a, path);
	_buf_ struct buf joined = {0};
	buf_printf(
		&joined, "%s/", strcmp(c->private_->folder, "/") == 0 ? "" : c->private_->folder);
	while (path.n > 2 && path.p[0] == '.' && path.p[1] == '/')
		path = (struct slice){path.p + 2, path.n - 2};
	buf_add_slice(&joined, path);
	return arena_string(a, buf_slice(&joined));
}

void section_path(const struct section *s, const char *english, const char **ret)
{
	struct slice text;
	if (get_text(s, english, &text))
		*ret = config_path(s->c, text);
}

void section_int(
	const struct section *s, const char *english, int64_t min, int64_t max, int64_t *ret)
{
	const struct yaml_node *node = section_get(s, english);
	int64_t v;
	if (node && yaml_int(&s->c->file, node, min, max, &v, s->p) == 0)
		*ret = v;
}

void section_bool(const struct section *s, const char *english, bool *ret)
{
	const struct yaml_node *node = section_get(s, english);
	bool v;
	if (node && yaml_bool(&s->c->file, node, &v, s->p) == 0)
		*ret = v;
}

void section_duration(const struct section *s, const char *english, int64_t min_ms, int64_t *ret)
{
	const struct yaml_node *node = section_get(s, english);
	int64_t v;
	if (!node || yaml_duration(&s->c->file, node, &v, s->p) < 0)
		return;
	if (v < min_ms)
		yaml_problem(&s->c->file, node, s->p,
			"allongez la durée : par exemple 15 min, 2 h, 35 j",
			"« %s » est trop court", english);
	else
		*ret = v;
}

/* "1 MiB", "512 Kio", "1048576" → bytes; -EINVAL. */
static int parse_size(struct slice text, int64_t *ret)
{
	static const struct {
		const char *word;
		int shift;
	} units[] = {{"", 0}, {"o", 0}, {"B", 0}, {"Kio", 10}, {"KiB", 10}, {"Mio", 20},
		{"MiB", 20}, {"Gio", 30}, {"GiB", 30}};
	int64_t n = 0;
	size_t i = 0;
	while (i < text.n && text.p[i] >= '0' && text.p[i] <= '9' && n < INT64_C(1) << 30)
		n = 10 * n + (text.p[i++] - '0');
	if (i == 0)
		return -EINVAL;
	while (i < text.n && text.p[i] == ' ')
		i++;
	struct slice unit = {text.p + i, text.n - i};
	for (size_t u = 0; u < sizeof(units) / sizeof(*units); u++)
		if (slice_is(unit, units[u].word)) {
			*ret = n << units[u].shift;
			return 0;
		}
	return -EINVAL;
}

void section_size(
	const struct section *s, const char *english, int64_t min, int64_t max, int64_t *ret)
{
	struct slice text;
	int64_t v;
	if (!get_text(s, english, &text))
		return;
	const struct yaml_node *node = section_get(s, english);
	if (parse_size(text, &v) < 0)
		yaml_problem(&s->c->file, node, s->p, "par exemple 1 MiB ou 512 Kio",
			"taille incomprise : %.*s", (int)text.n, text.p);
	else if (v < min || v > max)
		yaml_problem(&s->c->file, node, s->p, "par exemple 1 MiB ou 512 Kio",
			"taille hors limites (de %lld à %lld octets)", (long long)min,
			(long long)max);
	else
		*ret = v;
}

void section_choice(const struct section *s, const char *english, const struct yaml_key *choices,
	size_t n, const char **ret)
{
	const struct yaml_node *node = section_get(s, english);
	const char *spellings[16];
	const char *meaning[16];
	size_t count = 0, chosen;
	for (size_t i = 0; i < n && count < 15; i++) {
		spellings[count] = meaning[count] = choices[i].english;
		count++;
		if (choices[i].french) {
			spellings[count] = choices[i].french;
			meaning[count++] = choices[i].english;
		}
	}
	if (node && yaml_choice(&s->c->file, node, spellings, count, &chosen, s->p) == 0)
		*ret = meaning[chosen];
}

void section_words(
	const struct section *s, const char *key, const char *hint, const char *what, char ***ret)
{
	const struct yaml_node *node = section_get(s, key);
	struct arena *a = &s->c->private_->arena;
	if (!node)
		return;
	if (node->type != YAML_LIST || node->n == 0) {
		yaml_problem(&s->c->file, node, s->p, hint, "« %s » doit être une liste : %s", key,
			what);
		return;
	}
	char **words = arena_zero(a, (node->n + 1) * sizeof(*words));
	for (size_t i = 0; i < node->n; i++) {
		struct slice word;
		if (yaml_string(&s->c->file, node->items[i], &word, s->p) < 0)
			return;
		words[i] = arena_string(a, word);
	}
	*ret = words;
}

void section_hosts(const struct section *s, char ***ret)
{
	section_words(s, "allow_internal", "allow_internal: [intranet.ville.example]",
		"des noms de machines, avec ou sans « :port »", ret);
}
