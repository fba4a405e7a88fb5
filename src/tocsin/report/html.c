/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report.h"

void html_person(struct report *r, struct slice id)
{
	const struct policy_person *who = policy_person(&r->people.policy, id);
	_buf_ struct buf name = {0};
	if (slice_is(id, "tocsin")) {
		buf_add_string(&r->out, "tocsin");
	} else if (!r->occulted) {
		people_put(&r->people, id, &name);
		html_text(&r->out, buf_slice(&name));
	} else if (who && *who->role) {
		html_string(&r->out, who->role);
	} else {
		html_string(&r->out, _w(r->x, "une personne"));
	}
}
