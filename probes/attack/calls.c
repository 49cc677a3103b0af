/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Single system calls that a script has no use for. Each is made so that the kernel itself would
 * carry it out for anybody, or refuse it in a way that only shows when it was let through (a bad
 * pointer, a bad descriptor): a filter in front answers something else.
 */
#include "probes/attack/attack.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/netlink.h>
#include <linux/perf_event.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Numbers and words newer than the headers of the oldest build host. */
#ifndef SYS_open_tree
#define SYS_open_tree 428
#endif
#define NO_SUCH_FLAG   0x1UL /* of unshare(2) */
#define NO_SUCH_BPF    0xffffL
#define USER_MODE_ONLY 1L /* of userfaultfd(2) */
#define NOWHERE        ((void *)1)

static int close_if(int fd)
{
	if (fd >= 0)
		(void)close(fd);
	return fd;
}

/* Of a child that was made to be gone at once. */
static int await_child(long pid)
{
	if (pid < 0)
		return -1;
	while (waitpid((pid_t)pid, NULL, 0) < 0 && errno == EINTR)
		;
	return 0;
}

static int make_clone3(uint64_t flags)
{
	struct clone_args args = { .flags = flags, .exit_signal = SIGCHLD };
	long pid = syscall(SYS_clone3, &args, sizeof(args));

	if (pid == 0)
		_exit(0);
	return await_child(pid);
}

static int make_clone(unsigned long flags)
{
	long pid = syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);

	if (pid == 0)
		_exit(0);
	return await_child(pid);
}

static int try_mount(void)
{
	return (int)syscall(SYS_mount, NOWHERE, NOWHERE, NOWHERE, 0UL, NULL);
}

static int try_open_tree(void)
{
	return close_if((int)syscall(SYS_open_tree, AT_FDCWD, "/", O_CLOEXEC));
}

static int try_clone3(void)
{
	return make_clone3(0);
}

static int try_unshare(void)
{
	return (int)syscall(SYS_unshare, CLONE_NEWUSER | NO_SUCH_FLAG);
}

static int try_setns(void)
{
	return (int)syscall(SYS_setns, -1, 0);
}

static int try_uring(void)
{
	struct io_uring_params parameters;

	memset(&parameters, 0, sizeof(parameters));
	return close_if((int)syscall(SYS_io_uring_setup, 1, &parameters));
}

static int try_bpf(void)
{
	return (int)syscall(SYS_bpf, NO_SUCH_BPF, NULL, 0);
}

static int try_perf(void)
{
	return (int)syscall(SYS_perf_event_open, NOWHERE, 0, -1, -1, 0UL);
}

static int try_userfaultfd(void)
{
	return close_if((int)syscall(SYS_userfaultfd, O_CLOEXEC | USER_MODE_ONLY));
}

static int try_keyctl(void)
{
	return (int)syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING,
			    0, 0, 0);
}

/* The same call by the way in that 32-bit programs use. */
static int try_keyctl_i386(void)
{
#ifdef __x86_64__
	long result = 288; /* keyctl there */

	__asm__ volatile("int $0x80"
			 : "+a"(result)
			 : "b"((long)KEYCTL_GET_KEYRING_ID),
			   "c"((long)KEY_SPEC_SESSION_KEYRING), "d"(0L), "S"(0L)
			 : "memory", "r8", "r9", "r10", "r11");
	if ((int)result >= -4095 && (int)result < 0) {
		errno = -(int)result;
		return -1;
	}
	return 0;
#else
	errno = ENOSYS;
	return -1;
#endif
}

/* The same call under the numbers of x32, which share a way in with those of x86_64 and differ by one
 * bit; a kernel without them answers ENOSYS. Source: arch/x86/include/uapi/asm/unistd.h */
static int try_keyctl_x32(void)
{
#ifdef __x86_64__
	return (int)syscall(0x40000000L | SYS_keyctl, KEYCTL_GET_KEYRING_ID,
			    KEY_SPEC_SESSION_KEYRING, 0, 0, 0);
#else
	errno = ENOSYS;
	return -1;
#endif
}

