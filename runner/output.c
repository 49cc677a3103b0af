/* SPDX-License-Identifier: Apache-2.0 */
/* output - see output.h. */
#include "runner/output.h"
#include "runner/base/str.h"
#include <stdlib.h>

#define CHARACTER_MAX 4 /* bytes, RFC 3629 */

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

void output_tail_init(struct output_tail *tail, uint64_t limit_bytes)
{
	*tail = (struct output_tail){ .limit_bytes = limit_bytes };
}

static void free_blocks(struct output_block *block)
{
	while (block) {
		struct output_block *next = block->next;

		free(block);
		block = next;
	}
}

void output_tail_done(struct output_tail *tail)
{
	for (unsigned int i = 0; i < 2; i++)
		free_blocks(tail->of[i].first);
	free_blocks(tail->spare);
	output_tail_init(tail, 0);
}

/* Takes bytes from the start of a stream; empty blocks are used again. */
static void shorten(struct output_tail *tail, unsigned int which, uint64_t count)
{
	while (count && tail->of[which].first) {
		struct output_block *block = tail->of[which].first;
		size_t held = block->end - block->start;
		size_t less = count < held ? (size_t)count : held;

		block->start += less;
		tail->of[which].bytes -= less;
		count -= less;
		if (block->start < block->end)
			continue;
		tail->of[which].first = block->next;
		if (!block->next)
			tail->of[which].last = NULL;
		block->next = tail->spare;
		tail->spare = block;
	}
}

static void drop(struct output_tail *tail, unsigned int which, uint64_t count)
{
	shorten(tail, which, count);
	tail->of[which].dropped += count;
}

static unsigned int longer(const struct output_tail *tail)
{
	return tail->of[1].bytes > tail->of[0].bytes;
}

static struct output_block *take_block(struct output_tail *tail)
{
	struct output_block *block = tail->spare ? NULL : malloc(sizeof(*block));
	unsigned int which = longer(tail);

	/* For want of memory, the oldest block of the longer stream. */
	if (!tail->spare && !block && tail->of[which].first)
		drop(tail, which,
		     tail->of[which].first->end - tail->of[which].first->start);
	if (!block && tail->spare) {
		block = tail->spare;
		tail->spare = block->next;
	}
	if (block) {
		block->next = NULL;
		block->start = 0;
		block->end = 0;
	}
	return block;
}

char *output_tail_room(struct output_tail *tail, unsigned int which, size_t *ret_count)
{
	struct output_block *last = tail->of[which].last;

	if (!last || last->end == OUTPUT_BLOCK) {
		struct output_block *block = take_block(tail);

		if (!block)
			return NULL;
		last = tail->of[which].last; /* may have been given up for it */
		if (last)
			last->next = block;
		else
			tail->of[which].first = block;
		tail->of[which].last = block;
		last = block;
	}
	*ret_count = OUTPUT_BLOCK - last->end;
	return last->bytes + last->end;
}

/* From the longer one, down to where the other is the longer, and so on: at most two turns. */
static void keep_limit(struct output_tail *tail)
{
	for (;;) {
		uint64_t held = tail->of[0].bytes + tail->of[1].bytes;
		unsigned int which = longer(tail);
		uint64_t more = held > tail->limit_bytes ? held - tail->limit_bytes : 0;
		uint64_t lead = tail->of[which].bytes - tail->of[!which].bytes;

		if (!more)
			return;
		if (lead)
			drop(tail, which, more < lead ? more : lead);
		else /* equal: half of it each, the odd byte from stdout */
			drop(tail, 0, (more + 1) / 2);
	}
}

void output_tail_add(struct output_tail *tail, unsigned int which, size_t count)
{
	tail->of[which].last->end += count;
	tail->of[which].bytes += count;
	keep_limit(tail);
}

static bool continues_character(const struct output_block *block)
{
	return ((unsigned char)block->bytes[block->start] & 0xC0) == 0x80;
}

void output_tail_finish(struct output_tail *tail)
{
	for (unsigned int i = 0; i < 2; i++)
		for (unsigned int cut = 1;
		     cut < CHARACTER_MAX && tail->of[i].dropped && tail->of[i].bytes &&
		     continues_character(tail->of[i].first);
		     cut++)
			drop(tail, i, 1);
}

size_t output_tail_next(const struct output_tail *tail, unsigned int which,
			const char **ret)
{
	const struct output_block *block = tail->of[which].first;

	if (!block)
		return 0;
	*ret = block->bytes + block->start;
	return block->end - block->start;
}

void output_tail_pass(struct output_tail *tail, unsigned int which, size_t count)
{
	shorten(tail, which, count);
}
