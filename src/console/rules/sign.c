/* SPDX-License-Identifier: GPL-3.0-or-later
 * « Je signe »: a jurist has read a rule in force that names a person; `tocsin rules sign` writes that down and publishes it. */
#include <tocsin/base/alloc.h>
#include "../topic.h"
#include "named.h"
#include "rules.h"

static bool asks(const struct visit *v, struct slice id)
{
	const struct ruleset *rules = v->c->names;
	if (!(v->session->roles & ROLE_JURIST))
		return false;
	for (size_t i = 0; rules && i < ruleset_count(rules); i++)
		if (slice_equal(ruleset_info(rules, i).id, id))
			return named_waits(rules, i);
	return false;
}

void sign_put_way(struct visit *v, struct slice id)
{
	if (!asks(v, id))
		return;
	buf_add_string(&v->out, "<p><a href=\"#signer\">");
	page_word(v, words(v->l, "Relire la règle, puis la signer"));
	buf_add_string(&v->out, "</a></p>\n");
}

void sign_put(struct visit *v, struct slice id)
{
	if (!asks(v, id))
		return;
	buf_add_string(&v->out, "<section id=\"signer\">");
	page_element(v, "h2", words(v->l, "Votre signature"));
	page_form(v, "noting", "/regles/signer/%.*s", (int)id.n, id.p);
	buf_printf(
		&v->out, "<input type=\"hidden\" name=\"sur\" value=\"%s\"><p>", v->c->names_hash);
	page_word(v,
		words(v->l,
			"Cette règle nomme une personne : vous en avez relu la condition, le mandat et le motif. Votre signature est gardée au journal, et vaut tant que la condition ne change pas."));
	buf_add_string(&v->out, "</p>\n<button class=\"main\">");
	page_word(v, words(v->l, "Je signe"));
	buf_add_string(&v->out, "</button></form></section>\n");
}

static void signed_(struct job *j, const struct work_result *r)
{
	struct visit *v = j->v;
	if (r->code == 0) {
		visit_tell(v, false, words(v->l, "Signé : le journal le garde."));
	} else if (job_unsure(r)) {
		visit_tell(v, true, JOB_UNSURE(v));
	} else if (r->code > 0 && r->said.n) {
		buf_add_slice(&j->found, r->said);
		visit_tell(v, true, buf_string(&j->found));
	} else {
		visit_tell(v, true, job_why(v, r));
	}
	visit_go_to(v, "/regles/regle/%s", buf_string(&j->text));
	job_end(j);
}

void sign_post(struct visit *v)
{
	_buf_ struct buf over = {0};
	unsigned char digest[DIGEST_SIZE];
	struct rule_info info;
	if (!rules_asked(v, &info))
		return;
	if (!visit_field(v, "sur", 64, &over) ||
		digest_unhex(buf_slice(&over), digest, sizeof(digest)) < 0) {
		visit_problem(v, 400);
		return;
	}
	_free_ char *id = xasprintf("%.*s", (int)info.id.n, info.id.p);
	_free_ char *who = xasprintf("--juriste=%s", v->session->name);
	_free_ char *seen = xasprintf("--over=%s", buf_string(&over));
	const char *const words_[] = {"sign", id, who, seen, NULL};
	struct job *j = job_new(v);
	buf_add_string(&j->text, id);
	job_run(j, words_, (struct slice){0}, WORK_LONG_MS, signed_);
}
