/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whether a name stands in what people or machines wrote, as a word of its own, without regard to case and accents. */
#include "name.h"
#include <tocsin/record/comment.h>
#include <tocsin/record/wire.h>

/* bytes, folded */
#define NAME_MIN 3u /* less is a word of any sentence */
#define NAME_LONG 5u /* less is a part of many words */

/* U+00C0 … U+017F without their accents; the rest is left as it is. */
static const char latin[] = "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty"
			    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
			    "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/* An accent that is a character of its own, behind its letter (U+0300 … U+036F). */
static bool is_accent(struct slice s, size_t i)
{
	const unsigned char c = i < s.n ? (unsigned char)s.p[i] : 0;
	const unsigned char next = i + 1 < s.n ? (unsigned char)s.p[i + 1] : 0;

	return (c == 0xcc && next >= 0x80 && next < 0xc0) ||
		(c == 0xcd && next >= 0x80 && next < 0xb0);
}

/* Adds the character at i; how many bytes it has in s. */
static size_t fold_one(struct slice s, size_t i, struct buf *out)
{
	const unsigned char c = (unsigned char)s.p[i];
	const unsigned char next = i + 1 < s.n ? (unsigned char)s.p[i + 1] : 0;
	const bool wide = next >= 0x80 && next < 0xc0;

	if (c == 0xc5 && (next == 0x92 || next == 0x93))
		buf_add_string(out, "oe");
	else if (wide && c >= 0xc3 && c <= 0xc5)
		buf_add_char(out, latin[(c - 0xc3) * 0x40 + next - 0x80]);
	else if (!is_accent(s, i)) {
		buf_add_char(out, (char)(c >= 'A' && c <= 'Z' ? c + 32 : c));
		return 1;
	}
	return 2;
}

void name_fold(struct slice s, struct buf *out)
{
	for (size_t i = 0; i < s.n;)
		i += fold_one(s, i, out);
}

bool name_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* The character that has a byte at i; neither punctuation (« ’ …) nor a blank, of whatever width. */
static bool is_letter(struct slice s, size_t i)
{
	while (i && ((unsigned char)s.p[i] & 0xc0) == 0x80)
		i--;
	const unsigned char c = (unsigned char)s.p[i];
	const unsigned char next = i + 1 < s.n ? (unsigned char)s.p[i + 1] : 0;

	return c < 0x80 ? (c >= 'A' && c <= 'Z') || name_letter((char)c)
			: c != 0xc2 && !(c == 0xe2 && next == 0x80);
}

static bool joins(char c)
{
	return c == '-' || c == '.' || c == '_' || c == '@';
}

/* What stands at i goes on from the name beside it: a letter, or a letter behind what joins two (Saint-Paul, paul.durand). */
static bool goes_on(struct slice s, size_t i, int step)
{
	const size_t beyond = i + (size_t)step;

	if (i >= s.n)
		return false;
	return is_letter(s, i) || (joins(s.p[i]) && beyond < s.n && is_letter(s, beyond));
}

/* Where the folded name that stands at i as a word ends; 0: it does not. */
static size_t name_end(struct slice text, size_t i, struct slice name, struct buf *piece)
{
	size_t end = i;

	buf_clear(piece);
	while (end < text.n && piece->n < name.n) {
		end += fold_one(text, end, piece);
		if (piece->n > name.n || (piece->n && memcmp(piece->p, name.p, piece->n)))
			return 0;
	}
	while (is_accent(text, end))
		end += 2;
	return piece->n == name.n && !goes_on(text, i - 1, -1) && !goes_on(text, end, 1) ? end : 0;
}

/* without_name(text, name) */
static void without_name(sqlite3_context *x, int n, sqlite3_value **values)
{
	_buf_ struct buf text = {0}, name = {0}, piece = {0};

	(void)n;
	buf_add(&text, (const char *)sqlite3_value_text(values[0]),
		(size_t)sqlite3_value_bytes(values[0]));
	name_fold((struct slice){(const char *)sqlite3_value_text(values[1]),
			  (size_t)sqlite3_value_bytes(values[1])},
		&name);
	for (size_t i = 0, end; name.n >= NAME_MIN && i < text.n; i = end ? end : i + 1) {
		end = name_end(buf_slice(&text), i, buf_slice(&name), &piece);
		if (end)
			memset(text.p + i, ' ', end - i);
	}
	sqlite3_result_text(x, text.p, (int)text.n, SQLITE_TRANSIENT);
}

/* --- what machines wrote */

static int hex(char c)
{
	const char lower = (char)(c | 32);

	return c >= '0' && c <= '9'            ? c - '0'
		: lower >= 'a' && lower <= 'f' ? lower - 'a' + 10
					       : -1;
}

/* \uXXXX at i; 0: it is none. */
static unsigned escaped(struct slice raw, size_t i)
{
	unsigned code = 0;

	if (i + 6 > raw.n || raw.p[i] != '\\' || raw.p[i + 1] != 'u')
		return 0;
	for (size_t k = i + 2; k < i + 6; k++) {
		if (hex(raw.p[k]) < 0)
			return 0;
		code = code << 4 | (unsigned)hex(raw.p[k]);
	}
	return code;
}

/* Letters that a name is folded by as such; what else was escaped is a blank: it is no part of a word. */
static void add_code(unsigned code, struct buf *out)
{
	if (code < 0x80)
		buf_add_char(out, code > ' ' ? (char)code : ' ');
	else if (code < 0x800) {
		buf_add_char(out, (char)(0xc0 | code >> 6));
		buf_add_char(out, (char)(0x80 | (code & 0x3f)));
	} else
		buf_add_char(out, ' ');
}

