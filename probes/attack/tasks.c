/* SPDX-License-Identifier: Apache-2.0 */
/* Many tasks, counted: as children, as threads, as daemons that left the session. */
#include "probes/attack/attack.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* TASKS_MAX: no argument makes this a bomb. HOLD_MS: long enough for a witness that samples. */
enum {
	TASKS_MAX = 1024,
	HOLD_MS = 150,
	LOOK_EVERY_MS = 10,
	DEADMAN_SECONDS = 8
};

static uint64_t wanted(const char *text)
{
	uint64_t count = number(text);

	return count > TASKS_MAX ? TASKS_MAX : count;
}

static int run_fork_many(char **arguments)
{
	static pid_t children[TASKS_MAX];
	struct progress progress = { 0 };
	uint64_t count = wanted(arguments[0]);

	while (progress.done < count && !progress.error) {
		pid_t child = fork();

		if (child < 0) {
			progress.error = errno;
		} else if (child == 0) {
			(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
			alarm(DEADMAN_SECONDS);
			pause();
			_exit(0);
		} else {
			children[progress.done++] = child;
		}
	}
	pause_milliseconds(HOLD_MS);
	for (uint64_t i = 0; i < progress.done; i++)
		kill(children[i], SIGKILL);
	for (uint64_t i = 0; i < progress.done; i++)
		(void)waitpid(children[i], NULL, 0);
	return say_progress(&progress, number(arguments[1]), 0);
}

static void *idle_thread(void *unused)
{
	pause_milliseconds(DEADMAN_SECONDS * 1000);
	return unused;
}

/* Threads are tasks: RLIMIT_NPROC and pids.max count them, a count of processes does not. */
static int run_thread_many(char **arguments)
{
	struct progress progress = { 0 };
	uint64_t count = wanted(arguments[0]);
	pthread_attr_t attributes;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 65536);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	while (progress.done < count && !progress.error) {
		pthread_t thread;

		progress.error = pthread_create(&thread, &attributes, idle_thread, NULL);
		if (!progress.error)
			progress.done++;
	}
	pthread_attr_destroy(&attributes);
	pause_milliseconds(HOLD_MS);
	return say_progress(&progress, number(arguments[1]), 0);
}

struct birth {
	pid_t pid;
	int error;
};

/* Ignores what a polite supervisor sends, and lets go of every descriptor. */
static void become_stubborn(int keep)
{
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	/* Two calls, not hundreds; a filter that has never heard of them leaves the long way. */
	if ((keep == 0 ||
	     syscall(SYS_close_range, 0U, (unsigned int)keep - 1, 0U) == 0) &&
	    syscall(SYS_close_range, (unsigned int)keep + 1, ~0U, 0U) == 0)
		return;
	for (int fd = 0; fd < 256; fd++)
		if (fd != keep)
			close(fd);
}

/* setsid and a second fork: out of the process group and of the parent's children; the child
 * answers through the pipe, or the one in between says why there is no child. */
static void daemonise(int answer, uint64_t milliseconds)
{
	struct birth birth = { 0 };
	pid_t child;

	(void)setsid();
	child = fork();
	if (child > 0)
		_exit(0);
	if (child < 0)
		birth.error = errno;
	become_stubborn(answer);
	birth.pid = getpid();
	(void)!write(answer, &birth, sizeof(birth));
	close(answer);
	if (!birth.error)
		pause_milliseconds(milliseconds);
	_exit(0);
}

/* One daemon; 0, or -1 and errno. */
static int start_daemon(pid_t *ret_pid, uint64_t milliseconds)
{
	struct birth birth = { .error = EPIPE };
	int answer[2];
	pid_t middle;

	if (pipe2(answer, O_CLOEXEC) < 0)
		return -1;
	middle = fork();
	if (middle == 0)
		daemonise(answer[1], milliseconds);
	if (middle < 0)
		birth.error = errno;
	close(answer[1]);
	if (middle > 0) {
		(void)!read(answer[0], &birth, sizeof(birth));
		(void)waitpid(middle, NULL, 0);
	}
	close(answer[0]);
	*ret_pid = birth.pid;
	errno = birth.error;
	return birth.error ? -1 : 0;
}

static int run_daemon_many(char **arguments)
{
	static pid_t daemons[TASKS_MAX];
	struct progress progress = { 0 };
	uint64_t count = wanted(arguments[0]);

	while (progress.done < count && !progress.error) {
		if (start_daemon(&daemons[progress.done], DEADMAN_SECONDS * 1000) < 0)
			progress.error = errno;
		else
			progress.done++;
	}
	pause_milliseconds(HOLD_MS);
	for (uint64_t i = 0; i < progress.done; i++)
		kill(daemons[i], SIGKILL);
	return say_progress(&progress, number(arguments[1]), 0);
}

static int run_daemon(char **arguments)
{
	pid_t pid;

	return say_result(start_daemon(&pid, number(arguments[0])));
}

/* Stays in the foreground with its descriptors: somebody who keeps a pipe open. Until there is a file
 * of that name, where one is given. */
static int run_hold(char **arguments)
{
	uint64_t left = number(arguments[0]);

	(void)setsid();
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	while (arguments[1] && left > LOOK_EVERY_MS && access(arguments[1], F_OK) < 0) {
		pause_milliseconds(LOOK_EVERY_MS);
		left -= LOOK_EVERY_MS;
	}
	if (!arguments[1] || access(arguments[1], F_OK) < 0)
		pause_milliseconds(left);
	return 0;
}

const struct verb task_verbs[] = {
	{ "fork-many", 2, 2, "COUNT FLOOR", run_fork_many },
	{ "thread-many", 2, 2, "COUNT FLOOR", run_thread_many },
	{ "daemon-many", 2, 2, "COUNT FLOOR", run_daemon_many },
	{ "daemon", 1, 1, "MILLISECONDS", run_daemon },
	{ "hold", 1, 2, "MILLISECONDS [FILE]", run_hold },
	{ .name = NULL },
};
