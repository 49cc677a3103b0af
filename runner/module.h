/* SPDX-License-Identifier: Apache-2.0 */
/*
 * module - is a script an ES module already, or the body of a function that is to become one? Pure.
 */
#ifndef RUNNER_MODULE_H
#define RUNNER_MODULE_H

#include "runner/base/arena.h"
#include <stdbool.h>
#include <stddef.h>

/* Does a line of it begin with an import or export statement, comments and strings aside? The words
 * have to stand at a line's start, as in upstream; `import(…)` and `import.meta` are expressions. */
bool module_has_statements(const char *source, size_t length);

/**
 * module_wrap() - The source as the body of `export default async function (context) { … }`
 * A bare `return` and `await` are allowed in it, a trailing comment cannot swallow the brace, and a
 * line keeps its number. Return: the text, in the arena; *length is its length
 */
const char *module_wrap(const char *source, size_t *length, struct arena *arena);

#endif
