/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/record/comment.h>

#include <errno.h>

#include <tocsin/record/wire.h>

#define COMMENT_VERSION 1u

bool comment_is_reported(const struct comment *c)
{
	return slice_is(c->source, COMMENT_REPORTED);
}

/* Fields in wire order. A bit of the flags says whether the field is there; most comments have few. */
#define FIELDS 16u
enum { FIELD_SLICES = 12, FIELD_CREATED = FIELD_SLICES, FIELD_EDITED, FIELD_LIKES, FIELD_SHARES };

static struct slice *slice_field(struct comment *c, unsigned i)
{
	struct slice *const fields[FIELD_SLICES] = {&c->source, &c->id, &c->text, &c->author,
		&c->author_name, &c->url, &c->thread, &c->parent, &c->channel, &c->lang, &c->kind,
		&c->extra};

	return fields[i];
}

void comment_encode(struct buf *out, const struct comment *c)
{
	struct comment copy = *c;
	uint32_t flags = 0;

	for (unsigned i = 0; i < FIELD_SLICES; i++)
		if (slice_field(&copy, i)->n)
			flags |= 1u << i;
	flags |= (c->created_at ? 1u << FIELD_CREATED : 0) |
		(c->edited_at ? 1u << FIELD_EDITED : 0) | (c->likes ? 1u << FIELD_LIKES : 0) |
		(c->shares ? 1u << FIELD_SHARES : 0);
	wire_put_u8(out, COMMENT_VERSION);
	wire_put_u8(out, (uint8_t)c->type);
	wire_put_varint(out, flags);
	for (unsigned i = 0; i < FIELD_SLICES; i++)
		if (flags & 1u << i)
			wire_put_bytes(out, *slice_field(&copy, i));
	if (c->created_at)
		wire_put_i64(out, c->created_at);
	if (c->edited_at)
		wire_put_i64(out, c->edited_at);
	if (c->likes)
		wire_put_varint(out, c->likes);
	if (c->shares)
		wire_put_varint(out, c->shares);
}

int comment_decode(struct slice s, struct comment *ret)
{
	struct wire w = wire_reader(s);
	struct comment c = {0};
	uint64_t flags;
	uint8_t type;

	if (wire_u8(&w) != COMMENT_VERSION)
		return -EBADMSG;
	type = wire_u8(&w);
	flags = wire_varint(&w);
	if (type > COMMENT_QUARANTINE || flags >> FIELDS)
		return -EBADMSG;
	c.type = (enum comment_type)type;
	for (unsigned i = 0; i < FIELD_SLICES; i++)
		if (flags & 1u << i)
			*slice_field(&c, i) = wire_bytes(&w);
	if (flags & 1u << FIELD_CREATED)
		c.created_at = wire_i64(&w);
	if (flags & 1u << FIELD_EDITED)
		c.edited_at = wire_i64(&w);
	if (flags & 1u << FIELD_LIKES)
		c.likes = wire_varint(&w);
	if (flags & 1u << FIELD_SHARES)
		c.shares = wire_varint(&w);
	if (!wire_done(&w))
		return -EBADMSG;
	*ret = c;
	return 0;
}
