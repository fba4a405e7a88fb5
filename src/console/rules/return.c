/* SPDX-License-Identifier: GPL-3.0-or-later
 * The way back to a former version: first what would come back, go and change, as `tocsin rules diff` says it; then, with a
 * reason, it is done. What cannot be compared in time can be gone back to all the same: it may be needed at once. */
#include "rules.h"
#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/html/html.h>
#include "../topic.h"

enum { VERSIONS_MAX = 100, REASON_MAX = 1000, SHOWN = 60, NAMED = 8 };
#define LAST "--last=2000" /* of the history the newest, on which both are tried */

/* --- which one */

struct wanted {
	struct visit *v;
	bool show; /* puts who published it, when and why */
	bool found;
};

static int take(void *user, const struct publication *p)
{
	struct wanted *w = user;
	struct visit *v = w->v;
	if (w->found || !slice_equal(p->hash, v->argument))
		return 0;
	w->found = true;
	if (!w->show)
		return 0;
	buf_add_string(&v->out, "<p>");
	page_time(v, p->at);
	buf_printf(&v->out, " · <code>%.12s</code> · ", p->hash.p);
	page_person(v, p->who);
	buf_add_string(&v->out, "<br><q>");
	html_shown(&v->out, p->reason);
	buf_add_string(&v->out, "</q></p>\n");
	return 0;
}

/* 0, -ENOENT (it was never published), or -errno. */
static int find(struct visit *v, bool show)
{
	struct wanted w = {.v = v, .show = show};
	struct error e = {""};
	int r = visit_reader(v);
	if (r == 0)
		r = reader_publications(v->c->reader, VERSIONS_MAX, take, &w, &e);
	return r < 0 ? r : w.found ? 0 : -ENOENT;
}

static char *folder_of(const struct visit *v, struct slice hash)
{
	return xasprintf("%s/bundles/%.*s", v->c->s->config.state_dir, (int)hash.n, hash.p);
}

/* --- what would change */

static bool is_urgent(struct json_value side)
{
	return slice_is(rules_text(side, "status"), "live") && rules_number(side, "priority") == 1;
}

static struct json_value side_of(struct json_value rule, const char *key)
{
	struct json_value side;
	return json_get(rule, slice_of(key), &side) ? side : (struct json_value){0};
}

/* Rules in force for minutes that would be so no more. */
static void put_urgent(struct visit *v, struct json_value whole)
{
	struct json_value one;
	_buf_ struct buf names = {0}, text = {0};
	size_t n = 0;
	for (uint32_t it = 0; rules_each(whole, "written", &it, &one);) {
		if (!is_urgent(side_of(one, "was")) || is_urgent(side_of(one, "is")))
			continue;
		if (n < NAMED) {
			buf_add_string(&names, n ? ", " : "");
			buf_add_slice(&names, rules_text(one, "rule"));
		}
		n++;
	}
	if (!n)
		return;
	buf_printf(&text,
		words_n(v->l,
			"Attention : %zu règle de priorité P1 ne serait plus en vigueur comme telle : %s",
			"Attention : %zu règles de priorité P1 ne seraient plus en vigueur comme telles : %s",
			n),
		n, buf_string(&names));
	buf_add_string(&text, n > NAMED ? "…" : ".");
	rules_say(v, true, buf_string(&text));
}

static void put_state(struct visit *v, struct json_value side)
{
	static const char *const names[] = {"draft", "shadow", "live", "retired"};
	const int64_t priority = rules_number(side, "priority");
	if (priority)
		buf_printf(&v->out, "P%lld ", (long long)priority);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (slice_is(rules_text(side, "status"), names[i]))
			page_word(v, rules_status(v, (enum rule_status)i));
}

