/* SPDX-License-Identifier: GPL-3.0-or-later
 * Decidim's GraphQL (docs.decidim.org, /api/docs of every site): what is commented, and the comments below it. */
#ifndef CONNECT_DECIDIM_H
#define CONNECT_DECIDIM_H
#include <tocsin/json/fields.h>
#include <tocsin/record/comment.h>

#define DECIDIM_DEPTH 4u /* of answers to answers: Decidim itself allows three */

enum decidim_space { DECIDIM_PROCESSES, DECIDIM_ASSEMBLIES, DECIDIM_INITIATIVES, DECIDIM_SPACES };
/* "participatoryProcesses", as in queries; "processes", as in addresses. */
const char *decidim_root(enum decidim_space space);
const char *decidim_folder(enum decidim_space space);
/* Whether the site says that it has no such spaces at all: not all modules are everywhere. */
bool decidim_has_none(enum decidim_space space, struct slice error);
enum decidim_type {
	DECIDIM_PROPOSALS,
	DECIDIM_DEBATES,
	DECIDIM_MEETINGS,
	DECIDIM_BLOGS,
	DECIDIM_RESULTS,
	DECIDIM_TYPES
};
/* The type of a component by its __typename; DECIDIM_TYPES: one without comments that we know. */
enum decidim_type decidim_type(struct slice name);
/* "proposals", as in queries and addresses. */
const char *decidim_edge(enum decidim_type type);

/* Queries, as the JSON that is posted. */
void decidim_spaces_query(struct buf *out, enum decidim_space space);
/* What is said of an initiative itself; it has no component for that. */
void decidim_initiative_query(struct buf *out, struct slice id, bool translated);
#define DECIDIM_PAGE \
	20u /* a server refuses queries that are too complex (5000 fields): these stay below a third of that */

/* A page of so many of what one component holds; with: and its comments. after: empty: the first. translated: comments have their words in several languages (older
 * versions). */
void decidim_page_query(struct buf *out, struct slice component, enum decidim_type type,
	struct slice after, unsigned size, bool translated, bool with);

/* Calls each for the comments of an object, and below them; false: not all of them can be read, so that one that is not there is not
 * known to be gone. thread: its address. */
typedef void decidim_fn(void *user, const struct comment *c);
bool decidim_comments(struct json_value object, struct slice thread, decidim_fn *each, void *user);
#endif
