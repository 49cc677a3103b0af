/* SPDX-License-Identifier: Apache-2.0 */
/* child - one loop over the steps, and the two processes that it ends in: see child.h */
#include "runner/child.h"
#include "runner/base/kernel.h"
#include "runner/base/own.h"
#include "runner/init.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>

static int32_t read_below(const struct child *child)
{
	char digit[2];

	if (child->below_file < 0 || pread(child->below_file, digit, 2, 0) != 2)
		return -1;
	return digit[0] == '0' && digit[1] == '\n' ? 0 : 1;
}

on_own_stack noreturn static void fail(int report_fd, uint32_t says, uint32_t step,
				       int error)
{
	struct child_report report = { .says = says, .step = step, .error = error };

	(void)send(report_fd, &report, sizeof(report), MSG_NOSIGNAL);
	_exit(127);
}

/* The next message of the supervisor; its length, 0 when it is gone. Not to hear is not to run: without
 * a word the supervisor would take our end for the script's. */
on_own_stack static size_t hear(int report_fd, void *message, size_t size)
{
	ssize_t count;

	do {
		count = recv(report_fd, message, size, 0);
	} while (count < 0 && errno == EINTR);
	if (count < 0)
		fail(report_fd, CHILD_EXEC_FAILED, 0, errno);
	return (size_t)count;
}

/* Waits for one order; anything else means that the supervisor is gone. */
on_own_stack static void await(int report_fd, char wanted)
{
	char order = 0;

	if (hear(report_fd, &order, 1) != 1 || order != wanted)
		_exit(127);
}

/* A supervisor that was not told would wait for us as we for it. */
on_own_stack static void tell(int report_fd, const struct child_report *report)
{
	if (send(report_fd, report, sizeof(*report), MSG_NOSIGNAL) < 0)
		_exit(127);
}

on_own_stack static void run_phases(struct child *child, enum phase first,
				    enum phase last, int report_fd)
{
	for (uint32_t i = 0; i < child->plan->count; i++) {
		const struct step *step = &child->plan->steps[i];
		enum phase phase = step_rows[step->op].phase;

		if (phase < first || phase > last)
			continue;
		if (child_steps[step->op](child, step) < 0)
			fail(report_fd, CHILD_STEP_FAILED, i, errno);
	}
}

/* Signals that the supervisor or its caller ignored must not be ignored in the script. */
static void reset_signals(uint64_t signals)
{
	struct {
		void (*handler)(int);
		unsigned long flags;
		void (*restorer)(void);
		uint64_t mask;
	} action = { SIG_DFL, 0, NULL, 0 };
	uint64_t none = 0;

	for (int sig = 1; sig <= 64; sig++)
		if (signals >> (sig - 1) & 1 && sig != SIGKILL && sig != SIGSTOP)
			(void)syscall(SYS_rt_sigaction, sig, &action, NULL,
				      sizeof(action.mask));
	(void)syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof(none));
}

/* Tries every candidate; what was found but cannot run beats what is not there, as in a shell. */
on_own_stack noreturn static void execute(const struct plan *plan)
{
	int worst = ENOENT;

	for (size_t i = 0; plan->exec_paths[i]; i++) {
		(void)execve(plan->exec_paths[i], plan->exec_argv,
			     plan->environment.vars);
		if (errno != ENOENT && errno != ENOTDIR)
			worst = errno;
	}
	fail(CHILD_REPORT_SLOT, CHILD_EXEC_FAILED, 0, worst);
}

/* Nobody may look into init, and with it into what the supervisor copied to it, once the script can
 * try: until its exec both share one memory, and this flag belongs to the memory. */
