/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DB_SEARCH_PRIVATE_H
#define DB_SEARCH_PRIVATE_H
#include "sq.h"

struct search {
	struct sq q, store; /* search.db; the database, read only */
	char *dir;
	int lock;
	sqlite3_stmt *insert; /* into the table of insert_shard */
	int64_t insert_shard;
	int64_t forgotten; /* removal number up to which every shard was built again */
	int64_t round, round_shard; /* the round at hand: its number, the last shard done */
};
#endif
