/* SPDX-License-Identifier: Apache-2.0 */
/*
 * output - one byte budget over the script's stdout and stderr
 *
 * Pure bookkeeping, no descriptor: the supervisor reads, asks how much of a chunk may pass, and
 * kills the tree when told that the budget is exceeded. Reaching the limit exactly is not exceeding.
 * Only the cut respects UTF-8: a character that the cut would split is left out. A character whose
 * first bytes came with an earlier chunk has been passed on in part by then, and stays so.
 */
#ifndef RUNNER_OUTPUT_H
#define RUNNER_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct output_budget {
	uint64_t limit_bytes; /* UINT64_MAX = none */
	uint64_t kept_bytes;  /* passed on so far, both streams */
	uint64_t seen_bytes;  /* read from the script so far */
	bool exceeded;        /* set once, never cleared; from then on nothing passes */
};

void output_budget_init(struct output_budget *budget, bool limited, uint64_t limit_bytes);
/* Bytes of this chunk that may pass; sets exceeded when the chunk does not fit. */
size_t output_budget_take(struct output_budget *budget, const char *chunk, size_t count);

#endif
