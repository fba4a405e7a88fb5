/* SPDX-License-Identifier: GPL-3.0-or-later
 * Alternations, sequences, repetitions, groups. */
#include <stdarg.h>
#include <stdio.h>

#include <tocsin/base/utf8.h>

#include "ast.h"

#define DEPTH_MAX 32u
#define REPEAT_MAX 65535u

struct node *node_new(struct parser *p, enum node_kind kind)
{
	struct node *n = arena_zero(p->arena, sizeof(*n));

	n->kind = kind;
	n->at = (uint32_t)p->at;
	return n;
}

struct node *parse_fail(struct parser *p, const char *hint, const char *format, ...)
{
	va_list args;

	if (p->failed)
		return NULL;
	p->failed = true;
	va_start(args, format);
	vsnprintf(p->f->text, sizeof(p->f->text), format, args);
	va_end(args);
	p->f->hint = hint;
	return NULL;
}

struct node *parse_wrong(struct parser *p, const char *what)
{
	return parse_fail(p,
		"corrigez ce signe, ou mettez \\ devant pour qu'il se lise tel quel : \\? \\( \\[",
		"expression incorrecte au caractère %zu : %s",
		utf8_length(utf8_cut(p->s, p->at)) + 1, what);
}

static bool more(const struct parser *p)
{
	return p->at < p->s.n;
}

static char peek(const struct parser *p)
{
	return more(p) ? p->s.p[p->at] : 0;
}

static bool starts(const struct parser *p, const char *text)
{
	size_t n = strlen(text);

	return p->s.n - p->at >= n && memcmp(p->s.p + p->at, text, n) == 0;
}

static struct node *alternation(struct parser *p);

/* (?i), (?-i:, (?^: … up to ")" or ":". Letters that change what the text means are refused. */
static bool flags(struct parser *p)
{
	bool off = false;

	for (; more(p) && peek(p) != ')' && peek(p) != ':'; p->at++) {
		char c = peek(p);

		if (c == '-')
			off = true;
		else if (c == '^' || (c == 'i' && off))
			p->tree->cased = true;
		else if (!strchr("imsnU", c)) {
			parse_fail(p, "retirez-la : majuscules et minuscules comptent déjà pareil",
				"l'option (?%c) est interdite", c);
			return false;
		}
	}
	return true;
}

/* Groups that are never needed here and can run away or change the rules of matching. */
static bool refused_group(struct parser *p)
{
	static const struct {
		const char *part, *text, *hint;
	} refusals[] = {
		{"(*", "les verbes (*…) sont interdits", NULL},
		{"(?(", "les groupes conditionnels (?(…) sont interdits",
			"écrivez deux expressions"},
		{"(?R", "la récursion est interdite", NULL},
		{"(?&", "la récursion est interdite", NULL},
		{"(?P>", "la récursion est interdite", NULL},
		{"(?C", "les appels (?C) sont interdits", NULL},
		{"(?#", "les commentaires (?#…) sont interdits", "employez la clé « note »"},
		{"(?[", "les classes étendues (?[…]) sont interdites", NULL},
		{"(?*", "les regards (?*…) sont interdits", "employez (?=…)"},
		{"(?<*", "les regards (?<*…) sont interdits", "employez (?<=…)"},
	};
	char c;

	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++)
		if (starts(p, refusals[i].part)) {
			parse_fail(p, refusals[i].hint, "%s", refusals[i].text);
			return true;
		}
	if (!starts(p, "(?") || p->s.n - p->at < 4)
		return false;
	c = p->s.p[p->at + 2];
	if ((c == '+' || c == '-') && p->s.n - p->at > 4)
		c = p->s.p[p->at + 3];
	if (c >= '0' && c <= '9') {
		parse_fail(p,
			"écrivez les niveaux un à un, ou cherchez des mots avec « near » (proche)",
			"la récursion est interdite");
		return true;
	}
	return false;
}

/* Behind "(?<", "(?'" or "(?P<": the name, up to its end. */
static void skip_name(struct parser *p, char end)
{
	while (more(p) && peek(p) != end)
		p->at++;
	p->at += more(p);
}

