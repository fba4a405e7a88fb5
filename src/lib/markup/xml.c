/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "private.h"
#include <ctype.h>
#include <errno.h>
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/SAX2.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <strings.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/utf8.h>

#define ENTITY_MAX 40 /* bytes of a name that can mean something, with its NUL */

struct xml {
	xmlDoc *doc;
};

struct reading {
	xmlParserCtxt *parser;
	int line; /* of the first fault, 0: none */
	bool entities; /* it declares some */
	size_t nodes;
	xmlEntity entity; /* the last one that HTML knows */
	char text[64]; /* … what it stands for */
};

static void on_error(void *user, xmlError *error)
{
	xmlParserCtxt *parser = user;
	struct reading *r = parser->_private;
	if (error->level != XML_ERR_WARNING && error->domain != XML_FROM_NAMESPACE && !r->line)
		r->line = error->line > 0 ? error->line : 1;
}

/* HTML's entities, of which feeds are full, as if XML knew them; what nobody knows stays as it was written. For what repair()
 * cannot read; in an attribute libxml2 takes one byte of what an entity stands for, so that it is "?" there. */
static xmlEntity *on_name(void *user, const xmlChar *name)
{
	xmlParserCtxt *parser = user;
	struct reading *r = parser->_private;
	const htmlEntityDesc *known = htmlEntityLookup(name);
	xmlEntity *own = xmlGetPredefinedEntity(name);
	if (own)
		return own;
	if (parser->instate == XML_PARSER_ATTRIBUTE_VALUE)
		memcpy(r->text, "?", 2);
	else if (known)
		r->text[utf8_put(r->text, known->value)] = 0;
	else
		snprintf(r->text, sizeof(r->text), "&%.50s;", (const char *)name);
	r->entity = (xmlEntity){.type = XML_ENTITY_DECL,
		.name = name,
		.content = (xmlChar *)r->text,
		.orig = (xmlChar *)r->text,
		.length = (int)strlen(r->text),
		.etype = XML_INTERNAL_PREDEFINED_ENTITY};
	return &r->entity;
}

static _format_(2, 3) void say_nothing(void *user, const char *format, ...)
{
	(void)user, (void)format;
}

static void on_entity(void *user, const xmlChar *name, int type, const xmlChar *public_id,
	const xmlChar *system_id, xmlChar *content)
{
	xmlParserCtxt *parser = user;
	struct reading *r = parser->_private;
	(void)name, (void)type, (void)public_id, (void)system_id, (void)content;
	r->entities = true;
	xmlStopParser(parser);
}

static void on_element(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
	int n_spaces, const xmlChar **spaces, int n_attributes, int n_default,
	const xmlChar **attributes)
{
	xmlParserCtxt *parser = user;
	struct reading *r = parser->_private;
	r->nodes += 1 + (size_t)n_spaces + (size_t)n_attributes;
	if (r->nodes > MARKUP_NODES)
		xmlStopParser(parser);
	else
		xmlSAX2StartElementNs(user, name, prefix, uri, n_spaces, spaces, n_attributes,
			n_default, attributes);
}

/* A number behind "&#" that names no character of XML's; *ret_n: bytes up to its semicolon. */
static bool is_forbidden(struct slice s, size_t *ret_n)
{
	uint32_t base = 10, value = 0;
	size_t i = 0;
	if (s.n && (s.p[0] == 'x' || s.p[0] == 'X')) {
		base = 16;
		i = 1;
	}
	for (; i < s.n && s.p[i] != ';'; i++) {
		const char c = s.p[i];
		uint32_t digit = c >= '0' && c <= '9'        ? (uint32_t)(c - '0')
			: (c | 32) >= 'a' && (c | 32) <= 'f' ? (uint32_t)((c | 32) - 'a') + 10
							     : 99;
		if (digit >= base || i > 9)
			return false;
		value = value < 0x1000000 ? value * base + digit : value;
	}
	*ret_n = i + 1;
	return i < s.n &&
		((value < 0x20 && value != '\t' && value != '\n' && value != '\r') ||
			(value >= 0xd800 && value <= 0xdfff) || value == 0xfffe ||
			value == 0xffff || value > 0x10ffff);
}

/* HTML's entity behind "&" as a number, and "&" itself where nobody knows the name: both mean the same in attributes. Bytes
 * up to its semicolon, 0 when it is XML's own or none. */
