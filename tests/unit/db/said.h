/* SPDX-License-Identifier: GPL-3.0-or-later
 * What one account says, what is decided on it, and a purge; whether a word is in the database's files. */
#ifndef TEST_DB_SAID_H
#define TEST_DB_SAID_H
#include "single.h"

static inline void says(
	const char *id, const char *author, const char *text, const struct verdict *v)
{
	feed(&f,
		&(struct comment){.source = SLICE("facebook"),
			.id = slice_of(id),
			.text = slice_of(text),
			.url = SLICE("https://exemple/1"),
			.author = slice_of(author),
			.author_name = SLICE("Jeanne D.")},
		v);
	fixture_commit(&f);
}

static inline bool in_file(const char *word)
{
	_free_ char *path = xasprintf("%s/store.db", f.dir);
	_free_ char *log = xasprintf("%s/store.db-wal", f.dir);
	const char *const paths[] = {path, log};

	for (size_t i = 0; i < 2; i++) {
		_buf_ struct buf content = {0};
		FILE *file = fopen(paths[i], "rb");
		char chunk[4096];
		size_t n;

		if (!file)
			continue;
		while ((n = fread(chunk, 1, sizeof(chunk), file)) > 0)
			buf_add(&content, chunk, n);
		fclose(file);
		if (content.n && memmem(content.p, content.n, word, strlen(word)))
			return true;
	}
	return false;
}

/* Of one comment, of an author, or (both NULL) by age. */
static inline void purge_of(const char *id, const char *author)
{
	_buf_ struct buf body = {0};
	struct error e = {""};
	int r;

	purge_encode(&body,
		&(struct purge_request){.author = slice_of(author),
			.id = slice_of(id),
			.source = author || id ? SLICE("facebook") : (struct slice){0},
			.who = SLICE("dpo"),
			.reason = SLICE("demande")});
	check(store_purge_begin(f.store, buf_slice(&body), &e), &e);
	do {
		r = store_purge_step(f.store, &e);
		check(r, &e);
	} while (r == STORE_PURGE_MORE);
}

static inline void purge(const char *author)
{
	purge_of(NULL, author);
}

static inline void decided(int64_t seq, const char *who, const char *why)
{
	_buf_ struct buf body = {0};

	decide_encode(&body,
		&(struct decide_request){.seq = seq,
			.decision = SLICE("laisser"),
			.who = slice_of(who),
			.reason = slice_of(why)});
	assert_int_equal(ask(&f, REQUEST_DECIDE, buf_slice(&body), NULL), 0);
}
#endif
