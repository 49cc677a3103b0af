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
	char **vars; /* NAME=VALUE, NULL-terminated */
	size_t count;
	const char *
		*dropped; /* names that were asked for and refused, in order, unique */
	size_t dropped_count;
};

/* A name that is never given, or the beginning of such names. */
struct environment_rule {
	const char *name;
	enum {
		MATCH_NAME,
		MATCH_PREFIX
	} match;
};
extern const struct environment_rule environment_forbidden[];
extern const size_t environment_forbidden_count;

/* May this name never be given to a script (exact, case-insensitive, or by prefix)? */
bool environment_is_forbidden(const char *name);

/**
 * environment_build() - Build the script's environment
 * @guard:	false (policy.enabled false, or environment.mode off) = nothing of --env is dropped.
 *	The allowlist holds all the same: the caller's other variables are never inherited
 * @inherited:	the supervisor's own environ (NAME=VALUE, NULL-terminated)
 * @overrides:	--env NAME=VALUE in order; the last of a name wins
 * @home, @tmpdir: paths visible inside, in place of the inherited HOME and TMPDIR; NULL = leave them.
 *	An explicit --env of that name wins, as for every allowed name
 * @arena:	owns every string of *ret
 * Return: 0; or -1 POLICY: an override without '=', with an empty name or one that is not printable
 *	ASCII without a space. PATH is always there: inherited, else the usual directories
 */
int environment_build(bool guard, char *const *inherited, const char *const *overrides,
		      size_t override_count, const char *home, const char *tmpdir,
		      struct arena *arena, struct environment *ret, struct err *err);

#endif
