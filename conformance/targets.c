/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/targets.h"
#include "conformance/placeholder.h"
#include "conformance/words.h"
#include "runner/base/fd.h"
#include "runner/base/json.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int read_path(const char *path, struct arena *arena, struct target *target,
		     struct err *err)
{
	owned_str struct str text = { 0 };

	if (fd_read_file(path, json_small.max_bytes, &text, err) < 0)
		return -1;
	return target_parse(path, str_text(&text), text.length, arena, target, err);
}

static int is_target_file(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && str_has_suffix(entry->d_name, ".json");
}

/* "bubblewrap, confine, none": what could have been meant. */
static void add_known_names(const char *directory, struct str *names)
{
	struct dirent **entries = NULL;
	int count = scandir(directory, &entries, is_target_file, alphasort);

	for (int i = 0; i < count; i++) {
		size_t length = strlen(entries[i]->d_name) - strlen(".json");

		str_addf(names, "%s%.*s", i > 0 ? ", " : "", (int)length,
			 entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
}

int targets_find(const char *name, const char *directory, struct arena *arena,
		 struct target *target, struct err *err)
{
	owned_str struct str path = { 0 };
	owned_str struct str names = { 0 };

	if (strchr(name, '/') || str_has_suffix(name, ".json"))
		return read_path(name, arena, target, err);
	str_addf(&path, "%s/%s.json", directory, name);
	if (access(str_text(&path), F_OK) == 0)
		return read_path(str_text(&path), arena, target, err);
	add_known_names(directory, &names);
	return err_policy(err, "target", "unknown target %s: %s, or the path of a file",
			  name, str_text(&names));
}

static int check_word(const char *word, struct target *target, bool *uses_command,
		      struct err *err)
{
	const char *name;
	size_t length;

	while ((name = placeholder_find(word, &length, &word)) != NULL) {
		if (placeholder_is(name, length, "command"))
			*uses_command = true;
		else if (!placeholder_is_common(name, length))
			return err_policy(
				err, "target",
				"{%.*s} is not known here: command confine scratch "
				"probes receipt",
				(int)length, name);
		if (placeholder_is(name, length, "scratch"))
			target->has_own_scratch = false;
		if (placeholder_is(name, length, "receipt"))
			target->stated_by = STATED_BY_RECEIPT;
	}
	return 0;
}

int targets_from_command(const char *text, struct arena *arena, struct target *target,
			 struct err *err)
{
	static const char *const nothing[] = { NULL };
	struct target read = {
		.name = "command",
		.title = arena_strdup(arena, text),
		.source = "--target-command",
		.needs = nothing,
		.has_own_scratch = true,
	};
	bool uses_command = false;

	if (words_split(text, arena, &read.argv, err) < 0)
		return err_within(err, "--target-command");
	for (const char *const *word = read.argv; *word; word++)
		if (check_word(*word, &read, &uses_command, err) < 0)
			return err_within(err, "--target-command");
	if (!uses_command)
		return err_policy(err, "target",
				  "--target-command must contain {command}");
	if (strchr(read.argv[0], '='))
		return err_policy(
			err, "target",
			"--target-command: to set a variable, start with env: %s",
			read.argv[0]);
	*target = read;
	return 0;
}

static bool is_program(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode) &&
	       access(path, X_OK) == 0;
}

static bool is_in_path(const char *program)
{
	const char *path = getenv("PATH");

	if (strchr(program, '/'))
		return is_program(program);
	for (path = path ? path : "/usr/local/bin:/usr/bin:/bin"; *path;) {
		int length = (int)strcspn(path, ":");
		owned_str struct str candidate = { 0 };

		/* An empty part is the working directory. */
		str_addf(&candidate, "%.*s%s%s", length, path, length ? "/" : "",
			 program);
		if (is_program(str_text(&candidate)))
			return true;
		path += length;
		path += *path == ':';
	}
	return false;
}

const char *targets_missing_program(const struct target *target)
{
	for (const char *const *program = target->needs; *program; program++)
		if (!is_in_path(*program))
			return *program;
	return NULL;
}
