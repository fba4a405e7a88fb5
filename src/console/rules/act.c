/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the buttons of a pack's form do: keeping it, checking it, trying it on what was received, publishing it. Whatever
 * they do, what was typed is kept in the draft first. Each ends the job. */
#include "edit.h"
#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>

#define REPLAYED "--last=20000" /* comments */

static void finish(struct job *j, unsigned status)
{
	struct visit *v = j->v;
	edit_put_form(v, j->name, j->from, buf_slice(&j->text), buf_slice(&j->reason), j->loses);
	page_close(v);
	visit_page(v, status);
	job_end(j);
}

static void refuse(struct job *j, unsigned status, const char *why)
{
	edit_open(j->v, j->name);
	rules_say(j->v, true, why);
	finish(j, status);
}

/* A folder with the packs of the draft; false: the job is over. */
static bool make_copy(struct job *j)
{
	struct visit *v = j->v;
	struct draft d = {0};
	int r = draft_open(v, &d);
	if (r == 0)
		r = draft_copy(&d, v->c->s->config.run_dir, &j->folder);
	draft_release(&d);
	if (r == -ENOENT)
		refuse(j, 409, draft_fault(v->l, -ESTALE));
	else if (r < 0)
		refuse(j, 503, draft_fault(v->l, r));
	return r == 0;
}

static void put_sum(struct visit *v, const struct found_counts *n)
{
	_buf_ struct buf text = {0};
	buf_printf(&text, words_n(v->l, "%zu erreur", "%zu erreurs", n->errors), n->errors);
	buf_add_string(&text, ", ");
	buf_printf(&text, words_n(v->l, "%zu avertissement", "%zu avertissements", n->warnings),
		n->warnings);
	rules_say(v, n->errors > 0,
		n->errors + n->warnings
			? buf_string(&text)
			: words(v->l,
				  "Rien à redire : les règles se chargent, tous leurs exemples sont tenus."));
}

/* Both lists of problems, the sum of them above. */
static void put_checked(struct job *j, struct slice more, struct found_counts *n)
{
	struct visit *v = j->v;
	_buf_ struct buf list = {0};
	struct buf page;
	edit_open(v, j->name);
	page = v->out;
	v->out = list;
	(void)!problems_put(v, buf_slice(&j->found), j, n);
	if (more.n)
		(void)!problems_put(v, more, j, n);
	list = v->out;
	v->out = page;
	put_sum(v, n);
	if (n->errors + n->warnings)
		buf_add_slice(&v->out, buf_slice(&list));
}

static void tested(struct job *j, const struct work_result *r)
{
	struct found_counts n = {0};
	if (r->code < 0) {
		refuse(j, r->busy ? 429 : 422, job_why(j->v, r));
		return;
	}
	put_checked(j, r->out, &n);
	finish(j, n.errors ? 422 : 200);
}

static void checked(struct job *j, const struct work_result *r)
{
	const char *const words_[] = {"test", j->folder, NULL};
	struct found_counts n = {0};
	if (r->code < 0) {
		refuse(j, r->busy ? 429 : 422, job_why(j->v, r));
		return;
	}
	buf_add_slice(&j->found, r->out);
	if (r->code == 0) {
		job_run(j, words_, (struct slice){0}, WORK_MS, tested);
		return;
	}
	put_checked(j, (struct slice){0}, &n);
	finish(j, 422);
}

static void check(struct job *j)
{
	if (!make_copy(j))
		return;
	const char *const words_[] = {"check", j->folder, NULL};
	job_run(j, words_, (struct slice){0}, WORK_MS, checked);
}

/* What a command that failed said is no list of problems: as it is. */
static void failed(struct job *j, const struct work_result *r, const char *why)
{
	struct visit *v = j->v;
	if (r->code < 0) {
		refuse(j, r->busy ? 429 : 422, job_why(v, r));
		return;
	}
	edit_open(v, j->name);
	rules_say(v, true, why);
	said_put(v, r->said, j->folder);
	finish(j, 422);
}

static void replayed(struct job *j, const struct work_result *r)
{
	struct visit *v = j->v;
	if (r->code != 0) {
		failed(j, r,
			words(v->l,
				"Rien n'a été rejoué : ces règles ne se chargent pas. « Vérifier » montre chaque ligne."));
		return;
	}
	edit_open(v, j->name);
	buf_add_string(&v->out, "<section class=\"card\">");
	page_element(v, "h2", words(v->l, "Sur l'historique"));
	page_element(v, "p",
		words(v->l,
			"Les 20 000 derniers commentaires reçus au plus sont relus, avant et après vos changements ; rien n'est changé."));
	bool ok = compared_put(v, r->out);
	buf_add_string(&v->out, "</section>\n");
	if (ok)
		finish(j, 200);
	else
		refuse(j, 503, words(v->l, "Le résultat n'a pas pu être lu."));
}

