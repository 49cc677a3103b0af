/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_egress - what the rules decide about packets, found by reading them as the kernel would
 *
 * The rules are text, so the test has a reader of its own: no privilege, no kernel, no luck.
 */
#include "runner/base/own.h"
#include "runner/egress.h"
#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

static struct arena arena;

static struct policy read_policy(const char *network)
{
	owned_str struct str text = { 0 };
	struct policy policy;
	struct err err = { 0 };

	str_addf(&text, "{\"network\":%s}", network);
	ck_assert_msg(policy_load(PROFILE_DEFAULT, "test", str_text(&text), text.length,
				  NULL, 0, NULL, NULL, &arena, &policy, &err) == 0,
		      "%s", err.msg);
	return policy;
}

static const char *rules_of(const char *network)
{
	struct policy policy = read_policy(network);
	owned_str struct str rules = { 0 };

	egress_rules(&policy, &rules);
	return arena_strdup(&arena, str_text(&rules));
}

/* --- the reader ------------------------------------------------------------------------------ */

struct packet {
	const char *out, *to;
	int protocol;
	unsigned int port, icmp_type, ip_words; /* ip_words: length of an IPv4 header */
};

static bool matches_address(const char *word, const struct packet *packet, int family)
{
	unsigned char range[16], to[16];
	char copy[64];
	char *slash;
	unsigned int bits = family == AF_INET ? 32 : 128;

	(void)memccpy(copy, word, '\0', sizeof(copy));
	slash = strchr(copy, '/');
	if (slash) {
		*slash = '\0';
		bits = (unsigned int)strtoul(slash + 1, NULL, 10);
	}
	ck_assert_msg(inet_pton(family, copy, range) == 1, "%s", word);
	if (inet_pton(family, packet->to, to) != 1)
		return false;
	for (unsigned int i = 0; i < bits; i++)
		if ((range[i / 8] ^ to[i / 8]) & 0x80U >> i % 8)
			return false;
	return true;
}

/* One word, or NULL at the end of the line. */
static char *take(char **at)
{
	char *word;

	do {
		word = strsep(at, " \t");
	} while (word && !*word);
	return word;
}

static bool is_v4(const struct packet *packet)
{
	return !strchr(packet->to, ':');
}

/* A condition that starts with `word` holds; whatever is not known here is a failure of the test. */
static bool holds(const char *word, char **rest, const struct packet *packet)
{
	const char *field = take(rest), *value;

	if (!strcmp(word, "oifname"))
		return strlen(field) == strlen(packet->out) + 2 &&
		       !strncmp(field + 1, packet->out, strlen(packet->out));
	value = take(rest);
	if (!strcmp(field, "daddr"))
		return is_v4(packet) == !strcmp(word, "ip") &&
		       matches_address(value, packet,
				       strcmp(word, "ip") ? AF_INET6 : AF_INET);
	if (!strcmp(field, "dport"))
		return packet->protocol ==
			       (strcmp(word, "tcp") ? IPPROTO_UDP : IPPROTO_TCP) &&
		       packet->port == strtoul(value, NULL, 10);
	if (!strcmp(word, "icmpv6"))
		return packet->protocol == IPPROTO_ICMPV6 &&
		       packet->icmp_type == strtoul(value, NULL, 10);
	if (!strcmp(word, "meta"))
		return packet->protocol == (int)strtoul(value, NULL, 10);
	if (!strcmp(field, "nexthdr"))
		return !is_v4(packet) &&
		       packet->protocol == (int)strtoul(value, NULL, 10);
	if (!strcmp(field, "hdrlength"))
		return is_v4(packet) && packet->ip_words != strtoul(take(rest), NULL, 10);
	ck_abort_msg("%s %s", word, field);
}

/* "accept" or "refuse": what the line says about the packet; NULL: nothing. */
static const char *verdict_of(char *line, const struct packet *packet)
{
	char *word;

	while ((word = take(&line)) != NULL) {
		if (!strcmp(word, "accept"))
			return "accept";
		if (!strcmp(word, "goto"))
			return "refuse";
		if (!holds(word, &line, packet))
			return NULL;
	}
	ck_abort_msg("a rule without a verdict");
}

static const char *decide(const char *rules, const struct packet *packet)
{
	char *copy = arena_strdup(&arena, rules);
	char *at = strstr(copy, "chain output {");
	const char *policy;

	ck_assert_ptr_nonnull(at);
	(void)strsep(&at, "\n");
	policy = strstr(strsep(&at, "\n"), "policy drop") ? "refuse" : "accept";
	for (char *line = strsep(&at, "\n"); line && !strchr(line, '}');
	     line = strsep(&at, "\n")) {
		const char *verdict = verdict_of(line, packet);

		if (verdict)
			return verdict;
	}
	return policy;
}

