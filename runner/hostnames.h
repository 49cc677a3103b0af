/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hostnames - host names of a policy, resolved by the host's own resolver before the run begins
 *
 * Inside there is no resolver to talk to, since a question is a way out: what the names mean is
 * written into the hosts file that the script sees (hosts(5)). That works whatever the host's
 * resolver is, one on its loopback too.
 */
#ifndef RUNNER_HOSTNAMES_H
#define RUNNER_HOSTNAMES_H

#include "runner/policy.h"

#define HOSTNAMES_FILE "/etc/hosts"

struct hostname {
	const char *name, *text; /* text: the address as resolved */
	struct net_rule address; /* of one host, without protocol and port */
};

struct hostnames {
	const char *hosts; /* text of the file, of `length` bytes */
	size_t length;
	struct hostname *rows;
	size_t count;
};

/* Does this policy have names, and a network in which they are of use? */
bool hostnames_are_wanted(const struct policy *policy);

/**
 * hostnames_read() - The answer of confine-names as rows and as the text of a hosts file; pure
 * @policy:	whose names were asked for, in this order
 * @answer:	bytes of its output
 * @arena:	owns what *ret points to
 * Return: 0; or -1: SYSTEM, a name that has no address, with the resolver's reason, or an answer
 *	that is none
 */
int hostnames_read(const struct policy *policy, const char *answer, struct arena *arena,
		   struct hostnames *ret, struct err *err);

/**
 * hostnames_resolve() - Ask the host's resolver, in a process of its own, for ten seconds at most
 * Return: 0; or -1 UNSUPPORTED where confine-names is not installed, SYSTEM; see hostnames_read()
 */
int hostnames_resolve(const struct policy *policy, struct arena *arena,
		      struct hostnames *ret, struct err *err);

#endif
