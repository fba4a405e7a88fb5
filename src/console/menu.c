/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "menu.h"
#include "access/duty.h"
#include "access/limit.h"
#include "conformity/soon.h"
#include "queue/file.h"

/* More than MENU_WHOLE pages do not fit a line: all but the first ones, those of every day, are folded. */
enum { MENU_WHOLE = 8, MENU_FIRST = 5 };

struct menu {
	struct visit *v;
	size_t n, here, /* which of them one is on, from 1 */
		first; /* where the first ones end in the page */
	uint64_t soon; /* what waits in conformity */
};

static void put_open(struct menu *m, const char *path, bool here)
{
	if (m->n++ == MENU_FIRST)
		m->first = m->v->out.n;
	if (here)
		m->here = m->n;
	buf_printf(&m->v->out, "<li><a href=\"%s\"%s>", path, here ? " aria-current=\"page\"" : "");
}

static void put_link(struct menu *m, const char *path, uint16_t roles, const char *name)
{
	struct visit *v = m->v;
	if (!(v->session->roles & roles) || (limit_is(v) && !(roles & ROUTE_LIMITED)))
		return;
	put_open(m, path, slice_begins(v->r->path, path));
	page_word(v, name);
	buf_add_string(&v->out, "</a></li>\n");
}

/* With how many wait in it: nothing when nothing does, or when that cannot be told now. */
static void put_file(struct menu *m, const struct file *file)
{
	struct visit *v = m->v;
	uint64_t by[5], all = 0;
	char number[40];
	struct error e = {""};
	const bool urgent = duty_is(v);
	if (urgent && (!(v->session->roles & ROUTE_DUTY) || file != &files[0]))
		return;
	if (file->lane && visit_reader(v) == 0 &&
		reader_file_count(v->c->reader, file->lane, by, &e) == 0)
		all = urgent ? by[1] + by[2] : by[0] + by[1] + by[2] + by[3] + by[4];
	put_open(m, file->path, file_of(v) == file);
	page_word(v, words(v->l, file->title));
	if (all)
		buf_printf(&v->out, " <span class=\"n\" data-file=\"%s\">%s</span>", file->path + 1,
			words_number(v->l, (int64_t)all, number));
	buf_add_string(&v->out, "</a></li>\n");
}

static void put_soon(struct visit *v, uint64_t soon)
{
	_buf_ struct buf title = {0};
	char number[40];
	if (!soon)
		return;
	words_number(v->l, (int64_t)soon, number);
	buf_printf(&title,
		words_n(v->l, "%s prescription dans sept jours ou moins",
			"%s prescriptions dans sept jours ou moins", soon),
		number);
	buf_printf(
		&v->out, " <span class=\"n\" title=\"%s\">%s</span>", buf_string(&title), number);
}

/* With how many prescriptions end within days, for those who look after them. */
static void put_conformity(struct menu *m)
{
	struct visit *v = m->v;
	const bool answers = v->session->roles & (ROLE_DPO | ROLE_ADMIN);
	const bool drafts = v->session->roles & ROLE_JURIST;
	const char *path = answers ? "/conformite" : "/conformite/prescriptions";
	if (!(v->session->roles & (SOON_ROLES | ROLE_ADMIN)) || limit_is(v))
		return;
	m->soon = v->session->roles & SOON_ROLES ? soon_count(v) : 0;
	put_open(m, path, slice_begins(v->r->path, "/conformite"));
	page_word(v, answers || drafts ? words(v->l, "Conformité") : words(v->l, "Prescriptions"));
	put_soon(v, m->soon);
	buf_add_string(&v->out, "</a></li>\n");
}

static void put_links(struct menu *m)
{
	struct visit *v = m->v;
	for (size_t i = 0; i < FILES; i++)
		put_file(m, &files[i]);
	put_link(m, "/situation", MENU_LISTENERS, words(v->l, "Point de situation"));
	put_link(m, "/equipe", MENU_LISTENERS | ROLE_ADMIN, words(v->l, "Équipe"));
	if (v->session->roles & (ROLE_RULES | ROLE_JURIST | ROLE_DIRCOM))
		put_link(m, "/regles", ROUTE_SIGNED, words(v->l, "Règles"));
	else
		put_link(m, "/regles/essayer", ROLE_MODERATION, words(v->l, "Essayer un texte"));
	put_link(m, "/dossiers",
		ROLE_MODERATION | ROLE_DIRCOM | ROLE_JURIST | ROLE_DPO | ROUTE_LIMITED,
		words(v->l, "Dossiers"));
	put_link(m, "/service", ROLE_SERVICE, words(v->l, "Transféré"));
	put_conformity(m);
	put_link(m, "/comptes", ROLE_ADMIN, words(v->l, "Comptes"));
}

/* Whether one is on a folded page, and what waits there, stands on the fold. */
static void fold(struct menu *m)
{
	struct visit *v = m->v;
	_buf_ struct buf rest = {0};
	buf_add(&rest, v->out.p + m->first, v->out.n - m->first);
	v->out.n = m->first;
	buf_printf(&v->out, "<li><details class=\"more\"><summary%s>",
		m->here > MENU_FIRST ? " class=\"here\"" : "");
	page_word(v, words(v->l, "Autres pages"));
	put_soon(v, m->soon);
	buf_add_string(&v->out, "</summary><ul>\n");
	buf_add_slice(&v->out, buf_slice(&rest));
	buf_add_string(&v->out, "</ul></details></li>\n");
}

void menu_put(struct visit *v)
{
	struct menu m = {.v = v};
	buf_printf(&v->out, "<nav aria-label=\"%s\"><ul>\n", words(v->l, "Pages"));
	put_links(&m);
	if (m.n > MENU_WHOLE)
		fold(&m);
	buf_add_string(&v->out, "</ul></nav>\n");
}
