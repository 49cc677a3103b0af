/* SPDX-License-Identifier: Apache-2.0 */
/* test_parse - whole text or an error: numbers, durations, network rules. */
#include "runner/base/own.h"
#include "runner/base/parse.h"
#include <check.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *text;
	uint64_t min, max;
	bool ok;
	uint64_t number;
} numbers[] = {
	{ "0", 0, 10, true, 0 },
	{ "10", 0, 10, true, 10 },
	{ "18446744073709551615", 0, UINT64_MAX, true, UINT64_MAX },
	{ "11", 0, 10, false, 0 },
	{ "0", 1, 10, false, 0 },
	{ "18446744073709551616", 0, UINT64_MAX, false, 0 },
	{ "99999999999999999999999", 0, UINT64_MAX, false, 0 },
	{ "", 0, 10, false, 0 },
	{ " 1", 0, 10, false, 0 },
	{ "1 ", 0, 10, false, 0 },
	{ "+1", 0, 10, false, 0 },
	{ "-1", 0, 10, false, 0 },
	{ "010", 0, 10, false, 0 },
	{ "00", 0, 10, false, 0 },
	{ "0x1", 0, 10, false, 0 },
	{ "1e1", 0, 10, false, 0 },
	{ "1.0", 0, 10, false, 0 },
	{ "\xd9\xa1", 0, 10, false, 0 }, /* ARABIC-INDIC DIGIT ONE */
};

START_TEST(u64)
{
	struct err err = { 0 };
	uint64_t number = 77;
	int result = parse_u64(numbers[_i].text, numbers[_i].min, numbers[_i].max,
			       &number, &err);

	ck_assert_int_eq(result, numbers[_i].ok ? 0 : -1);
	ck_assert_uint_eq(number, numbers[_i].ok ? numbers[_i].number : 77);
	if (!numbers[_i].ok) {
		ck_assert_int_eq(err.code, ERR_POLICY);
		ck_assert_ptr_nonnull(strstr(err.msg, "is not a whole number from "));
	}
}
END_TEST

START_TEST(errors_show_foreign_text_escaped)
{
	struct err err = { 0 };
	uint64_t number;

	ck_assert_int_eq(parse_u64("\x1b[2J\n", 0, 5, &number, &err), -1);
	ck_assert_str_eq(err.msg, "\"\\x1b[2J\\x0a\" is not a whole number from 0 to 5");
}
END_TEST

static const struct {
	const char *text;
	uint64_t ms; /* 0 = refused */
} durations[] = {
	{ "30", 30000 },
	{ "30s", 30000 },
	{ "1500ms", 1500 },
	{ "2m", 120000 },
	{ "1h", 3600000 },
	{ "24h", 86400000 },
	{ "1ms", 1 },
	{ "0", 0 },
	{ "0s", 0 },
	{ "25h", 0 },
	{ "86400001ms", 0 },
	{ "", 0 },
	{ "s", 0 },
	{ "1.5s", 0 },
	{ "1 s", 0 },
	{ "1S", 0 },
	{ "-1s", 0 },
	{ "1d", 0 },
	{ "1s2", 0 },
	{ "01s", 0 },
	{ "?", 0 },
	{ "18446744073709551615h", 0 },
	{ "5124095576030431h", 0 },
};

START_TEST(duration)
{
	struct err err = { 0 };
	uint64_t ms = 77;
	int result = parse_duration_ms(durations[_i].text, 86400000, &ms, &err);

	ck_assert_int_eq(result, durations[_i].ms ? 0 : -1);
	ck_assert_uint_eq(ms, durations[_i].ms ? durations[_i].ms : 77);
	if (result < 0)
		ck_assert_ptr_nonnull(strstr(err.msg, "from 1ms to 86400000ms"));
}
END_TEST

