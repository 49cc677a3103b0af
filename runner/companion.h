/* SPDX-License-Identifier: Apache-2.0 */
/*
 * companion - programs of ours beside this one that know a library: started with a constant
 * environment, from a path that no variable chooses, holding nothing of ours but a pipe
 */
#ifndef RUNNER_COMPANION_H
#define RUNNER_COMPANION_H

#include "runner/base/err.h"
#include "runner/base/str.h"
#include <stddef.h>

/**
 * companion_read() - Run libexec/confine/NAME (or NAME beside this image) to its end
 * @layer:	whose work it is, for errors
 * @argv:	arguments, argv[0] is its name; NULL-terminated
 * @max_bytes:	of its standard output; more is a failure
 * @deadline_ms: until its end
 * @ret:	gets its output
 * Signals that end a run are looked for while it waits, where they are blocked.
 * Return: 0 when it ended with status 0; else -1: UNSUPPORTED where it is not installed, SYSTEM.
 *	Nothing of it is left running.
 */
int companion_read(const char *layer, const char *const *argv, size_t max_bytes,
		   unsigned int deadline_ms, struct str *ret, struct err *err);

#endif