/* --- decisions --------------------------------------------------------------------------------- */

#define EXACT                                                                            \
	"{\"allow\":[\"203.0.113.10 tcp 80\",\"2001:db8:1::10 tcp 80\","                 \
	"\"203.0.113.64/26 udp 53\",\"198.51.100.7\"]}"
#define WIDE "{\"allow\":[\"0.0.0.0/0\",\"::/0\"]}"
#define WIDE_OVER                                                                        \
	"{\"allow\":[\"0.0.0.0/0\",\"::/0\",\"169.254.169.254 tcp 80\"],"                \
	"\"allowOverridesBlock\":true}"
#define UNBLOCKED                                                                        \
	"{\"allow\":[\"169.254.169.254 tcp 80\"],\"denyLinkLocalAndMetadata\":false}"
#define OPEN "{\"mode\":\"unrestricted\"}"

#define TCP(to, port)                                                                    \
	{                                                                                \
		"uplink", to, IPPROTO_TCP, port, 0, 5                                    \
	}
#define UDP(to, port)                                                                    \
	{                                                                                \
		"uplink", to, IPPROTO_UDP, port, 0, 5                                    \
	}
#define OTHER(to, proto)                                                                 \
	{                                                                                \
		"uplink", to, proto, 0, 0, 5                                             \
	}

