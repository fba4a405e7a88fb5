/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <tocsin/base/file.h>
#include <tocsin/digest/digest.h>

static void assert_hex(const unsigned char *p, size_t n, const char *want)
{
	char text[2 * 64 + 1];
	assert_string_equal(digest_hex(p, n, text), want);
}

/* FIPS 180-4 examples, and NIST's million letters. */
static void test_sha256(void **state)
{
	(void)state;
	static const struct {
		const char *text, *hex;
	} cases[] = {
		{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
			"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
	};
	unsigned char out[DIGEST_SIZE];
	for (size_t i = 0; i < 3; i++) {
		digest_sha256(slice_of(cases[i].text), out);
		assert_hex(out, sizeof(out), cases[i].hex);
	}
	digest_sha256((struct slice){0}, out);
	assert_hex(out, sizeof(out), cases[0].hex);
	struct digest_state st;
	digest_begin(&st);
	for (int i = 0; i < 1000; i++) {
		char a[1000];
		memset(a, 'a', sizeof(a));
		digest_add(&st, (struct slice){a, 400});
		digest_add(&st, (struct slice){0});
		digest_add(&st, (struct slice){a + 400, 600});
	}
	digest_end(&st, out);
	assert_hex(out, sizeof(out),
		"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* RFC 4231, cases 1, 2 and 6. */
static void test_hmac(void **state)
{
	(void)state;
	unsigned char out[DIGEST_SIZE];
	char key[131];
	memset(key, 0x0b, 20);
	digest_hmac((struct slice){key, 20}, SLICE("Hi There"), out);
	assert_hex(out, sizeof(out),
		"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	digest_hmac(SLICE("Jefe"), SLICE("what do ya want for nothing?"), out);
	assert_hex(out, sizeof(out),
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, 131);
	digest_hmac((struct slice){key, 131},
		SLICE("Test Using Larger Than Block-Size Key - Hash Key First"), out);
	assert_hex(out, sizeof(out),
		"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
	digest_hmac((struct slice){0}, (struct slice){0}, out);
	assert_hex(out, sizeof(out),
		"b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

/* Expected values by Python: hashlib.blake2b(data, digest_size=16, key=bytes(range(32))). */
static void test_pseudonym(void **state)
{
	(void)state;
	unsigned char key[DIGEST_KEY], out[16];
	for (int i = 0; i < DIGEST_KEY; i++)
		key[i] = (unsigned char)i;
	digest_pseudonym(key, SLICE(""), out);
	assert_hex(out, 16, "3daf97bce7888fd59773c66bf647459c");
	digest_pseudonym(key, SLICE("facebook\0u82734"), out);
	assert_hex(out, 16, "aa006f2bb68c8788fa70eefdf83a8771");
	unsigned char other[16];
	key[31] ^= 1;
	digest_pseudonym(key, SLICE("facebook\0u82734"), other);
	assert_false(digest_equal(out, other, 16));
}

static void test_hex(void **state)
{
	(void)state;
	unsigned char out[4] = {9, 9, 9, 9};
	char text[9];
	assert_int_equal(digest_unhex(SLICE("00fFa17b"), out, 4), 0);
	assert_string_equal(digest_hex(out, 4, text), "00ffa17b");
	assert_string_equal(digest_hex(out, 0, text), "");
	static const char *const wrong[] = {
		"", "00ffa17", "00ffa17b0", "00ffa17b00", "00ffa17g", "00ff a17", "0x00ffa1"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(digest_unhex(slice_of(wrong[i]), out, 4), -EINVAL);
}

static void test_equal_random_wipe(void **state)
{
	(void)state;
	unsigned char a[32], b[32];
	assert_true(digest_equal("abc", "abc", 3));
	assert_false(digest_equal("abc", "abd", 3));
	assert_true(digest_equal("abc", "abd", 2));
	digest_random(a, sizeof(a));
	digest_random(b, sizeof(b));
	assert_false(digest_equal(a, b, sizeof(a)));
	digest_wipe(a, sizeof(a));
	for (size_t i = 0; i < sizeof(a); i++)
		assert_int_equal(a[i], 0);
}

static void test_key_file(void **state)
{
	(void)state;
	char folder[] = "/tmp/test-digest-XXXXXX", path[64];
	unsigned char a[DIGEST_KEY], b[DIGEST_KEY];
	struct error e = {""};
	struct stat st;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/key", folder);
	assert_int_equal(digest_key_file(path, a, &e), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(st.st_size, DIGEST_KEY);
	assert_int_equal(digest_key_file(path, b, &e), 0);
	assert_memory_equal(a, b, DIGEST_KEY);

	/* many start at once: all get the same key */
	int results[2];
	assert_int_equal(pipe(results), 0);
	unlink(path);
	for (int i = 0; i < 8; i++) {
		if (fork() == 0) {
			unsigned char key[DIGEST_KEY];
			int r = digest_key_file(path, key, NULL);
			_exit(r == 0 && write(results[1], key, sizeof(key)) == sizeof(key) ? 0 : 1);
		}
	}
	for (int i = 0; i < 8; i++) {
		int status;
		assert_true(wait(&status) > 0 && status == 0);
		assert_int_equal(read(results[0], i ? b : a, DIGEST_KEY), DIGEST_KEY);
		assert_true(i == 0 || memcmp(a, b, DIGEST_KEY) == 0);
	}
	close(results[0]);
	close(results[1]);

	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(digest_key_file(path, b, &e), -EPERM);
	assert_non_null(strstr(e.text, path));
	assert_int_equal(file_write_atomic(path, SLICE("trop court"), 0600, &e), 0);
	assert_int_equal(digest_key_file(path, b, &e), -EINVAL);
	char long_key[DIGEST_KEY + 1] = "";
	assert_int_equal(
		file_write_atomic(path, (struct slice){long_key, sizeof(long_key)}, 0600, &e), 0);
	assert_int_equal(digest_key_file(path, b, &e), -EINVAL);
	assert_int_equal(digest_key_file("/nulle/part/key", b, &e), -ENOENT);
	assert_int_equal(file_remove_tree(folder), 0);
}

static void test_password(void **state)
{
	(void)state;
	char kept[DIGEST_PASSWORD], again[DIGEST_PASSWORD];
	assert_int_equal(digest_password(SLICE("le bon mot de passe"), kept), 0);
	assert_int_equal(digest_password(SLICE("le bon mot de passe"), again), 0);
	assert_memory_equal(kept, "$argon2id$v=19$m=65536,t=2,p=1$", 31);
	assert_string_not_equal(kept, again); /* its salt */
	assert_true(digest_password_is(slice_of(kept), SLICE("le bon mot de passe")));
	assert_false(digest_password_is(slice_of(kept), SLICE("le bon mot de pass")));
	assert_false(digest_password_is(slice_of(kept), (struct slice){0}));
	assert_false(digest_password_is((struct slice){0}, SLICE("")));
	assert_false(digest_password_is(SLICE("$argon2id$"), SLICE("x")));
	char longer[2 * DIGEST_PASSWORD];
	memset(longer, 'a', sizeof(longer));
	assert_false(digest_password_is((struct slice){longer, sizeof(longer)}, SLICE("x")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sha256),
		cmocka_unit_test(test_hmac),
		cmocka_unit_test(test_pseudonym),
		cmocka_unit_test(test_hex),
		cmocka_unit_test(test_equal_random_wipe),
		cmocka_unit_test(test_key_file),
		cmocka_unit_test(test_password),
	};
	return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
