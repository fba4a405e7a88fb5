/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../table.h"
#include "report.h"

void html_text(struct buf *out, struct slice text)
{
	_buf_ struct buf clean = {0};
	table_clean(&clean, text, false);
	for (size_t i = 0; i < clean.n; i++)
		switch (clean.p[i]) {
		case '&': buf_add_string(out, "&amp;"); break;
		case '<': buf_add_string(out, "&lt;"); break;
		case '>': buf_add_string(out, "&gt;"); break;
		case '"': buf_add_string(out, "&quot;"); break;
		case '\'': buf_add_string(out, "&#39;"); break;
		default: buf_add_char(out, clean.p[i]);
		}
}

void html_string(struct buf *out, const char *text)
{
	html_text(out, slice_of(text));
}

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
