/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which Latin letter a letter looks like. 0: none. */
#ifndef TEXT_LOOKS_H
#define TEXT_LOOKS_H
#include <stdint.h>

/* Of another script (сonnard): the image, with LOOK_WEAK where only words that have Latin letters believe it (ДИИE).
 * Whether it counts is for the word around it to say. */
#define LOOK_WEAK 0x80u
unsigned char look_of(uint32_t scalar);
/* Of phonetics and small capitals (ᴄᴏɴ): the image counts everywhere. */
char look_latin(uint32_t scalar);
/* With a stroke or a hook (ø): what the folded view shows. */
char look_stroke(uint32_t scalar);
#endif
