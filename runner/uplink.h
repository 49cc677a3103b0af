/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uplink - a program that carries packets between a network namespace and the network of the host,
 * in user space: pasta, else slirp4netns
 *
 * It is a child of ours with a constant environment and nothing open but its pipes; it dies with
 * us. Neither forwards anything inwards, nor from the inside to the host's loopback.
 */
#ifndef RUNNER_UPLINK_H
#define RUNNER_UPLINK_H

#include "runner/base/err.h"
#include <stdbool.h>
#include <sys/types.h>

struct uplink {
	const char *program; /* its name; NULL: there is none */
	pid_t pid;
	int pidfd;
	int words; /* what it says after its start: kept open, and not read any more */
	/* An address and a default route that it leaves to us, or NULL. */
	const char *address, *gateway;
};

/* Also what uplink_done() leaves behind. */
#define UPLINK_NONE                                                                      \
	(struct uplink)                                                                  \
	{                                                                                \
		.pid = -1, .pidfd = -1, .words = -1                                      \
	}

/**
 * uplink_start() - Give the network namespace of a process an interface that leads out
 * @target:	lives in that namespace until this returns
 * @interface:	its name inside
 * @deadline_ms: until it is up, for each program
 * @uplink:	filled on success; end it with uplink_done()
 * Return: 0; or -1 UNSUPPORTED, with the reason of each program that was tried, SYSTEM
 */
int uplink_start(pid_t target, const char *interface, unsigned int deadline_ms,
		 struct uplink *uplink, struct err *err);

/* Still carrying packets? */
bool uplink_lives(const struct uplink *uplink);

/* Accepts one that was never started. */
void uplink_done(struct uplink *uplink);

#endif
