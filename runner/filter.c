/* SPDX-License-Identifier: Apache-2.0 */
/* filter - see filter.h: looking up names in the generated list */
#include "runner/filter.h"
#include "runner/base/str.h"
#include <stdlib.h>
#include <string.h>

static int compare_name(const void *name, const void *call)
{
	return strcmp(name, ((const struct filter_call *)call)->name);
}

const struct filter_call *filter_call_find(const char *name)
{
	return bsearch(name, filter_calls, filter_call_count, sizeof(*filter_calls),
		       compare_name);
}
