/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch - starts a program in the shield as the caller, or as the script was seen to be
 *
 * From here on nothing is ours: the child is in the arm's cgroups, under its rlimits, and, for a
 * caller who is not root, in a user namespace that maps back to who called.
 */
#ifndef CONFORMANCE_LAUNCH_H
#define CONFORMANCE_LAUNCH_H

#include "conformance/arm.h"

struct launch {
	const char *const *argv;
	int out, errors; /* become 1 and 2 */
	bool is_main;    /* the arm's own launcher: terminal, leak, handicap, identity */
};

/* -1 and errno. The program itself may still turn out not to be there: it then exits with 127. */
int launch(const struct arm *arm, const struct launch *how, pid_t *ret);
/* A process that sleeps, is called `name`, and is who the script is. */
int launch_neighbour(const struct arm *arm, const char *name, pid_t *ret);

#endif
