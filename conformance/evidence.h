/* SPDX-License-Identifier: Apache-2.0 */
/* evidence - what an arm left behind: proof of life, attempt, the word, the receipt */
#ifndef CONFORMANCE_EVIDENCE_H
#define CONFORMANCE_EVIDENCE_H

#include "conformance/watched.h"

/* Before the launcher starts: notice who opens the script and the helper. */
void evidence_begin(const struct arm *arm, struct watch *watch);
/* After the last task is gone, while the directory of the arm can still be read. */
void evidence_collect(struct arm *arm, struct watch *watch);

#endif
