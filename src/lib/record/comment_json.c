/* SPDX-License-Identifier: GPL-3.0-or-later
 * The JSON contract of a comment: known fields into the record, the rest kept as it was written. */
#include <tocsin/record/comment.h>

#include <errno.h>
#include <stddef.h>

#include <tocsin/base/clock.h>

#define SOURCE_MAX 64u
#define URL_MAX 8192u
/* Under which name an object's own source is kept when the connector's name is forced upon it. */
#define OWN_SOURCE "original_source"

struct text_field {
	const char *key;
	size_t length; /* of the key */
	size_t offset;
	size_t max;
	bool no_controls; /* identifiers: a control character in them would break lines and keys */
};

#define TEXT_FIELD(name, max, no_controls) \
	{ \
#name, sizeof(#name) - 1, offsetof(struct comment, name), max, no_controls \
	}
static const struct text_field text_fields[] = {
	TEXT_FIELD(id, COMMENT_ID_MAX, true),
	TEXT_FIELD(text, SIZE_MAX, false),
	TEXT_FIELD(source, SOURCE_MAX, true),
	TEXT_FIELD(author, COMMENT_ID_MAX, true),
	TEXT_FIELD(author_name, COMMENT_ID_MAX, false),
	TEXT_FIELD(url, URL_MAX, true),
	TEXT_FIELD(thread, COMMENT_ID_MAX, true),
	TEXT_FIELD(parent, COMMENT_ID_MAX, true),
	TEXT_FIELD(channel, COMMENT_ID_MAX, true),
	TEXT_FIELD(lang, COMMENT_ID_MAX, true),
	TEXT_FIELD(kind, COMMENT_ID_MAX, true),
};

const char *comment_refusal_key(enum comment_refusal r)
{
	static const char *const keys[] = {
		[COMMENT_OK] = "ok",
		[COMMENT_MALFORMED] = "malformed",
		[COMMENT_TOO_LONG] = "too_long",
		[COMMENT_NOT_OBJECT] = "not_object",
		[COMMENT_MISSING_FIELD] = "missing_field",
		[COMMENT_WRONG_TYPE] = "wrong_type",
		[COMMENT_BAD_DATE] = "bad_date",
		[COMMENT_BAD_UTF8] = "bad_utf8",
		[COMMENT_BAD_VALUE] = "bad_value",
	};

	return keys[r];
}

static bool has_controls(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return true;
	return false;
}

static enum comment_refusal refuse(
	struct error *e, enum comment_refusal r, const char *key, const char *text)
{
	error_set(e, -EINVAL, "champ « %s » : %s", key, text);
	return r;
}

static enum comment_refusal read_text(
	const struct text_field *f, struct json_value v, struct comment *c, struct error *e)
{
	struct slice s;

	if (v.type != JSON_STRING)
		return refuse(
			e, COMMENT_WRONG_TYPE, f->key, "un texte entre guillemets est attendu");
	s = json_string(v);
	if (s.n > f->max)
		return refuse(e, COMMENT_BAD_VALUE, f->key, "trop long");
	if (f->no_controls && has_controls(s))
		return refuse(e, COMMENT_BAD_VALUE, f->key, "caractère de contrôle interdit");
	memcpy((char *)c + f->offset, &s, sizeof(s));
	return COMMENT_OK;
}

static enum comment_refusal read_date(
	const char *key, struct json_value v, int64_t *ret, struct error *e)
{
	int64_t ms;
	int r;

	if (v.type != JSON_STRING)
		return refuse(e, COMMENT_WRONG_TYPE, key,
			"une date RFC 3339 entre guillemets est attendue");
	r = clock_parse(json_string(v), &ms);
	if (r == -ERANGE)
		return refuse(e, COMMENT_BAD_DATE, key, "date hors des années 1970 à 2099");
	if (r < 0)
		return refuse(e, COMMENT_BAD_DATE, key,
			"date illisible (exemple : 2026-11-24T11:40:00+01:00)");
	*ret = ms;
	return COMMENT_OK;
}

