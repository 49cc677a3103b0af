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
 * watch_new() - What one arm is watched with, empty; end it with watch_done()
 * A fork of the calling process does not have it.
 */
struct watch *watch_new(void);
void watch_done(struct watch *watch);

/**
 * watch_arm() - Starts the shield, runs the launcher in it, ends it
 * @arm:	planned
 * @watch:	new
 * Return: 0 with *watch filled; or -1: the harness could not do its part. UNSUPPORTED: something
 * is missing here. Nothing is left in any case.
 */
int watch_arm(struct arm *arm, struct watch *watch, struct err *err);

#endif
