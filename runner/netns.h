/* SPDX-License-Identifier: Apache-2.0 */
/*
 * netns - makes the run's network namespace beside the child, which builds its root meanwhile
 *
 * A network namespace costs as much as everything else together, and nothing else needs it: a
 * helper joins the child's user namespace, makes it there, sets loopback up and hands it over.
 */
#ifndef RUNNER_NETNS_H
#define RUNNER_NETNS_H

#include "runner/base/err.h"
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* helper -> child, one datagram, with the descriptor of the namespace when error is 0. */
struct netns_message {
	int32_t error;          /* errno of making it */
	int32_t loopback_error; /* errno of setting lo up */
};

/**
 * netns_start() - Start the helper
 * @init:	pidfd of the process whose user namespace shall own it; -1 = the caller's own
 * @socket:	the helper sends there
 * @helper:	its pid; the caller waits for it
 * Return: pidfd of the helper, or -1
 */
int netns_start(int init, bool loopback, int socket, pid_t *helper, struct err *err);

/* In the child: takes it over and enters it; -1 and errno. */
int netns_enter(int socket, int32_t *loopback_error);

#endif
