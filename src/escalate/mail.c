/* SPDX-License-Identifier: GPL-3.0-or-later
 * A message as a mail. */
#include "message.h"
#include "mime.h"
#include <tocsin/base/utf8.h>

#define TEXT_WIDTH 76u

static void add_html(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		switch (s.p[i]) {
		case '&': buf_add_string(out, "&amp;"); break;
		case '<': buf_add_string(out, "&lt;"); break;
		case '>': buf_add_string(out, "&gt;"); break;
		case '"': buf_add_string(out, "&quot;"); break;
		default: buf_add_char(out, s.p[i]);
		}
}

static void add_lines(struct buf *out, const struct message *m, const struct message_block *b)
{
	struct slice rest = b->text;
	bool quote = b->kind == BLOCK_QUOTES;
	buf_add_string(out, "\n<ul style=\"margin:.3em 0;padding-left:1.2em\">");
	while (rest.n) {
		const char *end = memchr(rest.p, '\n', rest.n);
		struct slice line = {rest.p, end ? (size_t)(end - rest.p) : rest.n};
		buf_printf(out, "\n<li>%s", quote ? message_quote(m, false) : "");
		add_html(out, line);
		buf_printf(out, "%s</li>", quote ? message_quote(m, true) : "");
		size_t step = line.n + (end ? 1 : 0);
		rest = (struct slice){rest.p + step, rest.n - step};
	}
	buf_add_string(out, "\n</ul>\n");
}

static const char *colour(struct slice level)
{
	if (slice_is(level, "rouge") || slice_is(level, "P1"))
		return "#b00020";
	if (slice_is(level, "orange"))
		return "#b85c00";
	if (slice_is(level, "jaune"))
		return "#7a6500";
	return "#555555";
}

/* What it is about, in the colour of its level: a telephone shows the body without the subject. */
static void add_band(struct buf *out, const struct message *m)
{
	bool calm = slice_is(m->kind, MESSAGE_PAST);
	buf_printf(out,
		"<p style=\"margin:0;padding:.4em .6em;background:%s;color:#fff;font-weight:bold\">",
		colour(calm ? (struct slice){0} : m->level));
	add_html(out, message_about(m));
	buf_add_string(out, "</p>\n");
}

/* The lines that a person wrote stay lines. */
static void add_text(struct buf *out, struct slice text)
{
	const char *end;
	while (text.n && (end = memchr(text.p, '\n', text.n))) {
		add_html(out, (struct slice){text.p, (size_t)(end - text.p)});
		buf_add_string(out, "<br>\n");
		text = (struct slice){end + 1, text.n - (size_t)(end - text.p) - 1};
	}
	add_html(out, text);
}

static struct slice without_last_word(struct slice text)
{
	const char *blank = memrchr(text.p, ' ', text.n);
	return blank ? (struct slice){text.p, (size_t)(blank - text.p)} : text;
}

/* Without a label it is small print. pictured: the curve is shown, so its signs, which no telephone has the width for, are
 * not. */
static void add_block(
	struct buf *out, const struct message_block *b, const struct message *m, bool pictured)
{
	const char *tag = message_block_lists(b) ? "div" : "p";
	buf_printf(out, "<%s%s>", tag, b->label.n ? "" : " style=\"font-size:.85em;color:#555\"");
	if (b->label.n) {
		buf_add_string(out, "<strong>");
		add_html(out, b->label);
		buf_add_string(out, "</strong> ");
	}
	if (message_block_lists(b))
		add_lines(out, m, b);
	else
		add_text(out,
			pictured && b->kind == BLOCK_CURVE ? without_last_word(b->text) : b->text);
	buf_printf(out, "</%s>\n", tag);
}

/* Large, for it is copied by hand from one telephone to another; the address is one that configuration has checked. */
static void add_code(struct buf *out, const struct message *m)
{
	if (!message_asks(m))
		return;
	buf_printf(out,
		"<p style=\"padding:.5em .6em;border:2px solid #111\">%s "
		"<strong style=\"font:bold 1.5em monospace\">%.*s</strong><br>"
		"<a href=\"%.*s\">%.*s</a></p>\n",
		words(m->lang, "Pour prendre en charge, code :"), (int)m->code.n, m->code.p,
		(int)m->page.n, m->page.p, (int)m->page.n, m->page.p);
}

static const char *domain_of(const char *from)
{
	const char *at = strrchr(from, '@');
	return at && at[1] ? at + 1 : "localhost";
}

/* The picture's name within this mail. */
static void add_content_id(struct buf *out, const struct message *m, const char *from)
{
	char name[33];
	buf_printf(out, "courbe.%s@%s", message_name(m, name), domain_of(from));
}

static void add_picture(struct buf *out, const struct message *m, const char *from)
{
	buf_add_string(out, "<p style=\"margin:.6em 0\"><img src=\"cid:");
	add_content_id(out, m, from);
	buf_add_string(out,
		"\" width=\"600\" height=\"220\" style=\"max-width:100%;height:auto;display:block\" alt=\"");
	add_html(out, m->curve_words);
	buf_add_string(out, "\"></p>\n");
}

