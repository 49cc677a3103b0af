/* SPDX-License-Identifier: Apache-2.0 */
/* spawn - see spawn.h. Whatever fails here ends with spawn_done(): nothing of it stays. */
#include "runner/spawn.h"
#include "runner/base/fd.h"
#include "runner/base/kernel.h"
#include "runner/base/own.h"
#include "runner/base/pages.h"
#include "runner/base/str.h"
#include "runner/egress.h"
#include "runner/host_scratch.h"
#include "runner/netns.h"
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define SCRIPT_STACK 65536 /* steps and an exec, no recursion */

static void close_fd(int *fd)
{
	own_close_fd(fd);
}

static void spawn_init(struct spawn *spawn, const struct plan *plan)
{
	*spawn = (struct spawn){
		.plan = plan,
		.init = -1,
		.pidfd = -1,
		.report = -1,
		.control = -1,
		.input = -1,
		.output = { -1, -1 },
		.result.from = -1,
		.outlet = OUTLET_NONE,
		.host_scratch = -1,
		.signals = UINT64_MAX,
	};
	spawn->child = (struct child){ .plan = plan,
				       .report = -1,
				       .control = -1,
				       .stdio = { -1, -1, -1 },
				       .result = -1,
				       .groups = { -1, -1, -1 } };
	groups_init(&spawn->groups, plan->caps);
}

static int make_groups(struct spawn *spawn, struct err *err)
{
	if (groups_make(&spawn->groups, spawn->plan, err) == 0)
		return groups_open_entries(&spawn->groups, false, spawn->child.groups,
					   err);
	spawn->failed = spawn->groups.failed;
	spawn->swap_failed = spawn->groups.swap_failed;
	return -1;
}

static int make_pipe(int *read_end, int *write_end, struct err *err)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_sys(err, "output", "cannot make a pipe");
	*read_end = ends[0];
	*write_end = ends[1];
	return 0;
}

