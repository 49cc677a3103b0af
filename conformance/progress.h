/* SPDX-License-Identifier: Apache-2.0 */
/* progress - one line on a terminal's standard error that replaces itself; elsewhere nothing */
#ifndef CONFORMANCE_PROGRESS_H
#define CONFORMANCE_PROGRESS_H

#include "conformance/style.h"
#include <stddef.h>

struct progress {
	struct style style;
	size_t done, total;
	double started; /* seconds, monotonic */
	bool shown;
};

void progress_start(struct progress *progress, const struct style *style, size_t total);
/* "[####----] 40/130 1:05 left what": the line as it is after so many seconds; no time before there
 * is something to guess from. */
void progress_add_line(struct str *str, const struct progress *progress, double seconds,
		       const char *what);
/* `what` is going on, or was just done. */
void progress_show(struct progress *progress, const char *what);
/* Takes the line away; before anything else is printed, and at the end. */
void progress_clear(struct progress *progress);

#endif
