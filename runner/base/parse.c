/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* parse - see parse.h. Each reader goes over the whole text, or says what it wanted
 * instead. */
#include "runner/base/parse.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define QUOTE_MAX 60 /* bytes of foreign text repeated in an error */

/* "<text>" <sentence>: the text comes from outside and is shown escaped. */
__attribute__((format(printf, 3, 4), cold)) static int
refuse(struct err *err, const char *text, const char *format, ...)
{
	owned_str struct str shown = { 0 };
	char sentence[240];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(sentence, sizeof(sentence), format, arguments);
	va_end(arguments);
	str_add_visible(&shown, text, strlen(text), QUOTE_MAX);
	return err_policy(err, "parse", "\"%s\" %s", str_text(&shown), sentence);
}

/* --- numbers --- */

/* The digits at the start of `text`: 0 and the rest, or -1: none, a leading zero, or too
 * many. */
static int take_digits(const char *text, uint64_t *ret, const char **rest)
{
	const char *at = text;
	uint64_t number = 0;

	for (; *at >= '0' && *at <= '9'; at++)
		if (__builtin_mul_overflow(number, (uint64_t)10, &number) ||
		    __builtin_add_overflow(number, (uint64_t)(*at - '0'), &number))
			return -1;
	if (at == text || (text[0] == '0' && at - text > 1))
		return -1;
	*ret = number;
	*rest = at;
	return 0;
}

int parse_u64(const char *text, uint64_t min, uint64_t max, uint64_t *ret,
	      struct err *err)
{
	uint64_t number;
	const char *rest;

	if (take_digits(text, &number, &rest) < 0 || *rest || number < min ||
	    number > max)
		return refuse(err, text, "is not a whole number from %llu to %llu",
			      (unsigned long long)min, (unsigned long long)max);
	*ret = number;
	return 0;
}

static const struct {
	const char *suffix;
	uint64_t ms;
} duration_units[] = {
	{ "", 1000 },
	{ "ms", 1 },
	{ "s", 1000 },
	{ "m", 60 * 1000 },
	{ "h", 60 * 60 * 1000 },
};

int parse_duration_ms(const char *text, uint64_t max_ms, uint64_t *ret_ms,
		      struct err *err)
{
	const char *suffix = "?"; /* no unit: what has no digits has no unit either */
	uint64_t number = 0, ms = 0;

	if (take_digits(text, &number, &suffix) < 0)
		suffix = "?";
	for (size_t i = 0; i < ARRAY_SIZE(duration_units); i++) {
		if (strcmp(suffix, duration_units[i].suffix) != 0)
			continue;
		if (__builtin_mul_overflow(number, duration_units[i].ms, &ms) ||
		    ms == 0 || ms > max_ms)
			break;
		*ret_ms = ms;
		return 0;
	}
	return refuse(err, text,
		      "is not a duration like 1500ms, 30s, 2m or 1h, from 1ms to %llums",
		      (unsigned long long)max_ms);
}

/* --- addresses --- */

static const struct address_family {
	int family;
	unsigned int bits;
} address_families[] = { { AF_INET, 32 }, { AF_INET6, 128 } };

static const struct {
	const char *word;
	int protocol;
} protocols[] = { { "tcp", IPPROTO_TCP }, { "udp", IPPROTO_UDP } };

