/* SPDX-License-Identifier: Apache-2.0 */
/*
 * network - deny means a network namespace with loopback and nothing else; what lets some packets
 * out puts rules and an uplink beside it
 */
#include "runner/base/own.h"
#include "runner/egress.h"
#include "runner/hostnames.h"
#include "runner/layer.h"

/* Named, since a policy that asks for them believes that they hold. */
static void plan_no_outlet(struct planner *planner, enum capability missing)
{
	const char *why = planner_missing(planner, missing);

	planner_promise(planner, REQ(NET_01) | REQ(NET_11) | REQ(NET_12) | REQ(NET_13),
			PROMISE_DEGRADED);
	if (planner->policy->network.mode == NETWORK_ALLOWLIST)
		planner_downgrade(
			planner, LAYER_NETWORK,
			"the allowlist is not enforceable, egress unrestricted: %s; "
			"an empty allowlist and deny need less",
			why);
	else
		planner_downgrade(
			planner, LAYER_NETWORK,
			"the metadata/link-local block is not enforceable under "
			"unrestricted: %s; deny needs less, or set "
			"denyLinkLocalAndMetadata to false",
			why);
	planner->plan->mechanism[LAYER_NETWORK] = "none: the host's network";
}

/* The rung below a network namespace: no socket but unix ones. What another process has open is out
 * of reach only where the script cannot take that process over. */
static void plan_no_sockets(struct planner *planner)
{
	bool closed = planner_is_closed(planner);

	planner_step(planner, OP_FILTER_NETWORK)->filter =
		&filter_programs[FILTER_NO_NETWORK];
	planner->plan->enforced[LAYER_NETWORK] = true;
	planner->plan->mechanism[LAYER_NETWORK] =
		"seccomp filter: no sockets but unix ones, in the host's network "
		"namespace";
	planner_promise(planner, REQ(NET_01) | REQ(NET_13),
			closed ? PROMISE_ENFORCED : PROMISE_DEGRADED);
	planner_promise(planner, REQ(NET_11), PROMISE_DEGRADED);
	planner_note(
		planner, LAYER_NETWORK,
		"sockets are refused by a filter, and unix sockets of the host stay in "
		"reach: %s",
		planner_missing(planner, CAPABILITY_NETWORK_NAMESPACE));
	if (!closed)
		planner_downgrade(
			planner, LAYER_NETWORK,
			"sockets are refused by a filter alone, and processes of "
			"the caller's that have some can be taken over: %s",
			planner_missing(planner, CAPABILITY_NETWORK_NAMESPACE));
}

static void note_blocked(struct planner *planner)
{
	const struct policy *policy = planner->policy;

	for (size_t i = 0;
	     policy->network.mode == NETWORK_ALLOWLIST && i < policy->network.allow_count;
	     i++) {
		if (!egress_is_blocked(policy, &policy->network.allow[i]))
			continue;
		planner_note(
			planner, LAYER_NETWORK,
			policy->network.allow_overrides_block
				? "%s is open although denyLinkLocalAndMetadata closes "
				  "it: allowOverridesBlock is set"
				: "%s stays closed by denyLinkLocalAndMetadata; "
				  "allowOverridesBlock would open it",
			policy->network.allow_text[i]);
	}
}

static const char *rules_of(struct planner *planner)
{
	owned_str struct str rules = { 0 };

	egress_rules(planner->policy, &rules);
	return arena_strdup(planner->arena, str_text(&rules));
}

/* What a name means is shown; whether it can be reached is up to allow. */
static void note_names(struct planner *planner)
{
	const struct policy *policy = planner->policy;
	const struct hostnames *names = planner->request->names;
	bool lists = policy->network.mode == NETWORK_ALLOWLIST;

	if (policy->network.names.count && !names)
		planner_note(planner, LAYER_NETWORK,
			     "no names are resolved: nothing outside can be reached");
	if (!names)
		return;
	if (policy->filesystem.mode == FILESYSTEM_OFF || !planner_has_root(planner))
		planner_note(planner, LAYER_NETWORK,
			     "the names are not shown inside: there is no root of its "
			     "own whose " HOSTNAMES_FILE " could have them");
	for (size_t i = 0; i < names->count; i++)
		if (lists && !egress_is_listed(policy, &names->rows[i].address))
			planner_note(planner, LAYER_NETWORK,
				     "%s is %s, which allow does not list",
				     names->rows[i].name, names->rows[i].text);
}

/* Who takes the uplink over has its sockets, which no rule holds: it must be out of reach. */
static void plan_outlet(struct planner *planner)
{
	const struct policy *policy = planner->policy;
	struct plan *plan = planner->plan;
	bool lists = policy->network.mode == NETWORK_ALLOWLIST;
	bool apart = planner_is_apart(planner), root = planner_has_root(planner);
	uint64_t held = (lists ? REQ(NET_12) : 0) |
			(policy->network.deny_link_local_and_metadata ? REQ(NET_13) : 0);

	(void)planner_step(planner, OP_NS_NETWORK);
	(void)planner_step(planner, OP_LOOPBACK);
	planner_step(planner, OP_EGRESS)->text = rules_of(planner);
	(void)planner_step(planner, OP_UPLINK);
	plan->mechanism[LAYER_NETWORK] =
		"network namespace, nftables rules, uplink in user space";
	plan->enforced[LAYER_NETWORK] = true;
	planner_promise(planner, held, apart ? PROMISE_ENFORCED : PROMISE_DEGRADED);
	/* A unix socket with a path belongs to the file system, not to the namespace: unix(7). */
	planner_promise(planner, REQ(NET_11),
			apart && root ? PROMISE_ENFORCED : PROMISE_DEGRADED);
	if (!apart)
		planner_downgrade(
			planner, LAYER_NETWORK,
			"the uplink is a process that the script can take over: %s",
			planner_missing(planner, CAPABILITY_PID_NAMESPACE));
	note_blocked(planner);
	planner_note(
		planner, LAYER_NETWORK,
		lists ? "names are resolved only by servers that allow lists, and by "
			"none on the host's loopback; those of /network/names are in "
			"the hosts file"
		      : "names are not resolved by servers on the host's loopback; "
			"those of /network/names are in the hosts file");
}

static void plan_by_rules(struct planner *planner)
{
	static const enum capability needed[] = { CAPABILITY_LOOPBACK,
						  CAPABILITY_PACKET_FILTER,
						  CAPABILITY_UPLINK };

	if (!planner_has_namespace(planner, CAPABILITY_NETWORK_NAMESPACE)) {
		plan_no_outlet(planner, CAPABILITY_NETWORK_NAMESPACE);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++)
		if (!planner_has(planner, needed[i])) {
			plan_no_outlet(planner, needed[i]);
			return;
		}
	plan_outlet(planner);
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
	note_names(planner);
	if (policy->network.mode == NETWORK_DENY ||
	    (policy->network.mode == NETWORK_ALLOWLIST && !policy->network.allow_count)) {
		plan->asked[LAYER_NETWORK] = true;
		plan_deny(planner);
	} else if (policy->network.mode == NETWORK_ALLOWLIST ||
		   policy->network.deny_link_local_and_metadata) {
		plan->asked[LAYER_NETWORK] = true;
		plan_by_rules(planner);
	} else {
		plan->enforced[LAYER_NETWORK] =
			true; /* as upstream: nothing was asked for */
		plan->mechanism[LAYER_NETWORK] = "the host's network, as the policy asks";
	}
	return 0;
}
