/* SPDX-License-Identifier: Apache-2.0 */
/* network - deny means a network namespace with loopback and nothing else */
#include "runner/layer.h"

/* Named, since a policy that asks for them believes that they hold. */
static void plan_not_yet(struct planner *planner)
{
	planner_promise(planner, REQ(NET_01) | REQ(NET_11) | REQ(NET_12) | REQ(NET_13),
			PROMISE_DEGRADED);
	if (planner->policy->network.mode == NETWORK_ALLOWLIST)
		planner_downgrade(
			planner, LAYER_NETWORK,
			"an allowlist with entries needs an uplink and a packet filter, "
			"which this version does not set up, egress unrestricted; use "
			"an empty allowlist or deny");
	else
		planner_downgrade(
			planner, LAYER_NETWORK,
			"the metadata/link-local block is not enforceable under "
			"unrestricted by this version; use deny, or set "
			"denyLinkLocalAndMetadata to false");
	planner->plan->mechanism[LAYER_NETWORK] = "none: the host's network";
}

/* The rung below a network namespace: no socket but unix ones. What another process has open is out
 * of reach only where the script cannot take that process over. */
static void plan_no_sockets(struct planner *planner)
{
	bool apart = planner_is_apart(planner);

	planner_step(planner, OP_FILTER_NETWORK)->filter =
		&filter_programs[FILTER_NO_NETWORK];
	planner->plan->enforced[LAYER_NETWORK] = true;
	planner->plan->mechanism[LAYER_NETWORK] =
		"seccomp filter: no sockets but unix ones, in the host's network "
		"namespace";
	planner_promise(planner, REQ(NET_01) | REQ(NET_13),
			apart ? PROMISE_ENFORCED : PROMISE_DEGRADED);
	planner_promise(planner, REQ(NET_11), PROMISE_DEGRADED);
	planner_note(
		planner, LAYER_NETWORK,
		"sockets are refused by a filter, and unix sockets of the host stay in "
		"reach: %s",
		planner_missing(planner, CAPABILITY_NETWORK_NAMESPACE));
	if (!apart)
		planner_downgrade(
			planner, LAYER_NETWORK,
			"sockets are refused by a filter alone, and processes of "
			"the caller's that have some can be taken over: %s",
			planner_missing(planner, CAPABILITY_NETWORK_NAMESPACE));
}

static void plan_deny(struct planner *planner)
{
	struct plan *plan = planner->plan;
	if (!planner_has_namespace(planner, CAPABILITY_NETWORK_NAMESPACE) &&
	    planner_has(planner, CAPABILITY_SECCOMP)) {
		plan_no_sockets(planner);
		return;
	}
	if (!planner_has_namespace(planner, CAPABILITY_NETWORK_NAMESPACE)) {
		planner_promise(planner, REQ(NET_01) | REQ(NET_11) | REQ(NET_13),
				PROMISE_DEGRADED);
		planner_downgrade(planner, LAYER_NETWORK,
				  "no network namespace, egress unrestricted: %s",
				  planner_missing(planner, CAPABILITY_NETWORK_NAMESPACE));
		plan->mechanism[LAYER_NETWORK] = "none: the host's network";
		return;
	}
	(void)planner_step(planner, OP_NS_NETWORK);
	if (planner_has(planner, CAPABILITY_LOOPBACK))
		(void)planner_step(planner, OP_LOOPBACK);
	else
		planner_note(planner, LAYER_NETWORK, "loopback stays down: %s",
			     planner->caps->is[CAPABILITY_LOOPBACK].why);
	plan->enforced[LAYER_NETWORK] = true;
	plan->mechanism[LAYER_NETWORK] = "network namespace with loopback only";
	planner_promise(planner, REQ(NET_01) | REQ(NET_13), PROMISE_ENFORCED);
	/* A unix socket with a path belongs to the file system, not to the namespace: unix(7). */
	planner_promise(planner, REQ(NET_11),
			planner_has_root(planner) ? PROMISE_ENFORCED : PROMISE_DEGRADED);
	if (planner->policy->filesystem.read_only.count || planner->request->scratch)
		planner_note(planner, LAYER_NETWORK,
			     "a unix socket that lies in readOnly or --scratch can be "
			     "connected to: whoever shows it means it to be used");
}

int plan_network(struct planner *planner, struct err *err)
{
	const struct policy *policy = planner->policy;
	struct plan *plan = planner->plan;

	(void)err;
	if (!policy->enabled)
		return 0;
	if (policy->network.mode == NETWORK_DENY ||
	    (policy->network.mode == NETWORK_ALLOWLIST && !policy->network.allow_count)) {
		plan->asked[LAYER_NETWORK] = true;
		plan_deny(planner);
	} else if (policy->network.mode == NETWORK_ALLOWLIST ||
		   policy->network.deny_link_local_and_metadata) {
		plan->asked[LAYER_NETWORK] = true;
		plan_not_yet(planner);
	} else {
		plan->enforced[LAYER_NETWORK] =
			true; /* as upstream: nothing was asked for */
		plan->mechanism[LAYER_NETWORK] = "the host's network, as the policy asks";
	}
	return 0;
}
