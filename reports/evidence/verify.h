/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify - does a bundle hold what was signed, all of it and nothing else, and by whom
 *
 * The signature first: of what is not signed nothing is read but the envelope. Then every member's
 * digest, the statement built again from the members, the digests that tie the members to each other;
 * then what the caller wants to know: nonce, host, age, waivers, chain.
 */
#ifndef EVIDENCE_VERIFY_H
#define EVIDENCE_VERIFY_H

#include "reports/evidence/chain.h"
#include "reports/evidence/key.h"
#include "runner/base/err.h"
#include "runner/base/str.h"

struct verify_of {
	const char *bundle; /* NULL: the chain alone */
	int directory;      /* the bundle, open; -1 without */
	const struct key *key;
	/* NULL where not asked for. */
	const char *chain, *challenge, *hostname;
	const struct chain_head *anchor; /* with a chain */
	const char *as_of;               /* "YYYY-MM-DD", the day of the question */
	uint64_t max_age_ms;             /* of the run's end; 0: any */
};

/* What holds, in lines, to *said. -1 with the first thing that does not: POLICY, SYSTEM. */
int verify_run(const struct verify_of *of, struct str *said, struct err *err);

/* What an envelope's signature is over, or the signature itself, as openssl or ssh-keygen takes it. No
 * opinion is given. */
int verify_print(int directory, const char *bundle, bool signature, struct str *ret,
		 struct err *err);

#endif
