/* SPDX-License-Identifier: Apache-2.0 */
/* explain - every field of a policy in words, and what this host makes of it */
#ifndef RUNNER_EXPLAIN_H
#define RUNNER_EXPLAIN_H

#include "runner/outline.h"
#include <stdio.h>

/* Section by section: what each field asks for; by what its layer is enforced here, or why not.
 * @plan:	the policy's own, as found by trying; NULL = say nothing about this host */
void explain_policy(const struct policy *policy, const struct plan *plan, FILE *to);

#endif
