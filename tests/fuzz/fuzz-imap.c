/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as the answers of an IMAP server: cut off, refused with its reason, or UIDs in their order and mails no longer than was
 * asked for. The first byte says in how small pieces they come. */
#include <stdint.h>
#include <stdlib.h>

#include <tocsin/base/utf8.h>

#include "../../src/lib/net/imap_wire.h"

#define MAIL_MAX 4096u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void require(bool truth)
{
	if (!truth)
		abort();
}

static struct slice left; /* of what the server says */
static size_t piece;

/* libcurl's own, but for the network: the harness is the server. */
CURLcode curl_easy_recv(CURL *curl, void *to, size_t size, size_t *ret_n)
{
	size_t n = left.n < piece ? left.n : piece;

	(void)curl;
	n = n < size ? n : size;
	*ret_n = n;
	if (!n)
		return CURLE_RECV_ERROR;
	memcpy(to, left.p, n);
	left = (struct slice){left.p + n, left.n - n};
	return CURLE_OK;
}

CURLcode curl_easy_send(CURL *curl, const void *p, size_t size, size_t *ret_n)
{
	(void)curl;
	require(size > 6 && memcmp((const char *)p + size - 2, "\r\n", 2) == 0 &&
		!memchr(p, '\n', size - 1));
	*ret_n = size;
	return CURLE_OK;
}

static void read_mail(struct imap *m, uint32_t uid)
{
	struct imap_mail mail = {0};
	struct error e = {0};
	int r = imap_mail(m, uid, MAIL_MAX, &mail, &e);

	if (r == FETCH_BODY)
		require(memchr(mail.date, 0, sizeof(mail.date)) != NULL);
	else
		require(r == IMAP_NONE || (e.text[0] && utf8_valid(slice_of(e.text))));
	/* one that came as a literal is bounded before it is read */
	require(!m->has_literal || m->literal.n <= WIRE_TEXT_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct imap m = {.timeout_ms = 3600000, .fd = -1};
	_buf_ struct buf name = {0}, valid = {0};
	struct imap_box box;
	struct error e = {0};
	uint32_t *uids = NULL;
	size_t count = 0;

	if (!n)
		return 0;
	piece = data[0] % 16 ? data[0] % 16 : 65536;
	left = (struct slice){(const char *)data + 1, n - 1};
	utf8_repair(&valid, left);
	for (size_t i = 0; i < valid.n; i++) /* as a configuration may name a mailbox */
		if ((unsigned char)valid.p[i] < ' ')
			valid.p[i] = '&';
	wire_add_mailbox(&name, buf_string(&valid));
	for (size_t i = 0; i < name.n; i++)
		require((unsigned char)name.p[i] >= ' ' && (unsigned char)name.p[i] < 0x7f);
	if (imap_examine(&m, "Été", &box, &e) == FETCH_BODY)
		require(box.validity != 0);
	else
		require(e.text[0] && utf8_valid(slice_of(e.text)));
	if (imap_search(&m, 3, NULL, &uids, &count, &e) != FETCH_BODY)
		require(!uids && !count);
	for (size_t i = 0; i < count; i++)
		require(uids[i] >= 3 && (!i || uids[i - 1] < uids[i]));
	for (size_t i = 0; i < count && i < 4; i++)
		read_mail(&m, uids[i]);
	free(uids);
	buf_release(&m.in);
	buf_release(&m.text);
	buf_release(&m.literal);
	return 0;
}
