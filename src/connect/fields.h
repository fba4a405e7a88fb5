/* SPDX-License-Identifier: GPL-3.0-or-later
 * Fields of somebody else's answer, which may be missing or of another type. */
#ifndef CONNECT_FIELDS_H
#define CONNECT_FIELDS_H
#include <tocsin/json/json.h>

/* "" when it is no text. */
static inline struct slice field_text(struct json_value v, const char *key)
{
	struct json_value field;

	return v.type == JSON_OBJECT && json_get(v, slice_of(key), &field) &&
			field.type == JSON_STRING
		? json_string(field)
		: (struct slice){"", 0};
}

/* 0 when it is no number, or a negative one. */
static inline int64_t field_count(struct json_value v, const char *key)
{
	struct json_value field;

	return v.type == JSON_OBJECT && json_get(v, slice_of(key), &field) &&
			field.type == JSON_INT && json_int(field) > 0
		? json_int(field)
		: 0;
}

/* Whether there is an object or a list of that name; *ret is JSON_NULL when there is none. */
static inline bool field_inner(
	struct json_value v, const char *key, enum json_type type, struct json_value *ret)
{
	if (v.type == JSON_OBJECT && json_get(v, slice_of(key), ret) && ret->type == type)
		return true;
	*ret = (struct json_value){0};
	return false;
}
#endif
