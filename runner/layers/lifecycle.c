/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lifecycle - nothing outlives a run: a pid namespace whose init is ours, and whose end is the end
 * of every task in it; without one, a subreaper that kills what is handed to it
 */
#include "runner/layer.h"

/* Between TERM and KILL: CONFORMANCE.md, LIF-01. */
#define GRACE_MS 1000

static void plan_tree(struct planner *planner)
{
	struct plan *plan = planner->plan;

	plan->own_pids = planner_has_namespace(planner, CAPABILITY_PID_NAMESPACE);
	if (plan->own_pids) {
		(void)planner_step(planner, OP_NS_PID);
		plan->mechanism[LAYER_LIFECYCLE] =
			"pid namespace with an init of ours, pidfd, "
			"parent-death signal and lifeline";
		planner_promise(planner, REQ(LIF_01) | REQ(LIF_11), PROMISE_ENFORCED);
		plan->enforced[LAYER_LIFECYCLE] = true;
		return;
	}
	(void)planner_step(planner, OP_SUBREAPER);
	plan->mechanism[LAYER_LIFECYCLE] =
		"subreaper that kills what is handed to it, lifeline";
	planner_promise(planner, REQ(LIF_01) | REQ(LIF_11), PROMISE_DEGRADED);
	planner_downgrade(planner, LAYER_LIFECYCLE,
			  "no pid namespace, tasks may escape: %s",
			  planner_missing(planner, CAPABILITY_PID_NAMESPACE));
}

int plan_lifecycle(struct planner *planner, struct err *err)
{
	(void)err;
	planner_step(planner, OP_KILL_TREE)->number = GRACE_MS;
	if (planner->request->timeout_ms)
		planner_step(planner, OP_DEADLINE)->number = planner->request->timeout_ms;
	if (!planner->policy->enabled) {
		(void)planner_step(planner, OP_SUBREAPER);
		return 0;
	}
	planner->plan->asked[LAYER_LIFECYCLE] = true;
	planner_stays_on(planner, LAYER_LIFECYCLE, planner->policy->lifecycle.mode);
	plan_tree(planner);
	(void)planner_step(planner, OP_OOM_SCORE);
	/* Its own death would free the rest of a tree that is no pid namespace; there it is the
	 * lifeline's end of file that makes it kill. */
	if (planner->plan->own_pids)
		(void)planner_step(planner, OP_LIFELINE);
	planner_promise(planner, REQ(RPT_01) | REQ(RPT_02) | REQ(RPT_21) | REQ(LIF_22),
			PROMISE_ENFORCED);
	/* Else a script kills its launcher, or gives it limits to die of. */
	planner_promise(planner, REQ(RPT_03) | REQ(RPT_22) | REQ(LIF_21),
			planner_is_apart(planner) ? PROMISE_ENFORCED : PROMISE_DEGRADED);
	/* Else it opens the caller's descriptors through /proc. */
	planner_promise(planner, REQ(FD_01),
			planner_is_closed(planner) ? PROMISE_ENFORCED : PROMISE_DEGRADED);
	return 0;
}
