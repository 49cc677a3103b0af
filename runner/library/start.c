/* SPDX-License-Identifier: Apache-2.0 */
/* start - from what is wanted to a supervisor at work */
#include "runner/base/kernel.h"
#include "runner/base/own.h"
#include "runner/library/guard.h"
#include "runner/library/run.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>

/* What is needed for the exec alone. */
struct opening {
	struct order order;
	int args, policy, lifeline;
	int into[2]; /* what becomes the supervisor's stdout and stderr; a copy of another, or owned */
	int owned[2];
};

static void opening_done(struct opening *opening)
{
	order_done(&opening->order);
	own_close_fd(&opening->args);
	own_close_fd(&opening->policy);
	own_close_fd(&opening->lifeline);
	own_close_fd(&opening->owned[0]);
	own_close_fd(&opening->owned[1]);
}

/* As large as it may become, and sealed: a supervisor that writes on meets an error. It costs what is
 * written. */
static int make_capture(const struct confine_run *run, struct confine_error *error)
{
	owned_fd int fd = launch_file("confine-output", error);
	uint64_t bytes = run->capture_bytes;
	struct rlimit limit;

	if (fd < 0)
		return -1;
	/* More than the caller may write would be answered with a signal to it: SIGXFSZ. */
	if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur < bytes)
		bytes = limit.rlim_cur;
	if (ftruncate(fd, (off_t)bytes) < 0 ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) < 0) {
		(void)guard_sys(error, "cannot make a file for output");
		return -1;
	}
	return take_fd(&fd);
}

static int make_pipe(int *from, int *into, struct confine_error *error)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return guard_sys(error, "cannot make a pipe");
	*from = ends[0];
	*into = ends[1];
	if (fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0)
		return guard_sys(error, "cannot set up a pipe");
	return 0;
}

static int open_output(struct confine_run *run, unsigned int which,
		       struct opening *opening, struct confine_error *error)
{
	if (run->output[which] >= 0) {
		opening->into[which] = run->output[which];
		return 0;
	}
	if (run->function) {
		if (make_pipe(&run->pipes[which], &opening->owned[which], error) < 0)
			return -1;
		opening->into[which] = opening->owned[which];
		return 0;
	}
	run->captured[which] = make_capture(run, error);
	opening->into[which] = run->captured[which];
	return run->captured[which] < 0 ? -1 : 0;
}

/* Its end is the caller's, however that comes, exec apart; a thread that ends is none. */
static int open_lifeline(int *ret, struct confine_error *error)
{
	*ret = kernel_pidfd_open(getpid());
	return *ret < 0 ? guard_sys(error, "pidfd_open") : 0;
}

static int open_words(const struct confine_run *run, bool explain,
		      struct opening *opening, struct confine_error *error)
{
	if (run_compose(run, explain, &opening->order, error) < 0)
		return -1;
	opening->args = launch_file_of("confine-arguments", opening->order.words,
				       opening->order.length, error);
	if (opening->args < 0)
		return -1;
	if (run->policy) {
		opening->policy = launch_file_of("confine-policy", run->policy,
						 strlen(run->policy), error);
		if (opening->policy < 0)
			return -1;
	}
	return open_lifeline(&opening->lifeline, error);
}

static int launch(const struct confine_run *run, const struct opening *opening, int said,
		  int *pidfd, struct confine_error *error)
{
	char error_place[16], args_place[16];
	char *const argv[] = { (char[]){ "confine" },
			       (char[]){ "run" },
			       (char[]){ "--error-fd" },
			       error_place,
			       (char[]){ "--args" },
			       args_place,
			       NULL };
	struct launch launch = {
		.program = run->program,
		.argv = argv,
		.environment = opening->order.environment,
		.fds = { run->input, opening->into[0],
			 opening->into[1], [RUN_ARGS] = opening->args,
			 [RUN_POLICY] = opening->policy, [RUN_SAID] = said,
			 [RUN_LIFELINE] = opening->lifeline, [RUN_SCRIPT] = run->script,
			 [RUN_CONTEXT] = run->context, [RUN_RESULT] = run->returned },
	};

	(void)snprintf(error_place, sizeof(error_place), "%d", RUN_SAID);
	(void)snprintf(args_place, sizeof(args_place), "%d", RUN_ARGS);
	return launch_start(&launch, pidfd, error);
}

