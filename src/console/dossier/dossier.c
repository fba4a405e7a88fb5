/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dossier.h"
#include <tocsin/html/html.h>

enum { NAME_MAX_ = 20 };

static const char *const purposes[DOSSIER_PURPOSES] = {
	[DOSSIER_PHAROS] = WORDS_MARK("Signalement à Pharos"),
	[DOSSIER_ARTICLE_40] = WORDS_MARK("Avis au procureur (article 40)"),
	[DOSSIER_PLAINTE] = WORDS_MARK("Plainte"),
	[DOSSIER_PROTECTION] = WORDS_MARK("Protection fonctionnelle"),
	[DOSSIER_PREFET] = WORDS_MARK("Information du préfet"),
};
static const char *const victims[DOSSIER_VICTIMS] = {
	[DOSSIER_NOBODY] = WORDS_MARK("personne en particulier"),
	[DOSSIER_AGENT] = WORDS_MARK("un agent"),
	[DOSSIER_ELU] = WORDS_MARK("un élu"),
	[DOSSIER_HABITANT] = WORDS_MARK("un habitant"),
};

bool dossier_shows(const struct visit *v)
{
	return v->session->roles & (ROLE_MODERATION | ROLE_DIRCOM | ROLE_JURIST);
}

const char *dossier_purpose(const struct visit *v, enum dossier_purpose p)
{
	return p < DOSSIER_PURPOSES ? words(v->l, purposes[p]) : "–";
}

const char *dossier_victim(const struct visit *v, enum dossier_victim w)
{
	return w < DOSSIER_VICTIMS ? words(v->l, victims[w]) : "–";
}

struct choosing {
	const char *name, *label;
	const char *const *values, *const *french;
	unsigned n, chosen;
};

static void put_select(struct visit *v, const struct choosing *c)
{
	buf_add_string(&v->out, "<label>");
	page_word(v, c->label);
	buf_printf(&v->out, "<select name=\"%s\">\n", c->name);
	for (unsigned i = 0; i < c->n; i++) {
		buf_printf(&v->out, "<option value=\"%s\"%s>", c->values[i],
			i == c->chosen ? " selected" : "");
		page_word(v, words(v->l, c->french[i]));
		buf_add_string(&v->out, "</option>\n");
	}
	buf_add_string(&v->out, "</select></label>\n");
}

void dossier_put_purposes(struct visit *v, const char *label, unsigned chosen)
{
	put_select(v,
		&(struct choosing){
			"but", label, dossier_purpose_names, purposes, DOSSIER_PURPOSES, chosen});
}

void dossier_put_victims(struct visit *v, unsigned chosen)
{
	put_select(v,
		&(struct choosing){"victime", words(v->l, "Qui est visé"), dossier_victim_names,
			victims, DOSSIER_VICTIMS, chosen});
}

static bool read_name(
	struct visit *v, const char *field, const char *const *names, unsigned n, uint8_t *ret)
{
	_buf_ struct buf name = {0};
	if (!visit_field(v, field, NAME_MAX_, &name))
		return false;
	*ret = (uint8_t)dossier_name(names, n, buf_slice(&name));
	return *ret < n;
}

bool dossier_read_purpose(struct visit *v, uint8_t *ret)
{
	return read_name(v, "but", dossier_purpose_names, DOSSIER_PURPOSES, ret);
}

bool dossier_read_victim(struct visit *v, uint8_t *ret)
{
	return read_name(v, "victime", dossier_victim_names, DOSSIER_VICTIMS, ret);
}

/* --- of one comment */

static void put_link(struct visit *v, const struct dossier *d)
{
	buf_printf(&v->out, "<a href=\"/dossiers/%lld\">", (long long)d->id);
	buf_printf(&v->out, words(v->l, "dossier n° %lld"), (long long)d->id);
	buf_add_string(&v->out, "</a>");
}

static int put_one(void *user, const struct dossier *d)
{
	struct visit *v = user;
	buf_add_string(&v->out, "<li>");
	put_link(v, d);
	buf_add_string(&v->out, " · ");
	page_word(v, dossier_purpose(v, d->purpose));
	buf_add_string(&v->out, " · ");
	html_shown(&v->out, d->title);
	if (d->lifted_at) {
		buf_add_string(&v->out, " · ");
		page_word(v, words(v->l, "levé "));
		page_time_as(v, d->lifted_at, TIME_AT);
	}
	buf_add_string(&v->out, "</li>\n");
	return 0;
}

int dossier_put_of(struct visit *v, int64_t row, int64_t seq, struct error *e)
{
	size_t before;
	buf_add_string(&v->out, "<section><h2>");
	page_word(v, words(v->l, "Dossiers"));
	buf_add_string(&v->out, "</h2>\n<ul>\n");
	before = v->out.n;
	int r = reader_dossiers_of(v->c->reader, row, put_one, v, e);
	bool none = v->out.n == before;
	if (none)
		v->out.n = before - strlen("<ul>\n");
	else
		buf_add_string(&v->out, "</ul>\n");
	if (none)
		page_element(v, "p", words(v->l, "Ce commentaire n'est dans aucun dossier."));
	if (seq) {
		buf_printf(&v->out, "<p><a class=\"choice\" href=\"/moderation/%lld/dossier\">",
			(long long)seq);
		page_word(v, words(v->l, "Mettre dans un dossier"));
		buf_add_string(&v->out, "</a></p>\n");
	}
	buf_add_string(&v->out, "</section>\n");
	return r;
}

static int put_holding(void *user, const struct dossier *d)
{
	struct visit *v = user;
	if (!d->lifted_at) {
		put_link(v, d);
		buf_add_char(&v->out, ' ');
	}
	return 0;
}

void dossier_put_links(struct visit *v, int64_t row)
{
	struct error e = {""};
	const size_t before = v->out.n;
	if (reader_dossiers_of(v->c->reader, row, put_holding, v, &e) < 0 || v->out.n == before)
		page_word(v, words(v->l, "en dossier"));
}
