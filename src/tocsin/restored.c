/* SPDX-License-Identifier: GPL-3.0-or-later
 * A copy of the state carries the moment when it was made (CONFIG_BACKUP_MARK). In the place of the state it is a restored one, which has
 * citizens again who were erased since. Store erases them again by its register, and takes the mark away when that knew all; else that is
 * said until somebody has seen to it and taken the mark away. */
#include "command.h"
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>
#include <tocsin/calendar/day.h>

void restored_put(const struct config *c, enum words_lang lang, struct buf *out)
{
	char day[DAY_TEXT];
	int64_t at;
	if (!config_restored(c, &at))
		return;
	buf_printf(out,
		words(lang,
			"base restaurée d'une sauvegarde du %s : les effacements faits ou demandés depuis sont à refaire "
			"(registre des demandes) ; ensuite, supprimez %s/%s"),
		day_format(at, lang == WORDS_EN, day), c->state_dir, CONFIG_BACKUP_MARK);
}

/* Of a restored state: the older moment, for since then nobody has seen to it. */
int restored_mark(const struct config *c, const char *copy, struct error *e)
{
	_free_ char *path = xasprintf("%s/" CONFIG_BACKUP_MARK, copy);
	char text[CLOCK_TEXT];
	int64_t at;
	if (!config_restored(c, &at))
		at = clock_now();
	return file_write_atomic(path, slice_of(clock_format(at, text)), 0600, e);
}
