/* SPDX-License-Identifier: Apache-2.0 */
/* context - confine_new(): finds the program beside the library, else where it was to be installed */
#include "runner/library/context.h"
#include "runner/base/arena.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include "runner/library/guard.h"
#include "runner/library/place.h"
#include <dlfcn.h>
#include <limits.h>
#include <stdint.h>

const char *confine_version(void)
{
	return CONFINE_VERSION;
}

/* "/usr/lib" of this very object, where it is the shared one: a program that holds the static one says
 * nothing about where ours is. */
static bool find_own_directory(char directory[static PATH_MAX])
{
	Dl_info info;
	char *slash;

	if (!dladdr((void *)(uintptr_t)confine_new, &info) || !info.dli_fname ||
	    !realpath(info.dli_fname, directory))
		return false;
	slash = strrchr(directory, '/');
	if (!slash || !str_has_prefix(slash + 1, "libconfine.so"))
		return false;
	*slash = '\0';
	return true;
}

/* lib/ or lib/x86_64-linux-gnu/ */
static void find_program(struct str *path)
{
	static const char *const ways[] = { "/../bin/confine", "/../../bin/confine" };
	char directory[PATH_MAX];

	if (find_own_directory(directory))
		for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
			str_clear(path);
			str_addf(path, "%s%s", directory, ways[i]);
			if (access(path->text, X_OK) == 0)
				return;
		}
	str_clear(path);
	str_add(path, place_program);
}

struct making {
	const char *program; /* NULL = find it */
	struct confine *made;
};

static int make(void *argument, struct err *err)
{
	struct making *making = argument;
	struct confine *made = calloc(1, sizeof(*made));
	struct str path = { 0 };

	(void)err;
	if (!made)
		arena_out_of_memory();
	if (making->program)
		str_add(&path, making->program);
	else
		find_program(&path);
	made->program = path.text;
	making->made = made;
	return 0;
}

int confine_new(struct confine **ret, struct confine_error *error)
{
	struct making making = { NULL, NULL };

	if (guard_run(make, &making, error) < 0)
		return -1;
	*ret = making.made;
	return 0;
}

void confine_free(struct confine *confine)
{
	if (!confine)
		return;
	free(confine->program);
	free(confine);
}

int confine_set_program(struct confine *confine, const char *path,
			struct confine_error *error)
{
	struct making making = { path, NULL };
	char *old;

	if (!confine || !path || *path != '/')
		return guard_usage(error, "the program is named by an absolute path");
	if (guard_run(make, &making, error) < 0)
		return -1;
	old = confine->program;
	confine->program = making.made->program;
	making.made->program = old;
	confine_free(making.made);
	return 0;
}
