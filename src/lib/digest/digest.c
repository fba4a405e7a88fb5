/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/digest/digest.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>

_Static_assert(
	sizeof(struct digest_state) >= sizeof(crypto_hash_sha256_state), "room for the state");

static const unsigned char *bytes(struct slice s)
{
	return (const unsigned char *)(s.p ? s.p : "");
}

void digest_sha256(struct slice s, unsigned char out[static DIGEST_SIZE])
{
	crypto_hash_sha256(out, bytes(s), s.n);
}

void digest_begin(struct digest_state *st)
{
	crypto_hash_sha256_init((void *)st->opaque);
}

void digest_add(struct digest_state *st, struct slice s)
{
	crypto_hash_sha256_update((void *)st->opaque, bytes(s), s.n);
}

void digest_end(struct digest_state *st, unsigned char out[static DIGEST_SIZE])
{
	crypto_hash_sha256_final((void *)st->opaque, out);
}

void digest_hmac(struct slice key, struct slice s, unsigned char out[static DIGEST_SIZE])
{
	crypto_auth_hmacsha256_state st;
	crypto_auth_hmacsha256_init(&st, bytes(key), key.n);
	crypto_auth_hmacsha256_update(&st, bytes(s), s.n);
	crypto_auth_hmacsha256_final(&st, out);
	sodium_memzero(&st, sizeof(st));
}

void digest_pseudonym(
	const unsigned char key[static DIGEST_KEY], struct slice s, unsigned char out[static 16])
{
	crypto_generichash(out, 16, bytes(s), s.n, key, DIGEST_KEY);
}

bool digest_equal(const void *a, const void *b, size_t n)
{
	return sodium_memcmp(a, b, n) == 0;
}

const char *digest_hex(const unsigned char *p, size_t n, char *out)
{
	return sodium_bin2hex(out, 2 * n + 1, p, n);
}

int digest_unhex(struct slice s, unsigned char *out, size_t n)
{
	size_t got = 0;
	if (s.n != 2 * n || sodium_hex2bin(out, n, s.p, s.n, NULL, &got, NULL) != 0 || got != n)
		return -EINVAL;
	return 0;
}

void digest_base64(struct buf *out, struct slice s)
{
	const int variant = sodium_base64_VARIANT_ORIGINAL;
	size_t n = sodium_base64_encoded_len(s.n, variant);
	buf_reserve(out, n);
	sodium_bin2base64(out->p + out->n, n, bytes(s), s.n, variant);
	out->n += n - 1; /* without the NUL */
}

void digest_random(void *p, size_t n)
{
	if (sodium_init() < 0)
		abort(); /* no randomness on this machine */
	randombytes_buf(p, n);
}

_Static_assert(DIGEST_PASSWORD >= crypto_pwhash_argon2id_STRBYTES, "room for what is kept");

int digest_password(struct slice password, char out[static DIGEST_PASSWORD])
{
	if (sodium_init() < 0)
		abort(); /* no randomness on this machine */
	return crypto_pwhash_argon2id_str(out, password.n ? password.p : "", password.n,
		       crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE,
		       crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE) == 0
		? 0
		: -ENOMEM;
}

bool digest_password_is(struct slice kept, struct slice password)
{
	char text[DIGEST_PASSWORD] = {0};
	if (sodium_init() < 0)
		abort();
	if (!kept.n || kept.n >= sizeof(text))
		return false;
	memcpy(text, kept.p, kept.n);
	return crypto_pwhash_argon2id_str_verify(text, password.n ? password.p : "", password.n) ==
		0;
}

void digest_wipe(void *p, size_t n)
{
	sodium_memzero(p, n);
}

/* Two processes may start at once: the first link wins, the other reads that key. */
static int make_key(const char *path, struct error *e)
{
	unsigned char key[DIGEST_KEY];
	_free_ char *beside = xasprintf("%s.%ld", path, (long)getpid());
	digest_random(key, sizeof(key));
	int r = file_write_atomic(beside, (struct slice){(const char *)key, sizeof(key)}, 0600, e);
	digest_wipe(key, sizeof(key));
	if (r < 0)
		return r;
	if (link(beside, path) < 0 && errno != EEXIST)
		r = error_set(e, -errno, "%s : %s", path, error_reason(-errno));
	unlink(beside);
	return r;
}

int digest_key_file(const char *path, unsigned char key[static DIGEST_KEY], struct error *e)
{
	if (sodium_init() < 0)
		abort(); /* no randomness on this machine */
	_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT) {
		int r = make_key(path, e);
		if (r < 0)
			return r;
		fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	struct stat st;
	if (fd < 0 || fstat(fd, &st) != 0)
		return error_set(e, -errno, "%s : %s", path, error_reason(-errno));
	if (st.st_mode & 077)
		return error_set(e, -EPERM, "%s est lisible par d'autres : chmod 600", path);
	if (st.st_size != DIGEST_KEY || read(fd, key, DIGEST_KEY) != DIGEST_KEY)
		return error_set(e, -EINVAL, "%s : une clé a %d octets, ce fichier %lld", path,
			DIGEST_KEY, (long long)st.st_size);
	return 0;
}