static const struct {
	const char *network;
	struct packet packet;
	bool accepted;
} decisions[] = {
	{ EXACT, TCP("203.0.113.10", 80), true },
	{ EXACT, TCP("2001:db8:1::10", 80), true },
	{ EXACT, TCP("203.0.113.10", 81), false },
	{ EXACT, UDP("203.0.113.10", 80), false },
	{ EXACT, OTHER("203.0.113.10", IPPROTO_ICMP), false },
	{ EXACT, OTHER("203.0.113.10", IPPROTO_SCTP), false },
	{ EXACT, OTHER("203.0.113.10", IPPROTO_UDPLITE), false },
	{ EXACT, TCP("203.0.113.11", 80), false },
	{ EXACT, TCP("2001:db8:1::11", 80), false },
	{ EXACT, UDP("203.0.113.64", 53), true },
	{ EXACT, UDP("203.0.113.127", 53), true },
	{ EXACT, UDP("203.0.113.63", 53), false },
	{ EXACT, UDP("203.0.113.128", 53), false },
	{ EXACT, TCP("203.0.113.64", 53), false },
	{ EXACT, OTHER("198.51.100.7", IPPROTO_ICMP), true }, /* no protocol: every one */
	{ EXACT, TCP("198.51.100.7", 65535), true },
	{ EXACT, TCP("169.254.169.254", 80), false },
	{ EXACT, { "lo", "127.0.0.1", IPPROTO_TCP, 80, 0, 5 }, true },
	{ EXACT, { "uplink", "127.0.0.1", IPPROTO_TCP, 80, 0, 5 }, false },
	{ EXACT, { "uplink", "ff02::1:ff00:1", IPPROTO_ICMPV6, 0, 135, 0 }, true },
	{ EXACT, { "uplink", "fe80::1", IPPROTO_ICMPV6, 0, 136, 0 }, true },
	{ EXACT, { "uplink", "ff02::2", IPPROTO_ICMPV6, 0, 133, 0 }, false },
	{ EXACT, { "uplink", "2001:db8:1::10", IPPROTO_ICMPV6, 0, 128, 0 }, false },
	{ EXACT,
	  { "uplink", "203.0.113.10", IPPROTO_TCP, 80, 0, 6 },
	  false }, /* options */
	{ EXACT,
	  { "uplink", "2001:db8:1::10", 43, 80, 0, 0 },
	  false }, /* routing header */
	{ EXACT, UDP("224.0.0.251", 5353), false },
	/* no width opens what is blocked, however it is written */
	{ WIDE, TCP("203.0.113.10", 80), true },
	{ WIDE, TCP("2001:db8:1::10", 80), true },
	{ WIDE, TCP("169.254.169.254", 80), false },
	{ WIDE, TCP("169.254.170.2", 80), false },
	{ WIDE, TCP("169.254.0.1", 1), false },
	{ WIDE, TCP("169.253.255.255", 80), true },
	{ WIDE, TCP("169.255.0.0", 80), true },
	{ WIDE, TCP("168.63.129.16", 80), false },
	{ WIDE, TCP("168.63.129.17", 80), true },
	{ WIDE, TCP("100.100.100.200", 80), false },
	{ WIDE, TCP("192.0.0.192", 80), false },
	{ WIDE, TCP("fd00:ec2::254", 80), false },
	{ WIDE, TCP("fd00:ec2::23", 80), false },
	{ WIDE, TCP("fd20:ce::254", 80), false },
	{ WIDE, TCP("fd00:c1::a9fe:a9fe", 80), false },
	{ WIDE, TCP("fe80::a9fe:a9fe", 80), false },
	{ WIDE, TCP("febf::1", 80), false },
	{ WIDE, TCP("fec0::1", 80), true },
	{ WIDE, TCP("64:ff9b::169.254.169.254", 80), false },
	{ WIDE, TCP("64:ff9b::168.63.129.16", 80), false },
	{ WIDE, TCP("64:ff9b::100.100.100.200", 80), false },
	{ WIDE, TCP("64:ff9b::192.0.0.192", 80), false },
	{ WIDE, TCP("64:ff9b:1::169.254.169.254", 80), false },
	{ WIDE, TCP("64:ff9b::203.0.113.10", 80), true },
	{ WIDE, TCP("::ffff:169.254.169.254", 80), false },
	{ WIDE, TCP("::ffff:203.0.113.10", 80), false }, /* never on a wire */
	{ WIDE, TCP("::169.254.169.254", 80), false },
	{ WIDE, TCP("::ffff:0:169.254.169.254", 80), false },
	{ WIDE, TCP("2002:a9fe:a9fe::1", 80), false },
	{ WIDE, TCP("2002:a83f:8110:1::1", 80), false },
	{ WIDE, TCP("2002:cb00:710a::1", 80), true },
	{ WIDE, TCP("2001:0:cb00:710a::5601:5601", 80), false },
	{ WIDE, TCP("2001:1::1", 80), true },
	{ WIDE, UDP("224.0.0.251", 5353), false },
	{ WIDE, UDP("255.255.255.255", 67), false },
	{ WIDE, UDP("ff02::fb", 5353), false },
	/* by name, and only what is named */
	{ WIDE_OVER, TCP("169.254.169.254", 80), true },
	{ WIDE_OVER, TCP("169.254.169.254", 81), false },
	{ WIDE_OVER, UDP("169.254.169.254", 80), false },
	{ WIDE_OVER, TCP("169.254.169.253", 80), false },
	{ WIDE_OVER, TCP("fd00:ec2::254", 80), false },
	{ WIDE_OVER, TCP("64:ff9b::169.254.169.254", 80), false },
	{ UNBLOCKED, TCP("169.254.169.254", 80), true },
	{ UNBLOCKED, TCP("168.63.129.16", 80), false },
	/* everything but the block */
	{ OPEN, TCP("203.0.113.20", 80), true },
	{ OPEN, UDP("2001:db8:1::53", 53), true },
	{ OPEN, OTHER("203.0.113.20", IPPROTO_ICMP), true },
	{ OPEN, TCP("169.254.169.254", 80), false },
	{ OPEN, TCP("fd00:ec2::254", 80), false },
	{ OPEN, TCP("64:ff9b::169.254.169.254", 80), false },
	{ OPEN, { "uplink", "203.0.113.10", IPPROTO_TCP, 80, 0, 15 }, false },
};

START_TEST(decides)
{
	const char *verdict =
		decide(rules_of(decisions[_i].network), &decisions[_i].packet);

	ck_assert_msg(!strcmp(verdict, "accept") == decisions[_i].accepted,
		      "%s: %s protocol %d port %u: %s", decisions[_i].network,
		      decisions[_i].packet.to, decisions[_i].packet.protocol,
		      decisions[_i].packet.port, verdict);
}
END_TEST

/* --- entries that the block covers ------------------------------------------------------------- */

static const struct {
	const char *network;
	bool blocked;
} entries[] = {
	{ "{\"allow\":[\"169.254.169.254\"]}", true },
	{ "{\"allow\":[\"169.254.0.0/16\"]}", true },
	{ "{\"allow\":[\"169.254.0.0/15\"]}", false }, /* in part: the rest holds */
	{ "{\"allow\":[\"168.63.129.16 tcp 80\"]}", true },
	{ "{\"allow\":[\"fd00::/8\"]}", true },
	{ "{\"allow\":[\"fe80::1\"]}", true },
	{ "{\"allow\":[\"64:ff9b::a9fe:a9fe\"]}", true },
	{ "{\"allow\":[\"64:ff9b::/96\"]}", false },
	{ "{\"allow\":[\"::/0\"]}", false },
	{ "{\"allow\":[\"10.0.0.1\"]}", false },
	{ "{\"allow\":[\"169.254.169.254\"],\"denyLinkLocalAndMetadata\":false}", false },
};

