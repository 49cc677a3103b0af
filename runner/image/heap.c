/* SPDX-License-Identifier: Apache-2.0 */
/*
 * heap - malloc of the static image
 *
 * musl's gives a page back to the kernel as soon as it is free, and a run takes and frees a short text
 * every few microseconds: two system calls, a fault and a flush of the processor's address cache each
 * time, in a virtual machine as much as a whole layer of the sandbox costs. Here memory comes off the
 * front of one region and goes to a list of its size when it is freed; only what is large is a mapping
 * of its own. Once a child has a copy of everything, only new pages are taken (pages_part()). For one
 * thread, as everything in this image: the child allocates nothing.
 */
#include "runner/image/heap.h"
#include "runner/base/pages.h"
#include <assert.h>
#include <errno.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE  4096U
#define LARGE (256U << 10) /* from here on a mapping of its own */
#define MORE  (64U << 10) /* what is added at a time: a caller may have limited our data */
#define MARK  UINT64_C(0x636f6e66696e6521)
#define FREED UINT64_C(0x6f6e63652e2e2e21)
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif
#define LISTS 72 /* of four sizes from one power of two to the next, up to LARGE */

/* In front of what the caller gets; its size keeps that aligned. */
struct block {
	uint64_t mark;
	size_t capacity;
};
static_assert(sizeof(struct block) % alignof(max_align_t) == 0, "aligned behind it");

struct freed {
	struct block block;
	struct freed *next;
};

alignas(4096) char heap_first[HEAP_BYTES];
static char *front, *end; /* no initial values: they lie beside what else is written to */
static char *parted; /* what of heap_first lies before it is not written to any more */
static struct freed *lists[LISTS];

/* The power of two that is below it. */
static unsigned int shift_of(size_t bytes)
{
	return (unsigned int)(8 * sizeof(unsigned long) - 1) -
	       (unsigned int)__builtin_clzl(bytes - 1);
}

/* Of a size that round_up() gave: four lists for each power of two. */
static unsigned int list_of(size_t bytes)
{
	unsigned int shift = shift_of(bytes);

	return 4 * shift + ((unsigned int)((bytes - 1) >> (shift - 2)) & 3);
}

static void *map(size_t bytes)
{
	void *place = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return place == MAP_FAILED ? NULL : place;
}

/* The next of the sizes that there are lists of, so that what was freed fits whoever asks for as much;
 * 0: too many. */
static size_t round_up(size_t bytes)
{
	size_t step = alignof(max_align_t);

	if (bytes > PTRDIFF_MAX / 2)
		return 0;
	if (bytes <= step)
		return step;
	if (shift_of(bytes) > 6)
		step = (size_t)1 << (shift_of(bytes) - 2);
	return (bytes + step - 1) / step * step;
}

static struct block *take_freed(size_t bytes)
{
	struct freed *found = lists[list_of(bytes)];

	if (!found)
		return NULL;
	lists[list_of(bytes)] = found->next;
	found->block.mark = MARK;
	return &found->block;
}

/* Where the kernel has no more: the largest that was freed becomes the region, as new. What a run was
 * pumped with is enough to account for it. */
static bool renew_freed(size_t room)
{
	for (unsigned int i = LISTS; i-- > 0;) {
		struct freed *found = lists[i];

		if (!found)
			continue;
		if (sizeof(struct block) + found->block.capacity < room)
			return false;
		lists[i] = found->next;
		front = (char *)found;
		end = front + sizeof(struct block) + found->block.capacity;
		memset(front, 0, (size_t)(end - front));
		return true;
	}
	return false;
}

static bool add_region(size_t room)
{
	size_t wanted = (room + MORE - 1) / MORE * MORE;
	char *more = map(wanted); /* the rest of the old one is not worth a list */

	if (!more)
		return renew_freed(room);
	front = more;
	end = more + wanted;
	return true;
}

/* Once: whoever tries again takes what the first try gave back. */
void pages_part(void)
{
	uintptr_t next = ((uintptr_t)front + PAGE - 1) / PAGE * PAGE;

	/* Only what nobody has touched yet is no copy. */
	if (next < (uintptr_t)heap_first + HEAP_AHEAD)
		next = (uintptr_t)heap_first + HEAP_AHEAD;
	if (parted || (uintptr_t)end < next + HEAP_AFTER)
		return;
	front = (char *)next;
	parted = front;
	memset(lists, 0, sizeof(lists));
	(void)madvise(front, HEAP_AFTER, MADV_POPULATE_WRITE);
}

static struct block *take_front(size_t bytes)
{
	struct block *block;

	if (!front) {
		front = heap_first;
		end = heap_first + sizeof(heap_first);
	}
	if ((size_t)(end - front) < sizeof(*block) + bytes &&
	    !add_region(sizeof(*block) + bytes))
		return NULL;
	block = (struct block *)(void *)front;
	front += sizeof(*block) + bytes;
	*block = (struct block){ MARK, bytes };
	return block;
}

static struct block *take_mapping(size_t bytes)
{
	struct block *block = map(sizeof(*block) + bytes);

	if (block)
		*block = (struct block){ MARK, bytes };
	return block;
}

/* @ret_zeroed: nobody has had it before. */
static void *take(size_t wanted, bool *ret_zeroed)
{
	size_t bytes = round_up(wanted);
	struct block *block = NULL;

	*ret_zeroed = true;
	if (bytes >= LARGE)
		block = take_mapping(bytes);
	else if (bytes)
		block = take_freed(bytes);
	if (!block && bytes && bytes < LARGE)
		block = take_front(bytes);
	else if (bytes && bytes < LARGE)
		*ret_zeroed = false;
	if (!block) {
		errno = ENOMEM;
		return NULL;
	}
	return block + 1;
}

/* What was freed twice, or is none of ours, is no memory to go on with. */
static struct block *block_of(void *pointer)
{
	struct block *block = (struct block *)pointer - 1;

	if (block->mark != MARK)
		abort();
	return block;
}

void *malloc(size_t bytes)
{
	bool zeroed;

	return take(bytes, &zeroed);
}

void *calloc(size_t count, size_t size)
{
	size_t bytes;
	bool zeroed;
	void *place;

	if (__builtin_mul_overflow(count, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	place = take(bytes, &zeroed);
	if (place && !zeroed)
		memset(place, 0, bytes);
	return place;
}

void free(void *pointer)
{
	struct block *block;
	struct freed *freed;

	if (!pointer)
		return;
	block = block_of(pointer);
	if ((char *)block >= heap_first && (char *)block < parted)
		return;
	if (block->capacity >= LARGE) {
		int saved = errno;

		(void)munmap(block, sizeof(*block) + block->capacity);
		errno = saved;
		return;
	}
	freed = (struct freed *)(void *)block;
	freed->block.mark = FREED;
	freed->next = lists[list_of(block->capacity)];
	lists[list_of(block->capacity)] = freed;
}

void *realloc(void *pointer, size_t bytes)
{
	struct block *block;
	void *place;

	if (!pointer)
		return malloc(bytes);
	block = block_of(pointer);
	if (bytes <= block->capacity)
		return pointer;
	place = malloc(bytes);
	if (!place)
		return NULL;
	memcpy(place, pointer, block->capacity);
	free(pointer);
	return place;
}
