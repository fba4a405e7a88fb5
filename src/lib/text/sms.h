/* SPDX-License-Identifier: GPL-3.0-or-later
 * sms.txt as the code sees it. */
#ifndef TEXT_SMS_H
#define TEXT_SMS_H
#include <stddef.h>

#define SMS_WORDS_MAX 3u /* of one entry */

enum sms_kind {
	SMS_BESIDE, /* ~ : counts only beside one that is sure */
	SMS_SURE,
	SMS_LOUD /* ! : sure, and its first word tells it, French or not */
};
struct sms {
	const char *sms, *french; /* in the plain view's letters; words parted by one space */
	enum sms_kind kind;
};
extern const struct sms sms_table[];
extern const size_t sms_count;
#endif
