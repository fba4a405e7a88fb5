/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/record/token.h>

#include <errno.h>
#include <tocsin/record/account.h>
#include <tocsin/record/flags.h>
#include <tocsin/record/wire.h>

const char *const token_scope_names[SCOPES] = {"queue:read", "queue:decide", "incidents:read",
	"incidents:ack", "statistics:read", "rules:read", "metrics:read"};

uint8_t token_scopes_read(struct slice words)
{
	return (uint8_t)flags_read(words, token_scope_names, SCOPES);
}

void token_scopes_write(struct buf *out, uint8_t scopes)
{
	flags_write(out, scopes, token_scope_names, SCOPES);
}

uint8_t token_scopes_of(uint16_t roles)
{
	uint8_t scopes = 0;

	if (roles & (ROLE_MODERATION | ROLE_DIRCOM))
		scopes |= SCOPE_QUEUE_READ | SCOPE_QUEUE_DECIDE;
	if (roles & (ROLE_MODERATION | ROLE_DIRCOM | ROLE_CABINET | ROLE_DGS))
		scopes |= SCOPE_INCIDENTS_READ | SCOPE_INCIDENTS_ACK;
	if (roles & ROLE_ONCALL)
		scopes |= SCOPE_INCIDENTS_READ;
	if (roles & ROLE_ADMIN)
		scopes |= SCOPE_METRICS;
	if (roles & ~ROLE_SERVICE)
		scopes |= SCOPE_STATISTICS | SCOPE_RULES;
	return scopes;
}

bool token_text_ok(struct slice text)
{
	if (text.n != TOKEN_TEXT || !slice_begins(text, TOKEN_MARK))
		return false;
	for (size_t i = sizeof(TOKEN_MARK) - 1; i < text.n; i++)
		if (!(text.p[i] >= '0' && text.p[i] <= '9') &&
			!(text.p[i] >= 'a' && text.p[i] <= 'f'))
			return false;
	return true;
}

void token_encode(struct buf *out, const struct token_request *r)
{
	wire_put_bytes(out, r->token.name);
	wire_put_bytes(out, r->token.account);
	wire_put_u8(out, r->token.scopes);
	wire_put_bytes(out, r->token.sources);
	wire_put_bytes(out, r->token.digest);
	wire_put_i64(out, r->token.expires_at);
	wire_put_bytes(out, r->who);
}

int token_decode(struct slice s, struct token_request *ret)
{
	struct wire w = wire_reader(s);
	struct token_request r = {0};

	r.token.name = wire_bytes(&w);
	r.token.account = wire_bytes(&w);
	r.token.scopes = wire_u8(&w);
	r.token.sources = wire_bytes(&w);
	r.token.digest = wire_bytes(&w);
	r.token.expires_at = wire_i64(&w);
	r.who = wire_bytes(&w);
	if (!wire_done(&w) || r.token.scopes > SCOPES_ALL)
		return -EBADMSG;
	*ret = r;
	return 0;
}

void token_revoke_encode(struct buf *out, const struct token_revoke_request *r)
{
	wire_put_bytes(out, r->name);
	wire_put_bytes(out, r->who);
}

int token_revoke_decode(struct slice s, struct token_revoke_request *ret)
{
	struct wire w = wire_reader(s);
	struct token_revoke_request r = {0};

	r.name = wire_bytes(&w);
	r.who = wire_bytes(&w);
	if (!wire_done(&w))
		return -EBADMSG;
	*ret = r;
	return 0;
}
