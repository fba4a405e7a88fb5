/* SPDX-License-Identifier: GPL-3.0-or-later
 * A message as an SMS: level, topic, counts, and how to take charge. One part of 160 signs of the GSM alphabet (3GPP TS
 * 23.038), two with a long public address: the title gives way. Nobody's words and nobody's name are in it. */
#include "compose.h"
#include <tocsin/phrase/duties.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/utf8.h>

#define PART 160u
#define TITLE_MIN 12u /* signs that the title keeps, also when that makes two parts */

/* What one sign of the alphabet, or two or three, stand for; NULL: dropped. */
static const char *gsm_of(uint32_t c)
{
	static const struct {
		uint32_t from;
		const char *to;
	} table[] = {{0xa0, " "}, {0x202f, " "}, {0x2009, " "}, {0xab, "\""}, {0xbb, "\""},
		{0x201c, "\""}, {0x201d, "\""}, {0x2018, "'"}, {0x2019, "'"}, {0x2013, "-"},
		{0x2014, "-"}, {0x2011, "-"}, {0xb7, "-"}, {0x2026, "..."}, {0x20ac, "EUR"},
		{0x153, "oe"}, {0x152, "OE"}, {0xb0, "o"}, {'[', "("}, {'{', "("}, {']', ")"},
		{'}', ")"}, {'\\', "/"}, {'|', "/"}, {'^', "-"}, {'~', "-"}, {'`', "'"},
		{0xe1, "a"}, {0xe2, "a"}, {0xe3, "a"}, {0xe7, "c"}, {0xea, "e"}, {0xeb, "e"},
		{0xed, "i"}, {0xee, "i"}, {0xef, "i"}, {0xf3, "o"}, {0xf4, "o"}, {0xf5, "o"},
		{0xfa, "u"}, {0xfb, "u"}, {0xff, "y"}, {0xc0, "A"}, {0xc1, "A"}, {0xc2, "A"},
		{0xc8, "E"}, {0xca, "E"}, {0xcb, "E"}, {0xcd, "I"}, {0xce, "I"}, {0xcf, "I"},
		{0xd4, "O"}, {0xd9, "U"}, {0xdb, "U"}};
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (table[i].from == c)
			return table[i].to;
	return c == '\n' || c == '\r' || c == '\t' ? " " : NULL;
}

static bool in_alphabet(uint32_t c)
{
	static const uint32_t accents[] = {0xe9, 0xe8, 0xe0, 0xf9, 0xec, 0xf2, 0xc9, 0xc7, 0xe4,
		0xf6, 0xfc, 0xf1, 0xc4, 0xd6, 0xdc, 0xd1, 0xe5, 0xc5, 0xe6, 0xc6, 0xf8, 0xd8, 0xdf,
		0xa3, 0xa5, 0xa7};
	if (c >= ' ' && c < 0x7f)
		return !strchr("[]{}\\|^~`", (char)c);
	for (size_t i = 0; i < sizeof(accents) / sizeof(*accents); i++)
		if (accents[i] == c)
			return true;
	return false;
}

/* Any text, in the alphabet, still as UTF-8. */
static void add_gsm(struct buf *out, struct slice any)
{
	_buf_ struct buf valid = {0};
	utf8_repair(&valid, any);
	const struct slice s = buf_slice(&valid);
	for (size_t i = 0; i < s.n;) {
		const size_t from = i;
		const uint32_t c = utf8_next(s, &i);
		const char *other = in_alphabet(c) ? NULL : gsm_of(c);
		if (other)
			buf_add_string(out, other);
		else if (in_alphabet(c))
			buf_add(out, s.p + from, i - from);
	}
}

static void add_title(struct buf *out, const struct message *m)
{
	struct incident i = {.topic = m->topic};
	if (slice_is(m->kind, incident_kind_names[INCIDENT_P1]))
		buf_add_string(out, duty_of(m->lang, compose_category(&i)).label);
	else if (m->title.n)
		buf_add_slice(out, m->title);
	else if (message_is_drill(m))
		buf_add_string(out, words(m->lang, "essai de la chaîne d'alerte"));
	else if (slice_is(m->kind, incident_kind_names[INCIDENT_WHOLE]))
		buf_add_string(out, words(m->lang, "ensemble des messages"));
	else
		buf_add_slice(out, m->topic);
}

