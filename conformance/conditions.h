/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conditions - what a level rests on besides the sandbox: kernel, knobs, caller, files
 *
 * A level holds for a host with its conditions, a launcher, a policy and an invoker. They are
 * measured in milliseconds, recorded, and can be compared later, without a probe being run.
 */
#ifndef CONFORMANCE_CONDITIONS_H
#define CONFORMANCE_CONDITIONS_H

#include "conformance/catalogue.h"
#include "conformance/host.h"
#include "conformance/paths.h"
#include "conformance/target.h"
#include "runner/base/arena.h"
#include "runner/base/json.h"
#include <stddef.h>

/* One fact; both names are keys of the record. */
struct condition {
	const char *section; /* "host", "sysctls", "invoker", "digests" */
	const char *name;
	const char *value; /* NULL: not there, or not to be read */
};

enum {
	CONDITIONS_MAX = 64,
};

struct conditions {
	struct condition rows[CONDITIONS_MAX];
	size_t count;
	const char *launcher; /* path of the program under test, or NULL */
	const char *policy;   /* path of the policy file, or NULL: the launcher's own */
};

/* What they are asked of. */
struct conditions_of {
	const struct host_facts *host;
	const struct paths *paths;
	const struct catalogue *catalogue;
	const struct target *target;
	const char *policy; /* the file of --policy, or NULL */
};

/* Touches nothing. Texts are the arena's. */
void conditions_measure(const struct conditions_of *of, struct arena *arena,
			struct conditions *ret);
/* Digest of a condition "digests", or NULL. */
const char *conditions_digest(const struct conditions *conditions, const char *name);
/* The object `conditions` of a record. */
void conditions_add(struct json *root, const struct conditions *conditions);
/* Where does the policy come from: "built-in default", a file, "the target's own"? */
const char *conditions_policy_source(const struct target *target, const char *policy,
				     struct arena *arena);

struct condition_change {
	const char *section, *name;
	const char *was, *is; /* NULL: not there */
};

/**
 * conditions_compare() - What is not as it was
 * @recorded:	the object `conditions` of a record
 * @changes:	room for CONDITIONS_MAX
 * Return: how many changed; texts point into both arguments
 */
size_t conditions_compare(const struct json *recorded, const struct conditions *now,
			  struct condition_change *changes);

#endif
