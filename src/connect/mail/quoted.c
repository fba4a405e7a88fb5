/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "quoted.h"

#include <strings.h>

#define INTRODUCTION_MAX 300u /* bytes of « Le … a écrit : », over two lines */
#define BLOCK_LINES 5 /* of De :, Envoyé :, À :, Objet : */

/* The next line, without its end; false: there is none. */
static bool next_line(struct slice *rest, struct slice *ret)
{
	const char *end = rest->n ? memchr(rest->p, '\n', rest->n) : NULL;

	if (!rest->n)
		return false;
	*ret = (struct slice){rest->p, end ? (size_t)(end - rest->p) : rest->n};
	*rest = (struct slice){rest->p + ret->n + (end != NULL), rest->n - ret->n - (end != NULL)};
	if (ret->n && ret->p[ret->n - 1] == '\r')
		ret->n--;
	return true;
}

/* With one blank where there are several, or others than the usual one; none at its ends; Outlook's stars for bold left out. */
static void plain(struct slice line, struct buf *out)
{
	buf_clear(out);
	for (size_t i = 0; i < line.n; i++) {
		struct slice rest = {line.p + i, line.n - i};
		size_t wide = slice_begins(rest, "\xc2\xa0") ? 2
			: slice_begins(rest, "\xe2\x80\xaf") ? 3
							     : 0;

		if (wide || strchr(" \t\r", line.p[i])) {
			if (out->n && out->p[out->n - 1] != ' ')
				buf_add_char(out, ' ');
			i += wide ? wide - 1 : 0;
		} else if (line.p[i] != '*') {
			buf_add_char(out, line.p[i]);
		}
	}
	while (out->n && out->p[out->n - 1] == ' ')
		out->n--;
}

static bool begins(struct slice s, const char *word)
{
	size_t n = strlen(word);

	return s.n >= n && strncasecmp(s.p, word, n) == 0;
}

static bool ends(struct slice s, const char *word)
{
	size_t n = strlen(word);

	return s.n >= n && strncasecmp(s.p + s.n - n, word, n) == 0;
}

static bool begins_one(struct slice s, const char *const *words)
{
	for (; *words; words++)
		if (begins(s, *words))
			return true;
	return false;
}

static bool has_digit(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= '0' && s.p[i] <= '9')
			return true;
	return false;
}

/* « Le lun. 24 nov. 2026 à 14:05, Odile <…> a écrit : » */
static bool introduces(struct slice s)
{
	static const char *const last[] = {
		"a écrit :", "a écrit:", "écrit :", "wrote:", "schrieb:", NULL};

	if (s.n > INTRODUCTION_MAX || !(begins(s, "Le ") || begins(s, "On ") || begins(s, "Am ")))
		return false;
	for (size_t i = 0; last[i]; i++)
		if (ends(s, last[i]))
			return has_digit(s);
	return false;
}

/* … on this line, or on it and the next, which is stepped over then. */
static bool takes_introduction(struct slice line, struct slice *rest, struct buf *work)
{
	_buf_ struct buf both = {0};
	struct slice after = *rest, more;

	plain(line, work);
	if (introduces(buf_slice(work)))
		return true;
	if (!begins(buf_slice(work), "Le ") && !begins(buf_slice(work), "On "))
		return false;
	if (!next_line(&after, &more))
		return false;
	buf_add_slice(&both, line);
	buf_add_char(&both, ' ');
	buf_add_slice(&both, more);
	plain(buf_slice(&both), work);
	if (!introduces(buf_slice(work)))
		return false;
	*rest = after;
	return true;
}

/* De : …, and Envoyé : or the like below it. */
static bool is_block(struct slice line, struct slice rest, struct buf *work)
{
	static const char *const first[] = {"De :", "De:", "From:", "Von:", NULL};
	static const char *const second[] = {
		"Envoyé :", "Envoyé:", "Date :", "Date:", "Sent:", "Gesendet:", NULL};

	plain(line, work);
	if (!begins_one(buf_slice(work), first))
		return false;
	for (int i = 0; i < BLOCK_LINES && next_line(&rest, &line); i++) {
		plain(line, work);
		if (begins_one(buf_slice(work), second))
			return true;
	}
	return false;
}

static bool is_separator(struct slice line, struct buf *work)
{
	static const char *const words[] = {"Message d'origine", "Message d\xe2\x80\x99origine",
		"Original Message", "Mensaje original", "Message transféré", "Forwarded message",
		NULL};
	struct slice s;
	size_t dashes = 0;

	plain(line, work);
	s = buf_slice(work);
	while (dashes < s.n && s.p[dashes] == '-')
		dashes++;
	s = (struct slice){s.p + dashes, s.n - dashes};
	while (s.n && s.p[0] == ' ')
		s = (struct slice){s.p + 1, s.n - 1};
	return dashes >= 3 && begins_one(s, words);
}

static bool is_signature(struct slice line)
{
	return slice_is(line, "-- ") || slice_is(line, "--");
}

/* What a telephone adds. */
static bool is_advert(struct slice line, struct buf *work)
{
	static const char *const words[] = {"Envoyé de mon ", "Envoyé depuis ",
		"Envoyé à partir de ", "Envoyé avec ", "Sent from my ", "Sent from Outlook",
		"Obtenir Outlook pour ", "Télécharger Outlook pour ", "Get Outlook for ", NULL};

	plain(line, work);
	return work->n < 120 && begins_one(buf_slice(work), words);
}

static bool is_quote(struct slice line)
{
	while (line.n && line.p[0] == ' ')
		line = (struct slice){line.p + 1, line.n - 1};
	return line.n && line.p[0] == '>';
}

/* Whether what comes next is quoted line by line: then an answer may stand below. */
static bool quotes_follow(struct slice rest)
{
	struct slice line;

	while (next_line(&rest, &line)) {
		if (is_quote(line))
			return true;
		for (size_t i = 0; i < line.n; i++)
			if (!strchr(" \t\r", line.p[i]))
				return false;
	}
	return false;
}

static struct slice trimmed(struct slice s)
{
	while (s.n && strchr(" \t\r\n", s.p[0]))
		s = (struct slice){s.p + 1, s.n - 1};
	while (s.n && strchr(" \t\r\n", s.p[s.n - 1]))
		s.n--;
	return s;
}

void quoted_trim(struct slice text, struct buf *out)
{
	_buf_ struct buf kept = {0}, work = {0};
	struct slice rest = text, line, own;

	while (next_line(&rest, &line)) {
		if (is_quote(line))
			continue;
		if (takes_introduction(line, &rest, &work)) {
			if (quotes_follow(rest))
				continue;
			break;
		}
		if (is_signature(line) || is_separator(line, &work) || is_block(line, rest, &work))
			break;
		if (is_advert(line, &work))
			continue;
		buf_add_slice(&kept, line);
		buf_add_char(&kept, '\n');
	}
	own = trimmed(buf_slice(&kept));
	while (own.n && own.p[own.n - 1] == '_') /* Outlook's rule above its block */
		own.n--;
	own = trimmed(own);
	buf_add_slice(out, own.n ? own : trimmed(text));
}
