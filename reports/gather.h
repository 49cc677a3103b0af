/* SPDX-License-Identifier: Apache-2.0 */
/* gather - the results files that arguments stand for, in an order of their own */
#ifndef REPORTS_GATHER_H
#define REPORTS_GATHER_H

#include "runner/base/arena.h"
#include "runner/base/err.h"
#include <stddef.h>

struct gather {
	const char **paths; /* sorted */
	size_t count, capacity;
	struct arena arena;
};

/* A file is itself, a directory every results.json and *.results.json below it, at most 8 deep; no
 * link is followed on the way. POLICY: a directory without any, the same file twice; SYSTEM. */
int gather_add(struct gather *paths, const char *argument, struct err *err);
/* Every regular file below the directory: at most 8 deep, no link followed, nothing hidden. */
typedef int gather_visit(void *data, const char *path, const char *name, struct err *err);
int gather_walk(const char *directory, gather_visit *visit, void *data, struct err *err);
int gather_sort(struct gather *paths, struct err *err);
void gather_done(struct gather *paths);
#define owned_gather __attribute__((cleanup(gather_done)))

#endif
