/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/record/batch.h>

#include <errno.h>

#include <tocsin/record/wire.h>

#define LENGTH_SIZE 4u

void batch_add(struct buf *items, const struct comment *c)
{
	size_t start = items->n, n;
	char *p;

	wire_put_u32(items, 0);
	comment_encode(items, c);
	n = items->n - start - LENGTH_SIZE;
	p = items->p + start;
	for (unsigned i = 0; i < LENGTH_SIZE; i++)
		p[i] = (char)(unsigned char)(n >> (8 * i));
}

void batch_add_item(struct buf *items, struct slice item)
{
	wire_put_u32(items, (uint32_t)item.n);
	if (item.n)
		buf_add(items, item.p, item.n);
}

bool batch_next(struct slice *items, struct slice *ret_item, bool *bad)
{
	struct wire w = wire_reader(*items);
	uint32_t n;

	*bad = false;
	if (!items->n)
		return false;
	n = wire_u32(&w);
	if (w.bad || n > (size_t)(w.end - w.p)) {
		*bad = true;
		return false;
	}
	*ret_item = (struct slice){(const char *)w.p, n};
	items->p += LENGTH_SIZE + n;
	items->n -= LENGTH_SIZE + n;
	return true;
}

int batch_range(struct slice items, uint32_t first, uint32_t count, struct slice *ret)
{
	struct slice item;
	const char *start;
	bool bad;

	for (uint32_t i = 0; i < first; i++)
		if (!batch_next(&items, &item, &bad))
			return -EBADMSG;
	start = items.p;
	for (uint32_t i = 0; i < count; i++)
		if (!batch_next(&items, &item, &bad))
			return -EBADMSG;
	*ret = (struct slice){start, (size_t)(items.p - start)};
	return 0;
}

int batch_count(struct slice items, uint32_t *ret)
{
	struct slice item;
	uint32_t n = 0;
	bool bad;

	while (batch_next(&items, &item, &bad))
		n++;
	if (bad)
		return -EBADMSG;
	*ret = n;
	return 0;
}