/* Our end only: the script's blocks as any other. A read that waits on one would starve the other. */
static int set_nonblocking(int fd, struct err *err)
{
	if (fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
		return err_sys(err, "output", "cannot set up a pipe");
	return 0;
}

static int make_stdio(struct spawn *spawn, struct err *err)
{
	struct child *child = &spawn->child;

	if (spawn->plan->request->stdin_wanted) {
		if (make_pipe(&child->stdio[0], &spawn->input, err) < 0)
			return -1;
		if (set_nonblocking(spawn->input, err) < 0)
			return -1;
	} else {
		child->stdio[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
		if (child->stdio[0] < 0)
			return err_sys(err, "output", "cannot open /dev/null");
	}
	if (!plan_find(spawn->plan, OP_STDIO)) {
		child->stdio[1] = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
		child->stdio[2] = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
		return 0;
	}
	for (unsigned int i = 0; i < 2; i++)
		if (make_pipe(&spawn->output[i], &child->stdio[1 + i], err) < 0 ||
		    set_nonblocking(spawn->output[i], err) < 0)
			return -1;
	return 0;
}

/* A pipe of ours, as for the output. Its end for the script waits well above where it will be put. */
static int make_result(struct spawn *spawn, struct err *err)
{
	const struct step *step = plan_find(spawn->plan, OP_RESULT);
	owned_fd int from = -1, to = -1;

	if (!step)
		return 0;
	if (make_pipe(&from, &to, err) < 0 || set_nonblocking(from, err) < 0)
		return -1;
	spawn->child.result = fcntl(to, F_DUPFD_CLOEXEC, RUNTIME_RESULT_FD + 1);
	if (spawn->child.result < 0)
		return err_sys(err, "output", "cannot set up a pipe");
	result_init(&spawn->result, take_fd(&from),
		    runtime_result_limit(spawn->plan->policy));
	return 0;
}

static int make_sockets(struct spawn *spawn, struct err *err)
{
	const int on = 1;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return err_sys(err, "lifecycle", "cannot make a socket pair");
	spawn->report = pair[0];
	spawn->child.report = pair[1];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return err_sys(err, "lifecycle", "cannot make a socket pair");
	spawn->control = pair[0];
	spawn->child.control = pair[1];
	/* The kernel translates the sender's pid into ours. */
	if (setsockopt(spawn->report, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0)
		return err_sys(err, "lifecycle", "SO_PASSCRED");
	return 0;
}

static uint64_t clone_flags_of(const struct plan *plan)
{
	uint64_t flags = 0;

	for (size_t i = 0; i < plan->count; i++)
		if (step_rows[plan->steps[i].op].phase == PHASE_CLONE)
			flags |=
				capability_clone_flag(step_rows[plan->steps[i].op].needs);
	return flags;
}

static void close_child_ends(struct spawn *spawn)
{
	struct child *child = &spawn->child;

	close_fd(&child->report);
	close_fd(&child->control);
	for (unsigned int i = 0; i < 3; i++)
		close_fd(&child->stdio[i]);
	close_fd(&child->result);
	for (unsigned int i = 0; i < GROUP_COUNT; i++)
		close_fd(&child->groups[i]);
}

/* Errors of CLONE_INTO_CGROUP that speak of the group, not of the namespaces. */
static bool is_about_group(int sys)
{
	return sys == EACCES || sys == EBUSY || sys == EOPNOTSUPP || sys == ENODEV;
}

static pid_t clone_with(struct spawn *spawn, uint64_t flags, int group)
{
	struct kernel_clone_args args = { .flags = flags | CLONE_PIDFD,
					  .pidfd = (uint64_t)(uintptr_t)&spawn->pidfd,
					  .exit_signal = SIGCHLD };
	pid_t pid;

	if (group >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)group;
	}
	spawn->child.theirs[0] = spawn->report;
	spawn->child.theirs[1] = spawn->control;
	pid = kernel_clone3(&args);
	if (pid < 0 && errno == ENOSYS &&
	    group < 0) /* filters that cannot look into clone3's argument */
		pid = (pid_t)syscall(SYS_clone, args.flags | SIGCHLD, NULL, &spawn->pidfd,
				     NULL, NULL);
	return pid;
}

static int clone_child(struct spawn *spawn, struct err *err)
{
	uint64_t flags = clone_flags_of(spawn->plan);
	int group = groups_clone_into(&spawn->groups);
	pid_t pid = clone_with(spawn, flags, group);

	/* No such call, or none that knows of groups: it enters by itself, as in version 1. */
	if (pid < 0 && group >= 0 &&
	    (errno == ENOSYS || errno == E2BIG || errno == EINVAL)) {
		if (groups_open_entries(&spawn->groups, true, spawn->child.groups, err) <
		    0)
			return -1;
		group = -1;
		pid = clone_with(spawn, flags, group);
	}
	if (pid == 0)
		child_run(&spawn->child);
	if (pid < 0 && group >= 0 && is_about_group(errno)) {
		spawn->failed = plan_find(spawn->plan, OP_CGROUP_ENTER);
		return err_sys(err, "resources", "cannot clone into a cgroup in %s",
			       groups_home(&spawn->groups, GROUP_PIDS));
	}
	if (pid < 0) {
		spawn->clone_failed = true;
		return err_sys(err, "lifecycle", "cannot clone into new namespaces");
	}
	spawn->init = pid;
	pages_part();
	close_child_ends(spawn);
	return 0;
}

/* For a root caller: a map of an id that is not its own needs its authority in the parent. */
static int write_maps(struct spawn *spawn, struct err *err)
{
	const struct step *step = plan_find(spawn->plan, OP_ID_MAP);
	char path[64];

	if (!step || !step->number)
		return 0;
	spawn->failed = step;
	(void)snprintf(path, sizeof(path), "/proc/%d/gid_map", (int)spawn->init);
	if (fd_write_small_at(AT_FDCWD, path, step->source) < 0)
		return err_sys(err, "privilege", "cannot map gid %s", step->source);
	(void)snprintf(path, sizeof(path), "/proc/%d/uid_map", (int)spawn->init);
	if (fd_write_small_at(AT_FDCWD, path, step->path) < 0)
		return err_sys(err, "privilege", "cannot map uid %s", step->path);
	spawn->failed = NULL;
	return 0;
}

/* The child goes on once it has its maps. */
static int tell_mapped(struct spawn *spawn, struct err *err)
{
	const char order = CHILD_MAPPED;

	if (spawn->child.waits && send(spawn->report, &order, 1, MSG_NOSIGNAL) != 1)
		return err_sys(err, "lifecycle", "the child is gone before its setup");
	return 0;
}

/* One datagram with its sender's pid; 0 = end of file. */
static ssize_t receive_report(struct spawn *spawn, int flags, struct child_report *report,
			      pid_t *sender)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(struct ucred))];
	} control;
	struct iovec vector = { report, sizeof(*report) };
	struct msghdr message = { .msg_iov = &vector,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *header;
	ssize_t count;

	do {
		count = recvmsg(spawn->report, &message, flags | MSG_CMSG_CLOEXEC);
	} while (count < 0 && (errno == EINTR || errno == ECONNRESET)); /* told once */
	header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_type == SCM_CREDENTIALS) {
		struct ucred credentials;

		memcpy(&credentials, CMSG_DATA(header), sizeof(credentials));
		*sender = credentials.pid;
	}
	return count;
}

