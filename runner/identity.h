/* SPDX-License-Identifier: Apache-2.0 */
/*
 * identity - a uid/gid that nobody else on this host has for as long as a run lasts
 *
 * Taken from 61184-65519, the range that is set aside for such use (systemd's DynamicUser), and held
 * by a lock on a file of that name: a shared uid would let runs starve, signal and read each other.
 */
#ifndef RUNNER_IDENTITY_H
#define RUNNER_IDENTITY_H

#include "runner/base/err.h"
#include <sys/types.h>

#define IDENTITY_DIRECTORY "/run/confine"

struct identity {
	uid_t uid;
	gid_t gid;
	int lock;      /* descriptor, or -1 */
	char path[64]; /* of the lock file */
};

/* Picks and locks one; the file is removed by identity_release(). */
int identity_take(struct identity *identity, struct err *err);
void identity_release(struct identity *identity);
/* Removes lock files whose owner is gone. */
void identity_sweep(void);

#endif
