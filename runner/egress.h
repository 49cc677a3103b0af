/* SPDX-License-Identifier: Apache-2.0 */
/*
 * egress - what may leave the network namespace of a run, as rules of a packet filter; pure
 *
 * Rules are printed from numbers, in the very form in which nftables lists them, so that what the
 * kernel holds can be compared with what was asked for, line by line.
 */
#ifndef RUNNER_EGRESS_H
#define RUNNER_EGRESS_H

#include "runner/base/arena.h"
#include "runner/base/str.h"
#include "runner/policy.h"
#include <stdbool.h>
#include <stddef.h>

/* The one interface besides loopback, whichever program is behind it. */
#define EGRESS_INTERFACE "uplink"

/* What stays closed under denyLinkLocalAndMetadata, whatever allow says. */
struct egress_block {
	const char *range; /* as in network.allow */
	const char *what;
};
extern const struct egress_block egress_blocks[];
extern const size_t egress_block_count;

/* Appends the ruleset for a policy whose network goes through an uplink: an allowlist with entries,
 * or unrestricted with the block. */
void egress_rules(const struct policy *policy, struct str *ret);

/* Is an entry of allow covered by the block as a whole, so that it allows nothing unless
 * allowOverridesBlock is set? */
bool egress_is_blocked(const struct policy *policy, const struct net_rule *entry);

/* Does an entry of allow name this address, for whatever protocol and port? */
bool egress_is_listed(const struct policy *policy, const struct net_rule *address);

/**
 * egress_compare() - Does a listing say what was asked for, no less and no more?
 * @asked:	from egress_rules()
 * @listed:	lines of the kernel's ruleset, indentation and empty lines do not count
 * @arena:	for the answer
 * Return: NULL when they agree; else a sentence on the first line that differs. Addresses agree
 *	when they are the same number, however written.
 */
const char *egress_compare(const char *asked, const char *listed, struct arena *arena);

#endif
