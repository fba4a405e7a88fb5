/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "csv.h"

#include <errno.h>
#include <strings.h>

#include <tocsin/base/utf8.h>
#include <tocsin/digest/digest.h>
#include <tocsin/json/json.h>

#include "../date.h"

#define CUT_MAX 200u /* of a name in a message */

/* How each field of a comment is written. */
enum form { FORM_TEXT, FORM_DATE, FORM_NUMBER };
static const struct {
	const char *key;
	enum form form;
} fields[SOURCE_COLUMNS] = {
	[SOURCE_ID] = {"id", FORM_TEXT},
	[SOURCE_TEXT] = {"text", FORM_TEXT},
	[SOURCE_AUTHOR] = {"author", FORM_TEXT},
	[SOURCE_AUTHOR_NAME] = {"author_name", FORM_TEXT},
	[SOURCE_CREATED_AT] = {"created_at", FORM_DATE},
	[SOURCE_EDITED_AT] = {"edited_at", FORM_DATE},
	[SOURCE_URL] = {"url", FORM_TEXT},
	[SOURCE_THREAD] = {"thread", FORM_TEXT},
	[SOURCE_PARENT] = {"parent", FORM_TEXT},
	[SOURCE_CHANNEL] = {"channel", FORM_TEXT},
	[SOURCE_LANG] = {"lang", FORM_TEXT},
	[SOURCE_KIND] = {"kind", FORM_TEXT},
	[SOURCE_LIKES] = {"likes", FORM_NUMBER},
	[SOURCE_SHARES] = {"shares", FORM_NUMBER},
};

/* Behind the quote that opened at p: behind the one that closes it. NULL: it is not there. ret_unsure: what stands at the
 * very end may be the first half of a doubled one. */
static const char *behind_quotes(const char *p, const char *end, bool *ret_unsure)
{
	const char *q;

	for (p++; (q = memchr(p, '"', (size_t)(end - p))); p = q + 2) {
		*ret_unsure = q + 1 == end;
		if (*ret_unsure || q[1] != '"')
			return q + 1;
	}
	return NULL;
}

static bool ends_field(const char *p, const char *end, char separator)
{
	return p == end || *p == separator || *p == '\n' ||
		(*p == '\r' && (p + 1 == end || p[1] == '\n'));
}

static enum csv_found found_row(struct slice in, const char *p, struct csv_row *ret)
{
	bool newline = p < in.p + in.n;

	ret->raw = (struct slice){in.p, (size_t)(p - in.p)};
	ret->used = ret->raw.n + newline;
	if (ret->raw.n && ret->raw.p[ret->raw.n - 1] == '\r')
		ret->raw.n--;
	ret->lines = 1;
	for (const char *q = in.p; (q = memchr(q, '\n', (size_t)(p - q))); q++)
		ret->lines++;
	return CSV_ROW;
}

enum csv_found csv_next(struct slice in, char separator, bool at_end, struct csv_row *ret)
{
	const char *p = in.p, *end = in.p + in.n;

	ret->odd = NULL;
	if (!in.n)
		return CSV_MORE;
	for (;; p++) {
		if (p < end && *p == '"') {
			bool unsure = false;

			ret->odd = p;
			p = behind_quotes(p, end, &unsure);
			if (!p || (unsure && !at_end))
				return at_end || in.n > CSV_QUOTED_MAX ? CSV_BAD : CSV_MORE;
			if (!ends_field(p, end, separator))
				return CSV_BAD;
		}
		while (p < end && *p != separator && *p != '\n')
			p++;
		if (p == end)
			return at_end ? found_row(in, p, ret) : CSV_MORE;
		if (*p == '\n')
			return found_row(in, p, ret);
	}
}

/* The next field of a row, its quotes undone into out when it has some. */
static struct slice next_field(const char **at, const char *end, char separator, struct buf *out)
{
	const char *p = *at, *q;
	struct slice field;
	bool unsure;

