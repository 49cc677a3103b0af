/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record - what a results.json says about its own origin, beyond what the reports show
 *
 * Who was asked, by whom, and the digests of what took part. Texts point into the document.
 */
#ifndef EVIDENCE_RECORD_H
#define EVIDENCE_RECORD_H

#include "reports/results.h"
#include "runner/base/err.h"

enum record_digest {
	RECORD_LAUNCHER,
	RECORD_TARGET,
	RECORD_POLICY,
	RECORD_CATALOGUE,
	RECORD_ATTACK,
	RECORD_SUITE,
	RECORD_TEXT, /* CONFORMANCE.md */
	RECORD_DIGEST_COUNT
};
extern const char *const record_digest_names[RECORD_DIGEST_COUNT];

struct record {
	const char *label;     /* "self-attested" or "collector-witnessed" */
	const char *challenge; /* NULL: nobody asked */
	const char *identity;  /* keyed digest of the machine's id; NULL: it has none */
	const char *digests[RECORD_DIGEST_COUNT]; /* SHA-256; NULL: not there */
};

/* POLICY, with the place, when the document does not say, or contradicts itself. */
int record_read(const char *what, const struct results *results, struct record *ret,
		struct err *err);

#endif
