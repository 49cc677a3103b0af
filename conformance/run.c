/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Probes are run by worker processes: what goes wrong in one is that probe's `error`, and a worker
 * dies with this process. The result is flat and comes back through a socket. A worker runs one
 * probe after the other, as a fork for each would have this process pay for a copy of its memory
 * again and again; one that a probe left anything behind in ends, and the next is a new one.
 */
#include "conformance/run.h"
#include "conformance/attempt.h"
#include "conformance/prepare.h"
#include "conformance/schedule.h"
#include "conformance/words.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	/* What a probe takes from the heap is given back to the next, not to the kernel. */
	WORKER_HEAP_BYTES = 4 << 20,
};

struct worker {
	pid_t pid; /* 0: not started */
	int socket;
	const struct probe *probe; /* NULL: idle */
	size_t used; /* bytes that came of the result, and of the receipt after it */
	struct run_result result;
	char receipt[RUN_RECEIPT_MAX];
};

struct pool {
	struct session *session;
	struct schedule schedule;
	struct worker *workers;
	size_t worker_count;
};

/* --- in the worker --------------------------------------------------------------- */

/* The number that the next descriptor would get; higher than before, one was left open. */
static int lowest_free(void)
{
	owned_fd int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	return fd;
}

static bool send_result(int socket, const struct run_result *result)
{
	return fd_write_all(socket, result, sizeof(*result)) == 0 &&
	       fd_write_all(socket, result->receipt, result->receipt_length) == 0;
}

static bool work_once(const struct session *session, int socket)
{
	const struct probe *probe;
	struct arena arena = { 0 };
	struct run_result *result;
	bool sent;

	/* A fork knows the probe by the same address. */
	if (read(socket, &probe, sizeof(probe)) != (ssize_t)sizeof(probe))
		return false;
	result = arena_alloc(&arena, sizeof(*result));
	attempt_probe(session, probe, NULL, &arena, result);
	sent = send_result(socket, result);
	arena_done(&arena);
	return sent;
}

__attribute__((noreturn)) static void work(const struct session *session, int socket)
{
	int lowest = lowest_free();

	(void)mallopt(M_TRIM_THRESHOLD, WORKER_HEAP_BYTES);
	(void)mallopt(M_TOP_PAD, WORKER_HEAP_BYTES / 4);
	while (work_once(session, socket))
		if (lowest_free() != lowest || waitpid(-1, NULL, WNOHANG) >= 0)
			break;
	_exit(0);
}

/* --- here ------------------------------------------------------------------------ */

static int start_worker(struct pool *pool, struct worker *worker, struct err *err)
{
	pid_t parent = getpid();
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return err_sys(err, "run", "no socket pair");
	worker->pid = fork();
	if (worker->pid == 0) {
		own_close_fd(&ends[0]);
		for (size_t i = 0; i < pool->worker_count; i++)
			own_close_fd(&pool->workers[i].socket);
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
			_exit(1);
		work(pool->session, ends[1]);
	}
	own_close_fd(&ends[1]);
	if (worker->pid < 0) {
		worker->pid = 0;
		own_close_fd(&ends[0]);
		return err_sys(err, "run", "cannot fork");
	}
	worker->socket = ends[0];
	return 0;
}

static void end_worker(struct worker *worker)
{
	own_close_fd(&worker->socket);
	if (worker->pid > 0)
		(void)waitpid(worker->pid, NULL, 0);
	worker->pid = 0;
}

static int give(struct pool *pool, struct worker *worker, const struct probe *probe,
		struct err *err)
{
	/* An idle one may have ended for its own reasons, which is seen only now. */
	for (unsigned int turn = 0; turn < 2; turn++) {
		if (worker->pid == 0 && start_worker(pool, worker, err) < 0)
			return -1;
		if (send(worker->socket, &probe, sizeof(probe), MSG_NOSIGNAL) ==
		    (ssize_t)sizeof(probe)) {
			worker->probe = probe;
			worker->used = 0;
			return 0;
		}
		end_worker(worker);
	}
	return err_set(err, ERR_SYSTEM, "run", "no worker takes a probe");
}

static int start_probes(struct pool *pool, struct err *err)
{
	for (size_t i = 0; i < pool->worker_count; i++) {
		const struct probe *probe;

		if (pool->workers[i].probe)
			continue;
		probe = schedule_next(&pool->schedule);
		if (!probe)
			return 0;
		if (give(pool, &pool->workers[i], probe, err) < 0)
			return -1;
	}
	return 0;
}

static void lost(struct worker *worker)
{
	end_worker(worker);
	worker->result = (struct run_result){ .reach = { .exit = -1 },
					      .attack = { .exit = -1 },
					      .scope = "host" };
	(void)snprintf(worker->result.harness_fault, RUN_TEXT_MAX,
		       "its worker ended without a result");
}

/* The receipt's length is known once the result itself is there. */
static ssize_t receive(struct worker *worker)
{
	const size_t flat = sizeof(worker->result);

	if (worker->used < flat)
		return recv(worker->socket, (char *)&worker->result + worker->used,
			    flat - worker->used, MSG_DONTWAIT);
	return recv(worker->socket, worker->receipt + (worker->used - flat),
		    worker->result.receipt_length - (worker->used - flat), MSG_DONTWAIT);
}

