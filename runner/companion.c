/* SPDX-License-Identifier: Apache-2.0 */
/* companion - see companion.h */
#include "runner/companion.h"
#include "runner/base/own.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

/* What replaces the child when it cannot become the program: a status that none of ours uses. */
#define NOT_STARTED 111

#define LOOK_MS 100 /* between two looks for a signal that ends the run */

/* Directory of the image that runs, without the last slash. */
static int find_directory(const char *layer, char *directory, size_t size,
			  struct err *err)
{
	ssize_t length = readlink("/proc/self/exe", directory, size - 1);
	char *slash;

	if (length < 0)
		return err_sys(err, layer, "cannot read /proc/self/exe");
	directory[length] = '\0';
	slash = strrchr(directory, '/');
	if (slash)
		*slash = '\0';
	return 0;
}

/* Ends with us, however that comes: a resolver may wait for half a minute. */
_Noreturn static void become(const char *const *paths, const char *const *argv,
			     int output, pid_t parent)
{
	char path[] = "PATH=/usr/bin:/bin", locale[] = "LC_ALL=C";
	char *const environment[] = { path, locale, NULL };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t none;

	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 || getppid() != parent)
		_exit(NOT_STARTED);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	if (null < 0 || dup2(null, 0) < 0 || dup2(output, 1) < 0 || dup2(null, 2) < 0 ||
	    syscall(SYS_close_range, 3, ~0U, 0) < 0)
		_exit(NOT_STARTED);
	for (; *paths; paths++)
		(void)execve(*paths, (char *const *)(uintptr_t)argv, environment);
	_exit(NOT_STARTED);
}

static uint64_t now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Somebody wants the run to end: what the caller of this blocked, and will read. */
static bool is_called_off(void)
{
	sigset_t pending;

	return sigpending(&pending) == 0 &&
	       (sigismember(&pending, SIGTERM) || sigismember(&pending, SIGINT) ||
		sigismember(&pending, SIGHUP));
}

/* All of its output, until it closes it; -1 and errno: ECANCELED when nobody wants it any more. */
static int read_output(int fd, size_t max_bytes, uint64_t until, struct str *ret)
{
	char bytes[4096];

	for (;;) {
		struct pollfd watched = { .fd = fd, .events = POLLIN };
		uint64_t now = now_ms(), left = until > now ? until - now : 0;
		int ready = poll(&watched, 1, (int)(left < LOOK_MS ? left : LOOK_MS));
		ssize_t count;

		if (ready < 0 && errno != EINTR)
			return -1;
		if (ready <= 0) {
			errno = is_called_off() ? ECANCELED : ETIMEDOUT;
			if (errno == ECANCELED || left == 0)
				return -1;
			continue;
		}
		count = read(fd, bytes, sizeof(bytes));
		if (count == 0)
			return 0;
		if (count < 0 && errno != EINTR)
			return -1;
		if (count < 0)
			continue;
		if ((size_t)count > max_bytes - ret->length) {
			errno = EFBIG;
			return -1;
		}
		str_add_bytes(ret, bytes, (size_t)count);
	}
}

/* Its status once it has ended, by itself or by us. */
static int reap(pid_t pid, bool end)
{
	int status = 0;

	if (end)
		(void)kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return status;
}

static int tell(const char *layer, const char *name, int status, int sys, struct err *err)
{
	if (sys) {
		errno = sys;
		return err_sys(err, layer, "%s gave no answer", name);
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_STARTED)
		return err_set(err, ERR_UNSUPPORTED, layer,
			       "%s is not installed beside this program", name);
	return err_set(err, ERR_SYSTEM, layer, "%s ended with status %d", name,
		       WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

int companion_read(const char *layer, const char *const *argv, size_t max_bytes,
		   unsigned int deadline_ms, struct str *ret, struct err *err)
{
	char directory[PATH_MAX];
	owned_str struct str installed = { 0 }, beside = { 0 };
	owned_fd int output = -1, input = -1;
	int ends[2], sys = 0, status;
	pid_t pid, self = getpid();

	if (find_directory(layer, directory, sizeof(directory), err) < 0)
		return -1;
	str_addf(&installed, "%s/../libexec/confine/%s", directory, argv[0]);
	str_addf(&beside, "%s/%s", directory, argv[0]);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_sys(err, layer, "pipe2");
	output = ends[0];
	input = ends[1];
	pid = fork();
	if (pid < 0)
		return err_sys(err, layer, "cannot start %s", argv[0]);
	if (pid == 0)
		become((const char *const[]){ installed.text, beside.text, NULL }, argv,
		       input, self);
	own_close_fd(&input);
	if (read_output(output, max_bytes, now_ms() + deadline_ms, ret) < 0)
		sys = errno;
	status = reap(pid, sys != 0);
	return tell(layer, argv[0], status, sys, err);
}
