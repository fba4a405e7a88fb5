/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the active bundle of rules says of a topic (its title, who answers, with which model) and of a rule. */
#ifndef CONSOLE_TOPIC_H
#define CONSOLE_TOPIC_H
#include <tocsin/rules/rules.h>
#include "console.h"

/* Reads the bundle when it has changed: before a page that shows topics or cards. */
void topics_refresh(struct visit *v);
/* Slices live until the next request. False: the bundle has no such topic, or cannot be read. */
bool topic_find(struct visit *v, struct slice id, struct rule_info *ret);
/* The title of the rule or topic with this id; empty when the bundle has none. It lives as long. */
struct slice rule_title(struct visit *v, struct slice id);
#endif
