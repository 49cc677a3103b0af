/* SPDX-License-Identifier: Apache-2.0 */
/* helper - see helper.h */
#include "runner/helper.h"
#include "runner/base/kernel.h"
#include "runner/base/own.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

int helper_init(struct helper *helper, const char *layer, const char *const *argv,
		struct err *err)
{
	static const char *const places[] = { "/../libexec/confine/", "/", NULL };
	ssize_t length;
	char *slash;

	helper->argv = argv;
	helper->places = places;
	helper->parent = getpid();
	length = readlink("/proc/self/exe", helper->home, sizeof(helper->home) - 1);
	if (length < 0)
		return err_sys(err, layer, "cannot read /proc/self/exe");
	helper->home[length] = '\0';
	slash = strrchr(helper->home, '/');
	if (slash)
		*slash = '\0';
	return 0;
}

void helper_init_system(struct helper *helper, const char *const *argv)
{
	static const char *const places[] = { "/usr/bin/", "/usr/sbin/",
					      "/usr/local/bin/", "/bin/", NULL };

	helper->argv = argv;
	helper->places = places;
	helper->parent = getpid();
	helper->home[0] = '\0';
}

static void reset_signals(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int sig = 1; sig < 32; sig++)
		(void)sigaction(sig, &action, NULL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

static int place_streams(const struct helper_streams *streams)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	unsigned int above =
		streams->extra_as > 2 ? (unsigned int)streams->extra_as + 1 : 3;

	if (null < 0 || dup2(streams->in < 0 ? null : streams->in, 0) < 0 ||
	    dup2(streams->out < 0 ? null : streams->out, 1) < 0 ||
	    dup2(streams->errors < 0 ? null : streams->errors, 2) < 0)
		return -1;
	if (streams->extra >= 0 && dup2(streams->extra, streams->extra_as) < 0)
		return -1;
	return (int)syscall(SYS_close_range, above, ~0U, 0);
}

/* Status of a child that found no program to become. */
static int execute(const struct helper *helper)
{
	char path[] = "PATH=/usr/bin:/bin", locale[] = "LC_ALL=C";
	char *const environment[] = { path, locale, NULL };
	int status = HELPER_NOT_FOUND;
	char program[PATH_MAX + 64];

	for (const char *const *place = helper->places; *place; place++) {
		(void)snprintf(program, sizeof(program), "%s%s%s", helper->home, *place,
			       helper->argv[0]);
		(void)execve(program, (char *const *)(uintptr_t)helper->argv,
			     environment);
		if (errno != ENOENT && errno != ENOTDIR)
			status = HELPER_NOT_EXECUTABLE;
	}
	return status;
}

noreturn void helper_become(const struct helper *helper,
			    const struct helper_streams *streams)
{
	/* Whoever was ended before this is not told to us any more. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 ||
	    getppid() != helper->parent || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    chdir("/") < 0)
		_exit(HELPER_NOT_PREPARED);
	(void)setsid(); /* what a terminal sends is for us to answer */
	reset_signals();
	if (place_streams(streams) < 0)
		_exit(HELPER_NOT_PREPARED);
	_exit(execute(helper));
}

bool helper_is_called_off(void)
{
	sigset_t pending;

	return sigpending(&pending) == 0 &&
	       (sigismember(&pending, SIGTERM) || sigismember(&pending, SIGINT) ||
		sigismember(&pending, SIGHUP));
}

int helper_end(pid_t *pid, unsigned int patience_ms)
{
	struct pollfd ended = { .fd = -1, .events = POLLIN };
	int status = 0;

	if (*pid < 0)
		return 0;
	if (patience_ms)
		ended.fd = kernel_pidfd_open(*pid);
	if (ended.fd < 0 || poll(&ended, 1, (int)patience_ms) <= 0)
		(void)kill(*pid, SIGKILL); /* our own child, not waited for yet */
	own_close_fd(&ended.fd);
	while (waitpid(*pid, &status, 0) < 0 && errno == EINTR)
		;
	*pid = -1;
	return status;
}
