/* SPDX-License-Identifier: GPL-3.0-or-later
 * An incident as JSON: the keys of one object. */
#ifndef TOCSIN_INCIDENT_H
#define TOCSIN_INCIDENT_H
#include <tocsin/json/json.h>
#include "command.h"

void incident_json(struct json_writer *w, const struct incident *i);
#endif
