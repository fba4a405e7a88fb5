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

/* Whether it reads like words: three of them at least. */
static bool reads(struct slice s)
{
	uint32_t words = 0;
	bool in = false;
	for (size_t i = 0; i < s.n; i++) {
		bool letter =
			((unsigned char)s.p[i] | 0x20) >= 'a' || (unsigned char)s.p[i] >= 0x80;
		if (!letter && s.p[i] != ' ' && s.p[i] != '\'' && !(s.p[i] >= '0' && s.p[i] <= '9'))
			return false;
		words += letter && !in;
		in = letter;
	}
	return words >= 3;
}

/* What a post's address says of it, "0117-la-doyenne-fete-ses-cent-ans" at its end; empty when it is only a number. */
static struct slice post_name(struct slice address, struct arena *arena)
{
	while (address.n && address.p[address.n - 1] == '/')
		address.n--;
	const char *slash = address.n ? memrchr(address.p, '/', address.n) : NULL;
	struct slice last = slash
		? (struct slice){slash + 1, (size_t)(address.p + address.n - slash) - 1}
		: address;
	char *name = arena_alloc(arena, last.n + 1);
	for (size_t i = 0; i < last.n; i++)
		name[i] = last.p[i] == '-' || last.p[i] == '_' ? ' ' : last.p[i];
	struct slice s = {name, last.n};
	while (s.n && (*s.p == ' ' || (*s.p >= '0' && *s.p <= '9')))
		s = (struct slice){s.p + 1, s.n - 1};
	return utf8_valid(s) && reads(s) ? s : (struct slice){0};
}

static void spell_volume(struct buf *b, enum words_lang lang, struct slice topic,
	struct slice excerpt, struct slice source)
{
	_buf_ struct buf post = {0}, name = {0};
	struct slice id = rest(topic, INCIDENT_SOURCE_TOPIC);
	buf_add_slice(&name, source.n ? source : id);
	quote(&post, excerpt);
	if (id.n)
		buf_printf(b, words(lang, "Beaucoup de messages : %s"), buf_string(&name));
	else if (!rest(topic, INCIDENT_THREAD_TOPIC).n)
		buf_add_string(b, words(lang, "Beaucoup de messages"));
	else if (!name.n)
		buf_add_string(b, words(lang, "Beaucoup de messages sous une même publication"));
	else if (post.n)
		buf_printf(b, words(lang, "Beaucoup de messages sous la publication « %s » (%s)"),
			buf_string(&post), buf_string(&name));
	else
		buf_printf(b, words(lang, "Beaucoup de messages sous une même publication (%s)"),
			buf_string(&name));
}

struct slice title_of(enum words_lang lang, const struct observation *o, struct slice excerpt,
	struct slice source, struct arena *arena)
{
	_buf_ struct buf b = {0}, name = {0};
	struct slice category = rest(o->topic, INCIDENT_CATEGORY_TOPIC);
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
	case INCIDENT_WHOLE: spell_volume(&b, lang, o->topic, excerpt, source); break;
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
	struct slice text, post, source;
};

static int take_text(void *user, const struct stored_comment *c)
{
	struct excerpt *x = user;
	x->text = arena_copy(x->arena, c->comment.text);
	x->post = post_name(c->comment.thread, x->arena);
	x->source = arena_copy(x->arena, c->comment.source);
	return 1;
}

/* The comment that shows what the title names. */
static struct excerpt look_up(
	const struct title_source *from, const struct observation *o, struct arena *arena)
{
	struct excerpt x = {.arena = arena};
	struct error none;
	if (o->facts.n_examples == 0 ||
		reader_comment(from->reader, o->facts.examples[0], take_text, &x, &none) < 0)
		return (struct excerpt){0};
	return x;
}

void title_give(const struct title_source *from, struct observation *o, struct arena *arena)
{
	struct slice source = {0}, excerpt = {0};
	if (o->kind == INCIDENT_CAMPAIGN) {
		excerpt = look_up(from, o, arena).text;
	} else if (o->kind == INCIDENT_GREY) {
		source = from->source_title(from->user, rest(o->topic, "source:"));
	} else if (rest(o->topic, INCIDENT_THREAD_TOPIC).n) {
		struct excerpt below = look_up(from, o, arena);
		excerpt = below.post;
		source = from->source_title(from->user, below.source);
	} else if (rest(o->topic, INCIDENT_SOURCE_TOPIC).n) {
		source = from->source_title(from->user, rest(o->topic, INCIDENT_SOURCE_TOPIC));
	}
	o->title = title_of(from->lang, o, excerpt, source, arena);
}
