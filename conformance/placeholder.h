/* SPDX-License-Identifier: Apache-2.0 */
/*
 * placeholder - {name} in a template, where `name` is small letters and hyphens; any other brace
 * is itself
 */
#ifndef CONFORMANCE_PLACEHOLDER_H
#define CONFORMANCE_PLACEHOLDER_H

#include <stdbool.h>
#include <stddef.h>

/* The first one in `text`: its name without braces, its length, and in *ret_end the first byte
 * behind it. NULL when there is none. */
const char *placeholder_find(const char *text, size_t *ret_length, const char **ret_end);
/* Is the name of `length` bytes this one? NULL never is. */
bool placeholder_is(const char *name, size_t length, const char *candidate);
/* confine, scratch, probes, receipt: they stand for the same everywhere. */
bool placeholder_is_common(const char *name, size_t length);

#endif
