/* SPDX-License-Identifier: GPL-3.0-or-later
 * sms.txt as the code sees it. */
#ifndef TEXT_SMS_H
#define TEXT_SMS_H
#include <stdbool.h>
#include <stddef.h>

#define SMS_WORDS_MAX 3u /* of one entry */

struct sms {
	const char *sms, *french; /* in the plain view's letters; words parted by one space */
	bool sure; /* false: counts only beside one that is */
};
extern const struct sms sms_table[];
extern const size_t sms_count;
#endif
