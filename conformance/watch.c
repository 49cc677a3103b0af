/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tick every few milliseconds looks at what cannot be waited for: files that appear, tasks,
 * memory, time. Everything else is an event. What the arm left is read at the end, through the
 * descriptor of its directory, which outlives the mount namespace it was made in.
 */
#include "conformance/watch.h"
#include "conformance/evidence.h"
#include "conformance/io_limit.h"
#include "conformance/outside.h"
#include "conformance/stage.h"
#include "conformance/witness.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

enum {
	TICK_MS = 4,
	SLOW_TICK_MS = 20,
	LOOK_MS = 10000,  /* init has nothing left to wait for when it looks */
	DRAIN_MS = 1000,  /* end of file, once everybody who could write is gone */
	KILLED_MS = 2500, /* a grace of a second, and as much again to tidy up */
	FORK_EVERY_NS = 50000000,
	HELD_OPEN_MS = 2500, /* how long a held pipe is waited for */
	TASKS_NEAR = 8,      /* a ceiling counts tasks that nobody sees for long */
	PRESSURE_MS = 300,
	CHUNK = 65536,
};

static uint64_t since_ms(uint64_t then_ns)
{
	return (arm_now() - then_ns) / 1000000U;
}

/* --- output ---------------------------------------------------------------------- */

