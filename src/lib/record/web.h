/* SPDX-License-Identifier: GPL-3.0-or-later
 * Web addresses in a text: the path names people (facebook.com/paul.durand7), and so does what stands before the name of a host of
 * many (paul-durand.blog.example). */
#ifndef RECORD_WEB_H
#define RECORD_WEB_H
#include <tocsin/base/buf.h>

/* How many bytes at i, where a word begins, are an address that says more than its host; ret: what may stay of it. 0: none. */
size_t web_address(struct slice t, size_t i, struct buf *ret);
#endif