/* from: of the mail; NULL when no picture goes with it. */
static void add_page(struct buf *out, const struct message *m, bool maybe, const char *from)
{
	buf_printf(out,
		"<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">"
		"<meta name=\"viewport\" content=\"width=device-width\"><title>",
		m->lang == WORDS_EN ? "en" : "fr");
	add_html(out, m->subject);
	buf_add_string(out,
		"</title></head>\n<body style=\"font:16px/1.45 sans-serif;max-width:40em;"
		"margin:0 auto;padding:1em;color:#111;background:#fff\">\n");
	if (maybe)
		buf_printf(out, "<p><strong>%s.</strong> %s</p>\n", message_maybe(m),
			words(m->lang,
				"Ce message est peut-être déjà arrivé : l'envoi précédent n'a pas "
				"reçu de réponse."));
	if (message_is_drill(m))
		buf_printf(out,
			"<p style=\"border:2px dashed #111;padding:.4em .6em\"><strong>%s</strong></p>\n",
			message_drill(m));
	add_band(out, m);
	buf_add_string(out, "<h1 style=\"font-size:1.15em;margin:.6em 0 1em\">");
	add_html(out, m->head);
	buf_add_string(out, "</h1>\n");
	add_code(out, m);
	for (uint32_t i = 0; i < m->n_blocks; i++) {
		if (from && i == m->curve_after)
			add_picture(out, m, from);
		add_block(out, &m->blocks[i], m, from != NULL);
	}
	if (from && m->curve_after >= m->n_blocks)
		add_picture(out, m, from);
	buf_add_string(out, "</body></html>\n");
}

static void add_subject(struct buf *out, const struct message *m, bool maybe)
{
	_buf_ struct buf subject = {0};
	if (maybe)
		buf_printf(&subject, "[%s] ", message_maybe(m));
	buf_add_slice(&subject, m->subject);
	mime_header(out, "Subject", utf8_cut(buf_slice(&subject), 400));
}

/* The thread is a name that no mail bears: every mail of an incident refers to it, in whatever order they come. */
static void add_names(struct buf *out, const struct message *m, const char *from)
{
	const char *domain = domain_of(from);
	char name[33], thread[33];
	message_name(m, name);
	message_name(&(struct message){.key = m->thread}, thread);
	buf_printf(out, "Message-ID: <%s@%s>\r\n", name, domain);
	buf_printf(out, "In-Reply-To: <%s@%s>\r\nReferences: <%s@%s>\r\n", thread, domain, thread,
		domain);
}

static void add_headers(
	struct buf *out, const struct message *m, const char *from, const char *to, bool maybe)
{
	_buf_ struct buf sender = {0};
	buf_add_string(&sender, "tocsin · ");
	buf_add_slice(&sender, m->town);
	bool urgent = (slice_is(m->level, "rouge") || slice_is(m->level, "P1")) &&
		!slice_is(m->kind, MESSAGE_PAST);
	mime_mailbox(out, "From", buf_slice(&sender), from);
	mime_mailbox(out, "To", m->name, to);
	add_subject(out, m, maybe);
	mime_date(out, m->written_at);
	add_names(out, m, from);
	buf_add_string(out, "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n");
	buf_printf(out, "X-Tocsin-Incident: %lld\r\n", (long long)m->incident);
	mime_header(out, "X-Tocsin-Level", m->level);
	if (message_is_drill(m))
		buf_add_string(out, "X-Tocsin-Drill: yes\r\n");
	if (urgent)
		buf_add_string(out, "Importance: high\r\nX-Priority: 1\r\n");
	buf_printf(out, "Content-Language: %s\r\n", m->lang == WORDS_EN ? "en" : "fr");
	buf_add_string(out, "MIME-Version: 1.0\r\n");
}

static void add_part(struct buf *out, const char *boundary, const char *type, struct slice text)
{
	buf_printf(out,
		"--%s\r\nContent-Type: %s; charset=utf-8\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n\r\n",
		boundary, type);
	mime_quoted_printable(out, text);
	buf_add_string(out, "\r\n");
}

/* The HTML and what it shows; neither boundary begins with the other. */
static void add_related(struct buf *out, const struct message *m, const char *from,
	struct slice page, struct slice picture)
{
	char name[33], boundary[48];
	snprintf(boundary, sizeof(boundary), "=_r%s", message_name(m, name));
	buf_printf(out,
		"Content-Type: multipart/related; type=\"text/html\";\r\n boundary=\"%s\"\r\n\r\n",
		boundary);
	add_part(out, boundary, "text/html", page);
	buf_printf(out, "--%s\r\nContent-Type: image/png; name=\"courbe.png\"\r\nContent-ID: <",
		boundary);
	add_content_id(out, m, from);
	buf_add_string(out,
		">\r\nContent-Disposition: inline; filename=\"courbe.png\"\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\n");
	mime_base64(out, picture);
	buf_printf(out, "--%s--\r\n\r\n", boundary);
}

void message_mail(struct buf *out, const struct message *m, const char *from, const char *to,
	bool maybe, struct slice picture)
{
	_buf_ struct buf text = {0}, page = {0};
	char name[33], boundary[48];
	/* "=_" is in no quoted-printable body, nor in base64 */
	snprintf(boundary, sizeof(boundary), "=_%s", message_name(m, name));
	add_headers(out, m, from, to, maybe);
	buf_printf(
		out, "Content-Type: multipart/alternative;\r\n boundary=\"%s\"\r\n\r\n", boundary);
	message_text(&text, m, maybe, TEXT_WIDTH);
	add_page(&page, m, maybe, picture.n ? from : NULL);
	add_part(out, boundary, "text/plain", buf_slice(&text));
	if (picture.n) {
		buf_printf(out, "--%s\r\n", boundary);
		add_related(out, m, from, buf_slice(&page), picture);
	} else {
		add_part(out, boundary, "text/html", buf_slice(&page));
	}
	buf_printf(out, "--%s--\r\n", boundary);
}
