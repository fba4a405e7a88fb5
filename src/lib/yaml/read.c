/* SPDX-License-Identifier: GPL-3.0-or-later
 * libyaml's events into a tree in one arena. What YAML offers and we refuse, with a hint each:
 * anchors, aliases, tags, merge keys, several documents, duplicate keys, depth. */
#include <tocsin/yaml/yaml.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/arena.h>
#include <tocsin/base/file.h>
#include <tocsin/base/utf8.h>
#include <errno.h>
#include <yaml.h>

#define NODES_MAX 250000u /* of one file: bounds its memory */
#define KEYS_MAX 2048u /* of one map: no person writes more, and duplicates are sought pairwise */

struct yaml_file_private {
	struct arena arena;
};

struct reading {
	yaml_parser_t parser;
	struct yaml_file *file;
	struct arena *arena;
	struct problems *problems;
	struct slice text;
	unsigned nodes;
	size_t seen, seen_line,
		seen_column; /* bytes of text before the place that was looked at last */
	bool broken; /* libyaml gave up */
};

static void complain(struct reading *r, yaml_mark_t at, const char *hint, const char *text)
{
	problem_add(r->problems, PROBLEM_ERROR, r->file->path, (unsigned)at.line + 1,
		(unsigned)at.column + 1, hint, "%s", text);
}

/* The usual ways to break a YAML file, in words for those who wrote it. */
static const struct {
	const char *said;
	char found; /* the character there; 0: any */
	const char *text, *hint;
} usual[] = {
	{"cannot start any token", '\t', "tabulation",
		"indentez avec des espaces, jamais de tabulation"},
	{"cannot start any token", 0, "ce caractère ne peut pas commencer une valeur",
		"mettez entre guillemets simples un texte qui commence par @ ` % & * ! | >"},
	{"found a tab character", 0, "tabulation",
		"indentez avec des espaces, jamais de tabulation"},
	{"mapping values are not allowed", 0, "deux-points inattendus",
		"un texte qui contient « : » se met entre guillemets simples ; vérifiez aussi l'alignement"},
	{"did not find expected key", 0, "clé attendue ici",
		"vérifiez l'alignement avec les lignes au-dessus"},
	{"did not find expected '-' indicator", 0, "tiret de liste attendu",
		"alignez les tirets de la liste"},
	{"block sequence entries are not allowed", 0, "tiret de liste inattendu",
		"une liste commence à la ligne, sous sa clé"},
	{"could not find expected ':'", 0, "deux-points attendus",
		"une clé s'écrit « clé: valeur », avec une espace après les deux-points"},
	{"did not find expected node content", 0, "valeur attendue ici",
		"retirez la virgule ou le signe en trop"},
	{"found unexpected end of stream", 0, "fin du fichier inattendue",
		"un guillemet, un crochet ou une accolade n'est pas fermé"},
	{"found unexpected document indicator", 0, "« --- » ou « ... » au milieu d'un texte",
		"un guillemet n'est pas fermé"},
	{"did not find expected ',' or ']'", 0, "virgule ou crochet fermant attendu",
		"fermez la liste par ] ; mettez entre guillemets simples un terme qui contient une virgule"},
	{"did not find expected ',' or '}'", 0, "virgule ou accolade fermante attendue",
		"fermez par }"},
	{"found unknown escape character", 0, "échappement inconnu entre guillemets doubles",
		"utilisez des guillemets simples : '\\b', '\\d'"},
	{"Unicode character escape code", 0, "ce numéro n'est pas celui d'un caractère",
		"écrivez le caractère lui-même"},
	{"hexdecimal number", 0, "échappement incomplet entre guillemets doubles",
		"utilisez des guillemets simples : '\\x', '\\u'"},
	{"control characters are not allowed", 0, "caractère de contrôle dans le fichier",
		"réécrivez la ligne au clavier"},
	{"did not find expected whitespace or line break", 0, "étiquette « ! » refusée",
		"mettez le texte entre guillemets simples"},
	{"found undefined tag handle", 0, "étiquette « ! » refusée",
		"mettez le texte entre guillemets simples"},
	{"found undefined alias", 0, "renvoi « * » refusé",
		"répétez la valeur ; un texte qui commence par * se met entre guillemets simples"},
	{"alphabetic or numeric character", 0, "ancre « & » ou renvoi « * » refusé",
		"mettez entre guillemets simples un texte qui commence par & ou *"},
	{"%YAML directive", 0, "directive %YAML en double",
		"retirez les lignes qui commencent par %"},
	{"found incompatible YAML document", 0, "version de YAML inconnue",
		"retirez la ligne %YAML"},
	{"directive name", 0, "directive « % » refusée", "retirez les lignes qui commencent par %"},
};

