/* SPDX-License-Identifier: GPL-3.0-or-later
 * A topic that emerged and is followed: the pack of the rules that it is, by the number of its alarm. */
#ifndef TOCSIN_RECORD_FOLLOWED_H
#define TOCSIN_RECORD_FOLLOWED_H
#include <tocsin/record/incident.h>

#define FOLLOWED_PACK_MAX 32u
/* "suivi-12": its name, and its file's without ".yaml". */
void followed_pack(int64_t alarm, char ret[static FOLLOWED_PACK_MAX]);
/* The alarm of a pack's file, in whatever folder; 0 when it is another pack's. */
int64_t followed_alarm(const char *path);
/* Its topic has the pack's name for an id: by it everybody knows, whatever it is called, that the name may be made of citizens' words. The
 * alarm of such an id; 0 when it is another topic's. */
int64_t followed_topic(struct slice id);
/* What an emergent topic is called by those who speak of it; empty when the alarm is about something else. */
struct slice followed_label(const struct incident *i);
#endif
