/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guard - see guard.h. Blocks carry two links, by which those of the call in progress can be found;
 * the call in progress is the thread's own.
 */
#include "runner/library/guard.h"
#include "runner/base/arena.h"
#include "runner/library/memory.h"
#include <errno.h>
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

/* The one source that means libc's own. */
#undef malloc
#undef calloc
#undef realloc
#undef strdup
#undef free

struct block {
	alignas(max_align_t) struct block *next;
	struct block *previous; /* NULL: of no call in progress */
};

struct guard {
	jmp_buf escape;
	struct block blocks; /* head of a ring */
	struct guard *outer;
};

/* Initial-exec: the first use of any other kind allocates, and ends the process where it cannot. */
static _Thread_local struct guard *active __attribute__((tls_model("initial-exec")));

/* --- memory --- */

static void enter(struct block *block)
{
	struct block *head = active ? &active->blocks : NULL;

	if (!head) {
		block->next = block->previous = NULL;
		return;
	}
	block->next = head->next;
	block->previous = head;
	head->next->previous = block;
	head->next = block;
}

static void leave(struct block *block)
{
	if (!block->previous)
		return;
	block->previous->next = block->next;
	block->next->previous = block->previous;
	block->next = block->previous = NULL;
}

void *library_realloc(void *memory, size_t size)
{
	struct block *block = memory ? (struct block *)memory - 1 : NULL;
	struct block *moved;
	bool inside = block && block->previous;

	if (size > SIZE_MAX - sizeof(*block))
		return NULL;
	if (inside)
		leave(block);
	moved = realloc(block, sizeof(*block) + size);
	if (moved)
		enter(moved);
	else if (inside)
		enter(block);
	return moved ? moved + 1 : NULL;
}

void *library_calloc(size_t count, size_t size)
{
	size_t bytes;
	struct block *block;

	if (__builtin_mul_overflow(count, size, &bytes) ||
	    __builtin_add_overflow(bytes, sizeof(*block), &bytes))
		return NULL;
	block = calloc(1, bytes);
	if (!block)
		return NULL;
	enter(block);
	return block + 1;
}

char *library_strdup(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = library_realloc(NULL, size);

	if (copy)
		memcpy(copy, text, size);
	return copy;
}

void library_free(void *memory)
{
	struct block *block = memory ? (struct block *)memory - 1 : NULL;

	if (!block)
		return;
	leave(block);
	free(block);
}

/* What base/arena.h says where memory ends. */
void arena_out_of_memory(void)
{
	if (active)
		longjmp(active->escape, 1);
	abort(); /* nothing is allocated but under a guard: the tests see to it */
}

/* --- the call --- */

static void fill(struct confine_error *error, enum confine_code code, int sys,
		 const char *layer, const char *message)
{
	if (!error)
		return;
	memset(error, 0, sizeof(*error));
	error->code = (int32_t)code;
	error->sys = sys;
	(void)snprintf(error->layer, sizeof(error->layer), "%s", layer ? layer : "");
	(void)snprintf(error->message, sizeof(error->message), "%s", message);
}

static enum confine_code code_of(enum err_code code)
{
	static const enum confine_code codes[] = {
		[ERR_NONE] = CONFINE_ERROR_INTERNAL,
		[ERR_POLICY] = CONFINE_ERROR_POLICY,
		[ERR_UNSUPPORTED] = CONFINE_ERROR_UNSUPPORTED,
		[ERR_SYSTEM] = CONFINE_ERROR_SYSTEM,
		[ERR_INTERNAL] = CONFINE_ERROR_INTERNAL,
	};

	return codes[code];
}

/* Separate, so that nothing that is read after the jump is local here: setjmp(3). 1: memory ended. */
static int call(struct guard *guard, int (*work)(void *argument, struct err *err),
		void *argument, struct err *err)
{
	if (setjmp(guard->escape))
		return 1;
	return work(argument, err);
}

/* Frees what is left of a call that failed; gives away what is left of one that did not. */
static void settle(struct guard *guard, bool failed)
{
	while (guard->blocks.next != &guard->blocks) {
		struct block *block = guard->blocks.next;

		leave(block);
		if (failed)
			free(block);
	}
}

int guard_run(int (*work)(void *argument, struct err *err), void *argument,
	      struct confine_error *error)
{
	struct guard guard = { .outer = active };
	struct err err = { 0 };
	int result;

	guard.blocks.next = guard.blocks.previous = &guard.blocks;
	active = &guard;
	result = call(&guard, work, argument, &err);
	settle(&guard, result != 0);
	active = guard.outer;
	if (result == 1)
		fill(error, CONFINE_ERROR_MEMORY, ENOMEM, "", "out of memory");
	else if (result < 0)
		fill(error, code_of(err.code), err.sys, err.layer, err.msg);
	return result ? -1 : 0;
}

int guard_fault(struct confine_error *error, enum confine_code code, const char *layer,
		const char *format, ...)
{
	char message[480]; /* as much as an error holds */
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	fill(error, code, 0, layer, message);
	return -1;
}

int guard_sys(struct confine_error *error, const char *what)
{
	int sys = errno;

	(void)guard_fault(error,
			  sys == ENOMEM ? CONFINE_ERROR_MEMORY : CONFINE_ERROR_SYSTEM,
			  "library", "%s: %s", what, err_name(sys));
	if (error)
		error->sys = sys;
	return -1;
}

int guard_usage(struct confine_error *error, const char *what)
{
	return guard_fault(error, CONFINE_ERROR_USAGE, "library", "%s", what);
}