static const struct {
	const char *text;
	struct net_rule rule;
} rules[] = {
	{ "10.1.2.3", { AF_INET, { 10, 1, 2, 3 }, 32, 0, 0 } },
	{ "10.1.2.3/32", { AF_INET, { 10, 1, 2, 3 }, 32, 0, 0 } },
	{ "10.1.2.3/8", { AF_INET, { 10 }, 8, 0, 0 } },
	{ "10.1.255.3/20", { AF_INET, { 10, 1, 240 }, 20, 0, 0 } },
	{ "0.0.0.0/0", { AF_INET, { 0 }, 0, 0, 0 } },
	{ "1.2.3.4 tcp 443", { AF_INET, { 1, 2, 3, 4 }, 32, IPPROTO_TCP, 443 } },
	{ "1.2.3.0/24 udp 53", { AF_INET, { 1, 2, 3 }, 24, IPPROTO_UDP, 53 } },
	{ "1.2.3.4 tcp 65535", { AF_INET, { 1, 2, 3, 4 }, 32, IPPROTO_TCP, 65535 } },
	{ "::", { AF_INET6, { 0 }, 128, 0, 0 } },
	{ "::/0", { AF_INET6, { 0 }, 0, 0, 0 } },
	{ "::ffff:0:0/95", { AF_INET6, { [10] = 0xff, [11] = 0xfe }, 95, 0, 0 } },
	{ "2001:db8::1/64", { AF_INET6, { 0x20, 0x01, 0x0d, 0xb8 }, 64, 0, 0 } },
	{ "2001:DB8::1 tcp 1",
	  { AF_INET6, { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 }, 128, IPPROTO_TCP, 1 } },
	{ "64:ff9b::192.0.2.1",
	  { AF_INET6,
	    { 0, 0x64, 0xff, 0x9b, [12] = 192, [14] = 2, [15] = 1 },
	    128,
	    0,
	    0 } },
};

START_TEST(net_rule)
{
	struct net_rule rule = { 0 };
	struct err err = { 0 };

	ck_assert_msg(parse_net_rule(rules[_i].text, &rule, &err) == 0, "%s", err.msg);
	ck_assert_int_eq(rule.family, rules[_i].rule.family);
	ck_assert_mem_eq(rule.bytes, rules[_i].rule.bytes, sizeof(rule.bytes));
	ck_assert_uint_eq(rule.prefix, rules[_i].rule.prefix);
	ck_assert_int_eq(rule.protocol, rules[_i].rule.protocol);
	ck_assert_uint_eq(rule.port, rules[_i].rule.port);
}
END_TEST

static const struct {
	const char *text, *error;
} bad_rules[] = {
	{ "", "is no IPv4 or IPv6 address" },
	{ "example.com", "looks like a host name" },
	{ "localhost tcp 80", "looks like a host name" },
	{ "db8", "resolve it (getent ahosts NAME)" },
	{ "10.0.0", "is no IPv4 or IPv6 address" },
	{ "10.0.0.256", "is no IPv4 or IPv6 address" },
	{ "010.0.0.1", "is no IPv4 or IPv6 address" },
	{ "0x0a000001", "looks like a host name" },
	{ "167772161", "is no IPv4 or IPv6 address" },
	{ "10.0.0.1:443", "write ADDRESS[/N] [tcp|udp PORT]" },
	{ "[::1]", "is no IPv4 or IPv6 address" },
	{ "fe80::1%eth0", "names a zone" },
	{ "fe80::1%1", "names a zone" },
	{ "10.0.0.0/33", "prefix length from 0 to 32" },
	{ "10.0.0.0/99", "prefix length from 0 to 32" },
	{ "2001:db8::/129", "prefix length from 0 to 128" },
	{ "10.0.0.0/", "prefix length" },
	{ "10.0.0.0/08", "prefix length" },
	{ "10.0.0.0/-1", "prefix length" },
	{ "10.0.0.0/24/24", "prefix length" },
	{ "10.0.0.0/255.0.0.0", "prefix length" },
	{ " 10.0.0.1", "is no IPv4 or IPv6 address" },
	{ "10.0.0.1 ", "needs \"tcp PORT\"" },
	{ "10.0.0.1  tcp 80", "needs \"tcp PORT\"" },
	{ "10.0.0.1 tcp", "needs \"tcp PORT\"" },
	{ "10.0.0.1 tcp ", "needs a port" },
	{ "10.0.0.1 tcp 0", "needs a port from 1 to 65535" },
	{ "10.0.0.1 tcp 65536", "needs a port" },
	{ "10.0.0.1 tcp 80 ", "needs a port" },
	{ "10.0.0.1 tcp 80,443", "needs a port" },
	{ "10.0.0.1 TCP 80", "needs \"tcp PORT\"" },
	{ "10.0.0.1 sctp 80", "needs \"tcp PORT\"" },
	{ "10.0.0.1\ttcp 80", "is no IPv4 or IPv6 address" },
	{ "10.0.0.1 } ; add rule inet t c accept", "needs \"tcp PORT\"" },
	{ "::ffff:169.254.169.254", "IPv4 address written as IPv6" },
	{ "::ffff:0:0/96", "IPv4 address written as IPv6" },
	{ "0000:0000:0000:0000:0000:ffff:1.2.3.4 tcp 80",
	  "IPv4 address written as IPv6" },
	{ "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:"
	  "0000:0000",
	  "is too long" },
};

