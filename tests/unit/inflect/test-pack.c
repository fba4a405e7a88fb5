/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a bundle carries. */
#include "testing.h"

#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>

static const char *const terms[] = {"sale con", "abruti", "vieux", "PLU", "zgroumard"};
static const char *const verbs[] = {"démolir", "casser la gueule", "zgroumer"};

/* Asks everything, from the front or from the back. */
static void ask_all(struct inflect *i, bool backwards)
{
	struct inflect_forms f;

	for (size_t n = 0; n < COUNT(terms); n++)
		assert_true(inflect_words(i, slice_of(terms[backwards ? COUNT(terms) - 1 - n : n]),
				    &f) >= 0);
	for (size_t n = 0; n < COUNT(verbs); n++)
		assert_true(inflect_verb(i, slice_of(verbs[backwards ? COUNT(verbs) - 1 - n : n]),
				    &f) >= 0);
}

static void the_bytes_are_the_same(void **state)
{
	_buf_ struct buf a = {0}, b = {0};
	struct inflect *other;

	assert_int_equal(inflect_open(NULL, &other, NULL), 0);
	ask_all(*state, false);
	ask_all(other, true);
	assert_int_equal(inflect_pack(*state, &a, NULL), 0);
	assert_int_equal(inflect_pack(other, &b, NULL), 0);
	assert_true(slice_equal(buf_slice(&a), buf_slice(&b)));
	assert_in_range(a.n, 100000, 4 << 20);
	inflect_close(other);
}

static void same_answers(struct inflect *a, struct inflect *b)
{
	for (size_t n = 0; n < COUNT(terms) + COUNT(verbs); n++) {
		_buf_ struct buf x = {0}, y = {0};
		struct inflect_forms f, g;
		struct slice term = slice_of(n < COUNT(terms) ? terms[n] : verbs[n - COUNT(terms)]);
		int r = n < COUNT(terms) ? inflect_words(a, term, &f) : inflect_verb(a, term, &f);
		int s = n < COUNT(terms) ? inflect_words(b, term, &g) : inflect_verb(b, term, &g);

		assert_int_equal(r, s);
		join_forms(&x, f);
		join_forms(&y, g);
		assert_true(slice_equal(buf_slice(&x), buf_slice(&y)));
	}
}

static void the_file_answers_alike(void **state)
{
	char folder[] = "/tmp/tocsin-inflect-XXXXXX";
	_buf_ struct buf a = {0}, again = {0};
	_free_ char *path = NULL;
	struct inflect *packed;

	assert_non_null(mkdtemp(folder));
	path = xasprintf("%s/forms", folder);
	ask_all(*state, false);
	assert_int_equal(inflect_pack(*state, &a, NULL), 0);
	assert_int_equal(file_write_atomic(path, buf_slice(&a), 0644, NULL), 0);
	assert_int_equal(inflect_open_packed(path, &packed, NULL), 0);
	same_answers(*state, packed);
	assert_int_equal(inflect_count(packed), inflect_count(*state));
	assert_true(inflect_is_word(packed, SLICE("concours"), INFLECT_PLAIN));
	assert_true(inflect_is_word(packed, SLICE("demolirent"), INFLECT_FOLDED));
	assert_false(inflect_is_word(packed, SLICE("konar"), INFLECT_FOLDED));
	assert_int_equal(inflect_pack(packed, &again, NULL), 0);
	assert_true(slice_equal(buf_slice(&a), buf_slice(&again)));
	assert_words(packed, "enculé", INFLECT_REGULAR,
		"enculé|enculée|enculées|enculés"); /* not asked before */
	inflect_close(packed);
	assert_int_equal(file_remove_tree(folder), 0);
}

static void no_file_is_a_fault(void **state)
{
	struct inflect *i = NULL;
	struct error e;

	(void)state;
	assert_int_equal(inflect_open_packed("/nonexistent/forms", &i, &e), -ENOENT);
	assert_int_equal(inflect_open_packed("/dev/null", &i, &e), -EINVAL);
	assert_int_equal(inflect_open_bytes(SLICE(""), &i, &e), -EINVAL);
	assert_null(i);
}

/* Each byte changed in turn, and each length: a fault, or a handle that is safe to ask. */
static void broken_bytes_do_no_harm(void **state)
{
	static const char aff[] = "SFX A Y 1\nSFX A 0 s .\n";
	static const char dic[] = "3\nzoute/A po:nom\nété po:nom\nzou/A po:nom\n";
	_buf_ struct buf good = {0};
	struct inflect *i;
	struct inflect_forms f;
	size_t refused = 0;

	(void)state;
	assert_int_equal(inflect_open_text(slice_of(aff), slice_of(dic), &i, NULL), 0);
	assert_int_equal(inflect_words(i, SLICE("zoute"), &f), 0);
	assert_int_equal(inflect_pack(i, &good, NULL), 0);
	inflect_close(i);
	for (size_t n = 0; n < good.n; n++)
		for (unsigned change = 1; change < 256; change += 27) {
			_free_ char *copy = xmalloc(good.n);

			memcpy(copy, good.p, good.n);
			copy[n] = (char)(copy[n] ^ change);
			if (inflect_open_bytes((struct slice){copy, good.n}, &i, NULL) < 0) {
				refused++;
				continue;
			}
			inflect_is_word(i, SLICE("ete"), INFLECT_FOLDED);
			(void)inflect_words(i, SLICE("zoute"), &f);
			inflect_close(i);
		}
	assert_true(refused > good.n);
	for (size_t n = 0; n < good.n; n++) {
		_free_ char *copy = xmalloc(n + 1);

		memcpy(copy, good.p, n);
		assert_int_equal(inflect_open_bytes((struct slice){copy, n}, &i, NULL), -EINVAL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_bytes_are_the_same),
		cmocka_unit_test(the_file_answers_alike),
		cmocka_unit_test(no_file_is_a_fault),
		cmocka_unit_test(broken_bytes_do_no_harm),
	};

	return cmocka_run_group_tests(tests, open_system, close_handle);
}
