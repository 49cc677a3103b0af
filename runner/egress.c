/* SPDX-License-Identifier: Apache-2.0 */
/*
 * egress - see egress.h
 *
 * Outgoing packets, in this order: loopback; the two questions without which no IPv6 neighbour is
 * found; what would take a way past its written destination; what the policy allows by name
 * although it is blocked; the block; what the policy allows; nothing else. No rule is kept for
 * answers to what came in, because nothing comes in.
 */
#include "runner/egress.h"
#include "runner/base/own.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

/* Written down a second time in the suite, from other sources: neither side vouches for the other. */
const struct egress_block egress_blocks[] = {
	{ "169.254.0.0/16",
	  "link-local; AWS, Azure, Google, Oracle and others (RFC 3927)" },
	{ "168.63.129.16", "Azure WireServer" },
	{ "100.100.100.200", "Alibaba Cloud" },
	{ "192.0.0.192", "Oracle Cloud Classic" },
	{ "224.0.0.0/24", "multicast on the link (RFC 5771)" },
	{ "255.255.255.255", "broadcast on the link (RFC 919)" },
	{ "fe80::/10", "link-local (RFC 4291)" },
	{ "fc00::/7", "unique local: fd00:ec2::254, fd20:ce::254, … (RFC 4193)" },
	{ "ff02::/16", "multicast on the link (RFC 4291)" },
	{ "::ffff:0:0/96", "IPv4-mapped: never on a wire (RFC 4291)" },
	{ "2001::/32", "Teredo: an IPv4 address in disguise (RFC 4380)" },
};
const size_t egress_block_count = ARRAY_SIZE(egress_blocks);

/* IPv6 ranges in which an IPv4 address is written, and at which bit. */
static const struct {
	const char *range;
	unsigned int bit;
} embeddings[] = {
	{ "64:ff9b::", 96 },    /* NAT64 (RFC 6052) */
	{ "64:ff9b:1::", 96 },  /* NAT64 of this network (RFC 8215) */
	{ "::", 96 },           /* IPv4-compatible (RFC 4291) */
	{ "::ffff:0:0:0", 96 }, /* IPv4-translated (RFC 2765) */
	{ "2002::", 16 },       /* 6to4 (RFC 3056) */
};

/* How a rule ends. A connection is told at once, where silence would cost it minutes. */
#define REFUSE "goto refuse"

static void add_range(struct str *ret, const struct net_rule *rule)
{
	char text[INET6_ADDRSTRLEN];
	bool v6 = rule->family == AF_INET6;

	(void)inet_ntop(rule->family, rule->bytes, text, sizeof(text));
	str_addf(ret, "%s daddr %s", v6 ? "ip6" : "ip", text);
	if (rule->prefix != (v6 ? 128 : 32))
		str_addf(ret, "/%u", rule->prefix);
}

static void add_rule(struct str *ret, const struct net_rule *rule, const char *verdict)
{
	str_add(ret, "\t\t");
	add_range(ret, rule);
	if (rule->protocol)
		str_addf(ret, " %s dport %u",
			 rule->protocol == IPPROTO_TCP ? "tcp" : "udp", rule->port);
	str_addf(ret, " %s\n", verdict);
}

/* ADDRESS[/N] of ours or of a listing; a policy's are read by parse_net_rule(), which refuses some of
 * them. */
static bool read_range(const char *text, size_t length, struct net_rule *ret)
{
	struct net_rule rule = { 0 };
	struct err ignored;
	uint64_t prefix;
	char copy[64];
	char *slash;

	if (length >= sizeof(copy))
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	slash = strchr(copy, '/');
	if (slash)
		*slash = '\0';
	rule.family = strchr(copy, ':') ? AF_INET6 : AF_INET;
	prefix = rule.family == AF_INET6 ? 128 : 32;
	if (inet_pton(rule.family, copy, rule.bytes) != 1 ||
	    (slash && parse_u64(slash + 1, 0, prefix, &prefix, &ignored) < 0))
		return false;
	rule.prefix = (unsigned int)prefix;
	*ret = rule;
	return true;
}

/* An IPv4 range as it is written in one of the embeddings. */
static struct net_rule embed(const struct net_rule *v4, size_t which)
{
	struct net_rule rule = { 0 };

	(void)read_range(embeddings[which].range, strlen(embeddings[which].range), &rule);
	memcpy(rule.bytes + embeddings[which].bit / 8, v4->bytes, 4);
	rule.prefix = embeddings[which].bit + v4->prefix;
	return rule;
}

static bool lies_in(const struct net_rule *inner, const struct net_rule *outer)
{
	if (inner->family != outer->family || inner->prefix < outer->prefix)
		return false;
	for (unsigned int i = 0; i < outer->prefix; i++) {
		unsigned int mask = 0x80U >> i % 8;

		if ((inner->bytes[i / 8] & mask) != (outer->bytes[i / 8] & mask))
			return false;
	}
	return true;
}

/* Calls visit with every blocked range, written out; stops when it says true. */
static bool each_block(bool (*visit)(const struct net_rule *block, void *context),
		       void *context)
{
	for (size_t i = 0; i < egress_block_count; i++) {
		struct net_rule block = { 0 };

		(void)read_range(egress_blocks[i].range, strlen(egress_blocks[i].range),
				 &block);
		if (visit(&block, context))
			return true;
		for (size_t k = 0; block.family == AF_INET && k < ARRAY_SIZE(embeddings);
		     k++) {
			struct net_rule embedded = embed(&block, k);

			if (visit(&embedded, context))
				return true;
		}
	}
	return false;
}

