/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sabotage - test builds only (-DCONFINE_SABOTAGE): a step is claimed and left out, or one of its
 * values is weakened, so that the conformance suite can show that it catches the lie. In every other build nothing of it exists.
 */
#ifndef RUNNER_SABOTAGE_H
#define RUNNER_SABOTAGE_H

#include "runner/plan.h"

struct sabotage {
	bool left_out[OP_COUNT];  /* not carried out */
	bool unchecked[OP_COUNT]; /* nor read back */
	const char *values[8];    /* weakened, by the names of mutants.h */
	size_t value_count;
	bool any;
};

#ifdef CONFINE_SABOTAGE
/* One more step to leave out, or value to weaken, by its name; with `checked` it is still read
 * back. */
int sabotage_add(struct sabotage *sabotage, const char *name, bool checked,
		 struct err *err);
/* Builds the plan that is carried out in place of `claims`. */
int sabotage_plan(struct sabotage *sabotage, const struct plan *claims,
		  struct arena *arena, struct plan *done, struct err *err);
/* What can be named, of this plan: see mutants_print(). */
void sabotage_list(const struct plan *plan, struct arena *arena, FILE *to);
#endif

#endif
