/* SPDX-License-Identifier: Apache-2.0 */
/* emit - the compiled filters and the list of names as a C source for the runner */
#ifndef RUNNER_FILTER_EMIT_H
#define RUNNER_FILTER_EMIT_H

#include "runner/filter/compile.h"
#include <stdio.h>

/* Defines everything that runner/filter.h declares as data. */
int emit_source(const struct abi *abis, size_t abi_count, struct arena *arena, FILE *to,
		struct err *err);

/* One line for each call, for people: name, group, answer by profile. */
void emit_list(const struct abi *abis, size_t abi_count, struct arena *arena, FILE *to);

#endif
