/* SPDX-License-Identifier: Apache-2.0 */
/*
 * target - another sandbox as data: how it is called, what it needs, what it promises
 *
 * From a file of conformance/targets/ (or the user's own), or from one line of text. Nothing of
 * it is ever given to a shell: expand.c builds the argument vector argument by argument.
 */
#ifndef CONFORMANCE_TARGET_H
#define CONFORMANCE_TARGET_H

#include "conformance/verdict.h"
#include "runner/base/arena.h"
#include "runner/base/err.h"
#include <stdbool.h>
#include <stddef.h>

/* A part stands alone as an argument "{name}" in argv and becomes zero or more arguments. */
enum target_part {
	PART_POLICY,  /* {policy-option}: only when a policy file is given; {policy} */
	PART_SET,     /* {set}: once per override of the policy; {pointer} {json} */
	PART_SCRATCH, /* {scratch-option}: unless the target makes its own; {scratch} */
	PART_ENV,     /* {env}: once per variable; {name} {value} */
	PART_TIMEOUT, /* {timeout}: only when a deadline is wanted; {seconds} */
	PART_COUNT,
};

enum stated_by {
	STATED_BY_NOTHING,
	STATED_BY_FILE,
	STATED_BY_RECEIPT,
	STATED_BY_COUNT,
};

struct target {
	const char *name, *title;
	const char *source;                   /* the file, or "--target-command" */
	const char *const *argv;              /* template, NULL-terminated */
	const char *const *parts[PART_COUNT]; /* NULL: the target has no such thing */
	enum stated_by stated_by;
	enum promise *promises; /* of a file, by requirement_index(); else NULL */
	/* Template of a command that reads {policy} and runs nothing, or NULL. A non-zero exit
	 * with nothing on its standard output: the policy is wrong, and its error says where. */
	const char *const *policy_check;
	const char *const *needs; /* programs, NULL-terminated */
	const char *install;      /* how to get them, or NULL */
	const char *notes;        /* or NULL */
	/* Exit statuses that mean a refusal, as long as nothing of the script ran. */
	const int *refused_exits;
	size_t refused_exit_count;
	const char *const
		*helpers;     /* names of programs that it starts, NULL-terminated */
	bool has_own_scratch; /* can be run without a scratch directory of ours */
};

/* Indexed by enum target_part; NULL-terminated. */
extern const char *const target_part_names[PART_COUNT + 1];
extern const char *const stated_by_names[STATED_BY_COUNT + 1];

/* Reads and checks one document; POLICY errors name the JSON pointer. */
int target_parse(const char *what, const char *text, size_t length, struct arena *arena,
		 struct target *target, struct err *err);
/* Can it be told this? */
bool target_has_part(const struct target *target, enum target_part part);
/* Does this exit status say that it refused? Only as long as nothing of the script ran. */
bool target_is_refusal(const struct target *target, int exit_status);

#endif
