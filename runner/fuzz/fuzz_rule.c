/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_rule - any text as an entry of network.allow, as a duration, as a number
 *
 * Beyond not crashing: what is refused says why in one printable line and leaves the result alone;
 * a rule that is accepted has no bit set behind its prefix, and says the same when its own canonical
 * text is read.
 * seeds: runner/fuzz/corpus/rule
 */
#include "runner/base/own.h"
#include "runner/base/parse.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_refusal(const struct err *err)
{
	if (err->code != ERR_POLICY || !err->msg[0])
		abort();
	for (const char *at = err->msg; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			abort();
}

static void check_bits(const struct net_rule *rule)
{
	unsigned int bits = rule->family == AF_INET ? 32 : 128;

	if (rule->prefix > bits || (rule->family != AF_INET && rule->family != AF_INET6))
		abort();
	for (unsigned int bit = rule->prefix; bit < 128; bit++)
		if (rule->bytes[bit / 8] & (0x80U >> bit % 8))
			abort();
	if ((rule->port != 0) != (rule->protocol != 0))
		abort();
}

static void check_again(const struct net_rule *rule)
{
	char address[INET6_ADDRSTRLEN], text[80];
	struct net_rule again = { 0 };
	struct err err = { 0 };

	if (!inet_ntop(rule->family, rule->bytes, address, sizeof(address)))
		abort();
	if (rule->protocol)
		(void)snprintf(text, sizeof(text), "%s/%u %s %u", address, rule->prefix,
			       rule->protocol == IPPROTO_TCP ? "tcp" : "udp", rule->port);
	else
		(void)snprintf(text, sizeof(text), "%s/%u", address, rule->prefix);
	if (parse_net_rule(text, &again, &err) < 0 || again.prefix != rule->prefix ||
	    again.family != rule->family || again.port != rule->port ||
	    again.protocol != rule->protocol ||
	    memcmp(again.bytes, rule->bytes, sizeof(again.bytes)) != 0)
		abort();
}

static void check_numbers(const char *text)
{
	uint64_t number = 7;
	struct err err = { 0 };

	if (parse_u64(text, 1, 3600, &number, &err) < 0) {
		check_refusal(&err);
		if (number != 7)
			abort();
	} else if (number < 1 || number > 3600 || strtoull(text, NULL, 10) != number) {
		abort();
	}
	number = 7;
	if (parse_duration_ms(text, 1000000, &number, &err) < 0) {
		check_refusal(&err);
		if (number != 7)
			abort();
	} else if (number < 1 || number > 1000000) {
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	owned_mem char *text = strndup((const char *)data, size);
	struct net_rule rule = { .family = -1 };
	struct err err = { 0 };

	if (!text)
		return 0;
	if (parse_net_rule(text, &rule, &err) < 0) {
		check_refusal(&err);
		if (rule.family != -1)
			abort();
	} else {
		check_bits(&rule);
		check_again(&rule);
	}
	check_numbers(text);
	return 0;
}
