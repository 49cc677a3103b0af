/* SPDX-License-Identifier: Apache-2.0 */
/*
 * output - one byte budget over the script's stdout and stderr, and what is kept of more
 *
 * Bookkeeping, no descriptor. A budget says how much of a chunk may pass at once, and when there is
 * more than that. Reaching the limit exactly is not exceeding it. A tail keeps the end instead: each
 * stream its own, and when both together hold more than the limit, the longer one gives up its
 * oldest bytes. So what is kept does not hang on the order in which the two were read: of N bytes a
 * stream that wrote less than N / 2 loses nothing to the other.
 *
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

#define OUTPUT_BLOCK 65536

struct output_block {
	struct output_block *next;
	size_t start, end;
	char bytes[OUTPUT_BLOCK];
};

struct output_tail {
	uint64_t limit_bytes;
	struct {
		struct output_block *first, *last;
		uint64_t bytes;   /* held */
		uint64_t dropped; /* given up */
	} of[2];
	struct output_block *spare; /* empty ones */
};

/* Holds at most the limit, in blocks: three of them more than that at most. */
void output_tail_init(struct output_tail *tail, uint64_t limit_bytes);
void output_tail_done(struct output_tail *tail);
/* Where the next bytes of a stream go, and how many fit. Want of memory costs the oldest bytes; NULL
 * where there is not even one block. */
char *output_tail_room(struct output_tail *tail, unsigned int which, size_t *ret_count);
/* That many were put there. */
void output_tail_add(struct output_tail *tail, unsigned int which, size_t count);
/* No more will come: a start in the middle of a character goes. */
void output_tail_finish(struct output_tail *tail);
/* The next bytes of a stream to pass on, 0 at its end; and that so many of them are. */
size_t output_tail_next(const struct output_tail *tail, unsigned int which,
			const char **ret);
void output_tail_pass(struct output_tail *tail, unsigned int which, size_t count);

#endif