static int blame_step(struct spawn *spawn, const struct child_report *report,
		      struct err *err)
{
	const struct step *step = &spawn->plan->steps[report->step];

	spawn->failed = step;
	errno = report->error;
	return err_sys(err, layer_names[step_rows[step->op].layer], "%s%s%s%s%s",
		       step_rows[step->op].name, step->source ? " from " : "",
		       step->source ? step->source : "", step->path ? " at " : "",
		       step->path ? step->path : "");
}

/* What failed on our side may be no more than the echo of a step that failed in the child. */
static int blame_child(struct spawn *spawn, struct err *err)
{
	struct child_report report = { 0 };
	pid_t sender;

	if (receive_report(spawn, MSG_DONTWAIT, &report, &sender) == sizeof(report) &&
	    report.says == CHILD_STEP_FAILED && report.step < spawn->plan->count)
		return blame_step(spawn, &report, err);
	return -1;
}

static int await_report(struct spawn *spawn, uint32_t says, struct err *err)
{
	struct child_report report = { 0 };
	pid_t sender = 0;
	ssize_t count;

	count = receive_report(spawn, 0, &report, &sender);

	if (count != sizeof(report))
		return err_set(err, ERR_SYSTEM, "lifecycle",
			       "the child ended during its setup (is a limit too small "
			       "for it?)");
	if (report.says == CHILD_STEP_FAILED && report.step < spawn->plan->count)
		return blame_step(spawn, &report, err);
	if (report.says == CHILD_EXEC_FAILED) {
		errno = report.error;
		return err_sys(err, "lifecycle", "the child cannot hear");
	}
	if (report.says != says)
		return err_set(err, ERR_INTERNAL, "lifecycle",
			       "unexpected word from the child");
	if (says != CHILD_READY)
		return 0;
	spawn->script = sender;
	spawn->keyring = report.keyring;
	spawn->death_signal = report.death_signal;
	spawn->below = report.below;
	spawn->tried = report.tried;
	spawn->told = report.told;
	return 0;
}

static int make_network(struct spawn *spawn, struct err *err)
{
	bool loopback = plan_find(spawn->plan, OP_LOOPBACK) != NULL;

	if (!plan_find(spawn->plan, OP_NS_NETWORK))
		return 0;
	return netns_make(spawn->plan->own_user ? spawn->pidfd : -1, loopback,
			  spawn->control, spawn->child.stack, spawn->child.stack_bytes,
			  err);
}

static int start(struct spawn *spawn, struct err *err)
{
	const struct step *scratch = plan_find(spawn->plan, OP_HOST_SCRATCH);
	const struct step *map = plan_find(spawn->plan, OP_ID_MAP);

	spawn->child.waits = map && map->number;
	/* What is not dumpable belongs to root in /proc, whose directories ask for that too. */
	spawn->child.seen_anyway =
		spawn->plan->caps->uid == 0 && kernel_has_capability(CAP_SYS_PTRACE);
	if (make_groups(spawn, err) < 0 || make_stdio(spawn, err) < 0 ||
	    make_result(spawn, err) < 0 || make_sockets(spawn, err) < 0)
		return -1;
	if (scratch) {
		spawn->host_scratch = host_scratch_make(spawn->plan, scratch->path, err);
		if (spawn->host_scratch < 0) {
			/* An id that cannot be given a directory cannot be taken either. */
			spawn->failed = plan_find(spawn->plan, OP_IDENTITY);
			return -1;
		}
	}
	if (clone_child(spawn, err) < 0)
		return -1;
	/* From here on two processes work side by side: what could be done before was. */
	if (write_maps(spawn, err) < 0 || tell_mapped(spawn, err) < 0 ||
	    make_network(spawn, err) < 0)
		return blame_child(spawn, err);
	return 0;
}

