/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/record/followed.h>
#include <stdio.h>

#define BEGINS "suivi-"
#define ENDS ".yaml"
#define EMERGENT "emergent:"

void followed_pack(int64_t alarm, char ret[static FOLLOWED_PACK_MAX])
{
	snprintf(ret, FOLLOWED_PACK_MAX, BEGINS "%lld", (long long)alarm);
}

int64_t followed_alarm(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct slice name = slice_of(slash ? slash + 1 : path);
	const size_t around = strlen(BEGINS) + strlen(ENDS);
	if (name.n <= around || !slice_begins(name, BEGINS) || !slice_ends(name, ENDS))
		return 0;
	return followed_topic((struct slice){name.p, name.n - strlen(ENDS)});
}

int64_t followed_topic(struct slice id)
{
	const size_t n = strlen(BEGINS);
	int64_t alarm;
	if (id.n <= n || !slice_begins(id, BEGINS))
		return 0;
	return slice_number((struct slice){id.p + n, id.n - n}, &alarm) && alarm > 0 ? alarm : 0;
}

struct slice followed_label(const struct incident *i)
{
	const size_t n = strlen(EMERGENT);
	if (i->kind != INCIDENT_EMERGENT || !slice_begins(i->topic, EMERGENT))
		return (struct slice){0};
	return (struct slice){i->topic.p + n, i->topic.n - n};
}
