/* SPDX-License-Identifier: GPL-3.0-or-later
 * Regexes: what is refused, what announces them, how they are compiled. */
#include "regex.h"

#include <stdarg.h>
#include <stdio.h>

#include "builder.h"

#define ANNOUNCE_MIN 2u /* bytes of a literal that is worth scanning for */
#define REASON_MAX 160u
#define TRIAL_SIZE 2048u

struct refusal {
	const char *part, *text, *hint;
};

/* Constructs that are never needed here and can run away or change the rules of matching. */
static const struct refusal refusals[] = {
	{"(*", "les verbes (*…) sont interdits", NULL},
	{"(?(", "les groupes conditionnels (?(…) sont interdits", "écrivez deux expressions"},
	{"(?R", "la récursion est interdite", NULL},
	{"(?&", "la récursion est interdite", NULL},
	{"(?P>", "la récursion est interdite", NULL},
	{"(?C", "les appels (?C) sont interdits", NULL},
	{"(?#", "les commentaires (?#…) sont interdits", "employez la clé « note »"},
	{"\\g", "la récursion et les références \\g sont interdites", NULL},
	{"\\Q", "\\Q…\\E est interdit", "employez « contient » pour un texte tel quel"},
	{"\\C", "\\C est interdit", NULL},
	{"\\K", "\\K est interdit", NULL},
	{"’", "l'apostrophe courbe n'existe plus dans le texte comparé",
		"employez l'apostrophe droite (')"},
	{"œ", "la ligature œ n'existe plus dans le texte comparé", "écrivez oe"},
	{"æ", "la ligature æ n'existe plus dans le texte comparé", "écrivez ae"},
};

static bool has_recursion_by_number(struct slice s)
{
	for (size_t i = 0; i + 2 < s.n; i++)
		if (s.p[i] == '(' && s.p[i + 1] == '?') {
			char c = s.p[i + 2];
			bool sign = c == '+' || c == '-';

			if (sign && i + 3 < s.n)
				c = s.p[i + 3];
			if (c >= '0' && c <= '9')
				return true;
		}
	return false;
}

/* A gap without an end: a dot or a negated class that may repeat for ever. Returns its place or s.n. */
static size_t unbounded_gap(struct slice s)
{
	bool gap = false; /* the last item may match anything */

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (gap && (c == '*' || c == '+'))
			return i - 1;
		if (gap && c == '{') {
			size_t k = i + 1;

			while (k < s.n && s.p[k] != ',' && s.p[k] != '}')
				k++;
			if (k + 1 < s.n && s.p[k] == ',' && s.p[k + 1] == '}')
				return i - 1;
		}
		gap = false;
		if (c == '\\') {
			i++;
			gap = i < s.n &&
				(s.p[i] == 'X' || s.p[i] == 'W' || s.p[i] == 'D' || s.p[i] == 'S' ||
					s.p[i] == 'N');
		} else if (c == '[') {
			gap = i + 1 < s.n && s.p[i + 1] == '^';
			i += gap ? 2 : 1;
			if (i < s.n && s.p[i] == ']')
				i++;
			for (; i < s.n && s.p[i] != ']'; i++)
				if (s.p[i] == '\\')
					i++;
		} else {
			gap = c == '.';
		}
	}
	return s.n;
}

/* Says why; returns true. */
static bool _format_(3, 4) fault(struct match_fault *f, const char *hint, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(f->text, sizeof(f->text), format, args);
	va_end(args);
	f->hint = hint;
	return true;
}

static bool is_refused(struct slice s, struct match_fault *f)
{
	size_t gap;

	if (!s.n || s.n > MATCH_PATTERN_MAX)
		return fault(f, NULL, "une expression a de 1 à %u octets", MATCH_PATTERN_MAX);
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20)
			return fault(f,
				"dans des guillemets doubles, \\b est un retour arrière : "
				"employez des apostrophes",
				"caractère de contrôle dans l'expression");
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++)
		if (memmem(s.p, s.n, refusals[i].part, strlen(refusals[i].part)))
			return fault(f, refusals[i].hint, "%s", refusals[i].text);
	if (has_recursion_by_number(s))
		return fault(f, NULL, "la récursion est interdite");
	gap = unbounded_gap(s);
	if (gap < s.n)
		return fault(f, "bornez l'intervalle : .{0,40} au lieu de .*",
			"intervalle sans fin au caractère %zu",
			utf8_length((struct slice){s.p, gap}) + 1);
	return false;
}

