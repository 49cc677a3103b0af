/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expand - the template of a target and the needs of one arm to an argument vector
 */
#ifndef CONFORMANCE_EXPAND_H
#define CONFORMANCE_EXPAND_H

#include "conformance/target.h"
#include "runner/base/arena.h"
#include "runner/base/err.h"
#include <stddef.h>

/* NAME and VALUE of a variable, or POINTER and JSON of an override. */
struct target_pair {
	const char *name, *value;
};

struct target_fill {
	const char *confine; /* path of the `confine` program */
	const char *scratch; /* NULL: the target is to make its own */
	const char *probes;
	const char *policy;         /* NULL: the target's default */
	const char *receipt;        /* where the receipt is to be written */
	const char *const *command; /* NULL-terminated */
	const struct target_pair *sets;
	size_t set_count;
	const struct target_pair *env;
	size_t env_count;
	unsigned int timeout_seconds; /* 0: none */
};

/**
 * target_expand() - The arguments that start this target for one arm
 * @ret_argv:	NULL-terminated, the arena's
 * Return: 0; or -1: UNSUPPORTED when something is asked for which the target has no part.
 * {command} as an argument of its own becomes the arguments of the command; inside a longer
 * argument it becomes their text, quoted for a shell that the target starts by itself.
 */
int target_expand(const struct target *target, const struct target_fill *fill,
		  struct arena *arena, const char *const **ret_argv, struct err *err);
#endif
