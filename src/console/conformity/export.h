/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CONSOLE_CONFORMITY_EXPORT_H
#define CONSOLE_CONFORMITY_EXPORT_H
#include <tocsin/archive/archive.h>
#include "../console.h"

/* Answers with the file; it must have been written down. author: of ARCHIVE_PERSON. */
void export_begin(struct visit *v, enum archive_kind kind, const unsigned char *author);
/* The pieces of one. */
void export_dossier(struct visit *v, int64_t dossier);
#endif
