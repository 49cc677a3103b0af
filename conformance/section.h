/* SPDX-License-Identifier: Apache-2.0 */
/* section - what CONFORMANCE.md says of one requirement besides its sentence */
#ifndef CONFORMANCE_SECTION_H
#define CONFORMANCE_SECTION_H

#include "runner/base/err.h"
#include "runner/base/str.h"

/* Appends the list items of a requirement's section, one a line, marks of emphasis left out;
 * without the list of probes. Nothing for an unknown id. -1: SYSTEM, cannot read. */
int section_add_items(struct str *str, const char *path, const char *id, struct err *err);

#endif
