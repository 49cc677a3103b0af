/* SPDX-License-Identifier: Apache-2.0 */
/* output - the script writes into pipes of ours, and one byte budget is held over both */
#include "runner/layer.h"

int plan_output(struct planner *planner, struct err *err)
{
	const struct limit *limit = &planner->policy->resources.max_output_bytes;
	struct plan *plan = planner->plan;
	enum promise held =
		planner_is_closed(planner) ? PROMISE_ENFORCED : PROMISE_DEGRADED;

	(void)err;
	(void)planner_step(planner, OP_STDIO);
	if (!planner->policy->enabled)
		return 0;
	plan->asked[LAYER_OUTPUT] = true;
	plan->enforced[LAYER_OUTPUT] = true;
	plan->mechanism[LAYER_OUTPUT] = "pipes of ours";
	planner_promise(planner, REQ(FD_11), held);
	if (!limit->set)
		return 0;
	planner_step(planner, OP_OUTPUT_CAP)->number = limit->value;
	planner_limit(planner, "maxOutputBytes", limit->value, SCOPE_TREE,
		      "one byte budget over both pipes");
	plan->mechanism[LAYER_OUTPUT] = "pipes of ours, one byte budget over both";
	planner_promise(planner, REQ(OUT_01), held);
	return 0;
}
