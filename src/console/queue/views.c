/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "views.h"
#include <errno.h>
#include <tocsin/html/html.h>
#include <tocsin/record/view.h>
#include "file.h"
#include "../topic.h"

static int put_link(void *user, const struct kept_view *k)
{
	struct visit *v = user;
	buf_add_string(&v->out, "<li><a href=\"");
	html_text(&v->out, k->address);
	buf_add_string(&v->out, "\">");
	html_shown(&v->out, k->name);
	buf_add_string(&v->out, "</a></li>\n");
	return 0;
}

void views_put(struct visit *v)
{
	struct error e = {""};
	const size_t start = v->out.n;
	buf_printf(&v->out, "<nav aria-label=\"%s\"><ul class=\"chosen\">\n", words(v->l, "Vues"));
	const size_t before = v->out.n;
	if (reader_views(v->c->reader, slice_of(v->session->name), put_link, v, &e) < 0 ||
		v->out.n == before) {
		v->out.n = start;
		return;
	}
	buf_add_string(&v->out, "<li><a href=\"/vues\">");
	page_word(v, words(v->l, "Toutes les vues"));
	buf_add_string(&v->out, "</a></li></ul></nav>\n");
}

void views_put_form(struct visit *v, const char *path, const struct filter *f)
{
	_buf_ struct buf address = {0};
	buf_printf(&address, "%s?", path);
	filter_write(f, &address);
	address.n--; /* what nothing follows */
	page_form(v, "filters", "/vues");
	buf_add_string(&v->out, "<input type=\"hidden\" name=\"adresse\" value=\"");
	html_text(&v->out, buf_slice(&address));
	buf_add_string(&v->out, "\"><label>");
	page_word(v, words(v->l, "Garder cette vue sous le nom"));
	buf_printf(&v->out,
		"<input name=\"nom\" required maxlength=\"%u\" autocomplete=\"off\"></label>\n",
		VIEW_NAME_MAX);
	if (v->session->roles & ROLE_DIRCOM) {
		buf_add_string(
			&v->out, "<label><input type=\"checkbox\" name=\"equipe\" value=\"1\"> ");
		page_word(v, words(v->l, "pour toute l'équipe"));
		buf_add_string(&v->out, "</label>\n");
	}
	buf_add_string(&v->out, "<button>");
	page_word(v, words(v->l, "Garder la vue"));
	buf_add_string(&v->out, "</button></form>\n");
}

/* --- all of them, with how many wait in each */

struct one {
	int64_t id;
	bool shared;
	struct buf name, address;
	struct buf who;
};
struct all {
	struct one list[2 * VIEWS_MAX];
	size_t n;
};

static int gather(void *user, const struct kept_view *k)
{
	struct all *a = user;
	struct one *one = &a->list[a->n];
	if (a->n == sizeof(a->list) / sizeof(*a->list))
		return 0;
	*one = (struct one){.id = k->id, .shared = k->shared};
	buf_add_slice(&one->name, k->name);
	buf_add_slice(&one->address, k->address);
	buf_add_slice(&one->who, k->who);
	a->n++;
	return 0;
}

static void all_release(struct all *a)
{
	for (size_t i = 0; i < a->n; i++) {
		buf_release(&a->list[i].name);
		buf_release(&a->list[i].address);
		buf_release(&a->list[i].who);
	}
}

static bool is_path(struct slice address, const char *path)
{
	return slice_begins(address, path) &&
		(address.n == strlen(path) || address.p[strlen(path)] == '?');
}

/* What waits in the view, read as if its address had been asked for. */
static int count(struct visit *v, struct slice address, uint64_t *ret, struct error *e)
{
	const char *mark = memchr(address.p, '?', address.n);
	const size_t path = mark ? (size_t)(mark - address.p) : address.n;
	struct filter f = {0};
	uint64_t by[5] = {0};
	int r = 0;
	if (mark && filter_read_kept((struct slice){mark + 1, address.n - path - 1}, &f)) {
		const struct file_query q = {
			.lane = is_path(address, files[1].path) ? LANE_REPONSE : LANE_MODERATION,
			.filter = filter_asked(v, &f)};
		r = reader_file_find_count(v->c->reader, &q, by, e);
	}
	filter_release(&f);
	*ret = by[0] + by[1] + by[2] + by[3] + by[4];
	return r;
}

