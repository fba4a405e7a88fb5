/* SPDX-License-Identifier: GPL-3.0-or-later
 * One transfer: its curl handle, its bytes, how far it came. */
#ifndef NET_PRIVATE_H
#define NET_PRIVATE_H
#include <curl/curl.h>
#include <tocsin/net/net.h>

#include "guard.h"

/* Where every socket of a transfer is made: what is checked is the very address that is connected to. All zero, it lets
 * nobody inside. */
struct gate {
	bool internal; /* the administrator has named this host */
	bool near; /* or its like: the town's own networks and this machine */
	char host[256]; /* for people */
	char inside[GUARD_TEXT]; /* the address that was refused, "" when none */
};
struct transfer {
	CURL *curl;
	struct gate gate;
	struct slice data;
	size_t given; /* bytes of data that curl has taken */
	bool all; /* it has taken the last */
	bool recipient; /* mail: our last command, QUIT aside, was RCPT */
	bool leaving; /* mail: it was QUIT */
	bool quiet; /* HTTP: nothing of the body is kept */
	net_stage_fn *stage;
	void *user;
	char text[CURL_ERROR_SIZE];
	char answer[256]; /* the receiver's last words, printable */
	size_t answer_n, received; /* received: bytes of an HTTP body */
};
curl_socket_t gate_socket(void *user, curlsocktype purpose, struct curl_sockaddr *a);
/* Authorization: Bearer, when there is a token. False: no memory. */
bool add_bearer(struct curl_slist **list, const char *token);
/* For the transfer to this address: whether the list (as in fetch.h) names its host. */
void gate_set(struct gate *g, const char *const *internal, const char *address);
/* "… leads inside": FETCH_REFUSED. */
int gate_say(const struct gate *g, struct error *e);
/* t is zeroed but for data, stage, user and gate, which nothing goes round. 0 or NET_FAILED. */
int transfer_open(struct transfer *t, const char *url, const char *protocols, int64_t timeout_ms,
	const char *ca_file, struct error *e);
void transfer_close(struct transfer *t);
size_t transfer_read(char *to, size_t size, size_t count, void *user);
/* Appends to the answer kept for people. */
void transfer_keep(struct transfer *t, const char *p, size_t n);
/* Writes the detail of the outcome. */
void transfer_say(const struct transfer *t, CURLcode code, struct error *e);
#endif