	buf_clear(out);
	if (p == end || *p != '"') {
		q = p < end ? memchr(p, separator, (size_t)(end - p)) : NULL;
		field = (struct slice){p, (size_t)((q ? q : end) - p)};
		*at = q ? q + 1 : end + 1;
		return field;
	}
	q = behind_quotes(p, end, &unsure);
	for (const char *from = p + 1; from < q - 1; from++) {
		buf_add_char(out, *from);
		from += *from == '"'; /* doubled */
	}
	while (q < end && *q != separator) /* a CR before the end */
		q++;
	*at = q < end ? q + 1 : end + 1;
	return buf_slice(out);
}

static void add_1252(struct buf *out, struct slice s)
{
	/* 0x80 to 0x9f; 0: no character, U+FFFD */
	static const uint16_t high[32] = {0x20ac, 0, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021,
		0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0, 0x17d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d,
		0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0, 0x17e, 0x178};

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		uint32_t scalar = c >= 0x80 && c < 0xa0 ? high[c - 0x80] : c;

		out->n += utf8_put(buf_reserve(out, 4), scalar || !c ? scalar : 0xfffd);
	}
}

static struct slice trimmed(struct slice s)
{
	while (s.n && strchr(" \t\r\n", s.p[0]))
		s = (struct slice){s.p + 1, s.n - 1};
	while (s.n && strchr(" \t\r\n", s.p[s.n - 1]))
		s.n--;
	return s;
}

static bool is_1252(const struct csv_form *form, struct slice raw)
{
	return form->encoding == SOURCE_WINDOWS_1252 ||
		(form->encoding == SOURCE_AUTO && !utf8_valid(raw));
}

/* Places of the named columns with this separator. *ret_missing: the first that is not there, or SOURCE_COLUMNS. */
static size_t find_columns(const struct source_config *source, struct csv_form *form,
	struct slice raw, size_t *ret_missing)
{
	_buf_ struct buf text = {0}, name = {0};
	const char *at = raw.p, *end = raw.p + raw.n;
	bool old = is_1252(form, raw);

	form->n = 0;
	for (size_t k = 0; k < SOURCE_COLUMNS; k++)
		form->place[k] = CSV_COLUMNS_MAX;
	for (; at <= end && form->n < CSV_COLUMNS_MAX; form->n++) {
		struct slice field = trimmed(next_field(&at, end, form->separator, &text));

		buf_clear(&name);
		if (old)
			add_1252(&name, field);
		else
			buf_add_slice(&name, field);
		for (size_t k = 0; k < SOURCE_COLUMNS; k++)
			if (source->columns[k] && form->place[k] == CSV_COLUMNS_MAX &&
				slice_is(buf_slice(&name), source->columns[k]))
				form->place[k] = form->n;
	}
	for (*ret_missing = 0; *ret_missing < SOURCE_COLUMNS; ++*ret_missing)
		if (source->columns[*ret_missing] && form->place[*ret_missing] == CSV_COLUMNS_MAX)
			break;
	return form->n;
}

static int say_missing(
	const struct source_config *source, struct slice raw, size_t missing, struct error *e)
{
	_buf_ struct buf line = {0};
	struct slice shown;

	utf8_repair(&line, raw);
	shown = utf8_cut(buf_slice(&line), CUT_MAX);
	return error_set(e, -EINVAL, "pas de colonne « %s » ; la première ligne est : %.*s",
		source->columns[missing], (int)shown.n, shown.p);
}

int csv_form_read(struct slice head, bool at_end, const struct source_config *source,
	struct csv_form *ret, size_t *ret_used, unsigned *ret_lines, struct error *e)
{
	const char *separators = source->separator ? source->separator : ";,\t|";
	size_t mark = slice_begins(head, "\xef\xbb\xbf") ? 3 : 0, missing = 0, least = 0, first;
	struct csv_row row;