static size_t add_entity(struct slice s, struct buf *out)
{
	char name[ENTITY_MAX];
	size_t n = 0;
	while (n < s.n && n < sizeof(name) - 1 && isalnum((unsigned char)s.p[n])) {
		name[n] = s.p[n];
		n++;
	}
	name[n] = 0;
	if (!n || n == s.n || s.p[n] != ';' || xmlGetPredefinedEntity((const xmlChar *)name))
		return 0;
	const htmlEntityDesc *known = htmlEntityLookup((const xmlChar *)name);
	if (known)
		buf_printf(out, "&#%u;", known->value);
	else
		buf_printf(out, "&amp;%s;", name);
	return n + 1;
}

/* Where what begins here and has no entities, a CDATA section or a comment, is over; 0: none begins. */
static size_t verbatim_end(struct slice s)
{
	const char *close = slice_begins(s, "<![CDATA[") ? "]]>"
		: slice_begins(s, "<!--")                ? "-->"
							 : NULL;
	if (!close)
		return 0;
	const char *end = memmem(s.p, s.n, close, 3);
	return end ? (size_t)(end - s.p) : s.n;
}

/* One byte a character, at least for ASCII: not UTF-16 or UTF-32. */
static bool is_bytes(struct slice s)
{
	return !memchr(s.p, 0, s.n < 64 ? s.n : 64) && !slice_begins(s, "\xff\xfe") &&
		!slice_begins(s, "\xfe\xff");
}

/* It says that it is UTF-8, or nothing, which means the same. */
static bool is_utf8(struct slice s)
{
	const char *end = memchr(s.p, '>', s.n < 200 ? s.n : 200);
	const char *said = end ? memmem(s.p, (size_t)(end - s.p), "encoding", 8) : NULL;
	for (; said && said < end && *said != '"' && *said != '\''; said++)
		;
	return !said || (end - said > 5 && strncasecmp(said + 1, "utf-8", 5) == 0);
}

/* A tag that begins here, with its "<" and ">"; 0: none, or it has no end. */
static size_t tag_length(struct slice s)
{
	char quote = 0;
	if (s.n < 3 || s.p[1] == '?' || s.p[1] == '!')
		return 0;
	for (size_t i = 1; i < s.n; i++) {
		const char c = s.p[i];
		if (quote)
			quote = c == quote ? 0 : quote;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (c == '>')
			return i + 1;
	}
	return 0;
}

/* Whether this tag is deeper than MARKUP_DEPTH: what is written there is kept, as if the tag were not. */
static bool is_too_deep(struct slice tag, size_t *depth)
{
	if (tag.p[1] == '/') {
		*depth -= *depth > 0;
		return *depth >= MARKUP_DEPTH;
	}
	if (tag.p[tag.n - 2] == '/')
		return *depth >= MARKUP_DEPTH;
	return ++*depth > MARKUP_DEPTH;
}

/* Without what XML has no room for, which some feeds hold all the same, with U+FFFD for what is not UTF-8 and numbers for
 * HTML's entities; and without depths at which libxml2 gives up the whole document. */
static void repair(struct slice document, struct buf *out)
{
	_buf_ struct buf valid = {0};
	size_t skip, verbatim = 0, depth = 0;
	if (is_utf8(document)) {
		utf8_repair(&valid, document);
		document = buf_slice(&valid);
	}
	for (size_t i = 0; i < document.n; i++) {
		unsigned char c = (unsigned char)document.p[i];
		if (c < ' ' && c != '\t' && c != '\n' && c != '\r')
			continue;
		if (c == '&' && i + 2 < document.n && document.p[i + 1] == '#' &&
			is_forbidden(
				(struct slice){document.p + i + 2, document.n - i - 2}, &skip)) {
			i += 1 + skip;
			continue;
		}
		const struct slice rest = {document.p + i, document.n - i};
		if (c == '<' && i >= verbatim) {
			verbatim = i + verbatim_end(rest);
			skip = verbatim == i ? tag_length(rest) : 0;
			if (skip && is_too_deep((struct slice){rest.p, skip}, &depth)) {
				i += skip - 1;
				continue;
			}
		}
		if (c == '&' && i >= verbatim &&
			(skip = add_entity((struct slice){rest.p + 1, rest.n - 1}, out)) > 0) {
			i += skip;
			continue;
		}
		buf_add_char(out, (char)c);
	}
}

void markup_silence(void)
{
	xmlSetGenericErrorFunc(NULL, say_nothing);
}

