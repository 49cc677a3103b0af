/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan - pure: (policy, capabilities, request) through the table of layers to an ordered list of
 * steps, or to the downgrades that refuse the run. Makes no system call.
 */
#ifndef RUNNER_PLAN_H
#define RUNNER_PLAN_H

#include "runner/base/arena.h"
#include "runner/outline.h"
#include <stdio.h>

/**
 * plan_build() - Turn a wanted policy into the steps that this host can honour
 * @caps:	facts tried here, not guesses from a kernel version
 * @arena:	owns everything the plan points to
 * @plan:	steps in execution order, downgrades, promises; complete also when the policy
 *		refuses a degraded run: see plan_is_refused()
 * Return: 0; or -1 POLICY: the request is contradictory. Makes no system call.
 */
int plan_build(const struct policy *policy, const struct capabilities *caps,
	       const struct request *request, struct arena *arena, struct plan *plan,
	       struct err *err);

/* Does the policy refuse what is left of it here? */
bool plan_is_refused(const struct plan *plan);
/* "sandbox unavailable: layer: reason; layer: reason …" */
const char *plan_refusal(const struct plan *plan, struct arena *arena);

/* Takes back what a step claimed: its layer gets a downgrade, its requirements are degraded. */
void plan_withdraw(struct plan *plan, struct arena *arena, const struct step *step,
		   const char *why);

const struct step *plan_find(const struct plan *plan, enum op op);

/* --explain: steps, promises, downgrades, notes, readable. */
void plan_print(const struct plan *plan, FILE *to);

#endif