/* What the text in place of an address looks like, to say what to write instead. */
static int refuse_address(struct err *err, const char *text, const char *address)
{
	static const char name[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789-._*";

	if (strchr(address, '%'))
		return refuse(err, text,
			      "names a zone: an address here holds on every interface");
	if (!address[strspn(address, name)] && address[strspn(address, "0123456789.")])
		return refuse(err, text,
			      "looks like a host name: what a name means can change; "
			      "resolve it (getent ahosts NAME), list its addresses");
	return refuse(err, text,
		      "is no IPv4 or IPv6 address; write ADDRESS[/N] [tcp|udp PORT]");
}

static int parse_address(const char *text, char *address, struct net_rule *rule,
			 struct err *err)
{
	const struct address_family *known = NULL;
	char *slash = strchr(address, '/');
	uint64_t prefix;
	struct err ignored;

	if (slash)
		*slash = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(address_families) && !known; i++)
		if (inet_pton(address_families[i].family, address, rule->bytes) == 1)
			known = &address_families[i];
	if (!known)
		return refuse_address(err, text, address);
	prefix = known->bits;
	if (slash && parse_u64(slash + 1, 0, known->bits, &prefix, &ignored) < 0)
		return refuse(err, text,
			      "needs a prefix length from 0 to %u after the '/'",
			      known->bits);
	rule->family = known->family;
	rule->prefix = (unsigned int)prefix;
	return 0;
}

/* ::ffff:a.b.c.d never is on the wire: such an entry would look like a permission and be
 * none. */
static bool is_mapped(const struct net_rule *rule)
{
	static const unsigned char head[12] = { [10] = 0xff, [11] = 0xff };

	return rule->family == AF_INET6 && rule->prefix >= 96 &&
	       memcmp(rule->bytes, head, sizeof(head)) == 0;
}

static void clear_host_bits(struct net_rule *rule)
{
	for (unsigned int i = 0; i < sizeof(rule->bytes); i++) {
		unsigned int kept = rule->prefix > i * 8 ? rule->prefix - i * 8 : 0;

		if (kept < 8)
			rule->bytes[i] &= (unsigned char)(0xff00U >> kept);
	}
}

static int parse_port(const char *text, char *words, struct net_rule *rule,
		      struct err *err)
{
	char *space = strchr(words, ' ');
	struct err ignored;
	uint64_t port = 0;

	if (space)
		*space = '\0';
	for (size_t i = 0; space && i < ARRAY_SIZE(protocols); i++) {
		if (strcmp(words, protocols[i].word) != 0)
			continue;
		if (parse_u64(space + 1, 1, UINT16_MAX, &port, &ignored) < 0)
			return refuse(err, text,
				      "needs a port from 1 to 65535 after \"%s\"", words);
		rule->protocol = protocols[i].protocol;
		rule->port = (uint16_t)port;
		return 0;
	}
	return refuse(err, text,
		      "needs \"tcp PORT\" or \"udp PORT\" after the address, or nothing");
}

int parse_net_rule(const char *text, struct net_rule *ret, struct err *err)
{
	struct net_rule rule = { 0 };
	char copy[80]; /* the longest rule is 45 + 4 + 10 characters */
	char *space;

	if (strlen(text) >= sizeof(copy))
		return refuse(err, text, "is too long for ADDRESS[/N] [tcp|udp PORT]");
	memcpy(copy, text, strlen(text) + 1);
	space = strchr(copy, ' ');
	if (space)
		*space = '\0';
	if (parse_address(text, copy, &rule, err) < 0)
		return -1;
	if (space && parse_port(text, space + 1, &rule, err) < 0)
		return -1;
	if (is_mapped(&rule))
		return refuse(err, text,
			      "is an IPv4 address written as IPv6: write a.b.c.d");
	clear_host_bits(&rule);
	*ret = rule;
	return 0;
}

static bool is_letter_or_digit(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9');
}

bool parse_is_host_name(const char *text)
{
	size_t length = strlen(text), label = 0;
	bool digits = true;

	if (!length || length > 253)
		return false;
	for (const char *at = text; *at; at++) {
		bool first = label == 0, last = at[1] == '.' || !at[1];

		if (*at == '.') {
			if (!label || !at[1])
				return false;
			label = 0;
			digits = true;
			continue;
		}
		if (!is_letter_or_digit(*at) && (*at != '-' || first || last))
			return false;
		if (++label > 63)
			return false;
		digits = digits && *at >= '0' && *at <= '9';
	}
	return !digits;
}