static int judge(const struct reading *r, const xmlDoc *doc, struct error *e)
{
	if (r->entities)
		return error_set(e, -EINVAL, "le document déclare des entités : refusé");
	if (r->nodes > MARKUP_NODES)
		return error_set(
			e, -EFBIG, "document trop gros : plus de %u éléments", MARKUP_NODES);
	if (r->line)
		return error_set(e, -EINVAL, "XML mal formé ou coupé, ligne %d", r->line);
	if (!doc || !xmlDocGetRootElement(doc))
		return error_set(e, -EINVAL, "ce n'est pas du XML");
	return 0;
}

int xml_parse(struct slice document, struct xml **ret, struct error *e)
{
	const int options = XML_PARSE_NONET | XML_PARSE_RECOVER | XML_PARSE_NOCDATA |
		XML_PARSE_COMPACT | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
	if (document.n > MARKUP_MAX)
		return error_set(e, -EFBIG, "document trop gros");
	if (!document.n)
		return error_set(e, -EINVAL, "document vide");
	markup_silence();
	struct reading r = {.parser = xmlNewParserCtxt()};
	if (!r.parser)
		return error_set(e, -ENOMEM, "mémoire");
	r.parser->_private = &r;
	xmlCtxtUseOptions(r.parser, options);
	r.parser->sax->serror = on_error;
	r.parser->sax->initialized = XML_SAX2_MAGIC;
	r.parser->sax->entityDecl = on_entity;
	r.parser->sax->getEntity = on_name;
	r.parser->sax->startElementNs = on_element;
	r.parser->sax->comment = NULL; /* nobody reads them: no nodes */
	r.parser->sax->processingInstruction = NULL;
	_buf_ struct buf clean = {0};
	if (is_bytes(document)) {
		repair(document, &clean);
		document = buf_slice(&clean);
	}
	xmlDoc *doc = xmlCtxtReadMemory(
		r.parser, document.p ? document.p : "", (int)document.n, NULL, NULL, options);
	int result = judge(&r, doc, e);
	xmlFreeParserCtxt(r.parser);
	if (result < 0) {
		xmlFreeDoc(doc);
		return result;
	}
	*ret = xmalloc(sizeof(**ret));
	(*ret)->doc = doc;
	return 0;
}

struct xml *xml_free(struct xml *x)
{
	if (x)
		xmlFreeDoc(x->doc);
	free(x);
	return NULL;
}

/* Our opaque node is libxml2's. */
static const xmlNode *inner(const struct xml_node *n)
{
	return (const xmlNode *)n;
}

static const struct xml_node *element(const xmlNode *n)
{
	while (n && n->type != XML_ELEMENT_NODE)
		n = n->next;
	return (const struct xml_node *)n;
}

const struct xml_node *xml_root(const struct xml *x)
{
	return element(xmlDocGetRootElement(x->doc));
}

const struct xml_node *xml_first(const struct xml_node *n)
{
	return element(inner(n)->children);
}

const struct xml_node *xml_next(const struct xml_node *n)
{
	return element(inner(n)->next);
}

bool xml_is(const struct xml_node *n, const char *name)
{
	return strcmp((const char *)inner(n)->name, name) == 0;
}

const char *xml_space(const struct xml_node *n)
{
	const xmlNs *ns = inner(n)->ns;
	return ns && ns->href ? (const char *)ns->href : "";
}

struct slice xml_attribute(const struct xml_node *n, const char *name)
{
	for (const xmlAttr *a = inner(n)->properties; a; a = a->next)
		if (strcmp((const char *)a->name, name) == 0)
			return a->children && !a->children->next && a->children->content
				? slice_of((const char *)a->children->content)
				: (struct slice){"", 0};
	return (struct slice){"", 0};
}

const xmlNode *node_after(const xmlNode *top, const xmlNode *n, bool deep,
	void (*leave)(void *user, const xmlNode *n), void *user)
{
	if (deep && n->type == XML_ELEMENT_NODE && n->children)
		return n->children;
	while (n != top) {
		if (leave && n->type == XML_ELEMENT_NODE)
			leave(user, n);
		if (n->next)
			return n->next;
		n = n->parent;
	}
	return NULL;
}

void xml_text(const struct xml_node *top, struct buf *out)
{
	const xmlNode *n = inner(top);
	while ((n = node_after(inner(top), n, true, NULL, NULL))) {
		if ((n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE) && n->content)
			buf_add_string(out, (const char *)n->content);
	}
}

void xml_page_text(const struct xml_node *n, struct buf *out)
{
	page_text(inner(n), out);
}