enum opening { OPEN_GROUP, OPEN_ATOMIC, OPEN_AHEAD, OPEN_BEHIND, OPEN_FLAGS, OPEN_REFERENCE };

/* At "(": steps over what opens the group. */
static enum opening opening(struct parser *p)
{
	static const struct {
		const char *text;
		enum opening what;
	} looks[] = {{"(?:", OPEN_GROUP}, {"(?|", OPEN_GROUP}, {"(?>", OPEN_ATOMIC},
		{"(?=", OPEN_AHEAD}, {"(?!", OPEN_AHEAD}, {"(?<=", OPEN_BEHIND},
		{"(?<!", OPEN_BEHIND}};

	if (!starts(p, "(?")) {
		p->at++;
		return OPEN_GROUP;
	}
	for (size_t i = 0; i < sizeof(looks) / sizeof(*looks); i++)
		if (starts(p, looks[i].text)) {
			p->at += strlen(looks[i].text);
			return looks[i].what;
		}
	if (starts(p, "(?P=")) {
		skip_name(p, ')');
		return OPEN_REFERENCE;
	}
	if (starts(p, "(?P<") || starts(p, "(?<")) {
		skip_name(p, '>');
		return OPEN_GROUP;
	}
	if (starts(p, "(?'")) {
		p->at += 3;
		skip_name(p, '\'');
		return OPEN_GROUP;
	}
	p->at += 2;
	if (!flags(p) || !more(p))
		return OPEN_FLAGS;
	return p->s.p[p->at++] == ':' ? OPEN_GROUP : OPEN_FLAGS;
}

static struct node *group(struct parser *p)
{
	struct node *inner, *look;
	enum opening what;

	if (refused_group(p))
		return NULL;
	if (++p->depth > DEPTH_MAX)
		return parse_wrong(p, "trop de parenthèses imbriquées");
	what = opening(p);
	if (what == OPEN_FLAGS || what == OPEN_REFERENCE) {
		p->depth--;
		p->tree->backward |= what == OPEN_REFERENCE;
		return node_new(p, what == OPEN_FLAGS ? NODE_EMPTY : NODE_TEXT);
	}
	inner = alternation(p);
	p->depth--;
	if (!inner)
		return NULL;
	if (peek(p) != ')')
		return parse_wrong(p, "il manque une parenthèse fermante");
	p->at++;
	if (what == OPEN_GROUP)
		return inner;
	if (what == OPEN_ATOMIC) {
		inner->atomic = true;
		return inner;
	}
	look = node_new(p, NODE_LOOK);
	look->child = inner;
	look->behind = what == OPEN_BEHIND;
	return look;
}

static struct node *character(struct parser *p)
{
	struct node *n = node_new(p, NODE_CHARS);
	uint32_t scalar = utf8_next(p->s, &p->at);

	static const struct {
		uint32_t scalar;
		const char *text, *hint;
	} gone[] = {
		{0x2019, "l'apostrophe courbe n'existe plus dans le texte comparé",
			"employez l'apostrophe droite (')"},
		{0x153, "la ligature œ n'existe plus dans le texte comparé", "écrivez oe"},
		{0x152, "la ligature œ n'existe plus dans le texte comparé", "écrivez oe"},
		{0xe6, "la ligature æ n'existe plus dans le texte comparé", "écrivez ae"},
		{0xc6, "la ligature æ n'existe plus dans le texte comparé", "écrivez ae"},
		{0xdf, "la lettre ß n'existe plus dans le texte comparé", "écrivez ss"},
	};
	for (size_t i = 0; i < sizeof(gone) / sizeof(*gone); i++)
		if (scalar == gone[i].scalar)
			return parse_fail(p, gone[i].hint, "%s", gone[i].text);
	chars_add(&n->chars, scalar, scalar);
	p->tree->plain |= scalar >= 0x80;
	return n;
}

static struct node *item(struct parser *p)
{
	struct node *n;
	char c = peek(p);

	switch (c) {
	case '(': return group(p);
	case '[': return parse_class(p);
	case '\\': return parse_escape(p);
	case '.':
		n = node_new(p, NODE_CHARS);
		p->at++;
		(void)chars_of_letter('N', &n->chars);
		return n;
	case '^':
	case '$':
		n = node_new(p, NODE_ASSERT);
		n->assertion = c;
		p->at++;
		return n;
	case '*':
	case '+':
	case '?': return parse_wrong(p, "rien à répéter devant ce signe");
	default: return character(p);
	}
}

