/* SPDX-License-Identifier: Apache-2.0 */
/* merge_paths - the results files that arguments stand for, in an order of their own */
#ifndef REPORTS_MERGE_PATHS_H
#define REPORTS_MERGE_PATHS_H

#include "runner/base/arena.h"
#include "runner/base/err.h"
#include <stddef.h>

struct merge_paths {
	const char **paths; /* sorted */
	size_t count, capacity;
	struct arena arena;
};

/* A file is itself, a directory every results.json and *.results.json below it, at most 8 deep; no
 * link is followed on the way. POLICY: a directory without any, the same file twice; SYSTEM. */
int merge_paths_add(struct merge_paths *paths, const char *argument, struct err *err);
/* Every regular file below the directory: at most 8 deep, no link followed, nothing hidden. */
typedef int merge_paths_visit(void *data, const char *path, const char *name,
			      struct err *err);
int merge_paths_walk(const char *directory, merge_paths_visit *visit, void *data,
		     struct err *err);
int merge_paths_sort(struct merge_paths *paths, struct err *err);
void merge_paths_done(struct merge_paths *paths);
#define owned_paths __attribute__((cleanup(merge_paths_done)))

#endif
