/* SPDX-License-Identifier: GPL-3.0-or-later
 * simdjson behind six lines of C: nothing in C comes near its speed. */
#include "node.h"
#include <simdjson.h>
#include <vector>

enum { TYPE_NULL, TYPE_BOOL, TYPE_INT, TYPE_DOUBLE, TYPE_STRING, TYPE_ARRAY, TYPE_OBJECT };

struct json_shim {
	simdjson::dom::parser parser;
	std::vector<char> padded;
	std::vector<json_node> nodes;
	size_t max_bytes;
	unsigned depth;

	json_shim(size_t max, unsigned levels)
	    : parser(max + simdjson::SIMDJSON_PADDING), max_bytes(max), depth(levels)
	{
	}
	void walk(simdjson::dom::element e, json_text key);
};

static json_text text_of(std::string_view s)
{
	return {s.data(), s.size()};
}

void json_shim::walk(simdjson::dom::element e, json_text key)
{
	size_t at = nodes.size();
	nodes.push_back(json_node{});
	json_node n{};
	n.key = key;
	switch (e.type()) {
	case simdjson::dom::element_type::ARRAY:
		n.type = TYPE_ARRAY;
		for (simdjson::dom::element child :
			simdjson::dom::array(e.get_array().value_unsafe())) {
			walk(child, {nullptr, 0});
			n.count++;
		}
		break;
	case simdjson::dom::element_type::OBJECT:
		n.type = TYPE_OBJECT;
		for (simdjson::dom::key_value_pair member :
			simdjson::dom::object(e.get_object().value_unsafe())) {
			walk(member.value, text_of(member.key));
			n.count++;
		}
		break;
	case simdjson::dom::element_type::STRING:
		n.type = TYPE_STRING;
		n.as.text = text_of(e.get_string().value_unsafe());
		break;
	case simdjson::dom::element_type::INT64:
		n.type = TYPE_INT;
		n.as.integer = e.get_int64().value_unsafe();
		break;
	case simdjson::dom::element_type::UINT64:
		n.type = TYPE_DOUBLE;
		n.as.number = static_cast<double>(e.get_uint64().value_unsafe());
		break;
	case simdjson::dom::element_type::DOUBLE:
		n.type = TYPE_DOUBLE;
		n.as.number = e.get_double().value_unsafe();
		break;
	case simdjson::dom::element_type::BOOL:
		n.type = TYPE_BOOL;
		n.as.truth = e.get_bool().value_unsafe();
		break;
	case simdjson::dom::element_type::NULL_VALUE: n.type = TYPE_NULL; break;
	}
	n.next = static_cast<uint32_t>(nodes.size());
	nodes[at] = n;
}

static json_fault fault_of(simdjson::error_code code)
{
	switch (code) {
	case simdjson::UTF8_ERROR: return JSON_FAULT_UTF8;
	case simdjson::DEPTH_ERROR: return JSON_FAULT_DEPTH;
	case simdjson::NUMBER_ERROR: return JSON_FAULT_NUMBER;
	case simdjson::STRING_ERROR:
	case simdjson::UNESCAPED_CHARS:
	case simdjson::UNCLOSED_STRING: return JSON_FAULT_STRING;
	case simdjson::EMPTY: return JSON_FAULT_EMPTY;
	case simdjson::CAPACITY: return JSON_FAULT_SIZE;
	default: return JSON_FAULT_SYNTAX;
	}
}

json_shim *json_shim_new(size_t max_bytes, unsigned depth)
{
	return new json_shim(max_bytes, depth);
}

void json_shim_free(json_shim *s)
{
	delete s;
}

json_fault json_shim_parse(json_shim *s, const char *p, size_t n, const json_node **ret_nodes)
{
	if (n > s->max_bytes)
		return JSON_FAULT_SIZE;
	/* Room for the documents that come, not for the largest allowed; depth is checked by the parser. */
	size_t room = s->padded.size();
	if (room < n + simdjson::SIMDJSON_PADDING) {
		room = 2 * n + 4096;
		s->padded.resize(room);
	}
	if (s->parser.capacity() < n || s->parser.max_depth() != s->depth) {
		simdjson::error_code code = s->parser.allocate(room, s->depth);
		if (code)
			return fault_of(code);
	}
	memcpy(s->padded.data(), p, n);
	memset(s->padded.data() + n, 0, simdjson::SIMDJSON_PADDING);
	simdjson::dom::element root;
	simdjson::error_code code = s->parser.parse(s->padded.data(), n, false).get(root);
	if (code)
		return fault_of(code);
	s->nodes.clear();
	s->walk(root, {nullptr, 0});
	*ret_nodes = s->nodes.data();
	return JSON_FINE;
}
