/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reporter - confine-report, started on the record of a run
 *
 * Waivers and baselines are in its hands alone: it reads them, and says what they make of the status.
 * Whether it takes them is asked before anything is tried.
 */
#ifndef CONFORMANCE_REPORTER_H
#define CONFORMANCE_REPORTER_H

#include "conformance/suite.h"

/* Is something held beside the run, so that the status is the report's and not the gate's? */
bool reporter_decides(const struct suite *suite);
/* Are --waivers and --baseline what they have to be? -1: POLICY; where *err has no text, confine-report
 * has said why. */
int reporter_check(struct suite *suite, struct err *err);
/**
 * reporter_run() - `confine report FORMAT RECORD`, with what is held beside it
 * @output:	file, or NULL: what it writes goes to `fd`
 * Return: its exit status; or -1: it could not be started or died
 */
int reporter_run(struct suite *suite, const char *format, const char *output, int fd,
		 struct err *err);

#endif
