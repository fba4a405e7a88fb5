/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/record/account.h>

#include <errno.h>
#include <tocsin/record/flags.h>
#include <tocsin/record/wire.h>

const char *const account_role_names[ROLES] = {"moderation", "dircom", "cabinet", "admin", "regles",
	"juriste", "service", "dpo", "dgs", "astreinte"};

uint16_t account_roles_read(struct slice words)
{
	return flags_read(words, account_role_names, ROLES);
}

void account_roles_write(struct buf *out, uint16_t roles)
{
	flags_write(out, roles, account_role_names, ROLES);
}

bool account_name_ok(struct slice name)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		bool inside = i > 0 && i + 1 < name.n && (c == '.' || c == '-' || c == '_');

		if (!plain && !inside)
			return false;
	}
	return name.n > 0 && name.n <= ACCOUNT_NAME_MAX && !slice_is(name, "tocsin");
}

static bool is_list(struct slice names, size_t most)
{
	bool empty = true;

	for (size_t i = 0; i < names.n; i++) {
		const unsigned char c = (unsigned char)names.p[i];

		if (c <= ' ' || c == 0x7f || (c == ',' && empty))
			return false;
		empty = c == ',';
	}
	return names.n <= most && (!names.n || !empty);
}

bool account_services_ok(struct slice services)
{
	return is_list(services, ACCOUNT_SERVICES_MAX);
}

bool account_sources_ok(struct slice sources)
{
	for (size_t i = 0; i < sources.n; i++) {
		const char c = sources.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && !strchr(",.-_", c))
			return false;
	}
	return is_list(sources, ACCOUNT_SOURCES_MAX);
}

bool account_source_next(struct slice *sources, struct slice *ret)
{
	const char *comma;

	if (!sources->n)
		return false;
	comma = memchr(sources->p, ',', sources->n);
	*ret = (struct slice){sources->p, comma ? (size_t)(comma - sources->p) : sources->n};
	sources->p += ret->n + (comma != NULL);
	sources->n -= ret->n + (comma != NULL);
	return true;
}

bool account_sees(struct slice sources, struct slice source)
{
	struct slice one;

	if (!sources.n)
		return true;
	while (account_source_next(&sources, &one))
		if (slice_equal(one, source))
			return true;
	return false;
}

bool account_sources_meet(struct slice one, struct slice other, struct buf *ret)
{
	struct slice rest = one.n ? one : other, id;
	const struct slice judge = one.n ? other : one;

	buf_clear(ret);
	while (account_source_next(&rest, &id))
		if (account_sees(judge, id))
			buf_printf(ret, "%s%.*s", ret->n ? "," : "", (int)id.n, id.p);
	return ret->n || (!one.n && !other.n);
}

void account_encode(struct buf *out, const struct account_request *r)
{
	wire_put_bytes(out, r->account.name);
	wire_put_u32(out, r->account.roles);
	wire_put_bytes(out, r->account.lang);
	wire_put_bytes(out, r->account.secret);
	wire_put_bytes(out, r->account.services);
	wire_put_bytes(out, r->account.sources);
	wire_put_bytes(out, r->setup);
	wire_put_bytes(out, r->who);
	wire_put_bytes(out, r->reason);
	wire_put_i64(out, r->known);
	wire_put_u8(out, r->replace);
	wire_put_u8(out, r->guarded);
	wire_put_u8(out, (uint8_t)r->door);
	wire_put_bytes(out, r->link);
	wire_put_i64(out, r->link_until);
}

int account_decode(struct slice s, struct account_request *ret)
{
	struct wire w = wire_reader(s);
	struct account_request r = {0};

	r.account.name = wire_bytes(&w);
	uint32_t roles = wire_u32(&w);
	r.account.lang = wire_bytes(&w);
	r.account.secret = wire_bytes(&w);
	r.account.services = wire_bytes(&w);
	r.account.sources = wire_bytes(&w);
	r.setup = wire_bytes(&w);
	r.who = wire_bytes(&w);
	r.reason = wire_bytes(&w);
	r.known = wire_i64(&w);
	r.replace = wire_u8(&w);
	r.guarded = wire_u8(&w);
	uint8_t door = wire_u8(&w);
	r.link = wire_bytes(&w);
	r.link_until = wire_i64(&w);
	if (!wire_done(&w) || r.replace > 1 || r.guarded > 1 || door > DOOR_OPEN ||
		roles > ROLES_ALL)
		return -EBADMSG;
	r.door = (enum account_door)door;
	r.account.roles = (uint16_t)roles;
	*ret = r;
	return 0;
}

void password_encode(struct buf *out, const struct password_request *r)
{
	wire_put_bytes(out, r->name);
	wire_put_bytes(out, r->secret);
	wire_put_i64(out, r->changed_at);
}

int password_decode(struct slice s, struct password_request *ret)
{
	struct wire w = wire_reader(s);
	struct password_request r = {0};

	r.name = wire_bytes(&w);
	r.secret = wire_bytes(&w);
	r.changed_at = wire_i64(&w);
	if (!wire_done(&w))
		return -EBADMSG;
	*ret = r;
	return 0;
}

void account_remove_encode(struct buf *out, const struct account_remove_request *r)
{
	wire_put_bytes(out, r->name);
	wire_put_bytes(out, r->who);
}

int account_remove_decode(struct slice s, struct account_remove_request *ret)
{
	struct wire w = wire_reader(s);
	struct account_remove_request r = {0};

	r.name = wire_bytes(&w);
	r.who = wire_bytes(&w);
	if (!wire_done(&w))
		return -EBADMSG;
	*ret = r;
	return 0;
}

void claim_encode(struct buf *out, const struct claim_request *r)
{
	wire_put_i64(out, r->seq);
	wire_put_bytes(out, r->who);
	wire_put_i64(out, r->for_ms);
}

int claim_decode(struct slice s, struct claim_request *ret)
{
	struct wire w = wire_reader(s);
	struct claim_request r = {0};

	r.seq = wire_i64(&w);
	r.who = wire_bytes(&w);
	r.for_ms = wire_i64(&w);
	if (!wire_done(&w))
		return -EBADMSG;
	*ret = r;
	return 0;
}

void claim_reply_encode(struct buf *out, const struct claim_reply *r)
{
	wire_put_u8(out, (uint8_t)r->outcome);
	wire_put_bytes(out, r->who);
	wire_put_i64(out, r->until);
}

int claim_reply_decode(struct slice s, struct claim_reply *ret)
{
	struct wire w = wire_reader(s);
	struct claim_reply r = {0};
	uint8_t outcome = wire_u8(&w);

	r.outcome = (enum claim_outcome)outcome;
	r.who = wire_bytes(&w);
	r.until = wire_i64(&w);
	if (!wire_done(&w) || outcome > CLAIM_GONE)
		return -EBADMSG;
	*ret = r;
	return 0;
}

void undo_encode(struct buf *out, const struct undo_request *r)
{
	wire_put_i64(out, r->seq);
	wire_put_bytes(out, r->who);
}

int undo_decode(struct slice s, struct undo_request *ret)
{
	struct wire w = wire_reader(s);
	struct undo_request r = {0};

	r.seq = wire_i64(&w);
	r.who = wire_bytes(&w);
	if (!wire_done(&w))
		return -EBADMSG;
	*ret = r;
	return 0;
}
