/* SPDX-License-Identifier: Apache-2.0 */
/* run - the handle of one: what is wanted, what is open while it lasts, what became of it */
#ifndef LIBRARY_RUN_H
#define LIBRARY_RUN_H

#include "runner/base/json.h"
#include "runner/confine.h"
#include "runner/library/launch.h"

/* As execve(2) takes them, each with its NUL; or bytes. */
struct words {
	char *bytes;
	size_t length;
};

enum run_state {
	RUN_WANTED, /* options may still be set */
	RUN_STARTED,
	RUN_ENDED, /* the supervisor is gone; its words were not read yet */
	RUN_OVER,
};

struct confine_run {
	char *program;
	struct words options, task, environment;
	char *policy;               /* its text, or NULL */
	int input, script, context; /* descriptors of ours, or -1 */
	int output[2];              /* likewise: where stdout and stderr go */
	bool wants_result;
	confine_output_function *function;
	void *data;
	uint64_t capture_bytes;

	enum run_state state;
	int pidfd; /* open until the end of the handle: any thread may signal it */
	int said; /* file in which the supervisor leaves what it has to say, and the receipt */
	int captured[2]; /* files */
	int returned;    /* file for the script's result, or -1 */
	int pipes[2];    /* to the function */
	int events;      /* epoll of pidfd and pipes, or -1 */

	int wait_status; /* of the supervisor */
	enum confine_outcome outcome;
	struct json *tree; /* the receipt, or NULL */
	char *receipt;
	struct words text[2], result; /* with a NUL behind them */
	struct confine_error fault;   /* code other than 0: how it failed */
};

/* What the supervisor is told, for an exec: see run_compose(). */
struct order {
	char **environment;
	char *words; /* for --args */
	size_t length;
};

/* Descriptors of the supervisor, by which the words below name them. */
enum run_place {
	RUN_ARGS = 3,
	RUN_POLICY,
	RUN_SAID,
	RUN_LIFELINE,
	RUN_SCRIPT,
	RUN_CONTEXT,
	RUN_RESULT,
};

/* Words and environment of a run's supervisor; free() and order_done(). */
int run_compose(const struct confine_run *run, bool explain, struct order *order,
		struct confine_error *error);
void order_done(struct order *order);

/* The text that was written to such a file, with a NUL behind it: confine_release(). */
int run_read(int fd, char **ret, size_t *length, struct confine_error *error);

/* Reads what the supervisor left: sets tree, receipt, outcome, fault. Memory that ends leaves all as it
 * was, and it can be called again. */
int run_conclude(struct confine_run *run, struct confine_error *error);

#endif
