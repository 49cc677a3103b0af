/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/select.h"
#include <fnmatch.h>

static bool matches(const char *glob, const struct probe *probe)
{
	return fnmatch(glob, probe->id, 0) == 0 ||
	       fnmatch(glob, probe->requirement->id, 0) == 0 ||
	       fnmatch(glob, layer_names[probe->layer], 0) == 0;
}

static bool matches_any(const char *const *globs, const struct probe *probe)
{
	for (; *globs; globs++)
		if (matches(*globs, probe))
			return true;
	return false;
}

static bool is_matched(const char *glob, const struct catalogue *catalogue)
{
	for (size_t i = 0; i < catalogue->count; i++)
		if (matches(glob, &catalogue->probes[i]))
			return true;
	return false;
}

void select_probes(const struct catalogue *catalogue, const char *const *only,
		   const char *const *skip, struct arena *arena,
		   struct selection *selection)
{
	*selection = (struct selection){
		.probes =
			arena_array(arena, catalogue->count + 1, sizeof(struct probe *)),
	};
	for (const char *const *glob = only; *glob && !selection->unmatched; glob++)
		if (!is_matched(*glob, catalogue))
			selection->unmatched = *glob;
	for (size_t i = 0; i < catalogue->count; i++) {
		const struct probe *probe = &catalogue->probes[i];

		if ((!*only || matches_any(only, probe)) && !matches_any(skip, probe))
			selection->probes[selection->count++] = probe;
	}
}
