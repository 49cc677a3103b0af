/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trial - the part of a run that touches the host: shield, controls, probes
 *
 * The record is written anew after every probe, so that whatever ends the run, what was found
 * out until then can be read, and says that it is not whole.
 */
#ifndef CONFORMANCE_TRIAL_H
#define CONFORMANCE_TRIAL_H

#include "conformance/progress.h"
#include "conformance/suite.h"

struct trial {
	struct suite *suite;
	struct progress progress;
	struct verdict_output *first; /* of a probe that is tried again, by selection */
	bool *tried;
	int stop_fd;
	struct err write_err; /* of the first record that could not be written */
	bool write_failed;
};

/* Opens the session, then the run control, parity, and who the script is. */
int trial_shield(struct trial *trial, struct suite *suite, struct err *err);
/* Runs, judges and records every selected probe, unless the run control did not hold. */
int trial_run(struct trial *trial, struct err *err);
/* Closes the session; the record is whole from here on. */
int trial_finish(struct trial *trial, struct err *err);
void trial_done(struct trial *trial);

#endif
