/* SPDX-License-Identifier: GPL-3.0-or-later
 * A page as the text that a reader sees. */
#include "private.h"
#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <strings.h>
#include <tocsin/base/utf8.h>

#define LINK_MAX 2000u /* a longer address is not written out */
/* Bytes: no comment is longer, and a tree of more costs too much memory; up to DEEP_MAX it is built however deep it is, for an end
 * tag costs its depth. */
#define TREE_MAX (1u << 20)
#define DEEP_MAX (64u << 10)

struct page {
	struct buf *out;
	size_t start; /* where our text begins in out */
	bool blank; /* one is due before the next word */
	unsigned lines; /* so many line ends are due */
	size_t link_start; /* where the words of the link that is open begin */
};

static const char blocks[] =
	" address article aside blockquote body br caption center dd details dialog div dl dt fieldset "
	"figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol optgroup option p "
	"pre section summary table tbody tfoot thead tr ul ";
static const char spaced[] = " blockquote dl figure h1 h2 h3 h4 h5 h6 ol p pre table ul ";
static const char silent[] =
	" applet audio canvas embed frame head iframe map noembed noframes noscript object script style svg "
	"template textarea title video math ";

bool page_is_block(struct slice name)
{
	return slice_is_listed(blocks, name);
}

static bool is_in(const char *list, const xmlNode *n)
{
	return slice_is_listed(list, slice_of((const char *)n->name));
}

/* What is due before a word: line ends, or a blank. Nothing before the first word. */
static void settle(struct page *p)
{
	if (p->out->n > p->start) {
		for (unsigned i = 0; i < p->lines; i++)
			buf_add_char(p->out, '\n');
		if (!p->lines && p->blank)
			buf_add_char(p->out, ' ');
	}
	p->lines = 0;
	p->blank = false;
}

static void end_line(struct page *p, unsigned lines)
{
	if (p->lines < lines)
		p->lines = lines;
}

static void add_word(struct page *p, const char *word, size_t n)
{
	settle(p);
	buf_add(p->out, word, n);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

static void add_text(struct page *p, const char *text)
{
	while (*text) {
		size_t n = 0;
		if (is_blank(*text)) {
			p->blank = true;
			text++;
			continue;
		}
		while (text[n] && !is_blank(text[n]))
			n++;
		add_word(p, text, n);
		text += n;
	}
}

static const char *attribute(const xmlNode *n, const char *name)
{
	for (const xmlAttr *a = n->properties; a; a = a->next)
		if (strcasecmp((const char *)a->name, name) == 0 && a->children &&
			a->children->content)
			return (const char *)a->children->content;
	return "";
}

/* The address behind the words of a link, when it says more than they do. */
static void add_link(struct page *p, const xmlNode *n)
{
	const char *href = attribute(n, "href");
	size_t length = strlen(href);
	const char *bare = strncmp(href, "https://", 8) == 0 ? href + 8
		: strncmp(href, "http://", 7) == 0           ? href + 7
							     : NULL;
	if (!bare || length > LINK_MAX || p->link_start > p->out->n)
		return;
	struct slice words = {p->out->p + p->link_start, p->out->n - p->link_start};
	while (words.n && is_blank(words.p[0]))
		words = (struct slice){words.p + 1, words.n - 1};
	size_t shown = strlen(bare);
	while (shown && bare[shown - 1] == '/')
		shown--;
	if (words.n && (words.p[0] == '@' || words.p[0] == '#'))
		return;
	if (words.n && memmem(words.p, words.n, bare, shown))
		return;
	p->blank = true;
	settle(p);
	buf_printf(p->out, words.n ? "(%s)" : "%s", href);
}

static void enter(struct page *p, const xmlNode *n)
{
	if (is_in(" br ", n)) { /* two of them are an empty line */
		if (p->lines < 2)
			p->lines++;
		return;
	}
	if (is_in(blocks, n))
		end_line(p, is_in(spaced, n) ? 2 : 1);
	if (is_in(" li ", n))
		add_word(p, "- ", 2);
	if (is_in(" td th ", n))
		p->blank = true;
	if (is_in(" img ", n))
		add_text(p, attribute(n, "alt"));
	if (is_in(" a ", n))
		p->link_start = p->out->n;
}

static void leave(void *user, const xmlNode *n)
{
	struct page *p = user;
	if (is_in(silent, n))
		return;
	if (is_in(" a ", n))
		add_link(p, n);
	if (is_in(blocks, n) && !is_in(" br ", n))
		end_line(p, is_in(spaced, n) ? 2 : 1);
}

void page_text(const xmlNode *top, struct buf *out)
{
	struct page p = {.out = out, .start = out->n};
	const xmlNode *n = top;
	bool deep = true;
	while ((n = node_after(top, n, deep, leave, &p))) {
		deep = n->type == XML_ELEMENT_NODE && !is_in(silent, n);
		if (deep)
			enter(&p, n);
		else if ((n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE) &&
			n->content)
			add_text(&p, (const char *)n->content);
	}
}

/* Valid, and without what no text has. */
static void clean(struct slice text, struct buf *out)
{
	_buf_ struct buf valid = {0};
	utf8_repair(&valid, text);
	for (size_t i = 0; i < valid.n; i++) {
		unsigned char c = (unsigned char)valid.p[i];
		if ((c >= ' ' && c != 0x7f) || c == '\n' || c == '\t')
			buf_add_char(out, (char)c);
	}
}

/* False: no tree, or the parser gave up in the middle (it is too deep): what stands behind is not in it. */
static bool tree_text(struct slice html, struct buf *out)
{
	const int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
		HTML_PARSE_NONET | HTML_PARSE_COMPACT;
	htmlParserCtxtPtr parser =
		html.n <= TREE_MAX ? htmlCreateMemoryParserCtxt(html.p, (int)html.n) : NULL;
	if (!parser)
		return false;
	htmlCtxtUseOptions(parser, options);
	if (html.n <= DEEP_MAX)
		parser->options |= XML_PARSE_HUGE;
	xmlSwitchToEncoding(parser, xmlFindCharEncodingHandler("UTF-8"));
	htmlParseDocument(parser);
	xmlDocPtr doc = parser->myDoc;
	const xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
	const bool whole = !parser->disableSAX;
	if (whole && root)
		page_text(root, out);
	htmlFreeParserCtxt(parser);
	xmlFreeDoc(doc);
	return whole;
}

void html_text(struct slice html, struct buf *out)
{
	_buf_ struct buf valid = {0}, text = {0};
	clean(html, &valid);
	if (valid.n > MARKUP_MAX)
		valid.n = MARKUP_MAX;
	markup_silence();
	if (valid.n && !tree_text(buf_slice(&valid), &text))
		strip_text(buf_slice(&valid), &text);
	clean(buf_slice(&text), out);
}
