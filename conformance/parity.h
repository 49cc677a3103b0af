/* SPDX-License-Identifier: Apache-2.0 */
/* parity - does the shield change what it is built around? */
#ifndef CONFORMANCE_PARITY_H
#define CONFORMANCE_PARITY_H

#include "conformance/session.h"

/* Does the shield change this target? Untested where the target does not start at all. */
struct parity_result {
	bool ok, tested;
	size_t count;
	char differences[PARITY_MAX][RUN_TEXT_MAX];
	char reason[RUN_TEXT_MAX]; /* when not ok or not tested: one line */
};
void session_parity(struct session *session, struct parity_result *ret);

#endif
