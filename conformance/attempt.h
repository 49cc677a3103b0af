/* SPDX-License-Identifier: Apache-2.0 */
/* attempt - one probe against the target of a session, both arms: the body of a worker */
#ifndef CONFORMANCE_ATTEMPT_H
#define CONFORMANCE_ATTEMPT_H

#include "conformance/seen.h"
#include "conformance/session.h"

/* `script_text` stands in for the probe's file; NULL: none does. */
void attempt_probe(const struct session *session, const struct probe *probe,
		   const char *script_text, struct arena *arena,
		   struct run_result *result);

#endif
