/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/json/fields.h>
#include <tocsin/base/clock.h>

#define NAME_BYTES 512u
#define ADDRESS_BYTES 8192u

static bool field(struct json_value v, const char *key, uint8_t type, struct json_value *ret)
{
	return v.type == JSON_OBJECT && json_get(v, slice_of(key), ret) && ret->type == type;
}

struct slice field_text(struct json_value v, const char *key)
{
	struct json_value f;

	return field(v, key, JSON_STRING, &f) ? json_string(f) : (struct slice){"", 0};
}

/* ASCII's and those of Latin 1 (C2 80 to C2 9F). */
static bool has_controls(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < ' ' || c == 0x7f)
			return true;
		if (c == 0xc2 && i + 1 < s.n && (unsigned char)s.p[i + 1] < 0xa0)
			return true;
	}
	return false;
}

struct slice field_name(struct json_value v, const char *key)
{
	struct slice s = field_text(v, key);

	return s.n <= NAME_BYTES && !has_controls(s) ? s : (struct slice){"", 0};
}

int64_t field_number(struct json_value v, const char *key)
{
	struct json_value f;

	return field(v, key, JSON_INT, &f) ? json_int(f) : 0;
}

int64_t field_time(struct json_value v, const char *key)
{
	int64_t ms;

	return clock_parse(field_text(v, key), &ms) == 0 ? ms : 0;
}

bool field_true(struct json_value v, const char *key)
{
	struct json_value f;

	return field(v, key, JSON_BOOL, &f) && json_bool(f);
}

bool field_object(struct json_value v, const char *key, struct json_value *ret)
{
	return field(v, key, JSON_OBJECT, ret);
}

bool field_array(struct json_value v, const char *key, struct json_value *ret)
{
	return field(v, key, JSON_ARRAY, ret);
}

struct slice field_address(struct json_value v, const char *key)
{
	struct slice s = field_text(v, key);
	bool good = slice_begins(s, "https://") || slice_begins(s, "http://");

	return good && s.n <= ADDRESS_BYTES && !has_controls(s) ? s : (struct slice){"", 0};
}
