/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the files of this room share. */
#ifndef SERVICE_PRIVATE_H
#define SERVICE_PRIVATE_H
#include <signal.h>
#include <tocsin/base/arena.h>
#include <tocsin/base/map.h>
#include <tocsin/service/service.h>

struct metric {
	char *name, *labels; /* labels may be NULL */
	double value;
};
struct service_private {
	char *name; /* with the instance */
	char *instance;
	enum log_level level;
	sigset_t watched;
	char quoted[4][160];
	unsigned next_quoted;
	struct map *index; /* "name\0labels" → place in metrics */
	struct metric *metrics;
	size_t n_metrics, cap_metrics;
	char *metrics_path; /* made at the first flush */
	int64_t started_at, flushed_at /* monotonic */;
};
void metrics_release(struct service_private *p);

/* Filling a struct config. */
struct config_private {
	struct arena arena;
	const char *folder; /* absolute: relative paths count from here */
	struct buf text; /* as it was read */
	bool again; /* it was read before: no file is looked for */
};
struct section { /* one map of the file, being read */
	struct config *c;
	const struct yaml_node *map; /* NULL: absent, every value is its default */
	const struct yaml_key *keys;
	size_t n_keys;
	struct problems *p;
};
/* The map under an English key of the root; checks that it is a map and that its keys are known. */
struct section config_section(
	struct section *root, const char *english, const struct yaml_key *keys, size_t n_keys);
const struct yaml_node *section_get(const struct section *s, const char *english);
/* Each leaves *ret alone when the key is absent, and adds a problem when its value is wrong. */
void section_string(const struct section *s, const char *english, const char **ret);
void section_path(const struct section *s, const char *english, const char **ret);
void section_int(
	const struct section *s, const char *english, int64_t min, int64_t max, int64_t *ret);
void section_size(
	const struct section *s, const char *english, int64_t min, int64_t max, int64_t *ret);
void section_bool(const struct section *s, const char *english, bool *ret);
void section_duration(const struct section *s, const char *english, int64_t min_ms, int64_t *ret);
/* One of pairs of spellings; *ret becomes the English one. */
void section_choice(const struct section *s, const char *english, const struct yaml_key *choices,
	size_t n, const char **ret);
/* A list of words, NULL-terminated; hint and what say what they are. */
void section_words(
	const struct section *s, const char *key, const char *hint, const char *what, char ***ret);
/* allow_internal. */
void section_hosts(const struct section *s, char ***ret);
/* Whether a file that is named is not there. */
bool config_lacks(const struct config *c, const char *path, int mode);
const char *config_path(struct config *c, struct slice path);
void config_read_sources(struct section *root);
void config_read_console(struct section *root);
void config_read_accessibility(struct section *console);
/* host:port */
bool config_listen_ok(const char *text);
/* An address, ready for a path behind it. */
void config_read_public(struct section *section, const char **ret);
/* Of one source: its columns, separator, encoding. */
void config_read_columns(const struct section *s, struct source_config *source);
#endif
