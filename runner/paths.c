/* SPDX-License-Identifier: Apache-2.0 */
/* paths - see paths.h */
#include "runner/paths.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include "runner/capabilities.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct reader {
	const struct policy *policy;
	struct arena *arena;
	struct request *request;
	const char **held;
	size_t held_count;
};

/* An entry of a list, and what it is on this host. */
struct entry {
	const char *list;
	size_t index;
	const char *path;
	const char *
		real; /* as far as it is there; what is missing follows as it is written */
	int error;    /* of the look-up */
};

static bool is_within(const char *path, const char *tree)
{
	size_t length = strlen(tree);

	return strncmp(path, tree, length) == 0 && (path[length] == '/' || !path[length]);
}

static bool is_below(const char *path, const char *tree)
{
	return is_within(path, tree) && !str_equal(path, tree);
}

/* Shown by every run that confines files. */
static bool is_in_base(const char *path)
{
	for (size_t i = 0; i < CAPABILITY_BASES; i++)
		if (is_within(path, capability_bases[i]))
			return true;
	return false;
}

/* The first `length` bytes of a path; `real` has room for PATH_MAX. */
static bool resolve(struct arena *arena, const char *path, size_t length, char *real)
{
	return realpath(length ? arena_strndup(arena, path, length) : "/", real) != NULL;
}

static struct entry look_up(struct arena *arena, const char *list, size_t index,
			    const char *path)
{
	struct entry entry = { .list = list, .index = index, .path = path };
	size_t length = strlen(path);
	char real[PATH_MAX];

	if (resolve(arena, path, length, real)) {
		entry.real = arena_strdup(arena, real);
		return entry;
	}
	entry.error = errno;
	while (length && !resolve(arena, path, length, real))
		while (length && path[--length] != '/')
			;
	if (!length)
		real[0] = '\0';
	entry.real = arena_printf(arena, "%s%s", str_equal(real, "/") ? "" : real,
				  path + length);
	return entry;
}

/* Is a part of it scratch, or in it? What lies there a script may have put there. */
static bool leads_by_scratch(const struct reader *reader, const struct entry *entry)
{
	const char *scratch = reader->request->scratch;
	char real[PATH_MAX];

	for (size_t i = 1; scratch && i <= strlen(entry->path); i++)
		if ((entry->path[i] == '/' || !entry->path[i]) &&
		    resolve(reader->arena, entry->path, i, real) &&
		    is_within(real, scratch))
			return true;
	return false;
}

static int check_links(const struct reader *reader, const struct entry *entry,
		       struct err *err)
{
	const char *scratch = reader->request->scratch;

	if (str_equal(entry->real, entry->path) || !leads_by_scratch(reader, entry))
		return 0;
	if (scratch && is_within(entry->path, scratch))
		return err_policy(err, "filesystem",
				  "/filesystem/%s/%zu: %s leads through a link in "
				  "--scratch, to %s: name a path without one",
				  entry->list, entry->index, entry->path, entry->real);
	return err_policy(err, "filesystem",
			  "/filesystem/%s/%zu: %s leads to %s: name that", entry->list,
			  entry->index, entry->path, entry->real);
}

/* As they lie inside scratch a script could move them away, and what it put in their place would be
 * neither read-only nor hidden: nobody moves what something is mounted on. */
static void hold_around(struct reader *reader, const char *path)
{
	const char *scratch = reader->request->scratch;

	if (!scratch || !is_below(path, scratch))
		return;
	for (size_t i = strlen(scratch) + 1; path[i]; i++) {
		const char *part;
		bool known = false;

		if (path[i] != '/')
			continue;
		part = arena_strndup(reader->arena, path, i);
		for (size_t k = 0; k < reader->held_count; k++)
			known = known || str_equal(reader->held[k], part);
		if (known)
			continue;
		if (reader->held_count % 16 == 0) {
			const char **longer = arena_array(
				reader->arena, reader->held_count + 17, sizeof(*longer));

			if (reader->held_count)
				memcpy(longer, reader->held,
				       reader->held_count * sizeof(*longer));
			reader->held = longer;
		}
		reader->held[reader->held_count++] = part;
		reader->held[reader->held_count] = NULL;
	}
}

static int read_hidden(struct reader *reader, struct err *err)
{
	const struct path_list *list = &reader->policy->filesystem.hide;
	const char **leads = arena_array(reader->arena, list->count + 1, sizeof(*leads));
	const char *scratch = reader->request->scratch;

	for (size_t i = 0; i < list->count; i++) {
		struct entry entry = look_up(reader->arena, "hide", i, list->items[i]);

		if (check_links(reader, &entry, err) < 0)
			return -1;
		if (entry.error && entry.error != ENOENT && entry.error != ENOTDIR &&
		    (entry.error != EACCES || (scratch && is_below(entry.real, scratch))))
			return err_policy(err, "filesystem",
					  "/filesystem/hide/%zu: %s cannot be hidden: %s",
					  i, entry.path, err_name(entry.error));
		if (str_equal(entry.real, "/"))
			return err_policy(err, "filesystem",
					  "/filesystem/hide/%zu: %s leads to /: name "
					  "what is in it",
					  i, entry.path);
		if (!str_equal(entry.real, entry.path))
			leads[i] = entry.real;
		if (!entry.error)
			hold_around(reader, entry.real);
	}
	reader->request->hide_leads = leads;
	return 0;
}

static int check_shown(const struct reader *reader, const struct entry *entry,
		       struct err *err)
{
	const struct path_list *hide = &reader->policy->filesystem.hide;

	if (check_links(reader, entry, err) < 0)
		return -1;
	for (size_t i = 0; i < hide->count; i++) {
		const char *lead = reader->request->hide_leads[i];

		if (is_within(entry->real, lead ? lead : hide->items[i]))
			return err_policy(err, "filesystem",
					  "/filesystem/readOnly/%zu: %s is hidden by "
					  "/filesystem/hide/%zu",
					  entry->index, entry->path, i);
	}
	if (str_equal(entry->real, entry->path))
		return 0; /* what is not there is told where it would be opened */
	if (entry->error)
		return err_policy(err, "filesystem",
				  "/filesystem/readOnly/%zu: %s cannot be shown inside: "
				  "%s",
				  entry->index, entry->path, err_name(entry->error));
	if (is_in_base(entry->path) && is_in_base(entry->real))
		return 0;
	return err_policy(err, "filesystem",
			  "/filesystem/readOnly/%zu: %s leads to %s: name that",
			  entry->index, entry->path, entry->real);
}

static int read_shown(struct reader *reader, struct err *err)
{
	const struct path_list *list = &reader->policy->filesystem.read_only;
	const char **leads = arena_array(reader->arena, list->count + 1, sizeof(*leads));

	for (size_t i = 0; i < list->count; i++) {
		struct entry entry =
			look_up(reader->arena, "readOnly", i, list->items[i]);

		if (check_shown(reader, &entry, err) < 0)
			return -1;
		if (!str_equal(entry.real, entry.path))
			leads[i] = entry.real;
		if (!entry.error)
			hold_around(reader, entry.real);
	}
	if (reader->request->modules)
		hold_around(reader, reader->request->modules);
	reader->request->read_only_leads = leads;
	return 0;
}

int paths_read(const struct policy *policy, struct arena *arena, struct request *request,
	       struct err *err)
{
	struct reader reader = { policy, arena, request, NULL, 0 };

	if (!policy->enabled || policy->filesystem.mode == FILESYSTEM_OFF)
		return 0;
	if (read_hidden(&reader, err) < 0 || read_shown(&reader, err) < 0)
		return -1;
	request->held = reader.held;
	return 0;
}
