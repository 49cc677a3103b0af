/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernel tells of the host, and what it counts for a user wherever he is. */
#include "probes/attack/attack.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	LOG_SIZE =
		10, /* SYSLOG_ACTION_SIZE_BUFFER of syslog(2): answers with a number, reads nothing */
	LINES_MAX = 64,
};

/* A symbol whose address is not zero; the kernel shows zeros to whom it shows none. */
static int run_kernel_address(char **arguments)
{
	FILE *file = fopen("/proc/kallsyms", "re");
	char line[512];
	unsigned long long address;
	bool found = false;

	(void)arguments;
	if (!file)
		return say_denied(errno);
	for (int i = 0; i < LINES_MAX && !found && fgets(line, sizeof(line), file); i++)
		found = sscanf(line, "%llx", &address) == 1 && address;
	(void)fclose(file);
	return found ? say_reached() : say_denied_word("absent");
}

static int run_kernel_log(char **arguments)
{
	(void)arguments;
	return say_result((int)syscall(SYS_syslog, LOG_SIZE, NULL, 0));
}

/* Any of these files with something in it. */
static int run_read_any(char **arguments)
{
	char bytes[256];
	int error = 0;

	for (; *arguments; arguments++) {
		if (read_small(*arguments, bytes, sizeof(bytes)) > 0)
			return say_reached();
		if (!error || errno != ENOENT)
			error = errno;
	}
	return error && error != ENOENT ? say_denied(error) : say_denied_word("absent");
}

static int run_find_mount(char **arguments)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	char line[4096];
	bool found = false;

	if (!file)
		return say_denied(errno);
	while (!found && fgets(line, sizeof(line), file))
		found = strstr(line, arguments[0]) != NULL;
	(void)fclose(file);
	return found ? say_reached() : say_denied_word("absent");
}

/* Waits until a file is there. */
static bool await_file(const char *path, uint64_t milliseconds)
{
	for (uint64_t waited = 0; waited < milliseconds; waited += 2) {
		if (access(path, F_OK) == 0)
			return true;
		pause_milliseconds(2);
	}
	return false;
}

static int run_await(char **arguments)
{
	return await_file(arguments[0], number(arguments[1])) ? 0 : 1;
}

static int leave_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);

	return fd < 0 ? -1 : close(fd);
}

/* Signals to ourselves that stay queued: the kernel counts them for the user, getrlimit(2) under
 * RLIMIT_SIGPENDING. They are gone with us. */
static int run_queue_signals(char **arguments)
{
	uint64_t count = number(arguments[0]);
	const union sigval nothing = { .sival_int = 0 };
	sigset_t one;

	(void)sigemptyset(&one);
	(void)sigaddset(&one, SIGRTMIN);
	if (sigprocmask(SIG_BLOCK, &one, NULL) < 0)
		return say_cannot_tell_errno(errno);
	for (uint64_t i = 0; i < count; i++)
		if (sigqueue(getpid(), SIGRTMIN, nothing) < 0)
			return say_denied(errno);
	if (leave_file(arguments[1]) < 0)
		return say_cannot_tell_errno(errno);
	return await_file(arguments[2], 1500) ? say_reached()
					      : say_cannot_tell("not-seen");
}

const struct verb host_verbs[] = {
	{ "kernel-address", 0, 0, "", run_kernel_address },
	{ "kernel-log", 0, 0, "", run_kernel_log },
	{ "read-any", 1, 8, "FILE...", run_read_any },
	{ "find-mount", 1, 1, "WORD", run_find_mount },
	{ "await", 2, 2, "FILE MILLISECONDS", run_await },
	{ "queue-signals", 3, 3, "COUNT READY LOOKED", run_queue_signals },
	{ .name = NULL },
};