static void replay(struct job *j)
{
	if (!make_copy(j))
		return;
	_free_ char *base =
		xasprintf("--against=%s/bundles/%s", j->v->c->s->config.state_dir, j->base);
	const char *const words_[] = {"backtest", j->folder, base, REPLAYED, NULL};
	job_run(j, words_, (struct slice){0}, WORK_LONG_MS, replayed);
}

static bool has_conflicts(const struct draft *d, const char *active)
{
	char *names[DRAFT_FILES_MAX];
	size_t n = draft_conflicts(d, active, names, DRAFT_FILES_MAX);
	for (size_t i = 0; i < n; i++)
		free(names[i]);
	return n > 0;
}

/* What is in this folder was published: it leaves the draft, and what was kept meanwhile stays. */
static void done(struct job *j, const char *folder, const char *text)
{
	struct visit *v = j->v;
	struct draft d = {0};
	char active[65];
	_buf_ struct buf said = {0};
	buf_add_string(&said, text);
	if (draft_open(v, &d) == 0 && d.any && draft_settle(&d, folder) == 0 && d.any) {
		buf_add_string(&said,
			words(v->l,
				" Ce que vous avez gardé entre-temps reste dans votre brouillon."));
		if (!has_conflicts(&d, edit_active(v, active)))
			(void)!draft_rebase(&d, active);
	}
	draft_release(&d);
	visit_tell(v, false, buf_string(&said));
	visit_go(v, "/regles/journal");
	job_end(j);
}

/* Whether all packs of a folder are in force. */
static bool is_in_force(struct visit *v, const char *folder, const char *active)
{
	char *names[DRAFT_FILES_MAX];
	_free_ char *bundle = xasprintf("%s/bundles/%s", v->c->s->config.state_dir, active);
	size_t n = draft_names(folder, names, DRAFT_FILES_MAX);
	bool same = n > 0;
	for (size_t i = 0; i < n; i++) {
		same = same && draft_folders_agree(names[i], folder, bundle);
		free(names[i]);
	}
	return same;
}

/* Not without a tick: the form is asked for it. */
static void lost(struct job *j, struct slice out)
{
	j->loses = true;
	edit_open(j->v, j->name);
	(void)!lost_put(j->v, out);
	finish(j, 409);
}

static void published(struct job *j, const struct work_result *r)
{
	char active[65];
	struct visit *v = j->v;
	edit_active(v, active);
	if (r->code == 0 || (!r->busy && is_in_force(v, j->folder, active)))
		done(j, j->folder,
			words(v->l,
				"Règles publiées : elles jugent dès maintenant ce qui arrive."));
	else if (job_unsure(r))
		refuse(j, 503, JOB_UNSURE(v));
	else if (r->code > 0 && strcmp(active, j->base) != 0)
		refuse(j, 409, words(v->l, "Rien n'est publié."));
	else if (r->code > 0 && lost_said(r->out))
		lost(j, r->out);
	else
		failed(j, r, words(v->l, "Rien n'est publié."));
}

static void publish(struct job *j)
{
	struct visit *v = j->v;
	struct draft d = {0};
	char active[65];
	int r = draft_open(v, &d);
	bool any = r == 0 && d.any;
	/* the form was sent twice */
	bool already = any && is_in_force(v, d.folder, edit_active(v, active));
	bool stale = any && (strcmp(active, d.base) != 0 || has_conflicts(&d, active));
	draft_release(&d);
	if (already) {
		_free_ char *bundle = xasprintf("%s/bundles/%s", v->c->s->config.state_dir, active);
		done(j, bundle, words(v->l, "Ces règles sont déjà en vigueur."));
	} else if (!any) {
		refuse(j, 409, words(v->l, "Rien n'est publié : ce brouillon ne change rien."));
	} else if (!j->reason.n) {
		refuse(j, 400, words(v->l, "Un motif est nécessaire."));
	} else if (stale) {
		refuse(j, 409, words(v->l, "Rien n'est publié."));
	} else if (make_copy(j)) {
		_free_ char *who = xasprintf("--who=%s", v->session->name);
		_free_ char *why = xasprintf("--reason=%s", buf_string(&j->reason));
		_free_ char *over = xasprintf("--over=%s", j->base);
		_buf_ struct buf tick = {0};
		const char *force = visit_field(v, "perdre", 3, &tick) ? "--force" : NULL;
		/* who publishes and is a jurist signs what is new and names a person */
		_free_ char *jurist = v->session->roles & ROLE_JURIST
			? xasprintf("--juriste=%s", v->session->name)
			: NULL;
		const char *const words_[] = {"push", j->folder, who, why, over,
			jurist ? jurist : force, jurist ? force : NULL, NULL};
		job_run(j, words_, (struct slice){0}, WORK_LONG_MS, published);
	}
}