static bool is_too_long(const struct worker *worker)
{
	return worker->used == sizeof(worker->result) &&
	       worker->result.receipt_length > sizeof(worker->receipt);
}

static bool is_whole(const struct worker *worker)
{
	const size_t flat = sizeof(worker->result);

	return worker->used >= flat &&
	       worker->used - flat == worker->result.receipt_length;
}

/* Reads what came; when the result is whole, or never will be, hands it on. */
static void read_worker(struct pool *pool, struct worker *worker, run_done *done,
			void *context)
{
	ssize_t count = receive(worker);
	const struct probe *probe = worker->probe;

	if (count < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (!probe) { /* it ended between two probes, as it does when one left something */
		end_worker(worker);
		return;
	}
	if (count > 0)
		worker->used += (size_t)count;
	if (count <= 0 || is_too_long(worker))
		lost(worker);
	else if (!is_whole(worker))
		return;
	worker->result.receipt = worker->receipt;
	worker->probe = NULL;
	schedule_done(&pool->schedule, probe);
	if (done(context, probe, &worker->result))
		schedule_again(&pool->schedule, probe);
}

/* 0, or -1 when the caller wants to stop. */
static int wait_for_workers(struct pool *pool, run_done *done, void *context)
{
	struct pollfd wait[SCHEDULE_JOBS_MAX + 1];

	for (size_t i = 0; i < pool->worker_count; i++)
		wait[i] = (struct pollfd){ .fd = pool->workers[i].socket,
					   .events = POLLIN };
	wait[pool->worker_count] =
		(struct pollfd){ .fd = pool->session->wants->stop_fd, .events = POLLIN };
	if (poll(wait, pool->worker_count + 1, -1) < 0)
		return 0;
	if (wait[pool->worker_count].revents)
		return -1;
	for (size_t i = 0; i < pool->worker_count; i++)
		if (wait[i].revents)
			read_worker(pool, &pool->workers[i], done, context);
	return 0;
}

static void stop_workers(struct pool *pool)
{
	for (size_t i = 0; i < pool->worker_count; i++) {
		struct worker *worker = &pool->workers[i];

		if (worker->probe)
			(void)kill(worker->pid, SIGKILL); /* takes init and all along */
		end_worker(worker);
	}
}

int run_probes(struct session *session, const struct probe *const *probes, size_t count,
	       unsigned int jobs, run_done *done, void *context, struct err *err)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	struct arena arena = { 0 };
	struct pool pool = { .session = session };
	int result = 0;

	session_know(session);
	schedule_open(&pool.schedule, probes, count, jobs, processors, &arena);
	pool.worker_count = pool.schedule.jobs;
	pool.workers = arena_array(&arena, pool.worker_count, sizeof(*pool.workers));
	for (size_t i = 0; i < pool.worker_count; i++)
		pool.workers[i].socket = -1;
	while (result == 0 && (pool.schedule.count || pool.schedule.running)) {
		result = start_probes(&pool, err);
		if (result == 0 && wait_for_workers(&pool, done, context) < 0)
			result = err_policy(err, "run", "interrupted");
	}
	stop_workers(&pool);
	arena_done(&arena);
	return result;
}

/* --- what would be done ---------------------------------------------------------- */

static void describe_words(struct str *ret, const char *name, const char *const *words)
{
	str_addf(ret, "  %s:", name);
	if (!words[0])
		str_add(ret, " nothing");
	for (; *words; words++)
		str_addf(ret, " %s", *words);
	str_add(ret, "\n");
}

static int describe_arm(struct arm *arm, const char *name, struct str *ret,
			struct err *err)
{
	int result;

	arm->root = "/var/tmp/confine-check.XXXX";
	result = prepare_arm(arm, err);
	str_addf(ret, "  %s: ", name);
	if (result == 0)
		words_join(ret, arm->argv);
	else if (err->code == ERR_UNSUPPORTED)
		str_addf(ret, "not applicable: %s", err->msg);
	str_add(ret, "\n");
	str_done(&arm->variables);
	return result < 0 && err->code != ERR_UNSUPPORTED ? -1 : 0;
}

int run_describe(const struct session_wants *wants, const struct probe *probe,
		 struct str *ret, struct err *err)
{
	struct arena arena = { 0 };
	struct session *session = arena_alloc(&arena, sizeof(*session));
	struct arm *arm = arena_alloc(&arena, sizeof(*arm));
	int result;

	session->wants = wants;
	session->uid = getuid();
	session->gid = getgid();
	describe_words(ret, "arranged", probe->setup);
	describe_words(ret, "watched", probe->witness);
	session_arm(session, ARM_ATTACK, probe, &arena, arm);
	result = describe_arm(arm, "inside", ret, err);
	if (result == 0) {
		session_arm(session, ARM_REACH, probe, &arena, arm);
		result = describe_arm(arm, "outside", ret, err);
	}
	arena_done(&arena);
	return result;
}
