/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/yaml/yaml.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/utf8.h>
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <strings.h>

void yaml_problem(const struct yaml_file *f, const struct yaml_node *node, struct problems *p,
	const char *hint, const char *format, ...)
{
	char text[512];
	va_list args;
	va_start(args, format);
	int n = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (n >= (int)sizeof(text))
		text[utf8_cut((struct slice){text, sizeof(text) - 1}, sizeof(text) - 4).n] = '\0';
	problem_add(p, PROBLEM_ERROR, f->path, node ? node->line : 0, node ? node->column : 0, hint,
		"%s", text);
}

static const struct yaml_node *find(const struct yaml_node *map, const char *key)
{
	for (size_t i = 0; map && map->type == YAML_MAP && i < map->n; i++)
		if (slice_is(map->keys[i]->text, key))
			return map->items[i];
	return NULL;
}

const struct yaml_node *yaml_get(const struct yaml_node *map, const char *english,
	const struct yaml_key *keys, size_t n_keys)
{
	const struct yaml_node *value = find(map, english);
	for (size_t i = 0; !value && i < n_keys; i++)
		if (strcmp(keys[i].english, english) == 0 && keys[i].french)
			value = find(map, keys[i].french);
	return value;
}

static const struct yaml_key *key_of(struct slice text, const struct yaml_key *keys, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (slice_is(text, keys[i].english) ||
			(keys[i].french && slice_is(text, keys[i].french)))
			return &keys[i];
	return NULL;
}

/* What was typed, as far as it is worth showing. */
#define SHOWN(s) (int)utf8_cut(s, 80).n, (s).p

static void unknown_key(const struct yaml_file *f, const struct yaml_node *key,
	const struct yaml_key *keys, size_t n, struct problems *p)
{
	_buf_ struct buf hint = {0};
	_free_ const char **spellings = xreallocarray(NULL, 2 * n, sizeof(*spellings));
	for (size_t i = 0; i < n; i++) {
		spellings[2 * i] = keys[i].english;
		spellings[2 * i + 1] = keys[i].french;
	}
	const char *nearest = problem_did_you_mean(key->text, spellings, 2 * n);
	if (nearest)
		buf_printf(&hint, "vouliez-vous dire « %s » ?", nearest);
	for (size_t i = 0; !nearest && i < n; i++)
		buf_printf(&hint, "%s%s", i ? ", " : "clés possibles : ",
			keys[i].french ? keys[i].french : keys[i].english);
	yaml_problem(f, key, p, hint.n ? buf_string(&hint) : NULL, "clé inconnue « %.*s »",
		SHOWN(key->text));
}

void yaml_check_keys(const struct yaml_file *f, const struct yaml_node *map,
	const struct yaml_key *keys, size_t n_keys, struct problems *p)
{
	if (map->type != YAML_MAP) {
		yaml_problem(
			f, map, p, "écrivez « clé: valeur »", "un dictionnaire est attendu ici");
		return;
	}
	for (size_t i = 0; i < map->n; i++) {
		const struct yaml_key *key = key_of(map->keys[i]->text, keys, n_keys);
		if (!key) {
			unknown_key(f, map->keys[i], keys, n_keys, p);
			continue;
		}
		for (size_t j = 0; j < i; j++)
			if (key_of(map->keys[j]->text, keys, n_keys) == key)
				yaml_problem(f, map->keys[i], p,
					"gardez une seule des deux orthographes",
					"« %s » et « %s » disent la même chose", key->english,
					key->french);
	}
}

int yaml_string(const struct yaml_file *f, const struct yaml_node *node, struct slice *ret,
	struct problems *p)
{
	if (!node)
		return 0;
	if (node->type != YAML_SCALAR) {
		yaml_problem(f, node, p,
			"écrivez un mot ou une phrase derrière les deux-points, sans liste ni accolades",
			"un texte est attendu ici");
		return -EINVAL;
	}
	*ret = node->text;
	return 0;
}

/* "1 MiB", "64 Ko": a size may carry a unit. */
static int64_t unit_of(struct slice s)
{
	static const struct {
		const char *name;
		int64_t times;
	} units[] = {{"", 1}, {"KiB", 1 << 10}, {"Kio", 1 << 10}, {"MiB", 1 << 20},
		{"Mio", 1 << 20}, {"GiB", 1 << 30}, {"Gio", 1 << 30}, {"k", 1000}, {"M", 1000000}};
	while (s.n && s.p[0] == ' ')
		s = (struct slice){s.p + 1, s.n - 1};
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (slice_is(s, units[i].name))
			return units[i].times;
	return 0;
}

/* Leading digits; s keeps the rest. */
static bool number(struct slice *s, int64_t *ret)
{
	bool minus = s->n && s->p[0] == '-';
	size_t i = minus, digits = 0;
	int64_t v = 0;
	for (; i < s->n && isdigit((unsigned char)s->p[i]); i++, digits++) {
		if (v > (INT64_MAX - 9) / 10)
			return false;
		v = v * 10 + (s->p[i] - '0');
	}
	*s = (struct slice){s->p + i, s->n - i};
	*ret = minus ? -v : v;
	return digits > 0;
}

/* How to write a number between two others. */
static void say_between(int64_t min, int64_t max, struct buf *out)
{
	buf_add_string(out, "écrivez-le en chiffres, sans virgule ni autre mot : ");
	if (max >= INT32_MAX)
		buf_printf(out, "%lld ou plus", (long long)min);
	else
		buf_printf(out, "de %lld à %lld", (long long)min, (long long)max);
}

