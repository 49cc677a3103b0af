/* SPDX-License-Identifier: Apache-2.0 */
/* filter - see filter.h: looking up names in the generated list */
#include "runner/filter.h"
#include "runner/base/arena.h"
#include "runner/base/str.h"
#include <stdlib.h>
#include <string.h>

static int compare_name(const void *name, const void *call)
{
	return strcmp(name, ((const struct filter_call *)call)->name);
}

const char *filter_call_nearest(const char *name)
{
	const char **names = calloc(filter_call_count + 1, sizeof(*names));
	const char *nearest;

	if (!names)
		arena_out_of_memory();
	for (size_t i = 0; i < filter_call_count; i++)
		names[i] = filter_calls[i].name;
	nearest = str_nearest(name, names);
	free(names);
	return nearest;
}

const struct filter_call *filter_call_find(const char *name)
{
	return bsearch(name, filter_calls, filter_call_count, sizeof(*filter_calls),
		       compare_name);
}
