/* SPDX-License-Identifier: Apache-2.0 */
/*
 * chain - the envelopes of one host, each with the digest of the one before
 *
 * A directory: 00000001.dsse.json and so on, `head` ("NUMBER:SHA-256" of the last one) and `lock`. What
 * is missing, moved, exchanged or added between is found from the files alone; what is missing at the
 * end is found from the head, and from a head that somebody kept off the host also when the host's own
 * was changed with it. Entries are never overwritten; appending is one at a time (flock).
 */
#ifndef EVIDENCE_CHAIN_H
#define EVIDENCE_CHAIN_H

#include "reports/evidence/envelope.h"
#include "reports/evidence/statement.h"
#include "runner/base/err.h"

struct chain_head {
	uint64_t sequence; /* 0: no entry */
	char sha256[DIGEST_HEX];
};
/* "3:5c65…". POLICY. */
int chain_parse_head(const char *text, struct chain_head *ret, struct err *err);

/* A chain that nobody else appends to until chain_close(). */
struct chain {
	const char *path; /* the caller's; NULL: not open */
	int directory, lock;
	struct chain_head last; /* sequence 0: there is none yet */
};
/* Makes the directory if need be; waits for others. POLICY: the end of it is not whole, or not of this
 * key, or of another host: it is not continued. */
int chain_open(const char *path, const struct key *key, const char *hostname,
	       const char *identity, struct chain *ret, struct err *err);
/* The next entry: there as a whole and on the disk, or not at all. SYSTEM. */
int chain_append(struct chain *chain, const struct str *envelope, struct err *err);
/* Accepts a zeroed struct; leaves it zeroed. */
void chain_close(struct chain *chain);
#define owned_chain __attribute__((cleanup(chain_close)))

/* What is asked of a chain. */
struct chain_of {
	const char *path;
	const struct key *key;
	const struct chain_head *anchor; /* kept elsewhere; NULL: none */
	const struct chain_head *has;    /* an entry that must be this one; NULL: none */
	const char *hostname, *identity; /* of all entries; NULL: of the first */
};
/* Reads every entry. POLICY, with the first fault. */
int chain_verify(const struct chain_of *of, struct chain_head *ret, struct err *err);

#endif