/* Bytes before a place (libyaml counts characters). */
static size_t offset_of(struct slice text, yaml_mark_t at)
{
	size_t i = 0;
	for (size_t line = 0; line < at.line && i < text.n; i++)
		line += text.p[i] == '\n';
	for (size_t column = 0; column < at.column && i < text.n; column++)
		utf8_next(text, &i);
	return i;
}

/* The first byte of the character at a place; 0 past the end. */
static char found_at(struct slice text, yaml_mark_t at)
{
	size_t i = offset_of(text, at);
	return i < text.n ? text.p[i] : '\0';
}

/* A list in brackets that broke: more often than a missing comma, an apostrophe or a # on the way. */
static const char *why_list_broke(const struct reading *r)
{
	size_t start = offset_of(r->text, r->parser.context_mark),
	       end = offset_of(r->text, r->parser.problem_mark);

	for (size_t i = start; i < end; i++)
		if (r->text.p[i] == ' ' && i + 1 < end && r->text.p[i + 1] == '#')
			return "après un blanc, # commence un commentaire : mettez ce texte entre "
			       "guillemets simples";
	if (end && r->text.p[end - 1] == '\'')
		return "une apostrophe entre guillemets simples se double : 'l''eau'";
	return NULL;
}

static void give_up(struct reading *r)
{
	const char *said = r->parser.problem ? r->parser.problem : "";
	yaml_mark_t at = r->parser.problem_mark;
	char found = found_at(r->text, at);
	r->broken = true;
	if (r->parser.context && strstr(r->parser.context, "quoted scalar") &&
		strstr(said, "unexpected")) {
		complain(r, r->parser.context_mark,
			"fermez-le ; une apostrophe entre guillemets simples se double : 'l''eau'",
			"guillemet jamais fermé");
		return;
	}
	for (size_t i = 0; i < sizeof(usual) / sizeof(*usual); i++) {
		if (strstr(said, usual[i].said) && (!usual[i].found || usual[i].found == found)) {
			const char *why = strstr(said, "expected ','") ? why_list_broke(r) : NULL;

			complain(r, at, why ? why : usual[i].hint, usual[i].text);
			return;
		}
	}
	problem_add(r->problems, PROBLEM_ERROR, r->file->path, (unsigned)at.line + 1,
		(unsigned)at.column + 1,
		"vérifiez guillemets, crochets et alignement sur cette ligne et la précédente",
		"YAML mal formé (%s)", said);
}

static bool next_event(struct reading *r, yaml_event_t *event)
{
	if (r->broken || !yaml_parser_parse(&r->parser, event)) {
		if (!r->broken)
			give_up(r);
		memset(event, 0, sizeof(*event));
		return false;
	}
	return true;
}

static struct yaml_node *node_at(struct reading *r, enum yaml_type type, yaml_mark_t at)
{
	struct yaml_node *n = arena_zero(r->arena, sizeof(*n));
	n->type = type;
	n->line = (unsigned)at.line + 1;
	n->column = (unsigned)at.column + 1;
	return n;
}

static void append(
	struct reading *r, struct yaml_node *to, struct yaml_node *key, struct yaml_node *value)
{
	/* Capacity doubles at powers of two; what is left behind stays in the arena. */
	if ((to->n & (to->n - 1)) == 0) {
		size_t cap = to->n ? 2 * to->n : 1;
		struct yaml_node **items = arena_alloc(r->arena, cap * sizeof(*items));
		struct yaml_node **keys = arena_alloc(r->arena, cap * sizeof(*keys));
		if (to->n) {
			memcpy(items, to->items, to->n * sizeof(*items));
			memcpy(keys, to->keys, to->n * sizeof(*keys));
		}
		to->items = items;
		to->keys = keys;
	}
	to->keys[to->n] = key;
	to->items[to->n++] = value;
}

static struct yaml_node *read_node(struct reading *r, yaml_event_t *event, unsigned depth);

static void refuse_extras(struct reading *r, const yaml_event_t *event, const yaml_char_t *anchor,
	const yaml_char_t *tag)
{
	if (anchor)
		complain(r, event->start_mark,
			"répétez la valeur, ou faites-en une liste nommée sous « lists »",
			"ancre « & » refusée");
	if (tag)
		complain(r, event->start_mark, "mettez le texte entre guillemets simples",
			"étiquette « ! » refusée");
}

/* A double-quoted "\b" is a backspace: nobody means it. */
static void refuse_controls(struct reading *r, const yaml_event_t *event, struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f) {
			problem_add(r->problems, PROBLEM_ERROR, r->file->path,
				(unsigned)event->start_mark.line + 1,
				(unsigned)event->start_mark.column + 1,
				"entre guillemets doubles, \"\\b\" est un retour arrière : utilisez des guillemets simples, '\\b'",
				"caractère de contrôle U+%04X dans un texte", c);
			return;
		}
	}
}

