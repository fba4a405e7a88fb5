/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bundles.h"

#include <errno.h>

#include <tocsin/base/alloc.h>

_Static_assert(BUS_BUNDLE == DIGEST_SIZE, "a bundle is named by its digest");

static void drop(struct bundle *b)
{
	b->scorer = scorer_free(b->scorer);
	b->rules = ruleset_free(b->rules);
}

static struct bundle *oldest(struct bundles *b)
{
	struct bundle *found = &b->list[0];

	for (unsigned i = 1; i < BUNDLES_KEPT; i++)
		if (b->list[i].used < found->used)
			found = &b->list[i];
	return found;
}

static int load(const char *path, const char *hex, struct ruleset **ret, struct error *e)
{
	struct problems p = {0};
	struct ruleset *rules = NULL;
	int r;

	if (access(path, F_OK) < 0)
		return error_set(e, -ENOENT, "règles %.12s… absentes", hex);
	r = ruleset_load(path, &rules, &p);
	if (r < 0)
		error_set(e, -EINVAL, "%s : %s", path, p.n ? p.list[0].text : strerror(-r));
	else if (strcmp(ruleset_hash(rules), hex) != 0)
		r = error_set(e, -EINVAL,
			"%s donne une autre empreinte (bibliothèque mise à jour ?) : à publier de nouveau",
			path);
	problems_release(&p);
	if (r < 0) {
		ruleset_free(rules);
		return -EINVAL;
	}
	*ret = rules;
	return 0;
}

int bundles_get(struct bundles *b, const unsigned char hash[static BUS_BUNDLE], struct bundle **ret,
	struct error *e)
{
	_free_ char *path = NULL;
	struct ruleset *rules = NULL;
	struct bundle *slot;
	char hex[DIGEST_HEX];
	int r;

	for (unsigned i = 0; i < BUNDLES_KEPT; i++)
		if (b->list[i].rules && memcmp(b->list[i].hash, hash, BUS_BUNDLE) == 0) {
			b->list[i].used = ++b->uses;
			*ret = &b->list[i];
			return 0;
		}
	digest_hex(hash, BUS_BUNDLE, hex);
	path = xasprintf("%s/bundles/%s", b->state_dir, hex);
	r = load(path, hex, &rules, e);
	if (r < 0)
		return r;
	slot = oldest(b);
	drop(slot);
	memcpy(slot->hash, hash, BUS_BUNDLE);
	memcpy(slot->hex, hex, sizeof(hex));
	slot->rules = rules;
	slot->scorer = scorer_new(rules);
	slot->used = ++b->uses;
	*ret = slot;
	return 0;
}

void bundles_release(struct bundles *b)
{
	for (unsigned i = 0; i < BUNDLES_KEPT; i++)
		drop(&b->list[i]);
}
