/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime - the interpreters that `--runtime` knows by name, and what each is given. Pure.
 *
 * What every one finds: its script and its context as files in a read-only directory, and one
 * descriptor beside 0, 1 and 2 where a result is asked for. A result is what comes over that one, and
 * nothing that is printed.
 */
#ifndef RUNNER_RUNTIME_H
#define RUNNER_RUNTIME_H

#include "runner/policy.h"

#define RUNTIME_DIRECTORY "/run/confine"
/* Behind the one that exec closes. */
#define RUNTIME_RESULT_FD 4
/* Of a command line, before the script: at most so many. */
#define RUNTIME_WORDS   3
#define RUNTIME_CONTEXT "CONFINE_CONTEXT"   /* path of the context, where there is one */
#define RUNTIME_RESULT  "CONFINE_RESULT_FD" /* the number, where a result is asked for */

struct runtime {
	const char
		*name; /* as in --runtime, and to look for in PATH; "" = any other file */
	const char *suffix; /* of the script; NULL = as the file had it */
	/* The script is an ES module: a starter of ours calls what it exports, and returns what that
	 * returns. */
	bool module;
};

/* "sh", "bash", "python3", "node": NULL when there is none of that name. */
const struct runtime *runtime_find(const char *name);
/* For an interpreter that is given as a path: by the last part of it, else one without a name. */
const struct runtime *runtime_for_file(const char *path);
/* All names with commas between them, for messages. */
const char *runtime_names(struct arena *arena);

/* Source of the starter of a module runtime: static text. */
const char *runtime_starter(void);
/* Bytes that a result may have under this policy. */
uint64_t runtime_result_limit(const struct policy *policy);

#endif
