/* SPDX-License-Identifier: GPL-3.0-or-later
 * Classes and escapes: what one character may be. */
#include <tocsin/base/utf8.h>

#include "ast.h"

static char at(const struct parser *p, size_t ahead)
{
	return p->at + ahead < p->s.n ? p->s.p[p->at + ahead] : 0;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

/* Digits of a base, at most `max` of them. */
static uint32_t digits(struct parser *p, int base, unsigned max)
{
	uint32_t n = 0;

	for (; max && digit(at(p, 0)) < base; max--, p->at++)
		if (n < 0x200000)
			n = n * (uint32_t)base + (uint32_t)digit(at(p, 0));
	return n;
}

/* {…}: digits between braces. */
static bool braced(struct parser *p, int base, uint32_t *ret)
{
	if (at(p, 0) != '{')
		return false;
	p->at++;
	*ret = digits(p, base, 16);
	if (at(p, 0) != '}') {
		parse_wrong(p, "il manque une accolade fermante après \\x ou \\o");
		return false;
	}
	p->at++;
	return true;
}

bool parse_char_escape(struct parser *p, uint32_t *ret)
{
	char c = at(p, 0);
	static const char letters[] = "aefnrt";
	static const unsigned char codes[] = {7, 27, 12, 10, 13, 9};
	const char *named = c ? strchr(letters, c) : NULL;

	if (named) {
		*ret = codes[named - letters];
		p->at++;
		return true;
	}
	if ((unsigned char)c >= 0x80) {
		*ret = utf8_next(p->s, &p->at);
		return true;
	}
	if (c && !((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))) {
		*ret = (unsigned char)c;
		p->at++;
		return true;
	}
	if (c == 'x') {
		p->at++;
		if (!braced(p, 16, ret))
			*ret = digits(p, 16, 2);
		return true;
	}
	if (c == 'o' && at(p, 1) == '{') {
		p->at++;
		return braced(p, 8, ret);
	}
	if (c == '0') {
		*ret = digits(p, 8, 3);
		return true;
	}
	return false;
}

/* A property whose ASCII part we know; of another one anything may be meant. */
static void property(struct slice name, struct chars *c)
{
	c->other = true;
	c->latin = UINT32_MAX;
	if (slice_is(name, "L") || slice_is(name, "L&") || slice_is(name, "Latin")) {
		chars_add(c, 'a', 'z');
	} else if (slice_is(name, "N") || slice_is(name, "Nd")) {
		chars_add(c, '0', '9');
	} else if (slice_is(name, "Xwd")) {
		(void)chars_of_letter('w', c);
	} else {
		(void)chars_of_letter('N', c);
		c->loose = true;
	}
}

bool parse_property(struct parser *p, bool negated, struct chars *ret)
{
	struct slice name = {p->s.p + p->at, 1};

	*ret = (struct chars){0};
	if (at(p, 0) == '{') {
		size_t from = ++p->at;

		while (at(p, 0) && at(p, 0) != '}')
			p->at++;
		if (!at(p, 0)) {
			parse_wrong(p, "il manque une accolade fermante après \\p");
			return false;
		}
		name = (struct slice){p->s.p + from, p->at - from};
		if (name.n && *name.p == '^') {
			negated = !negated;
			name = (struct slice){name.p + 1, name.n - 1};
		}
	} else if (!at(p, 0)) {
		parse_wrong(p, "propriété inconnue après \\p");
		return false;
	}
	p->at++;
	property(name, ret);
	if (negated)
		chars_negate(ret);
	return true;
}

/* At "[:" inside a class: [:alpha:] and the like. False when it is no such thing. */
static bool posix(struct parser *p, struct chars *ret)
{
	static const struct {
		const char *name, *like;
	} names[] = {{"alpha", "L"}, {"alnum", "Xwd"}, {"digit", "Nd"}, {"word", "Xwd"},
		{"lower", "L"}, {"upper", "L"}};
	struct slice rest = {p->s.p + p->at + 2, p->s.n - p->at - 2}, name;
	const char *end = memmem(rest.p, rest.n, ":]", 2), *like = "?";
	bool negated;

	if (!end)
		return false;
	name = (struct slice){rest.p, (size_t)(end - rest.p)};
	for (size_t i = 0; i < name.n; i++)
		if (name.p[i] != '^' && (name.p[i] < 'a' || name.p[i] > 'z'))
			return slice_is(name, "<") || slice_is(name, ">");
	negated = name.n && *name.p == '^';
	if (negated)
		name = (struct slice){name.p + 1, name.n - 1};
	*ret = (struct chars){0};
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (slice_is(name, names[i].name))
			like = names[i].like;
	property(slice_of(like), ret);
	/* without its underscore: the complement must not lack it */
	if (negated && slice_is(name, "alnum"))
		ret->loose = true;
	if (negated)
		chars_negate(ret);
	p->at += 2 + (size_t)(end - rest.p) + 2;
	return true;
}

/* One member of a class. Returns 1: a character in *scalar; 2: a set, joined to *set; 0: fault. */
static int member(struct parser *p, struct chars *set, uint32_t *scalar)
{
	struct chars more = {0};
	char c;

	if (at(p, 0) == '[' && at(p, 1) == ':' && posix(p, &more)) {
		if (!more.other) {
			parse_fail(p, "employez \\b", "[[:<:]] et [[:>:]] sont interdits");
			return 0;
		}
		chars_join(set, &more);
		return 2;
	}
	if (at(p, 0) != '\\') {
		*scalar = utf8_next(p->s, &p->at);
		p->tree->plain |= *scalar >= 0x80;
		return 1;
	}
	p->at++;
	c = at(p, 0);
	if (c == 'p' || c == 'P') {
		p->at++;
		if (!parse_property(p, c == 'P', &more))
			return 0;
	} else if (c == 'b') {
		p->at++;
		*scalar = 8;
		return 1;
	} else if (c != 'N' && chars_of_letter(c, &more)) {
		p->at++;
	} else if (parse_char_escape(p, scalar)) {
		p->tree->plain |= *scalar >= 0x80;
		return p->failed ? 0 : 1;
	} else if (c >= '1' && c <= '7') {
		*scalar = digits(p, 8, 3);
		return 1;
	} else {
		parse_fail(p, "écrivez les lettres elles-mêmes : [a-z0-9]",
			"\\%c est interdit entre crochets", c ? c : ' ');
		return 0;
	}
	chars_join(set, &more);
	return 2;
}

struct node *parse_class(struct parser *p)
{
	struct node *n = node_new(p, NODE_CHARS);
	bool negated, first = true;

	p->at++;
	negated = at(p, 0) == '^';
	p->at += negated;
	for (; at(p, 0) != ']' || first; first = false) {
		uint32_t low, high;
		int r;

		if (p->at >= p->s.n)
			return parse_wrong(p, "il manque un crochet fermant");
		r = member(p, &n->chars, &low);
		if (!r)
			return NULL;
		if (r == 2)
			continue;
		high = low;
		if (at(p, 0) == '-' && at(p, 1) && at(p, 1) != ']') {
			p->at++;
			r = member(p, &n->chars, &high);
			if (!r)
				return NULL;
			if (r == 2) { /* a hyphen before a class is a hyphen */
				chars_add(&n->chars, '-', '-');
				high = low;
			}
		}
		if (high < low)
			return parse_wrong(p, "intervalle à l'envers entre crochets");
		chars_add(&n->chars, low, high);
	}
	p->at++;
	if (negated)
		chars_negate(&n->chars);
	return n;
}

/* \1, \k<name>: the text of a group again. */
static struct node *reference(struct parser *p)
{
	struct node *n = node_new(p, NODE_TEXT);
	char c = at(p, 0), end;

	p->tree->backward = true;
	n->assertion = '1';
	p->at++;
	if (c == 'k') {
		end = at(p, 0) == '<' ? '>' : at(p, 0) == '{' ? '}' : at(p, 0);
		p->at++;
		while (at(p, 0) && at(p, 0) != end)
			p->at++;
		p->at += p->at < p->s.n;
		return n;
	}
	if (at(p, 0) >= '0' && at(p, 0) <= '9') {
		/* a group's number or a character in octal: it depends on the number of groups */
		return parse_fail(p, "écrivez le caractère lui-même",
			"\\%c%c est ambigu : une référence n'a qu'un chiffre", c, at(p, 0));
	}
	return n;
}

struct node *parse_escape(struct parser *p)
{
	struct node *n = node_new(p, NODE_CHARS);
	uint32_t scalar;
	char c;

	p->at++;
	c = at(p, 0);
	if (!c)
		return parse_wrong(p, "une barre oblique inverse ne peut pas finir l'expression");
	if (strchr("bBAZz", c)) {
		n->kind = NODE_ASSERT;
		n->assertion = c;
		p->at++;
		return n;
	}
	if (c == 'N' && at(p, 1) == '{')
		return parse_fail(p, "écrivez \\x{…}", "\\N{…} est interdit");
	if (chars_of_letter(c, &n->chars)) {
		p->at++;
		return n;
	}
	if (c == 'p' || c == 'P') {
		p->at++;
		return parse_property(p, c == 'P', &n->chars) ? n : NULL;
	}
	if (c == 'k' || (c >= '1' && c <= '9'))
		return reference(p);
	if (c == 'X' || c == 'R') {
		n->kind = NODE_TEXT;
		p->at++;
		return n;
	}
	if (c == 'g')
		return parse_fail(p, "répétez ce qui est cherché, sans renvoi",
			"la récursion et les références \\g sont interdites");
	if (c == 'Q')
		return parse_fail(
			p, "employez « contient » pour un texte tel quel", "\\Q…\\E est interdit");
	if (!parse_char_escape(p, &scalar))
		return parse_fail(p,
			"retirez ce signe, ou écrivez les lettres cherchées : [a-z0-9]",
			"\\%c est interdit", c);
	if (p->failed)
		return NULL;
	p->tree->plain |= scalar >= 0x80;
	chars_add(&n->chars, scalar, scalar);
	return n;
}
