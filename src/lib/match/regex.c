/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "regex.h"

#include <stdarg.h>
#include <stdio.h>

#define REASON_MAX 160u
#define TRIAL_SIZE 2048u

bool fault(struct match_fault *f, const char *hint, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(f->text, sizeof(f->text), format, args);
	va_end(args);
	f->hint = hint;
	return true;
}

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

static pcre2_code *compile(struct slice pattern, uint32_t options, int *code, PCRE2_SIZE *at)
{
	return pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n, PCRE2_UTF | PCRE2_CASELESS | options,
		code, at, NULL);
}

pcre2_code *regex_compile(struct slice pattern, struct match_fault *f)
{
	PCRE2_SIZE at;
	char text[REASON_MAX];
	int code;
	pcre2_code *re = compile(pattern, PCRE2_UCP, &code, &at);

	if (!re)
		fault(f,
			"corrigez ce signe, ou mettez \\ devant pour qu'il se lise tel quel : \\? \\( \\[",
			"expression incorrecte au caractère %zu : %s",
			utf8_length(utf8_cut(pattern, at)) + 1, reason(code, text));
	return re;
}

bool regex_ready(pcre2_code *code, struct match_fault *f)
{
	int r = pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);

	if (r < 0 && r != PCRE2_ERROR_JIT_BADOPTION) {
		fault(f, "simplifiez-la, ou coupez-la en plusieurs",
			"expression impossible à accélérer (PCRE2 %d)", r);
		return false;
	}
	return true;
}

pcre2_code *regex_narrow(struct slice pattern)
{
	PCRE2_SIZE at;
	int code;
	pcre2_code *re = compile(pattern, 0, &code, &at);

	if (re && pcre2_jit_compile(re, PCRE2_JIT_COMPLETE) < 0) {
		pcre2_code_free(re);
		re = NULL;
	}
	return re;
}

bool regex_runs_away(struct slice pattern, const pcre2_code *code)
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
	/* straight to the machine code, past checks that hold here */
	int r = pcre2_jit_match(code, (PCRE2_SPTR)text.p, text.n, start, options | PCRE2_NOTEMPTY,
		m->data, m->context);

	if (r == PCRE2_ERROR_JIT_BADOPTION) /* a machine without a compiler of its own */
		r = pcre2_match(code, (PCRE2_SPTR)text.p, text.n, start,
			options | PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY, m->data, m->context);
	return r;
}
