/* SPDX-License-Identifier: GPL-3.0-or-later
 * What every page says of the console's accessibility (décret n° 2019-768): its state, which leads to the statement. */
#ifndef CONSOLE_DRAFTS_ACCESSIBILITY_H
#define CONSOLE_DRAFTS_ACCESSIBILITY_H
#include "../console.h"

/* "Accessibilité : partiellement conforme". */
const char *accessibility_state(const struct visit *v);
#endif
