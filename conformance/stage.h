/* SPDX-License-Identifier: Apache-2.0 */
/* stage - what an arm needs on disk: made by whoever sees the place, in the shield's own tmpfs */
#ifndef CONFORMANCE_STAGE_H
#define CONFORMANCE_STAGE_H

#include "conformance/arm.h"

/* Directories, scripts, helper and the arm file, where the calling process sees `root`. */
int stage_make(struct arm *arm, struct err *err);
int stage_arm_file(const struct arm *arm, struct err *err);
/* An empty file, below a directory, unless something of that name is there; never waits, and follows
 * no link. Whether it could be made is seen from what follows. */
void stage_touch(int directory, const char *path);
/* Gives a path to the identity of the script, where that can be done and is known. */
int stage_give(const struct arm *arm, const char *path);

#endif