static bool number(const struct parser *p, size_t *at, uint32_t *ret)
{
	size_t from = *at;

	*ret = 0;
	for (; *at < p->s.n && p->s.p[*at] >= '0' && p->s.p[*at] <= '9'; ++*at)
		if (*ret <= REPEAT_MAX)
			*ret = *ret * 10 + (uint32_t)(p->s.p[*at] - '0');
	return *at > from;
}

/* {n}, {n,}, {n,m}: 1; a brace that is text: 0; one that PCRE2's versions read differently: -1. */
static int braces(struct parser *p, uint32_t *min, uint32_t *max)
{
	size_t at = p->at + 1, loose = at;

	if (number(p, &at, min)) {
		*max = *min;
		if (at < p->s.n && p->s.p[at] == ',') {
			at++;
			if (!number(p, &at, max))
				*max = REPEAT_INF;
		}
		if (at < p->s.n && p->s.p[at] == '}') {
			p->at = at + 1;
			return 1;
		}
	}
	while (loose < p->s.n && strchr("0123456789, \t", p->s.p[loose]))
		loose++;
	if (loose > p->at + 1 && loose < p->s.n && p->s.p[loose] == '}') {
		parse_fail(p, "écrivez {0,3}, ou \\{ pour une accolade",
			"accolade ambiguë : des bornes s'écrivent {2}, {2,} ou {2,5}");
		return -1;
	}
	return 0;
}

/* Wraps n in the repetition that follows it, if any. */
static struct node *repetition(struct parser *p, struct node *n, size_t at)
{
	uint32_t min = 0, max = REPEAT_INF;
	struct node *r;
	char c = peek(p);
	int braced = 0;

	if (c == '{') {
		braced = braces(p, &min, &max);
		if (braced <= 0)
			return braced < 0 ? NULL : n;
	} else if (c == '?' || c == '*' || c == '+') {
		min = c == '+';
		max = c == '?' ? 1 : REPEAT_INF;
		p->at++;
	} else {
		return n;
	}
	if (max < min)
		return parse_wrong(p, "bornes à l'envers entre accolades");
	if (min > REPEAT_MAX || (max > REPEAT_MAX && max != REPEAT_INF))
		return parse_wrong(p, "nombre trop grand entre accolades");
	r = node_new(p, NODE_REPEAT);
	r->child = n;
	r->min = min;
	r->max = max;
	r->at = (uint32_t)at;
	r->lazy = peek(p) == '?';
	r->possessive = peek(p) == '+';
	p->at += r->lazy || r->possessive;
	r->end = (uint32_t)p->at;
	return r;
}

static struct node *sequence(struct parser *p)
{
	struct node *all = node_new(p, NODE_SEQUENCE), **last = &all->child;

	while (more(p) && peek(p) != '|' && peek(p) != ')') {
		size_t at = p->at;
		struct node *n = item(p);

		if (n)
			n->end = (uint32_t)p->at;
		if (n)
			n = repetition(p, n, at);
		if (!n)
			return NULL;
		*last = n;
		last = &n->next;
	}
	all->end = (uint32_t)p->at;
	return all;
}

static struct node *alternation(struct parser *p)
{
	struct node *all = node_new(p, NODE_ALTERNATION), **last = &all->child;

	for (;;) {
		struct node *n = sequence(p);

		if (!n)
			return NULL;
		*last = n;
		last = &n->next;
		if (peek(p) != '|')
			break;
		p->at++;
	}
	all->end = (uint32_t)p->at;
	return all->child->next ? all : all->child;
}

bool tree_parse(struct arena *a, struct slice pattern, struct tree *ret, struct match_fault *f)
{
	struct parser p = {.s = pattern, .arena = a, .tree = ret, .f = f};

	*ret = (struct tree){.arena = a};
	ret->root = alternation(&p);
	if (ret->root && p.at < pattern.n)
		parse_wrong(&p, "une parenthèse fermante de trop");
	return !p.failed;
}
