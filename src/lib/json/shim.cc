/* SPDX-License-Identifier: GPL-3.0-or-later
 * simdjson behind three functions of C: nothing in C comes near its speed. */
#include "node.h"
#include <cstring>
#include <simdjson.h>
#include <vector>

namespace dom = simdjson::dom;

/* enum json_type, which is in a header for C */
enum { TYPE_NULL, TYPE_BOOL, TYPE_INT, TYPE_DOUBLE, TYPE_STRING, TYPE_ARRAY, TYPE_OBJECT };

static_assert(JSON_PADDING >= simdjson::SIMDJSON_PADDING, "room behind the document");

struct json_shim {
	dom::parser parser;
	std::vector<json_node> nodes;
	size_t max_bytes;
	unsigned depth;
	bool deep; /* an empty container does not count for the parser */

	json_shim(size_t max, unsigned levels)
	    : parser(max), max_bytes(max), depth(levels), deep(false)
	{
	}
	void walk(dom::element e, json_text key, unsigned level);
};

static json_text text_of(std::string_view s)
{
	return {s.data(), s.size()};
}

void json_shim::walk(dom::element e, json_text key, unsigned level)
{
	size_t at = nodes.size();
	nodes.emplace_back();
	json_node n{};
	n.key = key;
	switch (e.type()) {
	case dom::element_type::ARRAY: {
		dom::array array = e.get_array().value_unsafe();
		n.type = TYPE_ARRAY;
		deep |= level == depth;
		for (dom::element child : array) {
			walk(child, {nullptr, 0}, level + 1);
			n.count++;
		}
		break;
	}
	case dom::element_type::OBJECT: {
		dom::object object = e.get_object().value_unsafe();
		n.type = TYPE_OBJECT;
		deep |= level == depth;
		for (dom::key_value_pair member : object) {
			walk(member.value, text_of(member.key), level + 1);
			n.count++;
		}
		break;
	}
	case dom::element_type::STRING:
		n.type = TYPE_STRING;
		n.as.text = text_of(e.get_string().value_unsafe());
		break;
	case dom::element_type::INT64:
		n.type = TYPE_INT;
		n.as.integer = e.get_int64().value_unsafe();
		break;
	case dom::element_type::UINT64:
		n.type = TYPE_DOUBLE;
		n.as.number = static_cast<double>(e.get_uint64().value_unsafe());
		break;
	case dom::element_type::DOUBLE:
		n.type = TYPE_DOUBLE;
		n.as.number = e.get_double().value_unsafe();
		break;
	case dom::element_type::BOOL:
		n.type = TYPE_BOOL;
		n.as.truth = e.get_bool().value_unsafe();
		break;
	case dom::element_type::NULL_VALUE: n.type = TYPE_NULL; break;
	}
	n.next = static_cast<uint32_t>(nodes.size());
	nodes[at] = n;
}

json_shim *json_shim_new(size_t max_bytes, unsigned depth)
{
	return new json_shim(max_bytes, depth);
}

void json_shim_free(json_shim *s)
{
	delete s;
}

const json_node *json_shim_parse(json_shim *s, const char *p, size_t n)
{
	/* Room for the documents that come, not for the largest allowed. */
	if (s->parser.capacity() < n || s->parser.max_depth() != s->depth + 1)
		if (s->parser.allocate(std::min(s->max_bytes, 2 * n + 4096), s->depth + 1))
			throw std::bad_alloc();
	dom::element root;
	if (n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0) /* simdjson 3.10 and later step over it */
		return nullptr;
	if (s->parser.parse(p, n, false).get(root))
		return nullptr;
	s->nodes.clear();
	s->deep = false;
	s->walk(root, {nullptr, 0}, 0);
	return s->deep ? nullptr : s->nodes.data();
}