/* Bytes before a place behind the last one that was asked for: scalars come in order. */
static size_t offset_behind(struct reading *r, yaml_mark_t at)
{
	while (r->seen < r->text.n && r->seen_line < at.line) {
		r->seen_line += r->text.p[r->seen++] == '\n';
		r->seen_column = 0;
	}
	for (; r->seen < r->text.n && r->seen_column < at.column; r->seen_column++)
		utf8_next(r->text, &r->seen);
	return r->seen;
}

/* « titre: Alerte #1 » is « Alerte »: a # that touches a word is rarely meant as a comment. */
static void doubt_comment(struct reading *r, const yaml_event_t *event)
{
	size_t end = offset_behind(r, event->end_mark), i = end;
	while (i < r->text.n && r->text.p[i] == ' ')
		i++;
	if (i == end || i + 1 >= r->text.n || r->text.p[i] != '#' ||
		strchr(" \t\r\n#", r->text.p[i + 1]))
		return;
	problem_add(r->problems, PROBLEM_WARNING, r->file->path, (unsigned)event->end_mark.line + 1,
		(unsigned)(event->end_mark.column + (i - end)) + 1,
		"mettez le texte entre guillemets simples ; un commentaire a une espace après #",
		"après un blanc, # commence un commentaire : la fin de la ligne ne compte pas");
}

static struct yaml_node *read_scalar(struct reading *r, yaml_event_t *event)
{
	struct yaml_node *n = node_at(r, YAML_SCALAR, event->start_mark);
	struct slice text = {(const char *)event->data.scalar.value, event->data.scalar.length};
	const yaml_char_t *tag = event->data.scalar.tag;
	refuse_extras(r, event, event->data.scalar.anchor, tag);
	refuse_controls(r, event, text);
	n->text = arena_copy(r->arena, text);
	n->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	if (!n->quoted)
		doubt_comment(r, event);
	return n;
}

static struct yaml_node *read_list(struct reading *r, yaml_event_t *event, unsigned depth)
{
	struct yaml_node *n = node_at(r, YAML_LIST, event->start_mark);
	refuse_extras(r, event, event->data.sequence_start.anchor, event->data.sequence_start.tag);
	yaml_event_t next;
	while (next_event(r, &next)) {
		bool end = next.type == YAML_SEQUENCE_END_EVENT;
		struct yaml_node *item = end ? NULL : read_node(r, &next, depth + 1);
		yaml_event_delete(&next);
		if (end)
			break;
		if (item)
			append(r, n, NULL, item);
	}
	return n;
}

static bool check_key(struct reading *r, const struct yaml_node *map, const struct yaml_node *key)
{
	yaml_mark_t at = {0, key->line - 1, key->column - 1};
	if (key->type != YAML_SCALAR) {
		complain(r, at, "une clé est un mot : « clé: valeur »",
			"une clé ne peut être ni une liste ni un dictionnaire");
		return false;
	}
	if (slice_is(key->text, "<<") && !key->quoted) {
		complain(r, at, "répétez les clés", "fusion « << » refusée");
		return false;
	}
	if (map->n >= KEYS_MAX) {
		complain(r, at, "découpez ce dictionnaire", "trop de clés dans un dictionnaire");
		r->broken = true;
		return false;
	}
	for (size_t i = 0; i < map->n; i++) {
		if (slice_equal(map->keys[i]->text, key->text)) {
			problem_add(r->problems, PROBLEM_ERROR, r->file->path, key->line,
				key->column, "gardez-en une seule",
				"clé « %s » en double (déjà ligne %u)", key->text.p,
				map->keys[i]->line);
			return false;
		}
	}
	return true;
}

static struct yaml_node *read_map(struct reading *r, yaml_event_t *event, unsigned depth)
{
	struct yaml_node *n = node_at(r, YAML_MAP, event->start_mark);
	refuse_extras(r, event, event->data.mapping_start.anchor, event->data.mapping_start.tag);
	yaml_event_t next;
	while (next_event(r, &next)) {
		bool end = next.type == YAML_MAPPING_END_EVENT;
		struct yaml_node *key = end ? NULL : read_node(r, &next, depth + 1);
		yaml_event_delete(&next);
		if (end || !next_event(r, &next))
			break;
		struct yaml_node *value = read_node(r, &next, depth + 1);
		yaml_event_delete(&next);
		if (key && value && check_key(r, n, key))
			append(r, n, key, value);
	}
	return n;
}