/* Only where there are pipes beside it, since a pidfd can be polled as it is. */
static int watch(struct confine_run *run, struct confine_error *error)
{
	const int all[] = { run->pidfd, run->pipes[0], run->pipes[1] };

	if (!run->function)
		return 0;
	run->events = epoll_create1(EPOLL_CLOEXEC);
	if (run->events < 0)
		return guard_sys(error, "epoll");
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		struct epoll_event event = { .events = EPOLLIN };

		if (all[i] >= 0 &&
		    epoll_ctl(run->events, EPOLL_CTL_ADD, all[i], &event) < 0)
			return guard_sys(error, "epoll");
	}
	return 0;
}

static int start(struct confine_run *run, struct opening *opening,
		 struct confine_error *error)
{
	for (unsigned int i = 0; i < 2; i++)
		if (open_output(run, i, opening, error) < 0)
			return -1;
	if (run->wants_result) {
		run->returned = launch_file("confine-result", error);
		if (run->returned < 0)
			return -1;
	}
	run->said = launch_file("confine-answer", error);
	if (run->said < 0 || open_words(run, false, opening, error) < 0 ||
	    launch(run, opening, run->said, &run->pidfd, error) < 0)
		return -1;
	return watch(run, error);
}

/* As it was before: it can be tried again. */
static void take_back(struct confine_run *run)
{
	if (run->pidfd >= 0)
		launch_kill(&run->pidfd);
	own_close_fd(&run->said);
	own_close_fd(&run->returned);
	own_close_fd(&run->events);
	for (unsigned int i = 0; i < 2; i++) {
		own_close_fd(&run->captured[i]);
		own_close_fd(&run->pipes[i]);
	}
}

#define OPENING_NONE                                                                     \
	(struct opening)                                                                 \
	{                                                                                \
		.args = -1, .policy = -1, .lifeline = -1, .into = { -1, -1 }, .owned = { \
			-1,                                                              \
			-1                                                               \
		}                                                                        \
	}

int confine_run_start(struct confine_run *run, struct confine_error *error)
{
	struct opening opening = OPENING_NONE;
	int result;

	if (!run)
		return guard_usage(error, "a run is wanted, not NULL");
	if (run->state != RUN_WANTED)
		return guard_usage(error, "the run has been started already");
	result = start(run, &opening, error);
	opening_done(&opening);
	if (result < 0) {
		take_back(run);
		return -1;
	}
	run->state = RUN_STARTED;
	/* Theirs alone from here on, so that a reader at the other end sees their end. */
	own_close_fd(&run->input);
	own_close_fd(&run->script);
	own_close_fd(&run->context);
	own_close_fd(&run->output[0]);
	own_close_fd(&run->output[1]);
	return 0;
}

/* --- explain --- */

static int explain(const struct confine_run *run, struct opening *opening, int said,
		   struct confine_error *error)
{
	int pidfd, status;

	opening->owned[0] = launch_file("confine-plan", error);
	opening->into[0] = opening->owned[0];
	if (opening->owned[0] < 0 || open_words(run, true, opening, error) < 0 ||
	    launch(run, opening, said, &pidfd, error) < 0)
		return -1;
	(void)launch_has_ended(pidfd, true, &status);
	own_close_fd(&pidfd);
	return 0;
}

int confine_run_explain(const struct confine_run *run, char **ret,
			struct confine_error *error)
{
	struct opening opening = OPENING_NONE;
	/* what run_conclude() reads */
	struct confine_run asked = { .captured = { -1, -1 }, .returned = -1 };
	size_t length;
	int result;

	if (!run)
		return guard_usage(error, "a run is wanted, not NULL");
	asked.said = launch_file("confine-answer", error);
	if (asked.said < 0)
		return -1;
	result = explain(run, &opening, asked.said, error);
	if (result == 0)
		result = run_read(opening.owned[0], ret, &length, error);
	/* Nothing was printed: it has said why. */
	if (result == 0 && length == 0) {
		confine_release(*ret);
		*ret = NULL;
		result = run_conclude(&asked, error);
		if (result == 0 && error)
			*error = asked.fault;
		result = -1;
	}
	own_close_fd(&asked.said);
	opening_done(&opening);
	return result;
}
