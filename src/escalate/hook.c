/* SPDX-License-Identifier: GPL-3.0-or-later
 * A message as the body of a webhook: plain JSON, or the forms that Mattermost, Slack and Teams understand.
 * Text that citizens wrote is in it: nothing of it may become a mention, a link or markup. */
#include "message.h"
#include <tocsin/base/clock.h>
#include <tocsin/base/utf8.h>
#include <tocsin/json/json.h>

#define SLACK_SECTION_MAX \
	2900u /* bytes; Slack refuses a section over 3,000 characters, and more than 50 blocks */
#define TEXT_MAX 16000u /* bytes; Mattermost's posts hold 16,383 characters */

/* The colon of "https://…": behind it a zero-width space keeps the address from becoming a link. */
static bool links(struct slice s, size_t i)
{
	return s.p[i] == ':' && i + 1 < s.n && s.p[i + 1] == '/';
}

/* A zero-width space behind @ keeps "@channel" from calling everybody; a backslash disarms markdown. */
static void add_markdown(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (strchr("\\*_`~[]#|<>!", c) && c)
			buf_add_char(out, '\\');
		buf_add_char(out, c);
		if (c == '@' || links(s, i))
			buf_add_string(out, "\u200b");
	}
}

/* Slack: only these three mean something, and *, _, ~, ` at a word's edge. */
static void add_slack(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		switch (s.p[i]) {
		case '&': buf_add_string(out, "&amp;"); break;
		case '<': buf_add_string(out, "&lt;"); break;
		case '>': buf_add_string(out, "&gt;"); break;
		case '@':
		case '*':
		case '_':
		case '~':
		case '`':
			buf_add_char(out, s.p[i]);
			buf_add_string(out, "\u200b");
			break;
		default:
			buf_add_char(out, s.p[i]);
			if (links(s, i))
				buf_add_string(out, "\u200b");
		}
}

typedef void escape_fn(struct buf *out, struct slice s);

static void add_block(
	struct buf *out, const struct message_block *b, escape_fn *escape, const char *bold)
{
	if (b->label.n) {
		buf_add_string(out, bold);
		escape(out, b->label);
		buf_printf(out, message_block_lists(b) ? "%s" : "%s ", bold);
	}
	struct slice rest = b->text;
	while (rest.n) {
		const char *end = memchr(rest.p, '\n', rest.n);
		struct slice line = {rest.p, end ? (size_t)(end - rest.p) : rest.n};
		if (message_block_lists(b))
			buf_add_string(out, b->kind == BLOCK_QUOTES ? "\n> " : "\n- ");
		else if (line.p > b->text.p)
			buf_add_char(out, '\n');
		escape(out, line);
		size_t step = line.n + (end ? 1 : 0);
		rest = (struct slice){rest.p + step, rest.n - step};
	}
}

static void add_title(struct buf *out, const struct message *m, bool maybe)
{
	if (maybe)
		buf_printf(out, "[%s] ", message_maybe(m));
	buf_add_slice(out, m->subject);
}

static void add_drill(struct buf *out, const struct message *m, escape_fn *escape)
{
	if (!message_is_drill(m))
		return;
	escape(out, slice_of(message_drill(m)));
	buf_add_char(out, '\n');
}

static void add_all(
	struct buf *out, const struct message *m, bool maybe, escape_fn *escape, const char *bold)
{
	_buf_ struct buf title = {0};
	add_title(&title, m, maybe);
	buf_add_string(out, bold);
	escape(out, buf_slice(&title));
	buf_printf(out, "%s\n\n", bold);
	add_drill(out, m, escape);
	escape(out, m->head);
	for (uint32_t i = 0; i < m->n_blocks; i++) {
		buf_add_string(out, "\n\n");
		add_block(out, &m->blocks[i], escape, bold);
	}
}

static void form_json(struct json_writer *w, const struct message *m, bool maybe)
{
	_buf_ struct buf text = {0};
	message_text(&text, m, maybe, 0);
	json_w_begin(w, '{');
	json_w_number(w, "tocsin", 1);
	json_w_text(w, "key", m->key);
	json_w_key(w, "maybe_duplicate");
	json_w_bool(w, maybe);
	json_w_key(w, "drill");
	json_w_bool(w, message_is_drill(m));
	json_w_text(w, "town", m->town);
	json_w_text(w, "person", m->person);
	json_w_number(w, "incident", m->incident);
	json_w_text(w, "level", m->level);
	json_w_text(w, "kind", m->kind);
	json_w_text(w, "topic", m->topic);
	json_w_text(w, "title", m->title);
	json_w_time(w, "at", m->at);
	json_w_time(w, "since", m->since);
	json_w_time(w, "answer_before", m->before);
	json_w_number(w, "messages", m->messages);
	json_w_number(w, "authors", m->authors);
	json_w_number(w, "sources", m->sources);
	json_w_text(w, "subject", m->subject);
	json_w_text(w, "text", buf_slice(&text));
	json_w_end(w, '}');
}

