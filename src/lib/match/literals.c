/* SPDX-License-Identifier: GPL-3.0-or-later
 * Required literals of a regex. A sequence requires each of its parts, so the best part stands for all;
 * an alternation requires one of its branches, so every branch must give something. Anything else
 * (classes, escapes, optional parts) requires nothing. */
#include "regex.h"

struct set {
	struct slice list[ANNOUNCE_MAX];
	size_t n;
	size_t shortest; /* bytes; 0: nothing is required */
};

struct reader {
	struct slice s;
	size_t at, min;
	unsigned depth;
	bool lost; /* nested too deep to follow */
};

#define DEPTH_MAX 16u

static struct set alternation(struct reader *r);

static void keep_better(struct set *best, const struct set *other)
{
	if (other->shortest > best->shortest)
		*best = *other;
}

/* Reads a quantifier, if any. Returns whether what it follows is optional; *repeated when it may recur. */
static bool quantifier(struct reader *r, bool *repeated)
{
	char c = r->at < r->s.n ? r->s.p[r->at] : 0;
	bool optional = c == '?' || c == '*';

	*repeated = false;
	if (c == '{') {
		size_t k = r->at + 1;
		bool digits = k < r->s.n && r->s.p[k] >= '0' && r->s.p[k] <= '9';

		optional = !digits || r->s.p[k] == '0';
		while (k < r->s.n && r->s.p[k] != '}')
			k++;
		if (!digits && !(r->at + 1 < r->s.n && r->s.p[r->at + 1] == ',')) {
			/* a brace that is text: give up on what it touches */
			*repeated = true;
			return true;
		}
		r->at = k < r->s.n ? k + 1 : r->s.n;
		*repeated = true;
	} else if (c == '?' || c == '*' || c == '+') {
		*repeated = true;
		r->at++;
	}
	/* lazy and possessive marks */
	if (*repeated && r->at < r->s.n && (r->s.p[r->at] == '?' || r->s.p[r->at] == '+'))
		r->at++;
	return optional;
}

static void skip_class(struct reader *r)
{
	r->at++;
	if (r->at < r->s.n && r->s.p[r->at] == '^')
		r->at++;
	if (r->at < r->s.n && r->s.p[r->at] == ']')
		r->at++;
	while (r->at < r->s.n && r->s.p[r->at] != ']') {
		if (r->s.p[r->at] == '\\')
			r->at++;
		else if (r->s.p[r->at] == '[' && r->at + 1 < r->s.n && r->s.p[r->at + 1] == ':') {
			while (r->at + 1 < r->s.n &&
				!(r->s.p[r->at] == ':' && r->s.p[r->at + 1] == ']' && r->at > 1))
				r->at++;
		}
		r->at++;
	}
	r->at = r->at < r->s.n ? r->at + 1 : r->s.n;
}

/* At "(". Leaves behind ")". */
static struct set group(struct reader *r)
{
	struct set inner = {0};
	bool plain = true;

	r->at++;
	if (r->at < r->s.n && r->s.p[r->at] == '?') {
		plain = r->at + 1 < r->s.n && r->s.p[r->at + 1] == ':';
		r->at += plain ? 2 : 1;
	}
	inner = alternation(r);
	if (r->at < r->s.n)
		r->at++;
	/* lookaround, inline options, names: nothing is required of them */
	if (!plain)
		inner = (struct set){0};
	return inner;
}

static bool is_literal(struct slice s, size_t at, size_t *length, size_t *text)
{
	unsigned char c = (unsigned char)s.p[at];

	*text = at;
	*length = 1;
	if (c == '\\') {
		if (at + 1 >= s.n || !strchr(".-'()[]{}?*+|^$/!\"#", s.p[at + 1]))
			return false;
		*text = at + 1;
		*length = 2;
		return true;
	}
	if (c >= 0xc0)
		while (at + *length < s.n && ((unsigned char)s.p[at + *length] & 0xc0) == 0x80)
			++*length;
	return !strchr(".^$", c);
}

/* A run of literal characters from r->at. Escapes end it, so that it is one piece of the pattern. */
static struct set run(struct reader *r)
{
	size_t start = r->at, end = r->at, length, text;
	struct set set = {0};
	bool repeated = false;

	while (r->at < r->s.n && !strchr("|()[\\", r->s.p[r->at]) &&
		is_literal(r->s, r->at, &length, &text)) {
		r->at += length;
		if (quantifier(r, &repeated)) {
			break; /* the last character may be absent */
		}
		end = repeated ? end + length : r->at;
		if (repeated)
			break;
	}
	if (r->at == start) /* nothing we read: step over it */
		r->at++;
	if (end - start >= r->min) {
		set.list[0] = (struct slice){r->s.p + start, end - start};
		set.n = 1;
		set.shortest = end - start;
	}
	return set;
}

static struct set sequence(struct reader *r)
{
	struct set best = {0}, part;
	bool repeated;

	while (r->at < r->s.n && r->s.p[r->at] != '|' && r->s.p[r->at] != ')') {
		char c = r->s.p[r->at];

		r->lost |= r->depth >= DEPTH_MAX;
		if (c == '(' && !r->lost) {
			r->depth++;
			part = group(r);
			r->depth--;
			if (quantifier(r, &repeated))
				continue;
		} else if (c == '[' || c == '\\') {
			part = (struct set){0};
			if (c == '[') {
				skip_class(r);
			} else {
				r->at += 2;
				/* \x{…}, \p{…} */
				if (r->at < r->s.n && r->s.p[r->at] == '{' &&
					strchr("xopPN", r->s.p[r->at - 1]))
					while (r->at < r->s.n && r->s.p[r->at++] != '}')
						;
			}
			(void)quantifier(r, &repeated);
		} else {
			part = run(r);
		}
		keep_better(&best, &part);
	}
	return best;
}

static struct set alternation(struct reader *r)
{
	struct set all = {0}, branch;
	bool every = true, first = true;

	do {
		if (!first)
			r->at++; /* the bar */
		branch = sequence(r);
		if (!branch.n || all.n + branch.n > ANNOUNCE_MAX) {
			every = false;
		} else if (every) {
			memcpy(all.list + all.n, branch.list, branch.n * sizeof(*branch.list));
			all.n += branch.n;
			if (first || branch.shortest < all.shortest)
				all.shortest = branch.shortest;
		}
		first = false;
	} while (r->at < r->s.n && r->s.p[r->at] == '|');
	return every ? all : (struct set){0};
}

size_t required_literals(struct slice pattern, size_t min, struct slice ret[static ANNOUNCE_MAX])
{
	struct reader r = {.s = pattern, .min = min};
	struct set set = alternation(&r);

	/* a stray parenthesis, or options such as (?x) that change what the text means */
	if (r.lost || r.at < pattern.n || memmem(pattern.p, pattern.n, "(?x", 3))
		return 0;
	memcpy(ret, set.list, set.n * sizeof(*ret));
	return set.n;
}
