/* SPDX-License-Identifier: GPL-3.0-or-later
 * What reading WordPress's comments and acting on them share. */
#ifndef CONNECT_WORDPRESS_H
#define CONNECT_WORDPRESS_H
#include <tocsin/json/fields.h>

#include "../poller.h"

/* ".../wp-json/wp/v2/comments" of the source. */
void wordpress_site(const struct source_config *source, struct buf *url);
/* What the comment says, as text; appended. */
void wordpress_content(struct json_value v, struct buf *out);
int wordpress_deed(struct deed *d, const struct page *last, struct error *e);
#endif
