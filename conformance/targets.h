/* SPDX-License-Identifier: Apache-2.0 */
/* targets - where a target comes from: a name, a file of the user's own, a line of text */
#ifndef CONFORMANCE_TARGETS_H
#define CONFORMANCE_TARGETS_H

#include "conformance/target.h"

/* A name (looked up in `directory`), or a path: anything with a slash or ending in .json. */
int targets_find(const char *name, const char *directory, struct arena *arena,
		 struct target *target, struct err *err);
/* `--target-command TEXT`, split by words_split(); must contain {command}. It states nothing,
 * unless it has a place for {receipt}. */
int targets_from_command(const char *text, struct arena *arena, struct target *target,
			 struct err *err);
/* First of the needed programs that PATH does not have, or NULL. */
const char *targets_missing_program(const struct target *target);

#endif