static void keep(struct job *j)
{
	visit_tell(j->v, false,
		words(j->v->l, "Brouillon gardé : rien n'est changé aux règles en vigueur."));
	visit_go_to(j->v, "/regles/modifier/%s", j->name);
	job_end(j);
}

/* The pack is settled; the draft goes on when all are: 0, 1 others are not yet, or -errno. */
static int take_over(struct job *j, const char *active)
{
	struct draft d = {0};
	int r = draft_open(j->v, &d);
	if (r == 0 && draft_has(&d, j->name)) {
		r = draft_set_from(&d, j->name, active);
		snprintf(j->from, sizeof(j->from), "%s", active);
	}
	if (r == 0 && has_conflicts(&d, active))
		r = 1;
	if (r == 0 && d.any)
		r = draft_rebase(&d, active);
	draft_release(&d);
	return r;
}

static void rebase(struct job *j)
{
	struct visit *v = j->v;
	_buf_ struct buf seen = {0};
	char active[65];
	int r = -ESTALE;
	edit_active(v, active);
	if (visit_field(v, "vu", 64, &seen) && slice_is(buf_slice(&seen), active))
		r = take_over(j, active);
	if (r != 0) {
		refuse(j, r == 1 || r == -ESTALE ? 409 : 503,
			r == 1 ? words(v->l,
					 "Votre brouillon part encore de l'ancienne version : d'autres de ses paquets sont à régler d'abord.")
				: r == -ESTALE
				? words(v->l,
					  "D'autres règles viennent d'être publiées : voyez d'abord ce qui a changé.")
				: words(v->l,
					  "Le service ne répond pas : réessayez dans une minute."));
		return;
	}
	visit_tell(
		v, false, words(v->l, "Votre brouillon part maintenant de la version en vigueur."));
	visit_go_to(v, "/regles/modifier/%s", j->name);
	job_end(j);
}

/* Where the draft was changed otherwise than by its text. */
static void changed(struct job *j, int r, const char *text, const char *to)
{
	struct visit *v = j->v;
	if (r == -EEXIST)
		refuse(j, 409, words(v->l, "Un autre paquet porte déjà ce nom."));
	else if (r == -EPERM)
		refuse(j, 409, words(v->l, "C'est le dernier paquet : il en faut un."));
	else if (r < 0)
		refuse(j, r == -EDQUOT ? 409 : 503, draft_fault(v->l, r));
	else {
		visit_tell(v, false, text);
		visit_go_to(v, "/regles/modifier%s%s", *to ? "/" : "", to);
		job_end(j);
	}
}

/* … then what uses it is looked for. */
static void take_away(struct job *j)
{
	struct draft d = {0};
	int r = draft_open(j->v, &d);
	if (r == 0)
		r = draft_remove(&d, j->name);
	const bool there = r == 0 && draft_removes(&d, j->name);
	draft_release(&d);
	if (there) {
		buf_clear(&j->text);
		check(j);
	} else {
		changed(j, r == -ENOENT ? 0 : r,
			words(j->v->l, "Ce paquet n'est plus dans votre brouillon."), "");
	}
}

static void give_back(struct job *j)
{
	struct draft d = {0};
	int r = draft_open(j->v, &d);
	if (r == 0)
		r = draft_restore(&d, j->name);
	draft_release(&d);
	changed(j, r, words(j->v->l, "Votre brouillon ne le supprime plus."), j->name);
}

static void call_otherwise(struct job *j)
{
	struct visit *v = j->v;
	struct draft d = {0};
	_buf_ struct buf to = {0}, text = {0};
	if (!visit_field(v, "nom", DRAFT_NAME_MAX, &to) || !draft_name_ok(buf_slice(&to))) {
		refuse(j, 400, words(v->l, "Ce nom ne convient pas."));
		return;
	}
	renamed_text(buf_slice(&j->text), j->name, buf_string(&to), &text);
	int r = draft_open(v, &d);
	if (r == 0)
		r = draft_rename(&d, j->name, buf_string(&to), buf_slice(&text));
	draft_release(&d);
	changed(j, r,
		words(v->l,
			"Renommé dans votre brouillon : publiez pour que cela vaille. Ses règles gardent leur nom et leur histoire."),
		buf_string(&to));
}