/* The mistakes that people make, in their language; PCRE2's own words for the rest. */
static const char *reason(int code, char text[static REASON_MAX])
{
	switch (code) {
	case PCRE2_ERROR_END_BACKSLASH: return "« \\ » en fin d'expression";
	case PCRE2_ERROR_UNKNOWN_ESCAPE: return "échappement inconnu";
	case PCRE2_ERROR_QUANTIFIER_OUT_OF_ORDER: return "bornes à l'envers entre accolades";
	case PCRE2_ERROR_QUANTIFIER_TOO_BIG: return "nombre trop grand entre accolades";
	case PCRE2_ERROR_MISSING_SQUARE_BRACKET: return "il manque un crochet fermant";
	case PCRE2_ERROR_CLASS_RANGE_ORDER: return "intervalle à l'envers entre crochets";
	case PCRE2_ERROR_QUANTIFIER_INVALID: return "rien à répéter devant ce signe";
	case PCRE2_ERROR_MISSING_CLOSING_PARENTHESIS: return "il manque une parenthèse fermante";
	case PCRE2_ERROR_UNMATCHED_CLOSING_PARENTHESIS: return "une parenthèse fermante de trop";
	case PCRE2_ERROR_PARENTHESES_NEST_TOO_DEEP: return "trop de parenthèses imbriquées";
	case PCRE2_ERROR_LOOKBEHIND_NOT_FIXED_LENGTH:
		return "un regard en arrière a une longueur fixe";
	case PCRE2_ERROR_UNKNOWN_UNICODE_PROPERTY: return "propriété inconnue après \\p";
	default: break;
	}
	pcre2_get_error_message(code, (PCRE2_UCHAR *)text, REASON_MAX);
	return text;
}

static pcre2_code *compile_pattern(struct slice pattern, struct match_fault *f)
{
	PCRE2_SIZE at;
	char text[REASON_MAX];
	int code, r;
	pcre2_code *re = pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n,
		PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS, &code, &at, NULL);

	if (!re) {
		fault(f, NULL, "expression incorrecte au caractère %zu : %s",
			utf8_length(utf8_cut(pattern, at)) + 1, reason(code, text));
		return NULL;
	}
	r = pcre2_jit_compile(re, PCRE2_JIT_COMPLETE);
	if (r < 0 && r != PCRE2_ERROR_JIT_BADOPTION) {
		fault(f, NULL, "expression impossible à accélérer (PCRE2 %d)", r);
		pcre2_code_free(re);
		return NULL;
	}
	return re;
}

/* The pattern against texts that make bad patterns run away. */
static bool runs_away(struct slice pattern, const pcre2_code *code)
{
	static const char *const texts[] = {"a", "aa ", "1", "a1", "mot ", "_", "!?", "é"};
	struct matcher m;
	_buf_ struct buf text = {0};
	bool away = false;

	matcher_init(&m);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts) && !away; i++) {
		int r;

		buf_clear(&text);
		while (text.n < TRIAL_SIZE)
			buf_add_string(&text, texts[i]);
		/* the pattern's own letters behind it: PCRE2 gives up early on a text that lacks one of them */
		buf_add_char(&text, '\x7f');
		buf_add_slice(&text, pattern);
		r = matcher_run(&m, code, buf_slice(&text), 0, 0);
		away = r < 0 && r != PCRE2_ERROR_NOMATCH;
	}
	matcher_release(&m);
	return away;
}

static void announce(struct match_builder *b, const struct slice *literals, size_t n, uint32_t atom)
{
	for (size_t i = 0; i < n; i++) {
		text_views_make(b->views, literals[i]);
		add_use(b, text_view(b->views, TEXT_FOLDED), (struct slice){0}, 0, TERM_REGEX,
			atom);
	}
}

int match_add_regex(
	struct match_builder *b, uint32_t atom, struct slice pattern, struct match_fault *f)
{
	struct match_set *s = b->set;
	struct slice literals[ANNOUNCE_MAX];
	pcre2_code *code;
	bool plain = false;
	size_t n;

	if (is_refused(pattern, f))
		return MATCH_REGEX_REFUSED;
	code = compile_pattern(pattern, f);
	if (!code)
		return MATCH_REGEX_REFUSED;
	if (runs_away(pattern, code)) {
		fault(f, "évitez les répétitions l'une dans l'autre : (a+)+, (\\w+\\s?)+",
			"expression trop coûteuse : elle dépasse la limite sur un texte répétitif");
		pcre2_code_free(code);
		return MATCH_REGEX_REFUSED;
	}
	for (size_t i = 0; i < pattern.n; i++)
		plain |= (unsigned char)pattern.p[i] >= 0x80;
	s->regexes = array_grow(s->regexes, s->n_regexes, &b->cap_regexes, sizeof(*s->regexes));
	s->regexes[s->n_regexes] = (struct regex){code, plain};
	s->atoms[atom].regex = (int32_t)s->n_regexes++;
	n = required_literals(pattern, ANNOUNCE_MIN, literals);
	announce(b, literals, n, atom);
	s->atoms[atom].always = n == 0;
	return 0;
}

void matcher_init(struct matcher *m)
{
	m->data = pcre2_match_data_create(1, NULL);
	m->context = pcre2_match_context_create(NULL);
	m->stack = pcre2_jit_stack_create(32 << 10, 512 << 10, NULL);
	pcre2_set_match_limit(m->context, MATCH_LIMIT);
	pcre2_set_heap_limit(m->context, HEAP_LIMIT_KIB);
	pcre2_jit_stack_assign(m->context, NULL, m->stack);
}

void matcher_release(struct matcher *m)
{
	pcre2_match_data_free(m->data);
	pcre2_match_context_free(m->context);
	pcre2_jit_stack_free(m->stack);
}

int matcher_run(struct matcher *m, const pcre2_code *code, struct slice text, size_t start,
	uint32_t options)
{
	return pcre2_match(code, (PCRE2_SPTR)text.p, text.n, start, options | PCRE2_NO_UTF_CHECK,
		m->data, m->context);
}
