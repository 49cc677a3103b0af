/* SPDX-License-Identifier: Apache-2.0 */
/*
 * syscalls - a filter on every task of the script: the one that was compiled with the runner, or one
 * with the policy's own changes
 */
#include "runner/base/own.h"
#include "runner/base/str.h"
#include "runner/filter.h"
#include "runner/layer.h"

#define ALL_OF_IT (REQ(SYS_21) | REQ(SYS_22) | REQ(SYS_23) | REQ(SYS_24))

static enum filter_profile profile_of(const struct policy *policy)
{
	return policy->syscalls.mode == SYSCALLS_STRICT ? FILTER_STRICT : FILTER_DEFAULT;
}

static bool is_changed(const struct policy *policy)
{
	return policy->syscalls.allow.count + policy->syscalls.refuse.count > 0;
}

static bool is_listed(const struct call_list *list, const char *call)
{
	for (size_t i = 0; i < list->count; i++)
		if (str_equal(list->items[i], call))
			return true;
	return false;
}

/* The capability that keeps this policy from its filter, or CAPABILITY_NONE. */
static enum capability lacking(const struct planner *planner)
{
	if (!planner_has(planner, CAPABILITY_SECCOMP))
		return CAPABILITY_SECCOMP;
	if (is_changed(planner->policy) && !planner_has(planner, CAPABILITY_FILTER))
		return CAPABILITY_FILTER;
	return CAPABILITY_NONE;
}

bool planner_filters(const struct planner *planner, const char *const *calls)
{
	const struct policy *policy = planner->policy;

	if (!policy->enabled || policy->syscalls.mode == SYSCALLS_OFF ||
	    lacking(planner) != CAPABILITY_NONE)
		return false;
	for (; *calls; calls++)
		if (is_listed(&policy->syscalls.allow, *calls))
			return false;
	return true;
}

/* A call that the table refuses or limits, and the policy lets through. */
static void weaken(struct planner *planner, const struct filter_call *call)
{
	static const struct {
		const char *id;
		uint64_t requirement;
	} ids[] = {
		{ "SYS-22", REQ(SYS_22) },
		{ "SYS-23", REQ(SYS_23) },
		{ "SYS-24", REQ(SYS_24) },
	};

	planner_note(planner, LAYER_SYSCALLS,
		     "syscalls.allow lets %s through, which the profile %s refuses "
		     "(%s%s%s)",
		     call->name, filter_programs[profile_of(planner->policy)].name,
		     call->group, call->protects[0] ? ", " : "", call->protects);
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		if (str_equal(ids[i].id, call->protects))
			planner_promise(planner, ids[i].requirement, PROMISE_DEGRADED);
}

static void weigh_allowed(struct planner *planner)
{
	const struct call_list *allow = &planner->policy->syscalls.allow;

	for (size_t i = 0; i < allow->count; i++) {
		const struct filter_call *call = filter_call_find(allow->items[i]);

		if (call && call->touched[profile_of(planner->policy)])
			weaken(planner, call);
	}
}

static const char *describe(struct planner *planner, const struct filter_program *program)
{
	const struct policy *policy = planner->policy;

	if (is_changed(policy))
		return arena_printf(
			planner->arena,
			"seccomp filter for %s, profile %s with %zu calls allowed and "
			"%zu refused by the policy, %u instructions, digest %016llx",
			filter_abis, program->name, policy->syscalls.allow.count,
			policy->syscalls.refuse.count, program->count,
			(unsigned long long)program->digest);
	return arena_printf(planner->arena,
			    "seccomp filter for %s, profile %s: %u calls refused, %u by "
			    "their arguments, %u instructions, digest %016llx",
			    filter_abis, program->name, program->refused,
			    program->limited, program->count,
			    (unsigned long long)program->digest);
}

static void plan_filter(struct planner *planner)
{
	const struct filter_program *program =
		is_changed(planner->policy)
			? planner->request->filter
			: &filter_programs[profile_of(planner->policy)];
	struct step *step = planner_step(planner, OP_FILTER);

	step->filter = program;
	step->source = program->name;
	step->number = program->count;
	planner->plan->enforced[LAYER_SYSCALLS] = true;
	planner->plan->mechanism[LAYER_SYSCALLS] = describe(planner, program);
	planner_promise(planner, ALL_OF_IT, PROMISE_ENFORCED);
	weigh_allowed(planner);
}

/* Who asked for a filter by name is refused; who did not is told. */
static void plan_without(struct planner *planner)
{
	const char *why = planner_missing(planner, lacking(planner));

	planner_promise(planner, ALL_OF_IT, PROMISE_DEGRADED);
	if (planner->plan->asked[LAYER_SYSCALLS])
		planner_downgrade(planner, LAYER_SYSCALLS, "no system call filter: %s",
				  why);
	else
		planner_note(planner, LAYER_SYSCALLS, "no system call filter: %s", why);
}

int plan_syscalls(struct planner *planner, struct err *err)
{
	const struct policy *policy = planner->policy;
	struct plan *plan = planner->plan;

	(void)err;
	plan->mechanism[LAYER_SYSCALLS] = "none";
	if (policy->enabled && policy->syscalls.mode != SYSCALLS_OFF) {
		plan->asked[LAYER_SYSCALLS] =
			policy->syscalls.mode != SYSCALLS_AUTO || is_changed(policy);
		if (lacking(planner) == CAPABILITY_NONE)
			plan_filter(planner);
		else
			plan_without(planner);
	}
	return 0;
}
