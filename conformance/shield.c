/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Init sets its parent-death signal once the credentials that it keeps are its own: a change would
 * clear it, prctl(2). Whoever died before that is end of file on the socket, and init ends on that.
 */
#include "conformance/shield.h"
#include "conformance/broker.h"
#include "conformance/launch.h"
#include "conformance/setup.h"
#include "conformance/stage.h"
#include "conformance/view.h"
#include "conformance/witness.h"
#include "runner/base/fd.h"
#include "runner/base/namespace.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <linux/keyctl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* What init holds while it runs. */
struct init {
	struct arm *arm;
	int control;     /* its end of the socket */
	int theirs;      /* the worker's, of which it gets a copy */
	int out, errors; /* of the launcher, closed once it was started */
	pid_t pid;       /* as the worker counts */
};

enum {
	GATE_STACK_BYTES = 256 << 10, /* init goes on with a copy of it */
};

static int unsupported(struct err *err, const char *what)
{
	(void)err_sys(err, "shield", "%s", what);
	err->code = ERR_UNSUPPORTED;
	return -1;
}

static int write_map(const char *path, uid_t outside)
{
	char line[32];

	(void)snprintf(line, sizeof(line), "0 %u 1", outside);
	return fd_write_small_at(AT_FDCWD, path, line);
}

static int make_user(const struct arm *arm, struct err *err)
{
	if (unshare(CLONE_NEWUSER) < 0)
		return unsupported(err, "cannot make a user namespace");
	if (fd_write_small_at(AT_FDCWD, "/proc/self/setgroups", "deny") < 0 ||
	    write_map("/proc/self/uid_map", arm->caller_uid) < 0 ||
	    write_map("/proc/self/gid_map", arm->caller_gid) < 0)
		return unsupported(err, "cannot map ids into a user namespace");
	return 0;
}

/* The lab's namespaces, or new ones; then everything else new. */
static int enter_namespaces(const struct arm *arm, struct err *err)
{
	int flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS;

	if (arm->lab) {
		if (arm->lab->user_ns >= 0 && setns(arm->lab->user_ns, CLONE_NEWUSER) < 0)
			return unsupported(err, "cannot join the lab's user namespace");
		if (setns(arm->lab->net_ns, CLONE_NEWNET) < 0)
			return unsupported(err, "cannot join the lab's network");
	} else {
		if (!arm->privileged && make_user(arm, err) < 0)
			return -1;
		flags |= CLONE_NEWNET;
	}
	if (unshare(flags) < 0)
		return unsupported(err, "cannot make the shield's namespaces");
	return 0;
}

/* Nothing of the harness's own comes along that a script could use or be blamed for. */
static int leave_session(struct err *err)
{
	if (setsid() < 0)
		return err_sys(err, "shield", "cannot start a session");
	/* Absent where keyrings are not built in: then there is none to inherit. */
	(void)syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);
	/* If the host runs out of memory, it is to be one of these. */
	(void)fd_write_small_at(AT_FDCWD, "/proc/self/oom_score_adj", "1000");
	return 0;
}

static void send_message(int control, enum shield_message message)
{
	char byte = (char)message;

	(void)send(control, &byte, 1,
		   MSG_NOSIGNAL); /* the worker may be gone: so are we soon */
}

/* The two descriptors through which the worker looks into the shield. */
static int send_ready(int control, int proc, int root)
{
	char byte = SHIELD_READY;
	struct iovec data = { .iov_base = &byte, .iov_len = 1 };
	union {
		char bytes[CMSG_SPACE(2 * sizeof(int))];
		struct cmsghdr align;
	} room = { .bytes = { 0 } };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = room.bytes,
				  .msg_controllen = sizeof(room.bytes) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	int fds[2] = { proc, root };

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fds));
	memcpy(CMSG_DATA(header), fds, sizeof(fds));
	return sendmsg(control, &message, MSG_NOSIGNAL) == 1 ? 0 : -1;
}

static int start_second(struct init *init, struct err *err)
{
	struct arm *arm = init->arm;
	const struct launch how = { .argv = arm->second_argv, .out = -1, .errors = -1 };
	const char *alive = arm_path(arm, "second/alive");

	if (!arm->second_argv)
		return 0;
	if (launch(arm, &how, &arm->objects.second) < 0)
		return err_sys(err, "shield", "cannot start a second run");
	for (unsigned int turn = 0; turn < 3000 && access(alive, F_OK) < 0; turn++)
		(void)usleep(
			1000); /* the verdict over a run that never comes is the witness's */
	return 0;
}

