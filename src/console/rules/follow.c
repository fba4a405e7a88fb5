/* SPDX-License-Identifier: GPL-3.0-or-later
 * « Suivre ce sujet »: `tocsin rules follow` makes a topic of the rules of it, which is in force at once, and
 * `tocsin rules unfollow` takes it back. */
#include "../situation/conduct.h"
#include "../situation/followed.h"
#include "../topic.h"
#include <tocsin/base/alloc.h>
#include <tocsin/record/followed.h>
#include "rules.h"

enum { NAME_MAX_ = 80 /* bytes */ };

static void end(struct job *j, const struct work_result *r, const char *done)
{
	struct visit *v = j->v;
	if (r->code == 0) {
		visit_tell(v, false, done);
	} else if (job_unsure(r)) {
		visit_tell(v, true, JOB_UNSURE(v));
	} else if (r->code > 0 && r->said.n) {
		buf_add_slice(&j->found, r->said);
		visit_tell(v, true, buf_string(&j->found));
	} else {
		visit_tell(v, true, job_why(v, r));
	}
	visit_go(v, "/situation");
	job_end(j);
}

static void followed(struct job *j, const struct work_result *r)
{
	end(j, r,
		words(j->v->l,
			"Ce sujet est suivi : ce qui arrive dès maintenant est compté sous ce nom."));
}

static void unfollowed(struct job *j, const struct work_result *r)
{
	end(j, r, words(j->v->l, "Ce sujet n'est plus suivi."));
}

static void ask(struct visit *v, const char *verb, const char *name, job_fn *then)
{
	_free_ char *alarm = xasprintf("%lld", (long long)visit_number(v));
	_free_ char *who = xasprintf("--who=%s", v->session->name);
	_free_ char *named = name ? xasprintf("--name=%s", name) : NULL;
	const char *const words_[] = {verb, alarm, who, named, NULL};
	job_run(job_new(v), words_, (struct slice){0}, WORK_LONG_MS, then);
}

static bool read_name(struct visit *v, struct buf *ret)
{
	if (!visit_field(v, "nom", NAME_MAX_, ret) || !ret->n)
		return false;
	for (size_t i = 0; i < ret->n; i++)
		if ((unsigned char)ret->p[i] < ' ' || ret->p[i] == 127)
			return false;
	return true;
}

static void follow(struct visit *v, const struct incident *i)
{
	_buf_ struct buf name = {0};
	if (!followed_label(i).n)
		conduct_refuse(v, 409, FORM_NONE,
			words(v->l, "Cette alerte n'est pas un sujet émergent : rien à suivre."));
	else if (!read_name(v, &name))
		conduct_refuse(v, 400, FORM_NONE, words(v->l, "Ce nom ne convient pas."));
	else
		ask(v, "follow", buf_string(&name), followed);
}

void follow_post(struct visit *v)
{
	struct arena arena;
	struct incident i;
	arena_init(&arena, 0);
	if (situation_find(v, &arena, &i))
		follow(v, &i);
	arena_release(&arena);
}

void unfollow_post(struct visit *v)
{
	struct rule_info info;
	if (visit_reader(v) < 0) {
		visit_problem(v, 503);
		return;
	}
	topics_refresh(v);
	if (visit_number(v) && followed_find(v, visit_number(v), &info))
		ask(v, "unfollow", NULL, unfollowed);
	else
		visit_problem(v, 404);
}
