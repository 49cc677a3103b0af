/* SPDX-License-Identifier: Apache-2.0 */
/* options - `confine report FORMAT FILE [-o FILE]` */
#ifndef REPORTS_OPTIONS_H
#define REPORTS_OPTIONS_H

#include "reports/format.h"
#include "runner/base/err.h"
#include <stdio.h>

enum options_wish {
	WISH_REPORT,
	WISH_HELP,
	WISH_VERSION
};

struct options {
	enum options_wish wish;
	const struct format *format;
	const char *input;  /* "-": standard input */
	const char *output; /* "-": standard output */
};

/* POLICY: one line that says what is wrong and what is allowed. */
int options_parse(int argc, char *const *argv, struct options *ret, struct err *err);
void options_help(FILE *stream);

#endif
