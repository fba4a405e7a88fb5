/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where things stand in a pack as people wrote it, and small changes of its text that leave all the rest as it was. A change is
 * read again before it is given: what is written in a way that it would break is left alone (-ENOTSUP). Pure. */
#ifndef CONSOLE_RULES_WRITTEN_H
#define CONSOLE_RULES_WRITTEN_H
#include <tocsin/yaml/yaml.h>

/* A pack that was read. text: its own, for who has no other place for it; nodes point into what was read. */
struct written {
	struct buf text;
	struct yaml_file file;
	struct problems problems;
};
/* 0, or -EBADMSG: no YAML, or nothing at all. *ret is zeroed but for its text; release it either way. */
int written_read(const char *path, struct slice text, struct written *ret) _must_check_;
void written_release(struct written *w);

/* A value under either spelling, or NULL; map may be NULL. */
const struct yaml_node *written_value(
	const struct yaml_node *map, const char *english, const char *french);
/* The rule or topic of that name, or NULL. */
const struct yaml_node *written_rule(const struct yaml_file *f, struct slice id);
/* A list of words of the pack, or NULL. */
const struct yaml_node *written_list(const struct yaml_file *f, struct slice name);
/* The lines of a map of a list: from its first to the next that stands further left. */
struct slice written_lines(struct slice text, const struct yaml_node *map);

/* A sample that the rule must recognise: 0, -ENOENT (no such rule), -EEXIST (it has it) or -ENOTSUP. */
int written_add_test(struct slice text, struct slice rule, struct slice sample, struct buf *ret)
	_must_check_;
/* A word more in a list, or less: 0, -ENOENT (no such list; no such word), -EEXIST, -EPERM (the last word) or -ENOTSUP. */
int written_add_word(struct slice text, struct slice list, struct slice word, struct buf *ret)
	_must_check_;
int written_remove_word(struct slice text, struct slice list, struct slice word, struct buf *ret)
	_must_check_;
#endif
