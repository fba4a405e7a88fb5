/* SPDX-License-Identifier: GPL-3.0-or-later
 * By when somebody should look at an item, said in words: "À voir avant 16:30", "En retard de 2 h 05 : …". */
#include "card.h"
#include <tocsin/base/clock.h>
#include "reply.h"

/* "En attente de Service habitat depuis le …, à relancer le …" */
static void put_follow(struct visit *v, const struct follow_up *f)
{
	const bool due = f->state == FOLLOW_DUE;
	buf_printf(&v->out, "<p class=\"due%s\">", due ? " late" : "");
	if (due)
		page_late(v, f->until);
	page_word(v,
		f->state == FOLLOW_PROPOSED ? words(v->l, "Réponse proposée par :")
			: due               ? words(v->l, "à relancer :")
					    : words(v->l, "En attente :"));
	buf_add_char(&v->out, ' ');
	reply_put_service(v, f->service);
	if (f->state == FOLLOW_PROPOSED) {
		page_word(v, words(v->l, ", transféré "));
		page_time_as(v, f->since, TIME_AT);
		buf_add_string(&v->out, ".</p>\n");
		return;
	}
	page_word(v, words(v->l, ", depuis "));
	page_time_as(v, f->since, TIME_AFTER);
	page_word(v, due ? words(v->l, ", relance due ") : words(v->l, ", à relancer "));
	page_time_as(v, f->until, TIME_AT);
	buf_add_string(&v->out, ".</p>\n");
}

static void put_look(struct visit *v, const struct queue_item *q)
{
	/* what has no priority stands between or behind those that have one */
	const unsigned priority = (unsigned)(q->key.rank / 2);
	const int64_t by = policy_look_by(&v->c->policy, priority, q->flagged_at);
	char exact[CLOCK_TEXT], late[40], moment[PAGE_MOMENT];
	page_moment(v, by, TIME_AFTER, moment);
	buf_printf(&v->out, "<p class=\"due%s\"><time datetime=\"%s\">",
		by < v->town ? " late" : "", clock_format(by, exact));
	if (by < v->town)
		buf_printf(&v->out, words(v->l, "En retard de %s : à voir avant %s"),
			words_duration(v->l, v->town - by, late), moment);
	else if (priority == 1)
		page_word(v, words(v->l, "À voir tout de suite"));
	else
		buf_printf(&v->out, words(v->l, "À voir avant %s"), moment);
	buf_add_string(&v->out, "</time></p>\n");
}

void due_put(struct visit *v, const struct queue_item *q)
{
	if (q->follow.since)
		put_follow(v, &q->follow);
	else
		put_look(v, q);
}
