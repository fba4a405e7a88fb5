/* SPDX-License-Identifier: GPL-3.0-or-later
 * The parsed document as a flat array in document order, and the shim that fills it. */
#ifndef JSON_NODE_H
#define JSON_NODE_H
#include <stdint.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct json_text {
	const char *p;
	size_t n;
};
struct json_node {
	uint8_t type; /* enum json_type */
	uint32_t next; /* index behind this value and all it holds */
	uint32_t count; /* members of an array or object */
	struct json_text key; /* of an object's member */
	union {
		struct json_text text;
		int64_t integer;
		double number;
		bool truth;
	} as;
};

#define JSON_PADDING 64u /* readable bytes that must follow the document */

struct json_shim;
struct json_shim *json_shim_new(size_t max_bytes, unsigned depth);
void json_shim_free(struct json_shim *s);
/* The nodes and their texts live until the next call. NULL: refused, for a reason that only scan.h tells. */
const struct json_node *json_shim_parse(struct json_shim *s, const char *p, size_t n);

#ifdef __cplusplus
}
#endif
#endif
