/* SPDX-License-Identifier: GPL-3.0-or-later
 * A curve as a picture, drawn by tocsin-chart. Called in the child that makes an attempt, never in the process itself. */
#ifndef ESCALATE_PICTURE_H
#define ESCALATE_PICTURE_H
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>
#include <tocsin/words/words.h>

#define PICTURE_MS 2000 /* what an alarm may wait for its picture; then it goes without */
#define PICTURE_MAX (1u << 20) /* bytes */

/* The PNG of a curve (message.h). The program is tocsin-chart in the folder that TOCSIN_LIBEXEC names, or beside this one, or
 * where the build tree has it. 0, or -errno with the reason and nothing in ret: it is not there, has failed, was killed,
 * took too long, or what it wrote is no PNG. */
int picture_draw(struct slice curve, enum words_lang lang, const char *zone, struct buf *ret,
	struct error *e) _must_check_;
#endif
