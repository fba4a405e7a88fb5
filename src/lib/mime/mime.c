/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/mime/mime.h>
#include <gmime/gmime.h>
#include <strings.h>
#include <tocsin/base/utf8.h>

#define SUBJECT_MAX 4000u /* bytes that count */
#define NAME_MAX_ 500u /* … of names and identifiers */
#define LATIN "windows-1252"

struct parts {
	GMimePart *plain, *html; /* borrowed */
};

/* Valid, without control characters, cut. */
static void add_header(struct buf *out, const char *text, size_t max)
{
	_buf_ struct buf whole = {0};
	if (!text)
		return;
	utf8_repair(&whole, slice_of(text));
	for (size_t i = 0; i < whole.n; i++)
		if ((unsigned char)whole.p[i] < ' ' || whole.p[i] == 0x7f)
			whole.p[i] = ' ';
	buf_add_slice(out, utf8_cut(buf_slice(&whole), max));
}

static void read_author(GMimeMessage *message, struct mime_mail *ret)
{
	InternetAddressList *from = g_mime_message_get_from(message);
	int n = from ? internet_address_list_length(from) : 0;
	for (int i = 0; i < n && !ret->author.n; i++) {
		InternetAddress *a = internet_address_list_get_address(from, i);
		if (!INTERNET_ADDRESS_IS_MAILBOX(a))
			continue;
		add_header(&ret->author,
			internet_address_mailbox_get_addr((InternetAddressMailbox *)a), NAME_MAX_);
		add_header(&ret->name, internet_address_get_name(a), NAME_MAX_);
	}
	for (size_t i = 0; i < ret->author.n; i++)
		if (ret->author.p[i] >= 'A' && ret->author.p[i] <= 'Z')
			ret->author.p[i] = (char)(ret->author.p[i] - 'A' + 'a');
}

static bool add_first_reference(GMimeMessage *message, const char *header, struct buf *out)
{
	const char *text = g_mime_object_get_header((GMimeObject *)message, header);
	GMimeReferences *all = text ? g_mime_references_parse(NULL, text) : NULL;
	if (all && g_mime_references_length(all) > 0)
		add_header(out, g_mime_references_get_message_id(all, 0), NAME_MAX_);
	if (all)
		g_mime_references_free(all);
	return out->n > 0;
}

/* The mail that is answered: RFC 5322 section 3.6.4. */
static void add_answered(GMimeMessage *message, struct buf *out)
{
	const char *text = g_mime_object_get_header((GMimeObject *)message, "References");
	GMimeReferences *all = text ? g_mime_references_parse(NULL, text) : NULL;
	int n = all ? g_mime_references_length(all) : 0;
	if (!add_first_reference(message, "In-Reply-To", out) && n > 0)
		add_header(out, g_mime_references_get_message_id(all, n - 1), NAME_MAX_);
	if (all)
		g_mime_references_free(all);
}

static bool is_automatic(GMimeMessage *message)
{
	const char *said = g_mime_object_get_header((GMimeObject *)message, "Auto-Submitted");
	GMimeObject *body = g_mime_message_get_mime_part(message);
	GMimeContentType *type = body ? g_mime_object_get_content_type(body) : NULL;
	while (said && *said == ' ')
		said++;
	return (said && *said && strncasecmp(said, "no", 2) != 0) ||
		(type && g_mime_content_type_is_type(type, "multipart", "report"));
}

static bool is_attached(GMimeObject *part)
{
	const char *how = g_mime_object_get_disposition(part);
	return how && strcasecmp(how, "attachment") == 0;
}

static void find_parts(GMimeObject *part, int depth, struct parts *ret)
{
	GMimeContentType *type = part ? g_mime_object_get_content_type(part) : NULL;
	if (!part || depth > MIME_DEPTH || is_attached(part))
		return;
	if (GMIME_IS_MULTIPART(part)) {
		int n = g_mime_multipart_get_count((GMimeMultipart *)part);
		for (int i = 0; i < n && !(ret->plain && ret->html); i++)
			find_parts(g_mime_multipart_get_part((GMimeMultipart *)part, i), depth + 1,
				ret);
	} else if (GMIME_IS_PART(part)) {
		if (!ret->plain && g_mime_content_type_is_type(type, "text", "plain"))
			ret->plain = (GMimePart *)part;
		else if (!ret->html && g_mime_content_type_is_type(type, "text", "html"))
			ret->html = (GMimePart *)part;
	}
}