static int put_one(struct visit *v, const struct one *one, struct error *e)
{
	const bool waits = !is_path(buf_slice(&one->address), files[2].path);
	char number[40] = "–";
	uint64_t n = 0;
	int r = waits ? count(v, buf_slice(&one->address), &n, e) : 0;
	if (waits)
		words_number(v->l, (int64_t)n, number);
	buf_add_string(&v->out, "<tr><th scope=\"row\"><a href=\"");
	html_text(&v->out, buf_slice(&one->address));
	buf_add_string(&v->out, "\">");
	html_shown(&v->out, buf_slice(&one->name));
	buf_printf(&v->out, "</a></th><td class=\"number\">%s</td><td>", number);
	if (one->shared) {
		page_word(v, words(v->l, "de l'équipe, gardée par "));
		page_person(v, buf_slice(&one->who));
	}
	buf_add_string(&v->out, "</td><td>");
	if (!one->shared || v->session->roles & ROLE_DIRCOM) {
		page_form(v, "claiming", "/vues/%lld/retirer", (long long)one->id);
		buf_printf(&v->out, "<button aria-describedby=\"v%lld\">", (long long)one->id);
		page_word(v, words(v->l, "Retirer"));
		buf_printf(&v->out, "</button><span id=\"v%lld\" hidden>", (long long)one->id);
		html_shown(&v->out, buf_slice(&one->name));
		buf_add_string(&v->out, "</span></form>");
	}
	buf_add_string(&v->out, "</td></tr>\n");
	return r;
}

void views_get(struct visit *v)
{
	_cleanup_(all_release) struct all all = {.n = 0};
	struct error e = {""};
	const char *const heads[] = {words(v->l, "vue"), words(v->l, "en attente"),
		words(v->l, "à qui"), words(v->l, "action")};
	int r = visit_reader(v);
	if (r == 0)
		r = reader_views(v->c->reader, slice_of(v->session->name), gather, &all, &e);
	page_open(v, words(v->l, "Vues"));
	page_element(v, "h1", words(v->l, "Vues"));
	page_element(v, "p",
		words(v->l,
			"Une vue garde des filtres sous un nom. On la garde depuis une liste filtrée."));
	if (all.n)
		buf_add_string(&v->out, "<div class=\"wide\"><table class=\"log\"><thead><tr>");
	for (size_t i = 0; all.n && i < sizeof(heads) / sizeof(*heads); i++) {
		buf_add_string(&v->out, "<th scope=\"col\">");
		page_word(v, heads[i]);
		buf_add_string(&v->out, "</th>");
	}
	if (all.n)
		buf_add_string(&v->out, "</tr></thead><tbody>\n");
	for (size_t i = 0; r == 0 && i < all.n; i++)
		r = put_one(v, &all.list[i], &e);
	if (all.n)
		buf_add_string(&v->out, "</tbody></table></div>\n");
	else
		page_element(v, "p", words(v->l, "Il n'y en a pas encore."));
	page_close(v);
	if (r < 0)
		visit_problem(v, 503);
	else
		visit_page(v, 200);
}

/* --- changes */

static void changed(struct visit *v, int r, struct slice reply, const struct error *e)
{
	_buf_ struct buf address = {0};
	(void)reply;
	if (r == -ENOENT) {
		visit_problem(v, 404);
		return;
	}
	if (r == 0)
		visit_tell(v, false, words(v->l, "C'est fait."));
	else if (r == -E2BIG)
		visit_tell(
			v, true, words(v->l, "Il y a douze vues déjà : retirez-en une d'abord."));
	else if (r == -EPERM)
		visit_tell(v, true,
			words(v->l,
				"Seule la direction de la communication s'occupe des vues de l'équipe."));
	else
		visit_tell_error(v, r, e);
	if (visit_field(v, "adresse", VIEW_ADDRESS_MAX, &address) &&
		file_is_list(buf_slice(&address)))
		visit_go(v, buf_string(&address));
	else
		visit_go(v, "/vues");
}

void views_post(struct visit *v)
{
	_buf_ struct buf name = {0}, address = {0}, shared = {0}, body = {0};
	const bool team = http_form(v->r, "equipe", 1, &shared) == 0;
	if (!visit_field(v, "nom", VIEW_NAME_MAX, &name) || !name.n ||
		!visit_field(v, "adresse", VIEW_ADDRESS_MAX, &address) || !address.n ||
		!file_is_list(buf_slice(&address))) {
		visit_problem(v, 400);
		return;
	}
	view_encode(&body,
		&(struct view_request){
			slice_of(v->session->name), buf_slice(&name), buf_slice(&address), team});
	visit_ask_then(v, REQUEST_VIEW, &body, changed);
}

static int is_it(void *user, const struct kept_view *k)
{
	return k->id == *(const int64_t *)user ? READER_END : 0;
}

/* Whether it is in his list: a number that is not is nobody's. */
static bool has(struct visit *v, int64_t id)
{
	struct error e = {""};
	return visit_reader(v) == 0 &&
		reader_views(v->c->reader, slice_of(v->session->name), is_it, &id, &e) ==
		READER_END;
}

void views_remove_post(struct visit *v)
{
	_buf_ struct buf body = {0};
	if (!visit_number(v) || !has(v, visit_number(v))) {
		visit_problem(v, 404);
		return;
	}
	view_remove_encode(
		&body, &(struct view_remove){visit_number(v), slice_of(v->session->name)});
	visit_ask_then(v, REQUEST_VIEW_REMOVE, &body, changed);
}
