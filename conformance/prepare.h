/* SPDX-License-Identifier: Apache-2.0 */
/* prepare - the plan of an arm: only names and words, so that --dry-run can print it */
#ifndef CONFORMANCE_PREPARE_H
#define CONFORMANCE_PREPARE_H

#include "conformance/arm.h"

/**
 * prepare_arm() - Everything that can be said before anything is made: names, arguments, environment
 * @arm:	kind, wants, probe, sets, groups, lab, privileged, caller, identity, arena are set
 * Return: 0; or -1: UNSUPPORTED, the target has no such thing; or SYSTEM
 */
int prepare_arm(struct arm *arm, struct err *err);

#endif
