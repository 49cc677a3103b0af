/* SPDX-License-Identifier: Apache-2.0 */
/* evidence - what an arm left behind: proof of life, attempt, the word, the receipt */
#ifndef CONFORMANCE_EVIDENCE_H
#define CONFORMANCE_EVIDENCE_H

#include "conformance/watched.h"
#include <sys/stat.h>

/* Before the launcher starts: notice who opens the script and the helper. */
void evidence_begin(const struct arm *arm, struct watch *watch);
/* After the last task is gone, while the directory of the arm can still be read. */
void evidence_collect(struct arm *arm, struct watch *watch);

/* What lies at a path below the root of an arm, itself if it is a link; false when nothing does, or when
 * a link is on the way there. Opens nothing, so that no pipe and no device can hold us up. */
bool evidence_stat(int root, const char *path, struct stat *about);

#endif
