/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sabotage - see sabotage.h. Leaving out a namespace means planning for a host that lacks it; most
 * other steps are simply not carried out; a few need something in their place to be a real hole.
 */
#include "runner/sabotage.h"
#ifdef CONFINE_SABOTAGE
#include "runner/base/own.h"
#include "runner/base/str.h"
#include "runner/mutants.h"
#include <stdlib.h>
#include <string.h>

/* What stands on a step, and so cannot be checked either when that is left out. */
static const struct {
	enum op op, also;
} dependents[] = {
	{ OP_KILL_TREE, OP_LIFELINE },  { OP_IDENTITY, OP_ID_MAP },
	{ OP_IDENTITY, OP_INIT_GUARD }, { OP_NS_PID, OP_PROC_OPEN },
	{ OP_NS_PID, OP_PIVOT }, /* which looks for that /proc */
};

void sabotage_list(const struct plan *plan, struct arena *arena, FILE *to)
{
	struct mutants mutants;

	mutants_of(plan, arena, &mutants);
	mutants_print(&mutants, to);
}

static void leave_unchecked(struct sabotage *sabotage)
{
	for (unsigned int op = 0; op < OP_COUNT; op++)
		sabotage->unchecked[op] = true;
}

int sabotage_add(struct sabotage *sabotage, const char *name, bool checked,
		 struct err *err)
{
	for (unsigned int op = 0; op < OP_COUNT; op++) {
		if (!str_equal(step_rows[op].name, name))
			continue;
		sabotage->left_out[op] = true;
		sabotage->any = true;
		/* What is missing may be seen by the check of another step. */
		if (!checked)
			leave_unchecked(sabotage);
		for (size_t i = 0; i < ARRAY_SIZE(dependents); i++)
			if (dependents[i].op == op) {
				sabotage->unchecked[dependents[i].also] = true;
				if (dependents[i].also == OP_LIFELINE)
					sabotage->left_out[OP_LIFELINE] = true;
			}
		return 0;
	}
	if (!strchr(name, ':') || sabotage->value_count == ARRAY_SIZE(sabotage->values))
		return err_policy(err, "sabotage",
				  "no step is called %s (--sabotage list)", name);
	if (!checked)
		leave_unchecked(sabotage);
	sabotage->values[sabotage->value_count++] = name;
	sabotage->any = true;
	return 0;
}

/* The plan for a host without these namespaces, whatever the policy says to that. */
static int plan_without(const struct sabotage *sabotage, const struct plan *claims,
			struct arena *arena, struct plan *done, struct err *err)
{
	struct capabilities *caps = arena_alloc(arena, sizeof(*caps));
	struct policy *policy = arena_alloc(arena, sizeof(*policy));

	*caps = *claims->caps;
	*policy = *claims->policy;
	policy->on_unavailable = ON_UNAVAILABLE_DEGRADE;
	for (unsigned int op = OP_NS_USER; op < OP_COUNT; op++)
		if (sabotage->left_out[op] && capability_clone_flag(step_rows[op].needs))
			capabilities_rule_out(caps, step_rows[op].needs, "left out");
	return plan_build(policy, caps, claims->request, arena, done, err);
}

/* Something real in the place of what is left out; false = the step just goes. */
static bool replace(struct step *step)
{
	if (step->op == OP_PROC_OPEN) {
		step->op = OP_OPEN;
		step->source = "/proc";
		step->flags = BIND_READ_ONLY;
		return true;
	}
	return false;
}

static void leave_out(const struct sabotage *sabotage, struct plan *done)
{
	size_t kept = 0;

	for (size_t i = 0; i < done->count; i++) {
		struct step step = done->steps[i];

		/* Without a change of identity the host's root has to be mapped. */
		if (step.op == OP_ID_MAP && sabotage->left_out[OP_IDENTITY]) {
			step.path = "0 0 1";
			step.source = "0 0 1";
		}
		if (sabotage->left_out[step.op] && !replace(&step))
			continue;
		done->steps[kept++] = step;
	}
	done->count = kept;
}

static void uncheck_missing(struct sabotage *sabotage, const struct plan *claims,
			    const struct plan *done)
{
	for (size_t i = 0; i < claims->count; i++) {
		enum op op = claims->steps[i].op;

		if (!sabotage->left_out[op] && !plan_find(done, op))
			sabotage->unchecked[op] = true;
	}
}

/* Of what is left of the plan when whole steps are gone. A policy that plans otherwise (each probe has
 * its own) may lack the value: then there is nothing to weaken. */
static int weaken(const char *name, struct plan *done, struct arena *arena,
		  struct err *err)
{
	struct mutants mutants;

	mutants_of(done, arena, &mutants);
	for (size_t i = 0; i < mutants.count; i++)
		if (str_equal(mutants.items[i].name, name))
			return mutants_apply(&mutants.items[i], done, arena, err);
	return 0;
}

int sabotage_plan(struct sabotage *sabotage, const struct plan *claims,
		  struct arena *arena, struct plan *done, struct err *err)
{
	const struct request *request = claims->request;

	if (plan_without(sabotage, claims, arena, done, err) < 0)
		return -1;
	leave_out(sabotage, done);
	uncheck_missing(sabotage, claims, done);
	for (size_t i = 0; i < sabotage->value_count; i++)
		if (weaken(sabotage->values[i], done, arena, err) < 0)
			return -1;
	if (!sabotage->left_out[OP_ENV_GUARD])
		return 0;
	return environment_build(false, request->inherited, request->env,
				 request->env_count, NULL, NULL, arena,
				 &done->environment, err);
}
#endif