/* NULL when the node was refused or the file is broken; the problem is said. */
static struct yaml_node *read_node(struct reading *r, yaml_event_t *event, unsigned depth)
{
	if (depth > YAML_DEPTH) {
		complain(r, event->start_mark,
			"mettez à plat : moins de listes et d'accolades les unes dans les autres",
			"trop de niveaux imbriqués");
		r->broken = true;
		return NULL;
	}
	if (++r->nodes > NODES_MAX) {
		complain(r, event->start_mark, "découpez le fichier",
			"trop de valeurs dans un fichier");
		r->broken = true;
		return NULL;
	}
	switch ((int)event->type) {
	case YAML_SCALAR_EVENT: return read_scalar(r, event);
	case YAML_SEQUENCE_START_EVENT: return read_list(r, event, depth);
	case YAML_MAPPING_START_EVENT: return read_map(r, event, depth);
	case YAML_ALIAS_EVENT:
		complain(r, event->start_mark,
			"répétez la valeur ; un texte qui commence par * se met entre guillemets simples",
			"renvoi « * » refusé");
		return NULL;
	default: return NULL;
	}
}

static void read_stream(struct reading *r)
{
	yaml_event_t event;
	unsigned documents = 0;
	while (next_event(r, &event)) {
		int type = (int)event.type;
		if (type == YAML_DOCUMENT_START_EVENT && ++documents == 2) {
			complain(r, event.start_mark, "retirez la ligne « --- »",
				"un seul document par fichier");
			r->broken = true;
		} else if (type == YAML_SCALAR_EVENT || type == YAML_SEQUENCE_START_EVENT ||
			type == YAML_MAPPING_START_EVENT || type == YAML_ALIAS_EVENT) {
			r->file->root = read_node(r, &event, 1);
		}
		yaml_event_delete(&event);
		if (type == YAML_STREAM_END_EVENT)
			break;
	}
}

/* libyaml does not say where. */
static void refuse_encoding(const char *path, struct slice text, struct problems *p)
{
	struct slice good = {text.p, utf8_valid_prefix(text)};
	unsigned line = 1;
	size_t start = 0;
	for (size_t i = 0; i < good.n; i++) {
		if (good.p[i] == '\n') {
			line++;
			start = i + 1;
		}
	}
	problem_add(p, PROBLEM_ERROR, path, line,
		(unsigned)utf8_length((struct slice){good.p + start, good.n - start}) + 1,
		"enregistrez le fichier en UTF-8", "le fichier n'est pas en UTF-8");
}

static void refuse_size(const char *path, struct problems *p)
{
	problem_add(
		p, PROBLEM_ERROR, path, 0, 0, "découpez le fichier", "plus de %u octets", YAML_MAX);
}

int yaml_read_text(const char *path, struct slice text, struct yaml_file *ret, struct problems *p)
{
	struct yaml_file_private *own = xcalloc(1, sizeof(*own));
	arena_init(&own->arena, 16 << 10);
	*ret = (struct yaml_file){.private_ = own};
	ret->path = arena_string(&own->arena, slice_of(path));
	size_t before = p->errors;
	if (text.n > YAML_MAX) {
		refuse_size(path, p);
		return -EINVAL;
	}
	if (!utf8_valid(text)) {
		refuse_encoding(path, text, p);
		return -EINVAL;
	}
	if (text.n >= 3 && memcmp(text.p, "\xEF\xBB\xBF", 3) == 0)
		text = (struct slice){text.p + 3, text.n - 3};
	struct reading r = {.file = ret, .arena = &own->arena, .problems = p, .text = text};
	if (!yaml_parser_initialize(&r.parser))
		return -ENOMEM;
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
		&r.parser, (const unsigned char *)(text.p ? text.p : ""), text.n);
	read_stream(&r);
	yaml_parser_delete(&r.parser);
	if (p->errors == before)
		return 0;
	if (r.broken)
		ret->root = NULL;
	return -EINVAL;
}

int yaml_read(const char *path, struct yaml_file *ret, struct problems *p)
{
	_buf_ struct buf text = {0};
	*ret = (struct yaml_file){0};
	int r = file_read(path, YAML_MAX, &text, NULL);
	if (r == -EFBIG) {
		refuse_size(path, p);
		return r;
	}
	if (r < 0) {
		problem_add(p, PROBLEM_ERROR, path, 0, 0,
			"vérifiez le nom du fichier, et que tocsin a le droit de le lire",
			"lecture impossible : %s", error_reason(r));
		return r;
	}
	return yaml_read_text(path, buf_slice(&text), ret, p);
}

void yaml_release(struct yaml_file *f)
{
	if (f->private_) {
		arena_release(&f->private_->arena);
		free(f->private_);
	}
	*f = (struct yaml_file){0};
}