static void add_level(struct buf *out, const struct message *m)
{
	for (int i = 0; i < CHAINS; i++)
		if (slice_is(m->level, policy_chain_names[i]))
			buf_add_string(out, compose_level(m->lang, (enum policy_chain)i));
}

static void add_head(struct buf *out, const struct message *m, const struct message_sms *s)
{
	char time[CLOCK_TEXT];
	if (s->maybe)
		buf_printf(out, "(%s) ", message_maybe(m));
	buf_add_string(out, "tocsin ");
	if (message_is_drill(m))
		buf_printf(out, "%s ", words(m->lang, "EXERCICE"));
	if (s->fallback)
		buf_add_string(out, words(m->lang, "SECOURS "));
	add_level(out, m);
	buf_printf(out, " %s. ", clock_format_hm(m->at, time));
}

static void add_counts(struct buf *out, const struct message *m)
{
	if (slice_is(m->kind, incident_kind_names[INCIDENT_GREY]))
		buf_add_string(out, words(m->lang, " : plus entendu"));
	else if (slice_is(m->kind, incident_kind_names[INCIDENT_OVERDUE]))
		buf_printf(out, words(m->lang, " : %u en retard"), m->messages);
	else if (m->messages > 1 && !slice_is(m->kind, MESSAGE_PAST))
		buf_printf(out, words(m->lang, " : %u messages, %u personnes"), m->messages,
			m->authors);
	if (m->others)
		buf_printf(out,
			words_n(m->lang, ", et %u autre alerte", ", et %u autres alertes",
				m->others),
			m->others);
	buf_add_string(out, ". ");
}

/* brief: without what « SECOURS » says already. */
static void add_tail(
	struct buf *out, const struct message *m, const struct message_sms *s, bool brief)
{
	char time[CLOCK_TEXT];
	const int64_t before = m->others ? m->code_before : m->before;
	add_counts(out, m);
	if (s->fallback && !brief)
		buf_printf(out, "%s ", words(m->lang, "Quelqu'un n'est pas joint."));
	if (slice_is(m->kind, MESSAGE_PAST) || !before) {
		buf_add_string(out, words(m->lang, "Pour information."));
		return;
	}
	clock_format_hm(before, time);
	if (m->code.n && s->reply)
		buf_printf(out, words(m->lang, "Pour prendre en charge avant %s, répondez %.*s"),
			time, (int)m->code.n, m->code.p);
	else if (m->code.n && m->page.n)
		buf_printf(out,
			words(m->lang, "Pour prendre en charge avant %s : code %.*s sur %.*s"),
			time, (int)m->code.n, m->code.p, (int)m->page.n, m->page.p);
	else
		buf_printf(out, words(m->lang, "À prendre en charge avant %s"), time);
}

/* The page too, when there is room for it. */
static void add_page(struct buf *text, const struct message *m, const struct message_sms *s)
{
	_buf_ struct buf more = {0};
	if (!m->before || !m->code.n || !s->reply || !m->page.n)
		return;
	buf_printf(&more, words(m->lang, ", ou %.*s"), (int)m->page.n, m->page.p);
	if (utf8_length(buf_slice(text)) + utf8_length(buf_slice(&more)) <= PART)
		buf_add_slice(text, buf_slice(&more));
}

void message_sms(struct buf *out, const struct message *m, const struct message_sms *s)
{
	_buf_ struct buf head = {0}, title = {0}, tail = {0}, rest = {0};
	add_head(&rest, m, s);
	add_gsm(&head, buf_slice(&rest));
	size_t used = 0;
	for (int brief = 0; brief < 2 && (!used || used + TITLE_MIN > PART); brief++) {
		buf_clear(&rest);
		buf_clear(&tail);
		add_tail(&rest, m, s, brief);
		add_gsm(&tail, buf_slice(&rest));
		used = utf8_length(buf_slice(&head)) + utf8_length(buf_slice(&tail));
	}
	buf_clear(&rest);
	add_title(&rest, m);
	add_gsm(&title, buf_slice(&rest));
	size_t room = used + TITLE_MIN < PART ? PART - used : TITLE_MIN;
	buf_add_slice(out, buf_slice(&head));
	for (size_t i = 0, n = 0; i < title.n && n < room; n++) {
		const size_t from = i;
		(void)utf8_next(buf_slice(&title), &i);
		buf_add(out, title.p + from, i - from);
	}
	while (out->n && out->p[out->n - 1] == ' ')
		out->n--;
	buf_add_slice(out, buf_slice(&tail));
	add_page(out, m, s);
}
