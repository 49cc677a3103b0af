/* SPDX-License-Identifier: Apache-2.0 */
/* launch - see launch.h */
#include "runner/library/launch.h"
#include "runner/base/kernel.h"
#include "runner/base/own.h"
#include "runner/library/guard.h"
#include <fcntl.h>
#include <linux/memfd.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define STACK_BYTES 32768 /* raw calls, no recursion */
#define HIGH_FD     32    /* above every place that the child fills */
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U /* Linux 6.3 */
#endif

#ifdef __GLIBC__
/* The name that sanitizers leave alone: TSan's clone() takes ours for a fork and lets the caller start
 * no thread any more. */
int __clone(int (*run)(void *), void *stack, int flags, void *argument, ...);
#define clone_raw __clone
#else
#define clone_raw clone
#endif

struct child {
	const struct launch *launch;
	int fds[LAUNCH_FDS]; /* copies, at HIGH_FD and above */
	char *stack;
	int pidfd; /* of the program, in the table of the caller's descriptors */
	int error; /* errno that kept it from its exec */
};

/* No check of a sanitizer: it runs on a stack of its own that is gone when it is not. */
#define unchecked __attribute__((no_sanitize("address", "undefined", "thread")))

/* Ignored signals stay ignored over an exec, and the caller's handlers must not run in its memory. */
unchecked static void reset_signals(void)
{
	struct {
		void (*handler)(int);
		unsigned long flags;
		void (*restorer)(void);
		uint64_t mask;
	} action = { SIG_DFL, 0, NULL, 0 };

	for (long sig = 1; sig <= 64; sig++)
		if (sig != SIGKILL && sig != SIGSTOP)
			(void)syscall(SYS_rt_sigaction, sig, &action, NULL,
				      sizeof(action.mask));
}

/* Between clone and exec, in the caller's memory, while its thread stands still. */
unchecked static int become(void *argument)
{
	struct child *child = argument;
	const struct launch *launch = child->launch;

	reset_signals();
	for (int i = 0; i < LAUNCH_FDS; i++)
		if (syscall(SYS_dup3, child->fds[i], i, 0) < 0)
			goto fail;
	if (syscall(SYS_close_range, LAUNCH_FDS, ~0U, 0) < 0)
		goto fail;
	(void)syscall(SYS_execve, launch->program, launch->argv, launch->environment);
fail:
	child->error = errno;
	(void)syscall(SYS_exit_group, 127);
	return 127;
}

static int copy_descriptors(const struct launch *launch, struct child *child)
{
	owned_fd int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0)
		return -1;
	for (unsigned int i = 0; i < LAUNCH_FDS; i++) {
		int fd = launch->fds[i] < 0 ? null : launch->fds[i];

		child->fds[i] = fcntl(fd, F_DUPFD_CLOEXEC, HIGH_FD);
		if (child->fds[i] < 0)
			return -1;
	}
	return 0;
}

/* In between, for as long as the exec takes: whose parent is gone is nobody's child. An exec would give
 * a child back its SIGCHLD (de_thread() in fs/exec.c); this process makes none. */
unchecked static int disown(void *argument)
{
	struct child *child = argument;

	if (clone_raw(become, child->stack + STACK_BYTES / 2,
		      CLONE_VM | CLONE_VFORK | CLONE_PIDFD, child, &child->pidfd) < 0)
		child->error = errno;
	(void)syscall(SYS_exit_group, 0);
	return 0;
}

/* With every signal of this thread blocked: the set is theirs, too. */
static int clone_child(struct child *child)
{
	const uint64_t all = ~UINT64_C(0);
	uint64_t old;
	int sys, pid;

	child->stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	if (child->stack == MAP_FAILED)
		return errno;
	(void)syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &old, sizeof(all));
	pid = clone_raw(disown, child->stack + STACK_BYTES,
			CLONE_VM | CLONE_VFORK | CLONE_FILES, child);
	sys = pid < 0 ? errno : child->error;
	while (pid > 0 && waitpid(pid, NULL, __WALL) < 0 && errno == EINTR)
		;
	(void)syscall(SYS_rt_sigprocmask, SIG_SETMASK, &old, NULL, sizeof(old));
	(void)munmap(child->stack, STACK_BYTES);
	return sys;
}

int launch_start(const struct launch *launch, int *ret_pidfd, struct confine_error *error)
{
	struct child child = { .launch = launch, .pidfd = -1 };
	int sys = 0;

	for (unsigned int i = 0; i < LAUNCH_FDS; i++)
		child.fds[i] = -1;
	if (copy_descriptors(launch, &child) < 0)
		sys = errno;
	if (!sys)
		sys = clone_child(&child);
	for (unsigned int i = 0; i < LAUNCH_FDS; i++)
		own_close_fd(&child.fds[i]);
	if (!sys) {
		*ret_pidfd = child.pidfd;
		return 0;
	}
	if (child.pidfd >= 0)
		launch_kill(&child.pidfd);
	errno = sys;
	(void)guard_sys(error, "cannot start the supervisor");
	if (sys == ENOENT || sys == EACCES)
		return guard_fault(error, CONFINE_ERROR_UNSUPPORTED, "library",
				   "the program %.300s cannot be started: %s",
				   launch->program, err_name(sys));
	return -1;
}

bool launch_has_ended(int pidfd, bool wait, int *status)
{
	struct pollfd watched = { .fd = pidfd, .events = POLLIN };
	siginfo_t ended;
	int result;

	*status = 0;
	do {
		result = poll(&watched, 1, wait ? -1 : 0);
	} while (result < 0 && (errno == EINTR || errno == EAGAIN || errno == ENOMEM));
	if (result == 0)
		return false;
	memset(&ended, 0, sizeof(ended));
	if (waitid(P_PIDFD, (id_t)pidfd, &ended, WEXITED | WNOHANG | __WALL) == 0 &&
	    ended.si_pid)
		*status = ended.si_code == CLD_EXITED ? ended.si_status << 8
						      : ended.si_status;
	return true;
}

void launch_kill(int *pidfd)
{
	int status;

	(void)kernel_pidfd_send_signal(*pidfd, SIGKILL);
	(void)launch_has_ended(*pidfd, true, &status);
	own_close_fd(pidfd);
}

int launch_file(const char *name, struct confine_error *error)
{
	int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		(void)guard_sys(error, "cannot make an anonymous file");
	return fd;
}

static int write_bytes(int fd, const char *bytes, size_t length,
		       struct confine_error *error)
{
	size_t done = 0;

	while (done < length) {
		ssize_t written = pwrite(fd, bytes + done, length - done, (off_t)done);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return guard_sys(error, "cannot write to an anonymous file");
		done += (size_t)written;
	}
	return 0;
}

int launch_file_of(const char *name, const void *bytes, size_t length,
		   struct confine_error *error)
{
	owned_fd int fd = -1;
	struct rlimit limit;

	/* A write past the limit would be answered with a signal to the caller: SIGXFSZ. */
	if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
	    length > limit.rlim_cur) {
		errno = EFBIG;
		return guard_sys(error, "the caller's RLIMIT_FSIZE is too small");
	}
	fd = launch_file(name, error);
	if (fd < 0 || write_bytes(fd, bytes, length, error) < 0)
		return -1;
	return take_fd(&fd);
}
