/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sign.h"

enum { MAC_KEPT = 16 /* bytes of a MAC: enough to tell any two apart */ };

static bool read_timestamp(struct slice s, int64_t *ret_ms)
{
	int64_t v = 0;
	if (s.n == 0 || s.n > 12)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		v = v * 10 + (s.p[i] - '0');
	}
	*ret_ms = v * CLOCK_SECOND;
	return true;
}

int sign_check(const struct sign_request *r, struct slice secret, bool timestamp_required,
	int64_t now, struct buf *scratch, unsigned char ret_mac[static DIGEST_SIZE],
	int64_t *ret_at)
{
	unsigned char given[DIGEST_SIZE], mac[DIGEST_SIZE];
	struct slice prefix = SLICE("sha256="), hex = r->signature, signed_ = r->body;
	int64_t at = now;
	if (hex.n < prefix.n || memcmp(hex.p, prefix.p, prefix.n) != 0)
		return SIGN_BAD;
	hex = (struct slice){hex.p + prefix.n, hex.n - prefix.n};
	if (digest_unhex(hex, given, sizeof(given)) < 0)
		return SIGN_BAD;
	if (r->timestamp.p) {
		if (!read_timestamp(r->timestamp, &at))
			return SIGN_BAD;
		buf_clear(scratch);
		buf_add_slice(scratch, r->timestamp);
		buf_add_char(scratch, '.');
		buf_add_slice(scratch, r->body);
		signed_ = buf_slice(scratch);
	} else if (timestamp_required) {
		return SIGN_BAD;
	}
	digest_hmac(secret, signed_, mac);
	if (!digest_equal(mac, given, sizeof(mac)))
		return SIGN_BAD;
	if (at < now - SIGN_WINDOW || at > now + SIGN_WINDOW)
		return SIGN_EXPIRED;
	memcpy(ret_mac, mac, sizeof(mac));
	*ret_at = at;
	return 0;
}

void sign_basic(struct buf *out, struct slice user, struct slice password)
{
	_buf_ struct buf both = {0};
	buf_add_slice(&both, user);
	buf_add_char(&both, ':');
	buf_add_slice(&both, password);
	buf_add_string(out, "Basic ");
	digest_base64(out, buf_slice(&both));
	digest_wipe(both.p, both.n);
}

void replay_init(struct replay *p)
{
	*p = (struct replay){0};
	for (size_t i = 0; i < REPLAY_MINUTES; i++) {
		p->minutes[i] = map_new();
		p->minute[i] = -1;
	}
}

void replay_release(struct replay *p)
{
	for (size_t i = 0; i < REPLAY_MINUTES; i++)
		p->minutes[i] = map_free(p->minutes[i]);
	p->n = 0;
}

static struct slice key_of(const unsigned char *mac)
{
	return (struct slice){(const char *)mac, MAC_KEPT};
}

bool replay_seen(const struct replay *p, const unsigned char mac[static DIGEST_SIZE])
{
	for (size_t i = 0; i < REPLAY_MINUTES; i++)
		if (p->minute[i] >= 0 && map_find(p->minutes[i], key_of(mac)))
			return true;
	return false;
}

static void forget(struct replay *p, size_t slot)
{
	p->n -= map_count(p->minutes[slot]);
	map_clear(p->minutes[slot]);
	p->minute[slot] = -1;
}

bool replay_room(struct replay *p, int64_t now)
{
	for (size_t i = 0; i < REPLAY_MINUTES; i++)
		if (p->minute[i] >= 0 && (p->minute[i] + 1) * CLOCK_MINUTE + SIGN_WINDOW < now)
			forget(p, i);
	return p->n < REPLAY_MAX;
}

void replay_add(struct replay *p, const unsigned char mac[static DIGEST_SIZE], int64_t at)
{
	bool new;
	int64_t minute = at / CLOCK_MINUTE;
	size_t slot = (size_t)minute % REPLAY_MINUTES;
	/* Two minutes of one slot are REPLAY_MINUTES apart: both cannot be within the window. */
	if (p->minute[slot] != minute)
		forget(p, slot);
	p->minute[slot] = minute;
	map_at(p->minutes[slot], key_of(mac), &new);
	p->n += new;
}
