/* SPDX-License-Identifier: Apache-2.0 */
/*
 * identity - a uid/gid that nobody else on this host has for as long as a run lasts
 *
 * Taken from 61184-65519, the range that is set aside for such use (systemd's DynamicUser), and
 * held by a lock on one byte of one file, byte number uid: a shared uid would let runs starve,
 * signal and read each other. The lock belongs to the open file description (fcntl(2),
 * F_OFD_SETLK) and dies with its last holder, so that a killed supervisor holds nothing; the last
 * to release removes the file.
 */
#ifndef RUNNER_IDENTITY_H
#define RUNNER_IDENTITY_H

#include "runner/base/err.h"
#include <sys/types.h>

#define IDENTITY_FILE "/run/confine.uids"

struct identity {
	uid_t uid;
	gid_t gid;
	int lock; /* descriptor, or -1 */
};

/* Picks and locks one; identity_release() gives it back. */
int identity_take(struct identity *identity, struct err *err);
void identity_release(struct identity *identity);

#endif
