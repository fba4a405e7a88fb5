/* SPDX-License-Identifier: GPL-3.0-or-later
 * The bundles of rules in memory: the one in use and the one before, since deliveries of both mix for a
 * moment when the active bundle changes. */
#ifndef SCORE_BUNDLES_H
#define SCORE_BUNDLES_H
#include <tocsin/bus/bus.h>
#include <tocsin/rules/rules.h>

#define BUNDLES_KEPT 2u

struct bundle {
	unsigned char hash[BUS_BUNDLE];
	char hex[DIGEST_HEX];
	struct ruleset *rules;
	struct scorer *scorer;
	uint64_t used; /* higher = later */
};
struct bundles {
	const char *state_dir;
	struct bundle list[BUNDLES_KEPT];
	uint64_t uses;
};

/* The bundle with this hash, loaded if need be. Returns 0, or -ENOENT (absent), -EINVAL (it has errors, or is not
 * what its name says), with the text in e. */
int bundles_get(struct bundles *b, const unsigned char hash[static BUS_BUNDLE], struct bundle **ret,
	struct error *e) _must_check_;
void bundles_release(struct bundles *b);
#endif
