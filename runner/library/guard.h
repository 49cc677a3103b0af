/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guard - out of memory is an error of the call that met it
 *
 * The code that reads policies and JSON is shared with the programs, where want of memory ends the
 * process, and no function on the way has an error path for it (base/arena.h). In the library that
 * end is a jump back to the call that was made, which returns an error; and all that was allocated
 * since then is freed, whoever held it.
 *
 * Hence one rule: what runs under a guard makes new things only, and holds no descriptor that nobody
 * else knows. A handle is changed afterwards, by assignments that cannot fail.
 */
#ifndef LIBRARY_GUARD_H
#define LIBRARY_GUARD_H

#include "runner/base/err.h"
#include "runner/confine.h"

/* Calls work(argument, …). Where that returns -1, and where memory ends, *error tells why and nothing
 * is left of what it allocated. */
int guard_run(int (*work)(void *argument, struct err *err), void *argument,
	      struct confine_error *error);

/* For faults that are found outside of one. Each returns -1; error may be NULL. */
int guard_fault(struct confine_error *error, enum confine_code code, const char *layer,
		const char *format, ...) __attribute__((format(printf, 4, 5), cold));
int guard_sys(struct confine_error *error, const char *what); /* "<what>: <errno>" */
int guard_usage(struct confine_error *error, const char *what);

#endif