on_own_stack static void guard_memory(const struct child *child)
{
	if (child->guard_init && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		_exit(127);
}

on_own_stack static void guard_when_read(const struct child *child)
{
	struct child_report report = { .says = CHILD_GUARDED };

	await(CHILD_REPORT_SLOT, CHILD_GUARD);
	guard_memory(child);
	tell(CHILD_REPORT_SLOT, &report);
}

/* The process that becomes the script. It runs in init's memory, on a stack of its own, while init
 * stands still: what it changes there, init has. */
on_own_stack static int run_script(void *argument)
{
	struct child *child = argument;
	struct child_report report = { .says = CHILD_READY,
				       .keyring = child->keyring,
				       .death_signal = child->death_signal };
	struct child_go go = { 0 };
	size_t heard;

	/* Whoever kills init gains nothing by it where there is no pid namespace to go with it. */
	if (!child->plan->own_pids && plan_find(child->plan, OP_KILL_TREE))
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	report.below = read_below(child);
	for (int fd = 0; fd < 3; fd++)
		if (dup2(child->stdio[fd], fd) < 0)
			fail(child->report, CHILD_STEP_FAILED, 0, errno);
	if (child->report == CHILD_REPORT_SLOT
		    ? fcntl(CHILD_REPORT_SLOT, F_SETFD, FD_CLOEXEC) < 0
		    : dup3(child->report, CHILD_REPORT_SLOT, O_CLOEXEC) < 0)
		_exit(127);
	run_phases(child, PHASE_SCRIPT, PHASE_SCRIPT, CHILD_REPORT_SLOT);
	report.tried = child->tried;
	report.told = child->told;
	if (child->seen_anyway)
		guard_memory(child);
	tell(CHILD_REPORT_SLOT, &report);
	if (!child->seen_anyway)
		guard_when_read(child);
	heard = hear(CHILD_REPORT_SLOT, &go, sizeof(go));
	if (heard == 0)
		_exit(127);
	/* Half an order, or another: said, since from here on our end is taken for the script's. */
	if (heard != sizeof(go) || go.order != CHILD_GO)
		fail(CHILD_REPORT_SLOT, CHILD_EXEC_FAILED, 0, EPROTO);
	reset_signals(go.signals);
	execute(child->plan);
}

/* 0; or -1, and what is closed next would be the original. */
static int keep_only(int *fd, int slot)
{
	if (*fd < 0 || *fd == slot)
		return 0;
	if (dup2(*fd, slot) != slot)
		return -1;
	*fd = slot;
	return 0;
}

noreturn static void become_init(struct child *child, pid_t script)
{
	struct init init = { .control = child->control,
			     .signals = child->signals,
			     .children = child->children,
			     .script = script,
			     .own_pids = child->plan->own_pids,
			     .ends_tree = plan_find(child->plan, OP_KILL_TREE) != NULL };

	/* The script's pipes and everything inherited: init keeps its lifeline only. */
	if (keep_only(&init.control, 0) < 0 || keep_only(&init.signals, 1) < 0 ||
	    keep_only(&init.children, 2) < 0)
		init_end_tree(&init);
	(void)syscall(SYS_close_range, init.children < 0 ? 2 : 3, ~0U, 0);
	init_run(&init);
}

/* Our arguments and environment lie in init's memory too, where /proc/1 would show them. */
static void wipe_arguments(const struct child *child)
{
	if (child->guard_init && child->arguments)
		memset(child->arguments, 0,
		       (size_t)(child->arguments_end - child->arguments));
	(void)prctl(PR_SET_NAME, "confine-init", 0, 0, 0);
}

noreturn void child_run(struct child *child)
{
	const struct child_report mounted = { .says = CHILD_MOUNTED };
	pid_t script;

	/* While a copy of its ends is open, here or in init that stands still, the supervisor's death
	 * is no end of file: whoever waits for a word of it would wait for ever. */
	(void)close(child->theirs[0]);
	(void)close(child->theirs[1]);
	child->children = -1;
	child->root = -1;
	child->below_file = -1;
	run_phases(child, PHASE_SUPERVISOR, PHASE_ENTER, child->report);
	if (child->waits)
		await(child->report, CHILD_MAPPED);
	run_phases(child, PHASE_IDENTITY, PHASE_MOUNT, child->report);
	/* Read from outside by a supervisor that may lack CAP_SYS_PTRACE: a change of identity
	 * has closed /proc/PID to it. */
	(void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	tell(child->report, &mounted);
	run_phases(child, PHASE_LOCKDOWN, PHASE_LOCKDOWN, child->report);
	wipe_arguments(child);
	child->signals = init_signals();
	if (child->signals < 0)
		fail(child->report, CHILD_STEP_FAILED, 0, errno);
	/* Shared memory spares the copy of ours, which an exec would throw away at once. */
	script = clone(run_script, child->stack + child->stack_bytes,
		       CLONE_VM | CLONE_VFORK | SIGCHLD, child);
	if (script < 0)
		fail(child->report, CHILD_STEP_FAILED, 0, errno);
	become_init(child, script);
}