int yaml_int(const struct yaml_file *f, const struct yaml_node *node, int64_t min, int64_t max,
	int64_t *ret, struct problems *p)
{
	struct slice s = {0};
	if (!node)
		return 0;
	if (yaml_string(f, node, &s, p) < 0)
		return -EINVAL;
	int64_t v, unit;
	if (s.n > 1 && s.p[0] == '0' && isdigit((unsigned char)s.p[1])) {
		yaml_problem(f, node, p,
			"YAML lit parfois 010 comme 8 : retirez le zéro, écrivez 10",
			"un nombre ne commence pas par zéro : « %.*s »", SHOWN(s));
		return -EINVAL;
	}
	if (!number(&s, &v) || !(unit = unit_of(s)) || v > INT64_MAX / unit ||
		v < INT64_MIN / unit) {
		_buf_ struct buf hint = {0};
		say_between(min, max, &hint);
		yaml_problem(f, node, p, buf_string(&hint),
			"un nombre entier est attendu, pas « %.*s »", SHOWN(node->text));
		return -EINVAL;
	}
	v *= unit;
	if (v < min || v > max) {
		_buf_ struct buf hint = {0};
		buf_printf(&hint, "au plus près : %lld", (long long)(v < min ? min : max));
		yaml_problem(f, node, p, buf_string(&hint), "entre %lld et %lld", (long long)min,
			(long long)max);
		return -EINVAL;
	}
	*ret = v;
	return 0;
}

static bool same_word(struct slice s, const char *word)
{
	return s.n == strlen(word) && strncasecmp(s.p, word, s.n) == 0;
}

int yaml_bool(
	const struct yaml_file *f, const struct yaml_node *node, bool *ret, struct problems *p)
{
	static const char *const yes[] = {"yes", "oui", "true", "vrai"},
				 *const no[] = {"no", "non", "false", "faux"};
	struct slice s = {0};
	if (!node)
		return 0;
	if (yaml_string(f, node, &s, p) < 0)
		return -EINVAL;
	for (size_t i = 0; i < 4; i++) {
		bool is_yes = same_word(s, yes[i]);
		if (is_yes || same_word(s, no[i])) {
			*ret = is_yes;
			return 0;
		}
	}
	yaml_problem(f, node, p, "écrivez oui ou non", "oui ou non est attendu ici");
	return -EINVAL;
}

int yaml_duration(const struct yaml_file *f, const struct yaml_node *node, int64_t *ret_ms,
	struct problems *p)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = {
		{"ms", 1},
		{"s", CLOCK_SECOND},
		{"seconde", CLOCK_SECOND},
		{"second", CLOCK_SECOND},
		{"min", CLOCK_MINUTE},
		{"minute", CLOCK_MINUTE},
		{"h", CLOCK_HOUR},
		{"heure", CLOCK_HOUR},
		{"hour", CLOCK_HOUR},
		{"j", CLOCK_DAY},
		{"jour", CLOCK_DAY},
		{"d", CLOCK_DAY},
		{"day", CLOCK_DAY},
		{"semaine", 7 * CLOCK_DAY},
		{"week", 7 * CLOCK_DAY},
		{"mois", 30 * CLOCK_DAY},
		{"month", 30 * CLOCK_DAY},
	};
	struct slice s = {0};
	int64_t v;
	if (!node)
		return 0;
	if (yaml_string(f, node, &s, p) < 0)
		return -EINVAL;
	bool good = number(&s, &v) && v >= 0 && v < 1000000;
	while (s.n && s.p[0] == ' ')
		s = (struct slice){s.p + 1, s.n - 1};
	struct slice singular = s;
	if (s.n > 3 && s.p[s.n - 1] == 's')
		singular.n--;
	for (size_t i = 0; good && i < sizeof(units) / sizeof(*units); i++) {
		if (slice_is(s, units[i].name) || slice_is(singular, units[i].name)) {
			*ret_ms = v * units[i].ms;
			return 0;
		}
	}
	yaml_problem(f, node, p, "par exemple 90 s, 15 min, 2 h, 35 j, 13 mois",
		"une durée est attendue ici");
	return -EINVAL;
}

static bool id_ok(const char *id)
{
	size_t n = 0;
	for (; id[n]; n++)
		if (!((id[n] >= 'a' && id[n] <= 'z') || (id[n] >= 'A' && id[n] <= 'Z') ||
			    (id[n] >= '0' && id[n] <= '9') || strchr("-_.", id[n])))
			return false;
	return n > 0 && n <= YAML_ID_MAX;
}

const char *yaml_id(
	const struct yaml_file *f, const struct yaml_node *node, const char *id, struct problems *p)
{
	if (id_ok(id))
		return id;
	yaml_problem(f, node, p, "lettres sans accent, chiffres, - _ et . ; 48 au plus",
		"identifiant refusé : %s", id);
	return NULL;
}

int yaml_choice(const struct yaml_file *f, const struct yaml_node *node, const char *const *words,
	size_t n, size_t *ret, struct problems *p)
{
	struct slice s = {0};
	if (!node)
		return 0;
	if (yaml_string(f, node, &s, p) < 0)
		return -EINVAL;
	struct buf hint = {0};
	const char *nearest = problem_did_you_mean(s, words, n);
	for (size_t i = 0; i < n; i++) {
		if (slice_is(s, words[i])) {
			*ret = i;
			buf_release(&hint);
			return 0;
		}
		buf_printf(&hint, "%s%s", i ? ", " : "un de : ", words[i]);
	}
	if (nearest) {
		buf_clear(&hint);
		buf_printf(&hint, "vouliez-vous dire « %s » ?", nearest);
	}
	yaml_problem(f, node, p, buf_string(&hint), "valeur inconnue « %.*s »", SHOWN(s));
	buf_release(&hint);
	return -EINVAL;
}