static void form_mattermost(struct json_writer *w, const struct message *m, bool maybe)
{
	_buf_ struct buf text = {0};
	add_all(&text, m, maybe, add_markdown, "**");
	json_w_begin(w, '{');
	json_w_text(w, "username", SLICE("tocsin"));
	json_w_text(w, "text", utf8_cut(buf_slice(&text), TEXT_MAX));
	json_w_end(w, '}');
}

static void slack_section(struct json_writer *w, struct slice text)
{
	json_w_begin(w, '{');
	json_w_text(w, "type", SLICE("section"));
	json_w_key(w, "text");
	json_w_begin(w, '{');
	json_w_text(w, "type", SLICE("mrkdwn"));
	json_w_text(w, "text", utf8_cut(text, SLACK_SECTION_MAX));
	json_w_end(w, '}');
	json_w_end(w, '}');
}

/* A list that is longer than a section goes on in the next one: each of its lines is an alarm. */
static void slack_sections(struct json_writer *w, struct slice text)
{
	while (text.n > SLACK_SECTION_MAX) {
		const char *end = memrchr(text.p, '\n', SLACK_SECTION_MAX);
		if (!end)
			break;
		const size_t n = (size_t)(end - text.p);
		slack_section(w, (struct slice){text.p, n});
		text = (struct slice){end + 1, text.n - n - 1};
	}
	slack_section(w, text);
}

static void form_slack(struct json_writer *w, const struct message *m, bool maybe)
{
	_buf_ struct buf title = {0}, part = {0};
	add_title(&title, m, maybe);
	add_slack(&part, buf_slice(&title));
	json_w_begin(w, '{');
	json_w_text(w, "text", buf_slice(&part)); /* for notifications */
	json_w_key(w, "blocks");
	json_w_begin(w, '[');
	buf_clear(&part);
	buf_add_char(&part, '*');
	add_slack(&part, buf_slice(&title));
	buf_add_string(&part, "*\n");
	add_drill(&part, m, add_slack);
	add_slack(&part, m->head);
	slack_section(w, buf_slice(&part));
	for (uint32_t i = 0; i < m->n_blocks; i++) {
		buf_clear(&part);
		add_block(&part, &m->blocks[i], add_slack, "*");
		slack_sections(w, buf_slice(&part));
	}
	json_w_end(w, ']');
	json_w_end(w, '}');
}

static void teams_block(struct json_writer *w, struct slice text, bool large)
{
	json_w_begin(w, '{');
	json_w_text(w, "type", SLICE("TextBlock"));
	json_w_text(w, "text", text);
	json_w_key(w, "wrap");
	json_w_bool(w, true);
	if (large) {
		json_w_text(w, "size", SLICE("Large"));
		json_w_text(w, "weight", SLICE("Bolder"));
	}
	json_w_end(w, '}');
}

/* https://adaptivecards.io/explorer, in the envelope of a Teams workflow or incoming webhook. */
static void form_teams(struct json_writer *w, const struct message *m, bool maybe)
{
	_buf_ struct buf part = {0}, title = {0};
	add_title(&title, m, maybe);
	json_w_begin(w, '{');
	json_w_text(w, "type", SLICE("message"));
	json_w_key(w, "attachments");
	json_w_begin(w, '[');
	json_w_begin(w, '{');
	json_w_text(w, "contentType", SLICE("application/vnd.microsoft.card.adaptive"));
	json_w_key(w, "contentUrl");
	json_w_null(w);
	json_w_key(w, "content");
	json_w_begin(w, '{');
	json_w_text(w, "$schema", SLICE("http://adaptivecards.io/schemas/adaptive-card.json"));
	json_w_text(w, "type", SLICE("AdaptiveCard"));
	json_w_text(w, "version", SLICE("1.4"));
	json_w_key(w, "body");
	json_w_begin(w, '[');
	add_markdown(&part, buf_slice(&title));
	teams_block(w, buf_slice(&part), true);
	buf_clear(&part);
	add_drill(&part, m, add_markdown);
	add_markdown(&part, m->head);
	teams_block(w, buf_slice(&part), false);
	for (uint32_t i = 0; i < m->n_blocks; i++) {
		buf_clear(&part);
		add_block(&part, &m->blocks[i], add_markdown, "**");
		teams_block(w, buf_slice(&part), false);
	}
	json_w_end(w, ']');
	json_w_end(w, '}');
	json_w_end(w, '}');
	json_w_end(w, ']');
	json_w_end(w, '}');
}

void message_hook(struct buf *out, const struct message *m, enum hook_form form, bool maybe)
{
	struct json_writer w = {.out = out};
	switch (form) {
	case HOOK_MATTERMOST: form_mattermost(&w, m, maybe); break;
	case HOOK_SLACK: form_slack(&w, m, maybe); break;
	case HOOK_TEAMS: form_teams(&w, m, maybe); break;
	case HOOK_JSON:
	default: form_json(&w, m, maybe); break;
	}
}
