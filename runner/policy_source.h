/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy_source - which policy applies: the caller's, else the host's default, else the shipped one
 *
 * The host's default is /etc/confine/policy.json, or the file that CONFINE_POLICY names. Where there
 * is none the shipped profile applies; where there is one that cannot be used, the fail-closed
 * profile: a host whose administrator asked for something never gets something else without a word.
 */
#ifndef RUNNER_POLICY_SOURCE_H
#define RUNNER_POLICY_SOURCE_H

#include "runner/policy.h"

#define POLICY_HOST_FILE "/etc/confine/policy.json"
#define POLICY_HOST_ENV  "CONFINE_POLICY"

enum policy_origin {
	POLICY_SHIPPED,     /* nothing was configured */
	POLICY_HOST,        /* the host's default, over the shipped profile */
	POLICY_OPTION,      /* --policy, over the shipped profile or --profile */
	POLICY_PROFILE,     /* --profile alone */
	POLICY_FAIL_CLOSED, /* the host's default cannot be used */
	POLICY_ORIGIN_COUNT
};
/* "shipped" "host" "option" "profile" "fail-closed" */
extern const char *const policy_origin_words[POLICY_ORIGIN_COUNT];

struct policy_source {
	enum policy_origin origin;
	enum profile profile; /* that lies below */
	const char *file;     /* the one that was read, or tried; NULL = none */
	const char *reason;   /* one line: why this one applies */
};

/* What the command line says about it. */
struct policy_wish {
	const char *file; /* --policy; "-" = standard input, NULL = none */
	int fd;           /* --policy-fd, where has_fd */
	bool has_fd;
	bool has_profile; /* --profile was given */
	enum profile profile;
	const struct policy_set *sets;
	size_t set_count;
};

/* Path of the host's default, whether or not it is there: CONFINE_POLICY where that is not blank. */
const char *policy_host_file(void);

/**
 * policy_find() - Find, read and check the policy that applies
 * @arena:	owns what *policy and *source point to
 * Return: 0; or -1 POLICY or SYSTEM for what the command line asks for. A host's default that cannot
 *	be used is no error: see source->origin and source->reason.
 */
int policy_find(const struct policy_wish *wish, struct arena *arena,
		struct policy *policy, struct policy_source *source, struct err *err);

/* Whole text of a policy file, at most what a person writes (json_small). "-" = standard input. */
int policy_read_file(const char *path, struct str *ret, struct err *err);

/* "policy" of the receipt; the caller's. */
struct json *policy_source_to_json(const struct policy_source *source);

#endif