/* Reads what is there. False at end of file. */
static bool read_some(int fd, struct capture *capture)
{
	static char chunk[CHUNK];
	ssize_t count = read(fd, chunk, sizeof(chunk));

	if (count > 0)
		capture_add(capture, chunk, (size_t)count);
	return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

struct streams {
	struct pollfd
		wait[4]; /* stdout, stderr, init, stop; -1 once ended, or not there */
	int fds[2];
};

static void read_streams(struct watch *watch, struct streams *streams)
{
	struct capture *captures[2] = { &watch->out, &watch->errors };

	for (unsigned int i = 0; i < 2; i++)
		if (streams->wait[i].revents && !read_some(streams->fds[i], captures[i]))
			streams->wait[i].fd = -1;
	watch->bytes = watch->out.bytes + watch->errors.bytes;
	if (streams->wait[0].fd < 0 && streams->wait[1].fd < 0 && !watch->eof_ns)
		watch->eof_ns = arm_now();
}

/* Until end of file on both, or the time is over. */
static void drain(struct watch *watch, struct streams *streams)
{
	uint64_t start = arm_now();
	int flags = watch->stdout_copy < 0 ? 0 : fcntl(watch->stdout_copy, F_GETFL);

	watch->stdout_nonblocking = flags > 0 && (flags & O_NONBLOCK);
	own_close_fd(&watch->stdout_copy); /* or there would be no end */
	while ((streams->wait[0].fd >= 0 || streams->wait[1].fd >= 0) &&
	       since_ms(start) < DRAIN_MS)
		if (poll(streams->wait, 2, SLOW_TICK_MS) > 0)
			read_streams(watch, streams);
	capture_end(&watch->out);
	capture_end(&watch->errors);
}

/* --- what each tick looks at ----------------------------------------------------- */

/* What the script leaves for us, below the root of the arm. */
static const char *left_path(const struct arm *arm, const char *name, char path[64])
{
	(void)snprintf(path, 64, "%s/%s", arm->own_scratch ? "home" : "scratch", name);
	return path;
}

static bool has_file(const struct arm *arm, const struct watch *watch, const char *name)
{
	struct stat about;
	char path[64];

	return evidence_stat(watch->shield.root, left_path(arm, name, path), &about);
}

/* When the script wrote it, by the kernel's own mark: whoever looks late on a busy machine would take the
 * script for a shorter one. Who forges a later mark is believed until now only. 0 = not there. */
static uint64_t written_ns(const struct arm *arm, const struct watch *watch,
			   const char *name)
{
	const uint64_t now = arm_now();
	struct timespec clock;
	struct stat about;
	int64_t age;
	char path[64];

	if (!evidence_stat(watch->shield.root, left_path(arm, name, path), &about) ||
	    clock_gettime(CLOCK_REALTIME, &clock) < 0)
		return 0;
	age = (clock.tv_sec - about.st_mtim.tv_sec) * INT64_C(1000000000) +
	      (clock.tv_nsec - about.st_mtim.tv_nsec);
	if (age < 0)
		return now;
	return (uint64_t)age < now - watch->start_ns ? now - (uint64_t)age
						     : watch->start_ns;
}

/* By reading all of them: where the kernel counts by itself, only when they are to be known now. */
static void count_tasks(struct arm *arm, struct watch *watch)
{
	bool with_memory = arm->group_set.memory < 0;
	struct tasks tasks;

	watch->counted_ns = arm_now();
	if (tasks_count(watch->shield.proc, arm->objects.neighbour, with_memory, &tasks) <
	    0)
		return;
	if (tasks.threads > watch->most_tasks)
		watch->most_tasks = tasks.threads;
	/* Shared pages are counted in each process: twice the budget is not an accident. */
	if (with_memory && tasks.resident > 2 * arm->group_set.memory_bytes)
		(void)snprintf(watch->limit, sizeof(watch->limit), "memory");
}

/* Every task is a file to read: only where a witness counts them, or where nothing but the sum that
 * is read here bounds memory; and not once more for each piece of output. */
static void look_at_tasks(struct arm *arm, struct watch *watch)
{
	bool counts = arm_witness(arm, "tasks") != NULL;
	uint64_t peak = counts ? groups_peak_tasks(&arm->group_set) : 0;

	if (peak > watch->most_tasks)
		watch->most_tasks = peak;
	if (arm->group_set.memory >= 0 && (peak || !counts))
		return;
	if (since_ms(watch->counted_ns) >= (counts ? TICK_MS : SLOW_TICK_MS) - 1U)
		count_tasks(arm, watch);
}

static void look_at_launcher(const struct arm *arm, struct watch *watch)
{
	uint64_t peak = tasks_peak_memory(watch->shield.proc, arm->shared->launcher);

	if (peak > watch->most_launcher_bytes)
		watch->most_launcher_bytes = peak;
}

on_own_stack static int end_at_once(void *nothing)
{
	(void)nothing;
	_exit(0);
}

/* The point of a ceiling on tasks: whoever started the sandbox can still work. */
static void try_fork(struct watch *watch)
{
	char stack[4096] __attribute__((aligned(16)));
	pid_t pid;

	if (arm_now() - watch->forked_ns < FORK_EVERY_NS)
		return;
	watch->forked_ns = arm_now();
	/* A task like any other to whatever counts them, without the copy of our memory that fork makes. */
	pid = clone(end_at_once, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | SIGCHLD,
		    NULL);
	if (pid < 0)
		watch->fork_failed = true;
	else
		(void)waitpid(pid, NULL, 0);
}

/* An act that burns every processor need not go on for longer than it shows something: when more tasks
 * were seen than are allowed, which is final; or, inside, when the ceiling was met and has stood the
 * pressure for a while. */
static void end_act(const struct arm *arm, struct watch *watch)
{
	uint64_t allowed = outside_tasks_allowed(arm->probe) + arm->launcher_tasks;

	if (watch->seen_enough || !outside_tasks_allowed(arm->probe))
		return;
	if (arm->kind == ARM_ATTACK && !watch->met_ns &&
	    watch->most_tasks + TASKS_NEAR >= allowed)
		watch->met_ns = arm_now();
	if (watch->most_tasks <= allowed + OUTSIDE_TASKS_TOLERANCE &&
	    (!watch->met_ns || since_ms(watch->met_ns) < PRESSURE_MS))
		return;
	watch->seen_enough = true;
	stage_touch(watch->shield.root, "scratch/enough");
}

static void kill_launcher(struct watch *watch, int number)
{
	watch->killed_by_us = true;
	watch->killed_ns = arm_now();
	(void)shield_send(&watch->shield, SHIELD_KILL, number);
}

static void keep_deadline(const struct arm *arm, struct watch *watch)
{
	uint64_t elapsed = since_ms(watch->start_ns);
	uint64_t deadline = (uint64_t)arm->deadline_s * 1000U;

	if (!arm->deadline_is_ours || watch->ended)
		return;
	if (watch->deadline_signals == 0 && elapsed >= deadline) {
		watch->deadline_signals = 1;
		kill_launcher(watch, SIGTERM);
	} else if (watch->deadline_signals == 1 &&
		   elapsed >= deadline + ARM_KILL_GRACE_MS) {
		watch->deadline_signals = 2;
		kill_launcher(watch, SIGKILL);
	}
}

/* The script waits: look at it, then let it go. */
static void look_at_held(struct arm *arm, struct watch *watch)
{
	pid_t pid;

	if (watch->held.found || !has_file(arm, watch, "alive"))
		return;
	pid = tasks_find_script(watch->shield.proc, arm->script);
	if (pid > 0) {
		tasks_inspect(watch->shield.proc, pid, arm->shared->launcher,
			      &watch->held);
		watch->held_bounded =
			groups_hold(&arm->group_set, str_text(&watch->held.groups));
		for (unsigned int i = 0; i < FACT_NS_COUNT; i++)
			watch->launcher_ns[i] =
				tasks_namespace(watch->shield.proc, arm->shared->launcher,
						fact_ns_names[i]);
		count_tasks(arm, watch);
	}
	/* Found or not, it has shown what it could. */
	if (pid > 0 || since_ms(watch->start_ns) > 500)
		stage_touch(watch->shield.root, "scratch/stop");
}

/* Signals that are queued for processes of the caller's uid, this one's; 0 where it is not said.
 * Source: proc_pid_status(5), SigQ */
static uint64_t queued_signals(void)
{
	char text[4096];
	const char *at;

	if (fd_read_small_at(AT_FDCWD, "/proc/self/status", text, sizeof(text)) <= 0)
		return 0;
	at = strstr(text, "\nSigQ:");
	return at ? strtoull(at + strlen("\nSigQ:"), NULL, 10) : 0;
}

/* What can be seen only while the script is at it: it says `ready`, and waits for `looked`. */
static void look_in_the_middle(struct arm *arm, struct watch *watch)
{
	pid_t script;

	if (watch->looked || arm->kill_signal || !has_file(arm, watch, "ready"))
		return;
	watch->looked = true;
	script = tasks_find_script(watch->shield.proc, arm->script);
	watch->launcher_replaced = script > 0 && script == arm->shared->launcher;
	watch->queued = queued_signals();
	if (script > 0) {
		tasks_inspect(watch->shield.proc, script, arm->shared->launcher,
			      &watch->held);
		watch->io_bounded = io_limit_holds(str_text(&watch->held.groups));
	}
	stage_touch(watch->shield.root,
		    arm->own_scratch ? "home/looked" : "scratch/looked");
}

static void tick(struct arm *arm, struct watch *watch)
{
	look_in_the_middle(arm, watch);
	look_at_tasks(arm, watch);
	if (arm_witness(arm, "memory"))
		look_at_launcher(arm, watch);
	if (arm_witness(arm, "tasks")) {
		try_fork(watch);
		end_act(arm, watch);
	}
	if (!watch->said_ns)
		watch->said_ns = written_ns(arm, watch, "said");
	if (arm->kill_signal && !watch->killed_by_us && has_file(arm, watch, "attempt") &&
	    has_file(arm, watch, "ready"))
		kill_launcher(watch, arm->kill_signal);
	keep_deadline(arm, watch);
	if (arm->kind == ARM_HOLD)
		look_at_held(arm, watch);
	if (watch->bytes > arm->probe->budget.output_bytes)
		(void)snprintf(watch->limit, sizeof(watch->limit), "output");
	if (!watch->ended &&
	    since_ms(watch->start_ns) > arm->probe->budget.seconds * 1000U)
		watch->timed_out = true;
}

/* Some things show themselves only after the launcher ended. */
static bool is_over(const struct arm *arm, const struct watch *watch)
{
	struct tasks tasks;

	if (watch->timed_out || watch->limit[0])
		return true;
	/* Asked to end, it had its time: what is left then has survived, the launcher included. */
	if (!watch->ended)
		return arm->kill_signal && watch->killed_by_us &&
		       since_ms(watch->killed_ns) > KILLED_MS;
	if (arm_witness(arm, "survivors") && since_ms(watch->ended_ns) < ARM_SURVIVE_MS &&
	    tasks_count(watch->shield.proc, 0, false, &tasks) == 0 && tasks.threads > 0)
		return false;
	if (arm_witness(arm, "ends") && !watch->eof_ns &&
	    since_ms(watch->ended_ns) < HELD_OPEN_MS)
		return false;
	return true;
}

static bool wants_fast_ticks(const struct arm *arm)
{
	static const char *const witnesses[] = { "tasks",  "survivors",  "ends",
						 "memory", "user-quota", "io-limit" };

	for (size_t i = 0; i < ARRAY_SIZE(witnesses); i++)
		if (arm_witness(arm, witnesses[i]))
			return true;
	return arm->kind == ARM_HOLD || arm->kill_signal || arm->deadline_s ||
	       probe_word(arm->probe->needs, "launcher");
}

/* -1: init is gone, and with it the arm; or the caller wants to stop. */
static int run_loop(struct arm *arm, struct watch *watch, struct streams *streams)
{
	int interval = wants_fast_ticks(arm) ? TICK_MS : SLOW_TICK_MS;

	while (!is_over(arm, watch)) {
		int count = poll(streams->wait, ARRAY_SIZE(streams->wait), interval);

		if (count > 0) {
			if (streams->wait[3].revents)
				return -1;
			read_streams(watch, streams);
			if (streams->wait[2].revents) {
				if (shield_receive(&watch->shield) != SHIELD_ENDED)
					return -1;
				watch->ended = true;
				watch->ended_ns = arm->shared->ended_ns;
			}
		}
		tick(arm, watch);
	}
	return 0;
}

static int finish(struct arm *arm, struct watch *watch, struct streams *streams)
{
	uint64_t start = arm_now();
	struct tasks tasks;

	watch->held_open = watch->ended && !watch->eof_ns;
	if (arm_witness(arm, "survivors") &&
	    tasks_count(watch->shield.proc, 0, false, &tasks) == 0)
		watch->survivors = (uint32_t)tasks.threads;
	if (shield_send(&watch->shield, SHIELD_FINISH, 0) < 0)
		return -1;
	while (since_ms(start) < LOOK_MS) {
		if (poll(streams->wait, ARRAY_SIZE(streams->wait), SLOW_TICK_MS) <= 0)
			continue;
		if (streams->wait[3].revents)
			return -1;
		read_streams(watch, streams);
		if (!streams->wait[2].revents)
			continue;
		switch (shield_receive(&watch->shield)) {
		case SHIELD_LOOKED:
			return 0;
		case SHIELD_ENDED: /* it ended while we decided to end it */
			continue;
		default:
			return -1;
		}
	}
	return -1;
}

/* --- one arm --------------------------------------------------------------------- */

static void start_captures(struct arm *arm, struct watch *watch)
{
	const char *needle = arm_witness(arm, "secret") ? arm->secret : NULL;

	watch->out.nonce = watch->errors.nonce = arm->nonce;
	watch->out.needle = watch->errors.needle = needle;
	watch->out.transcript = &watch->transcript;
}

static int watch_streams(struct arm *arm, struct watch *watch, struct streams *streams,
			 struct err *err)
{
	struct lab_arrivals before;
	int result;

	if (arm->lab && lab_mark(arm->lab, arm->nonce, &before, err) < 0)
		return -1;
	if (shield_send(&watch->shield, SHIELD_START, 0) < 0)
		return err_set(err, ERR_SYSTEM, "run",
			       "the shield broke before the start");
	watch->start_ns = arm_now();
	watch->queued_before = queued_signals();
	watch->started = true;
	result = run_loop(arm, watch, streams);
	if (result == 0)
		result = finish(arm, watch, streams);
	if (result < 0)
		return err_set(err, ERR_SYSTEM, "run", "%s",
			       streams->wait[3].revents
				       ? "interrupted"
				       : "the shield broke during the run");
	watch->seconds = (double)(arm_now() - watch->start_ns) / 1e9;
	drain(watch, streams);
	evidence_collect(arm, watch);
	if (arm->lab) {
		if (lab_mark(arm->lab, arm->nonce, &watch->arrivals, err) < 0)
			return -1;
		watch->arrivals_known = true;
	}
	watch->witness = witness_worse(arm->shared->witness, outside_look(arm, watch));
	return 0;
}

static int make_pipe(int ends[2], struct err *err)
{
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_sys(err, "run", "no pipe");
	/* Ours only: the launcher's end must be as a caller's would be. */
	return fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0 ? err_sys(err, "run", "no pipe")
						       : 0;
}

static int watch_shield(struct arm *arm, struct watch *watch, struct err *err)
{
	int out[2] = { -1, -1 }, errors[2] = { -1, -1 };
	struct streams streams;
	int result = -1;

	if (make_pipe(out, err) == 0 && make_pipe(errors, err) == 0)
		result = shield_open(arm, out[1], errors[1], &watch->shield, err);
	if (arm_witness(arm, "nonblock"))
		watch->stdout_copy = take_fd(&out[1]);
	own_close_fd(&out[1]);
	own_close_fd(&errors[1]);
	if (result == 0) {
		streams = (struct streams){
			.wait = { { .fd = out[0], .events = POLLIN },
				  { .fd = errors[0], .events = POLLIN },
				  { .fd = watch->shield.control, .events = POLLIN },
				  { .fd = arm->wants->stop_fd, .events = POLLIN } },
			.fds = { out[0], errors[0] },
		};
		start_captures(arm, watch);
		evidence_begin(arm, watch);
		result = watch_streams(arm, watch, &streams, err);
	}
	own_close_fd(&out[0]);
	own_close_fd(&errors[0]);
	return result;
}

int watch_arm(struct arm *arm, struct watch *watch, struct err *err)
{
	int result;

	arm->shared = mmap(NULL, sizeof(*arm->shared), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (arm->shared == MAP_FAILED)
		return err_sys(err, "run", "no memory");
	groups_make(arm->groups, &arm->probe->budget, &arm->group_set);
	result = watch_shield(arm, watch, err);
	shield_close(&watch->shield);
	if (result == 0 && !watch->limit[0]) {
		const char *fired = groups_fired(&arm->group_set);

		(void)snprintf(watch->limit, sizeof(watch->limit), "%s",
			       fired ? fired : "");
	}
	groups_remove(&arm->group_set);
	own_close_fd(&watch->opened);
	own_close_fd(&watch->stdout_copy);
	return result;
}

/* Init gets a copy of our memory, and to write to what is copied costs many times what new memory does:
 * nothing of this is for init, and nothing but what is used is ever touched. */
struct watch *watch_new(void)
{
	struct watch *watch = mmap(NULL, sizeof(*watch), PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (watch == MAP_FAILED)
		arena_out_of_memory();
	(void)madvise(watch, sizeof(*watch), MADV_DONTFORK);
	watch->shield.control = watch->shield.proc = watch->shield.root = -1;
	watch->opened = -1;
	watch->stdout_copy = -1;
	return watch;
}

void watch_done(struct watch *watch)
{
	json_delete(&watch->receipt);
	tasks_held_done(&watch->held);
	(void)munmap(watch, sizeof(*watch));
}
