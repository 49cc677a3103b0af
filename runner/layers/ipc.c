/* SPDX-License-Identifier: Apache-2.0 */
/* ipc - System V, message queues, host name, cgroup view and session keyring of its own */
#include "runner/layer.h"
#include "runner/plan.h"

static const char *mechanism_of(const struct plan *plan)
{
	bool keyring = plan_find(plan, OP_KEYRING) != NULL;

	if (!plan->enforced[LAYER_IPC])
		return keyring ? "session keyring of its own" : "none";
	return keyring ? "ipc, uts and cgroup namespaces, session keyring of its own"
		       : "ipc, uts and cgroup namespaces";
}

int plan_ipc(struct planner *planner, struct err *err)
{
	static const struct {
		enum capability capability;
		enum op op;
	} namespaces[] = {
		{ CAPABILITY_IPC_NAMESPACE, OP_NS_IPC },
		{ CAPABILITY_UTS_NAMESPACE, OP_NS_UTS },
		{ CAPABILITY_CGROUP_NAMESPACE, OP_NS_CGROUP },
	};
	struct plan *plan = planner->plan;

	(void)err;
	if (!planner->policy->enabled)
		return 0;
	plan->asked[LAYER_IPC] = true;
	plan->enforced[LAYER_IPC] = true;
	planner_stays_on(planner, LAYER_IPC, planner->policy->ipc.mode);
	for (size_t i = 0; i < sizeof(namespaces) / sizeof(namespaces[0]); i++) {
		if (planner_has_namespace(planner, namespaces[i].capability)) {
			(void)planner_step(planner, namespaces[i].op);
			continue;
		}
		planner_downgrade(planner, LAYER_IPC, "no %s: %s",
				  capability_names[namespaces[i].capability],
				  planner_missing(planner, namespaces[i].capability));
	}
	if (plan_find(plan, OP_NS_UTS))
		(void)planner_step(planner, OP_HOSTNAME);
	if (planner_has(planner, CAPABILITY_KEYRING))
		(void)planner_step(planner, OP_KEYRING);
	else /* a kernel without keyrings has none to leak */
		planner_note(planner, LAYER_IPC,
			     "the session keyring was not replaced: %s",
			     planner->caps->is[CAPABILITY_KEYRING].why);
	plan->mechanism[LAYER_IPC] = mechanism_of(plan);
	planner_promise(planner, REQ(IPC_11),
			plan_find(plan, OP_NS_IPC) && plan_find(plan, OP_KEYRING)
				? PROMISE_ENFORCED
				: PROMISE_DEGRADED);
	return 0;
}
