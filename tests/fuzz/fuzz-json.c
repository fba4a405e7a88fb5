/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes: the reader refuses with a text, or gives a tree that prints as JSON which reads as the same tree.
 * The fast parser and the plain checker that explains its refusals agree. */
#include <tocsin/base/utf8.h>
#include <tocsin/json/json.h>
#include "../../src/lib/json/scan.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void require(bool truth)
{
	if (!truth)
		abort();
}

static void walk(struct json_value v, unsigned depth)
{
	struct slice key;
	struct json_value child, again;
	require(depth <= JSON_DEPTH);
	if (v.type == JSON_STRING)
		require(utf8_valid(json_string(v)));
	for (uint32_t it = 0; json_each(v, &it, &key, &child);) {
		if (v.type == JSON_OBJECT) {
			require(utf8_valid(key) && !memchr(key.n ? key.p : "x", 0, key.n));
			require(json_get(v, key, &again) && again.at == child.at);
		}
		walk(child, depth + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct json_reader *reader, *second; /* kept: they are made to be reused */
	struct json_value v, w;
	struct error e = {""};
	size_t at;
	if (!reader) {
		reader = json_reader_new(1 << 20);
		second = json_reader_new(8 << 20);
	}
	int r = json_parse(reader, (struct slice){(const char *)data, n}, &v, &e);
	if (r < 0) {
		require(e.text[0] && utf8_valid(slice_of(e.text)));
		/* Only a number can be too large without being badly written. */
		if (strstr(e.text, "hors limites"))
			require(memchr(data, 'e', n) || memchr(data, 'E', n) || n > 300);
		if (!strstr(e.text, "octet "))
			require(!json_scan_fault(
				(struct slice){(const char *)data, n}, JSON_DEPTH, &at));
		return 0;
	}
	require(r == 0);
	require(!json_scan_fault((struct slice){(const char *)data, n}, JSON_DEPTH, &at));
	walk(v, 0);
	_buf_ struct buf once = {0}, twice = {0};
	json_print(&once, v);
	require(json_parse(second, buf_slice(&once), &w, &e) == 0);
	json_print(&twice, w);
	require(slice_equal(buf_slice(&once), buf_slice(&twice)));
	return 0;
}