/* The bytes of a part behind its transfer encoding, through a filter that may be NULL. */
static GByteArray *decoded(GMimePart *part, GMimeFilter *filter)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	GMimeStream *memory = g_mime_stream_mem_new();
	GMimeStream *stream = g_mime_stream_filter_new(memory);
	GByteArray *bytes = g_byte_array_new();
	if (filter)
		g_mime_stream_filter_add((GMimeStreamFilter *)stream, filter);
	g_mime_stream_mem_set_byte_array((GMimeStreamMem *)memory, bytes);
	g_mime_stream_mem_set_owner((GMimeStreamMem *)memory, FALSE);
	if (content)
		g_mime_data_wrapper_write_to_stream(content, stream);
	g_mime_stream_flush(stream);
	g_object_unref(stream);
	g_object_unref(memory);
	return bytes;
}

static struct slice slice_from(const GByteArray *bytes)
{
	return (struct slice){bytes->len ? (const char *)bytes->data : "", bytes->len};
}

/* No CR, no NUL. */
static void clean(struct buf *text)
{
	size_t n = 0;
	for (size_t i = 0; i < text->n; i++)
		if (text->p[i] != '\r')
			text->p[n++] = text->p[i] ? text->p[i] : ' ';
	text->n = n;
}

/* In the charset that it names; one that names none or lies is UTF-8 if it can be, else Windows-1252. */
static void add_text(struct buf *out, GMimePart *part)
{
	const char *charset =
		g_mime_object_get_content_type_parameter((GMimeObject *)part, "charset");
	GMimeFilter *filter = NULL;
	if (charset && strcasecmp(charset, "utf-8") != 0 && strcasecmp(charset, "us-ascii") != 0)
		filter = g_mime_filter_charset_new(
			strcasecmp(charset, "iso-8859-1") == 0 ? LATIN : charset, "utf-8");
	GByteArray *bytes = decoded(part, filter);
	if (!filter && !utf8_valid(slice_from(bytes))) {
		g_byte_array_free(bytes, TRUE);
		filter = g_mime_filter_charset_new(LATIN, "utf-8");
		bytes = decoded(part, filter);
	}
	utf8_repair(out, slice_from(bytes));
	g_byte_array_free(bytes, TRUE);
	if (filter)
		g_object_unref(filter);
	clean(out);
}

static bool has_words(const struct buf *b)
{
	for (size_t i = 0; i < b->n; i++)
		if (!strchr(" \t\r\n", b->p[i]))
			return true;
	return false;
}

static void read_body(GMimeMessage *message, struct mime_mail *ret)
{
	struct parts parts = {0};
	find_parts(g_mime_message_get_mime_part(message), 0, &parts);
	if (parts.plain)
		add_text(&ret->body, parts.plain);
	ret->html = parts.html && !has_words(&ret->body);
	if (ret->html) {
		buf_clear(&ret->body);
		add_text(&ret->body, parts.html);
	}
}

static GMimeMessage *parse(struct slice bytes)
{
	static const char *charsets[] = {"utf-8", LATIN, NULL};
	GMimeParserOptions *options = g_mime_parser_options_new();
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes.p, bytes.n);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	g_mime_parser_options_set_fallback_charsets(options, charsets);
	GMimeMessage *message = g_mime_parser_construct_message(parser, options);
	g_object_unref(parser);
	g_object_unref(stream);
	g_mime_parser_options_free(options);
	return message;
}

void mime_read(struct slice bytes, struct mime_mail *ret)
{
	g_mime_init();
	mime_release(ret);
	GMimeMessage *message = parse(bytes);
	if (!message) {
		utf8_repair(&ret->body, bytes);
		clean(&ret->body);
		return;
	}
	add_header(&ret->subject, g_mime_message_get_subject(message), SUBJECT_MAX);
	add_header(&ret->id, g_mime_message_get_message_id(message), NAME_MAX_);
	add_header(&ret->date, g_mime_object_get_header((GMimeObject *)message, "Date"), NAME_MAX_);
	read_author(message, ret);
	if (!add_first_reference(message, "References", &ret->root) &&
		!add_first_reference(message, "In-Reply-To", &ret->root))
		buf_add_slice(&ret->root, buf_slice(&ret->id));
	add_answered(message, &ret->answered);
	ret->automatic = is_automatic(message);
	read_body(message, ret);
	g_object_unref(message);
}

void mime_release(struct mime_mail *m)
{
	buf_release(&m->subject);
	buf_release(&m->author);
	buf_release(&m->name);
	buf_release(&m->id);
	buf_release(&m->root);
	buf_release(&m->answered);
	buf_release(&m->date);
	buf_release(&m->body);
	m->html = m->automatic = false;
}
