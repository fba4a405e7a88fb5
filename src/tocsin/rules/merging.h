/* SPDX-License-Identifier: GPL-3.0-or-later
 * The folder of the configuration, merged with what is in force (tocsin/rules/merge.h): at a start, at SIGHUP, and when somebody
 * pushes it. What was published elsewhere since the folder was taken last stays. */
#ifndef TOCSIN_RULES_MERGING_H
#define TOCSIN_RULES_MERGING_H
#include <tocsin/base/buf.h>
#include <tocsin/db/reader.h>
#include <tocsin/rules/merge.h>
#include <tocsin/words/words.h>

enum { MERGING_SINCE_MAX = 100 };

struct merging {
	/* set by who calls, and borrowed */
	struct reader *reader;
	const char *state_dir;
	enum words_lang lang;
	const char *folder; /* what the configuration's holds now */
	const char *active; /* the hash of what is in force */
	/* that of what the folder said when it was taken last: what was published before that is no news. "": nobody knows */
	const char *last;
	/* found, until merging_release(): packs as people call them, ", " between; files, a line each */
	struct buf kept, disputed, disputed_files;
	/* its own */
	char *base, *ours, *since[MERGING_SINCE_MAX];
	struct pack_sides sides;
	struct buf before; /* files that were disputed at the last merge */
};
/* Writes into a folder that is there what is to be in force. 0 or -errno. */
int merging_make(struct merging *m, const char *into, struct error *e) _must_check_;
void merging_release(struct merging *m);
#endif
