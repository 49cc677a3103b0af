/* SPDX-License-Identifier: Apache-2.0 */
/*
 * netns - makes the run's network namespace while the child builds its root
 *
 * A network namespace costs as much as everything else together, and nothing else needs it. Who
 * makes it must be in the child's user namespace: a process that shares the supervisor's memory and
 * runs in its place (vfork) joins that, makes it there, sets loopback up and hands it to the child.
 */
#ifndef RUNNER_NETNS_H
#define RUNNER_NETNS_H

#include "runner/base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Its maker -> child, one datagram, with the descriptor of the namespace when error is 0. */
struct netns_message {
	int32_t error;          /* errno of making it */
	int32_t loopback_error; /* errno of setting lo up */
};

/**
 * netns_make() - Make it and send it; what goes wrong inside is told to the child, whose step it is
 * @init:	pidfd of the process whose user namespace shall own it; -1 = the caller's own
 * @socket:	where the child listens at the other end
 * @stack:	@bytes of memory to run on, free again afterwards
 */
int netns_make(int init, bool loopback, int socket, char *stack, size_t bytes,
	       struct err *err);

/* In the child: takes it over and enters it; -1 and errno. */
int netns_enter(int socket, int32_t *loopback_error);

#endif
