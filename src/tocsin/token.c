/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin token: with what programs use the console's API. The secret is made here, shown once, and leaves this process only as
 * its digest. */
#include "change.h"
#include <tocsin/base/clock.h>
#include <tocsin/digest/digest.h>
#include <tocsin/json/json.h>
#include <tocsin/record/account.h>
#include <tocsin/record/token.h>
#include "listing.h"

struct wish {
	const char *who, *account, *scopes, *sources, *days;
};

/* --- add */

static int read_scopes(struct context *x, const char *text, uint8_t *ret)
{
	_buf_ struct buf all = {0};
	if (!text)
		return complain(x, EXIT_MISUSE, _w(x, "il manque --%s"), "scope");
	*ret = token_scopes_read(slice_of(text));
	token_scopes_write(&all, SCOPES_ALL);
	return *ret ? 0
		    : complain(x, EXIT_MISUSE, _w(x, "portée inconnue : %s (%s)"), text,
			      buf_string(&all));
}

static int read_days(struct context *x, const char *text, int64_t *ret)
{
	char *end;
	long days = text ? strtol(text, &end, 10) : TOKEN_DAYS;
	if (text && (!*text || *end || days < 1 || days > TOKEN_DAYS_MAX))
		return complain(x, EXIT_MISUSE, _w(x, "--days : de 1 à %d jours"), TOKEN_DAYS_MAX);
	*ret = clock_now() + days * CLOCK_DAY;
	return 0;
}

static void show_secret(struct context *x, const char *secret, int64_t expires_at)
{
	char at[CLOCK_TEXT];
	_buf_ struct buf line = {0};
	struct json_writer w = {.out = &line};
	if (!x->json) {
		printf("%s\n", secret);
		fprintf(stderr, _w(x, "Ce jeton ne sera plus montré ; il vaut jusqu'au %s.\n"),
			clock_format_dhm(expires_at, at));
		return;
	}
	json_w_begin(&w, '{');
	json_w_text(&w, "token", slice_of(secret));
	json_w_time(&w, "expires_at", expires_at);
	json_w_end(&w, '}');
	puts(buf_string(&line));
}

static int add(struct context *x, const char *name, const struct wish *w)
{
	char secret[TOKEN_TEXT + 1] = TOKEN_MARK;
	unsigned char random[DIGEST_SIZE], digest[DIGEST_SIZE];
	_buf_ struct buf body = {0}, reply = {0};
	struct token_request q = {.token = {.name = slice_of(name),
					  .account = slice_of(w->account ? w->account : name),
					  .sources = slice_of(w->sources)},
		.who = slice_of(w->who)};
	int r = read_scopes(x, w->scopes, &q.token.scopes);
	if (r == 0)
		r = change_sources(x, w->sources);
	if (r == 0)
		r = read_days(x, w->days, &q.token.expires_at);
	if (r)
		return r;
	digest_random(random, sizeof(random));
	digest_hex(random, sizeof(random), secret + strlen(TOKEN_MARK));
	digest_sha256(slice_of(secret), digest);
	q.token.digest = (struct slice){(const char *)digest, sizeof(digest)};
	token_encode(&body, &q);
	r = ask_store(x, REQUEST_TOKEN, buf_slice(&body), &reply);
	if (r == 0)
		show_secret(x, secret, q.token.expires_at);
	digest_wipe(secret, sizeof(secret));
	digest_wipe(random, sizeof(random));
	return r;
}

/* --- list, revoke */

static void put_json(const struct token *t, const struct buf *scopes)
{
	_buf_ struct buf line = {0};
	struct json_writer w = {.out = &line};
	json_w_begin(&w, '{');
	json_w_text(&w, "name", t->name);
	json_w_text(&w, "account", t->account);
	json_w_text(&w, "scopes", buf_slice(scopes));
	json_w_text(&w, "sources", t->sources);
	json_w_time(&w, "made_at", t->made_at);
	json_w_time(&w, "expires_at", t->expires_at);
	json_w_end(&w, '}');
	puts(buf_string(&line));
}

static int show(void *user, const struct token *t)
{
	struct listing *l = user;
	char at[CLOCK_TEXT];
	_buf_ struct buf scopes = {0};
	token_scopes_write(&scopes, t->scopes);
	if (l->x->json) {
		put_json(t, &scopes);
		return 0;
	}
	table_add(&l->table, t->name);
	table_add(&l->table, t->account);
	table_add(&l->table, buf_slice(&scopes));
	table_add(&l->table, t->sources.n ? t->sources : SLICE("–"));
	table_printf(&l->table, "%s%s", clock_format_dhm(t->expires_at, at),
		t->expires_at <= clock_now() ? _w(l->x, " (échu)") : "");
	return 0;
}

static int read_tokens(struct listing *l, struct error *e)
{
	return reader_tokens(l->x->reader, show, l, e);
}

static int list_tokens(struct context *x)
{
	const char *const names[] = {_w(x, "jeton"), _w(x, "compte"), _w(x, "portées"),
		_w(x, "sources"), _w(x, "jusqu'au"), NULL};
	return listing_show(x, names, read_tokens);
}

static int take_back(struct context *x, const char *name, const struct wish *w)
{
	_buf_ struct buf body = {0};
	token_revoke_encode(&body,
		&(struct token_revoke_request){.name = slice_of(name), .who = slice_of(w->who)});
	return change_ask(
		x, REQUEST_TOKEN_REVOKE, &body, _w(x, "jeton retiré : il n'ouvre plus rien"));
}

int command_token(struct context *x, int argc, char **argv)
{
	struct wish w = {.who = "tocsin token", .sources = ""};
	const struct option_spec specs[] = {{"who", "qui", NULL, &w.who},
		{"account", "compte", NULL, &w.account}, {"scope", "portée", NULL, &w.scopes},
		{"sources", NULL, NULL, &w.sources}, {"days", "jours", NULL, &w.days}};
	int r = options_parse(x, specs, 5, &argc, argv);
	if (r == 0)
		r = options_words(x, "token", argc, 1, 2);
	if (r)
		return r;
	if (option_is(argv[0], "list", "liste") && argc == 1)
		return list_tokens(x);
	if (option_is(argv[0], "add", "ajouter") && argc == 2)
		return add(x, argv[1], &w);
	if (option_is(argv[0], "revoke", "retirer") && argc == 2)
		return take_back(x, argv[1], &w);
	return complain(x, EXIT_MISUSE, "%s", _w(x, "list, add NOM ou revoke NOM est attendu"));
}
