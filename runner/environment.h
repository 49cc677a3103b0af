/* SPDX-License-Identifier: Apache-2.0 */
/*
 * environment - the environment that the script gets: an allowlist of the caller's, then the
 * caller's explicit --env minus every name that makes a loader, shell or interpreter run code
 *
 * Pure: no getenv, no system call.
 */
#ifndef RUNNER_ENVIRONMENT_H
#define RUNNER_ENVIRONMENT_H

#include "runner/base/arena.h"
#include "runner/base/err.h"
#include <stdbool.h>
#include <stddef.h>

struct environment {
	char **vars;	      /* NAME=VALUE, NULL-terminated */
	size_t count;
	const char **dropped; /* names that were asked for and refused, in order, unique */
	size_t dropped_count;
};

/* May this name never be given to a script (exact, case-insensitive, or by prefix)? */
bool environment_is_forbidden(const char *name);

/**
 * environment_build() - Build the script's environment
 * @guard:	policy.enabled: allowlist and denylist in force; false = plain merge, nothing dropped
 * @inherited:	the supervisor's own environ (NAME=VALUE, NULL-terminated)
 * @overrides:	--env NAME=VALUE in order; the last of a name wins
 * @home, @tmpdir: paths visible inside that HOME and TMPDIR must point to; NULL = leave as is
 * Return: 0; or -1 POLICY: an override without '=', with an empty or odd name
 */
int environment_build(bool guard, char *const *inherited, const char *const *overrides,
		      size_t override_count, const char *home, const char *tmpdir,
		      struct arena *arena, struct environment *ret, struct err *err);

#endif
