/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each probe has a worker process: what goes wrong in one is that probe's `error`, and a worker
 * dies with this process. The result is flat and comes back through a pipe.
 */
#include "conformance/run.h"
#include "conformance/attempt.h"
#include "conformance/prepare.h"
#include "conformance/words.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	WORKERS_MAX = 64,
	/* More than this would only make deadlines fire: most of a probe's time is waiting, but
	 * not all of it. */
	WORKERS_PER_PROCESSOR = 4,
};

struct job {
	const struct probe *probe; /* NULL: free */
	pid_t pid;
	int pipe;
	bool in_lab;
	size_t used; /* bytes of result that came */
	struct run_result result;
};

struct pool {
	struct session *session;
	struct job *jobs;
	size_t job_count;
	const struct probe **waiting; /* a queue: retries go to its end */
	size_t first, end;
	bool lab_busy;
};

static bool needs_lab(const struct probe *probe)
{
	return probe_word(probe->needs, "lab") || probe_word(probe->setup, "lab");
}

__attribute__((noreturn)) static void work(const struct session *session,
					   const struct probe *probe, int out)
{
	struct arena arena = { 0 };
	struct run_result *result = arena_alloc(&arena, sizeof(*result));

	attempt_probe(session, probe, NULL, &arena, result);
	_exit(fd_write_all(out, result, sizeof(*result)) == 0 ? 0 : 1);
}

static int start_job(struct pool *pool, struct job *job, const struct probe *probe,
		     struct err *err)
{
	pid_t parent = getpid();
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_sys(err, "run", "no pipe");
	job->pid = fork();
	if (job->pid == 0) {
		own_close_fd(&ends[0]);
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
			_exit(1);
		work(pool->session, probe, ends[1]);
	}
	own_close_fd(&ends[1]);
	if (job->pid < 0) {
		own_close_fd(&ends[0]);
		return err_sys(err, "run", "cannot fork");
	}
	job->probe = probe;
	job->pipe = ends[0];
	job->used = 0;
	job->in_lab = needs_lab(probe);
	pool->lab_busy = pool->lab_busy || job->in_lab;
	return 0;
}

/* The first waiting probe that may run now; the lab can count for one at a time. */
static const struct probe *next_probe(struct pool *pool)
{
	for (size_t i = pool->first; i < pool->end; i++) {
		const struct probe *probe = pool->waiting[i];

		if (pool->lab_busy && needs_lab(probe))
			continue;
		for (; i > pool->first; i--)
			pool->waiting[i] = pool->waiting[i - 1];
		pool->first++;
		return probe;
	}
	return NULL;
}

static int start_jobs(struct pool *pool, struct err *err)
{
	for (size_t i = 0; i < pool->job_count; i++) {
		const struct probe *probe;

		if (pool->jobs[i].probe)
			continue;
		probe = next_probe(pool);
		if (!probe)
			return 0;
		if (start_job(pool, &pool->jobs[i], probe, err) < 0)
			return -1;
	}
	return 0;
}

static void end_job(struct pool *pool, struct job *job)
{
	own_close_fd(&job->pipe);
	(void)waitpid(job->pid, NULL, 0);
	if (job->in_lab)
		pool->lab_busy = false;
	job->probe = NULL;
}

/* Reads what came; at the end of it, hands the result on. */
static void read_job(struct pool *pool, struct job *job, run_done *done, void *context)
{
	char *at = (char *)&job->result + job->used;
	ssize_t count = read(job->pipe, at, sizeof(job->result) - job->used);
	const struct probe *probe = job->probe;

	if (count > 0) {
		job->used += (size_t)count;
		return;
	}
	if (count < 0 && errno == EINTR)
		return;
	if (job->used != sizeof(job->result)) {
		job->result = (struct run_result){ .reach = { .exit = -1 },
						   .attack = { .exit = -1 },
						   .scope = "host" };
		(void)snprintf(job->result.harness_fault, RUN_TEXT_MAX,
			       "its worker ended without a result");
	}
	end_job(pool, job);
	if (done(context, probe, &job->result))
		pool->waiting[pool->end++] = probe;
}

/* 0, or -1 when the caller wants to stop. */
static int wait_for_jobs(struct pool *pool, run_done *done, void *context)
{
	struct pollfd wait[WORKERS_MAX + 1];

	for (size_t i = 0; i < pool->job_count; i++)
		wait[i] = (struct pollfd){ .fd = pool->jobs[i].probe ? pool->jobs[i].pipe
								     : -1,
					   .events = POLLIN };
	wait[pool->job_count] =
		(struct pollfd){ .fd = pool->session->wants->stop_fd, .events = POLLIN };
	if (poll(wait, pool->job_count + 1, -1) < 0)
		return 0;
	if (wait[pool->job_count].revents)
		return -1;
	for (size_t i = 0; i < pool->job_count; i++)
		if (wait[i].revents)
			read_job(pool, &pool->jobs[i], done, context);
	return 0;
}

static bool is_busy(const struct pool *pool)
{
	for (size_t i = 0; i < pool->job_count; i++)
		if (pool->jobs[i].probe)
			return true;
	return false;
}

static void stop_jobs(struct pool *pool)
{
	for (size_t i = 0; i < pool->job_count; i++) {
		if (!pool->jobs[i].probe)
			continue;
		(void)kill(pool->jobs[i].pid,
			   SIGKILL); /* takes gate, init and all along */
		end_job(pool, &pool->jobs[i]);
	}
}

/* The outcome must not depend on how many there are: only the time may. */
static size_t workers_for(unsigned int jobs)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	size_t most = (processors > 0 ? (size_t)processors : 1) * WORKERS_PER_PROCESSOR;

	if (most > WORKERS_MAX)
		most = WORKERS_MAX;
	return jobs < 1 ? 1 : jobs < most ? jobs : most;
}

int run_probes(struct session *session, const struct probe *const *probes, size_t count,
	       unsigned int jobs, run_done *done, void *context, struct err *err)
{
	struct arena arena = { 0 };
	struct pool pool = { .session = session, .end = count };
	int result = 0;

	session_know(session);
	pool.job_count = workers_for(jobs);
	pool.jobs = arena_array(&arena, pool.job_count, sizeof(*pool.jobs));
	/* Room for one more of each: main.c tries a probe at most twice. */
	pool.waiting = arena_array(&arena, 2 * count + 1, sizeof(void *));
	memcpy(pool.waiting, probes, count * sizeof(void *));
	while (result == 0 && (pool.first < pool.end || is_busy(&pool))) {
		result = start_jobs(&pool, err);
		if (result == 0 && wait_for_jobs(&pool, done, context) < 0)
			result = err_policy(err, "run", "interrupted");
	}
	stop_jobs(&pool);
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
