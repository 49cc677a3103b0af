/* SPDX-License-Identifier: Apache-2.0 */
/* clock - whether the times of a record can be believed: what the kernel says about its clock */
#ifndef CONFORMANCE_CLOCK_H
#define CONFORMANCE_CLOCK_H

#include "runner/base/json.h"
#include <stdbool.h>
#include <time.h>

struct clock_state {
	bool known;        /* the kernel answered */
	bool synchronised; /* something keeps it to a reference (NTP, PTP), STA_UNSYNC is off */
	const char *state;    /* "TIME_OK" …, static */
	unsigned int status;  /* STA_ bits, adjtimex(2) */
	long max_error_us;    /* as whoever keeps it estimates */
	struct timespec wall; /* both at the same moment */
	struct timespec since_boot;
};

/* Changes nothing; needs no privilege. Source: adjtimex(2) */
void clock_read(struct clock_state *ret);
/* The object `clock` of a record: the state at the start, and by how much the wall clock was stepped
 * until the end; `ended` NULL: not yet. */
void clock_add(struct json *run, const struct clock_state *started,
	       const struct clock_state *ended);

#endif