static int try_netlink(int protocol)
{
	return close_if(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol));
}

static int try_diag(void)
{
	return try_netlink(NETLINK_SOCK_DIAG);
}

static int try_netfilter(void)
{
	return try_netlink(NETLINK_NETFILTER);
}

/* What the kernel does not have it would look for among its modules, and no probe makes it load
 * one: the kernel's own sockets tell which protocols are there. */
static bool has_netfilter(void)
{
	FILE *file = fopen("/proc/net/netlink", "re");
	char line[512];
	bool found = false;
	unsigned int protocol;

	while (file && !found && fgets(line, sizeof(line), file))
		found = sscanf(line, "%*s %u", &protocol) == 1 &&
			protocol == NETLINK_NETFILTER;
	if (file)
		(void)fclose(file);
	return found;
}

static const struct call {
	const char *name;
	int (*make)(void);
	int through;            /* errno that only the call itself gives, 0 = none */
	bool (*is_there)(void); /* NULL = always */
} calls[] = {
	{ "mount", try_mount, EFAULT, NULL },
	{ "open-tree", try_open_tree, 0, NULL },
	{ "clone3", try_clone3, 0, NULL },
	{ "unshare", try_unshare, EINVAL, NULL },
	{ "setns", try_setns, EBADF, NULL },
	{ "io-uring", try_uring, 0, NULL },
	{ "bpf", try_bpf, EINVAL, NULL },
	{ "perf", try_perf, EFAULT, NULL },
	{ "userfaultfd", try_userfaultfd, 0, NULL },
	{ "keyctl", try_keyctl, ENOKEY, NULL },
	{ "keyctl-i386", try_keyctl_i386, ENOKEY, NULL },
	{ "keyctl-x32", try_keyctl_x32, ENOKEY, NULL },
	{ "netlink-diag", try_diag, 0, NULL },
	{ "netlink-netfilter", try_netfilter, 0, has_netfilter },
};

static int say_call(const struct call *call)
{
	int result, error;

	if (call->is_there && !call->is_there())
		return say_cannot_tell("not-loaded");
	result = call->make();
	error = errno;
	if (result >= 0 || error == call->through)
		return say_reached();
	return say_denied(error);
}

static int run_call(char **arguments)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (strcmp(calls[i].name, arguments[0]) == 0)
			return say_call(&calls[i]);
	return 2;
}

/* In a child, which keeps what it made until it ends. */
static int in_child(int (*make)(unsigned long))
{
	int status = 0;
	pid_t pid = fork();

	if (pid < 0)
		return say_cannot_tell_errno(errno);
	if (pid == 0)
		_exit(make(CLONE_NEWUSER) < 0 ? errno : 0);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!WIFEXITED(status))
		return say_cannot_tell("child");
	return WEXITSTATUS(status) ? say_denied(WEXITSTATUS(status)) : say_reached();
}

static int make_unshare(unsigned long flags)
{
	return (int)syscall(SYS_unshare, flags);
}

static int make_clone3_long(unsigned long flags)
{
	return make_clone3(flags);
}

static int run_user_namespace(char **arguments)
{
	if (strcmp(arguments[0], "unshare") == 0)
		return in_child(make_unshare);
	if (strcmp(arguments[0], "clone") == 0)
		return in_child(make_clone);
	if (strcmp(arguments[0], "clone3") == 0)
		return in_child(make_clone3_long);
	return 2;
}

/* A filter is inherited by every task that is made: one without it is enough. */
static int run_unfiltered(char **arguments)
{
	int status = 0;
	pid_t pid = fork();

	(void)arguments;
	if (pid < 0)
		return say_cannot_tell_errno(errno);
	if (pid == 0)
		_exit(prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 0);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 0 ||
	    (WIFEXITED(status) && WEXITSTATUS(status)))
		return say_reached();
	return say_denied_word("absent");
}

const struct verb call_verbs[] = {
	{ "unfiltered", 0, 0, "", run_unfiltered },
	{ "call", 1, 1, "NAME", run_call },
	{ "user-namespace", 1, 1, "unshare|clone|clone3", run_user_namespace },
	{ .name = NULL },
};
