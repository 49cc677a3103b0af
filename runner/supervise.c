/* SPDX-License-Identifier: Apache-2.0 */
/*
 * supervise - one poll loop. Nothing in it blocks but poll: a reader of ours that stalls must not
 * keep the deadline from firing, so bytes go through sinks, which never wait.
 */
#include "runner/supervise.h"
#include "runner/base/fd.h"
#include "runner/base/kernel.h"
#include "runner/base/own.h"
#include "runner/streams.h"
#include "runner/tree_clock.h"
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#define GRACE_MS 1000
#define BLIND_US 10000 /* between two turns of a loop whose poll fails */
#define NEVER    INT64_MAX

enum watched {
	WATCH_CONTROL,
	WATCH_REPORT,
	WATCH_INIT,
	WATCH_SIGNALS,
	WATCH_LIFELINE,
	WATCH_INPUT,
	WATCH_RESULT,
	WATCH_STREAMS
};
#define WATCH_COUNT (WATCH_STREAMS + 4)

struct pump {
	struct spawn *spawn;
	struct outcome *outcome;
	struct {
		size_t start, length;
	} input;
	int signals, lifeline;
	int64_t now;               /* ms: what the clock said last */
	int64_t deadline, kill_at; /* ms */
	int64_t grace_ms;          /* from TERM to KILL */
	int64_t give_up_at; /* ms: a reader that takes nothing is not waited for any more */
	bool ended;         /* the tree is gone */
	bool alone;         /* the caller is gone */
	int64_t count_cpu_at; /* ms: the time of the tree may be spent then */
	struct tree_clock tree_clock;
	struct streams streams; /* the buffers come last: few runs use them */
	char input_bytes[STREAM_BUFFER];
};

static bool read_clock(struct pump *pump)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		return false;
	pump->now = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
	return true;
}

/* Where the clock cannot be read this once, what it said last: nobody is timed out by a time that
 * nobody knows. */
static int64_t now_ms(struct pump *pump)
{
	(void)read_clock(pump);
	return pump->now;
}

