/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch - starts the program beside the threads of the caller, and hears of its end
 *
 * The process shares the caller's memory until its exec (vfork), so that the caller's size costs
 * nothing. It is no child of the caller's: that would send SIGCHLD, be found by a wait for any child,
 * and be lost where SIGCHLD is ignored. It begins with every signal blocked and every one at its
 * default, with the descriptors that it is given and no other.
 */
#ifndef LIBRARY_LAUNCH_H
#define LIBRARY_LAUNCH_H

#include "runner/confine.h"

#define LAUNCH_FDS 10

struct launch {
	const char *program;
	char *const *argv, *const *environment;
	int fds[LAUNCH_FDS]; /* what becomes 0, 1, 2 …; -1 = /dev/null */
};

/* *ret_pidfd is the caller's. */
int launch_start(const struct launch *launch, int *ret_pidfd,
		 struct confine_error *error);
/* Has it ended? *status is as from wait(2) where that can be known (else 0): whoever has orphans given
 * to it, as process 1 of a container has, gets it as a child after all, and it is reaped here. */
bool launch_has_ended(int pidfd, bool wait, int *status);
/* Ends it at once, waits for that, and closes the descriptor. Its runs end with it. */
void launch_kill(int *pidfd);

/* An anonymous file; -1 and *error. */
int launch_file(const char *name, struct confine_error *error);
/* The same with these bytes in it, at its start. */
int launch_file_of(const char *name, const void *bytes, size_t length,
		   struct confine_error *error);

#endif