static int arrange(struct init *init, struct err *err)
{
	struct arm *arm = init->arm;

	(void)umask(022);
	if (leave_session(err) < 0)
		return -1;
	if (!arm->lab && namespace_loopback_up() < 0)
		return err_sys(err, "shield", "cannot bring up loopback");
	if (view_build(&arm->group_set, arm->kept, arm->shared_mounts, err) < 0 ||
	    stage_make(arm, err) < 0 || setup_arrange(arm, err) < 0 ||
	    stage_arm_file(arm, err) < 0)
		return -1;
	if (witness_before(arm) < 0)
		return err_sys(err, "shield", "a witness cannot look");
	return 0;
}

static int launch_main(struct init *init)
{
	struct arm *arm = init->arm;
	const struct launch how = { .argv = arm->argv,
				    .out = init->out,
				    .errors = init->errors,
				    .is_main = true };
	struct err err;

	if (start_second(init, &err) < 0)
		return -1;
	arm->shared->started_ns = arm_now();
	if (launch(arm, &how, &arm->shared->launcher) < 0)
		return -1;
	/* Who keeps a copy would be the one that holds the pipe open. */
	own_close_fd(&init->out);
	own_close_fd(&init->errors);
	own_close_fd(&arm->objects.leak);
	return 0;
}

static void reap(struct init *init)
{
	struct arm *arm = init->arm;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == arm->objects.neighbour)
			arm->objects.neighbour =
				-1; /* whatever ended it: it was to live */
		if (pid != arm->shared->launcher)
			continue;
		arm->shared->status = status;
		arm->shared->ended_ns = arm_now();
		arm->shared->launcher = 0;
		send_message(init->control, SHIELD_ENDED);
	}
}

/* Every process that init can see is in the shield; then no task is left when it looks. */
static void finish(struct init *init)
{
	struct arm *arm = init->arm;
	pid_t pid;
	int status;

	reap(init);
	(void)kill(-1, SIGKILL);
	/* A neighbour that was to die of an earlier signal says so, if it had no time to before. */
	while ((pid = waitpid(-1, &status, 0)) > 0 || errno == EINTR)
		if (pid > 0 && pid == arm->objects.neighbour &&
		    !(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL))
			arm->objects.neighbour = -1;
	arm->shared->witness = witness_look(arm);
	arm->shared->is_full = view_is_full();
	send_message(init->control, SHIELD_LOOKED);
	_exit(0);
}

static void obey(struct init *init)
{
	struct arm *arm = init->arm;
	unsigned char bytes[2];
	ssize_t count = recv(init->control, bytes, sizeof(bytes), 0);

	if (count <= 0)
		_exit(0); /* the worker is gone, and with us goes everything */
	if (bytes[0] == SHIELD_START && launch_main(init) < 0)
		_exit(1);
	if (bytes[0] == SHIELD_KILL && count == 2 && arm->shared->launcher > 0)
		(void)kill(arm->shared->launcher, bytes[1]);
	if (bytes[0] == SHIELD_FINISH)
		finish(init);
}

__attribute__((noreturn)) static void serve(struct init *init, int signals)
{
	struct pollfd wait[] = {
		{ .fd = init->control, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
		{ .fd = init->arm->objects.broker, .events = POLLIN },
	};
	struct signalfd_siginfo info;

	for (;;) {
		if (poll(wait, ARRAY_SIZE(wait), -1) < 0 && errno != EINTR)
			_exit(1);
		if (wait[1].revents && read(signals, &info, sizeof(info)) > 0)
			reap(init);
		if (wait[2].revents)
			broker_answer(wait[2].fd);
		if (wait[0].revents)
			obey(init);
	}
}

__attribute__((noreturn)) static void run_init(struct init *init)
{
	struct arm *arm = init->arm;
	owned_fd int proc = -1, root = -1, signals = -1;
	sigset_t children;

	/* A worker that ended before the death signal was asked for is seen at the end of the socket. */
	own_close_fd(&init->theirs);
	(void)sigemptyset(&children);
	(void)sigaddset(&children, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, &children, NULL);
	signals = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || signals < 0 ||
	    arrange(init, &arm->shared->fault) < 0) {
		send_message(init->control, SHIELD_FAULT);
		_exit(1);
	}
	proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	root = open(arm->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* What runs in the shield must not reach into its init, not even as the same user. */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 || proc < 0 || root < 0 ||
	    send_ready(init->control, proc, root) < 0)
		_exit(1);
	serve(init, signals);
}

/* As fork, but a sibling: the worker's own child, and not one of the gate's. Raw, since there is no
 * such call in a libc; nothing in init needs what its fork would see to. */
