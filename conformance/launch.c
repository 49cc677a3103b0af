/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Order in the child: cgroups and rlimits while there is the right to, then the user namespace,
 * then who it is to be, then descriptors, last what is odd about the start and the handicap, which
 * must not meet our own calls.
 * All strings are in the plan: nothing is formatted after fork but two lines of id maps.
 */
#include "conformance/launch.h"
#include "conformance/handicap.h"
#include "conformance/invocation.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

enum {
	LEAK_FD = 9,
	LIFT_FD = 64, /* where descriptors wait while 0, 1, 2 and 9 are filled */
};

/* A sanitiser reserves terabytes of address space that no limit on data leaves room for. */
#ifdef __SANITIZE_ADDRESS__
static const bool bounds_data = false;
#else
static const bool bounds_data = true;
#endif

enum {
	CORE_BYTES = 4 << 20, /* of a crash that is to leave a dump */
	START_STACK_BYTES = 64 << 10,
};

static int lower(__rlimit_resource_t resource, rlim_t to)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit) < 0)
		return -1;
	if (limit.rlim_max <= to)
		return 0;
	limit.rlim_cur = limit.rlim_max = to;
	return setrlimit(resource, &limit);
}

/*
 * Where there is no cgroup. RLIMIT_NPROC becomes the ceiling of the user namespace that is made
 * next, with all namespaces below it (kernel/ucount.c), so it bounds the sum; it does not bind
 * root. RLIMIT_DATA bounds each process: the sum is watched from outside.
 */
static int bound(const struct arm *arm)
{
	/* 1: nothing is dumped, and no program of the host is started for it, core(5). */
	if (lower(RLIMIT_CORE, arm_setup(arm, "core-limit") ? CORE_BYTES : 1) < 0)
		return -1;
	if (arm->group_set.pids < 0 && !arm->privileged &&
	    lower(RLIMIT_NPROC, arm->group_set.tasks) < 0)
		return -1;
	if (arm->group_set.memory < 0 && bounds_data &&
	    lower(RLIMIT_DATA, arm->group_set.memory_bytes) < 0)
		return -1;
	return 0;
}

static int write_map(const char *path, uid_t inside)
{
	char line[32];

	(void)snprintf(line, sizeof(line), "%u 0 1", inside);
	return fd_write_small_at(AT_FDCWD, path, line);
}

/* In the shield the caller is 0 of a user namespace; the launcher must be who called, without a
 * capability. A neighbour must be in the same one, or nobody could trace it. */
static int enter_user(const struct arm *arm)
{
	char path[48];
	owned_fd int other = -1;

	if (arm->privileged)
		return 0;
	if (arm->objects.neighbour > 0) {
		(void)snprintf(path, sizeof(path), "/proc/%d/ns/user",
			       arm->objects.neighbour);
		other = open(path, O_RDONLY | O_CLOEXEC);
		return other < 0 ? -1 : setns(other, CLONE_NEWUSER);
	}
	if (unshare(CLONE_NEWUSER) < 0 ||
	    write_map("/proc/self/uid_map", arm->caller_uid) < 0)
		return -1;
	return write_map("/proc/self/gid_map", arm->caller_gid);
}

/* A new user namespace fills the bounding set up again: user_namespaces(7). */
static int restore_bounding(const struct arm *arm)
{
	for (unsigned long cap = 0; cap < 64 && !arm->privileged; cap++)
		if (!(arm->caller_bounding & (1ULL << cap)) &&
		    prctl(PR_CAPBSET_READ, cap, 0, 0, 0) == 1 &&
		    prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0)
			return -1;
	return 0;
}

static void reset_signals(void)
{
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		(void)signal(number, SIG_DFL); /* refused for KILL and STOP only */
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* to = copy of from, or /dev/null; whatever the numbers of either are. */
static int put(int from, int to)
{
	owned_fd int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (from < 0 && null < 0)
		return -1;
	return dup2(from < 0 ? null : from, to);
}

static int place_descriptors(const struct arm *arm, const struct launch *how)
{
	int terminal = !how->is_main              ? -1
		       : arm->objects.stream >= 0 ? arm->objects.stream
						  : arm->objects.tty_slave;
	int leak = how->is_main ? arm->objects.leak : -1;
	int errors = how->is_main && arm->objects.errors >= 0 ? arm->objects.errors
							      : how->errors;
	int lifted[] = { terminal, how->out, errors, leak };

	for (size_t i = 0; i < ARRAY_SIZE(lifted); i++) {
		if (lifted[i] < 0)
			continue;
		lifted[i] = fcntl(lifted[i], F_DUPFD_CLOEXEC, LIFT_FD);
		if (lifted[i] < 0)
			return -1;
	}
	if (put(lifted[0], 0) < 0 || put(lifted[1], 1) < 0 || put(lifted[2], 2) < 0)
		return -1;
	if (close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) < 0)
		return -1;
	return leak < 0 ? 0 : dup2(lifted[3], LEAK_FD);
}