static bool add_block(const struct net_rule *block, void *context)
{
	add_rule(context, block, REFUSE);
	return false;
}

static bool holds_entry(const struct net_rule *block, void *context)
{
	return lies_in(context, block);
}

bool egress_is_blocked(const struct policy *policy, const struct net_rule *entry)
{
	struct net_rule copy = *entry;

	return policy->network.deny_link_local_and_metadata &&
	       each_block(holds_entry, &copy);
}

bool egress_is_listed(const struct policy *policy, const struct net_rule *address)
{
	for (size_t i = 0; i < policy->network.allow_count; i++)
		if (lies_in(address, &policy->network.allow[i]))
			return true;
	return false;
}

/* The entries that hold although they are blocked, or those that are not blocked. */
static void add_entries(struct str *ret, const struct policy *policy, bool blocked)
{
	for (size_t i = 0; i < policy->network.allow_count; i++)
		if (egress_is_blocked(policy, &policy->network.allow[i]) == blocked)
			add_rule(ret, &policy->network.allow[i], "accept");
}

void egress_rules(const struct policy *policy, struct str *ret)
{
	bool lists = policy->network.mode == NETWORK_ALLOWLIST;
	const char *neighbours[] = { "135", "136" }; /* solicitation, advertisement */

	str_add(ret, "table inet confine {\n"
		     "\tchain refuse {\n"
		     "\t\tmeta l4proto 6 reject with tcp reset\n"
		     "\t\tdrop\n"
		     "\t}\n"
		     "\tchain output {\n");
	str_addf(ret, "\t\ttype filter hook output priority 0; policy %s;\n",
		 lists ? "drop" : "accept");
	str_add(ret, "\t\toifname \"lo\" accept\n");
	for (size_t i = 0; i < ARRAY_SIZE(neighbours); i++)
		str_addf(ret,
			 "\t\toifname \"" EGRESS_INTERFACE "\" icmpv6 type %s accept\n",
			 neighbours[i]);
	/* Source routes: IPv4 has them in options, IPv6 in a header of its own. */
	str_add(ret, "\t\tip hdrlength != 5 " REFUSE "\n"
		     "\t\tip6 nexthdr 43 " REFUSE "\n");
	if (lists && policy->network.allow_overrides_block)
		add_entries(ret, policy, true);
	if (policy->network.deny_link_local_and_metadata)
		(void)each_block(add_block, ret);
	if (lists) {
		add_entries(ret, policy, false);
		str_add(ret, "\t\t" REFUSE "\n");
	}
	str_add(ret, "\t}\n"
		     "\tchain input {\n"
		     "\t\ttype filter hook input priority 0; policy drop;\n"
		     "\t\tiifname \"lo\" accept\n");
	for (size_t i = 0; i < ARRAY_SIZE(neighbours); i++)
		str_addf(ret,
			 "\t\tiifname \"" EGRESS_INTERFACE "\" icmpv6 type %s accept\n",
			 neighbours[i]);
	str_add(ret, "\t\tct state 0x2,0x4 accept\n" /* established, related */
		     "\t}\n"
		     "\tchain forward {\n"
		     "\t\ttype filter hook forward priority 0; policy drop;\n"
		     "\t}\n"
		     "}\n");
}

/* --- comparing ------------------------------------------------------------------------------- */

/* The next line that says something, its length in *length; NULL at the end. */
static const char *next_line(const char **at, size_t *length)
{
	*at += strspn(*at, " \t\n");
	if (!**at)
		return NULL;
	*length = strcspn(*at, "\n");
	*at += *length;
	return *at - *length;
}

static bool same_word(const char *a, size_t a_length, const char *b, size_t b_length)
{
	struct net_rule left, right;

	if (a_length == b_length && !memcmp(a, b, a_length))
		return true;
	return read_range(a, a_length, &left) && read_range(b, b_length, &right) &&
	       left.family == right.family && left.prefix == right.prefix &&
	       !memcmp(left.bytes, right.bytes, sizeof(left.bytes));
}

static bool same_line(const char *a, size_t a_length, const char *b, size_t b_length)
{
	const char *a_end = a + a_length, *b_end = b + b_length;

	while (a < a_end && b < b_end) {
		size_t left = strcspn(a, " \n"), right = strcspn(b, " \n");

		if (!same_word(a, left, b, right))
			return false;
		a += left + (a + left < a_end);
		b += right + (b + right < b_end);
	}
	return a == a_end && b == b_end;
}

const char *egress_compare(const char *asked, const char *listed, struct arena *arena)
{
	for (;;) {
		size_t want_length = 0, have_length = 0;
		const char *want = next_line(&asked, &want_length);
		const char *have = next_line(&listed, &have_length);

		if (!want && !have)
			return NULL;
		if (!want)
			return arena_printf(arena, "a rule too many: %.*s",
					    (int)have_length, have);
		if (!have)
			return arena_printf(arena, "a rule is missing: %.*s",
					    (int)want_length, want);
		if (!same_line(want, want_length, have, have_length))
			return arena_printf(arena, "\"%.*s\" instead of \"%.*s\"",
					    (int)have_length, have, (int)want_length,
					    want);
	}
}
