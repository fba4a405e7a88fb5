/* SPDX-License-Identifier: GPL-3.0-or-later
 * A message's wire form and its readable text. */
#include "message.h"
#include <errno.h>
#include <tocsin/base/utf8.h>
#include <tocsin/digest/digest.h>
#include <tocsin/record/wire.h>

#define MESSAGE_VERSION \
	3u /* 1 has no curve, 2 does not say whether it quotes; outboxes keep such rows */

void message_encode(struct buf *out, const struct message *m)
{
	const struct slice texts[] = {m->key, m->thread, m->town, m->name, m->person, m->subject,
		m->head, m->level, m->kind, m->topic, m->title};
	wire_put_u8(out, MESSAGE_VERSION);
	wire_put_u8(out, (uint8_t)m->lang);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		wire_put_bytes(out, texts[i]);
	wire_put_i64(out, m->incident);
	wire_put_i64(out, m->at);
	wire_put_i64(out, m->since);
	wire_put_i64(out, m->before);
	wire_put_i64(out, m->written_at);
	wire_put_varint(out, m->messages);
	wire_put_varint(out, m->authors);
	wire_put_varint(out, m->sources);
	wire_put_varint(out, m->n_blocks);
	for (uint32_t i = 0; i < m->n_blocks; i++) {
		wire_put_u8(out, (uint8_t)m->blocks[i].kind);
		wire_put_bytes(out, m->blocks[i].label);
		wire_put_bytes(out, m->blocks[i].text);
	}
	wire_put_bytes(out, m->curve);
	wire_put_bytes(out, m->curve_words);
	wire_put_varint(out, m->curve_after);
	wire_put_u8(out, m->bare);
}

static uint32_t small(struct wire *w)
{
	uint64_t v = wire_varint(w);
	if (v > UINT32_MAX)
		w->bad = true;
	return (uint32_t)v;
}

int message_decode(struct slice s, struct message *ret)
{
	struct wire w = wire_reader(s);
	struct message m = {0};
	struct slice *const texts[] = {&m.key, &m.thread, &m.town, &m.name, &m.person, &m.subject,
		&m.head, &m.level, &m.kind, &m.topic, &m.title};
	uint8_t version = wire_u8(&w);
	if (version < 1 || version > MESSAGE_VERSION)
		return -EBADMSG;
	m.lang = wire_u8(&w) == WORDS_EN ? WORDS_EN : WORDS_FR;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		*texts[i] = wire_bytes(&w);
	m.incident = wire_i64(&w);
	m.at = wire_i64(&w);
	m.since = wire_i64(&w);
	m.before = wire_i64(&w);
	m.written_at = wire_i64(&w);
	m.messages = small(&w);
	m.authors = small(&w);
	m.sources = small(&w);
	m.n_blocks = small(&w);
	if (m.n_blocks > MESSAGE_BLOCKS_MAX)
		return -EBADMSG;
	for (uint32_t i = 0; i < m.n_blocks; i++) {
		uint8_t kind = wire_u8(&w);
		m.blocks[i].kind = kind <= BLOCK_CURVE ? (enum block_kind)kind : BLOCK_TEXT;
		m.blocks[i].label = wire_bytes(&w);
		m.blocks[i].text = wire_bytes(&w);
	}
	if (version > 1) {
		m.curve = wire_bytes(&w);
		m.curve_words = wire_bytes(&w);
		m.curve_after = small(&w);
	}
	if (version > 2)
		m.bare = wire_u8(&w) != 0;
	if (!wire_done(&w))
		return -EBADMSG;
	*ret = m;
	return 0;
}

const char *message_name(const struct message *m, char out[static 33])
{
	unsigned char digest[DIGEST_SIZE];
	digest_sha256(m->key, digest);
	return digest_hex(digest, 16, out);
}

bool message_is_drill(const struct message *m)
{
	return slice_is(m->kind, incident_kind_names[INCIDENT_DRILL]);
}

struct slice message_about(const struct message *m)
{
	const struct slice bell = SLICE("tocsin "), s = m->subject;
	if (s.n <= bell.n || memcmp(s.p, bell.p, bell.n) != 0)
		return s;
	return (struct slice){s.p + bell.n, s.n - bell.n};
}

const char *message_drill(const struct message *m)
{
	return words(m->lang,
		"EXERCICE : rien ne s'est passé. Cet appel répète la chaîne d'alerte ; répondez-y "
		"comme à une vraie alerte, qui passe toujours avant.");
}

const char *message_maybe(const struct message *m)
{
	return words(m->lang, "doublon possible");
}