static bool is_reach(const struct arm *arm)
{
	return arm->kind == ARM_REACH && arm->probe->reach == REACH_IDENTITY;
}

/* What runs a setuid program must still be able to gain by it: ids only. */
static enum layer left_alone(const struct arm *arm)
{
	bool is_setuid =
		arm_setup(arm, "setuid-helper") || arm_setup(arm, "setuid-in-scratch");

	return is_setuid ? LAYER_PRIVILEGE : arm->probe->layer;
}

static int become(const struct arm *arm, const struct launch *how)
{
	/* Init is not dumpable, and its copies' files in /proc would not be their own. */
	if (prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0 || setsid() < 0)
		return -1;
	if (how->is_main && arm->objects.tty_slave >= 0 &&
	    ioctl(arm->objects.tty_slave, TIOCSCTTY, 0) < 0)
		return -1;
	if (groups_join(&arm->group_set) < 0 || bound(arm) < 0 || enter_user(arm) < 0 ||
	    restore_bounding(arm) < 0)
		return -1;
	return 0;
}

__attribute__((noreturn)) static void child(const struct arm *arm,
					    const struct launch *how)
{
	if (become(arm, how) < 0 || chdir(arm->cwd) < 0 ||
	    place_descriptors(arm, how) < 0)
		_exit(127);
	if (is_reach(arm) &&
	    identity_assume(arm->identity, arm->privileged, left_alone(arm)) < 0)
		_exit(127);
	reset_signals();
	if (how->is_main && arm->invocation &&
	    invocation_apply(arm->invocation, arm->root) < 0)
		_exit(127);
	if (how->is_main && arm->handicap && handicap_apply(arm->handicap) < 0)
		_exit(127);
	(void)execvpe(how->is_main && arm->program ? arm->program : how->argv[0],
		      (char *const *)(const void *)how->argv,
		      (char *const *)(const void *)arm->environment);
	_exit(127);
}

struct start {
	const struct arm *arm;
	const struct launch *how;
};

static int start(void *argument)
{
	const struct start *this = argument;

	child(this->arm, this->how);
}

/* In init's memory until the new program is there: a copy of it would be thrown away at once. */
static pid_t start_in_place(const struct arm *arm, const struct launch *how)
{
	static char stack[START_STACK_BYTES] __attribute__((aligned(16)));
	struct start this = { arm, how };
	pid_t pid = clone(start, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | SIGCHLD,
			  &this);

	/* That it was dumpable for a moment it could not but share with init. */
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ? -1 : pid;
}

int launch(const struct arm *arm, const struct launch *how, pid_t *ret)
{
	/* Where somebody is there already who might look at init meanwhile, it is a copy. */
	bool alone = arm->objects.neighbour <= 0 && !arm->second_argv;
	pid_t pid = alone ? start_in_place(arm, how) : fork();

	if (pid < 0)
		return -1;
	if (pid == 0)
		child(arm, how);
	*ret = pid;
	return 0;
}

__attribute__((noreturn)) static void neighbour(const struct arm *arm,
						const char *program, const char *name)
{
	char *const nothing[] = { NULL };

	if (prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0 || enter_user(arm) < 0)
		_exit(127);
	if (arm->privileged && arm->identity->known &&
	    identity_assume(arm->identity, true, arm->probe->layer) < 0)
		_exit(127);
	/* EINVAL where there is no Yama to be told. */
	(void)prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
	reset_signals();
	(void)close_range(3, ~0U, 0);
	(void)execle(program, name, "hold", "60000", (char *)NULL, nothing);
	_exit(127);
}

/* True once the new program runs: its name is in its command line. */
static bool has_started(pid_t pid, const char *name)
{
	char path[32], text[128];

	(void)snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	return fd_read_small_at(AT_FDCWD, path, text, sizeof(text)) > 0 &&
	       strcmp(text, name) == 0;
}

int launch_neighbour(const struct arm *arm, const char *name, pid_t *ret)
{
	const char *program = arm_path(arm, "probes/attack");
	pid_t pid = fork();

	if (pid < 0)
		return -1;
	if (pid == 0)
		neighbour(arm, program, name);
	for (unsigned int turn = 0; turn < 1000; turn++) {
		if (has_started(pid, name)) {
			*ret = pid;
			return 0;
		}
		if (waitpid(pid, NULL, WNOHANG) != 0)
			break;
		(void)usleep(1000);
	}
	errno = ESRCH;
	return -1;
}
