/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch - runs one arm from the host: deadline, output, tasks, memory, the end of everything
 *
 * Single-threaded, one poll loop. Whatever happens inside, this returns within the budget and a
 * little, and then nothing of the arm is left.
 */
#ifndef CONFORMANCE_WATCH_H
#define CONFORMANCE_WATCH_H

#include "conformance/watched.h"

/**
 * watch_arm() - Starts the shield, runs the launcher in it, ends it
 * @arm:	planned
 * Return: 0 with *watch filled; or -1: the harness could not do its part. UNSUPPORTED: something
 * is missing here. Nothing is left in any case. *watch is to be given to watch_done().
 */
int watch_arm(struct arm *arm, struct watch *watch, struct err *err);
void watch_done(struct watch *watch);

#endif