static const struct action {
	const char *name;
	void (*run)(struct job *j);
} actions[] = {{"garder", keep}, {"verifier", check}, {"rejouer", replay}, {"publier", publish},
	{"reprendre", rebase}, {"supprimer", take_away}, {"rendre", give_back},
	{"renommer", call_otherwise}};

static const struct action *action_of(struct visit *v)
{
	_buf_ struct buf word = {0};
	if (visit_field(v, "faire", 20, &word))
		for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++)
			if (slice_is(buf_slice(&word), actions[i].name))
				return &actions[i];
	return NULL;
}

/* What was typed, into the draft; j->base becomes what that began from. 0, 1 when the page was older than the draft and the
 * pack changed since, or -errno. */
static int keep_text(struct job *j, const char *base)
{
	struct draft d = {0};
	bool stale = false;
	int r = draft_open(j->v, &d);
	if (r == 0 && !d.any)
		draft_begin_from(&d, slice_of(base));
	if (r == 0) {
		draft_from(&d, j->name, j->from);
		stale = !draft_same(&d, j->name, base, j->from);
	}
	if (stale)
		r = draft_set_from(&d, j->name, base);
	if (r == 0)
		r = draft_keep(&d, j->name, buf_slice(&j->text));
	if (r == 0)
		draft_from(&d, j->name, j->from);
	snprintf(j->base, sizeof(j->base), "%s", d.base);
	r = r == 0 && stale && draft_has(&d, j->name) ? 1 : r;
	draft_release(&d);
	return r;
}

/* What was typed; the draft's own text when the page had none of it (lexicon.c). */
static bool read_text(struct visit *v, struct buf *ret)
{
	_free_ char *name = xasprintf("%.*s", (int)v->argument.n, v->argument.p);
	_buf_ struct buf kept = {0};
	struct draft d = {0};
	bool ok = visit_field(v, "garde", 1, &kept);
	if (!ok)
		return visit_field(v, "texte", CONSOLE_LARGE_MAX, ret);
	ok = draft_open(v, &d) == 0 && draft_text(&d, name, ret) == 0;
	draft_release(&d);
	return ok;
}

/* A page without the pack's text is of one that the draft takes away, and of no other. */
static bool text_fits(struct visit *v, struct slice text)
{
	_free_ char *name = xasprintf("%.*s", (int)v->argument.n, v->argument.p);
	_buf_ struct buf removed = {0};
	struct draft d = {0};
	bool fits = text.n > 0;
	if (!fits && visit_field(v, "retire", 1, &removed))
		fits = draft_open(v, &d) == 0 && draft_removes(&d, name);
	draft_release(&d);
	if (!fits) {
		visit_tell(v, true,
			words(v->l,
				"Rien n'est fait : un paquet vide n'est pas gardé. Pour le supprimer, « Renommer ou supprimer ce paquet »."));
		visit_go_to(v, "/regles/modifier/%s", name);
	}
	return fits;
}

void edit_post(struct visit *v)
{
	const struct action *action = action_of(v);
	_buf_ struct buf base = {0}, text = {0}, reason = {0};
	unsigned char digest[DIGEST_SIZE];
	if (!draft_name_ok(v->argument)) {
		visit_problem(v, 404);
		return;
	}
	if (!action || !visit_field(v, "base", 64, &base) ||
		digest_unhex(buf_slice(&base), digest, sizeof(digest)) < 0 ||
		!read_text(v, &text)) {
		visit_problem(v, 400);
		return;
	}
	if (!text_fits(v, buf_slice(&text)))
		return;
	struct job *j = job_new(v);
	if (visit_field(v, "motif", EDIT_REASON_MAX, &reason))
		buf_add_slice(&j->reason, buf_slice(&reason));
	buf_add_slice(&j->text, buf_slice(&text));
	snprintf(j->name, sizeof(j->name), "%.*s", (int)v->argument.n, v->argument.p);
	snprintf(j->from, sizeof(j->from), "%s", buf_string(&base));
	int r = text.n > DRAFT_TEXT_MAX ? -EFBIG : keep_text(j, buf_string(&base));
	if (r == -EFBIG)
		refuse(j, 413,
			words(v->l,
				"Ce paquet est trop long : 512 Kio au plus. Rien n'est gardé."));
	else if (r == 0)
		action->run(j);
	else if (r > 0)
		refuse(j, 409,
			words(v->l,
				"Ce paquet a changé depuis que cette page a été ouverte : votre texte est gardé, et rien d'autre n'est fait."));
	else
		refuse(j, 503,
			words(v->l,
				"Le brouillon n'a pas pu être gardé : copiez votre texte avant de quitter cette page."));
}
