/* SPDX-License-Identifier: Apache-2.0 */
/* end - step by step until the supervisor is gone, and what it has left */
#include "runner/base/arena.h"
#include "runner/base/deadline.h"
#include "runner/base/kernel.h"
#include "runner/base/own.h"
#include "runner/library/guard.h"
#include "runner/library/run.h"
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/wait.h>

#define PIECE_BYTES 8192 /* a thread of the caller's may have a small stack */
#define ROUNDS      128  /* of one step and stream */
#define END_MS      100

/* --- output to a function --- */

static void lose_pipe(struct confine_run *run, unsigned int which)
{
	own_close_fd(&run->pipes[which]); /* leaves the epoll by itself: epoll(7) */
}

/* False: nothing is to be had now. */
static bool move_piece(struct confine_run *run, unsigned int which)
{
	char bytes[PIECE_BYTES];
	ssize_t count = read(run->pipes[which], bytes, sizeof(bytes));

	if (count < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (count <= 0) {
		lose_pipe(run, which);
		return false;
	}
	if (run->function(run->data, CONFINE_STDOUT + which, bytes, (size_t)count)) {
		lose_pipe(run, which);
		if (run->state == RUN_STARTED)
			(void)kernel_pidfd_send_signal(run->pidfd, SIGTERM);
	}
	return true;
}

static void move(struct confine_run *run)
{
	for (unsigned int which = 0; which < 2; which++)
		for (unsigned int round = 0; round < ROUNDS && run->pipes[which] >= 0;
		     round++)
			if (!move_piece(run, which))
				break;
}

/* --- steps --- */

int confine_run_fd(const struct confine_run *run)
{
	return !run ? -1 : run->events >= 0 ? run->events : run->pidfd;
}

static int answer(const struct confine_run *run, struct confine_error *error)
{
	if (run->fault.code && error)
		*error = run->fault;
	return run->fault.code ? -1 : 1;
}

static bool has_ended(struct confine_run *run)
{
	if (run->state == RUN_STARTED &&
	    launch_has_ended(run->pidfd, false, &run->wait_status))
		run->state = RUN_ENDED;
	return run->state != RUN_STARTED;
}

int confine_run_step(struct confine_run *run, struct confine_error *error)
{
	if (!run || run->state == RUN_WANTED)
		return guard_usage(error, "the run has not been started");
	if (run->state == RUN_OVER)
		return answer(run, error);
	move(run);
	if (!has_ended(run))
		return 0;
	/* Its ends of the pipes are closed now: what is left in them is all there is. */
	while (run->pipes[0] >= 0 || run->pipes[1] >= 0) {
		int before[2] = { run->pipes[0], run->pipes[1] };

		move(run);
		if (before[0] == run->pipes[0] && before[1] == run->pipes[1])
			break;
	}
	if (run_conclude(run, error) < 0)
		return -1;
	run->state = RUN_OVER;
	return answer(run, error);
}

int confine_run_wait(struct confine_run *run, int milliseconds,
		     struct confine_error *error)
{
	const int64_t until =
		milliseconds < 0 ? 0 : deadline_in((unsigned int)milliseconds);

	for (;;) {
		struct pollfd watched = { .fd = confine_run_fd(run), .events = POLLIN };
		int left = milliseconds < 0 ? -1 : deadline_left(until);
		int result = confine_run_step(run, error);

		if (result != 0)
			return result;
		if (left == 0)
			return 0;
		if (poll(&watched, 1, left) < 0 && errno != EINTR)
			return guard_sys(error, "poll");
	}
}

int confine_run(struct confine_run *run, struct confine_error *error)
{
	if (confine_run_start(run, error) < 0)
		return -1;
	return confine_run_wait(run, -1, error) < 0 ? -1 : 0;
}

int confine_run_cancel(const struct confine_run *run, struct confine_error *error)
{
	if (!run || run->pidfd < 0)
		return guard_usage(error, "the run has not been started");
	if (kernel_pidfd_send_signal(run->pidfd, SIGTERM) < 0 && errno != ESRCH)
		return guard_sys(error, "cannot cancel the run");
	return 0;
}

/* --- its end --- */

/* Asked twice, a supervisor spares its tree the grace; one that does not answer dies, and its tree with
 * it. */
static void end(struct confine_run *run)
{
	for (unsigned int i = 0; i < 60 && run->state == RUN_STARTED; i++) {
		struct pollfd watched = { .fd = run->pidfd, .events = POLLIN };

		if (i < 2)
			(void)kernel_pidfd_send_signal(run->pidfd, SIGTERM);
		(void)poll(&watched, 1, END_MS);
		(void)has_ended(run);
	}
	if (run->state == RUN_STARTED)
		launch_kill(&run->pidfd);
}

void confine_run_free(struct confine_run *run)
{
	if (!run)
		return;
	/* Nobody takes what it still has to say. */
	lose_pipe(run, 0);
	lose_pipe(run, 1);
	end(run);
	own_close_fd(&run->pidfd);
	own_close_fd(&run->said);
	own_close_fd(&run->returned);
	own_close_fd(&run->events);
	own_close_fd(&run->input);
	own_close_fd(&run->script);
	own_close_fd(&run->context);
	for (unsigned int i = 0; i < 2; i++) {
		own_close_fd(&run->output[i]);
		own_close_fd(&run->captured[i]);
		free(run->text[i].bytes);
	}
	free(run->result.bytes);
	json_delete(&run->tree);
	free(run->receipt);
	free(run->program);
	free(run->policy);
	free(run->options.bytes);
	free(run->task.bytes);
	free(run->environment.bytes);
	free(run);
}

/* --- what became of it --- */

enum confine_outcome confine_run_outcome(const struct confine_run *run)
{
	return run ? run->outcome : CONFINE_NOT_OVER;
}

/* A whole number of the receipt, or -1. */
static int number_of(const struct confine_run *run, const char *name)
{
	const struct json *value = json_member(run ? run->tree : NULL, name);

	return json_is(value, JSON_NUMBER) ? (int)value->number : -1;
}

int confine_run_status(const struct confine_run *run)
{
	int status = number_of(run, "confineExit");

	/* Without a receipt: as of every request that could not be carried out. */
	return status < 0 && run && run->state == RUN_OVER ? 125 : status;
}

int confine_run_exit_code(const struct confine_run *run)
{
	return number_of(run, "exitCode");
}

const char *confine_run_limit(const struct confine_run *run)
{
	return json_text(json_member(run ? run->tree : NULL, "limitFired"));
}

bool confine_run_is_enforced(const struct confine_run *run, const char *layer)
{
	const struct json *layers = json_member(run ? run->tree : NULL, "enforced");

	return layer && json_is_true(json_member(layers, layer));
}

const char *confine_run_receipt(const struct confine_run *run)
{
	return run ? run->receipt : NULL;
}

const char *confine_run_output(const struct confine_run *run, enum confine_stream stream,
			       size_t *length)
{
	unsigned int which = stream - CONFINE_STDOUT;

	if (length)
		*length = 0;
	if (!run || which > 1 || !run->text[which].bytes)
		return NULL;
	if (length)
		*length = run->text[which].length;
	return run->text[which].bytes;
}

const char *confine_run_result(const struct confine_run *run, size_t *length)
{
	if (length)
		*length = run && run->result.bytes ? run->result.length : 0;
	return run ? run->result.bytes : NULL;
}

const char *confine_run_result_state(const struct confine_run *run)
{
	const struct json *result = json_member(run ? run->tree : NULL, "result");

	return json_text(json_member(result, "state"));
}
