/* SPDX-License-Identifier: Apache-2.0 */
/* sign - a run and what it takes to look at it again, in a signed bundle */
#ifndef EVIDENCE_SIGN_H
#define EVIDENCE_SIGN_H

#include "reports/evidence/key.h"
#include "runner/base/err.h"
#include "runner/base/str.h"

struct sign_of {
	const char *results; /* a file; "-" is standard input */
	const char *output;  /* the directory that is made */
	const struct key *key;
	/* NULL where not given. */
	const char *chain, *policy, *waivers, *receipts, *probes;
};

/* What was made, in lines, to *said. POLICY: the arguments, and what of the record does not fit them;
 * SYSTEM: it could not be written. Then nothing was made. */
int sign_run(const struct sign_of *of, struct str *said, struct err *err);

#endif
