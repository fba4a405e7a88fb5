/* SPDX-License-Identifier: GPL-3.0-or-later
 * A person's draft: the packs that he changed, and the published rules that he began from. In files (state/brouillons/ACCOUNT/,
 * of this process alone), so that it outlives a session, a browser and a restart; it goes when it is published or dropped,
 * or with the account (`tocsin user remove`). */
#ifndef CONSOLE_RULES_DRAFT_H
#define CONSOLE_RULES_DRAFT_H
#include "../console.h"

#define DRAFT_TEXT_MAX (512u << 10) /* bytes of a pack that is edited here */
#define DRAFT_FILES_MAX 64u
#define DRAFT_NAME_MAX 60u

struct draft {
	bool any; /* there is one */
	char base
		[65]; /* what it began from; without one: what is active now; "" nothing is published */
	const char *state;
	char *folder, *bundle; /* of the draft; of the base */
};
/* -ENOENT: nothing is published yet. */
int draft_open(struct visit *v, struct draft *ret) _must_check_;
void draft_release(struct draft *d);
/* One that is not there yet will begin from this version: that of the page on which it was typed. */
void draft_begin_from(struct draft *d, struct slice hash);

/* The name of a pack's file without ".yaml": letters, digits, - _ and . inside. */
bool draft_name_ok(struct slice name);
/* One pack as the draft has it, else as it was published: 0, -ENOENT, -ESTALE when what it began from is gone, or -errno. */
int draft_text(const struct draft *d, const char *name, struct buf *ret) _must_check_;
bool draft_has(const struct draft *d, const char *name); /* it is changed */
/* The version that a pack's text began from: the draft's, unless it was typed on the page of another one. */
void draft_from(const struct draft *d, const char *name, char ret[static 65]);
int draft_set_from(struct draft *d, const char *name, const char *hash) _must_check_;
/* Whether a pack says the same in two versions; of one whose files are gone nobody knows. */
bool draft_same(const struct draft *d, const char *name, const char *a, const char *b);
/* The changed packs that this version changed otherwise since they were begun: publishing ours would take that back.
 * As draft_names. */
size_t draft_conflicts(const struct draft *d, const char *hash, char **ret, size_t max);
/* The draft takes the pack away: its text is empty there, as no pack's is. 0, -ENOENT, -EPERM
 * (no pack would be left), -EDQUOT (DRAFT_FILES_MAX) or -errno. */
int draft_remove(struct draft *d, const char *name) _must_check_;
/* … or calls it otherwise, with this text: -EEXIST when there is one of that name. Its rules keep their names, and with them
 * what they found. */
int draft_rename(struct draft *d, const char *name, const char *to, struct slice text) _must_check_;
bool draft_removes(const struct draft *d, const char *name);
/* As it was published again. */
int draft_restore(struct draft *d, const char *name) _must_check_;
/* Keeps a pack (-EFBIG: more than DRAFT_TEXT_MAX); as it was published, it is no change and leaves the draft. */
int draft_keep(struct draft *d, const char *name, struct slice text) _must_check_;
int draft_drop(struct draft *d) _must_check_;
/* What is as in this folder leaves the draft. */
int draft_settle(struct draft *d, const char *folder) _must_check_;
/* Whether a pack says the same in two folders; one that is not there is like no other, one that is taken away like it. */
bool draft_folders_agree(const char *name, const char *a, const char *b);
/* The draft, and every pack of it, goes on from another version: when nothing is in conflict. */
int draft_rebase(struct draft *d, const char *hash) _must_check_;
/* The names of packs in a folder, sorted; "formes.bin" and the like are none. ret is an array of at most max; free each. */
size_t draft_names(const char *folder, char **ret, size_t max);
/* A folder of its own with the packs as they would be published, in `run`; file_remove_tree ends it. */
#define DRAFT_COPY "regles-" /* its name's beginning */
int draft_copy(const struct draft *d, const char *run, char **ret) _must_check_;
/* What people are told of -ESTALE, -EDQUOT, -EFBIG and any other fault of these. */
const char *draft_fault(enum words_lang l, int r);
#endif
