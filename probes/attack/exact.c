/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exact - the first thing past a number that was claimed: a limit that is one too high is another
 * limit than the one that was asked for
 */
#include "probes/attack/attack.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEADMAN_SECONDS 5
#define TASKS_MAX       512

/* The limit is one more than the highest number: getrlimit(2). */
static int run_descriptor_at(char **arguments)
{
	return say_result(dup2(STDOUT_FILENO, (int)number(arguments[0])));
}

static int run_byte_at(char **arguments)
{
	int fd = open(arguments[0], O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	if (fd < 0)
		return say_cannot_tell_errno(errno);
	(void)signal(SIGXFSZ, SIG_IGN);
	return say_result((int)pwrite(fd, "x", 1, (off_t)number(arguments[1])));
}

static pid_t make_sleeper(void)
{
	pid_t child = fork();

	if (child != 0)
		return child;
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(DEADMAN_SECONDS);
	pause();
	_exit(0);
}

/* Itself, and the shell where that waits for it: what else is in the sandbox is the launcher's. */
static int run_tasks_beyond(char **arguments)
{
	static pid_t children[TASKS_MAX];
	uint64_t limit = number(arguments[0]);
	uint64_t own = getppid() == (pid_t)number(arguments[1]) ? 2 : 1;
	uint64_t count = 0;
	int error = 0;

	if (limit > TASKS_MAX || limit <= own)
		return 2;
	while (count + own <= limit && !error) {
		children[count] = make_sleeper();
		if (children[count] < 0)
			error = errno;
		else
			count++;
	}
	for (uint64_t i = 0; i < count; i++)
		(void)kill(children[i], SIGKILL);
	for (uint64_t i = 0; i < count; i++)
		(void)waitpid(children[i], NULL, 0);
	return error ? say_denied(error) : say_reached();
}

const struct verb exact_verbs[] = {
	{ "descriptor-at", 1, 1, "NUMBER", run_descriptor_at },
	{ "byte-at", 2, 2, "FILE OFFSET", run_byte_at },
	{ "tasks-beyond", 2, 2, "LIMIT PID-OF-SHELL", run_tasks_beyond },
	{ .name = NULL },
};
