/* SPDX-License-Identifier: Apache-2.0 */
/*
 * supervise - from exec to the end of the last task: bytes, deadline, signals, cause of death
 */
#ifndef RUNNER_SUPERVISE_H
#define RUNNER_SUPERVISE_H

#include "runner/outcome.h"
#include "runner/spawn.h"

/**
 * supervise() - Pump until the tree is gone
 * @signals:	signalfd for the signals that end a run
 * @account:	somebody will read the usage
 * The tree is dead and reaped when this returns; what it wrote within the budget has been passed on,
 * unless the reader left, or took nothing for a second after a deadline or a signal.
 */
void supervise(struct spawn *spawn, int signals, bool account, struct outcome *outcome);

#endif
