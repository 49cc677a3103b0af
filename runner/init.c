/* SPDX-License-Identifier: Apache-2.0 */
/* init - see init.h. No allocation, no formatting: it runs between clone and its own end. */
#include "runner/init.h"
#include "runner/base/kernel.h"
#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

/* Pids of our direct children from the kernel's list; a grandchild becomes one when its parent
 * dies, so that repeating this reaches everything. */
static void signal_listed(const struct init *init, int sig)
{
	char text[4096];
	ssize_t length = pread(init->children, text, sizeof(text) - 1, 0);
	pid_t pid = 0;

	for (ssize_t i = 0; i < length; i++) {
		if (text[i] >= '0' && text[i] <= '9') {
			pid = pid * 10 + (text[i] - '0');
			continue;
		}
		if (pid > 1)
			(void)kill(pid, sig);
		pid = 0;
	}
}

static void signal_all(const struct init *init, int sig)
{
	if (init->own_pids) {
		(void)kill(-1, sig); /* every task of this pid namespace but ourselves */
		return;
	}
	(void)kill(-init->script, sig); /* its process group, while it leads one */
	(void)kill(init->script, sig);
	if (init->children >= 0)
		signal_listed(init, sig);
}

noreturn void init_end_tree(const struct init *init)
{
	if (init->own_pids)
		_exit(0); /* the kernel kills and reaps the rest before we are gone */
	for (;;) {
		signal_all(init, SIGKILL);
		if (waitpid(-1, NULL, 0) < 0 && errno == ECHILD)
			_exit(0);
	}
}

static void report_status(const struct init *init, int status, int64_t cpu_us)
{
	struct init_report report = { .says = INIT_STATUS,
				      .status = status,
				      .cpu_us = cpu_us };

	(void)send(init->control, &report, sizeof(report), MSG_NOSIGNAL);
}

/* The clock that the kernel holds against RLIMIT_CPU: what wait tells is smoothed, and differs by a
 * fifth on a busy machine. It stands still once the process ended, and goes when it is reaped.
 * Numbers of such clocks: clock_getres(2); that of user and system time is 0. */
static int64_t read_limited_clock(pid_t pid)
{
	struct timespec spent;

	if (syscall(SYS_clock_gettime, (clockid_t)(~(unsigned int)pid << 3), &spent) < 0)
		return 0;
	return spent.tv_sec * INT64_C(1000000) + spent.tv_nsec / 1000;
}

static void reap_one(const struct init *init, const siginfo_t *ended)
{
	/* Where no signal ended it nobody asks. */
	int64_t cpu_us = ended->si_pid == init->script && ended->si_code != CLD_EXITED
				 ? read_limited_clock(init->script)
				 : 0;
	int status;

	if (waitpid(ended->si_pid, &status, WNOHANG) != init->script)
		return;
	report_status(init, status, cpu_us);
	if (init->ends_tree)
		init_end_tree(init);
}

/* Reaps whatever ended; the script's end is the run's end. */
static void reap(const struct init *init)
{
	for (;;) {
		siginfo_t ended = { 0 };

		if (waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) < 0) {
			if (errno == ECHILD && !init->ends_tree)
				_exit(0);
			return;
		}
		if (!ended.si_pid)
			return;
		reap_one(init, &ended);
	}
}

static void obey(const struct init *init)
{
	char order = 0;
	ssize_t count = recv(init->control, &order, 1, 0);

	if (count <= 0 && init->ends_tree) /* the supervisor is gone */
		init_end_tree(init);
	if (count <= 0)
		(void)poll(NULL, 0, 100);
	else if (order == INIT_TERMINATE)
		signal_all(init, SIGTERM);
	else if (order == INIT_KILL)
		init_end_tree(init);
}

int init_signals(void)
{
	sigset_t child;

	(void)sigemptyset(&child);
	(void)sigaddset(&child, SIGCHLD);
	return signalfd(-1, &child, SFD_CLOEXEC);
}

noreturn void init_run(const struct init *init)
{
	struct pollfd watched[2] = { { .fd = init->control, .events = POLLIN },
				     { .fd = init->signals, .events = POLLIN } };
	struct signalfd_siginfo info;

	for (;;) {
		if (poll(watched, 2, -1) < 0)
			continue;
		if (watched[1].revents) {
			(void)!read(watched[1].fd, &info, sizeof(info));
			reap(init);
		}
		if (watched[0].revents)
			obey(init);
	}
}
