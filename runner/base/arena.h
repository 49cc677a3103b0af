/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * arena - memory that lives as long as a policy, plan or result set, freed once
 *
 * Out of memory ends the program (parent side only; never used after clone).
 * All memory is zeroed.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_block;
struct arena {
	struct arena_block *blocks; /* newest first */
};

/* The one place where memory that is not there ends a program: with 70, or with what main said that
 * its own failures end with (arena_exit.c). In the library it ends the call: library/guard.h. */
__attribute__((noreturn, cold)) void arena_out_of_memory(void);
void arena_exit_with(int status);

void *arena_alloc(struct arena *arena, size_t bytes);
/* What is asked for from here on lies in other blocks than what was before. */
void arena_turn(struct arena *arena);
/* count * size, checked for overflow. */
void *arena_array(struct arena *arena, size_t count, size_t size);
/* `array`, or a copy of twice the size where it is full: there is room for one more. */
void *arena_grow(struct arena *arena, void *array, size_t count, size_t *capacity,
		 size_t size);
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t bytes);
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Accepts NULL and a zeroed arena; leaves it zeroed. */
void arena_done(struct arena *arena);

#endif
