/* SPDX-License-Identifier: Apache-2.0 */
/*
 * line - foreign text made fit for one line of XML or of a terminal
 *
 * Controls, C1, bidi marks, U+FFFE and bytes that are not UTF-8 come out as \xNN, so the result
 * is one line, is UTF-8, holds only characters that XML 1.0 has, and cannot steer a terminal.
 * libxml2's writer checks none of this.
 */
#ifndef REPORTS_LINE_H
#define REPORTS_LINE_H

#include "runner/base/str.h"
#include <stddef.h>

/* Appends `text` cleaned, at most max_bytes of output; what is left out is shown as "…" (at
 * most 3 bytes more). */
void line_add(struct str *str, const char *text, size_t max_bytes);
/* Appends `text` as it is, cut at a whole character: keeps one long part from pushing the
 * others out of a message that is cleaned later. */
void line_add_raw(struct str *str, const char *text, size_t max_bytes);

#endif
