/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy_fields - every field a policy may hold: section, key, type, bounds, place in struct policy
 *
 * Knows single values only; profiles and contradictions between values are policy.c's.
 */
#ifndef RUNNER_POLICY_FIELDS_H
#define RUNNER_POLICY_FIELDS_H

#include "runner/policy.h"

#define POLICY_UID_MAX 4294967294ULL /* (uid_t)-1 means "leave it" to setresuid(2) */

/**
 * policy_fields_read() - Read a document over a policy: what it does not say stays as it is
 * @document:	any JSON value; all but an object is refused
 * @what:	name of the document, first word of every error
 * @arena:	owns the lists that *policy points to afterwards
 * Return: 0; or -1 POLICY, "<what>: /pointer: …", and *policy may be half changed
 */
int policy_fields_read(const struct json *document, const char *what, struct arena *arena,
		       struct policy *policy, struct err *err);

/* The caller's. Members that upstream does not know appear only where they say something, so that
 * what an upstream policy resolves to is an upstream policy. */
struct json *policy_fields_write(const struct policy *policy);

#endif
