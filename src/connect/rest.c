/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rest.h"

#include <stdbool.h>

/* A part of ms by chance, at most all of it. */
static int64_t part(int64_t ms, uint32_t chance)
{
	return (int64_t)((double)ms * ((double)chance / UINT32_MAX));
}

int64_t rest_good(struct rest *r, uint32_t chance)
{
	int64_t pause = r->every_ms - part(r->every_ms / 10, chance);

	r->bad_ms = 0;
	return pause < r->least_ms ? r->least_ms : pause;
}

int64_t rest_wish(int64_t ms)
{
	if (ms < 1)
		return 1;
	return ms < REST_ASKED_MAX_MS ? ms : REST_ASKED_MAX_MS;
}

int64_t rest_asked(long status, int64_t retry_ms, int64_t least_ms)
{
	bool refused =
		status == 401 || status == 403 || status == 404 || status == 410 || status == 429;

	return retry_ms <= 0 && refused ? least_ms : retry_ms;
}

int64_t rest_bad(struct rest *r, int64_t asked_ms, uint32_t chance)
{
	int64_t first = r->every_ms < REST_FIRST_MS ? r->every_ms : REST_FIRST_MS;
	int64_t longest = r->every_ms > REST_MAX_MS ? r->every_ms : REST_MAX_MS;
	int64_t pause;

	r->bad_ms = r->bad_ms ? 2 * r->bad_ms : first;
	if (r->bad_ms > longest)
		r->bad_ms = longest;
	pause = r->bad_ms - part(r->bad_ms / 2, chance);
	/* what was asked for is a least: a little later, for everybody was told the same */
	if (asked_ms > 0 && pause < asked_ms)
		pause = asked_ms + part(asked_ms < 10000 ? asked_ms / 10 : 1000, chance);
	return pause;
}

int64_t rest_act(uint32_t attempt, int64_t asked_ms)
{
	int64_t pause = REST_FIRST_MS;

	for (uint32_t i = 1; i < attempt && pause < REST_ACT_MS; i++)
		pause *= 2;
	if (pause > REST_ACT_MS)
		pause = REST_ACT_MS;
	if (asked_ms > REST_ASKED_MS)
		asked_ms = REST_ASKED_MS;
	return pause < asked_ms ? asked_ms : pause;
}
