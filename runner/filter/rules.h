/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules - what the system call filter answers: one table of calls, one of conditions on arguments
 *
 * Data only. A call that is in no group, and a number that no name is known for, answers ENOSYS in
 * every profile: what the kernel learns after this table was written is refused until somebody has
 * looked at it.
 */
#ifndef RUNNER_FILTER_RULES_H
#define RUNNER_FILTER_RULES_H

#include "runner/filter.h"

/* Answers: 0 lets a call through, everything else is the errno that it gets. */
struct rule_group {
	const char *name;
	int answers[FILTER_COUNT];
	const char *
		protects; /* id of the requirement that rests on the refusal; "" = none */
	const char *calls; /* names, blanks between them */
};
extern const struct rule_group rule_groups[];
extern const size_t rule_group_count;

#define TERM_VALUES 6

/* A look at one argument. Each of these calls takes it as 32 bits, whatever is above them. */
struct rule_term {
	uint8_t argument; /* 0 … 5 */
	uint32_t mask;    /* of the low half; 0 = there is no such term */
	uint8_t count;
	uint32_t values[TERM_VALUES];
};

/* Where `when` applies (the masked argument is one of its values), the masked argument of `must`
 * has to be one of its values, or with `none` none of them; else the call gets the errno. All
 * conditions of a call have to be met. */
struct rule_condition {
	const char *call;
	unsigned int profiles; /* bits of enum filter_profile */
	struct rule_term when, must;
	int none;
	int error;
	const char *protects;
};
extern const struct rule_condition rule_conditions[];
extern const size_t rule_condition_count;

/* Calls that the script's process makes between the filter and its exec: no policy may refuse
 * them. NULL-terminated. */
extern const char *const rule_needed[];

/* Of the profiles, "default" …; NULL-terminated. */
extern const char *const filter_profile_names[FILTER_COUNT + 1];

#endif
