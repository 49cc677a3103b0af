/* SPDX-License-Identifier: Apache-2.0 */
/*
 * target - another sandbox as data: how it is called, what it needs, what it promises
 *
 * From a file of conformance/targets/ (or the user's own), or from one line of text.
 * Nothing of it is ever given to a shell: the argument vector is built here, argument by
 * argument.
 */
#ifndef CONFORMANCE_TARGET_H
#define CONFORMANCE_TARGET_H

#include "conformance/verdict.h"
#include "runner/base/arena.h"
#include "runner/base/err.h"
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

/* Parts stand alone as an argument "{name}" in argv and become zero or more arguments. */
enum target_part {
	PART_POLICY,  /* {policy-option}: only when a policy file is given; {policy} */
	PART_SET,     /* {set}: once per policy override; {pointer} {json} */
	PART_SCRATCH, /* {scratch-option}: unless the target makes its own scratch;
			 {scratch} */
	PART_ENV,     /* {env}: once per variable; {name} {value} */
	PART_TIMEOUT, /* {timeout}: only when a deadline is wanted; {seconds} */
	PART_COUNT,
};

enum stated_by {
	STATED_BY_NOTHING,
	STATED_BY_FILE,
	STATED_BY_RECEIPT
};

struct target {
	const char *name, *title;
	const char *source;      /* file it was read from, or "--target-command" */
	const char *const *argv; /* template, NULL-terminated */
	const char *const *parts[PART_COUNT]; /* NULL: the target has no such thing */
	enum stated_by stated_by;
	enum promise promise_all; /* "*" of a file; PROMISE_NOTHING without */
	enum promise
		*promises; /* by requirement_index(); PROMISE_UNSTATED = as promise_all */
	const char *const *needs; /* programs, NULL-terminated */
	const char *install;      /* how to get them, or NULL */
	const char *notes;        /* or NULL */
	const int *refused_exits; /* exit statuses of a refusal before anything ran; -1
				     ends */
	bool has_own_scratch;     /* {scratch-option} may be left out */
};

/* NAME=VALUE for the sandboxed process, or POINTER and JSON for the policy. */
struct target_pair {
	const char *name, *value;
};

struct target_fill {
	const char *confine; /* path of the `confine` program */
	const char *scratch; /* NULL: the target is to make its own */
	const char *probes;
	const char *policy;         /* NULL: the target's default */
	const char *receipt;        /* path the receipt is to be written to */
	const char *const *command; /* NULL-terminated */
	const struct target_pair *sets;
	size_t set_count;
	const struct target_pair *env;
	size_t env_count;
	unsigned int timeout_seconds; /* 0: none */
};

/* Reads and checks one file; POLICY errors name the JSON pointer. */
int target_read_file(const char *path, struct arena *arena, struct target *target,
		     struct err *err);
int target_parse(const char *what, const char *text, size_t length, struct arena *arena,
		 struct target *target, struct err *err);
/* A name (looked up in `directory`) or a path (anything with a slash or ending in .json).
 */
int target_find(const char *name, const char *directory, struct arena *arena,
		struct target *target, struct err *err);
/* `--target-command TEXT`: split into arguments as a POSIX shell would (quotes and
 * backslashes; no expansion, and operators outside quotes are refused). Must contain
 * {command}. */
int target_from_command(const char *text, struct arena *arena, struct target *target,
			struct err *err);

/* First program of needs[] that PATH does not have, or NULL. */
const char *target_missing_program(const struct target *target);

/* Programs that are shell scripts or not, `{command}` inside a longer argument is quoted
 * for sh. Errors: UNSUPPORTED, when something is asked for which this target has no part.
 */
int target_expand(const struct target *target, const struct target_fill *fill,
		  struct arena *arena, const char *const **ret_argv, struct err *err);
/* Can it be told this? false: a probe that needs it is untestable with this target. */
bool target_has_part(const struct target *target, enum target_part part);

/**
 * target_promise() - What is promised for one requirement in this very run
 * @receipt:	the run's receipt, or NULL when there is none (then a target that states
 *by receipt promises nothing)
 */
enum promise target_promise(const struct target *target, const cJSON *receipt,
			    const struct requirement *requirement);
/* The receipt's own word for the mechanism of a layer, or NULL. */
const char *target_mechanism(const cJSON *receipt, enum layer layer);

#endif