static void order_init(const struct pump *pump, char order)
{
	if (pump->spawn->control >= 0)
		(void)send(pump->spawn->control, &order, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void kill_tree(struct pump *pump)
{
	pump->kill_at = NEVER;
	if (!plan_find(pump->spawn->plan, OP_KILL_TREE))
		return;
	/* Waited for already, there is no tree; and its number, -1 by now, would be everybody. */
	if (pump->spawn->init <= 0)
		return;
	if (pump->spawn->plan->own_pids) {
		if (kernel_pidfd_send_signal(pump->spawn->pidfd, SIGKILL) < 0)
			(void)kill(pump->spawn->init, SIGKILL);
	} else if (!groups_kill(&pump->spawn->groups)) {
		order_init(pump, INIT_KILL);
	}
}

/* TERM, grace, KILL. */
static void end_tree(struct pump *pump)
{
	pump->deadline = NEVER;
	pump->kill_at = now_ms(pump) + pump->grace_ms;
	order_init(pump, INIT_TERMINATE);
}

static void move_stream(struct pump *pump, unsigned int which)
{
	struct streams *streams = &pump->streams;
	bool lost = streams->error != 0;

	streams_move(streams, which);
	if (streams->moved && pump->give_up_at != NEVER)
		pump->give_up_at = now_ms(pump) + GRACE_MS;
	streams->moved = false;
	if (streams->spent && !pump->outcome->output_spent) {
		pump->outcome->output_spent = true;
		kill_tree(pump);
	}
	if (streams->error && !lost)
		kill_tree(pump);
}

static void move_result(struct pump *pump)
{
	struct result *result = &pump->spawn->result;

	result_move(result);
	if (result_state(result) == RESULT_TOO_LARGE && !pump->ended)
		kill_tree(pump);
}

static void write_input(struct pump *pump)
{
	ssize_t written = write(pump->spawn->input, pump->input_bytes + pump->input.start,
				pump->input.length);

	if (written < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (written < 0) {
		own_close_fd(&pump->spawn->input);
		return;
	}
	pump->input.start += (size_t)written;
	pump->input.length -= (size_t)written;
}

/* What is there by now: somebody else may read the same pipe, and have been quicker. */
static ssize_t read_now(void *bytes, size_t size)
{
	struct iovec vector = { bytes, size };
	struct stat status;
	ssize_t count;

	if (fstat(STDIN_FILENO, &status) < 0 ||
	    !(S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode)))
		return read(STDIN_FILENO, bytes, size);
	count = kernel_read_now(STDIN_FILENO, &vector);
	return count < 0 && (errno == EOPNOTSUPP || errno == ENOSYS)
		       ? read(STDIN_FILENO, bytes, size)
		       : count;
}

static void read_input(struct pump *pump)
{
	ssize_t count = read_now(pump->input_bytes, sizeof(pump->input_bytes));

	if (count > 0) {
		pump->input.start = 0;
		pump->input.length = (size_t)count;
	} else if (count == 0 || (errno != EINTR && errno != EAGAIN)) {
		own_close_fd(&pump->spawn->input);
	}
}

static void hear_report(struct pump *pump)
{
	struct child_report report;
	ssize_t count;

	/* Its end with an order of ours unread is told before its last word: once. */
	do {
		count = recv(pump->spawn->report, &report, sizeof(report), MSG_DONTWAIT);
	} while (count < 0 && errno == ECONNRESET);
	if (count < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (count == sizeof(report) && report.says == CHILD_EXEC_FAILED)
		pump->outcome->exec_error = report.error;
	if (count <= 0) /* closed by exec: the script runs */
		own_close_fd(&pump->spawn->report);
}

static void hear_init(struct pump *pump)
{
	struct init_report report;
	ssize_t count = recv(pump->spawn->control, &report, sizeof(report), MSG_DONTWAIT);

	if (count < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (count <= 0) {
		own_close_fd(&pump->spawn->control);
		return;
	}
	if (count != sizeof(report) || report.says != INIT_STATUS)
		return;
	pump->outcome->has_status = true;
	pump->outcome->status = report.status;
	pump->outcome->cpu_us = report.cpu_us;
	pump->deadline = NEVER;
	if (!plan_find(pump->spawn->plan, OP_KILL_TREE))
		pump->ended = true; /* only a test build leaves the rest alone */
}

static void hear_signal(struct pump *pump)
{
	struct signalfd_siginfo info;

	if (read(pump->signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (pump->ended)
		pump->give_up_at =
			pump->outcome->interrupted ? 0 : now_ms(pump) + GRACE_MS;
	else if (pump->outcome->interrupted)
		kill_tree(pump);
	else
		end_tree(pump);
	pump->outcome->interrupted = (int)info.ssi_signo;
}

/* As if it had been killed itself, but that nothing is left for the next run to sweep. */
static void end_alone(struct pump *pump)
{
	pump->lifeline = -1;
	pump->alone = true;
	pump->outcome->interrupted = SIGHUP;
	kill_tree(pump);
}

static void reap_init(struct pump *pump)
{
	struct rusage usage;

	if (pump->spawn->init < 0)
		return;
	while (wait4(pump->spawn->init, NULL, 0, &usage) < 0 && errno == EINTR)
		;
	pump->spawn->init = -1;
	pump->outcome->usage.cpu_seconds =
		(double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
		(double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
	pump->outcome->usage.cpu_source = "tasks that were waited for";
	pump->outcome->usage.peak_memory_bytes = (uint64_t)usage.ru_maxrss * 1024;
	pump->outcome->usage.memory_source = "largest task that was waited for";
}

static void watch(struct pump *pump, struct pollfd *fds)
{
	const struct spawn *spawn = pump->spawn;

	fds[WATCH_CONTROL] = (struct pollfd){ spawn->control, POLLIN, 0 };
	fds[WATCH_REPORT] = (struct pollfd){ spawn->report, POLLIN, 0 };
	fds[WATCH_INIT] = (struct pollfd){ pump->ended ? -1 : spawn->pidfd, POLLIN, 0 };
	fds[WATCH_SIGNALS] = (struct pollfd){ pump->signals, POLLIN, 0 };
	fds[WATCH_LIFELINE] = (struct pollfd){ pump->lifeline, POLLIN, 0 };
	fds[WATCH_INPUT] = (struct pollfd){ -1, POLLIN, 0 };
	fds[WATCH_RESULT] = (struct pollfd){ spawn->result.from, POLLIN, 0 };
	if (spawn->input >= 0 && !pump->ended)
		fds[WATCH_INPUT] = pump->input.length
					   ? (struct pollfd){ spawn->input, POLLOUT, 0 }
					   : (struct pollfd){ STDIN_FILENO, POLLIN, 0 };
	for (unsigned int i = 0; i < 2; i++) {
		fds[WATCH_STREAMS + i] =
			(struct pollfd){ streams_wants_input(&pump->streams, i), POLLIN,
					 0 };
		fds[WATCH_STREAMS + 2 + i] =
			(struct pollfd){ streams_wants_output(&pump->streams, i), POLLOUT,
					 0 };
	}
}

static int timeout_of(struct pump *pump)
{
	const int64_t all[] = { pump->deadline, pump->kill_at, pump->give_up_at,
				pump->count_cpu_at };
	int64_t next = NEVER, left;

	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		next = all[i] < next ? all[i] : next;
	if (next == NEVER)
		return -1;
	left = next - now_ms(pump);
	return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

static void count_cpu(struct pump *pump)
{
	uint64_t spent_us, wait_ms = 0;
	bool counted = groups_read_cpu(&pump->spawn->groups, &spent_us);

	if (counted)
		wait_ms = tree_clock_wait_ms(&pump->tree_clock, spent_us);
	if (wait_ms) {
		pump->count_cpu_at = now_ms(pump) + (int64_t)wait_ms;
		return;
	}
	pump->count_cpu_at = NEVER;
	pump->outcome->tree_cpu_spent = counted; /* else it failed, and ends */
	kill_tree(pump);
}

static void check_clock(struct pump *pump)
{
	const int64_t first =
		pump->deadline < pump->kill_at ? pump->deadline : pump->kill_at;
	int64_t now = first == NEVER && pump->count_cpu_at == NEVER ? 0 : now_ms(pump);

	if (now >= pump->deadline) {
		pump->outcome->timed_out = true;
		end_tree(pump);
	}
	if (now >= pump->kill_at)
		kill_tree(pump);
	if (now >= pump->count_cpu_at)
		count_cpu(pump);
}

/* Last in a turn, so that what was said before is heard: how exec failed, how the script ended. */
static void hear_end(struct pump *pump)
{
	if (pump->spawn->report >= 0)
		hear_report(pump);
	if (pump->spawn->control >= 0)
		hear_init(pump);
	pump->ended = true;
	pump->deadline = NEVER;
	pump->kill_at = NEVER;
	pump->count_cpu_at = NEVER;
	/* What was ordered to end in time does not wait for a reader that stalls. */
	if (pump->outcome->timed_out || pump->outcome->interrupted)
		pump->give_up_at = now_ms(pump) + GRACE_MS;
	reap_init(pump);
}

/* Whatever is the matter with poll, the run goes on and its deadline is kept: everything that answers at
 * once is asked, after a pause. */
static void look_without_poll(const struct pump *pump, struct pollfd *fds)
{
	static const enum watched at_once[] = { WATCH_CONTROL, WATCH_REPORT, WATCH_RESULT,
						WATCH_STREAMS, WATCH_STREAMS + 1 };
	siginfo_t ended = { .si_pid = 0 };

	(void)usleep(BLIND_US);
	for (size_t i = 0; i < ARRAY_SIZE(at_once); i++)
		fds[at_once[i]].revents = fds[at_once[i]].fd >= 0 ? POLLIN : 0;
	if (fds[WATCH_INIT].fd >= 0 &&
	    waitid(P_PID, (id_t)pump->spawn->init, &ended, WEXITED | WNOHANG | WNOWAIT) ==
		    0 &&
	    ended.si_pid)
		fds[WATCH_INIT].revents = POLLIN;
}

static void turn(struct pump *pump)
{
	struct pollfd fds[WATCH_COUNT];
	int patience = timeout_of(pump), ready;

	watch(pump, fds);
	ready = poll(fds, WATCH_COUNT, patience);
	if (ready < 0 && errno == EINTR)
		return;
	if (ready < 0)
		look_without_poll(pump, fds);
	/* So much has passed even if the clock cannot be read again. */
	if (ready == 0)
		pump->now += patience;
	if (fds[WATCH_REPORT].revents)
		hear_report(pump);
	if (fds[WATCH_CONTROL].revents)
		hear_init(pump);
	if (fds[WATCH_SIGNALS].revents)
		hear_signal(pump);
	if (fds[WATCH_LIFELINE].revents)
		end_alone(pump);
	if (fds[WATCH_INPUT].revents && pump->input.length)
		write_input(pump);
	else if (fds[WATCH_INPUT].revents)
		read_input(pump);
	if (fds[WATCH_RESULT].revents)
		move_result(pump);
	for (unsigned int i = 0; i < 2; i++) {
		if (fds[WATCH_STREAMS + i].revents || fds[WATCH_STREAMS + 2 + i].revents)
			move_stream(pump, i);
	}
	if (fds[WATCH_INIT].revents && !pump->ended)
		hear_end(pump);
	check_clock(pump);
}

static void drain(struct pump *pump)
{
	for (;;) {
		for (unsigned int i = 0; i < 2; i++)
			streams_end(&pump->streams, i);
		streams_release(&pump->streams);
		if (streams_are_done(&pump->streams))
			return;
		turn(pump);
		if (pump->alone ||
		    (pump->give_up_at != NEVER && now_ms(pump) >= pump->give_up_at))
			streams_give_up(&pump->streams);
	}
}

/* Where a group counted, its numbers are those of the whole tree. */
static void count_groups(struct pump *pump)
{
	struct usage *usage = &pump->outcome->usage;
	struct group_usage counted;
	uint64_t cpu_us;

	groups_read_usage(&pump->spawn->groups, &counted);
	usage->oom_kills = counted.oom_kills;
	usage->refused_tasks = counted.refused_tasks;
	if (counted.peak_tasks) {
		usage->peak_tasks = counted.peak_tasks;
		usage->tasks_source = "cgroup";
	}
	if (counted.peak_memory) {
		usage->peak_memory_bytes = counted.peak_memory;
		usage->memory_source = "cgroup";
	}
	if (groups_read_cpu(&pump->spawn->groups, &cpu_us)) {
		usage->cpu_seconds = (double)cpu_us / 1e6;
		usage->cpu_source = "cgroup";
	}
}

static void account_output(struct pump *pump)
{
	const struct streams *streams = &pump->streams;
	struct outcome *outcome = pump->outcome;

	outcome->usage.output_bytes = streams->passed_bytes;
	outcome->usage.output_dropped = streams->seen_bytes - streams->passed_bytes;
	outcome->output_error = streams->error;
	outcome->output_truncated = outcome->output_spent || streams->gave_up ||
				    streams->tail.of[0].dropped ||
				    streams->tail.of[1].dropped;
}

static void pump_init(struct pump *pump, struct spawn *spawn, int signals,
		      struct outcome *outcome)
{
	const struct step *cap = plan_find(spawn->plan, OP_OUTPUT_CAP);
	const struct step *deadline = plan_find(spawn->plan, OP_DEADLINE);
	const struct step *cpu = plan_find(spawn->plan, OP_CGROUP_CPU);
	const struct step *kill = plan_find(spawn->plan, OP_KILL_TREE);

	pump->spawn = spawn;
	pump->outcome = outcome;
	pump->signals = signals;
	pump->deadline = deadline ? now_ms(pump) + (int64_t)deadline->number : NEVER;
	pump->kill_at = NEVER;
	pump->grace_ms = kill ? (int64_t)kill->number : 0;
	pump->give_up_at = NEVER;
	pump->count_cpu_at = cpu ? 0 : NEVER;
	if (cpu)
		tree_clock_init(&pump->tree_clock, cpu->number);
	streams_init(&pump->streams, spawn->output, cap != NULL, cap ? cap->number : 0,
		     spawn->plan->policy->resources.output_keep);
}

struct pump *supervise_prepare(struct err *err)
{
	owned_mem struct pump *pump = calloc(1, sizeof(*pump));

	if (!pump) {
		(void)err_sys(err, "output", "cannot take memory for the output");
		return NULL;
	}
	if (!read_clock(pump)) {
		(void)err_sys(err, "lifecycle", "cannot read the clock");
		return NULL;
	}
	return take_mem(&pump);
}

void supervise(struct pump *pump, struct spawn *spawn, int signals, int lifeline,
	       bool account, struct outcome *outcome)
{
	int64_t start = now_ms(pump);

	*outcome =
		(struct outcome){ .word = OUTCOME_FAILED, .confine_exit = EXIT_REFUSED };
	pump_init(pump, spawn, signals, outcome);
	pump->lifeline = lifeline;
	check_clock(pump);
	while (!pump->ended)
		turn(pump);
	result_end(&spawn->result);
	drain(pump);
	account_output(pump);
	streams_done(&pump->streams);
	outcome->usage.wall_seconds = (double)(now_ms(pump) - start) / 1000;
	/* Small files, but on the way out of every run: read where they can say something. */
	if (account || (outcome->has_status ? WIFSIGNALED(outcome->status) : true))
		count_groups(pump);
	if (plan_find(spawn->plan, OP_RESULT))
		outcome->result = &spawn->result;
	outcome_conclude(outcome, spawn->plan);
}