static void put_rule(struct visit *v, struct json_value rule)
{
	const struct json_value was = side_of(rule, "was"), is = side_of(rule, "is");
	const bool both = was.type == JSON_OBJECT && is.type == JSON_OBJECT;
	buf_add_string(&v->out, "<li>");
	html_shown(&v->out, rules_text(was.type == JSON_OBJECT ? was : is, "title"));
	buf_add_string(&v->out, " <span class=\"meta\">");
	html_text(&v->out, rules_text(rule, "rule"));
	buf_add_string(&v->out, " · ");
	put_state(v, was.type == JSON_OBJECT ? was : is);
	if (both &&
		(rules_number(was, "priority") != rules_number(is, "priority") ||
			!slice_equal(rules_text(was, "status"), rules_text(is, "status")))) {
		buf_add_string(&v->out, " → ");
		put_state(v, is);
	}
	buf_add_string(&v->out, "</span></li>\n");
}

static void put_pack(struct visit *v, struct json_value pack)
{
	buf_add_string(&v->out, "<li>");
	html_text(&v->out, rules_text(pack, "pack"));
	buf_add_string(&v->out, "</li>\n");
}

/* Those of one kind, under their head; nothing when there are none. */
static size_t put_kind(struct visit *v, struct json_value whole, const char *list, const char *kind,
	const char *head, void (*put)(struct visit *, struct json_value))
{
	struct json_value one;
	size_t n = 0;
	for (uint32_t it = 0; rules_each(whole, list, &it, &one);) {
		if (!slice_is(rules_text(one, "what"), kind))
			continue;
		if (!n) {
			page_element(v, "h3", head);
			buf_add_string(&v->out, "<ul>\n");
		}
		if (n++ < SHOWN)
			put(v, one);
	}
	if (n > SHOWN) {
		buf_add_string(&v->out, "<li>");
		buf_printf(&v->out, words_n(v->l, "et %zu autre", "et %zu autres", n - SHOWN),
			n - SHOWN);
		buf_add_string(&v->out, "</li>\n");
	}
	buf_add_string(&v->out, n ? "</ul>\n" : "");
	return n;
}

static bool put_written(struct visit *v, struct slice json)
{
	struct json_reader *reader = json_reader_new(WORK_OUT_MAX);
	struct json_value whole;
	struct error e = {""};
	const bool ok = json_parse(reader, json, &whole, &e) == 0 && whole.type == JSON_OBJECT;
	size_t n = 0;
	if (ok) {
		put_urgent(v, whole);
		n += put_kind(v, whole, "packs", "removed",
			words(v->l, "Paquets qui disparaîtraient"), put_pack);
		n += put_kind(v, whole, "packs", "added", words(v->l, "Paquets qui reviendraient"),
			put_pack);
		n += put_kind(v, whole, "packs", "changed", words(v->l, "Paquets écrits autrement"),
			put_pack);
		n += put_kind(v, whole, "written", "removed",
			words(v->l, "Règles et sujets qui disparaîtraient"), put_rule);
		n += put_kind(v, whole, "written", "added",
			words(v->l, "Règles et sujets qui reviendraient"), put_rule);
		n += put_kind(v, whole, "written", "changed",
			words(v->l, "Règles et sujets écrits autrement"), put_rule);
		if (!n)
			page_element(
				v, "p", words(v->l, "Les deux versions disent la même chose."));
	}
	json_reader_free(reader);
	return ok;
}

static void put_form(struct job *j)
{
	struct visit *v = j->v;
	page_form(v, "noting", "/regles/revenir/%s", j->base);
	buf_printf(&v->out, "<input type=\"hidden\" name=\"sur\" value=\"%s\"><p><label>", j->from);
	page_word(v, words(v->l, "Pourquoi ?"));
	buf_printf(&v->out,
		"<input name=\"motif\" required maxlength=\"%d\"></label></p><p><button>",
		(int)REASON_MAX);
	page_word(v, words(v->l, "Revenir à cette version"));
	buf_add_string(&v->out, "</button></p></form>\n");
}

