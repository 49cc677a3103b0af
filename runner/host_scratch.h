/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host_scratch - a run directory on the host, for want of a private mount namespace
 *
 * Holds `scratch`, owned by the identity of the script, and the script's text. It is locked while
 * the run lives and carries a mark of ours, so that a later run can tell what a killed supervisor
 * left from what somebody else calls by such a name.
 */
#ifndef RUNNER_HOST_SCRATCH_H
#define RUNNER_HOST_SCRATCH_H

#include "runner/plan.h"

/* Where the next one would be made: below TMPDIR or /tmp; a name nobody else takes. A TMPDIR that
 * only root can get to is none for the script of a root caller, which is somebody else. */
const char *host_scratch_path(const char *tmpdir, struct arena *arena);
/* Returns the descriptor that holds the lock, or -1. */
int host_scratch_make(const struct plan *plan, const char *path, struct err *err);
/* Removes it with everything inside; never follows a link, never leaves the file system. */
void host_scratch_remove(const char *path);
/* Removes what killed supervisors of this caller left beside `path`. */
void host_scratch_sweep(const char *path);

#endif
