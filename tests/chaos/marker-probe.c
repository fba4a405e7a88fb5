/* SPDX-License-Identifier: GPL-3.0-or-later
 * marker-probe hs|pcre2|zmq TEXT: shows TEXT to one of the three, then says "alive". */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <hs/hs.h>
#include <pcre2.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

static int on_match(
	unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *user)
{
	(void)id, (void)from, (void)to, (void)flags, (void)user;
	return 0;
}

static int scan_hs(const char *text)
{
	hs_database_t *db = NULL;
	hs_scratch_t *scratch = NULL;
	hs_compile_error_t *error = NULL;
	if (hs_compile("bonjour", 0, HS_MODE_BLOCK, NULL, &db, &error) != HS_SUCCESS ||
		hs_alloc_scratch(db, &scratch) != HS_SUCCESS)
		return 1;
	int r = hs_scan(db, text, (unsigned)strlen(text), 0, scratch, on_match, NULL);
	hs_free_scratch(scratch);
	hs_free_database(db);
	return r != HS_SUCCESS;
}

static int scan_pcre2(const char *text)
{
	int code;
	PCRE2_SIZE at;
	pcre2_code *re =
		pcre2_compile((PCRE2_SPTR) "bonjour", PCRE2_ZERO_TERMINATED, 0, &code, &at, NULL);
	if (!re)
		return 1;
	pcre2_match_data *data = pcre2_match_data_create_from_pattern(re, NULL);
	pcre2_match(re, (PCRE2_SPTR)text, strlen(text), 0, 0, data, NULL);
	pcre2_match_data_free(data);
	pcre2_code_free(re);
	return 0;
}

static int receive(const char *text)
{
	void *context = zmq_ctx_new(), *a = zmq_socket(context, ZMQ_PAIR),
	     *b = zmq_socket(context, ZMQ_PAIR);
	zmq_msg_t m;
	zmq_bind(a, "inproc://probe");
	zmq_connect(b, "inproc://probe");
	zmq_send(b, text, strlen(text), 0);
	zmq_msg_init(&m);
	int n = zmq_msg_recv(&m, a, 0);
	zmq_msg_close(&m);
	zmq_close(a);
	zmq_close(b);
	zmq_ctx_term(context);
	return n < 0;
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	int r = strcmp(argv[1], "hs") == 0      ? scan_hs(argv[2])
		: strcmp(argv[1], "pcre2") == 0 ? scan_pcre2(argv[2])
						: receive(argv[2]);
	if (r == 0)
		puts("alive");
	return r;
}
