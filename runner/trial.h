/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trial - a real run, set up under a policy and ended before its exec: what this host makes of it
 */
#ifndef RUNNER_TRIAL_H
#define RUNNER_TRIAL_H

#include "runner/attempt.h"

/**
 * trial_make() - Set up a run of /bin/true, let nothing of it be executed
 * @policy:	made to degrade, so that what is missing is named and the rest is tried
 * @argv:	the program's own, where the kernel put it
 * @attempt:	empty (attempt_new()); its claims and caps are what was found. Nothing is left of the run
 * Return: 0; or -1: POLICY, SYSTEM
 */
int trial_make(const struct policy *policy, const struct policy_source *source,
	       char **argv, struct arena *arena, struct attempt *attempt,
	       struct err *err);

/* Was a capability needed by a step that was carried out? Else what caps say of it is presumed. */
bool trial_has_tried(const struct attempt *attempt, enum capability capability,
		     const char **ret_step);

#endif
