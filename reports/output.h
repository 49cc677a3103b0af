/* SPDX-License-Identifier: Apache-2.0 */
/* output - where a report goes: whole, or an error */
#ifndef REPORTS_OUTPUT_H
#define REPORTS_OUTPUT_H

#include "runner/base/err.h"
#include "runner/base/str.h"
#include <stdbool.h>

/* A file is replaced by rename, so that nobody reads half of it; what is no regular file (a
 * terminal, a pipe, /dev/null) is written to, never replaced; "-" is stdout. SYSTEM. */
int output_write(const char *path, const struct str *text, struct err *err);
/* Would writing to `output` destroy `input`? */
bool output_is_input(const char *output, const char *input);
/* Does whoever reads `output` want colours? */
bool output_wants_colour(const char *output);

#endif
