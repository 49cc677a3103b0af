/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy - is the policy of --policy one that this target can read?
 *
 * What no reader can read is found here; the rest is asked of the target itself, before anything
 * is tried: a wrong policy is the user's, and must not look like a refusal by the host.
 */
#ifndef CONFORMANCE_POLICY_H
#define CONFORMANCE_POLICY_H

#include "conformance/target.h"
#include "runner/base/arena.h"
#include "runner/base/err.h"

/**
 * policy_check() - Is it JSON, and does the target's policyCheck accept it?
 * @confine:	for {confine}, or NULL
 * @path:	of the policy
 * @ret:	the absolute path; the arena's
 * Return: 0; or -1 with POLICY: the target takes none, or the place of the fault in its own words
 */
int policy_check(const struct target *target, const char *confine, const char *path,
		 struct arena *arena, const char **ret, struct err *err);

#endif
