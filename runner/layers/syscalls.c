/* SPDX-License-Identifier: Apache-2.0 */
/* syscalls - no filter in this version: said where it was asked for, noted where it was not */
#include "runner/layer.h"

int plan_syscalls(struct planner *planner, struct err *err)
{
	const struct policy *policy = planner->policy;
	struct plan *plan = planner->plan;

	(void)err;
	plan->mechanism[LAYER_SYSCALLS] = "none";
	if (!policy->enabled)
		return 0;
	if (policy->syscalls.mode == SYSCALLS_DEFAULT ||
	    policy->syscalls.mode == SYSCALLS_STRICT) {
		plan->asked[LAYER_SYSCALLS] = true;
		planner_downgrade(
			planner, LAYER_SYSCALLS,
			"this version installs no system call filter; use auto or off");
	} else if (policy->syscalls.mode == SYSCALLS_AUTO) {
		planner_note(planner, LAYER_SYSCALLS,
			     "no system call filter in this version");
	}
	if (policy->filesystem.landlock == MODE_ON)
		planner_downgrade(
			planner, LAYER_FILESYSTEM,
			"this version adds no Landlock domain; use auto or off");
	return 0;
}
