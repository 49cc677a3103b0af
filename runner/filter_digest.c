/* SPDX-License-Identifier: Apache-2.0 */
/* filter_digest - a name for a filter, the same wherever the same filter was made */
#include "runner/filter.h"

#define FNV_START 0xcbf29ce484222325U
#define FNV_PRIME 0x100000001b3U

uint64_t filter_digest(const struct sock_filter *code, size_t count)
{
	const unsigned char *bytes = (const unsigned char *)code;
	uint64_t digest = FNV_START;

	for (size_t i = 0; i < count * sizeof(*code); i++)
		digest = (digest ^ bytes[i]) * FNV_PRIME;
	return digest;
}
