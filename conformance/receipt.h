/* SPDX-License-Identifier: Apache-2.0 */
/* receipt - what a launcher states about a run, against what was seen of it */
#ifndef CONFORMANCE_RECEIPT_H
#define CONFORMANCE_RECEIPT_H

#include "conformance/watched.h"

enum receipt_says {
	RECEIPT_AGREES,
	RECEIPT_DIFFERS, /* with the first difference in words; also: there is none */
	RECEIPT_STATES_NOTHING, /* of what can be compared */
};

/* Everything that both sides state is compared. To agree it has to state something of the end of the
 * run; or, of_facts, of who and where the script was: identity, privileges, namespaces. */
enum receipt_says receipt_compare(const struct arm *arm, const struct watch *watch,
				  bool of_facts, char difference[RUN_TEXT_MAX]);

#endif
