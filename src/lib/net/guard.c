/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which addresses are asked: IANA's IPv4 and IPv6 special-purpose address registries (RFC 6890, RFC 8190). */
#include "guard.h"
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <strings.h>
#include "private.h"

struct range4 {
	uint32_t net;
	unsigned bits;
};
static const struct range4 inside4[] = {
	{0x00000000, 8}, /* this network */
	{0x0a000000, 8}, /* private */
	{0x64400000, 10}, /* shared, CGNAT */
	{0x7f000000, 8}, /* loopback */
	{0xa9fe0000, 16}, /* link-local, where clouds keep their secrets */
	{0xac100000, 12}, /* private */
	{0xc0000000, 24}, /* IETF */
	{0xc0000200, 24}, /* documentation */
	{0xc0586300, 24}, /* 6to4 relays */
	{0xc0a80000, 16}, /* private */
	{0xc6120000, 15}, /* benchmarks */
	{0xc6336400, 24}, /* documentation */
	{0xcb007100, 24}, /* documentation */
	{0xe0000000, 4}, /* multicast */
	{0xf0000000, 4}, /* reserved, broadcast */
};

struct range6 {
	unsigned char net[6]; /* the rest is zero */
	unsigned bits;
};
/* Of 2000::/3, which alone is public. */
static const struct range6 inside6[] = {
	{{0x20, 0x01, 0x00}, 23}, /* IETF: Teredo, ORCHID, benchmarks */
	{{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation */
	{{0x20, 0x02}, 16}, /* 6to4 */
	{{0x3f, 0xff, 0x00}, 20}, /* documentation */
};
/* An IPv4 address behind these: that one counts. */
static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
static const unsigned char nat64[12] = {0x00, 0x64, 0xff, 0x9b};

static bool public4(uint32_t a)
{
	for (size_t i = 0; i < sizeof(inside4) / sizeof(*inside4); i++)
		if ((a ^ inside4[i].net) >> (32 - inside4[i].bits) == 0)
			return false;
	return true;
}

static bool begins6(const unsigned char *a, const struct range6 *r)
{
	for (unsigned bit = 0; bit < r->bits; bit++)
		if ((a[bit / 8] ^ r->net[bit / 8]) & 0x80u >> bit % 8)
			return false;
	return true;
}

static bool public6(const unsigned char *a)
{
	if (memcmp(a, mapped, 12) == 0 || memcmp(a, nat64, 12) == 0)
		return public4((uint32_t)a[12] << 24 | (uint32_t)a[13] << 16 |
			(uint32_t)a[14] << 8 | a[15]);
	if (a[0] >> 5 != 1)
		return false;
	for (size_t i = 0; i < sizeof(inside6) / sizeof(*inside6); i++)
		if (begins6(a, &inside6[i]))
			return false;
	return true;
}

bool address_is_public(const struct sockaddr *a)
{
	if (a->sa_family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, a, sizeof(in));
		return public4(ntohl(in.sin_addr.s_addr));
	}
	if (a->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;
		memcpy(&in6, a, sizeof(in6));
		return public6(in6.sin6_addr.s6_addr);
	}
	return false;
}

/* "host" or "host:port"; an IPv6 address in brackets. */
static bool names(const char *allowed, const char *host, const char *port)
{
	size_t n = strlen(host);
	if (strncasecmp(allowed, host, n) != 0)
		return false;
	return !allowed[n] || (allowed[n] == ':' && strcmp(allowed + n + 1, port) == 0);
}

static bool allows(const char *const *internal, const char *host, const char *port)
{
	for (size_t i = 0; internal && internal[i]; i++)
		if (names(internal[i], host, port))
			return true;
	return false;
}

void guard_print(const struct sockaddr *a, char out[static GUARD_TEXT])
{
	struct sockaddr_in in = {0};
	struct sockaddr_in6 in6 = {0};
	out[0] = '?';
	out[1] = 0;
	if (a->sa_family == AF_INET) {
		memcpy(&in, a, sizeof(in));
		inet_ntop(AF_INET, &in.sin_addr, out, GUARD_TEXT);
	} else if (a->sa_family == AF_INET6) {
		memcpy(&in6, a, sizeof(in6));
		inet_ntop(AF_INET6, &in6.sin6_addr, out, GUARD_TEXT);
	}
}

/* What a town numbers itself (RFC 1918, RFC 4193), and this machine: no cloud keeps its secrets there. */
static bool near4(uint32_t a)
{
	return a >> 24 == 10 || a >> 20 == 0xac1 || a >> 16 == 0xc0a8 || a >> 24 == 127;
}

static bool address_is_near(const struct sockaddr *a)
{
	static const unsigned char loopback[16] = {[15] = 1};
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	if (a->sa_family == AF_INET) {
		memcpy(&in, a, sizeof(in));
		return near4(ntohl(in.sin_addr.s_addr));
	}
	if (a->sa_family != AF_INET6)
		return false;
	memcpy(&in6, a, sizeof(in6));
	return (in6.sin6_addr.s6_addr[0] & 0xfe) == 0xfc ||
		memcmp(in6.sin6_addr.s6_addr, loopback, 16) == 0;
}

void gate_set(struct gate *g, const char *const *internal, const char *address)
{
	CURLU *url = curl_url();
	char *host = NULL, *port = NULL;
	bool read = url && curl_url_set(url, CURLUPART_URL, address, 0) == CURLUE_OK &&
		curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
		curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK;

	g->internal = read && allows(internal, host, port);
	snprintf(g->host, sizeof(g->host), "%s", read ? host : "?");
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(url);
}

curl_socket_t gate_socket(void *user, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct gate *g = user;
	if (purpose != CURLSOCKTYPE_IPCXN)
		return CURL_SOCKET_BAD;
	if (!g->internal && !address_is_public(&a->addr) &&
		!(g->near && address_is_near(&a->addr))) {
		guard_print(&a->addr, g->inside);
		return CURL_SOCKET_BAD;
	}
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

int gate_say(const struct gate *g, struct error *e)
{
	return error_set(e, FETCH_REFUSED,
		"%s mène à une adresse interne (%s), qui n'est pas appelée ; pour la permettre : "
		"allow_internal: ['%s']",
		g->host, g->inside, g->host);
}

/* An address in figures, or this machine's own name: nobody has to be asked. */
static bool leads_inside(struct gate *g)
{
	char host[sizeof(g->host)];
	const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
	struct addrinfo *list = NULL;
	size_t n = strlen(g->host);
	const bool bracketed = n > 2 && g->host[0] == '[';
	snprintf(host, sizeof(host), "%.*s", (int)(bracketed ? n - 2 : n), g->host + bracketed);
	if (strcasecmp(host, "localhost") == 0)
		snprintf(host, sizeof(host), "127.0.0.1");
	if (getaddrinfo(host, NULL, &hints, &list) != 0)
		return false;
	bool inside = !address_is_public(list->ai_addr);
	if (inside)
		guard_print(list->ai_addr, g->inside);
	freeaddrinfo(list);
	return inside;
}

int net_check_url(const char *url, const char *const *internal, struct error *e)
{
	struct gate g = {0};
	gate_set(&g, internal, url);
	return !g.internal && leads_inside(&g) ? gate_say(&g, e) : 0;
}
