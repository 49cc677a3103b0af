/* SPDX-License-Identifier: Apache-2.0 */
/* What a script may leave behind for whoever has to remove it. Each tree is small: it is its shape that
 * is the matter. */
#include "probes/attack/attack.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* 0 with the new directory as the working one; -1 and errno. */
static int descend(const char *name)
{
	return mkdir(name, 0777) < 0 || chdir(name) < 0 ? -1 : 0;
}

static int leave_file(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

	return fd < 0 ? -1 : close(fd);
}

/* So deep that no path leads to its end: PATH_MAX is 4096. */
static int run_leave_deep(char **arguments)
{
	static const char name[] = "a-name-of-forty-bytes-for-each-level-xxx";
	uint64_t levels = number(arguments[1]);

	if (descend(arguments[0]) < 0)
		return say_cannot_tell_errno(errno);
	for (uint64_t i = 0; i < levels; i++)
		if (descend(name) < 0)
			return say_cannot_tell_errno(errno);
	return leave_file("end") < 0 ? say_cannot_tell_errno(errno) : say_reached();
}

/* Directories that even their owner may neither read nor enter, one within the other, with a file in
 * each. */
static int run_leave_shut(char **arguments)
{
	static const char *const names[] = { "one", "two", "three" };
	char path[1024];

	if (mkdir(arguments[0], 0777) < 0)
		return say_cannot_tell_errno(errno);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", arguments[0], names[i]);
		if (mkdir(path, 0777) < 0)
			return say_cannot_tell_errno(errno);
		(void)snprintf(path, sizeof(path), "%s/%s/file", arguments[0], names[i]);
		if (leave_file(path) < 0)
			return say_cannot_tell_errno(errno);
		(void)snprintf(path, sizeof(path), "%s/%s", arguments[0], names[i]);
		if (chmod(path, 0) < 0)
			return say_cannot_tell_errno(errno);
	}
	return chmod(arguments[0], 0) < 0 ? say_cannot_tell_errno(errno) : say_reached();
}

static int run_leave_many(char **arguments)
{
	uint64_t count = number(arguments[1]);
	char name[32];

	if (descend(arguments[0]) < 0)
		return say_cannot_tell_errno(errno);
	for (uint64_t i = 0; i < count; i++) {
		(void)snprintf(name, sizeof(name), "%llu", (unsigned long long)i);
		if (leave_file(name) < 0)
			return say_cannot_tell_errno(errno);
	}
	return say_reached();
}

/* Names that a shell, an option parser or a printer of paths takes for something else; a fifo that
 * whoever opens it waits for. */
static int run_leave_odd(char **arguments)
{
	static const char *const names[] = { "-rf",  "--",      " ",        "*",
					     "a\nb", "\033[2J", "\xff\xfe", "$(exit)",
					     "'",    "..." };

	if (descend(arguments[0]) < 0)
		return say_cannot_tell_errno(errno);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (leave_file(names[i]) < 0)
			return say_cannot_tell_errno(errno);
	return mkfifo("fifo", 0666) < 0 ? say_cannot_tell_errno(errno) : say_reached();
}

/* Links to a place outside where a tree might be expected: as a whole, and one level down. */
static int run_leave_links(char **arguments)
{
	if (descend(arguments[0]) < 0 || symlink(arguments[1], "link") < 0 ||
	    mkdir("directory", 0777) < 0 || symlink(arguments[1], "directory/link") < 0)
		return say_cannot_tell_errno(errno);
	return say_reached();
}

const struct verb leaving_verbs[] = {
	{ "leave-deep", 2, 2, "DIRECTORY LEVELS", run_leave_deep },
	{ "leave-shut", 1, 1, "DIRECTORY", run_leave_shut },
	{ "leave-many", 2, 2, "DIRECTORY COUNT", run_leave_many },
	{ "leave-odd", 1, 1, "DIRECTORY", run_leave_odd },
	{ "leave-links", 2, 2, "DIRECTORY TARGET", run_leave_links },
	{ .name = NULL },
};
