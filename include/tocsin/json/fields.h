/* SPDX-License-Identifier: GPL-3.0-or-later
 * Fields of somebody's JSON object: nothing when one is not there or is something else. */
#ifndef TOCSIN_JSON_FIELDS_H
#define TOCSIN_JSON_FIELDS_H
#include <tocsin/json/json.h>

struct slice field_text(struct json_value v, const char *key);
/* … which names somebody or something: empty when it is longer than 512 bytes or has control characters. */
struct slice field_name(struct json_value v, const char *key);
int64_t field_number(struct json_value v, const char *key);
/* An RFC 3339 date in ms; 0: none. */
int64_t field_time(struct json_value v, const char *key);
bool field_true(struct json_value v, const char *key);
/* False when it is none. */
bool field_object(struct json_value v, const char *key, struct json_value *ret);
bool field_array(struct json_value v, const char *key, struct json_value *ret);
/* A text as an address: empty unless it is http or https, without control characters, of at most 8192 bytes. */
struct slice field_address(struct json_value v, const char *key);
#endif
