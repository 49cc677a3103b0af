/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* arena - see arena.h. A list of blocks; a request larger than a block gets one of its
 * own. */
#include "runner/base/arena.h"
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
	struct arena_block *next;
	size_t used;
	size_t size;
	alignas(max_align_t) unsigned char bytes[];
};

#define BLOCK_BYTES 16384U

static struct arena_block *block_new(struct arena *arena, size_t bytes)
{
	size_t size = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;
	struct arena_block *block;

	if (size > SIZE_MAX - sizeof(*block))
		arena_out_of_memory();
	block = calloc(1, sizeof(*block) + size);
	if (!block)
		arena_out_of_memory();
	block->size = size;
	block->next = arena->blocks;
	arena->blocks = block;
	return block;
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
	struct arena_block *block = arena->blocks;
	size_t rounded;
	void *place;

	if (__builtin_add_overflow(bytes, alignof(max_align_t) - 1, &rounded))
		arena_out_of_memory();
	rounded -= rounded % alignof(max_align_t);
	if (!block || block->size - block->used < rounded)
		block = block_new(arena, rounded);
	place = block->bytes + block->used;
	block->used += rounded;
	return place;
}

void arena_turn(struct arena *arena)
{
	if (arena->blocks)
		arena->blocks->used = arena->blocks->size;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		arena_out_of_memory();
	return arena_alloc(arena, bytes);
}

char *arena_strndup(struct arena *arena, const char *text, size_t bytes)
{
	char *copy = arena_alloc(arena, bytes + 1);

	memcpy(copy, text, bytes);
	return copy;
}

void *arena_grow(struct arena *arena, void *array, size_t count, size_t *capacity,
		 size_t size)
{
	void *larger;

	if (count < *capacity)
		return array;
	*capacity = *capacity ? *capacity * 2 : 64;
	larger = arena_array(arena, *capacity, size);
	if (count)
		memcpy(larger, array, count * size);
	return larger;
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return arena_strndup(arena, text, strlen(text));
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list arguments;
	char *text;
	int length;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0)
		arena_out_of_memory();
	text = arena_alloc(arena, (size_t)length + 1);
	va_start(arguments, format);
	(void)vsnprintf(text, (size_t)length + 1, format, arguments);
	va_end(arguments);
	return text;
}

void arena_done(struct arena *arena)
{
	struct arena_block *block;

	if (!arena)
		return;
	for (block = arena->blocks; block;) {
		struct arena_block *next = block->next;

		free(block);
		block = next;
	}
	arena->blocks = NULL;
}
