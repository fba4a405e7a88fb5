/* SPDX-License-Identifier: GPL-3.0-or-later
 * What mail and HTTP share: the limits every transfer gets, and how far it came. */
#include "private.h"

#define CONNECT_MS 10000L
#define ANSWER_MS 15000L /* an SMTP server's silence between two lines */

const char *const net_outcome_names[4] = {"sent", "failed", "unknown", "refused"};

int transfer_open(struct transfer *t, const char *url, const char *protocols, int64_t timeout_ms,
	const char *ca_file, struct error *e)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || !(t->curl = curl_easy_init()))
		return error_set(e, NET_FAILED, "libcurl ne démarre pas");
	bool ok = true;
#define OPT(option, value) ok &= curl_easy_setopt(t->curl, option, value) == CURLE_OK
	OPT(CURLOPT_URL, url);
	OPT(CURLOPT_PROTOCOLS_STR, protocols);
	OPT(CURLOPT_FOLLOWLOCATION, 0L);
	OPT(CURLOPT_NOSIGNAL, 1L);
	OPT(CURLOPT_PROXY, "");
	OPT(CURLOPT_ERRORBUFFER, t->text);
	OPT(CURLOPT_CONNECTTIMEOUT_MS, timeout_ms < CONNECT_MS ? (long)timeout_ms : CONNECT_MS);
	OPT(CURLOPT_SERVER_RESPONSE_TIMEOUT, ANSWER_MS / 1000);
	OPT(CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	OPT(CURLOPT_SSL_VERIFYPEER, 1L);
	OPT(CURLOPT_SSL_VERIFYHOST, 2L);
	OPT(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (ca_file)
		OPT(CURLOPT_CAINFO, ca_file);
	OPT(CURLOPT_READFUNCTION, transfer_read);
	OPT(CURLOPT_READDATA, t);
	OPT(CURLOPT_OPENSOCKETFUNCTION, gate_socket);
	OPT(CURLOPT_OPENSOCKETDATA, &t->gate);
#undef OPT
	if (ok)
		return NET_SENT;
	transfer_close(t);
	return error_set(e, NET_FAILED, "libcurl refuse un réglage");
}

void transfer_close(struct transfer *t)
{
	if (t->curl)
		curl_easy_cleanup(t->curl);
	t->curl = NULL;
}

size_t transfer_read(char *to, size_t size, size_t count, void *user)
{
	struct transfer *t = user;
	size_t room = size * count, left = t->data.n - t->given;
	if (!t->given && left && t->stage)
		t->stage(t->user, NET_STAGE_DATA);
	if (left > room)
		left = room;
	memcpy(to, t->data.p + t->given, left);
	t->given += left;
	if (t->given == t->data.n && !t->all) {
		t->all = true;
		if (t->stage)
			t->stage(t->user, NET_STAGE_ALL);
	}
	return left;
}

void transfer_keep(struct transfer *t, const char *p, size_t n)
{
	for (size_t i = 0; i < n && t->answer_n + 1 < sizeof(t->answer); i++) {
		unsigned char c = (unsigned char)p[i];
		if (c == '\r' || c == '\n') {
			if (t->answer_n && t->answer[t->answer_n - 1] != ' ')
				t->answer[t->answer_n++] = ' ';
		} else {
			t->answer[t->answer_n++] = c < ' ' || c >= 0x7f ? '?' : (char)c;
		}
	}
	t->answer[t->answer_n] = 0;
}

void transfer_say(const struct transfer *t, CURLcode code, struct error *e)
{
	const char *why = t->text[0] ? t->text : curl_easy_strerror(code);
	if (t->gate.inside[0])
		gate_say(&t->gate, e);
	else if (t->answer[0])
		error_set(e, 0, "%s%s%s", t->answer, code == CURLE_OK ? "" : " · ",
			code == CURLE_OK ? "" : why);
	else
		error_set(e, 0, "%s", code == CURLE_OK ? "accepté" : why);
}
