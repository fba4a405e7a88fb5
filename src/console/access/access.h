/* SPDX-License-Identifier: GPL-3.0-or-later
 * What forms with passwords share: access.c. */
#ifndef CONSOLE_ACCESS_H
#define CONSOLE_ACCESS_H
#include "../console.h"
#include "hash.h"

#define ACCESS_NAME \
	"autocomplete=\"username\" autocapitalize=\"none\" spellcheck=\"false\" maxlength=\"40\""
#define ACCESS_PASSWORD "type=\"password\" autocomplete=\"current-password\" maxlength=\"200\""
#define ACCESS_NEW_PASSWORD \
	"type=\"password\" autocomplete=\"new-password\" minlength=\"12\" maxlength=\"200\""

/* more: attributes of the input. */
void access_field(struct visit *v, const char *name, const char *label, const char *more);
void access_button(struct visit *v, const char *text); /* the form ends with it */
void access_wrong(struct visit *v, const char *wrong); /* NULL: nothing was */
/* Wrong passwords are counted, by sender and by account. */
bool access_may_try(struct visit *v, struct slice name);
void access_tried_wrong(struct visit *v, struct slice name);
/* Hands the password over, and wipes the job; false when too many wait. */
bool access_look_at(struct visit *v, struct hash_job *job, const struct buf *password);
void access_wipe(struct buf *b);
#endif
