/* SPDX-License-Identifier: GPL-3.0-or-later
 * A backup in the place of the state: who was erased since is erased again before anybody reads the database. The mark goes when
 * the register knew all; else it stays, with the moment since when erasures are owed. */
#include "store.h"

#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>

static void keep_mark(struct process *p, const char *mark, const struct store_again *a)
{
	char text[CLOCK_TEXT];
	struct error e = {""};

	service_log(&p->service, LOG_WARNING_,
		"base restaurée : %u effacements refaits d'après le registre ; d'autres peuvent rester à refaire (%s)",
		a->erasures, a->why);
	if (a->since &&
		file_write_atomic(mark, slice_of(clock_format(a->since, text)), 0600, &e) < 0)
		process_fault(p, "sauvegarde restaurée", &e);
}

void process_again(struct process *p)
{
	const struct config *c = &p->service.config;
	_free_ char *mark = xasprintf("%s/" CONFIG_BACKUP_MARK, c->state_dir);
	const struct slice reason =
		SLICE("effacement refait : une sauvegarde d'avant lui a été restaurée");
	struct store_again a = {0};
	struct error e = {""};
	int64_t at;

	if (store_register_fault(p->store))
		service_log(&p->service, LOG_WARNING_,
			"registre des effacements : %s ; aucun effacement n'est accepté tant qu'il ne s'écrit pas",
			store_register_fault(p->store));
	if (!config_restored(c, &at))
		return;
	if (store_again(p->store, reason, &a, &e) < 0) {
		process_fault(p, "effacements d'après le registre", &e);
		return;
	}
	if (!a.whole) {
		keep_mark(p, mark, &a);
		return;
	}
	if (unlink(mark) < 0 && errno != ENOENT)
		service_log(&p->service, LOG_WARNING_, "%s : %s", mark, strerror(errno));
	service_log(&p->service, LOG_INFO_,
		"base restaurée : %u effacements refaits d'après le registre, plus rien n'est à refaire",
		a.erasures);
}
