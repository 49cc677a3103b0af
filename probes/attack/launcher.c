/* SPDX-License-Identifier: Apache-2.0 */
/* The launcher's own things: its program, its receipt; and a stand-in for it where there is none. */
#include "probes/attack/attack.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	DESCRIPTORS_MAX = 256,
};

/* Put beside it and moved over it; else written into; else, where the kernel keeps a running program
 * from being written (ETXTBSY, which it says after it looked at the right to), its time is set. */
static int run_replace(char **arguments)
{
	char beside[PATH_MAX];
	int fd, length = snprintf(beside, sizeof(beside), "%s.new", arguments[0]);

	if (length < 0 || (size_t)length >= sizeof(beside))
		return say_cannot_tell("long-path");
	fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	if (fd >= 0) {
		close(fd);
		if (rename(beside, arguments[0]) == 0)
			return say_reached();
		(void)unlink(beside);
	}
	fd = open(arguments[0], O_WRONLY | O_APPEND | O_CLOEXEC);
	if (fd >= 0)
		return say_result((int)write(fd, "confine\n", 8));
	return errno == ETXTBSY ? say_result(utimensat(AT_FDCWD, arguments[0], NULL, 0))
				: say_denied(errno);
}

/* A way to one file: which file, and the last answer. */
struct handle {
	unsigned long device, inode;
	int error; /* 0: none led to it */
};

static bool touch_if_it(const char *path, struct handle *handle)
{
	struct stat about;

	if (stat(path, &about) < 0 || about.st_dev != handle->device ||
	    about.st_ino != handle->inode)
		return false;
	if (utimensat(AT_FDCWD, path, NULL, 0) == 0)
		return true;
	handle->error = errno;
	return false;
}

static bool touch_program(pid_t pid, void *argument)
{
	char path[48];

	(void)snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	return touch_if_it(path, argument);
}

/* By descriptors of our own first, which want no /proc: their file's time is set through them. */
static bool touch_descriptors(struct handle *handle)
{
	struct stat about;

	for (int fd = 0; fd < DESCRIPTORS_MAX; fd++) {
		if (fstat(fd, &about) < 0 || about.st_dev != handle->device ||
		    about.st_ino != handle->inode)
			continue;
		if (futimens(fd, NULL) == 0)
			return true;
		handle->error = errno;
	}
	return false;
}

static int run_touch_handles(char **arguments)
{
	struct handle handle = { .device = number(arguments[0]),
				 .inode = number(arguments[1]) };

	if (touch_descriptors(&handle) || each_process(touch_program, &handle))
		return say_reached();
	return handle.error ? say_denied(handle.error) : say_denied_word("absent");
}

/* Runs a command and waits for it, as a launcher does: with its own program open. */
static int run_outlive(char **arguments)
{
	int own = open("/proc/self/exe", O_RDONLY), status = 0; /* left open on purpose */
	pid_t pid = fork();

	if (pid == 0) {
		(void)execv(arguments[0], arguments);
		_exit(127);
	}
	if (own >= 0)
		close(own);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int write_over(int fd, const char *text)
{
	size_t length = strlen(text);
	bool done = fd >= 0 && pwrite(fd, text, length, 0) == (ssize_t)length;

	if (fd >= 0)
		close(fd);
	return done ? 0 : -1;
}

static int run_forge(char **arguments)
{
	return say_result(write_over(
		open(arguments[0], O_WRONLY | O_CREAT | O_CLOEXEC, 0666), arguments[1]));
}

struct forgery {
	const char *path, *text;
	int error;
};

/* Each descriptor of a process whose link in /proc begins with the path: a name that is written
 * first and moved then begins so, too. */
static bool forge_in(pid_t pid, void *argument)
{
	struct forgery *forgery = argument;
	char link[64], target[PATH_MAX];

	for (int fd = 0; fd < DESCRIPTORS_MAX; fd++) {
		ssize_t length;

		(void)snprintf(link, sizeof(link), "/proc/%d/fd/%d", pid, fd);
		length = readlink(link, target, sizeof(target) - 1);
		if (length < 0 && errno != ENOENT)
			return false; /* not ours to look at */
		target[length < 0 ? 0 : length] = '\0';
		if (strncmp(target, forgery->path, strlen(forgery->path)) != 0)
			continue;
		if (write_over(open(link, O_WRONLY | O_CLOEXEC), forgery->text) == 0)
			return true;
		forgery->error = errno;
	}
	return false;
}

static int run_forge_handles(char **arguments)
{
	struct forgery forgery = { .path = arguments[0], .text = arguments[1] };

	if (each_process(forge_in, &forgery))
		return say_reached();
	return forgery.error ? say_denied(forgery.error) : say_denied_word("absent");
}

const struct verb launcher_verbs[] = {
	{ "replace", 1, 1, "FILE", run_replace },
	{ "touch-handles", 2, 2, "DEVICE INODE", run_touch_handles },
	{ "outlive", 1, 16, "PROGRAM ARGUMENT...", run_outlive },
	{ "forge", 2, 2, "FILE TEXT", run_forge },
	{ "forge-handles", 2, 2, "PATH TEXT", run_forge_handles },
	{ .name = NULL },
};