	if (slice_begins(head, "\xff\xfe") || slice_begins(head, "\xfe\xff"))
		return error_set(e, -EINVAL, "fichier en UTF-16 : à enregistrer en « CSV UTF-8 »");
	head = (struct slice){head.p + mark, head.n - mark};
	ret->encoding = mark ? SOURCE_UTF8 : source->encoding;
	for (const char *p = separators; *p; p++) {
		if (csv_next(head, *p, at_end, &row) != CSV_ROW)
			continue;
		ret->separator = *p;
		*ret_used = mark + row.used;
		*ret_lines = row.lines;
		find_columns(source, ret, row.raw, &missing);
		if (missing == SOURCE_COLUMNS)
			return 0;
		least = missing > least ? missing : least;
	}
	for (first = 0; first < head.n && !strchr("\r\n", head.p[first]);)
		first++;
	head.n = first;
	return head.n ? say_missing(source, head, least, e)
		      : error_set(e, -EINVAL, "pas de première ligne avec les noms des colonnes");
}

/* False: it cannot be read, or must not be missing; what reads the line will say so. */
static bool write_field(struct json_writer *w, size_t k, struct slice text)
{
	int64_t number = 0;
	bool good = true;

	if (k != SOURCE_TEXT)
		text = trimmed(text);
	switch (fields[k].form) {
	case FORM_DATE:
		good = !text.n || (number = date_read_local(text)) != 0;
		if (good && text.n)
			json_w_time(w, fields[k].key, number);
		break;
	case FORM_NUMBER:
		good = !text.n || slice_number(text, &number);
		if (good && text.n)
			json_w_number(w, fields[k].key, number);
		break;
	case FORM_TEXT:
	default:
		if (text.n || k == SOURCE_TEXT || k == SOURCE_ID)
			json_w_text(w, fields[k].key, text);
		return text.n || k != SOURCE_ID;
	}
	if (!good)
		json_w_text(w, fields[k].key, text);
	return good;
}

/* The same words are the same comment. */
static void write_digest(struct json_writer *w, struct slice raw)
{
	unsigned char digest[DIGEST_SIZE];
	char hex[33];

	digest_sha256(raw, digest);
	digest_hex(digest, 16, hex);
	json_w_text(w, "id", slice_of(hex));
}

/* What stands in column n. False: it is not what may stand there. */
static bool take_field(
	const struct csv_form *form, struct json_writer *w, size_t n, struct slice text)
{
	bool good = true;

	if (n >= form->n)
		return trimmed(text).n == 0;
	for (size_t k = 0; k < SOURCE_COLUMNS; k++)
		if (form->place[k] == n)
			good &= write_field(w, k, text);
	return good;
}

bool csv_line(const struct csv_form *form, struct slice raw, struct buf *out, const char **ret_odd)
{
	_buf_ struct buf text = {0}, words = {0};
	struct json_writer w = {out, false};
	const char *at = raw.p, *end = raw.p + raw.n, *odd = NULL;
	bool old = is_1252(form, raw);
	size_t n = 0;

	*ret_odd = raw.p + utf8_valid_prefix(raw);
	if (form->encoding == SOURCE_UTF8 && *ret_odd < end)
		return false;
	json_w_begin(&w, '{');
	for (; at <= end; n++) {
		const char *from = at;
		struct slice field = next_field(&at, end, form->separator, &text);

		if (old) {
			buf_clear(&words);
			add_1252(&words, field);
			field = buf_slice(&words);
		}
		if (take_field(form, &w, n, field))
			continue;
		*ret_odd = odd = odd ? odd : from;
		if (n >= form->n)
			return false;
	}
	if (form->place[SOURCE_ID] == CSV_COLUMNS_MAX)
		write_digest(&w, raw);
	json_w_end(&w, '}');
	*ret_odd = n < form->n ? end : odd;
	return n >= form->n;
}

unsigned csv_place(struct slice raw, const char *odd, unsigned *ret_down)
{
	const char *line = raw.p, *q;
	struct slice before;

	*ret_down = 0;
	while ((q = memchr(line, '\n', (size_t)(odd - line)))) {
		++*ret_down;
		line = q + 1;
	}
	before = (struct slice){line, (size_t)(odd - line)};
	return (unsigned)(1 + (utf8_valid(before) ? utf8_length(before) : before.n));
}

bool csv_blank(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!strchr(" \t\r\n;,|", s.p[i]))
			return false;
	return true;
}
