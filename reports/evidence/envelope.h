/* SPDX-License-Identifier: Apache-2.0 */
/*
 * envelope - a statement and its signature in one file (DSSE 1.0.2)
 *
 * https://github.com/secure-systems-lab/dsse: what is signed is PAE(payloadType, payload), so there is
 * no canonical JSON to get wrong. What DSSE leaves outside the signature (layout, keyid, the spelling
 * of base64) is held to one form here: a file that sign did not write byte for byte is refused.
 */
#ifndef EVIDENCE_ENVELOPE_H
#define EVIDENCE_ENVELOPE_H

#include "reports/evidence/key.h"
#include "runner/base/err.h"
#include "runner/base/str.h"

#define ENVELOPE_NAME "attestation.dsse.json"
#define ENVELOPE_TYPE "application/vnd.in-toto+json"
#define ENVELOPE_MAX  (16U << 20) /* bytes */

struct envelope {
	struct str payload, signature;
};
void envelope_done(struct envelope *envelope);
#define owned_envelope __attribute__((cleanup(envelope_done)))

/* What was signed, with no opinion about by whom. POLICY, one line. *ret zeroed. */
int envelope_read(const char *what, const char *text, size_t length, struct envelope *ret,
		  struct err *err);
/* The same, and it is this key's, and byte for byte what envelope_write() gives. */
int envelope_verify(const char *what, const char *text, size_t length,
		    const struct key *key, struct envelope *ret, struct err *err);
/* The bytes that are signed. */
void envelope_add_pae(struct str *str, const struct str *payload);
/* Signs a payload. INTERNAL. */
int envelope_write(const struct key *key, const struct str *payload, struct str *ret,
		   struct err *err);

#endif
