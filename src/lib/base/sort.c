/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/base/sort.h>

#include <assert.h>
#include <string.h>

void sort_few(void *list, size_t n, size_t size, int (*compare)(const void *, const void *))
{
	char one[SORT_SIZE_MAX];
	char *p = list;

	assert(size <= sizeof(one));
	for (size_t i = 1; i < n; i++) {
		size_t to = i;

		while (to && compare(p + (to - 1) * size, p + i * size) > 0)
			to--;
		if (to == i)
			continue;
		memcpy(one, p + i * size, size);
		memmove(p + (to + 1) * size, p + to * size, (i - to) * size);
		memcpy(p + to * size, one, size);
	}
}
