/* SPDX-License-Identifier: GPL-3.0-or-later
 * A comment that crashes whoever looks at it: abort() when text with TOCSIN_FAULT_MARKER reaches the engine
 * (TOCSIN_FAULT_MARKER_AT=scan, the default) or comes in by a message (=receive), in the program that
 * TOCSIN_FAULT_MARKER_IN names (tocsin-score). */
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct zmq_msg_t;
/* The parts of three libraries that we stand before; their own headers are not needed for passing on. */
int hs_scan(const void *db, const char *data, unsigned n, unsigned flags, void *scratch, void *fn,
	void *user);
int pcre2_match_8(const void *code, const unsigned char *s, size_t n, size_t start,
	uint32_t options, void *data, void *context);
int pcre2_jit_match_8(const void *code, const unsigned char *s, size_t n, size_t start,
	uint32_t options, void *data, void *context);
int zmq_msg_recv(struct zmq_msg_t *m, void *socket, int flags);

static const char *marker_at(const char *where)
{
	const char *marker = getenv("TOCSIN_FAULT_MARKER"), *at = getenv("TOCSIN_FAULT_MARKER_AT"),
		   *in = getenv("TOCSIN_FAULT_MARKER_IN");
	if (!marker || !*marker || strcmp(at ? at : "scan", where) != 0 ||
		!strstr(program_invocation_short_name, in ? in : "tocsin-score"))
		return NULL;
	return marker;
}

static void look(const char *where, const void *data, size_t n)
{
	const char *marker = marker_at(where);
	if (marker && data && memmem(data, n, marker, strlen(marker)))
		abort();
}

#define NEXT(type, name, ...) \
	static type (*real)(__VA_ARGS__); \
	if (!real) { \
		void *found = dlsym(RTLD_NEXT, name); \
		memcpy(&real, &found, sizeof(found)); \
		if (!real) \
			abort(); \
	}

int hs_scan(const void *db, const char *data, unsigned n, unsigned flags, void *scratch, void *fn,
	void *user)
{
	NEXT(int, "hs_scan", const void *, const char *, unsigned, unsigned, void *, void *, void *)
	look("scan", data, n);
	return real(db, data, n, flags, scratch, fn, user);
}

int pcre2_match_8(const void *code, const unsigned char *s, size_t n, size_t start,
	uint32_t options, void *data, void *context)
{
	NEXT(int, "pcre2_match_8", const void *, const unsigned char *, size_t, size_t, uint32_t,
		void *, void *)
	look("scan", s, n);
	return real(code, s, n, start, options, data, context);
}

int pcre2_jit_match_8(const void *code, const unsigned char *s, size_t n, size_t start,
	uint32_t options, void *data, void *context)
{
	NEXT(int, "pcre2_jit_match_8", const void *, const unsigned char *, size_t, size_t,
		uint32_t, void *, void *)
	look("scan", s, n);
	return real(code, s, n, start, options, data, context);
}

int zmq_msg_recv(struct zmq_msg_t *m, void *socket, int flags)
{
	NEXT(int, "zmq_msg_recv", struct zmq_msg_t *, void *, int)
	int n = real(m, socket, flags);
	if (n > 0 && marker_at("receive")) {
		void *found = dlsym(RTLD_NEXT, "zmq_msg_data");
		void *(*data)(struct zmq_msg_t *) = NULL;
		memcpy(&data, &found, sizeof(found));
		if (data)
			look("receive", data(m), (size_t)n);
	}
	return n;
}