static pid_t fork_sibling(void)
{
	return (pid_t)syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL);
}

/* In the worker's memory, which waits: it must not return, and what it writes is the worker's. */
static int run_gate(void *argument)
{
	struct init *init = argument;
	struct arm *arm = init->arm;

	if (enter_namespaces(arm, &arm->shared->fault) < 0)
		_exit(1);
	init->pid = fork_sibling();
	if (init->pid == 0)
		run_init(init);
	_exit(init->pid < 0 ? 1 : 0);
}

/*
 * A process enters namespaces, and its child is the first in the new ones for process ids. The one in
 * between is gone before this returns: clone(2) with CLONE_VFORK and CLONE_VM, since a copy of the
 * worker's memory for it would cost as much as the one for init. -1: arm_shared.fault says why.
 */
static int fork_init(struct init *init)
{
	static char stack[GATE_STACK_BYTES] __attribute__((aligned(16)));
	int status = 0;
	pid_t gate;

	init->pid = -1;
	gate = clone(run_gate, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | SIGCHLD,
		     init);
	while (gate > 0 && waitpid(gate, &status, 0) < 0 && errno == EINTR)
		;
	return gate > 0 && init->pid > 0 ? 0 : -1;
}

/* READY with its descriptors, or why not. */
static int receive_ready(struct arm *arm, struct shield *shield, struct err *err)
{
	char byte = 0;
	struct iovec data = { .iov_base = &byte, .iov_len = 1 };
	union {
		char bytes[CMSG_SPACE(2 * sizeof(int))];
		struct cmsghdr align;
	} room;
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = room.bytes,
				  .msg_controllen = sizeof(room.bytes) };
	ssize_t count = recvmsg(shield->control, &message, MSG_CMSG_CLOEXEC);
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	int fds[2];

	if (count == 1 && byte == SHIELD_FAULT && arm->shared->fault.code != ERR_NONE) {
		*err = arm->shared->fault;
		return -1;
	}
	if (count != 1 || byte != SHIELD_READY || !header ||
	    header->cmsg_type != SCM_RIGHTS)
		return err_set(err, ERR_SYSTEM, "shield",
			       "the shield broke while it was made");
	memcpy(fds, CMSG_DATA(header), sizeof(fds));
	shield->proc = fds[0];
	shield->root = fds[1];
	return 0;
}

int shield_open(struct arm *arm, int out, int errors, struct shield *ret, struct err *err)
{
	struct shield shield = { .proc = -1, .root = -1 };
	struct init init = { .arm = arm, .out = out, .errors = errors };
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return err_sys(err, "shield", "no socket pair");
	shield.control = ends[0];
	init.control = ends[1];
	init.theirs = ends[0];
	if (fork_init(&init) < 0) {
		*err = arm->shared->fault;
		if (err->code == ERR_NONE)
			(void)err_sys(err, "shield", "cannot fork");
		own_close_fd(&ends[0]);
		own_close_fd(&ends[1]);
		return -1;
	}
	shield.init = init.pid;
	own_close_fd(&ends[1]);
	if (receive_ready(arm, &shield, err) < 0) {
		shield_close(&shield);
		return -1;
	}
	*ret = shield;
	return 0;
}

int shield_send(const struct shield *shield, enum shield_message message, int argument)
{
	char bytes[2] = { (char)message, (char)argument };
	size_t count = message == SHIELD_KILL ? 2 : 1;

	return send(shield->control, bytes, count, MSG_NOSIGNAL) == (ssize_t)count ? 0
										   : -1;
}

int shield_receive(const struct shield *shield)
{
	unsigned char byte;
	ssize_t count = recv(shield->control, &byte, 1, 0);

	return count == 1 ? byte : (int)count;
}

void shield_close(struct shield *shield)
{
	/* Init ends at the end of this socket, however busy the shield is: nothing in it can keep
	 * process 1 from running. It is waited for, and with it all that lives in its namespace. */
	own_close_fd(&shield->control);
	own_close_fd(&shield->proc);
	own_close_fd(&shield->root);
	if (shield->init > 0) {
		struct pollfd wait = { .fd = (int)syscall(SYS_pidfd_open, shield->init,
							  0),
				       .events = POLLIN };

		if (wait.fd >= 0 && poll(&wait, 1, 2000) == 0)
			(void)kill(shield->init, SIGKILL); /* takes all others along */
		own_close_fd(&wait.fd);
		(void)waitpid(shield->init, NULL, 0);
	}
	shield->init = 0;
}
