/* SPDX-License-Identifier: Apache-2.0 */
/*
 * supervise - from exec to the end of the last task: bytes, deadline, signals, cause of death
 */
#ifndef RUNNER_SUPERVISE_H
#define RUNNER_SUPERVISE_H

#include "runner/outcome.h"
#include "runner/spawn.h"

/* What a run is pumped with. Taken before the script may begin, so that one for which there is no memory
 * never does. */
struct pump;

/* The caller's, freed with free(3); NULL: SYSTEM, no memory or no clock. */
struct pump *supervise_prepare(struct err *err);

/**
 * supervise() - Pump until the tree is gone
 * @pump:	from supervise_prepare(), for one run
 * @signals:	signalfd for the signals that end a run
 * @lifeline:	something to read, or its end, means that the caller is gone: the tree ends at once and
 *		nobody is waited for; -1 = none
 * @account:	somebody will read the usage
 * The tree is dead and reaped when this returns; what it wrote within the budget has been passed on,
 * unless the reader left, or took nothing for a second after a deadline or a signal.
 */
void supervise(struct pump *pump, struct spawn *spawn, int signals, int lifeline,
	       bool account, struct outcome *outcome);

#endif