static void compared(struct job *j, const struct work_result *r)
{
	struct visit *v = j->v;
	_free_ char *folder = folder_of(v, slice_of(j->base));
	bool ok = r->code == 0;
	topics_refresh(v);
	rules_open(v, words(v->l, "Revenir à une version"));
	(void)!find(v, true);
	buf_add_string(&v->out, "<section>");
	page_element(v, "h2", words(v->l, "Ce qui changerait"));
	if (ok)
		ok = put_written(v, r->out);
	if (ok) {
		page_element(v, "h3", words(v->l, "Sur les 2 000 derniers commentaires"));
		ok = compared_put(v, r->out);
	}
	if (!ok) {
		rules_say(v, true,
			words(v->l,
				"Ce qui changerait n'a pas pu être établi : vous reviendriez à cette version sans le savoir."));
		if (r->code > 0 && r->said.n)
			said_put(v, r->said, folder);
		else if (r->code)
			page_element(v, "p", job_why(v, r));
	}
	buf_add_string(&v->out, "</section>\n");
	put_form(j);
	page_close(v);
	visit_page(v, 200);
	job_end(j);
}

static void to_log(struct visit *v, const char *why)
{
	visit_tell(v, true, why);
	visit_go(v, "/regles/journal");
}

void rules_return_get(struct visit *v)
{
	struct error e = {""};
	char active[65] = "";
	int r = find(v, false);
	if (r == 0)
		r = reader_bundle(v->c->reader, active, &e);
	if (r < 0) {
		visit_problem(v, r == -ENOENT ? 404 : 503);
		return;
	}
	_free_ char *now = folder_of(v, slice_of(active)), *then = folder_of(v, v->argument);
	if (slice_is(v->argument, active)) {
		to_log(v, words(v->l, "Cette version est en vigueur."));
	} else if (access(then, F_OK) < 0) {
		to_log(v, words(v->l, "Ses fichiers n'existent plus."));
	} else {
		const char *const words_[] = {"diff", now, then, LAST, NULL};
		struct job *j = job_new(v);
		snprintf(j->base, sizeof(j->base), "%.*s", (int)v->argument.n, v->argument.p);
		snprintf(j->from, sizeof(j->from), "%s", active);
		job_run(j, words_, (struct slice){0}, WORK_MS, compared);
	}
}

/* --- going back */

static void returned(struct job *j, const struct work_result *r)
{
	struct visit *v = j->v;
	struct error e = {""};
	char active[65] = "";
	(void)!reader_bundle(v->c->reader, active, &e);
	if (r->code == 0 || (!r->busy && strcmp(active, j->base) == 0))
		visit_tell(v, false,
			words(v->l, "Les règles de cette version sont de nouveau en vigueur."));
	else if (job_unsure(r))
		visit_tell(v, true, JOB_UNSURE(v));
	else if (r->code > 0 && r->said.n) {
		buf_add_slice(&j->found, r->said);
		visit_tell(v, true, buf_string(&j->found));
	} else
		visit_tell(v, true, job_why(v, r));
	visit_go(v, "/regles/journal");
	job_end(j);
}

void rules_return_post(struct visit *v)
{
	_buf_ struct buf over = {0}, reason = {0};
	unsigned char digest[DIGEST_SIZE];
	const int r = find(v, false);
	if (r < 0) {
		visit_problem(v, r == -ENOENT ? 404 : 503);
		return;
	}
	if (!visit_field(v, "sur", 64, &over) ||
		digest_unhex(buf_slice(&over), digest, sizeof(digest)) < 0 ||
		!visit_field(v, "motif", REASON_MAX, &reason) || !reason.n) {
		to_log(v, words(v->l, "Un motif est nécessaire."));
		return;
	}
	_free_ char *hash = xasprintf("%.*s", (int)v->argument.n, v->argument.p);
	_free_ char *why = xasprintf("--reason=%s", buf_string(&reason));
	_free_ char *who = xasprintf("--who=%s", v->session->name);
	_free_ char *active = xasprintf("--over=%s", buf_string(&over));
	const char *const words_[] = {"rollback", hash, who, why, active, NULL};
	struct job *j = job_new(v);
	snprintf(j->base, sizeof(j->base), "%s", hash);
	job_run(j, words_, (struct slice){0}, WORK_LONG_MS, returned);
}
