/* SPDX-License-Identifier: Apache-2.0 */
/* gather - see gather.h. */
#include "reports/gather.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DEPTH_MAX 8

static void add(struct gather *paths, const char *path)
{
	paths->paths = arena_grow(&paths->arena, paths->paths, paths->count,
				  &paths->capacity, sizeof(*paths->paths));
	paths->paths[paths->count++] = arena_strdup(&paths->arena, path);
}

static bool is_results(const char *name)
{
	return strcmp(name, "results.json") == 0 || str_has_suffix(name, ".results.json");
}

/* Children are looked at after the directory is read to its end: few descriptors are open. */
static int walk(const char *directory, unsigned int depth, gather_visit *visit,
		void *data, struct err *err)
{
	owned_dir DIR *stream = opendir(directory);
	const struct dirent *entry;

	if (!stream)
		return err_sys(err, "report", "cannot read %s", directory);
	while ((entry = readdir(stream)) != NULL) {
		owned_str struct str path = { 0 };
		struct stat found;

		if (entry->d_name[0] == '.')
			continue;
		str_addf(&path, "%s/%s", directory, entry->d_name);
		if (fstatat(dirfd(stream), entry->d_name, &found, AT_SYMLINK_NOFOLLOW) <
		    0)
			return err_sys(err, "report", "cannot look at %s", path.text);
		if (S_ISREG(found.st_mode) &&
		    visit(data, path.text, entry->d_name, err) < 0)
			return -1;
		if (S_ISDIR(found.st_mode) && depth < DEPTH_MAX &&
		    walk(path.text, depth + 1, visit, data, err) < 0)
			return -1;
	}
	return 0;
}

int gather_walk(const char *directory, gather_visit *visit, void *data, struct err *err)
{
	return walk(directory, 0, visit, data, err);
}

static int add_results(void *data, const char *path, const char *name, struct err *err)
{
	(void)err;
	if (is_results(name))
		add(data, path);
	return 0;
}

int gather_add(struct gather *paths, const char *argument, struct err *err)
{
	size_t before = paths->count;
	struct stat found;

	if (stat(argument, &found) < 0)
		return err_sys(err, "report", "cannot look at %s", argument);
	if (!S_ISDIR(found.st_mode)) {
		add(paths, argument);
		return 0;
	}
	if (gather_walk(argument, add_results, paths, err) < 0)
		return -1;
	if (paths->count == before)
		return err_policy(err, "report",
				  "%s: has no file called results.json or *.results.json",
				  argument);
	return 0;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int gather_sort(struct gather *paths, struct err *err)
{
	if (paths->count)
		qsort(paths->paths, paths->count, sizeof(*paths->paths), compare);
	for (size_t i = 1; i < paths->count; i++)
		if (strcmp(paths->paths[i - 1], paths->paths[i]) == 0)
			return err_policy(err, "report", "%s is named twice",
					  paths->paths[i]);
	return 0;
}

void gather_done(struct gather *paths)
{
	arena_done(&paths->arena);
	memset(paths, 0, sizeof(*paths));
}