#define SECONDS_END 4102444800.0 /* 2100 */

/* "1795000000.060": seconds since 1970, as Slack and log files write them. True when it is one. */
static bool is_seconds(struct slice s, double *ret)
{
	double value = 0, unit = 1;
	bool point = false;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '.' && !point && i && i + 1 < s.n) {
			point = true;
			continue;
		}
		if (s.p[i] < '0' || s.p[i] > '9' || s.n > 24)
			return false;
		value = 10 * value + (s.p[i] - '0');
		unit *= point ? 10 : 1;
	}
	*ret = value / unit;
	return s.n > 0;
}

/* `ts`: a date, or seconds since 1970 as a number or a text. */
static enum comment_refusal read_ts(struct json_value v, int64_t *ret, struct error *e)
{
	double seconds;

	if (v.type == JSON_INT || v.type == JSON_DOUBLE)
		seconds = json_double(v);
	else if (v.type != JSON_STRING || !is_seconds(json_string(v), &seconds))
		return read_date("ts", v, ret, e);
	if (!(seconds >= 0 && seconds < SECONDS_END))
		return refuse(e, COMMENT_BAD_DATE, "ts", "date hors des années 1970 à 2099");
	*ret = (int64_t)(seconds * 1000 + 0.5);
	return COMMENT_OK;
}

static enum comment_refusal read_count(
	const char *key, struct json_value v, uint64_t *ret, struct error *e)
{
	if (v.type != JSON_INT)
		return refuse(e, COMMENT_WRONG_TYPE, key, "un nombre entier est attendu");
	if (json_int(v) < 0)
		return refuse(e, COMMENT_BAD_VALUE, key, "un nombre positif est attendu");
	*ret = (uint64_t)json_int(v);
	return COMMENT_OK;
}

static void keep(struct buf *extra, struct slice key, struct json_value v)
{
	struct json_writer w = {extra, false};

	buf_add_char(extra, extra->n ? ',' : '{');
	json_w_string(&w, key);
	buf_add_char(extra, ':');
	json_print(extra, v);
}

/* One known field; *known is false when the key is none of ours. */
static enum comment_refusal read_field(
	struct slice key, struct json_value v, struct comment *c, bool *known, struct error *e)
{
	*known = true;
	for (size_t i = 0; i < sizeof(text_fields) / sizeof(*text_fields); i++)
		if (slice_equal(key, (struct slice){text_fields[i].key, text_fields[i].length}))
			return v.type == JSON_NULL ? COMMENT_OK
						   : read_text(&text_fields[i], v, c, e);
	if (slice_is(key, "created_at"))
		return v.type == JSON_NULL ? COMMENT_OK
					   : read_date("created_at", v, &c->created_at, e);
	if (slice_is(key, "edited_at"))
		return v.type == JSON_NULL ? COMMENT_OK
					   : read_date("edited_at", v, &c->edited_at, e);
	if (slice_is(key, "likes"))
		return v.type == JSON_NULL ? COMMENT_OK : read_count("likes", v, &c->likes, e);
	if (slice_is(key, "shares"))
		return v.type == JSON_NULL ? COMMENT_OK : read_count("shares", v, &c->shares, e);
	if (slice_is(key, "deleted")) {
		if (v.type != JSON_BOOL && v.type != JSON_NULL)
			return refuse(
				e, COMMENT_WRONG_TYPE, "deleted", "true ou false est attendu");
		if (v.type == JSON_BOOL && json_bool(v))
			c->type = COMMENT_TOMBSTONE;
		return COMMENT_OK;
	}
	*known = false;
	return COMMENT_OK;
}

