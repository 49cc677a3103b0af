/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mutants - test builds only (-DCONFINE_SABOTAGE): every way in which one step of a plan, or one
 * value of a step, can be weakened; read off the plan, so that a new step or value is a new mutant
 *
 * Names are STEP for a step that is left out, STEP:FIELD:VALUE for a value. STEP:FIELD is a family:
 * what its members have in common is what they show.
 */
#ifndef RUNNER_MUTANTS_H
#define RUNNER_MUTANTS_H

#include "runner/plan.h"

#ifdef CONFINE_SABOTAGE
enum mutant_field {
	FIELD_STEP,       /* the whole step, wherever it stands in the plan */
	FIELD_ONE,        /* one of several steps of this kind; text: its path */
	FIELD_NUMBER,     /* number: the value it becomes */
	FIELD_FLAGS,      /* likewise */
	FIELD_ATTRIBUTES, /* number: the attribute that is left off */
	FIELD_FILES, /* number: the right that the domain does not refuse; likewise: */
	FIELD_TCP,
	FIELD_SCOPES,
	FIELD_RULES,    /* text: the rules as they become */
	FIELD_CALL,     /* text: what the filter lets through: filter_custom() */
	FIELD_VARIABLE, /* text: names that are passed, NULL = all of the caller's */
};

struct mutant {
	const char *name;
	enum mutant_field field;
	enum op op;
	size_t index; /* of the step in the plan that it was read off */
	uint64_t number;
	const char *text;
	enum layer_id layer;
	uint64_t
		requirements; /* REQ() of what it takes away; 0 = no promise rests on it */
};

struct mutants {
	struct mutant *items;
	size_t count;
};

/* All of a plan, in its order; names are unique. */
void mutants_of(const struct plan *plan, struct arena *arena, struct mutants *ret);
/* One a line: name, requirement ids or -, layer. */
void mutants_print(const struct mutants *mutants, FILE *to);
/* Weakens the plan that the mutant was read off; FIELD_STEP is not for here. */
int mutants_apply(const struct mutant *mutant, struct plan *plan, struct arena *arena,
		  struct err *err);
#endif

#endif
