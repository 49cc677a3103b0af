/* SPDX-License-Identifier: Apache-2.0 */
/* receipt - what a launcher states about a run, against what was seen of it */
#ifndef CONFORMANCE_RECEIPT_H
#define CONFORMANCE_RECEIPT_H

#include "conformance/watched.h"

/* True, with the first difference in words, where both sides state something and do not agree,
 * or where there is no receipt at all. */
bool receipt_differs(const struct arm *arm, const struct watch *watch,
		     char difference[RUN_TEXT_MAX]);

#endif