bool message_asks(const struct message *m)
{
	return m->before && m->code.n && m->page.n && !m->listed;
}

const char *message_quote(const struct message *m, bool closing)
{
	if (m->lang == WORDS_EN)
		return closing ? "”" : "“";
	return closing ? "\u00a0»" : "«\u00a0";
}

/* A blank that French typography does not let go: before : ; ? ! » %, after «. */
static bool sticks(struct slice text, size_t i)
{
	static const char *const after[] = {":", ";", "?", "!", "%", "»"};
	for (size_t k = 0; k < sizeof(after) / sizeof(*after); k++) {
		size_t n = strlen(after[k]);
		if (i + 1 + n <= text.n && memcmp(text.p + i + 1, after[k], n) == 0)
			return true;
	}
	return i >= 2 && memcmp(text.p + i - 2, "«", 2) == 0;
}

/* Appends text with its lines cut at width characters, at blanks; each line after the first is indented. */
static void wrap(
	struct buf *out, struct slice text, unsigned width, unsigned column, const char *indent)
{
	size_t i = 0;
	while (i < text.n) {
		size_t from = i;
		unsigned length = 0;
		while (i < text.n && text.p[i] != '\n' && (text.p[i] != ' ' || sticks(text, i))) {
			utf8_next(text, &i);
			length++;
		}
		if (width && column && column + length > width) {
			if (out->n && out->p[out->n - 1] == ' ')
				out->n--;
			buf_printf(out, "\n%s", indent);
			column = (unsigned)strlen(indent);
		}
		buf_add(out, text.p + from, i - from);
		column += length;
		if (i < text.n && text.p[i] == '\n') {
			buf_printf(out, "\n%s", indent);
			column = (unsigned)strlen(indent);
			i++;
		} else if (i < text.n) {
			buf_add_char(out, ' ');
			column++;
			i++;
		}
	}
}

/* Next line of text; false at the end. */
static bool next_line(struct slice *text, struct slice *ret)
{
	if (!text->n)
		return false;
	const char *end = memchr(text->p, '\n', text->n);
	ret->p = text->p;
	ret->n = end ? (size_t)(end - text->p) : text->n;
	size_t step = ret->n + (end ? 1 : 0);
	text->p += step;
	text->n -= step;
	return true;
}

static void add_block(
	struct buf *out, const struct message *m, const struct message_block *b, unsigned width)
{
	unsigned column = 0;
	if (b->label.n) {
		buf_add_slice(out, b->label);
		buf_add_string(out, message_block_lists(b) ? "" : " ");
		column = (unsigned)utf8_length(b->label) + 1;
	}
	if (!message_block_lists(b)) {
		wrap(out, b->text, width, column, "");
		buf_add_string(out, "\n\n");
		return;
	}
	struct slice rest = b->text, line;
	if (b->label.n)
		buf_add_string(out, "\n");
	while (next_line(&rest, &line)) {
		bool quote = b->kind == BLOCK_QUOTES;
		buf_printf(out, "  %s", quote ? message_quote(m, false) : "- ");
		wrap(out, line, width, 4, "    ");
		buf_printf(out, "%s\n", quote ? message_quote(m, true) : "");
	}
	buf_add_string(out, "\n");
}

void message_text(struct buf *out, const struct message *m, bool maybe, unsigned width)
{
	if (maybe) {
		_buf_ struct buf notice = {0};
		buf_printf(&notice, "[%s] %s", message_maybe(m),
			words(m->lang,
				"Ce message est peut-être déjà arrivé : l'envoi précédent n'a pas "
				"reçu de réponse."));
		wrap(out, buf_slice(&notice), width, 0, "");
		buf_add_string(out, "\n\n");
	}
	if (message_is_drill(m)) {
		wrap(out, slice_of(message_drill(m)), width, 0, "");
		buf_add_string(out, "\n\n");
	}
	wrap(out, m->head, width, 0, "");
	buf_add_string(out, "\n\n");
	if (message_asks(m)) {
		_buf_ struct buf how = {0};
		buf_printf(&how, words(m->lang, "Pour prendre en charge : code %.*s, sur %.*s"),
			(int)m->code.n, m->code.p, (int)m->page.n, m->page.p);
		wrap(out, buf_slice(&how), width, 0, "");
		buf_add_string(out, "\n\n");
	}
	for (uint32_t i = 0; i < m->n_blocks; i++)
		add_block(out, m, &m->blocks[i], width);
	while (out->n > 1 && out->p[out->n - 1] == '\n' && out->p[out->n - 2] == '\n')
		out->n--;
}
