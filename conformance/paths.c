/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/paths.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Directory of this program, or NULL. */
static const char *own_directory(struct arena *arena)
{
	char path[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *slash;

	if (length <= 0)
		return NULL;
	path[length] = '\0';
	slash = strrchr(path, '/');
	if (!slash)
		return NULL;
	*slash = '\0';
	return arena_strdup(arena, path);
}

/* First of the directories (some may be NULL) below which `name` is there; NULL without. Without links:
 * what a shield leaves in view is the place itself, and a link in it may lead to what it covers. */
static const char *find(struct arena *arena, const char *const *directories, size_t count,
			const char *name, int mode)
{
	char real[PATH_MAX];

	for (size_t i = 0; i < count; i++) {
		const char *path = directories[i] ? arena_printf(arena, "%s/%s",
								 directories[i], name)
						  : NULL;

		if (path && access(path, mode) == 0 && realpath(path, real))
			return arena_strdup(arena, real);
	}
	return NULL;
}

int paths_find(struct arena *arena, struct paths *paths, struct err *err)
{
	const char *own = own_directory(arena);
	const char *base = own ? own : ".";
	const char *const programs[] = {
		getenv("CONFINE_LIBEXEC"),
		base,
		arena_printf(arena, "%s/../libexec/confine", base),
	};
	const char *const fronts[] = {
		arena_printf(arena, "%s/../../bin", base),
		base,
		arena_printf(arena, "%s/../bin", base),
	};
	const char *const shares[] = {
		getenv("CONFINE_SHARE"),
		arena_printf(arena, "%s/../../share/confine", base),
		arena_printf(arena, "%s/../share/confine", base),
	};
	const struct paths found = {
		.confine = find(arena, fronts, 3, "confine", X_OK),
		.attack = find(arena, programs, 3, "confine-attack", X_OK),
		.lab = find(arena, programs, 3, "confine-lab", X_OK),
		.report = find(arena, programs, 3, "confine-report", X_OK),
		.probes = find(arena, shares, 3, "probes", R_OK),
		.targets = find(arena, shares, 3, "targets", R_OK),
		.controls = find(arena, shares, 3, "controls", R_OK),
		.text = find(arena, shares, 3, "CONFORMANCE.md", R_OK),
	};

	if (!found.attack)
		return err_set(err, ERR_INTERNAL, "paths",
			       "confine-attack is not beside %s", base);
	if (!found.probes || !found.targets)
		return err_set(err, ERR_INTERNAL, "paths",
			       "no probes or targets in share/confine near %s", base);
	*paths = found;
	return 0;
}
