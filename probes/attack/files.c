/* SPDX-License-Identifier: Apache-2.0 */
/* One act on one file: write, create, move, link, change its modes, read. */
#include "probes/attack/attack.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

static const char planted[] = "confine\n";

static int append_planted(int fd)
{
	ssize_t count;

	if (fd < 0)
		return -1;
	count = write(fd, planted, sizeof(planted) - 1);
	close(fd);
	return count < 0 ? -1 : 0;
}

static int append_at(int dir, const char *path)
{
	return append_planted(openat(dir, path, O_WRONLY | O_APPEND | O_CLOEXEC));
}

static int run_append(char **arguments)
{
	return say_result(append_at(AT_FDCWD, arguments[0]));
}

/* "/x" relative to a descriptor of "/" is "x". */
static int run_append_at(char **arguments)
{
	const char *path = arguments[1];

	while (*path == '/')
		path++;
	return say_result(append_at((int)number(arguments[0]), path));
}

static int run_create(char **arguments)
{
	return say_result(append_planted(
		open(arguments[0], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)));
}

static int run_move(char **arguments)
{
	return say_result(rename(arguments[0], arguments[1]));
}

/* A second name, made inside scratch, then written through. */
static int run_link_append(char **arguments)
{
	if (link(arguments[0], arguments[1]) < 0)
		return say_denied(errno);
	return say_result(append_at(AT_FDCWD, arguments[1]));
}

static int run_symlink_append(char **arguments)
{
	if (symlink(arguments[0], arguments[1]) < 0)
		return say_cannot_tell_errno(errno);
	return say_result(append_at(AT_FDCWD, arguments[1]));
}

static int run_set_mode(char **arguments)
{
	return say_result(chmod(arguments[0], 04777));
}

/* To the epoch: a time that the clock cannot give by chance. */
static int run_set_times(char **arguments)
{
	const struct timespec epoch[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };

	return say_result(utimensat(AT_FDCWD, arguments[0], epoch, 0));
}

static int run_set_xattr(char **arguments)
{
	if (setxattr(arguments[0], "user.confine", "probe", 5, 0) == 0)
		return say_reached();
	return errno == EOPNOTSUPP ? say_cannot_tell_errno(errno) : say_denied(errno);
}

static int run_read(char **arguments)
{
	int fd = open(arguments[0], O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return say_denied(errno);
	if (keep_loot(fd, arguments[1]) < 0)
		return say_cannot_tell_errno(errno);
	return say_reached();
}

/* Opens a knob and lets go of it: nothing is written, created or cut. */
static int run_open_write(char **arguments)
{
	int fd = open(arguments[0], O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return say_denied(errno);
	close(fd);
	return say_reached();
}

struct through_roots {
	const char *path;
	int error; /* of the last refusal, 0 = no process seen */
};

static bool append_through_root(pid_t pid, void *argument)
{
	struct through_roots *through = argument;
	char path[PATH_MAX];
	int length = snprintf(path, sizeof(path), "/proc/%d/root%s", pid, through->path);

	if (length < 0 || (size_t)length >= sizeof(path))
		return false;
	if (append_at(AT_FDCWD, path) == 0)
		return true;
	/* "Not there" is the weakest answer: a refusal by a process seen later says more. */
	if (!through->error || errno != ENOENT)
		through->error = errno;
	return false;
}

static int run_append_roots(char **arguments)
{
	struct through_roots through = { .path = arguments[0] };

	if (each_process(append_through_root, &through))
		return say_reached();
	return through.error ? say_denied(through.error) : say_denied_word("absent");
}

const struct verb file_verbs[] = {
	{ "append", 1, 1, "FILE", run_append },
	{ "append-at", 2, 2, "DESCRIPTOR PATH", run_append_at },
	{ "append-roots", 1, 1, "PATH", run_append_roots },
	{ "create", 1, 1, "FILE", run_create },
	{ "move", 2, 2, "FROM TO", run_move },
	{ "link-append", 2, 2, "FILE NEW-NAME", run_link_append },
	{ "symlink-append", 2, 2, "FILE NEW-NAME", run_symlink_append },
	{ "set-mode", 1, 1, "FILE", run_set_mode },
	{ "set-times", 1, 1, "FILE", run_set_times },
	{ "set-xattr", 1, 1, "FILE", run_set_xattr },
	{ "read", 2, 2, "FILE LOOT", run_read },
	{ "open-write", 1, 1, "FILE", run_open_write },
	{ .name = NULL },
};