START_TEST(net_rule_refused)
{
	struct net_rule rule = { .prefix = 77 };
	struct err err = { 0 };

	ck_assert_msg(parse_net_rule(bad_rules[_i].text, &rule, &err) == -1,
		      "accepted \"%s\"", bad_rules[_i].text);
	ck_assert_uint_eq(rule.prefix, 77);
	ck_assert_int_eq(err.code, ERR_POLICY);
	ck_assert_msg(strstr(err.msg, bad_rules[_i].error) != NULL, "%s", err.msg);
}
END_TEST

#define LABEL_63 "a23456789012345678901234567890123456789012345678901234567890123"

static const struct {
	const char *text;
	bool is_name;
} host_names[] = {
	{ "a", true },
	{ "api.example.com", true },
	{ "API-2.Example.COM", true },
	{ "3com.com", true },
	{ "1.2.3.4a", true },
	{ "xn--bcher-kva.example", true },
	{ LABEL_63 ".x", true },
	{ LABEL_63 "." LABEL_63 "." LABEL_63 "."
		   "b2345678901234567890123456789012345678901234567890123456789ab",
	  true }, /* 253 bytes */
	{ LABEL_63 "." LABEL_63 "." LABEL_63 "."
		   "b2345678901234567890123456789012345678901234567890123456789abc",
	  false },
	{ LABEL_63 "4.x", false },
	{ "", false },
	{ ".", false },
	{ "a.", false },
	{ ".a", false },
	{ "a..b", false },
	{ "-a", false },
	{ "a-", false },
	{ "a-.b", false },
	{ "a.-b", false },
	{ "a_b", false },
	{ "a b", false },
	{ "a\nb", false },
	{ "a\t192.0.2.1", false },
	{ "b\xc3\xbc"
	  "cher.example",
	  false },
	{ "192.0.2.1", false },
	{ "12345", false },
	{ "a.1", false },
	{ "2001:db8::1", false },
	{ "a/8", false },
	{ "#a", false },
};

START_TEST(host_name)
{
	ck_assert_msg(parse_is_host_name(host_names[_i].text) == host_names[_i].is_name,
		      "\"%s\"", host_names[_i].text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("parse");
	TCase *tcase = tcase_create("parse");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tcase, u64, 0, (int)ARRAY_SIZE(numbers));
	tcase_add_test(tcase, errors_show_foreign_text_escaped);
	tcase_add_loop_test(tcase, duration, 0, (int)ARRAY_SIZE(durations));
	tcase_add_loop_test(tcase, net_rule, 0, (int)ARRAY_SIZE(rules));
	tcase_add_loop_test(tcase, net_rule_refused, 0, (int)ARRAY_SIZE(bad_rules));
	tcase_add_loop_test(tcase, host_name, 0, (int)ARRAY_SIZE(host_names));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
