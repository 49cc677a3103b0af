/* SPDX-License-Identifier: Apache-2.0 */
/* output - see output.h. */
#include "runner/output.h"
#include "runner/base/str.h"

void output_budget_init(struct output_budget *budget, bool limited, uint64_t limit_bytes)
{
	*budget = (struct output_budget){ .limit_bytes =
						  limited ? limit_bytes : UINT64_MAX };
}

size_t output_budget_take(struct output_budget *budget, const char *chunk, size_t count)
{
	uint64_t left = budget->limit_bytes - budget->kept_bytes;
	size_t kept = count;

	budget->seen_bytes += count;
	if (budget->exceeded)
		return 0;
	if (count > left) {
		budget->exceeded = true;
		kept = str_utf8_floor(chunk, (size_t)left);
	}
	budget->kept_bytes += kept;
	return kept;
}
