/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the pages of dossiers share. The moderation opens one and adds to it, a jurist conducts it, a jurist or the DPO lifts its
 * hold; the DPO is shown no text, the cabinet nothing. */
#ifndef CONSOLE_DOSSIER_DOSSIER_H
#define CONSOLE_DOSSIER_DOSSIER_H
#include <tocsin/db/dossier.h>
#include "../console.h"

/* Whether he may read what is in it. */
bool dossier_shows(const struct visit *v);
const char *dossier_purpose(const struct visit *v, enum dossier_purpose p);
const char *dossier_victim(const struct visit *v, enum dossier_victim w);
/* <select> of all of them, with its label. */
void dossier_put_purposes(struct visit *v, const char *label, unsigned chosen);
void dossier_put_victims(struct visit *v, unsigned chosen);
/* The number of the name that a field has: false when it is none. */
bool dossier_read_purpose(struct visit *v, uint8_t *ret);
bool dossier_read_victim(struct visit *v, uint8_t *ret);

/* On a comment's page: the dossiers that it is in; seq: with the way to one more, 0 without. */
int dossier_put_of(struct visit *v, int64_t row, int64_t seq, struct error *e) _must_check_;
/* The same in a cell: "dossier n° 3", or "en dossier" when a decision alone holds it. */
void dossier_put_links(struct visit *v, int64_t row);

/* The page again, with what went wrong and what was typed. */
void dossier_page(struct visit *v, unsigned status, const char *wrong, struct slice typed);
#endif
