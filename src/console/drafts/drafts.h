/* SPDX-License-Identifier: GPL-3.0-or-later
 * Papers that the law asks of the town, or that it is well to have, written as far as tocsin can: for the DPO and the jurist to
 * read, complete and take over. What is said of tocsin in them must be true of the code; what is said of the installation
 * comes from its configuration. */
#ifndef CONSOLE_DRAFTS_DRAFTS_H
#define CONSOLE_DRAFTS_DRAFTS_H
#include "sheet.h"

typedef int draft_fn(struct visit *v, struct error *e);
draft_fn draft_register; /* RGPD, article 30 */
draft_fn draft_assessment; /* article 35 */
draft_fn draft_notice; /* articles 13 and 14 */
draft_fn draft_charter;
draft_fn draft_topics;
draft_fn draft_accessibility; /* loi n° 2005-102, article 47 */
#endif
