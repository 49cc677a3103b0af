/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* parse - numbers, durations and addresses from text: whole text or an error, never a prefix */
#ifndef BASE_PARSE_H
#define BASE_PARSE_H

#include "runner/base/err.h"
#include <stdbool.h>
#include <stdint.h>

/* Decimal digits only (no sign, space, hex, leading zero: 010 is 8 to some readers); min <= n <= max.
 * Error: POLICY, names the range. */
int parse_u64(const char *text, uint64_t min, uint64_t max, uint64_t *ret,
	      struct err *err);
/* "30s" "1500ms" "2m" "1h", bare digits are seconds; milliseconds out, 1 <= ms <= max_ms: a zero
 * means "none" to some tools and "at once" to others, and is refused. */
int parse_duration_ms(const char *text, uint64_t max_ms, uint64_t *ret_ms,
		      struct err *err);

/* "ADDRESS[/N] [tcp|udp PORT]", words parted by one space: IPv4 or IPv6, no host names, no zone, no
 * IPv4-mapped IPv6. Host bits may be set in the text, and are cleared in the rule. */
struct net_rule {
	int family;              /* AF_INET or AF_INET6 */
	unsigned char bytes[16]; /* network byte order; 4 or 16 used, the rest 0 */
	unsigned int prefix;     /* 0..32 or 0..128 */
	int protocol;            /* IPPROTO_TCP, IPPROTO_UDP, or 0 = any */
	uint16_t port;           /* host byte order; 0 = any */
};
int parse_net_rule(const char *text, struct net_rule *ret, struct err *err);

/* Labels of 1 to 63 letters, digits and inner hyphens, parted by dots, 253 bytes together (RFC 1123,
 * section 2.1); the last one is not all digits, or an address would be a name. */
bool parse_is_host_name(const char *text);

#endif
