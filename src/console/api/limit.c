/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "limit.h"

enum { THOUSAND = 1000 };

void api_limits_release(struct api_limits *l)
{
	for (size_t i = 0; i < API_KEPT; i++)
		buf_release(&l->kept[i].answer);
}

static struct api_caller *caller(
	struct api_limits *l, const unsigned char id[static DIGEST_SIZE], int64_t now)
{
	struct api_caller *quiet = &l->callers[0];
	for (size_t i = 0; i < API_CALLERS; i++) {
		struct api_caller *one = &l->callers[i];
		if (one->last && digest_equal(one->id, id, DIGEST_SIZE))
			return one;
		if (one->last < quiet->last)
			quiet = one;
	}
	*quiet = (struct api_caller){.last = now, .left = API_BURST * THOUSAND};
	memcpy(quiet->id, id, DIGEST_SIZE);
	return quiet;
}

bool api_may_ask(struct api_limits *l, const unsigned char id[static DIGEST_SIZE], int64_t now)
{
	struct api_caller *one = caller(l, id, now);
	int64_t passed = now > one->last ? now - one->last : 0;
	int64_t left = one->left + passed * API_A_SECOND;
	one->left = left > API_BURST * THOUSAND ? API_BURST * THOUSAND : (uint32_t)left;
	one->last = now;
	if (one->left < THOUSAND)
		return false;
	one->left -= THOUSAND;
	return true;
}

static bool holds(
	const struct api_kept *k, const unsigned char key[static DIGEST_SIZE], int64_t now)
{
	return k->at && now - k->at < API_KEEP_MS && digest_equal(k->key, key, DIGEST_SIZE);
}

int api_kept_find(struct api_limits *l, const unsigned char key[static DIGEST_SIZE],
	const unsigned char asked[static DIGEST_SIZE], int64_t now, struct slice *ret)
{
	for (size_t i = 0; i < API_KEPT; i++) {
		if (!holds(&l->kept[i], key, now))
			continue;
		*ret = buf_slice(&l->kept[i].answer);
		return digest_equal(l->kept[i].asked, asked, DIGEST_SIZE) ? API_SAME : API_OTHER;
	}
	return API_NEW;
}

void api_keep(struct api_limits *l, const unsigned char key[static DIGEST_SIZE],
	const unsigned char asked[static DIGEST_SIZE], int64_t now, struct slice answer)
{
	struct api_kept *place = &l->kept[0];
	for (size_t i = 0; i < API_KEPT; i++)
		if (l->kept[i].at < place->at)
			place = &l->kept[i];
	buf_clear(&place->answer);
	buf_add_slice(&place->answer, answer);
	memcpy(place->key, key, DIGEST_SIZE);
	memcpy(place->asked, asked, DIGEST_SIZE);
	place->at = now;
}
