/* SPDX-License-Identifier: Apache-2.0 */
/*
 * statement - what is signed: which files belong together, and what they amount to
 *
 * An in-toto Statement (v1) with the predicate test-result (v0.1). Its subjects are all the other
 * members of the bundle. The predicate's own fields come first; ours stand in "confine", as the
 * specification lets them. Everything but the time and the place in a chain follows from the members,
 * so a verifier builds it again and compares.
 * Sources: github.com/in-toto/attestation, spec/v1/statement.md, spec/predicates/test-result.md
 */
#ifndef EVIDENCE_STATEMENT_H
#define EVIDENCE_STATEMENT_H

#include "reports/evidence/members.h"
#include "reports/evidence/record.h"
#include "reports/outcome.h"
#include "runner/base/err.h"
#include "runner/base/json.h"

#define STATEMENT_SCHEMA "confine-evidence/1"

enum {
	STATEMENT_TIME = 21, /* "YYYY-MM-DDThh:mm:ssZ" and NUL */
};

/* What does not follow from the members. */
struct statement_link {
	const char *signed_at; /* by the host's own clock */
	uint64_t sequence;     /* from 1; 0: in no chain */
	const char *
		previous; /* SHA-256 of the envelope before; NULL: the first, or no chain */
};

struct statement_of {
	const struct results *results;
	const struct outcome *outcome;
	const struct record *record;
	const struct members *members; /* all but the envelope, sorted */
	struct statement_link link;
};

/* The caller's. */
struct json *statement_build(const struct statement_of *of);
/* PASSED, WARNED or FAILED. */
const char *statement_result(const struct outcome *outcome);

/* A statement as read: texts point into the document. */
struct statement {
	struct json *document;
	struct statement_link link;
	const char *hostname, *identity; /* identity NULL: it has none */
	const char *run, *result;
	struct members subjects;
};
void statement_done(struct statement *statement);
#define owned_statement __attribute__((cleanup(statement_done)))

/* POLICY, with the place. *ret zeroed; statement_done() on success. */
int statement_read(const char *what, const struct str *payload, struct statement *ret,
		   struct err *err);

#endif
