/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/record/shortcut.h>

#include <errno.h>
#include <tocsin/base/utf8.h>
#include <tocsin/record/wire.h>

const struct shortcuts shortcuts_usual = {
	.keys = {'j', 'k', 'o', 'd', '?', 'c', 'x', 'l', 'm', 'a', 'r', 't', 'v', 'n'}};

uint32_t shortcut_key(uint32_t scalar)
{
	if (scalar >= 'A' && scalar <= 'Z')
		return scalar | 0x20;
	if (scalar > ' ' && scalar < 0x7f)
		return strchr("^`~@#{}[]|\\", (int)scalar) ? 0 : scalar;
	if (scalar >= 0xc0 && scalar <= 0xde && scalar != 0xd7)
		return scalar + 0x20;
	return (scalar >= 0xdf && scalar <= 0xff && scalar != 0xf7) || scalar == 0xa7 ||
			scalar == 0xb2 || scalar == 0xb5 || scalar == 0xa3
		? scalar
		: 0;
}

bool shortcuts_clash(const struct shortcuts *s, enum shortcut *ret_first, enum shortcut *ret_second)
{
	for (unsigned i = 0; i < SHORTCUTS; i++)
		for (unsigned k = i + 1; s->keys[i] && k < SHORTCUTS; k++)
			if (s->keys[i] == s->keys[k]) {
				*ret_first = (enum shortcut)i;
				*ret_second = (enum shortcut)k;
				return true;
			}
	return false;
}

void shortcuts_write(struct buf *out, const struct shortcuts *s)
{
	char one[4];

	buf_add_char(out, s->off ? '0' : '1');
	buf_add_char(out, s->alt ? 'a' : '-');
	for (unsigned i = 0; i < SHORTCUTS; i++)
		if (s->keys[i])
			buf_add(out, one, utf8_put(one, s->keys[i]));
		else
			buf_add_char(out, ' ');
}

int shortcuts_read(struct slice text, struct shortcuts *ret)
{
	struct shortcuts s = {0};
	enum shortcut first, second;
	size_t at = 2;

	if (!text.n) {
		*ret = shortcuts_usual;
		return 0;
	}
	if (text.n < 2 + SHORTCUTS || text.n > SHORTCUTS_TEXT || !utf8_valid(text) ||
		(text.p[0] != '0' && text.p[0] != '1') || (text.p[1] != 'a' && text.p[1] != '-'))
		return -EBADMSG;
	s.off = text.p[0] == '0';
	s.alt = text.p[1] == 'a';
	for (unsigned i = 0; i < SHORTCUTS; i++) {
		const uint32_t scalar = at < text.n ? utf8_next(text, &at) : 0;

		s.keys[i] = shortcut_key(scalar);
		if (scalar != ' ' && (!s.keys[i] || s.keys[i] != scalar))
			return -EBADMSG;
	}
	if (at != text.n || shortcuts_clash(&s, &first, &second))
		return -EBADMSG;
	*ret = s;
	return 0;
}

void shortcuts_encode(struct buf *out, const struct shortcuts_request *r)
{
	wire_put_bytes(out, r->who);
	wire_put_bytes(out, r->text);
}

int shortcuts_decode(struct slice s, struct shortcuts_request *ret)
{
	struct wire w = wire_reader(s);
	struct shortcuts_request r = {.who = wire_bytes(&w)};
	struct shortcuts read;

	r.text = wire_bytes(&w);
	if (!wire_done(&w) || !r.who.n || shortcuts_read(r.text, &read) < 0)
		return -EBADMSG;
	*ret = r;
	return 0;
}