/* Who the host refused: the packet filter or the uplink. */
static int open_outlet(struct spawn *spawn, struct err *err)
{
	const struct step *filter = plan_find(spawn->plan, OP_EGRESS);
	const struct step *uplink = plan_find(spawn->plan, OP_UPLINK);

	if (!filter && !uplink)
		return 0;
	if (outlet_open(spawn->pidfd, spawn->plan->own_user, filter ? filter->text : NULL,
			uplink != NULL, &spawn->outlet, err) == 0)
		return 0;
	spawn->failed = spawn->outlet.fault == OUTLET_UPLINK ? uplink : filter;
	return -1;
}

int spawn_await_mounted(struct spawn *spawn, struct err *err)
{
	if (await_report(spawn, CHILD_MOUNTED, err) == 0)
		return 0;
	spawn_done(spawn);
	return -1;
}

int spawn_await_ready(struct spawn *spawn, struct err *err)
{
	if (await_report(spawn, CHILD_READY, err) == 0 && open_outlet(spawn, err) == 0)
		return 0;
	spawn_done(spawn);
	return -1;
}

int spawn_guard(struct spawn *spawn, struct err *err)
{
	const char order = CHILD_GUARD;

	if (spawn->child.seen_anyway)
		return 0;
	if (send(spawn->report, &order, 1, MSG_NOSIGNAL) != 1)
		(void)err_sys(err, "lifecycle", "the child is gone before its exec");
	else if (await_report(spawn, CHILD_GUARDED, err) == 0)
		return 0;
	spawn_done(spawn);
	return -1;
}

int spawn_start(const struct plan *plan, char *arguments, char *arguments_end,
		struct spawn *spawn, struct err *err)
{
	spawn_init(spawn, plan);
	spawn->child.arguments = arguments;
	spawn->child.arguments_end = arguments_end;
	spawn->child.trees = calloc(plan->slots + 1, sizeof(int));
	spawn->child.stack = malloc(SCRIPT_STACK);
	spawn->child.stack_bytes = SCRIPT_STACK;
	if (!spawn->child.trees || !spawn->child.stack)
		return err_set(err, ERR_SYSTEM, "lifecycle", "out of memory");
	if (start(spawn, err) == 0)
		return 0;
	spawn_done(spawn);
	return -1;
}

int spawn_release(struct spawn *spawn, struct err *err)
{
	const struct child_go go = { .signals = spawn->signals, .order = CHILD_GO };

	if (send(spawn->report, &go, sizeof(go), MSG_NOSIGNAL) != sizeof(go))
		return err_sys(err, "lifecycle", "the child is gone before its exec");
	return 0;
}

static void end_init(struct spawn *spawn)
{
	const char order = INIT_KILL;
	struct pollfd watched = { .fd = spawn->pidfd, .events = POLLIN };

	if (spawn->init < 0)
		return;
	/* Without a pid namespace, init has to end the tree before itself. */
	if (!spawn->plan->own_pids && spawn->control >= 0) {
		(void)send(spawn->control, &order, 1, MSG_NOSIGNAL);
		(void)poll(&watched, 1, 2000);
	}
	/* Our own child, not waited for yet: its number is nobody else's. */
	if (kernel_pidfd_send_signal(spawn->pidfd, SIGKILL) < 0)
		(void)kill(spawn->init, SIGKILL);
	while (waitpid(spawn->init, NULL, 0) < 0 && errno == EINTR)
		;
	spawn->init = -1;
}

void spawn_done(struct spawn *spawn)
{
	end_init(spawn);
	outlet_done(&spawn->outlet);
	close_child_ends(spawn);
	close_fd(&spawn->pidfd);
	close_fd(&spawn->report);
	close_fd(&spawn->control);
	close_fd(&spawn->output[0]);
	close_fd(&spawn->output[1]);
	close_fd(&spawn->input);
	result_done(&spawn->result);
	groups_remove(&spawn->groups);
	if (spawn->host_scratch >= 0)
		host_scratch_remove(plan_find(spawn->plan, OP_HOST_SCRATCH)->path);
	close_fd(&spawn->host_scratch);
	free(spawn->child.trees);
	free(spawn->child.stack);
	spawn->child.trees = NULL;
	spawn->child.stack = NULL;
}