enum comment_refusal comment_from_json(struct json_value v, struct slice default_source,
	bool force_source, struct comment *c, struct buf *extra, struct error *e)
{
	struct json_value field, own_source = {.type = JSON_NULL}, ts = {.type = JSON_NULL};
	bool has_created = false, has_own_source = false, has_text = false;
	enum comment_refusal r;
	struct slice key;
	uint32_t it = 0;

	*c = (struct comment){.type = COMMENT_ITEM};
	buf_clear(extra);
	if (v.type != JSON_OBJECT) {
		error_set(e, -EINVAL, "un objet JSON {…} est attendu");
		return COMMENT_NOT_OBJECT;
	}
	while (json_each(v, &it, &key, &field)) {
		bool known;

		if (slice_is(key, "ts")) {
			ts = field;
			continue;
		}
		r = read_field(key, field, c, &known, e);
		if (r)
			return r;
		if (!known) {
			has_own_source |= slice_is(key, OWN_SOURCE);
			keep(extra, key, field);
		} else if (field.type != JSON_NULL) {
			has_created |= slice_is(key, "created_at");
			has_text |= slice_is(key, "text");
			if (slice_is(key, "source"))
				own_source = field;
		}
	}
	if (ts.type != JSON_NULL) {
		if (has_created)
			keep(extra, SLICE("ts"), ts);
		else if ((r = read_ts(ts, &c->created_at, e)))
			return r;
	}
	if (!c->id.p)
		return refuse(e, COMMENT_MISSING_FIELD, "id", "absent");
	if (!c->id.n)
		return refuse(e, COMMENT_BAD_VALUE, "id", "vide");
	if (!has_text && c->type == COMMENT_ITEM)
		return refuse(e, COMMENT_MISSING_FIELD, "text", "absent");
	if (force_source && c->source.n && !slice_equal(c->source, default_source) &&
		!has_own_source)
		keep(extra, SLICE(OWN_SOURCE), own_source);
	if (force_source || !c->source.n)
		c->source = default_source;
	if (!c->source.n)
		return refuse(e, COMMENT_MISSING_FIELD, "source", "absent");
	if (extra->n)
		buf_add_char(extra, '}');
	c->extra = buf_slice(extra);
	return COMMENT_OK;
}

static void write_date(struct json_writer *w, const char *key, int64_t ms)
{
	char text[CLOCK_TEXT];

	if (!ms)
		return;
	json_w_text(w, key, slice_of(clock_format(ms, text)));
}

static void write_count(struct json_writer *w, const char *key, uint64_t n)
{
	if (!n)
		return;
	json_w_number(w, key, n > INT64_MAX ? INT64_MAX : (int64_t)n);
}

void comment_to_json(struct buf *out, const struct comment *c)
{
	struct json_writer w = {out, false};

	json_w_begin(&w, '{');
	for (size_t i = 0; i < sizeof(text_fields) / sizeof(*text_fields); i++) {
		const struct text_field *f = &text_fields[i];
		struct slice s;

		memcpy(&s, (const char *)c + f->offset, sizeof(s));
		/* an empty text is a text; any other empty field is absent */
		if (!s.n &&
			!(c->type == COMMENT_ITEM && f->offset == offsetof(struct comment, text)))
			continue;
		json_w_text(&w, f->key, s);
	}
	write_date(&w, "created_at", c->created_at);
	write_date(&w, "edited_at", c->edited_at);
	write_count(&w, "likes", c->likes);
	write_count(&w, "shares", c->shares);
	if (c->type == COMMENT_TOMBSTONE) {
		json_w_key(&w, "deleted");
		json_w_bool(&w, true);
	}
	if (c->type == COMMENT_QUARANTINE) {
		json_w_text(&w, "quarantine", c->extra);
	} else if (c->extra.n > 2) {
		/* "{…}" without its brackets: unknown fields go back to where they were */
		buf_add_char(out, ',');
		buf_add(out, c->extra.p + 1, c->extra.n - 2);
	}
	json_w_end(&w, '}');
}