START_TEST(knows_blocked_entries)
{
	struct policy policy = read_policy(entries[_i].network);

	ck_assert_msg(egress_is_blocked(&policy, &policy.network.allow[0]) ==
			      entries[_i].blocked,
		      "%s", entries[_i].network);
}
END_TEST

/* --- nothing comes in, nothing goes through ------------------------------------------------------ */

START_TEST(refuses_inward)
{
	static const char *const networks[] = { EXACT, WIDE, OPEN };

	for (size_t i = 0; i < ARRAY_SIZE(networks); i++) {
		const char *rules = rules_of(networks[i]);
		const char *input = strstr(rules, "chain input {");

		ck_assert_ptr_nonnull(input);
		ck_assert_ptr_nonnull(
			strstr(input, "type filter hook input priority 0; policy drop;"));
		ck_assert_ptr_nonnull(strstr(
			rules, "type filter hook forward priority 0; policy drop;"));
	}
}
END_TEST

/* --- comparing ------------------------------------------------------------------------------------ */

static const struct {
	const char *asked, *listed, *answer; /* NULL: the same */
} comparisons[] = {
	{ "a\n\tb c\n", "a\nb c\n", NULL },
	{ "a\n}\n", "a\n}\n\n", NULL },
	{ "", "", NULL },
	{ "ip6 daddr ::a9fe:0/112 drop", "ip6 daddr ::169.254.0.0/112 drop", NULL },
	{ "ip6 daddr 1::2:0:3 x", "ip6 daddr 1:0:0:0:0:2:0:3 x", NULL },
	{ "ip6 daddr 1::/64 x", "ip6 daddr 1::/65 x",
	  "\"ip6 daddr 1::/65 x\" instead of \"ip6 daddr 1::/64 x\"" },
	{ "ip6 daddr 1::1 x", "ip6 daddr 1::2 x",
	  "\"ip6 daddr 1::2 x\" instead of \"ip6 daddr 1::1 x\"" },
	{ "ip6 daddr ::/0 x", "ip6 daddr ::z/0 x",
	  "\"ip6 daddr ::z/0 x\" instead of \"ip6 daddr ::/0 x\"" },
	{ "a b", "a", "\"a\" instead of \"a b\"" },
	{ "a", "a b", "\"a b\" instead of \"a\"" },
	{ "a\nb", "a", "a rule is missing: b" },
	{ "a", "a\nb", "a rule too many: b" },
	{ "a", "", "a rule is missing: a" },
	{ "tcp dport 80 accept", "tcp dport 81 accept",
	  "\"tcp dport 81 accept\" instead of \"tcp dport 80 accept\"" },
	{ "policy drop;", "policy accept;",
	  "\"policy accept;\" instead of \"policy drop;\"" },
};

START_TEST(compares)
{
	const char *answer =
		egress_compare(comparisons[_i].asked, comparisons[_i].listed, &arena);

	ck_assert_pstr_eq(answer, comparisons[_i].answer);
}
END_TEST

/* Whatever one line of a listing is changed into, it is seen. */
START_TEST(sees_every_change)
{
	const char *rules = rules_of(EXACT);

	ck_assert_ptr_null(egress_compare(rules, rules, &arena));
	for (const char *at = rules; *at; at++) {
		char *changed;

		if (*at == ' ' || *at == '\t' || *at == '\n')
			continue;
		changed = arena_strdup(&arena, rules);
		changed[at - rules] = *at == 'x' ? 'y' : 'x';
		ck_assert_msg(egress_compare(rules, changed, &arena) != NULL,
			      "a change at %td is not seen", at - rules);
	}
}
END_TEST

static void done(void)
{
	arena_done(&arena);
}

int main(void)
{
	Suite *suite = suite_create("egress");
	TCase *tcase = tcase_create("egress");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, NULL, done);
	tcase_add_loop_test(tcase, decides, 0, (int)ARRAY_SIZE(decisions));
	tcase_add_loop_test(tcase, knows_blocked_entries, 0, (int)ARRAY_SIZE(entries));
	tcase_add_test(tcase, refuses_inward);
	tcase_add_loop_test(tcase, compares, 0, (int)ARRAY_SIZE(comparisons));
	tcase_add_test(tcase, sees_every_change);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
