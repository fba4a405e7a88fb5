/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people.h"
#include "table.h"

void people_init(struct people *p, const struct config *config)
{
	struct problems problems = {0};
	if (policy_load(&config->file, config->folder, &p->policy, &problems) < 0)
		p->policy = (struct policy){.empty = true}; /* `run` says what is wrong with it */
	problems_release(&problems);
}

void people_release(struct people *p)
{
	policy_release(&p->policy);
}

void people_put(const struct people *p, struct slice id, struct buf *out)
{
	const struct policy_person *who = policy_person(&p->policy, id);
	if (!who) {
		table_clean(out, id, false);
		return;
	}
	table_clean(out, slice_of(who->name), false);
	if (*who->role) {
		buf_add_string(out, " (");
		table_clean(out, slice_of(who->role), false);
		buf_add_char(out, ')');
	}
}