/* %XX at i, of a form; 0: it is none. */
static char quoted(struct slice raw, size_t i)
{
	return i + 3 <= raw.n && raw.p[i] == '%' && hex(raw.p[i + 1]) >= 0 && hex(raw.p[i + 2]) >= 0
		? (char)(hex(raw.p[i + 1]) << 4 | hex(raw.p[i + 2]))
		: 0;
}

void name_unescape(struct slice raw, struct buf *out)
{
	for (size_t i = 0; i < raw.n; i++) {
		const unsigned code = escaped(raw, i);
		const char one = quoted(raw, i);

		if (code) {
			add_code(code, out);
			i += 5;
		} else if (one) {
			buf_add_char(out, one);
			i += 2;
		} else if (raw.p[i] == '\\' && i + 1 < raw.n) {
			i++;
			buf_add_char(out, strchr("ntrbf", raw.p[i]) ? ' ' : raw.p[i]);
		} else
			buf_add_char(out, raw.p[i]);
	}
}

/* A long one anywhere, a shorter one as a word, a very short one as all that stands in a place: a text of somebody else has it too. */
enum how { PART, WORD, VALUE };

struct name {
	struct slice given, folded;
	enum how how;
};

static enum how how_of(struct slice folded, bool whole)
{
	if (folded.n < NAME_MIN)
		return VALUE;
	return whole || folded.n < NAME_LONG ? WORD : PART;
}

/* As JSON, a form, a table or a page puts a value between two others. A sentence has a blank behind its comma. */
static bool is_value(struct slice s, size_t begin, size_t end)
{
	static const char before[] = "\"'=:,;>[\t\r\n", after[] = "\"'&,;<]}\t\r\n";

	if (end + 1 < s.n && (s.p[end] == ',' || s.p[end] == ';') && s.p[end + 1] == ' ')
		return false;
	begin -= begin && s.p[begin - 1] == '@';
	return (!begin || memchr(before, s.p[begin - 1], sizeof(before))) &&
		(end == s.n || memchr(after, s.p[end], sizeof(after)));
}

static bool plain_holds(struct slice plain, const struct name *n)
{
	const struct slice folded = n->folded;
	_buf_ struct buf piece = {0};

	if (n->how == PART) {
		name_fold(plain, &piece);
		return piece.n && folded.n && memmem(piece.p, piece.n, folded.p, folded.n);
	}
	for (size_t i = 0, end; i < plain.n; i++) {
		end = name_end(plain, i, folded, &piece);
		if (end && (n->how == WORD || is_value(plain, i, end)))
			return true;
	}
	return false;
}

static bool holds(struct slice raw, const struct name *n)
{
	_buf_ struct buf plain = {0}, form = {0};

	name_unescape(raw, &plain);
	if (plain_holds(buf_slice(&plain), n))
		return true;
	if (!memchr(n->given.p, ' ', n->given.n) || !raw.n || !memchr(raw.p, '+', raw.n))
		return false;
	buf_add_slice(&form, raw); /* the blanks of a form */
	for (size_t i = 0; i < form.n; i++)
		form.p[i] = form.p[i] == '+' ? ' ' : form.p[i];
	buf_clear(&plain);
	name_unescape(buf_slice(&form), &plain);
	return plain_holds(buf_slice(&plain), n);
}

/* A comment in wire form: a letter may be how long the field behind it is, so each field by itself. */
static bool comment_holds(const struct comment *c, const struct name *n)
{
	const struct slice words[] = {
		c->author_name, c->text, c->extra, c->thread, c->parent, c->channel, c->url};

	const struct name whole = {n->given, n->folded, how_of(n->folded, true)};

	if (slice_equal(c->author, n->given) || slice_equal(c->id, n->given))
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (holds(words[i], &whole))
			return true;
	return false;
}

/* Neither a line of text nor a comment that can be read: what stands beside a name says nothing, but for how long it is, before a
 * short one. */
static bool binary_holds(struct slice raw, const struct name *n)
{
	_buf_ struct buf what = {0};

	if (n->how == PART)
		buf_add_slice(&what, n->given);
	else
		wire_put_bytes(&what, n->given);
	for (size_t i = 0; i < raw.n; i++)
		if ((unsigned char)raw.p[i] < ' ' && !strchr("\t\r\n", raw.p[i]))
			return memmem(raw.p, raw.n, what.p, what.n) != NULL;
	return false;
}

/* holds_name(what, name, whole): what is a comment in wire form, or anything else. */
static void holds_name(sqlite3_context *x, int n, sqlite3_value **values)
{
	const struct slice raw = {
		sqlite3_value_blob(values[0]), (size_t)sqlite3_value_bytes(values[0])};
	struct name name = {
		.given = {sqlite3_value_blob(values[1]), (size_t)sqlite3_value_bytes(values[1])}};
	_buf_ struct buf folded = {0};
	struct comment c;

	(void)n;
	if (!raw.n || !name.given.n) {
		sqlite3_result_int(x, 0);
		return;
	}
	const bool at = name.given.n > 1 && name.given.p[0] == '@';
	name_fold((struct slice){name.given.p + at, name.given.n - at}, &folded);
	name.folded = buf_slice(&folded);
	name.how = how_of(name.folded, sqlite3_value_int(values[2]) != 0);
	sqlite3_result_int(x,
		comment_decode(raw, &c) == 0 ? comment_holds(&c, &name)
					     : holds(raw, &name) || binary_holds(raw, &name));
}

int name_functions(sqlite3 *db, struct error *e)
{
	int rc = sqlite3_create_function(
		db, "without_name", 2, SQLITE_UTF8, NULL, without_name, NULL, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_create_function(
			db, "holds_name", 3, SQLITE_UTF8, NULL, holds_name, NULL, NULL);
	return rc == SQLITE_OK ? 0 : sq_fail(db, rc, e);
}
