/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/watch/titles.h>
#include <tocsin/base/utf8.h>

#define EXCERPT 60u /* bytes */

static struct slice rest(struct slice s, const char *prefix)
{
	size_t n = strlen(prefix);
	if (s.n < n || memcmp(s.p, prefix, n) != 0)
		return (struct slice){0};
	return (struct slice){s.p + n, s.n - n};
}

/* "injure_publique" → "Injure publique" */
static void spell(struct buf *b, struct slice id)
{
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i] == '_' ? ' ' : id.p[i];
		buf_add_char(b, i == 0 && c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
	}
}

/* One line, cut at a word. */
static void quote(struct buf *b, struct slice text)
{
	struct slice cut = utf8_cut(text, EXCERPT);
	while (cut.n < text.n && cut.n > EXCERPT / 2 && cut.p[cut.n - 1] != ' ')
		cut.n--;
	for (size_t i = 0; i < cut.n; i++)
		buf_add_char(b, (unsigned char)cut.p[i] < 0x20 ? ' ' : cut.p[i]);
	while (b->n && b->p[b->n - 1] == ' ')
		b->n--;
	if (cut.n < text.n)
		buf_add_string(b, "…");
}

struct slice title_of(enum words_lang lang, const struct observation *o, struct slice excerpt,
	struct slice source, struct arena *arena)
{
	_buf_ struct buf b = {0}, name = {0};
	struct slice category = rest(o->topic, "categorie:");
	switch (o->kind) {
	case INCIDENT_RAID:
		buf_printf(&b,
			words_n(lang, "Raid : %u compte", "Raid : %u comptes", o->facts.authors),
			o->facts.authors);
		break;
	case INCIDENT_CAMPAIGN:
		quote(&name, utf8_valid(excerpt) ? excerpt : (struct slice){0});
		buf_printf(&b, words(lang, "Texte recopié : « %s »"), buf_string(&name));
		break;
	case INCIDENT_GREY:
		buf_add_slice(&name, source.n ? source : rest(o->topic, "source:"));
		buf_printf(&b, words(lang, "Source muette : %s"), buf_string(&name));
		break;
	case INCIDENT_WHOLE: buf_add_string(&b, words(lang, "Beaucoup de messages")); break;
	case INCIDENT_EMERGENT:
		buf_add_slice(&name, o->title.n ? o->title : rest(o->topic, "emergent:"));
		buf_printf(&b, words(lang, "Sujet émergent : « %s »"), buf_string(&name));
		break;
	case INCIDENT_TOPIC:
	case INCIDENT_P1:
	case INCIDENT_DRILL:
	case INCIDENT_OVERDUE:
	default:
		spell(&name, category.n ? category : o->topic);
		if (category.n)
			buf_printf(
				&b, words(lang, "%s (possible, à qualifier)"), buf_string(&name));
		else
			buf_add_slice(&b,
				o->title.n && !slice_equal(o->title, o->topic) ? o->title
									       : buf_slice(&name));
		break;
	}
	return arena_copy(arena, buf_slice(&b));
}

struct excerpt {
	struct arena *arena;
	struct slice text;
};

static int take_text(void *user, const struct stored_comment *c)
{
	struct excerpt *x = user;
	x->text = arena_copy(x->arena, c->comment.text);
	return 1;
}

void title_give(const struct title_source *from, struct observation *o, struct arena *arena)
{
	struct excerpt copied = {.arena = arena};
	struct slice source = {0};
	struct error none;
	if (o->kind == INCIDENT_CAMPAIGN && o->facts.n_examples &&
		reader_comment(from->reader, o->facts.examples[0], take_text, &copied, &none) < 0)
		copied.text = (struct slice){0};
	if (o->kind == INCIDENT_GREY)
		source = from->source_title(from->user, rest(o->topic, "source:"));
	o->title = title_of(from->lang, o, copied.text, source, arena);
}
