/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run - the probes of a session, each in a worker process, some at a time
 *
 * Judges nothing. Order of use: session_open, control_start, session_parity, session_identify,
 * control_finish, run_probes (any number of times), session_close. Everything that is made
 * on the host lives in cgroups and namespaces which end with this process, however it ends.
 */
#ifndef CONFORMANCE_RUN_H
#define CONFORMANCE_RUN_H

#include "conformance/control.h"
#include "conformance/parity.h"
#include "conformance/seen.h"
#include "conformance/session.h"
#include "conformance/wants.h"
#include "runner/base/err.h"
#include "runner/base/str.h"

/* Called in this process, once for each attempt, in order of completion. True: once more. */
typedef bool run_done(void *context, const struct probe *probe,
		      const struct run_result *result);

/**
 * run_probes() - Runs the probes, up to `jobs` at a time (0: schedule_jobs()), as schedule.h has it
 * Return: 0; or -1: stop_fd became readable (POLICY "interrupted"), or INTERNAL
 */
int run_probes(struct session *session, const struct probe *const *probes, size_t count,
	       unsigned int jobs, run_done *done, void *context, struct err *err);

/* What would be done, for --dry-run: arrangement, witnesses, arguments of both arms. Touches
 * nothing. */
int run_describe(const struct session_wants *wants, const struct probe *probe,
		 struct str *ret, struct err *err);

#endif
