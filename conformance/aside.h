/* SPDX-License-Identifier: Apache-2.0 */
/* aside - what a fork works out while the caller goes on; what it leaves behind is not the caller's */
#ifndef CONFORMANCE_ASIDE_H
#define CONFORMANCE_ASIDE_H

#include "conformance/session.h"

struct aside {
	pid_t pid;
	int from;    /* -1: it was never started */
	int stop_fd; /* of the session */
};

/* Fills in a result without pointers. */
typedef void aside_work(const struct session *session, void *ret);

/**
 * aside_start() - A fork that does @work, and ends when we do
 * @size:	of its result, bytes
 * What cannot be started is found out at its end.
 */
void aside_start(struct aside *aside, aside_work *work, const struct session *session,
		 size_t size);

/* Waits for it, and has it stop early when the session is to. False: there is no result, and *ret is as before. */
bool aside_finish(struct aside *aside, void *ret, size_t size);

#endif
