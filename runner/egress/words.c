/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* words - see words.h */
#include "runner/egress/words.h"
#include "runner/base/own.h"
#include <arpa/inet.h>
#include <string.h>

static const char *const words[] = {
	"table",      "inet",    "confine",  "{",     "}",       "chain",   "output",
	"input",      "forward", "refuse",   "type",  "filter",  "hook",    "policy",
	"drop;",      "accept;", "priority", "0;",    "oifname", "iifname", "\"lo\"",
	"\"uplink\"", "ip",      "ip6",      "daddr", "tcp",     "udp",     "dport",
	"meta",       "l4proto", "icmpv6",   "ct",    "state",   "0x2,0x4", "hdrlength",
	"!=",         "nexthdr", "accept",   "drop",  "goto",    "reject",  "with",
	"reset",
};

/* Decimal digits, at most `max`. */
static bool is_number(const char *word, unsigned long max)
{
	size_t length = strlen(word);

	return length > 0 && length <= 5 && strspn(word, "0123456789") == length &&
	       strtoul(word, NULL, 10) <= max;
}

static bool is_address(char *word)
{
	unsigned char bytes[16];
	char *slash = strchr(word, '/');
	bool is;

	if (slash)
		*slash = '\0';
	if (inet_pton(AF_INET, word, bytes) == 1)
		is = !slash || is_number(slash + 1, 32);
	else
		is = inet_pton(AF_INET6, word, bytes) == 1 &&
		     (!slash || is_number(slash + 1, 128));
	if (slash)
		*slash = '/';
	return is;
}

static bool is_word(char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return is_number(word, 65535) || is_address(word);
}

static bool parts(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n';
}

bool words_are_rules(const char *text, size_t length, char bad[WORD_MAX])
{
	for (size_t at = 0; at < length;) {
		size_t end = at, count;

		while (end < length && !parts(text[end]))
			end++;
		count = end - at < WORD_MAX - 1 ? end - at : WORD_MAX - 1;
		memcpy(bad, text + at, count);
		bad[count] = '\0';
		if (count &&
		    (end - at > count || memchr(bad, '\0', count) || !is_word(bad))) {
			for (size_t i = 0; i < count; i++)
				if (bad[i] < ' ' || bad[i] > '~')
					bad[i] = '?';
			return false;
		}
		at = end + 1;
	}
	return true;
}
